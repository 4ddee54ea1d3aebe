"""The command line. `main` is the entry point; each command group has its module."""

from minecase.cli.app import main

__all__ = ["main"]
