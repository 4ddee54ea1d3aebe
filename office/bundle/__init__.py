"""一键成卷: a mine's whole volume as one .zip that proves itself."""
