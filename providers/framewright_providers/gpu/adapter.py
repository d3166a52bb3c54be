"""The gpu provider: a person's own models, each job in the process of one device.

Its work ends with this process, since its workers do: nothing is left running, and nothing is paid.
Devices that are free take jobs as they come, one that has the model loaded before others.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framewright.domain.job import ErrorCategory
from framewright.errors import SettingsError, as_storage_error
from framewright.isolation import Isolation
from framewright.protocols import Finished, Lack, ProviderFailure, SubmitError, Working
from framewright_providers.gpu import failures
from framewright_providers.gpu.devices import Options, devices_here, options_in
from framewright_providers.gpu.installed import missing, worker_command, worker_environment
from framewright_providers.gpu.job import Job
from framewright_providers.gpu.memory import Shortage, wanted_bytes
from framewright_providers.gpu.supervisor import DeviceWorker, Patience
from framewright_providers.local.scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from framewright.domain.model_card import ModelCard
    from framewright.protocols import ProviderOutput, ProviderRequest, Status

_RENDERED = 0.97
"""How much of a job is done when its last step is; the rest is decoding and writing."""


class _CalledOffError(Exception):
    """A worker let go of a job that was called off."""


@dataclass(slots=True)
class _Carried:
    """A job and how it stands."""

    job: Job
    status: Status = field(default_factory=lambda: Working(phase="waiting for the GPU"))
    news: asyncio.Event = field(default_factory=asyncio.Event)
    outputs: tuple[ProviderOutput, ...] = ()
    task: asyncio.Task[None] | None = None
    worker: DeviceWorker | None = None
    """Who works on it."""
    phase: str = ""

    def say(self, status: Status) -> None:
        self.status = status
        self.news.set()


class GpuProvider:
    """Does the `gpu/…` models of a workspace's catalog; belongs to one event loop."""

    name = "gpu"
    in_process = True

    def __init__(
        self,
        options: Options | None = None,
        command: Callable[[str], Sequence[str]] | None = None,
        patience: Patience | None = None,
    ) -> None:
        """Work as a person wants; `command` starts another worker for a device, for tests."""
        self._wrong: SettingsError | None = None
        try:
            self._options = options or options_in(os.environ)
        except SettingsError as error:
            self._options, self._wrong = Options(), error
        self._command = command
        self._patience = patience
        self._card_of: Callable[[str], ModelCard | None] = lambda _: None
        self._jobs: dict[str, _Carried] = {}
        self._scratch = Scratch()
        self._isolation = Isolation()
        self._freed = asyncio.Condition()
        self._per_pixel: dict[str, float] = {}
        """Bytes that a model has taken for each pixel of each frame, beside its weights."""
        self._settle()

    def _settle(self) -> None:
        devices = self._options.devices or devices_here(os.environ)
        patience = self._patience or Patience(step=self._options.step_seconds)
        environment = worker_environment(os.environ)
        self._workers = [
            DeviceWorker(each, self._command_for(each), environment, patience) for each in devices
        ]
        self._free = list(self._workers)
        self._stop_seconds = patience.stop
        self.concurrency = max(1, len(self._workers))

    def _command_for(self, device: str) -> Sequence[str]:
        if self._command is not None:
            return self._command(device)
        return worker_command(self._options.python, device, self._options.memory)

    # ---- what it is told before its first job

    def configure(self, options: Mapping[str, str | int | float | bool]) -> None:
        """Take the settings under `[providers.gpu]`; raises `SettingsError`.

        Variables of the environment win over them.
        """
        self._options = options_in(os.environ, Options().changed(options))
        self._wrong = None
        self._settle()

    def read_cards(self, card_of: Callable[[str], ModelCard | None]) -> None:
        """Take what looks up the card of a person's model."""
        self._card_of = card_of

    def isolate(self, isolation: Isolation) -> None:
        """Read pictures in these processes, which somebody else ends."""
        self._isolation.close()
        self._isolation = isolation

    def lacks(self) -> Lack | None:
        """Return what is missing here before own models can run."""
        if self._wrong is not None:
            return Lack(self._wrong.message, self._wrong.action)
        lack = self._lack()
        return None if lack is None else Lack(lack.message, lack.action)

    def _lack(self) -> ProviderFailure | None:
        if not self._workers:
            return failures.no_device()
        if self._command is None and (names := missing(self._options.python)):
            return failures.lacking_packages(names)
        return None

    # ---- a job

    async def submit(self, request: ProviderRequest) -> str:
        """Begin a job and return its id; raises `SubmitError` where it can not run here."""
        if (lack := self._lack()) is not None:
            raise SubmitError(lack)
        card = self._card_of(request.model)
        if card is None or card.weights is None:
            raise SubmitError(failures.unknown_model(request.model))
        if not await asyncio.to_thread(Path(card.weights, "model_index.json").is_file):
            raise SubmitError(failures.not_there(card.id, card.weights))
        folder = await asyncio.to_thread(self._scratch.new_folder)
        carried = _Carried(Job(request, card, folder))
        self._jobs[request.job] = carried
        carried.task = asyncio.ensure_future(self._carry(carried))
        return request.job

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        """Return how the job stands, once that is news or the time is over."""
        carried = self._jobs.get(remote_id)
        if carried is None:
            return ProviderFailure(
                ErrorCategory.UNKNOWN, "No own model knows of such a job.", retryable=True
            )
        if isinstance(carried.status, Working):
            try:
                async with asyncio.timeout(wait_seconds):
                    await carried.news.wait()
            except TimeoutError:
                pass
            carried.news.clear()
        if isinstance(carried.status, ProviderFailure):
            # That was the last word on it.
            self._jobs.pop(remote_id, None)
        return carried.status

    async def cancel(self, remote_id: str) -> None:
        """Stop a job and forget it: between two steps, or else with its worker."""
        carried = self._jobs.pop(remote_id, None)
        if carried is None or carried.task is None:
            return
        if carried.worker is not None:
            await carried.worker.call_off(remote_id)
            await asyncio.wait([carried.task], timeout=self._stop_seconds)
        await self._end(carried)

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        """Move the results of a finished job into the folder; the job is forgotten then."""
        carried = self._jobs.pop(remote_id, None)
        if carried is None or not isinstance(carried.status, Finished):
            failure = ProviderFailure(ErrorCategory.UNKNOWN, "There is no finished job to fetch.")
            raise SubmitError(failure)
        try:
            return await asyncio.to_thread(_move, carried.outputs, folder)
        except OSError as error:
            # The folder is the workspace's: this is its trouble, and not that of one job.
            raise as_storage_error(error, folder) from error
        finally:
            await _remove(carried.job.folder)

    async def close(self) -> None:
        """Stop every job and end the workers."""
        for carried in tuple(self._jobs.values()):
            await self._end(carried)
        self._jobs.clear()
        for worker in self._workers:
            await worker.end()
        await asyncio.to_thread(self._isolation.close)
        await asyncio.to_thread(self._scratch.close)

    async def _end(self, carried: _Carried) -> None:
        """End a job at once; a worker that is still at it is ended with it."""
        assert carried.task is not None
        while not carried.task.done():
            carried.task.cancel()
            await asyncio.wait([carried.task])
        await _remove(carried.job.folder)

    # ---- how it is carried

    async def _carry(self, carried: _Carried) -> None:
        job = carried.job
        device = "the GPU"
        try:
            await job.prepare(self._isolation)
            worker = await self._take(str(job.card.weights))
            try:
                carried.worker, device = worker, worker.device
                said = await worker.run(job.order(), lambda news: _hear(carried, news))
                device = worker.title
            finally:
                carried.worker = None
                await self._give_back(worker)
            carried.say(await self._ended(carried, said, device))
        except _CalledOffError:
            # Whoever called it off has forgotten it; nobody else may wait for ever.
            carried.say(ProviderFailure(ErrorCategory.CANCELLED, "It was called off."))
        except Exception as error:  # noqa: BLE001 - a task that dies silently would leave its job waiting
            carried.say(failures.as_failure(error, job.card.id, device))
        if not isinstance(carried.status, Finished):
            await _remove(job.folder)

    async def _ended(self, carried: _Carried, said: dict[str, Any], device: str) -> Status:
        job = carried.job
        if said["say"] == "stopped":
            raise _CalledOffError
        if said["say"] == "failed":
            if said.get("code") == "out-of-memory":
                return await self._short(carried, said, device)
            return failures.told_failure(said, job.card.id, device)
        carried.say(Working(_RENDERED, phase="writing"))
        carried.outputs = (await job.collect(said),)
        self._learn(job, _memory(said))
        return Finished(notes=job.notes(said))

    async def _short(self, carried: _Carried, said: dict[str, Any], device: str) -> ProviderFailure:
        """Return what is said where memory ran out."""
        job, memory = carried.job, _memory(said)
        if carried.phase == "loading":
            size = await asyncio.to_thread(_bytes_of, Path(str(job.card.weights)))
            return failures.weights_too_large(job.card.id, device, size, memory["capacity"])
        shortage = Shortage(
            capacity=memory["capacity"],
            weights=memory["weights"],
            needed=memory["peak"] + wanted_bytes(str(said.get("text"))),
            per_pixel=self._per_pixel.get(job.card.id),
        )
        sides = job.card.limits["sides"]
        return failures.out_of_memory(job.card.id, device, job.made, job.frames, sides, shortage)

    def _learn(self, job: Job, memory: dict[str, int]) -> None:
        """Remember how much memory a model takes for its pictures, where somebody counts it."""
        taken = memory["peak"] - memory["weights"]
        pixels = job.made.width * job.made.height * job.frames
        if memory["peak"] and taken > 0 and pixels:
            known = self._per_pixel.get(job.card.id, 0.0)
            self._per_pixel[job.card.id] = max(known, taken / pixels)

    async def _take(self, weights: str) -> DeviceWorker:
        async with self._freed:
            await self._freed.wait_for(lambda: bool(self._free))
            worker = next((each for each in self._free if weights in each.warm), self._free[0])
            self._free.remove(worker)
            return worker

    async def _give_back(self, worker: DeviceWorker) -> None:
        self._free.append(worker)
        async with self._freed:
            self._freed.notify()


def _hear(carried: _Carried, said: dict[str, Any]) -> None:
    """Take in what a worker says while it is at work."""
    if said["say"] == "phase":
        carried.phase = str(said.get("phase"))[:40]
        words = "loading the model" if carried.phase == "loading" else carried.phase
        carried.say(Working(0.0, phase=words))
        return
    done, of = said.get("done"), said.get("of")
    if said["say"] == "step" and type(done) is int and type(of) is int and 0 < done <= of:
        carried.say(Working(_RENDERED * done / of, phase=f"step {done} of {of}"))


def _memory(said: dict[str, Any]) -> dict[str, int]:
    told = said.get("memory")
    known = told if isinstance(told, dict) else {}
    names = ("capacity", "weights", "peak")
    return {name: value if type(value := known.get(name)) is int else 0 for name in names}


def _bytes_of(weights: Path) -> int:
    return sum(each.stat().st_size for each in weights.glob("*/*.safetensors"))


def _move(outputs: tuple[ProviderOutput, ...], folder: Path) -> tuple[ProviderOutput, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    moved = []
    for output in outputs:
        assert output.path is not None
        target = folder / output.path.name
        shutil.move(output.path, target)
        moved.append(replace(output, path=target))
    return tuple(moved)


async def _remove(folder: Path) -> None:
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
