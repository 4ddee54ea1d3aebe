"""The paper work: drafting, issuing, serving, looking at and finding documents."""
