"""Budgets: how much may be spent in a run, by a tenant, in a project, and what is left of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from framewright.domain.job import OF_OUR_BUDGET, ErrorCategory, JobError
from framewright.domain.money import MICRO, words
from framewright.domain.value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

_DAY_MS = 86_400_000
_EPOCH = date(1970, 1, 1)


class Window(StrEnum):
    """Over what time a tenant's and a project's budget is counted.

    Days and months are those of the calendar in UTC, so that all processes of a workspace agree
    on them wherever they run. What is reserved counts on the day it was, whenever it is paid.
    """

    DAY = "day"
    MONTH = "month"
    TOTAL = "total"

    def days(self, now_ms: int) -> tuple[int, int]:
        """Return the first and the last day of the window at hand, counted from 1970."""
        today = day_of(now_ms)
        if self is Window.DAY:
            return today, today
        return (0, 2**31 - 1) if self is Window.TOTAL else _month(today)


@lru_cache(maxsize=8)
def _month(day: int) -> tuple[int, int]:
    """Return the first and the last day of a day's month."""
    first = (_EPOCH + timedelta(days=day)).replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return (first - _EPOCH).days, (following - _EPOCH).days - 1


def day_of(now_ms: int) -> int:
    """Return the day of a moment in Unix time, counted from 1970 in UTC."""
    return now_ms // _DAY_MS


class Scope(StrEnum):
    """Whose budget it is."""

    RUN = "run"
    TENANT = "tenant"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Budgets:
    """The budgets that hold for all runs, in millionths of a dollar; None and absent: no limit."""

    project: int | None = None
    tenants: Mapping[str, int] = field(default_factory=dict)
    window: Window = Window.MONTH


class Spend(Value):
    """What a tenant or the whole project has spent and reserved so far, in US dollars."""

    scope: Scope
    name: str
    """The tenant; empty for the project."""
    window: Window
    budget: float | None
    """None for no limit."""
    spent: float
    reserved: float
    """The most that the jobs under way may cost."""
    unpriced: int = 0
    """How many jobs are under way of which nobody knows what they will cost."""

    @property
    def left(self) -> int | None:
        """What is left of the budget, in millionths of a dollar; may be below zero."""
        if self.budget is None:
            return None
        return round((self.budget - self.spent - self.reserved) * MICRO)


@dataclass(frozen=True, slots=True)
class Shortage:
    """A budget that a job does not fit in; amounts in millionths of a dollar."""

    scope: Scope
    name: str
    """The run or tenant; empty for the project."""
    window: Window
    """Of a run it is always all there is."""
    budget: int
    left: int
    """Below zero where more was spent than expected, or the budget was lowered."""
    wanted: int | None
    """The most that the job may cost; None where nobody knows."""

    def error(self, run: str) -> JobError:
        """Return why a job of a run is not begun, and what a person can do about it."""
        left = f"only {words(self.left)}" if self.left > 0 else "nothing"
        cost = "Nobody knows what this costs"
        if self.wanted is not None:
            cost = f"This may cost {words(self.wanted)}"
        return JobError(
            category=ErrorCategory.BILLING,
            code=OF_OUR_BUDGET,
            message=f"{cost}, and {left} is left of {self._named()}.",
            action=self._action(run),
        )

    def _named(self) -> str:
        budget = words(self.budget)
        if self.scope is Scope.RUN:
            return f"the run's budget of {budget}"
        when = "budget" if self.window is Window.TOTAL else f"budget of this {self.window}"
        whose = "the workspace's" if self.scope is Scope.PROJECT else f"{self.name}'s"
        return f"{whose} {when}, {budget}"

    def _action(self, run: str) -> str:
        if self.scope is Scope.RUN:
            enough = "USD"
            if self.wanted is not None:
                cents = -((self.left - self.budget - self.wanted) // (MICRO // 100))
                enough = f"{cents / 100:.2f}"
            return f"Raise it and go on: framewright resume {run} --budget {enough}"
        setting = "project" if self.scope is Scope.PROJECT else f"tenants.{self.name}"
        wait = "" if self.window is Window.TOTAL else f" or wait for the next {self.window},"
        return f"Raise budgets.{setting} in settings.toml,{wait} then: framewright resume {run}"
