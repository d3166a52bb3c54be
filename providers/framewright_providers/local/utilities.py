"""The local utilities: thin calls of the media room."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from framewright.errors import MediaError
from framewright.media import frames, images, speed, subtitles, text_track
from framewright.media.best_frames import best_frames
from framewright.media.caption import caption
from framewright.media.clips import merge
from framewright.media.loop import loop
from framewright.media.mux import mux
from framewright.media.normalise import normalise_sound, normalise_video
from framewright.media.prepare_image import prepare_image
from framewright.media.proxy import make_proxy
from framewright.media.resize import resize_video
from framewright.media.reverse import reverse
from framewright.media.sound import mix
from framewright.media.thumbnails import filmstrip
from framewright.media.trim import trim
from framewright.media.waveform import draw_waveform

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
        in_turn=inputs["in_turn"],
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


def subtitle_video(inputs: Inputs, seed: int, folder: Path, tell: Tell) -> Path:
    """Set subtitles on a video, or lay them beside its picture as a track to show or hide."""
    del seed
    target = folder / "subtitled.mp4"
    cues = subtitles.read_subtitles(inputs["text"])
    video, position = inputs["video"].path, inputs["position"]
    if inputs["track"]:
        text_track.add_text_track(video, target, cues, language=inputs["language"], tell=tell)
        return target
    subtitles.set_subtitles(video, target, cues, position=position, tell=tell)
    return target


def best_frame(inputs: Inputs, seed: int, folder: Path, tell: Tell) -> Path:
    """Take the frame that makes the best still, or the next best ones."""
    del seed
    target = folder / "frame.png"
    found = best_frames(inputs["video"].path, inputs["rank"], tell)
    # A short video may not have so many that differ.
    images.write_png(found[-1][1], target)
    return target


def reverse_video(inputs: Inputs, seed: int, folder: Path, tell: Tell) -> Path:
    """Play a video backwards."""
    del seed
    target = folder / "reversed.mp4"
    reverse(inputs["video"].path, target, tell=tell)
    return target


def change_speed(inputs: Inputs, seed: int, folder: Path, tell: Tell) -> Path:
    """Play a video faster or slower."""
    del seed
    target = folder / "speed.mp4"
    speed.change_speed(inputs["video"].path, target, factor=inputs["factor"], tell=tell)
    return target


def loop_video(inputs: Inputs, seed: int, folder: Path, tell: Tell) -> Path:
    """Repeat a video up to a length."""
    del seed
    target = folder / "looped.mp4"
    loop(inputs["video"].path, target, seconds=inputs["seconds"], tell=tell)
    return target


def normalize_sound(inputs: Inputs, seed: int, folder: Path, tell: Tell) -> Path:
    """Bring a sound to a loudness."""
    del seed
    target = folder / "normalized.wav"
    lufs, peak = inputs["lufs"], inputs["true_peak_dbtp"]
    normalise_sound(inputs["audio"].path, target, lufs=lufs, peak_dbtp=peak, tell=tell)
    return target


def normalize_video(inputs: Inputs, seed: int, folder: Path, tell: Tell) -> Path:
    """Bring a video's sound to a loudness."""
    del seed
    target = folder / "normalized.mp4"
    lufs, peak = inputs["lufs"], inputs["true_peak_dbtp"]
    normalise_video(inputs["video"].path, target, lufs=lufs, peak_dbtp=peak, tell=tell)
    return target


def compress_image(inputs: Inputs, seed: int, folder: Path, tell: Tell) -> Path:
    """Make an image file that keeps to a number of bytes and pixels."""
    del seed, tell
    target = folder / f"image.{inputs['format']}"
    prepare_image(
        inputs["image"].path,
        target,
        formats=(inputs["format"],),
        max_bytes=inputs["max_bytes"],
        max_pixels=inputs["max_pixels"],
        max_side=inputs["max_side"],
    )
    return target


def draw_filmstrip(inputs: Inputs, seed: int, folder: Path, tell: Tell) -> Path:
    """Draw a row of small frames from all over a video."""
    del seed
    target = folder / "filmstrip.png"
    count, height = inputs["count"], inputs["height"]
    images.write_png(filmstrip(inputs["video"].path, count=count, height=height, tell=tell), target)
    return target


def draw_sound(inputs: Inputs, seed: int, folder: Path, tell: Tell) -> Path:
    """Draw how loud a sound is over its length."""
    del seed
    target = folder / "waveform.png"
    width, height = inputs["width"], inputs["height"]
    made = draw_waveform(inputs["audio"].path, width=width, height=height, tell=tell)
    images.write_png(made, target)
    return target


def make_small(inputs: Inputs, seed: int, folder: Path, tell: Tell) -> Path:
    """Make a small copy of a video for looking through."""
    del seed
    target = folder / "proxy.mp4"
    make_proxy(inputs["video"].path, target, height=inputs["rows"], tell=tell)
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
