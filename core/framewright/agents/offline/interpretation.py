"""What became of a brief: the plan, and what of the words was and was not understood."""

from __future__ import annotations

from enum import StrEnum

from framewright.domain.plan import Plan
from framewright.domain.upload import Upload
from framewright.domain.value import Value

__all__ = ["Clause", "Interpretation", "Upload"]


class Clause(Value):
    """One part of the brief."""

    text: str
    understood: str
    """What was made of it, in a few words; empty for nothing."""
    missed: tuple[str, ...] = ()
    """Words that changed nothing."""


class Role(StrEnum):
    """Where a part of a brief went."""

    SEEN = "seen"
    HEARD = "heard"
    SPOKEN = "spoken"
    WRITTEN = "written"
    """On the picture."""
    HOW = "how"
    """It says how: how long, how many, in which shape, joined how."""
    NOWHERE = "nowhere"


class Part(Value):
    """A part of the brief in its own words."""

    text: str
    role: Role


class Interpretation(Value):
    """A plan with its reasons."""

    plan: Plan
    understood: str
    """One line for the person."""
    clauses: tuple[Clause, ...]
    parts: tuple[Part, ...] = ()
    """The whole brief, part by part, with where each went."""
    notes: tuple[str, ...] = ()
    """What the person should know: a length that was adjusted, a thing no model here can do."""
