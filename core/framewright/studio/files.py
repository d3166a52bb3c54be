"""Media work on plain files, without a workspace: probing, frames, merging."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from framewright.domain.media import MediaInfo, MediaKind
from framewright.domain.value import Value
from framewright.errors import InputError, MediaError, as_storage_error
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL.Image import Image

    from framewright.quality.technical import Review
    from framewright.studio.expected import Expected


SHORTEST_DISTANCE = 0.005
"""Seconds between two frames at least: no video here has more than 200 a second."""


class Frame(Value):
    """One frame that was written as a picture."""

    path: Path
    seconds: float | None
    """Where it stands in the video; absent for the last frame."""


@dataclass(frozen=True, slots=True)
class Which:
    """Which frames are wanted: exactly one of these is set."""

    first: bool = False
    last: bool = False
    at: float | None = None
    """The frame shown at this many seconds."""
    every: float | None = None
    """One frame each so many seconds, from the first one on."""
    best: int | None = None
    """So many that would make the best stills, the best first."""

    def check(self) -> None:
        """Raise `InputError` unless exactly one sensible choice was made."""
        given = (self.at, self.every, self.best)
        if self.first + self.last + sum(each is not None for each in given) != 1:
            message = "Say which: one of --first, --last, --at SECONDS, --every SECONDS, --best N."
            raise InputError(message)
        at, every = self.at or 0.0, 1.0 if self.every is None else self.every
        if not 0 <= at < math.inf:
            raise InputError("A time in a video is a number of seconds, not below zero.")
        if not SHORTEST_DISTANCE <= every < math.inf:
            message = f"Frames can be taken every {SHORTEST_DISTANCE:g} seconds or further apart."
            raise InputError(message)


async def inspect(path: Path, expected: Expected) -> Review:
    """Look into a file as into a step's result; raises `NotFoundError` where there is none."""
    from framewright.media.guards import check_file
    from framewright.media.probe import probe as look
    from framewright.quality.technical import Expectation, review

    def work() -> Review:
        check_file(path)
        kind = expected.kind or look(path).kind
        width, height = expected.size or (None, None)
        return review(
            path,
            Expectation(
                kind,
                width,
                height,
                expected.ratio,
                expected.duration,
                expected.fps,
                must_move=expected.moves,
            ),
        )

    return await asyncio.to_thread(work)


async def probe(path: Path) -> MediaInfo:
    """Return what a media file holds; raises `NotFoundError` or `MediaError`."""
    from framewright.media.probe import probe as look

    return await asyncio.to_thread(look, path)


async def frames(video: Path, folder: Path, which: Which, tell: Tell = silent) -> tuple[Frame, ...]:
    """Write frames of a video as `<name>-<which>.png` into a folder and return them.

    Raises `InputError` for a choice that is none and `MediaError` for what is no video.
    """
    which.check()
    return await asyncio.to_thread(_write_frames, video, folder, which, tell)


async def merge(
    clips: Sequence[Path],
    target: Path,
    *,
    transition: str = "cut",
    seconds: float = 0.5,
    fit: str = "contain",
    overwrite: bool = False,
    tell: Tell = silent,
) -> MediaInfo:
    """Join clips into one MP4, with transitions so many seconds long; return what it holds.

    Mixed sizes, rates and sounds are brought to those of the first clip. Raises `MediaError`
    for a clip that can not be used and `InputError` for a target that is in the way.
    """
    return await asyncio.to_thread(_merge, clips, target, transition, seconds, fit, overwrite, tell)


def _merge(
    clips: Sequence[Path],
    target: Path,
    transition: str,
    seconds: float,
    fit: str,
    overwrite: bool,
    tell: Tell,
) -> MediaInfo:
    from framewright.media.clips import merge as join
    from framewright.media.probe import probe as look

    if len(clips) < 2:
        raise InputError("Merging needs at least two clips.")
    if target.suffix.lower() not in {".mp4", ".m4v"}:
        action = f"Call it {target.with_suffix('.mp4').name}."
        raise InputError(f"{target.name} would hold an MP4 under another ending.", action=action)
    if target.exists() and (not overwrite or target.is_dir()):
        raise InputError(f"{target} is there already.", action="Choose another name, or --force.")
    if any(_same(clip, target) for clip in clips):
        raise InputError(f"{target} is one of the clips.", action="Choose another name.")
    for clip in clips:
        if look(clip).kind is not MediaKind.VIDEO:
            raise MediaError(f"{clip} is not a video.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        join(clips, target, transition=transition, transition_seconds=seconds, how=fit, tell=tell)
    except OSError as error:
        raise as_storage_error(error, target.parent) from error
    return look(target)


def _write_frames(video: Path, folder: Path, which: Which, tell: Tell) -> tuple[Frame, ...]:
    from framewright.media.images import write_png
    from framewright.media.probe import probe as look

    if look(video).kind is not MediaKind.VIDEO:
        raise MediaError(f"{video} is not a video.")
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, seconds, image in _chosen(video, which, tell):
            path = folder / f"{video.stem}-{name}.png"
            write_png(image, path)
            written.append(Frame(path=path, seconds=seconds))
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError(f"{folder} is a file, not a folder.") from error
    except OSError as error:
        raise as_storage_error(error, folder) from error
    return tuple(written)


def _chosen(video: Path, which: Which, tell: Tell) -> Iterator[tuple[str, float | None, Image]]:
    from framewright.media.frames import first_frame, frame_at, frames_every, last_frame

    if which.first:
        yield "first", 0.0, first_frame(video)
    elif which.last:
        yield "last", None, last_frame(video)
    elif which.at is not None:
        yield f"{which.at:07.3f}s", which.at, frame_at(video, which.at)
    elif which.best is not None:
        from framewright.media.best_frames import best_frames

        for number, (seconds, image) in enumerate(best_frames(video, which.best, tell), 1):
            yield f"best{number}", seconds, image
    elif which.every is not None:
        for seconds, image in frames_every(video, which.every, tell):
            yield f"{seconds:07.3f}s", seconds, image


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.exists() and one.samefile(other)
