"""The device that models run on: what it is called, and how much memory it has."""

from __future__ import annotations

import gc
import os
from dataclasses import dataclass
from typing import Any


class DeviceMissingError(Exception):
    """There is no such device here, or torch can not use it."""


@dataclass(frozen=True)
class Device:
    """A device by torch's name of it: `cuda:0`, `mps` or `cpu`."""

    torch: Any
    name: str

    @classmethod
    def open(cls, torch: Any, name: str) -> Device:
        """Return the device, ready for work; raises `DeviceMissingError`."""
        kind, _, number = name.partition(":")
        if kind == "cuda":
            if not torch.cuda.is_available() or int(number or 0) >= torch.cuda.device_count():
                raise DeviceMissingError(f"torch {torch.__version__} finds no {name} here")
            torch.cuda.set_device(int(number or 0))
        elif kind == "mps" and not torch.backends.mps.is_available():
            raise DeviceMissingError(f"torch {torch.__version__} finds no {name} here")
        return cls(torch, name)

    @property
    def title(self) -> str:
        """What a person calls it."""
        if self.name.startswith("cuda"):
            return str(self.torch.cuda.get_device_name(self.name))
        return "Apple GPU" if self.name == "mps" else "CPU"

    def capacity(self) -> int:
        """Return how many bytes this process may have in all, what it has already included."""
        if self.name.startswith("cuda"):
            free, _ = self.torch.cuda.mem_get_info(self.name)
            return int(free) + int(self.torch.cuda.memory_reserved(self.name))
        if self.name == "mps":
            return int(self.torch.mps.recommended_max_memory())
        return int(os.sysconf("SC_PAGE_SIZE")) * int(os.sysconf("SC_PHYS_PAGES"))

    def used(self) -> int:
        """Return how many bytes this process holds there; 0 where nobody counts them."""
        if self.name.startswith("cuda"):
            return int(self.torch.cuda.memory_allocated(self.name))
        return int(self.torch.mps.current_allocated_memory()) if self.name == "mps" else 0

    def peak(self) -> int:
        """Return the most bytes held there since `forget_peak`; 0 where nobody counts them."""
        if self.name.startswith("cuda"):
            return int(self.torch.cuda.max_memory_allocated(self.name))
        return self.used()

    def forget_peak(self) -> None:
        """Begin to measure anew."""
        if self.name.startswith("cuda"):
            self.torch.cuda.reset_peak_memory_stats(self.name)

    def give_back(self) -> None:
        """Give back what nobody holds any longer."""
        gc.collect()
        if self.name.startswith("cuda"):
            self.torch.cuda.empty_cache()
        elif self.name == "mps":
            self.torch.mps.empty_cache()

    def is_full(self, error: BaseException) -> bool:
        """Whether an error says that there is not enough memory."""
        words = str(error)
        return (
            isinstance(error, (self.torch.OutOfMemoryError, MemoryError))
            or "out of memory" in words
            or "DefaultCPUAllocator: can't allocate" in words
        )
