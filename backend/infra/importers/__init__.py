"""Importers: one file a format, listed in `registry.py`."""
