"""Stands for torch where only the worker's own ways are tried."""

from __future__ import annotations

from contextlib import nullcontext

__version__ = "0"
float32 = "float32"
inference_mode = nullcontext
load = None


class OutOfMemoryError(RuntimeError):
    pass


class Generator:
    def __init__(self, device: str) -> None:
        assert device == "cpu"
        self.seed = 0

    def manual_seed(self, seed: int) -> Generator:
        self.seed = seed
        return self
