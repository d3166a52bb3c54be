"""Speaks as the worker of a GPU does, and behaves as its prompt says; without torch.

`fake_gpu_worker.py FOLDER [MANNER]`: it leaves its process id in the folder, for whoever looks
whether it is still there. Manners of beginning: `lacking`, `mute`.
"""
# ruff: noqa: T201 - a program of its own

from __future__ import annotations

import ctypes
import json
import os
import queue
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

GIB = 2**30
_CALLED_OFF: set[str] = set()
_ORDERS: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
_NEVER = threading.Event()
_NEWS = threading.Condition()


def say(saying: str, **details: Any) -> None:
    print(json.dumps({"say": saying, **details}), flush=True)


def read() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "cancel":
            with _NEWS:
                _CALLED_OFF.add(order["job"])
                _NEWS.notify_all()
        else:
            _ORDERS.put(order)
    os._exit(0)


def memory(peak: float) -> dict[str, int]:
    return {"capacity": 8 * GIB, "weights": 4 * GIB, "peak": int(peak * GIB)}


def pixels(order: dict[str, Any]) -> dict[str, Any]:
    given = {**order["pictures"].get("image", {}), **order["arguments"]}
    width, height = given["width"], given["height"]
    for each in order["pictures"].values():
        assert each["width"] % 8 == each["height"] % 8 == 0
        assert Path(each["path"]).stat().st_size == each["width"] * each["height"] * 3
    factor = 4 if order["mode"] == "upscale" else 1
    frames = order["arguments"].get("frames", 1)
    wide, high = width * factor, height * factor
    target = Path(order["folder"]) / "made.rgb"
    with target.open("wb") as file:
        for frame in range(frames):
            shade = (order["seed"] * 40 + frame * 20) % 256
            row = bytes((20, 20, 20)) * (wide // 2)
            row += bytes((shade, 255 - shade, 128)) * (wide - wide // 2)
            file.write(row * high)
    return {"file": target.name, "width": wide, "height": high, "frames": frames}


# ---- what a prompt has it do in the middle of a job; what returns True has ended it


def crash(job: str) -> None:
    del job
    print("a kernel was harmed", file=sys.stderr, flush=True)
    os.kill(os.getpid(), signal.SIGSEGV)


def hang(job: str) -> None:
    del job
    _NEVER.wait()


def last_until_called_off(job: str) -> bool:
    with _NEWS:
        _NEWS.wait_for(lambda: job in _CALLED_OFF)
    say("stopped", job=job)
    return True


def garbage(job: str) -> None:
    print("no JSON\n[1]\n{}\n\x00\xff", flush=True)
    say("step", job="somebody else's", done=9, of=9)
    say("step", job=job, done="x", of=[])
    say("step", job=job, done=9, of=4)


def one_long_line(job: str) -> None:
    del job
    print("x" * 3_000_000, flush=True)
    _NEVER.wait()


def flood(job: str) -> None:
    del job
    while True:
        print("nonsense")


def chatter(job: str) -> None:
    while True:
        say("step", job=job, done=1, of=4)


def log_flood(job: str) -> None:
    del job
    for _ in range(20_000):
        print("y" * 100, file=sys.stderr)
    sys.stderr.flush()


def fail(job: str, code: str, text: str, peak: float = 5) -> bool:
    say("failed", job=job, code=code, text=text, memory=memory(peak))
    return True


FULL = "CUDA out of memory. Tried to allocate 3.00 GiB. GPU 0 has a total capacity of 8 GiB"
MANNERS: dict[str, Callable[[str], bool | None]] = {
    "crash": crash,
    "hang": hang,
    "long": last_until_called_off,
    "garbage": garbage,
    "one long line": one_long_line,
    "flood": flood,
    "chatter": chatter,
    "log flood": log_flood,
    "full": lambda job: fail(job, "out-of-memory", FULL, 7),
    "full unknown": lambda job: fail(job, "out-of-memory", FULL, 0),
    "held-back": lambda job: fail(job, "held-back", ""),
    "not-a-number": lambda job: fail(job, "not-a-number", ""),
    "unfit-model": lambda job: fail(job, "unfit-model", "pickled"),
    "broken": lambda job: fail(job, "broken", "ValueError: too\x1b[31m odd\nand more"),
}


def falsify(prompt: str, made: Path, details: dict[str, Any]) -> None:
    """Make of a result what it is not."""
    if prompt == "short":
        made.write_bytes(made.read_bytes()[:-1])
    elif prompt == "link":
        made.unlink()
        made.symlink_to("/etc/hostname")
    elif prompt == "elsewhere":
        details["file"] = "../../../etc/hostname"
    elif prompt == "huge":
        details["width"] = 10**9


def work(order: dict[str, Any]) -> None:
    job, prompt = order["job"], order["arguments"].get("prompt", "")
    say("phase", job=job, phase="loading")
    if prompt == "full at loading":
        fail(job, "out-of-memory", "")
        return
    say("phase", job=job, phase="rendering")
    say("step", job=job, done=1, of=4)
    if prompt in MANNERS and MANNERS[prompt](job):
        return
    details = pixels(order)
    falsify(prompt, Path(order["folder"]) / "made.rgb", details)
    warm = [order["weights"]]
    passed_over = ["negative_prompt", "fps"]
    say("done", job=job, memory=memory(5), warm=warm, passed_over=passed_over, **details)
    if prompt == "then dies":
        os._exit(0)


def main() -> None:
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
    Path(sys.argv[1], f"{os.getpid()}.pid").touch()
    manner = sys.argv[2] if len(sys.argv) > 2 else ""
    threading.Thread(target=read, daemon=True).start()
    if manner == "lacking":
        say("lacking", what="libraries", text="ImportError: libcudart.so.13")
        return
    if manner == "mute":
        _NEVER.wait()
    print("Welcome!", flush=True)
    say("hello", device="cuda:0", name="Pretended GPU", torch="9", diffusers="9", capacity=8 * GIB)
    while True:
        work(_ORDERS.get())


if __name__ == "__main__":
    main()
