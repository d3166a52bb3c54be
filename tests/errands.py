"""Errands that go wrong in every way there is."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from framewright.domain.media import MediaInfo
from framewright.errors import NotFoundError
from framewright.isolation import Errand, Limits

if TYPE_CHECKING:
    from framewright.protocols import Tell


class Add(Errand[int]):
    """A sound one."""

    answer: ClassVar[Any] = int
    one: int
    other: int

    @override
    def do(self, tell: Tell) -> int:
        tell(0.5)
        return self.one + self.other


class Where(Errand[int]):
    """Which process does it."""

    answer: ClassVar[Any] = int

    @override
    def do(self, tell: Tell) -> int:
        return os.getpid()


class Fail(Errand[MediaInfo]):
    """Says what is wrong, in order."""

    answer: ClassVar[Any] = MediaInfo

    @override
    def do(self, tell: Tell) -> MediaInfo:
        raise NotFoundError("There is no\x1b[31m such file.", action="Look elsewhere.")


class Surprise(Errand[None]):
    """Raises what nobody foresaw."""

    answer: ClassVar[Any] = None

    @override
    def do(self, tell: Tell) -> None:
        raise ZeroDivisionError("by nought")


class Crash(Errand[int]):
    """Reads where there is nothing."""

    answer: ClassVar[Any] = int

    @override
    def do(self, tell: Tell) -> int:
        return len(ctypes.string_at(0))


class Kill(Errand[int]):
    """Is ended by a signal."""

    answer: ClassVar[Any] = int
    number: int = int(signal.SIGKILL)

    @override
    def do(self, tell: Tell) -> int:
        os.kill(os.getpid(), self.number)
        return 0


class Hang(Errand[int]):
    """Never ends, and says nothing."""

    answer: ClassVar[Any] = int
    limits: ClassVar[Limits] = Limits(seconds=0.4)

    @override
    def do(self, tell: Tell) -> int:
        while True:
            time.sleep(60)


class Endless(Hang):
    """Never ends, and nobody minds for an hour."""

    limits: ClassVar[Limits] = Limits(seconds=3_600)
    report: Path

    @override
    def writes(self) -> tuple[Path, ...]:
        return (self.report.parent,)

    @override
    def do(self, tell: Tell) -> int:
        self.report.touch()
        while True:
            time.sleep(60)


class Spin(Errand[int]):
    """Uses up the processor."""

    answer: ClassVar[Any] = int
    limits: ClassVar[Limits] = Limits(seconds=3_600)

    @override
    def do(self, tell: Tell) -> int:
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (1, 2))
        while True:
            pass


class Eat(Errand[int]):
    """Wants more memory than there is for it."""

    answer: ClassVar[Any] = int
    limits: ClassVar[Limits] = Limits(memory_bytes=2**30)

    @override
    def do(self, tell: Tell) -> int:
        return len(bytearray(2**31))


class Lie(Errand[MediaInfo]):
    """Answers with something else than was asked for."""

    answer: ClassVar[Any] = MediaInfo
    body: str

    @override
    def do(self, tell: Tell) -> MediaInfo:
        return _answered(self.body.encode())


class Babble(Errand[int]):
    """Says what is no message."""

    answer: ClassVar[Any] = int
    body: str

    @override
    def do(self, tell: Tell) -> int:
        for handle in range(3, 64):
            try:
                os.write(handle, self.body.encode("latin-1"))
            except OSError:
                continue
        os._exit(0)


class Look(Errand[dict[str, str]]):
    """Tries all it may not do, and says what came of it."""

    answer: ClassVar[Any] = dict[str, str]
    limits: ClassVar[Limits] = Limits(file_bytes=1_000)
    given: Path
    canary: Path
    desk: Path
    port: int

    @override
    def reads(self) -> tuple[Path, ...]:
        return (self.given,)

    @override
    def writes(self) -> tuple[Path, ...]:
        return (self.desk,)

    @override
    def do(self, tell: Tell) -> dict[str, str]:
        def connect(kind: int) -> None:
            with socket.socket(socket.AF_INET, kind) as here:
                here.settimeout(2)
                here.connect(("127.0.0.1", self.port))
                here.send(b"hello")

        tries = {
            "read what was given": self.given.read_bytes,
            "write beside": lambda: (self.desk / "new").write_text("x"),
            "read the canary": self.canary.read_bytes,
            "list its folder": lambda: list(self.canary.parent.iterdir()),
            "link to the canary": lambda: (self.desk / "link").hardlink_to(self.canary),
            "write what was given": lambda: self.given.write_text("x"),
            "write the canary": lambda: self.canary.write_text("x"),
            "write elsewhere": lambda: (self.canary.parent / "new").write_text("x"),
            "write much": lambda: (self.desk / "much").write_bytes(bytes(2_000)),
            "run a program": lambda: os.execv(sys.executable, [sys.executable, "-c", ""]),
            "look at the owner": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
            "connect": lambda: connect(socket.SOCK_STREAM),
            "send": lambda: connect(socket.SOCK_DGRAM),
            "see keys": lambda: os.environ["SOME_API_KEY"],
        }
        return {name: _outcome(work) for name, work in tries.items()}


def _outcome(work: Any) -> str:
    try:
        work()
    except (OSError, KeyError) as error:
        return type(error).__name__
    return "done"


def _answered(body: bytes) -> Any:
    """Put an answer past the type it should have."""
    from framewright.isolation import errand, worker

    class Liar:
        def dump_json(self, value: object) -> bytes:
            return body

    worker.answer_of = lambda kind: Liar()  # type: ignore[assignment]
    del errand
    return None
