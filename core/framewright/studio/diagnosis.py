"""What an examination of this machine found: one item for each thing."""

from __future__ import annotations

from typing import Literal

from framewright.domain.value import Value

State = Literal["ok", "warning", "missing"]


class Item(Value):
    """One thing that was examined."""

    name: str
    state: State
    """`missing`: something will fail; `warning`: it works, and less well than it could."""
    found: str
    """What is there, for example a version."""
    meaning: str
    """One sentence: what Framewright uses it for, or what its lack means."""
    remedy: str = ""
    """The command that mends it; empty where all is well."""


class Diagnosis(Value):
    """All that was examined, in a settled order."""

    items: tuple[Item, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is missing; warnings may be there."""
        return all(item.state != "missing" for item in self.items)
