"""Official documents: a neutral model, filled from templates, drawn by writers that know nothing of wording."""
