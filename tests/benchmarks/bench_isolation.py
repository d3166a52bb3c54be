"""What it costs to read files in another process: beside reading them here, in the same run.

Most of it is the copy that a worker makes of itself: memory that both had is copied as it is used.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1]))

from framewright.domain.media import MediaKind
from framewright.isolation import Errand, Isolation
from framewright.media.errands import MergeClips, Probe
from framewright.protocols import silent
from framewright.quality.errands import ReviewFile
from framewright.quality.review import Expectation
from media_samples import photo, tone, video

ROUNDS = 11


def measure() -> list[dict[str, Any]]:
    """Return the rows: the gate on a clip and a still, and what an errand costs by itself."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip = video(folder / "clip.mp4", 96, size=(1280, 720), sound=tone(4))
        photo(1280, 720).save(folder / "still.png")
        gates: dict[str, Errand[Any]] = {
            "the gate on a clip of 4 s": ReviewFile(
                path=clip, expected=Expectation(MediaKind.VIDEO)
            ),
            "the gate on a still": ReviewFile(
                path=folder / "still.png", expected=Expectation(MediaKind.IMAGE)
            ),
        }
        with Isolation(1) as isolation:
            joined = MergeClips(
                clips=(
                    video(folder / "one.mp4", 48, 24, size=(640, 360), sound=tone(2)),
                    video(folder / "two.mp4", 60, 30, size=(854, 480), sound=tone(2)),
                ),
                target=folder / "film.mp4",
            )
            gates["joining two clips of 2 s"] = joined
            rows = [_beside(name, errand, isolation) for name, errand in gates.items()]
            here, there = _both(Probe(path=clip), isolation)
    extra, fresh = there - here, _fresh()
    return [
        *rows,
        {
            "name": "an errand beyond its work, in a worker that is warm",
            "value": round(extra * 1e3, 2),
            "unit": "ms of a core",
            "peer": f"a new process with PyAV for each: {fresh * 1e3:.0f} ms",
            "ratio": round(extra / fresh, 3),
            "limit": 0.4,
            "n": ROUNDS,
        },
    ]


def _fresh() -> float:
    """Return how long a core is at work for a process that loads the codecs and ends."""
    before = os.times()
    for _ in range(5):
        subprocess.run([sys.executable, "-c", "import av"], check=True)
    after = os.times()
    used = after.children_user + after.children_system
    return (used - before.children_user - before.children_system) / 5


def _beside(name: str, errand: Errand[Any], isolation: Isolation) -> dict[str, Any]:
    here, there = _both(errand, isolation)
    return {
        "name": f"{name}, in another process",
        "value": round(there * 1e3, 2),
        "unit": "ms of a core",
        "peer": f"in this one: {here * 1e3:.2f} ms",
        "ratio": round(there / here, 3),
        "limit": 2.0,
        "n": ROUNDS,
    }


def _both(errand: Errand[Any], isolation: Isolation) -> tuple[float, float]:
    """Return how long a core is at work for it here and there, in seconds.

    Time on the wall would say which of both the system favours: a worker is a session by itself.
    """
    isolation.run(errand)
    errand.do(silent)
    (worker,) = isolation.workers()
    here = there = 0.0
    for _ in range(ROUNDS):
        began = time.process_time()
        errand.do(silent)
        here += time.process_time() - began
        began = time.process_time() + _used_by(worker)
        isolation.run(errand)
        there += time.process_time() + _used_by(worker) - began
    return here / ROUNDS, there / ROUNDS


def _used_by(worker: int) -> float:
    """Return how long a core was at work for a process and the copies of it that have ended."""
    fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
