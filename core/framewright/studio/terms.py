"""How a person wants a run done."""

from __future__ import annotations

from dataclasses import dataclass

from framewright.domain.money import micro
from framewright.domain.priority import Priority


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for all of a run; as the parameters of `Studio.run`."""

    reuse: bool = True
    approve: bool = False
    alone: bool = False
    budget: float | None = None
    """In US dollars."""
    priority: Priority = Priority.NORMAL

    @property
    def most(self) -> int | None:
        """The budget in millionths of a dollar."""
        return None if self.budget is None else micro(self.budget)
