"""What was spent and what is left, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.domain.budget import Scope, Window
from framewright.domain.money import MICRO, words

if TYPE_CHECKING:
    from rich.table import Table

    from framewright.domain.budget import Spend


def spending_picture(found: tuple[Spend, ...]) -> Table | None:
    """Return a row for the workspace and each tenant; None where money is of no interest."""
    from framewright.cli.library import rows_in

    if not any(
        row.spent or row.reserved or row.unpriced or row.budget is not None for row in found
    ):
        return None
    window = found[0].window
    head = "Spent" if window is Window.TOTAL else f"Spent this {window}"
    rows = [
        (
            "workspace" if row.scope is Scope.PROJECT else row.name,
            _money(row.spent),
            _money(row.reserved),
            "" if row.budget is None else _money(row.budget),
            _left(row),
            str(row.unpriced or ""),
        )
        for row in found
    ]
    return rows_in(("Who", head, "Reserved", "Budget", "Left", "Unpriced jobs"), rows)


def _left(row: Spend) -> str:
    return "" if row.left is None else words(max(0, row.left))


def _money(amount: float) -> str:
    return words(round(amount * MICRO))
