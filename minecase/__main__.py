"""`python -m minecase`."""

from minecase.cli import main

main()
