"""Stands for transformers."""

from types import SimpleNamespace

utils = SimpleNamespace(logging=SimpleNamespace(set_verbosity_error=lambda: None))
