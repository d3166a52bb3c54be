"""The other side of `Isolation`: a process that waits for errands, one at a time.

On Linux it looks at no file itself. For each errand it makes a copy of itself, which gives up
all rights but those to the errand's own files, does it, and ends: whatever a file does to that
copy, the next errand finds a clean one, with everything loaded. Elsewhere it does the errand
itself, and its owner replaces it where that goes wrong.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import sys
import threading
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from framewright.errors import FramewrightError
from framewright.isolation import confine, landlock, wire
from framewright.isolation.errand import Errand, answer_of

_CODE = ("framewright", "framewright_assets", "framewright_providers")
_LEAST_STEP = 0.005
"""Progress is told in steps of this size, for a reader who has other things to do."""


@dataclass(frozen=True, slots=True)
class _Order:
    errand: Errand[Any]
    seconds: float


def main() -> int:
    """Serve the process at the other end of standard input and output until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, target = _own_pipes()
    forks = sys.platform.startswith("linux") and "--no-fork" not in sys.argv
    offline = confine.without_network()
    code = confine.code_of(_CODE)
    hello = {"forks": forks, "offline": offline, "fence": landlock.version()}
    wire.send(target, wire.HELLO, json.dumps(hello).encode())
    if forks:
        _serve_by_copies(source, target, code)
    else:
        _serve_alone(source, target)
    return 0


def _own_pipes() -> tuple[int, int]:
    """Take the pipes away from whatever else reads or prints in this process."""
    source, target = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nothing, standard)
    os.close(nothing)
    return source, target


def _order(body: bytes) -> _Order:
    """Read an errand and load what it needs; what this process is told is told by its owner."""
    asked = json.loads(body)
    module, _, name = asked["errand"].partition(":")
    kind: type[Errand[Any]] = getattr(import_module(module), name)
    for each in kind.needs:
        import_module(each)
    answer_of(kind)
    return _Order(kind.model_validate(asked["given"]), asked["seconds"])


def _perform(order: _Order, target: int) -> None:
    """Do an errand and say what came of it."""
    told = 0.0

    def tell(fraction: float) -> None:
        nonlocal told
        if fraction - told >= _LEAST_STEP:
            told = fraction
            wire.send(target, wire.TOLD, json.dumps(fraction).encode())

    try:
        answer = answer_of(type(order.errand)).dump_json(order.errand.do(tell))
    except FramewrightError as error:
        said = [type(error).__name__, error.message, error.action, error.retryable]
        wire.send(target, wire.ERROR, json.dumps(said).encode())
    except MemoryError:
        wire.send(target, wire.ERROR, json.dumps(["MemoryError", "", "", False]).encode())
    except Exception as error:  # noqa: BLE001 - whatever a file does to a reader is that file's end
        said = ["", f"{type(error).__name__}: {error}"[:500], "", False]
        wire.send(target, wire.ERROR, json.dumps(said).encode())
    else:
        wire.send(target, wire.ANSWER, answer)


def _say_ended(target: int, **how: int) -> None:
    """Say that nobody works on the errand any more; without more, that it ended by itself."""
    ended = {"signal": 0, "code": 0, "memory": 0, **how}
    wire.send(target, wire.ENDED, json.dumps(ended).encode())


# ---- a copy for each errand


def _serve_by_copies(source: int, target: int, code: tuple[Path, ...]) -> None:
    while (message := wire.receive(source, frozenset({wire.REQUEST, wire.STOP}))) is not None:
        kind, body = message
        if kind != wire.REQUEST:
            # It came too late: that errand is over.
            continue
        order = _loaded(body, target)
        if order is not None and not _by_copy(order, source, target, code):
            return


def _loaded(body: bytes, target: int) -> _Order | None:
    try:
        return _order(body)
    except Exception as error:  # noqa: BLE001 - told to the owner, whose errand it is
        said = ["", f"{type(error).__name__}: {error}"[:500], "", False]
        wire.send(target, wire.ERROR, json.dumps(said).encode())
        _say_ended(target)
        return None


def _by_copy(order: _Order, source: int, target: int, code: tuple[Path, ...]) -> bool:
    """Let a copy of this process do an errand; False where the owner has gone."""
    heard, said = os.pipe()
    here = os.getpid()
    # What is here already is not to be touched, and so not to be copied, by the collector.
    gc.freeze()
    copy = os.fork()
    if copy == 0:
        try:
            os.close(heard)
            os.close(source)
            os.close(target)
            _in_copy(order, said, here, code)
        finally:
            os._exit(1)
    os.close(said)
    watch = os.pidfd_open(copy)
    try:
        wanted = _relay(source, target, heard, watch, copy)
    finally:
        _kill(copy)
        os.close(heard)
        os.close(watch)
    _, status, used = os.wait4(copy, 0)
    if wanted:
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        _say_ended(target, signal=number, code=status, memory=used.ru_maxrss * 1024)
    return wanted


def _in_copy(order: _Order, target: int, parent: int, code: tuple[Path, ...]) -> None:
    os.setpgid(0, 0)
    confine.die_with(parent)
    confine.first_to_go()
    errand = order.errand
    confine.limit(errand.limits, order.seconds, for_good=True)
    module = sys.modules[type(errand).__module__].__file__
    own = (Path(module).parent,) if module else ()
    confine.fence(errand.reads(), errand.writes(), (*code, *own))
    _perform(order, target)
    os._exit(0)


def _relay(source: int, target: int, heard: int, watch: int, copy: int) -> bool:
    """Pass on what a copy says until it has ended; False where the owner has gone."""
    with selectors.DefaultSelector() as waiting:
        for each in (source, heard, watch):
            waiting.register(each, selectors.EVENT_READ)
        while True:
            ready = {key.fd for key, _ in waiting.select()}
            if source in ready:
                message = wire.receive(source, frozenset({wire.STOP}))
                if message is None:
                    return False
                _kill(copy)
            if heard in ready:
                try:
                    said = wire.receive(heard, wire.FROM_ERRAND)
                except wire.WireError:
                    said = None
                if said is None:
                    # It has nothing more to say, or nothing that anybody understands.
                    waiting.unregister(heard)
                    _kill_unless_ending(copy, watch)
                else:
                    wire.send(target, *said)
            elif watch in ready:
                return True


def _kill_unless_ending(copy: int, watch: int) -> None:
    with selectors.DefaultSelector() as waiting:
        waiting.register(watch, selectors.EVENT_READ)
        if not waiting.select(1.0):
            _kill(copy)


def _kill(copy: int) -> None:
    for end in (os.killpg, os.kill):
        try:
            end(copy, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


# ---- all in this process


def _serve_alone(source: int, target: int) -> None:
    """Do each errand here; a second thread ends everything when the owner goes."""
    orders: list[bytes] = []
    come = threading.Condition()

    def listen() -> None:
        try:
            while (message := wire.receive(source, frozenset({wire.REQUEST}))) is not None:
                with come:
                    orders.append(message[1])
                    come.notify()
        finally:
            os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        with come:
            come.wait_for(lambda: bool(orders))
            body = orders.pop(0)
        order = _loaded(body, target)
        if order is not None:
            confine.limit(order.errand.limits, 1e6, for_good=False)
            _perform(order, target)
            _say_ended(target)


if __name__ == "__main__":
    sys.exit(main())
