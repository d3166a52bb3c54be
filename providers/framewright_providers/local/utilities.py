"""The local utilities: thin calls of the media room."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from framewright.errors import MediaError
from framewright.media import frames, images
from framewright.media.caption import caption
from framewright.media.clips import merge
from framewright.media.mux import mux
from framewright.media.resize import resize_video
from framewright.media.sound import mix
from framewright.media.trim import trim

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.protocols import Tell

    Inputs = dict[str, Any]


def extract_frame(inputs: Inputs, seed: int, folder: Path, tell: Tell) -> Path:
    """Take one frame of a video."""
    del seed, tell
    video, target = inputs["video"].path, folder / "frame.png"
    if inputs["time_seconds"] is not None:
        image = frames.frame_at(video, inputs["time_seconds"])
    elif inputs["position"] == "last":
        image = frames.last_frame(video)
    else:
        image = frames.first_frame(video)
    images.write_png(image, target)
    return target


def merge_videos(inputs: Inputs, seed: int, folder: Path, tell: Tell) -> Path:
    """Join clips in order."""
    del seed
    target = folder / "merged.mp4"
    merge(
        [clip.path for clip in inputs["videos"]],
        target,
        transition=inputs["transition"],
        transition_seconds=inputs["transition_seconds"],
        size=_size(inputs),
        fps=_rate(inputs["fps"]),
        how=inputs["fit"],
        tell=tell,
    )
    return target


def trim_video(inputs: Inputs, seed: int, folder: Path, tell: Tell) -> Path:
    """Cut a video to a time range."""
    del seed
    target = folder / "trimmed.mp4"
    start, end = inputs["start_seconds"], inputs["end_seconds"]
    trim(inputs["video"].path, target, start_seconds=start, end_seconds=end, tell=tell)
    return target


def mux_audio(inputs: Inputs, seed: int, folder: Path, tell: Tell) -> Path:
    """Put a sound track on a video."""
    del seed
    target = folder / "film.mp4"
    mux(
        inputs["video"].path,
        inputs["audio"].path,
        target,
        mode=inputs["mode"],
        length=inputs["length"],
        tell=tell,
    )
    return target


def mix_audio(inputs: Inputs, seed: int, folder: Path, tell: Tell) -> Path:
    """Mix sound tracks, the later ones stepping back where asked."""
    del seed
    target = folder / "mix.wav"
    mix(
        [track.path for track in inputs["tracks"]],
        target,
        gains_db=inputs["gains_db"] or (),
        starts_seconds=inputs["starts_seconds"] or (),
        duck=inputs["duck"],
        tell=tell,
    )
    return target


def resize(inputs: Inputs, seed: int, folder: Path, tell: Tell) -> Path:
    """Fit a video into another size or shape."""
    del seed
    target = folder / "resized.mp4"
    resize_video(
        inputs["video"].path,
        target,
        width=inputs["width"],
        height=inputs["height"],
        aspect_ratio=inputs["aspect_ratio"],
        how=inputs["fit"],
        tell=tell,
    )
    return target


def resize_picture(inputs: Inputs, seed: int, folder: Path, tell: Tell) -> Path:
    """Fit a picture into another size or shape."""
    del seed, tell
    target = folder / "resized.png"
    images.resize_image(
        inputs["image"].path,
        target,
        width=inputs["width"],
        height=inputs["height"],
        aspect_ratio=inputs["aspect_ratio"],
        how=inputs["fit"],
    )
    return target


def caption_video(inputs: Inputs, seed: int, folder: Path, tell: Tell) -> Path:
    """Set a text on a video."""
    del seed
    target = folder / "captioned.mp4"
    caption(
        inputs["video"].path,
        target,
        text=inputs["text"],
        position=inputs["position"],
        start_seconds=inputs["start_seconds"],
        end_seconds=inputs["end_seconds"],
        tell=tell,
    )
    return target


def _size(inputs: Inputs) -> tuple[int, int] | None:
    """Return the size that was asked for; raises `MediaError` for half of one."""
    width, height = inputs["width"], inputs["height"]
    if (width is None) is not (height is None):
        message = "Only one side of the size is given."
        raise MediaError(message, action="Give width and height, or neither.")
    return None if width is None else (width, height)


def _rate(fps: float | None) -> Fraction | None:
    return None if fps is None else Fraction(fps).limit_denominator(1001)
