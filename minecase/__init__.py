"""Composition root: settings, wiring and command line. `minecase run` is the product."""
