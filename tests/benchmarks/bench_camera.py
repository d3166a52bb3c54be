"""A camera move over a picture at 720p, rendered and encoded, against FFmpeg's own zoompan.

Both in turns, five seconds at 24 frames a second, with the same encoder at the same preset and
quality. FFmpeg is that of the package imageio-ffmpeg, in an environment of its own.
"""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from ffmpeg_peer import ffmpeg
from PIL import Image

from framewright.protocols import MediaFile, silent
from framewright_providers.local.models import defaults
from framewright_providers.local.motion.clips import camera
from framewright_providers.local.scene.still import render_still

FRAMES = 120
LEAST_FPS = 45
ROUNDS = 5
SLOWER = 1.6
"""The most of FFmpeg's time that we may take: it rounds every frame's place to whole pixels."""


def measure() -> list[dict[str, Any]]:
    """Return the rows of this benchmark."""
    peer = ffmpeg()
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        still = folder / "still.png"
        picture = render_still("a lighthouse on a cliff at golden hour", seed=3)
        Image.fromarray(np.asarray(picture)).save(still)
        _ours(still, folder)
        for _ in range(ROUNDS):
            ours.append(_ours(still, folder))
            theirs.append(_theirs(peer, still, folder))
    fps, other = (FRAMES / statistics.median(taken) for taken in (ours, theirs))
    common = {"value": round(fps, 1), "unit": "frames/s", "n": ROUNDS}
    return [
        {
            "name": "camera move at 720p, made and encoded",
            **common,
            "peer": f"{LEAST_FPS} frames/s at least",
            "ratio": round(LEAST_FPS / fps, 3),
            "limit": 1.0,
        },
        {
            "name": "camera move at 720p against zoompan",
            **common,
            "peer": f"FFmpeg zoompan, x264 veryfast: {other:.1f} frames/s",
            "ratio": round(other / fps, 3),
            "limit": SLOWER,
        },
    ]


def _ours(still: Path, folder: Path) -> float:
    inputs = defaults()["local/previz-camera"] | {"camera": "push-in", "duration": FRAMES / 24}
    file = MediaFile(still, None, "0" * 64)  # type: ignore[arg-type]
    started = time.perf_counter()
    camera(inputs | {"first_frame": file}, 1, folder, silent)
    return time.perf_counter() - started


def _theirs(peer: Path, still: Path, folder: Path) -> float:
    zoom = f"zoompan=z='1+0.2*on/{FRAMES}':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2'"
    graph = f"{zoom}:d={FRAMES}:s=1280x720:fps=24,format=yuv420p"
    command = [str(peer), "-v", "error", "-y", "-i", str(still), "-vf", graph]
    command += ["-frames:v", str(FRAMES), "-c:v", "libx264", "-preset", "veryfast", "-crf", "18"]
    started = time.perf_counter()
    subprocess.run([*command, str(folder / "peer.mp4")], check=True)
    return time.perf_counter() - started
