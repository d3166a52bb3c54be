"""How a person wants a run done."""

from __future__ import annotations

from dataclasses import dataclass

from framewright.domain.money import micro
from framewright.domain.priority import Priority


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for all of a run; as the parameters of `Studio.run`.

    Raises `InputError` for a budget that is none, so that nothing of the run is on record then.
    """

    reuse: bool = True
    approve: bool = False
    alone: bool = False
    budget: float | None = None
    """In US dollars."""
    priority: Priority = Priority.NORMAL

    def __post_init__(self) -> None:
        """Refuse a budget that is none."""
        if self.budget is not None:
            micro(self.budget)

    @property
    def most(self) -> int | None:
        """The budget in millionths of a dollar."""
        return None if self.budget is None else micro(self.budget)
