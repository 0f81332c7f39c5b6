"""Typed arguments, written down: as Python, or as an environment file has them."""
