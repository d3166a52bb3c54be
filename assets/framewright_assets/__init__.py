"""Data only: catalogs and lexicons, read with `importlib.resources`."""
