"""What it costs to read files in another process: beside reading them here, in the same run."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.append(str(Path(__file__).parents[1]))

from framewright.domain.media import MediaKind
from framewright.isolation import Errand, Isolation
from framewright.media.errands import Probe
from framewright.protocols import silent
from framewright.quality.errands import ReviewFile
from framewright.quality.review import Expectation
from media_samples import photo, tone, video

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 15


def measure() -> list[dict[str, Any]]:
    """Return the rows: the gate on a clip and a still, and what an errand costs by itself."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip = video(folder / "clip.mp4", 96, size=(1280, 720), sound=tone(4))
        photo(1280, 720).save(folder / "still.png")
        gates = {
            "the gate on a clip of 4 s": ReviewFile(
                path=clip, expected=Expectation(MediaKind.VIDEO)
            ),
            "the gate on a still": ReviewFile(
                path=folder / "still.png", expected=Expectation(MediaKind.IMAGE)
            ),
        }
        with Isolation(1) as isolation:
            began = time.perf_counter()
            isolation.run(Probe(path=clip))
            cold = time.perf_counter() - began
            rows = [_beside(name, errand, isolation) for name, errand in gates.items()]
            here, there = _both(Probe(path=clip), isolation)
    extra, fresh = there - here, _fresh()
    return [
        *rows,
        {
            "name": "an errand beyond its work, in a worker that is warm",
            "value": round(extra * 1e3, 2),
            "unit": "ms",
            "peer": f"a new process with PyAV for each: {fresh * 1e3:.0f} ms",
            "ratio": round(extra / fresh, 3),
            "limit": 0.25,
            "n": ROUNDS,
        },
        {
            "name": "the first errand, with the start of its worker",
            "value": round(cold * 1e3, 1),
            "unit": "ms",
            "peer": "the gate on a clip, here",
            "ratio": round(cold / rows[0]["value"] * 1e3, 3),
            "n": 1,
        },
    ]


def _fresh() -> float:
    """Return how long a process takes that loads the codecs and ends, in seconds."""
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import av"], check=True)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def _beside(name: str, errand: Errand[Any], isolation: Isolation) -> dict[str, Any]:
    here, there = _both(errand, isolation)
    return {
        "name": f"{name}, in another process",
        "value": round(there * 1e3, 2),
        "unit": "ms",
        "peer": f"in this one: {here * 1e3:.2f} ms",
        "ratio": round(there / here, 3),
        "limit": 1.5,
        "n": ROUNDS,
    }


def _both(errand: Errand[Any], isolation: Isolation) -> tuple[float, float]:
    """Return how long it takes here and there, in turns, in seconds."""
    times: dict[Callable[[], object], list[float]] = {
        lambda: errand.do(silent): [],
        lambda: isolation.run(errand): [],
    }
    for _ in range(ROUNDS):
        for work, taken in times.items():
            began = time.perf_counter()
            work()
            taken.append(time.perf_counter() - began)
    here, there = (statistics.median(taken) for taken in times.values())
    return here, there
