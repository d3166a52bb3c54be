"""A few worker processes for everything that is read from files nobody vouches for.

```
errand ──► free worker, or a new one ──► its copy, fenced in ──► answer, checked
              ▲                              │ crash, limit, too slow, cancelled
              └────────── clean again ◄──────┘ an error of this errand alone
```
"""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
import time
import weakref
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar, runtime_checkable

from pydantic import ValidationError

from framewright import errors
from framewright.errors import (
    CancelledByUserError,
    FramewrightError,
    MediaCrashError,
    MediaMemoryError,
    MediaSlowError,
    WorkFailedError,
)
from framewright.isolation import wire
from framewright.isolation.errand import Errand, answer_of, name_of
from framewright.isolation.process import Worker, WorkerGoneError
from framewright.isolation.stoppable import in_thread
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

T = TypeVar("T")

MOST_WORKERS = 4
_BEAT_SECONDS = 0.25
"""How often `tell` is called where nothing is told, so that it can stop the work."""
_STOP_SECONDS = 5.0
_NEARLY_ALL = 0.7
"""Who had so much of the memory it may have, and was ended, wanted more."""
_MOST_WORDS = 2_000
_log = logging.getLogger("framewright.isolation")


@dataclass(frozen=True, slots=True)
class Fences:
    """What stands between a file and this machine."""

    forks: bool
    """Whether each errand has a process of its own, which a worker copies of itself."""
    offline: bool
    """Whether it has no network at all."""
    fence: int
    """Version of the Landlock that keeps it from all other files; 0 for none."""


class Isolation:
    """Does errands in other processes; for any thread, as many at once as there are workers.

    Nothing is started before the first errand. Leaving the block, or `close`, ends all; so does
    the end of this process, however it comes.
    """

    def __init__(self, most: int | None = None, options: Sequence[str] = ()) -> None:
        self._most = most or max(2, min(MOST_WORKERS, os.cpu_count() or 1))
        self._options = tuple(options)
        self._free: list[Worker] = []
        self._all: set[Worker] = set()
        self._closed = False
        self._change = threading.Condition()
        self._ending = weakref.finalize(self, _end_all, self._all)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def run(self, errand: Errand[T], tell: Tell = silent) -> T:
        """Have an errand done and return its answer; blocks, so call it off the event loop.

        `tell` is called on this thread, also where nothing is told: what it raises ends the
        errand. Raises what the errand raises, `MediaCrashError` where its process ended,
        `MediaSlowError` and `MediaMemoryError` where it took too much.
        """
        seconds = errand.limits.wall_seconds(errand.reads())
        given = errand.model_dump(mode="json")
        asked = {"errand": name_of(type(errand)), "given": given, "seconds": seconds}
        tell(0.0)
        worker = self._take(tell)
        serving = _Serving(worker, errand, seconds, tell)
        try:
            answer: T = serving.serve(json.dumps(asked).encode())
        finally:
            # Whatever was raised, and by whom: who still works on it is no good for the next.
            self._give_back(worker, sound=serving.over or _stopped(worker))
        return answer

    async def wait_for(self, errand: Errand[T], tell: Tell = silent) -> T:
        """Have an errand done, off the event loop; it ends where this is cancelled."""
        return await in_thread(partial(self.run, errand), tell)

    def fences(self) -> Fences:
        """Return what a worker gives up on this machine; starts one where there is none."""
        worker = self._take(silent)
        try:
            return Fences(**worker.about)
        finally:
            self._give_back(worker, sound=True)

    def workers(self) -> tuple[int, ...]:
        """Return the process ids of those who are there."""
        with self._change:
            return tuple(sorted(each.pid for each in self._all))

    def close(self) -> None:
        """End all workers, and with them what they do."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        self._ending()

    def _take(self, tell: Tell) -> Worker:
        with self._change:
            while not self._free and len(self._all) >= self._most and not self._closed:
                self._change.wait(_BEAT_SECONDS)
                tell(0.0)
            if self._closed:
                raise CancelledByUserError("Nothing is read any more: it is being closed.")
            while self._free:
                worker = self._free.pop()
                if worker.is_there:
                    return worker
                # Somebody ended it while it had nothing to do: no file is to blame.
                self._all.discard(worker)
                worker.end()
            worker = self._started()
            self._all.add(worker)
        try:
            worker.wait_until_ready()
        except BaseException as error:
            self._give_back(worker, sound=False)
            if isinstance(error, WorkerGoneError):
                raise _not_started() from error
            raise
        return worker

    def _started(self) -> Worker:
        try:
            return Worker(self._options)
        except OSError as error:
            raise _not_started() from error

    def _give_back(self, worker: Worker, *, sound: bool) -> None:
        if not sound:
            worker.end()
        with self._change:
            if sound and not self._closed:
                self._free.append(worker)
            else:
                self._all.discard(worker)
            self._change.notify()
        if sound and self._closed:
            worker.end()


@runtime_checkable
class Isolates(Protocol):
    """A provider that reads files itself, and wants to do so in other processes."""

    def isolate(self, isolation: Isolation) -> None:
        """Take the processes in which it may; called once, before its first job."""
        ...


class _Serving:
    """One errand in the hands of one worker."""

    def __init__(self, worker: Worker, errand: Errand[Any], seconds: float, tell: Tell) -> None:
        self._worker = worker
        self._errand = errand
        self._seconds = seconds
        self._tell = tell
        self.over = False
        """Whether the worker has done with it, whatever came of it."""
        self._names = ", ".join(path.name for path in errand.reads()) or "what was given"

    def serve(self, request: bytes) -> Any:
        """Return its answer; raises what came of it instead, and what `tell` raises."""
        answer: bytes | None = None
        error: bytes | None = None
        fraction, end = 0.0, time.monotonic() + self._seconds
        try:
            self._worker.ask(wire.REQUEST, request)
            while True:
                said = self._worker.hear(min(_BEAT_SECONDS, end - time.monotonic()))
                if said is None:
                    if time.monotonic() >= end:
                        raise self._slow()
                    self._tell(fraction)
                    continue
                kind, body = said
                if kind == wire.TOLD:
                    fraction = _fraction(body)
                    self._tell(fraction)
                elif kind == wire.ANSWER:
                    answer = body
                elif kind == wire.ERROR:
                    error = body
                elif kind == wire.ENDED:
                    self.over = True
                    return self._outcome(answer, error, json.loads(body))
        except WorkerGoneError as gone:
            raise MediaCrashError(self._crashed("it ended the process that read it")) from gone

    def _outcome(self, answer: bytes | None, error: bytes | None, ended: dict[str, int]) -> Any:
        if error is not None:
            raise self._told(error)
        if answer is not None and ended["code"] == 0:
            try:
                return answer_of(type(self._errand)).validate_json(answer)
            except ValidationError as wrong:
                raise MediaCrashError(self._crashed("an answer nobody understands")) from wrong
        number = ended["signal"]
        _log.warning("reading %s ended: %s", self._names, ended)
        if number == getattr(signal, "SIGXCPU", -1):
            raise self._slow()
        # Nobody here killed it: so the system did, for want of memory.
        full = ended["memory"] >= _NEARLY_ALL * self._errand.limits.memory_bytes
        if full or number == getattr(signal, "SIGKILL", -1):
            raise self._greedy()
        raise MediaCrashError(self._crashed(_signal_name(number)))

    def _told(self, body: bytes) -> FramewrightError:
        """Return the error a worker told of; what it says is shown, and never more than that."""
        try:
            name, message, action, retryable = json.loads(body)
            message, action = _plain(message), _plain(action)
        except (ValueError, TypeError, RecursionError):
            return MediaCrashError(self._crashed("an answer nobody understands"))
        if name == "MemoryError":
            return self._greedy()
        kind = getattr(errors, str(name), None) if name else None
        if isinstance(kind, type) and issubclass(kind, FramewrightError):
            return kind(message, action=action, retryable=bool(retryable))
        _log.warning("reading %s: %s", self._names, message)
        return MediaCrashError(self._crashed(message))

    def _slow(self) -> MediaSlowError:
        return MediaSlowError(
            f"Reading {self._names} took longer than {self._seconds:.0f} seconds."
        )

    def _greedy(self) -> MediaMemoryError:
        most = self._errand.limits.memory_bytes / 2**30
        return MediaMemoryError(f"Reading {self._names} took more than {most:.3g} GiB of memory.")

    def _crashed(self, how: str) -> str:
        return f"Reading {self._names} went wrong in a way no sound file leads to ({how})."


def _stopped(worker: Worker) -> bool:
    """Stop what a worker does; whether it is ready for the next errand then."""
    try:
        if not worker.about.get("forks"):
            return False
        worker.ask(wire.STOP)
        end = time.monotonic() + _STOP_SECONDS
        while (left := end - time.monotonic()) > 0:
            said = worker.hear(left)
            if said is not None and said[0] == wire.ENDED:
                return True
    except WorkerGoneError:
        pass
    return False


def _fraction(body: bytes) -> float:
    try:
        return min(1.0, max(0.0, float(json.loads(body))))
    except (ValueError, TypeError, RecursionError):
        return 0.0


def _plain(text: object) -> str:
    """Return words without what a terminal would take for commands."""
    if not isinstance(text, str):
        raise TypeError
    return "".join(each for each in text[:_MOST_WORDS] if each.isprintable() or each == "\n")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "it ended without an answer"


def _not_started() -> WorkFailedError:
    return WorkFailedError(
        "The process that reads media files can not be started.",
        action="`framewright doctor` says what is missing. Free some memory, then try again.",
    )


def _end_all(workers: set[Worker]) -> None:
    for worker in tuple(workers):
        worker.end()
    workers.clear()
