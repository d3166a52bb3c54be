"""Last frames, merging and thumbnails, against the ffmpeg command, OpenCV, moviepy and Pillow.

The command is imageio-ffmpeg's static one, which starts in a fifth of the time of Debian's. All of
a table is measured in one run and in turns, and the round in the middle counts: whatever else runs
on the machine meets both. A program of more threads gets more of a machine that is busy, so the
processors' time is measured beside the clock's. Peers have an environment of their own, a folder
of their own and so much time; what was cut off then is told as taking longer.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
from media_clips import FLASH_SECONDS, MIXED, TEN_SECONDS, THIRTY_SECONDS, make, still
from peer_environment import PEERS, python_with
from PIL import Image, ImageCms, ImageOps

from framewright.media.clips import merge
from framewright.media.frames import frames_every, last_frame
from framewright.media.sound import read_sound
from framewright.media.thumbnails import thumbnail

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS, FILM_ROUNDS, LEAST_ROUNDS = 7, 5, 2
ROUNDS_SECONDS, PEER_SECONDS = 150.0, 150.0
"""After which no round begins any more, and after which a peer is cut off."""
FPS, SIZE = 30, (1280, 720)
SIDE, STILLS = 256, 8
LAST_FRAME, MERGE, THUMBNAILS, SSIM = 0.1, 1.05, 1 / 3.5, 0.98
"""What the ratios may be at most; what SSIM must be at least."""
_PICTURE = (
    "[{n}:v]fps={fps},scale={w}:{h}:force_original_aspect_ratio=decrease:force_divisible_by=2,"
    "pad={w}:{h}:-1:-1,setsar=1,format=yuv420p[v{n}];"
    "[{n}:a]aresample=48000,aformat=channel_layouts=stereo[a{n}];"
)
_QUALITY = (
    "-c:v libx264 -preset veryfast -crf 18 -x264-params mbtree=0 -g 60 -threads 4 "
    "-c:a aac -b:a 192k -movflags +faststart"
)


def measure() -> list[dict[str, Any]]:
    """Return the rows of this benchmark."""
    python = python_with("media_requirements.txt")
    found = [python, "-c", "import imageio_ffmpeg as i; print(i.get_ffmpeg_exe())"]
    ffmpeg = subprocess.run(found, check=True, capture_output=True, text=True).stdout.strip()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stills = [still(folder, number) for number in range(STILLS)]
        film, longer = make(TEN_SECONDS, folder), make(THIRTY_SECONDS, folder)
        script = [python, PEERS / "media_opencv.py", film, folder, str(SIDE)]
        told = _peer(script, folder, PEER_SECONDS)
        opencv = [float(each) for each in told.split()] if told else [PEER_SECONDS] * 2
        return [
            *_last_frames(ffmpeg, film, opencv[0]),
            *_last_frames(ffmpeg, longer, None),
            *_thumbnails(stills, opencv[1]),
            *_merges(ffmpeg, python, folder),
        ]


def _last_frames(ffmpeg: str, film: Path, opencv: float | None) -> list[dict[str, Any]]:
    """Return rows of a film: ours costs the frames behind the last keyframe, theirs all frames.

    So the limit is on the longer film, the one without OpenCV's figure.
    """
    ways = {
        "ours": lambda: last_frame(film),
        "full": lambda: _pixels(ffmpeg, film),
        "tail": lambda: _pixels(ffmpeg, film, "-sseof", "-1"),
    }
    truth = _pixels(ffmpeg, film)
    # Both decode the same bytes; the command's own way to RGB is a level or two darker.
    assert np.abs(np.asarray(last_frame(film)).astype(int) - truth).mean() < 4
    took = _in_turns(ways, ROUNDS)
    seconds = (TEN_SECONDS if opencv else THIRTY_SECONDS).seconds
    name = f"last frame of {seconds} s, 640x360, keyframes each 2 s"
    ours, full, tail = (took[way].wall for way in ways)
    rows = [
        _row(f"{name}: the command, -sseof -1", ours, tail, None, ROUNDS),
        _row(f"{name}: the command, all", ours, full, None if opencv else LAST_FRAME, ROUNDS),
    ]
    if opencv:
        rows.append(_row(f"{name}: OpenCV, frame count - 1", ours, opencv, None, ROUNDS))
    return rows


def _pixels(ffmpeg: str, film: Path, *seek: str) -> np.ndarray:
    """Return the last frame that the command gives; it writes over one picture again and again."""
    shape = (TEN_SECONDS.height, TEN_SECONDS.width, 3)
    target = film.with_suffix(".bmp")
    command = [ffmpeg, "-v", "error", "-y", *seek, "-i", film, "-an", "-fps_mode", "passthrough"]
    subprocess.run([*command, "-update", "1", target], check=True, stdin=subprocess.DEVNULL)
    with Image.open(target) as image:
        seen = np.asarray(image.convert("RGB")).astype(int)
    assert seen.shape == shape
    return seen


def _thumbnails(stills: list[Path], opencv: float) -> list[dict[str, Any]]:
    def plain(path: Path) -> Image.Image:
        with Image.open(path) as image:
            whole = ImageOps.exif_transpose(image.convert("RGB"))
        return whole.resize((SIDE, SIDE * 9 // 16), Image.Resampling.LANCZOS)

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # Red and green exchanged: every colour has to be computed.
    other = profile.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    profiled = []
    for path in stills:
        profiled.append(path.with_suffix(".profile.jpg"))
        with Image.open(path) as image:
            image.save(profiled[-1], quality=90, icc_profile=other)
    ways = {
        "ours": lambda: [thumbnail(path, SIDE) for path in stills],
        "plain": lambda: [plain(path) for path in stills],
        "profile": lambda: [thumbnail(path, SIDE) for path in profiled],
    }
    near = np.asarray(thumbnail(stills[0], SIDE)).astype(int) - np.asarray(plain(stills[0]))
    assert np.abs(near).mean() < 2
    took = _in_turns(ways, ROUNDS)
    name = f"{STILLS} thumbnails of 3840x2160 JPEGs"
    return [
        _row(f"{name}: plain Pillow", took["ours"].wall, took["plain"].wall, THUMBNAILS, ROUNDS),
        _row(
            f"{name} with a colour profile: plain Pillow, which leaves it out",
            took["profile"].wall,
            took["plain"].wall,
            THUMBNAILS,
            ROUNDS,
        ),
        _row(f"{name}: OpenCV, area", took["ours"].wall, opencv, None, ROUNDS),
    ]


def _merges(ffmpeg: str, python: Path, folder: Path) -> list[dict[str, Any]]:
    clips = [make(clip, folder) for clip in MIXED]
    ours, theirs = folder / "ours.mp4", folder / "theirs.mp4"
    command = _command(ffmpeg, clips, theirs)
    ways = {
        "ours": lambda: merge(clips, ours),
        "command": lambda: subprocess.run(command, check=True, stdin=subprocess.DEVNULL),
    }
    took = _in_turns(ways, FILM_ROUNDS)
    one, other = took["ours"], took["command"]
    script = [python, PEERS / "media_merge.py", folder / "moviepy.mp4", *clips]
    told = _peer(script, folder, PEER_SECONDS)
    moviepy, cut = (float(told), "") if told else (PEER_SECONDS, ", cut off")
    seconds = sum(clip.seconds for clip in MIXED)
    name = f"merge of {len(clips)} mixed clips, {seconds} s, to 720p: "
    offset, like = _offset(ours), _ssim(ffmpeg, ours, theirs)
    return [
        _row(f"{name}the ffmpeg command", one.wall, other.wall, MERGE, len(one.walls)),
        _row(f"{name}the same, processors' time", one.work, other.work, MERGE, len(one.walls)),
        _row(f"{name}moviepy{cut}", one.wall, moviepy, None, 1),
        {
            "name": "merge: largest distance between a flash and its click",
            "value": round(offset * 1000, 2),
            "unit": "ms",
            "peer": f"{1000 / FPS:.1f} ms, one frame",
            "ratio": round(offset * FPS, 4),
            "limit": 1.0,
            "n": len(clips),
        },
        {
            "name": "merge: SSIM to the ffmpeg command's result",
            "value": round(like, 5),
            "unit": "SSIM",
            "peer": f"{SSIM} asked for",
            "ratio": round((1 - like) / (1 - SSIM), 4),
            "limit": 1.0,
            "n": 1,
        },
        {
            "name": "merge: bytes beside the ffmpeg command's",
            "value": ours.stat().st_size,
            "unit": "bytes",
            "peer": f"{theirs.stat().st_size:,} bytes",
            "ratio": round(ours.stat().st_size / theirs.stat().st_size, 4),
            "limit": 1.05,
            "n": 1,
        },
    ]


def _command(ffmpeg: str, clips: list[Path], target: Path) -> list[str | Path]:
    graph = "".join(
        _PICTURE.format(n=number, fps=FPS, w=SIZE[0], h=SIZE[1]) for number in range(len(clips))
    )
    graph += "".join(f"[v{number}][a{number}]" for number in range(len(clips)))
    graph += f"concat=n={len(clips)}:v=1:a=1[v][a]"
    given = [word for clip in clips for word in ("-i", clip)]
    wanted = ["-filter_complex", graph, "-map", "[v]", "-map", "[a]"]
    return [ffmpeg, "-v", "error", "-y", *given, *wanted, *_QUALITY.split(), target]


def _offset(film: Path) -> float:
    """Return by how many seconds a click lies off its flash, the most of all clips."""
    light = [float(np.asarray(image).mean()) for _, image in frames_every(film, 1 / FPS)]
    loud = np.abs(read_sound(film)).max(axis=0)
    worst, begin = 0.0, 0
    for clip in MIXED:
        around = range(begin * FPS, (begin + clip.seconds) * FPS)
        flash = max(around, key=light.__getitem__) / FPS
        part = loud[begin * 48_000 : (begin + clip.seconds) * 48_000]
        click = begin + int(np.argmax(part > 0.4)) / 48_000
        assert abs(flash - begin - FLASH_SECONDS) < 1 / FPS, clip.name
        worst = max(worst, abs(click - flash))
        begin += clip.seconds
    return worst


def _ssim(ffmpeg: str, one: Path, other: Path) -> float:
    command = [ffmpeg, "-i", one, "-i", other, "-lavfi", "ssim", "-f", "null", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    found = re.search(r"SSIM .*All:([0-9.]+)", told)
    assert found is not None
    return float(found[1])


@dataclass(slots=True)
class _Took:
    """What the rounds of one way took, in seconds."""

    walls: list[float] = field(default_factory=list)
    works: list[float] = field(default_factory=list)

    @property
    def wall(self) -> float:
        """By the clock, the round in the middle."""
        return median(self.walls)

    @property
    def work(self) -> float:
        """Of the processors, the round in the middle."""
        return median(self.works)


def _in_turns(
    ways: dict[str, Callable[[], Any]], rounds: int, seconds: float = ROUNDS_SECONDS
) -> dict[str, _Took]:
    """Measure the ways one after the other, each round the other way about.

    After so many seconds no further round begins, but each way has had two.
    """
    took = {name: _Took() for name in ways}
    end = time.perf_counter() + seconds
    for number in range(rounds):
        if number >= LEAST_ROUNDS and time.perf_counter() > end:
            break
        for name in list(ways)[:: 1 if number % 2 == 0 else -1]:
            began, used = time.perf_counter(), _used()
            ways[name]()
            wall, spent = time.perf_counter() - began, _used() - used
            took[name].walls.append(wall)
            took[name].works.append(spent)
            sys.stderr.write(f"  {number + 1}/{rounds} {name} {wall:.3f} s, {spent:.3f} s worked\n")
    return took


def _peer(script: list[str | Path], folder: Path, seconds: float) -> str | None:
    """Run a peer's script in a folder of its own; None where it took longer than it may."""
    place = folder / "peer"
    place.mkdir(exist_ok=True)
    with subprocess.Popen(
        script, cwd=place, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        try:
            told, _ = running.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            # With whatever it started.
            os.killpg(running.pid, signal.SIGKILL)
            return None
        finally:
            shutil.rmtree(place, ignore_errors=True)
    if running.returncode:
        raise RuntimeError(f"{script[1]} failed.")
    return told


def _used() -> float:
    """Return the seconds that processors worked for this process and those it started."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)


def _row(name: str, ours: float, theirs: float, limit: float | None, n: int) -> dict[str, Any]:
    row = {
        "name": name,
        "value": round(ours * 1000, 2),
        "unit": "ms",
        "peer": f"{theirs * 1000:,.1f} ms",
        "ratio": round(ours / theirs, 4),
        "n": n,
    }
    return row if limit is None else {**row, "limit": round(limit, 4)}
