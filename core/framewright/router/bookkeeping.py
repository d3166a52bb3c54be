"""Proves now and then, while jobs are worked on, that the accounts of money are right."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from framewright.domain.budget import day_of
from framewright.store import budget_audit

if TYPE_CHECKING:
    from framewright.protocols import Clock
    from framewright.store.budget_audit import Audit
    from framewright.store.database import Database

AUDIT_SECONDS = 600.0
"""How often the accounts of today and yesterday are proved."""
_log = logging.getLogger("framewright.router")


class Bookkeeper:
    """Looks after the accounts for one process; belongs to one event loop."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._next = 0.0

    def prove(self) -> None:
        """Prove the accounts and mend them, where that is due; what was wrong is logged."""
        now = self._loop.time()
        if now < self._next:
            return
        self._next = now + AUDIT_SECONDS
        today = day_of(self._clock.now_ms())
        self._database.write(budget_audit.mend(today, today - 1)).add_done_callback(_report)


def _report(asked: asyncio.Future[Audit]) -> None:
    if asked.cancelled() or asked.exception() is not None:
        # Whoever waits for a job hears of it by its next write.
        return
    found = asked.result()
    for drift in found.drifts:
        _log.warning("%s It was mended.", drift)
    for job in found.still_held:
        _log.warning("%s had ended and still had money reserved. It was let go.", job)
