"""The local provider: jobs in threads of this process, told, stopped and collected.

The codecs and numpy let go of the interpreter while they work, so threads are enough; those that
are given files wait there for another process, since nobody vouches for what is in a file.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from framewright.domain.job import ErrorCategory
from framewright.errors import as_storage_error
from framewright.isolation import Isolation
from framewright.protocols import Finished, ProviderFailure, SubmitError, Working
from framewright_providers.local.errands import errand_for, made_by
from framewright_providers.local.failures import as_failure
from framewright_providers.local.models import MODELS, prepared, remarks_for, work_for
from framewright_providers.local.scratch import Scratch

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.protocols import ProviderOutput, ProviderRequest, Status, Tell

MOST_THREADS = 4


class StoppedError(Exception):
    """Leaves the work when somebody cancelled it."""


@dataclass(slots=True)
class _Job:
    """One job; `status` belongs to the event loop, `stop` to both sides."""

    request: ProviderRequest
    folder: Path
    loop: asyncio.AbstractEventLoop
    status: Status = field(default_factory=lambda: Working(phase="waiting"))
    news: asyncio.Event = field(default_factory=asyncio.Event)
    stop: threading.Event = field(default_factory=threading.Event)
    outputs: tuple[ProviderOutput, ...] = ()
    future: Future[None] | None = None


class LocalProvider:
    """Does the `local/…` models of the shipped catalog; belongs to one event loop."""

    name = "local"
    in_process = True

    def __init__(self, concurrency: int | None = None) -> None:
        self.concurrency = concurrency or max(2, min(MOST_THREADS, os.cpu_count() or 1))
        self._threads = ThreadPoolExecutor(self.concurrency, thread_name_prefix="framewright-local")
        self._scratch = Scratch()
        self._isolation = Isolation()
        self._jobs: dict[str, _Job] = {}

    def isolate(self, isolation: Isolation) -> None:
        """Read files in these processes, which somebody else ends."""
        self._isolation.close()
        self._isolation = isolation

    async def submit(self, request: ProviderRequest) -> str:
        """Begin a job and return its id; raises `SubmitError` for a model that is not ours."""
        if request.model not in MODELS:
            raise SubmitError(
                ProviderFailure(
                    ErrorCategory.INVALID_PARAMETERS,
                    f"The local renderer has no model {request.model}.",
                    action="`framewright models` lists them.",
                )
            )
        folder = await asyncio.to_thread(self._scratch.new_folder)
        job = _Job(request, folder, asyncio.get_running_loop())
        self._jobs[request.job] = job
        job.future = self._threads.submit(self._work, job)
        return request.job

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        """Return how the job stands, once that is news or the time is over."""
        job = self._jobs.get(remote_id)
        if job is None:
            return ProviderFailure(
                ErrorCategory.UNKNOWN, "The local renderer knows no such job.", retryable=True
            )
        if isinstance(job.status, Working):
            try:
                async with asyncio.timeout(wait_seconds):
                    await job.news.wait()
            except TimeoutError:
                pass
            job.news.clear()
        if isinstance(job.status, ProviderFailure):
            # That was the last word on it.
            self._jobs.pop(remote_id, None)
        return job.status

    async def cancel(self, remote_id: str) -> None:
        """Stop a job and forget it; returns once its thread has let go of it."""
        job = self._jobs.pop(remote_id, None)
        if job is None:
            return
        await self._end(job)

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        """Move the results of a finished job into the folder; the job is forgotten then."""
        job = self._jobs.pop(remote_id, None)
        if job is None or not isinstance(job.status, Finished):
            failure = ProviderFailure(ErrorCategory.UNKNOWN, "There is no finished job to fetch.")
            raise SubmitError(failure)
        try:
            return await asyncio.to_thread(_move, job.outputs, folder)
        except OSError as error:
            # The folder is the workspace's: this is its trouble, and not that of one job.
            raise as_storage_error(error, folder) from error
        finally:
            await asyncio.to_thread(shutil.rmtree, job.folder, ignore_errors=True)

    async def close(self) -> None:
        """Stop every job and join the threads."""
        for job in tuple(self._jobs.values()):
            await self._end(job)
        self._jobs.clear()
        await asyncio.to_thread(self._threads.shutdown)
        await asyncio.to_thread(self._isolation.close)
        await asyncio.to_thread(self._scratch.close)

    async def _end(self, job: _Job) -> None:
        job.stop.set()
        if job.future is not None and not job.future.cancel():
            await asyncio.wrap_future(job.future)
        await asyncio.to_thread(shutil.rmtree, job.folder, ignore_errors=True)

    # ---- on a thread

    def _work(self, job: _Job) -> None:
        def tell(fraction: float) -> None:
            if job.stop.is_set():
                raise StoppedError
            self._say(job, Working(fraction, phase="rendering"))

        try:
            tell(0.0)
            job.outputs = self._outputs(job, tell)
            self._say(job, Finished(notes=remarks_for(job.request)))
        except StoppedError:
            pass
        except Exception as error:  # noqa: BLE001 - a thread that dies silently would leave its job waiting
            shutil.rmtree(job.folder, ignore_errors=True)
            self._say(job, as_failure(error))

    def _outputs(self, job: _Job, tell: Tell) -> tuple[ProviderOutput, ...]:
        request = prepared(job.request, tell)
        errand = errand_for(request, job.folder)
        if errand is not None:
            return (made_by(errand, self._isolation.run(errand, tell)),)
        request = replace(request, inputs=dict(request.inputs))
        return work_for(request.model)(request, job.folder, tell)

    def _say(self, job: _Job, status: Status) -> None:
        def hear() -> None:
            job.status = status
            job.news.set()

        if not job.loop.is_closed():
            job.loop.call_soon_threadsafe(hear)


def _move(outputs: tuple[ProviderOutput, ...], folder: Path) -> tuple[ProviderOutput, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    moved = []
    for output in outputs:
        if output.path is None:
            moved.append(output)
            continue
        target = folder / output.path.name
        shutil.move(output.path, target)
        moved.append(replace(output, path=target))
    return tuple(moved)
