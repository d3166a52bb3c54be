"""One id finds everything: each log line of a job's work, its events, and what its provider got."""

from __future__ import annotations

import asyncio
import io
import logging
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine import engine, text_plan
from framewright.correlation import FORMAT, LogFilter, Work, at_work_on, now_known, working_on
from framewright.domain.job import ErrorCategory
from framewright.protocols import FakeProvider, ProviderFailure, ProviderRequest, Status
from framewright.store import events, jobs

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@dataclass
class Talkative(FakeProvider):
    """Logs with a logger of its own, also from a thread, and lets all its jobs run at once."""

    in_process: bool = False
    together: asyncio.Event = field(default_factory=asyncio.Event)
    begun: int = 0

    async def submit(self, request: ProviderRequest) -> str:
        remote = await super().submit(request)
        return f"remote {remote}\n!"

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        number = remote_id.split()[1]
        log = logging.getLogger("framewright.providers.talkative")
        log.info("asked for %s", number)
        self.begun += 1
        if self.begun == 2:
            self.together.set()
        await self.together.wait()
        await asyncio.to_thread(log.info, "from a thread for %s", number)
        if self.requests[int(number)].model in self.failing:
            return ProviderFailure(ErrorCategory.CONTENT_POLICY, "Not that.", detail="raw words")
        return await FakeProvider.poll(self, number, wait_seconds)

    async def fetch(self, remote_id: str, folder: Path):
        return await super().fetch(remote_id.split()[1], folder)


@contextmanager
def _log() -> Generator[io.StringIO]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(LogFilter())
    handler.setFormatter(logging.Formatter(FORMAT))
    log = logging.getLogger("framewright")
    before = log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield written
    finally:
        log.removeHandler(handler)
        log.setLevel(before)


def test_one_search_by_the_id_finds_everything_of_one_job(tmp_path: Path) -> None:
    provider = Talkative(failing={"fake/bad"})
    plan = text_plan({"a": (), "b": ()}, {"b": "fake/bad"})

    async def work() -> tuple[dict[str, str], list[str | None]]:
        async with engine(tmp_path, provider) as at, asyncio.timeout(30):
            await at.accept(plan)
            await at.carry_on(plan)
            keys = [f"run_1:{step}:1" for step in "ab"]
            found = await at.tools.database.read(jobs.find("local", keys))
            log = await at.tools.database.read(events.of_run("run_1"))
        ids = {key.split(":")[1]: record.id for key, record in found.items()}
        return ids, [event.run for event in log]

    with _log() as written:
        ids, told = asyncio.run(work())
    lines = written.getvalue().splitlines()
    said = {step: [line for line in lines if ids[step] in line] for step in "ab"}
    # Nothing of what was logged belongs to no job, and nothing to both.
    assert len(said["a"]) + len(said["b"]) == len(lines)
    number = {request.key.split(":")[1]: at for at, request in enumerate(provider.requests)}
    for step, job in ids.items():
        words = "\n".join(said[step])
        assert all(f"[run=run_1 step={step} job={job}" in line for line in said[step])
        assert f"asked for {number[step]}" in words
        assert f"from a thread for {number[step]}" in words
        # What a provider calls its job can not break a line, or look like another.
        (ended,) = [line for line in said[step] if " ended, " in line]
        assert f"remote=remote_{number[step]}_!]" in ended
    assert any("accepted" in line for line in said["a"])
    assert any("raw words" in line for line in said["b"])
    assert {request.correlation for request in provider.requests} == {"run_1"}
    assert set(told) == {"run_1"}


def test_what_is_said_holds_within_its_block() -> None:
    assert at_work_on() == Work()
    with working_on(run="r", job="j1"):
        with working_on(step="s", job="j2"):
            now_known(remote_id="x")
            assert at_work_on() == Work("r", "s", "j2", "x")
        assert at_work_on() == Work("r", "", "j1")
    assert at_work_on() == Work()


def test_a_line_of_no_work_is_as_it_was() -> None:
    with _log() as written:
        logging.getLogger("framewright").warning("by itself")
    assert written.getvalue().endswith("WARNING framewright by itself\n")
