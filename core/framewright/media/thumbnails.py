"""Small pictures of large ones: of a still, of a video, and of a video's whole course."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from PIL import Image

from framewright.errors import MediaError
from framewright.media import decode
from framewright.media.guards import open_container, open_image_file
from framewright.media.picture import upright_image
from framewright.media.source import Source, examine
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_MOST_TILES = 60


def thumbnail(image: Path, side: int = 256) -> Image.Image:
    """Return a small version of an image file, sRGB and upright, at most `side` pixels long.

    A JPEG is decoded at an eighth, a quarter or half of its size where that is enough; larger
    than it is, no picture gets. Raises as `open_image_file` does.
    """
    if not 8 <= side <= 4096:
        message = f"A thumbnail cannot be {side} pixels long."
        raise MediaError(message, action="Use 8 to 4096.")
    return open_image_file(image, within=side)


def filmstrip(
    video: Path, *, count: int = 10, height: int = 90, tell: Tell = silent
) -> Image.Image:
    """Return `count` frames of a video in a row, each from the middle of its part.

    Where a keyframe lies in that part, it is taken instead, which is far quicker.
    """
    if not (1 <= count <= _MOST_TILES and 16 <= height <= 1080):
        message = f"A filmstrip of {count} pictures {height} pixels high is not possible."
        raise MediaError(message, action=f"Use 1 to {_MOST_TILES} pictures of 16 to 1080 pixels.")
    source = examine(video)
    width = max(1, round(source.width * height / source.height))
    strip = Image.new("RGB", (width * count, height))
    step = source.span.length / count
    middles = {number: step * (number + Fraction(1, 2)) for number in range(count)}
    for number, frame in _chosen(source, middles, step / 2):
        tell(number / count)
        picture = upright_image(frame, source.view)
        strip.paste(picture.resize((width, height), Image.Resampling.BILINEAR), (width * number, 0))
    tell(1.0)
    return strip


def _chosen(
    source: Source, places: dict[int, Fraction], near: Fraction
) -> Iterator[tuple[int, VideoFrame]]:
    """Yield keyframes near to the places, then for what has none the frames shown there."""
    left = dict(places)
    with open_container(source.path) as container:
        stream = decode.need_picture_stream(container, source.path.name)
        stream.codec_context.skip_frame = "NONKEY"
        # Some streams decode to garbage after a seek unless a frame was decoded before.
        primed = next(decode.pictures(container, stream), None) is not None
        for number, place in places.items() if primed else ():
            found = _keyframe_at(container, stream, source.span.start + place, near)
            if found is None:
                break
            del left[number]
            yield number, found
    if left:
        yield from _met(source, left)


def _met(source: Source, places: dict[int, Fraction]) -> Iterator[tuple[int, VideoFrame]]:
    """Decode through, yielding the frame that is shown at each of the places."""
    left = list(places.items())
    shown: VideoFrame | None = None
    for time, frame in decode.all_pictures(source.path):
        while shown and left and time > source.span.start + left[0][1] + decode.NEAR:
            yield left.pop(0)[0], shown
        if not left:
            return
        shown = frame
    for number, _ in left if shown else ():
        assert shown is not None
        yield number, shown


def _keyframe_at(
    container: InputContainer, stream: VideoStream, wanted: Fraction, near: Fraction
) -> VideoFrame | None:
    """Return the keyframe before a container time; None where it lies too far from it."""
    if not decode.seek(container, stream, wanted):
        return None
    found = next(decode.pictures(container, stream), None)
    return found[1] if found is not None and abs(found[0] - wanted) <= near else None
