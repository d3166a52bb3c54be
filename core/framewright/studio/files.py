"""Media work on plain files, without a workspace: probing, frames, merging, subtitles."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from framewright.domain.value import Value
from framewright.errors import InputError, as_storage_error
from framewright.isolation import Isolation
from framewright.isolation.desk import desk, take_from
from framewright.isolation.stoppable import in_thread
from framewright.media.errands import Film, MergeClips, Probe, Subtitle, WriteFrames
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.domain.media import MediaInfo
    from framewright.quality.review import Review
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
    at: tuple[float, ...] = ()
    """The frames shown at these many seconds."""
    every: float | None = None
    """One frame each so many seconds, from the first one on."""
    best: int | None = None
    """So many that would make the best stills, the best first."""

    def check(self) -> None:
        """Raise `InputError` unless exactly one sensible choice was made."""
        given = (self.at or None, self.every, self.best)
        if self.first + self.last + sum(each is not None for each in given) != 1:
            message = "Say which: one of --first, --last, --at SECONDS, --every SECONDS, --best N."
            raise InputError(message)
        every = 1.0 if self.every is None else self.every
        if not all(0 <= each < math.inf for each in self.at):
            raise InputError("A time in a video is a number of seconds, not below zero.")
        if not SHORTEST_DISTANCE <= every < math.inf:
            message = f"Frames can be taken every {SHORTEST_DISTANCE:g} seconds or further apart."
            raise InputError(message)


async def inspect(path: Path, expected: Expected) -> Review:
    """Look into a file as into a step's result; raises `NotFoundError` where there is none."""
    from framewright.quality.errands import ReviewFile
    from framewright.quality.review import Expectation

    with Isolation(1) as isolation:
        # What is no file at all is an error, and not a finding on it.
        kind = (await isolation.wait_for(Probe(path=path))).kind
        width, height = expected.size or (None, None)
        wanted = Expectation(
            expected.kind or kind,
            width,
            height,
            expected.ratio,
            expected.duration,
            expected.fps,
            must_move=expected.moves,
        )
        return await isolation.wait_for(ReviewFile(path=path, expected=wanted))


async def probe(path: Path, *, count: bool = False) -> MediaInfo:
    """Return what a media file holds; raises `NotFoundError` or `MediaError`.

    With `count`, a video's frames are counted by decoding it to its end.
    """
    with Isolation(1) as isolation:
        return await isolation.wait_for(Probe(path=path, count=count))


async def frames(
    video: Path, folder: Path, which: Which, *, overwrite: bool = False, tell: Tell = silent
) -> tuple[Frame, ...]:
    """Write frames of a video as `<name>-<which>.png` into a folder and return them.

    Raises `InputError` for a choice that is none, or a file that is in the way; then nothing has
    changed. Raises `MediaError` for what is no video.
    """
    which.check()
    return await in_thread(partial(_write_frames, video, folder, which, overwrite), tell)


async def merge(
    clips: Sequence[Path],
    target: Path,
    *,
    transition: str = "cut",
    seconds: float = 0.5,
    fit: str = "contain",
    fps: float | None = None,
    overwrite: bool = False,
    tell: Tell = silent,
) -> Film:
    """Join clips into one MP4, with transitions so many seconds long; return what it holds.

    Mixed sizes, rates and sounds are brought to those of the first clip, or the rate to `fps`.
    Raises `MediaError` for a clip that can not be used and `InputError` for a target that is in
    the way.
    """
    _check_merge(clips, target, fps, overwrite=overwrite)
    wanted = MergeClips(
        clips=tuple(clips),
        target=target,
        transition=transition,
        seconds=seconds,
        fit=fit,
        fps=fps,
    )
    return await in_thread(partial(_written, wanted), tell)


async def subtitle(
    video: Path,
    words: Path,
    target: Path,
    *,
    soft: bool = False,
    language: str = "und",
    overwrite: bool = False,
    tell: Tell = silent,
) -> Film:
    """Set the subtitles of an SRT or WebVTT file on a video, into a new MP4; return what it holds.

    With `soft`, they are a track of their own in a language (ISO 639-2), which players show or
    hide. Raises `MediaError` for a file that can not be used and `InputError` for a target that
    is in the way.
    """
    _check_target(target, (video, words), overwrite=overwrite)
    wanted = Subtitle(video=video, words=words, target=target, soft=soft, language=language)
    return await in_thread(partial(_written, wanted), tell)


def _check_merge(
    clips: Sequence[Path], target: Path, fps: float | None, *, overwrite: bool
) -> None:
    if fps is not None and not 1 <= fps <= 120:
        raise InputError("A film has 1 to 120 frames a second.")
    if len(clips) < 2:
        raise InputError("Merging needs at least two clips.")
    _check_target(target, clips, overwrite=overwrite)


def _check_target(target: Path, given: Sequence[Path], *, overwrite: bool) -> None:
    if target.suffix.lower() not in {".mp4", ".m4v"}:
        action = f"Call it {target.with_suffix('.mp4').name}."
        raise InputError(f"{target.name} would hold an MP4 under another ending.", action=action)
    if target.exists() and (not overwrite or target.is_dir()):
        raise InputError(f"{target} is there already.", action="Choose another name, or --force.")
    if any(_same(file, target) for file in given):
        raise InputError(f"{target} is one of the files given.", action="Choose another name.")


def _written(wanted: MergeClips | Subtitle, tell: Tell) -> Film:
    target = wanted.target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with Isolation(1) as isolation, desk(target.parent) as folder:
            made = folder / "film.mp4"
            film = isolation.run(wanted.model_copy(update={"target": made}), tell)
            tell(1.0)
            take_from(made, target)
    except OSError as error:
        raise as_storage_error(error, target.parent) from error
    return film


def _write_frames(
    video: Path, folder: Path, which: Which, overwrite: bool, tell: Tell
) -> tuple[Frame, ...]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with Isolation(1) as isolation, desk(folder) as made:
            errand = WriteFrames(video=video, folder=made, stem=video.stem, **asdict(which))
            written = []
            pictures = isolation.run(errand, tell)
            tell(1.0)
            there = next((each for each in pictures if (folder / each.name).exists()), None)
            if there is not None and not overwrite:
                message = f"{folder / there.name} is there already."
                raise InputError(message, action="Choose another folder, or --force.")
            for picture in pictures:
                path = folder / picture.name
                take_from(made / picture.name, path)
                written.append(Frame(path=path, seconds=picture.seconds))
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError(f"{folder} is a file, not a folder.") from error
    except OSError as error:
        raise as_storage_error(error, folder) from error
    return tuple(written)


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.exists() and one.samefile(other)
