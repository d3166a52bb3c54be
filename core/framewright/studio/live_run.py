"""One run in this process's hands."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from framewright.domain.priority import Priority
from framewright.executor.run import Word

if TYPE_CHECKING:
    from framewright.errors import FramewrightError
    from framewright.store.locks import Lock


@dataclass(slots=True)
class LiveRun:
    """A run with its lock; whoever works on a run holds its lock."""

    run: str
    lock: Lock
    priority: Priority = Priority.NORMAL
    word: Word = field(default_factory=Word)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None
    """Works on it, once it has begun."""
    problem: FramewrightError | None = None
    """What kept it from ending, if anything did."""
