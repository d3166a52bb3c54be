"""The budgets that a workspace's settings ask for, as the router holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.domain.budget import Budgets, Window
from framewright.domain.money import micro

if TYPE_CHECKING:
    from framewright.settings import BudgetSettings


def asked_budgets(settings: BudgetSettings) -> Budgets:
    """Return the budgets in millionths of a dollar."""
    return Budgets(
        project=None if settings.project is None else micro(settings.project),
        tenants={name: micro(amount) for name, amount in settings.tenants.items()},
        window=Window(settings.per),
    )
