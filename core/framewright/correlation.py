"""Which work a log line belongs to: run, step, job, and what the provider calls the job.

Whoever works on something says so once, in its own task; every line that is logged from there
on, by whatever code, is then marked with it: also lines of a provider's own logger, of threads
begun with `asyncio.to_thread`, and of tasks that were begun meanwhile. So one search for an id
finds everything about it. A handler has to ask for it, by `LogFilter` and `FORMAT`.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Generator

FORMAT = "%(asctime)s %(levelname)s %(name)s%(work)s %(message)s"
"""A log line with the work it belongs to, in brackets, where there is any."""


@dataclass(frozen=True, slots=True)
class Work:
    """What somebody works on; empty where that is not known."""

    run: str = ""
    """The correlation id: from what a person asked for to what a provider is asked for."""
    step: str = ""
    job: str = ""
    remote_id: str = ""
    """What the provider calls the job."""

    @override
    def __str__(self) -> str:
        named = (("run", self.run), ("step", self.step), ("job", self.job))
        words = [f"{name}={_plain(each)}" for name, each in named if each]
        if self.remote_id:
            words.append(f"remote={_plain(self.remote_id)}")
        return " ".join(words)


_NOTHING = Work()
_work: ContextVar[Work] = ContextVar("framewright_work", default=_NOTHING)


def at_work_on() -> Work:
    """Return what the code that asks is at work on."""
    return _work.get()


@contextmanager
def working_on(
    *,
    run: str | None = None,
    step: str | None = None,
    job: str | None = None,
    remote_id: str | None = None,
) -> Generator[None]:
    """Say what is worked on within a block, beside what was said around it."""
    said = {"run": run, "step": step, "job": job, "remote_id": remote_id}
    known = {name: each for name, each in said.items() if each is not None}
    token = _work.set(replace(_work.get(), **known))
    try:
        yield
    finally:
        _work.reset(token)


def now_known(*, job: str | None = None, remote_id: str | None = None) -> None:
    """Say within a block of `working_on` what has become known of the job since."""
    said = {"job": job, "remote_id": remote_id}
    known = {name: each for name, each in said.items() if each is not None}
    _work.set(replace(_work.get(), **known))


class LogFilter(logging.Filter):
    """Marks every line of a handler with the work it belongs to, and lets all through."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Set `run`, `step`, `job`, `remote_id`, and `work`, all of them in brackets."""
        work = _work.get()
        record.run, record.step = work.run, work.step
        record.job, record.remote_id = work.job, work.remote_id
        record.work = f" [{work}]" if work is not _NOTHING else ""
        return True


def _plain(foreign: str) -> str:
    """Return an id as one word of one line: a provider's may hold anything."""
    return "".join(each if each.isprintable() and each != " " else "_" for each in foreign[:200])
