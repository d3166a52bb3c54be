"""Tells a person what was understood of a brief, and what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from framewright.cli.answer import console
from framewright.cli.tree import plan_tree

if TYPE_CHECKING:
    from framewright.agents.offline.interpretation import Interpretation


def explain(found: Interpretation) -> None:
    """Print the one line, the plan as a tree, and what was passed over."""
    out = console()
    out.print(Text.assemble(("Understood  ", "bold"), found.understood))
    for clause in found.clauses:
        if clause.missed:
            missed = ", ".join(f"“{words}”" for words in clause.missed)
            out.print(
                Text.assemble(
                    ("Passed over ", "yellow"), missed, (f"  in “{clause.text}”", "bright_black")
                )
            )
    for note in found.notes:
        out.print(Text.assemble(("Note        ", "yellow"), note))
    out.print()
    out.print(plan_tree(found.plan))
