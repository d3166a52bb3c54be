"""Processes as the owners of jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Owner(Protocol):
    """This process, as the store knows it."""

    @property
    def name(self) -> str:
        """What its jobs carry as owner."""
        ...

    def is_alive(self, name: str) -> bool:
        """Tell whether another owner still works; called on the writer's thread."""
        ...


@dataclass(frozen=True, slots=True)
class SoleOwner:
    """A process beside which there is no other: whoever owned jobs before is gone."""

    name: str

    def is_alive(self, name: str) -> bool:
        """Tell whether this is the one."""
        return name == self.name
