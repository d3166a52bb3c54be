"""Tells a person what was understood of a brief, and what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from framewright.cli.answer import console
from framewright.cli.tree import plan_tree

if TYPE_CHECKING:
    from framewright.agents.offline.interpretation import Interpretation


_ROLES = (
    ("seen", "Seen"),
    ("heard", "Heard"),
    ("spoken", "Spoken"),
    ("written", "On screen"),
    ("how", "How"),
    ("nowhere", "Nowhere"),
)


def _tell_parts(found: Interpretation) -> None:
    """Print the brief in its own words, by where each part of it went."""
    if len(found.parts) < 2:
        return
    table = Table.grid(padding=(0, 0))
    table.add_column(width=12, no_wrap=True)
    table.add_column()
    for role, title in _ROLES:
        said = [part.text for part in found.parts if part.role == role]
        if said:
            style = "yellow" if role == "nowhere" else "bright_black"
            table.add_row(Text(title, style), Text(" · ".join(said), style))
    console().print(table)


def explain(found: Interpretation) -> None:
    """Print the one line, the plan as a tree, and what was passed over."""
    out = console()
    out.print(Text.assemble(("Understood  ", "bold"), found.understood))
    _tell_parts(found)
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
