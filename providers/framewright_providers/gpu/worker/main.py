"""Takes orders until nobody is left to give any."""

from __future__ import annotations

import argparse
import json
import os
import queue
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from framewright_providers.gpu.worker.device import Device, DeviceMissingError
from framewright_providers.gpu.worker.models import Models, UnfitModelError
from framewright_providers.gpu.worker.pipes import Line, die_with, own_pipes
from framewright_providers.gpu.worker.run import (
    Asked,
    HeldBackError,
    NotANumberError,
    StoppedError,
    make,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHARE = 0.75
"""How much of a device's memory weights may fill, where nobody says: the rest is to work in."""
_MOST_TEXT = 2_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve whoever is at the other end of standard input and output."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", required=True)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--memory", type=int, default=0, help="bytes of weights at most")
    given = parser.parse_args(arguments)
    die_with(given.parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, line = own_pipes()
    orders = Orders()
    # Begun before torch is loaded: that takes seconds, and whoever waits may be gone by then.
    threading.Thread(target=orders.read, args=(source,), daemon=True).start()
    worker = _opened(line, given.device, given.memory)
    if worker is None:
        return 1
    while True:
        worker.run(orders.next(), orders)


class Orders:
    """What was asked for, in its order, and what was called off."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._called_off: set[str] = set()

    def read(self, source: IO[bytes]) -> None:
        """Read orders until there are no more; then this process ends, whatever it does."""
        for text in source:
            order = json.loads(text)
            if order["do"] == "cancel":
                self._called_off.add(order["job"])
            else:
                # What was called off behind its end says nothing of the next of that name.
                self._called_off.discard(order.get("job", ""))
                self._waiting.put(order)
        os._exit(0)

    def next(self) -> dict[str, Any]:
        """Return the next one, waiting for it."""
        return self._waiting.get()

    def check(self, job: str) -> None:
        """Raise `StoppedError` where a job was called off."""
        if job in self._called_off:
            raise StoppedError

    def forget(self, job: str) -> None:
        """A job is over."""
        self._called_off.discard(job)


class Worker:
    """A device with its models, which does one order at a time."""

    def __init__(self, line: Line, torch: Any, diffusers: Any, device: Device, limit: int) -> None:
        self._line = line
        self._torch = torch
        self._diffusers = diffusers
        self._device = device
        self._models = Models(torch, diffusers, device, limit)

    def run(self, order: dict[str, Any], orders: Orders) -> None:
        """Do an order and say what came of it."""
        job = order["job"]
        try:
            details = self._done(order, orders)
        except StoppedError:
            self._line.say("stopped", job=job)
        except Exception as error:  # noqa: BLE001 - whatever a model does is the end of one job
            print(traceback.format_exc(), file=sys.stderr, flush=True)  # noqa: T201 - our log
            code, text = _code(error, self._device), f"{type(error).__name__}: {error}"[:_MOST_TEXT]
            self._line.say("failed", job=job, code=code, text=text, memory=self._memory())
        else:
            self._line.say(
                "done", job=job, memory=self._memory(), warm=self._models.warm, **details
            )
        orders.forget(job)

    def _done(self, order: dict[str, Any], orders: Orders) -> dict[str, Any]:
        job, weights = order["job"], order["weights"]
        orders.check(job)
        self._device.forget_peak()
        self._line.say("phase", job=job, phase="loading")
        model = self._models.get(weights)
        pipeline = model.pipeline_for(order["mode"], self._diffusers)
        orders.check(job)

        def stepped(done: int, of: int) -> None:
            orders.check(job)
            self._line.say("step", job=job, done=done, of=of)

        target = Path(order["folder"]) / "made.rgb"
        asked = Asked(order["arguments"], order["pictures"], int(order["seed"]), target)
        self._line.say("phase", job=job, phase="rendering")
        try:
            made = make(self._torch, pipeline, asked, stepped)
        except Exception as error:
            if not self._device.is_full(error) or not self._models.keep_only(weights):
                raise
            made = None
        if made is None:
            # Behind the handler, which would keep alive what the first attempt held.
            made = make(self._torch, pipeline, asked, stepped)
        return {
            "file": target.name,
            "width": made.width,
            "height": made.height,
            "frames": made.frames,
            "passed_over": made.passed_over,
        }

    def _memory(self) -> dict[str, int]:
        """Return in bytes what there is for this process, what its weights take, its most."""
        return {
            "capacity": self._device.capacity(),
            "weights": self._models.size,
            "peak": self._device.peak(),
        }


def _code(error: Exception, device: Device) -> str:
    if device.is_full(error):
        return "out-of-memory"
    codes = {
        UnfitModelError: "unfit-model",
        NotANumberError: "not-a-number",
        HeldBackError: "held-back",
    }
    return codes.get(type(error), "broken")


def _opened(line: Line, name: str, memory: int) -> Worker | None:
    """Load the libraries and open the device; None, with the reason said, where that fails."""
    try:
        import diffusers
        import torch
        import transformers
    except Exception as error:  # noqa: BLE001 - a damaged installation fails in any way there is
        line.say("lacking", what="libraries", text=f"{type(error).__name__}: {error}"[:_MOST_TEXT])
        return None
    diffusers.utils.logging.set_verbosity_error()
    transformers.utils.logging.set_verbosity_error()
    try:
        device = Device.open(torch, name)
        capacity = device.capacity()
    except Exception as error:  # noqa: BLE001 - a driver fails in any way there is
        text = str(error) if isinstance(error, DeviceMissingError) else repr(error)[:_MOST_TEXT]
        line.say("lacking", what="device", text=text)
        return None
    line.say(
        "hello",
        device=name,
        name=device.title,
        torch=torch.__version__,
        diffusers=diffusers.__version__,
        capacity=capacity,
    )
    return Worker(line, torch, diffusers, device, memory or int(capacity * _SHARE))
