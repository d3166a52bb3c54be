"""Single frames of a video, upright and in RGB."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from framewright.errors import MediaError
from framewright.media import decode
from framewright.media.decode import NEAR
from framewright.media.guards import open_container
from framewright.media.picture import upright_image
from framewright.media.shape import view_of
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream
    from PIL import Image

    Moment = tuple[Fraction, VideoFrame]

_TAIL_BACK_OFF_SECONDS = (0, 1, 4, 16, 64)
_SEEK_EVERY_SECONDS = 4
"""Frames further apart than this are sought; nearer ones are met while decoding through."""

_LEAST_SECONDS = 0.001
"""No frames are nearer to each other."""


def first_frame(path: Path) -> Image.Image:
    """Return the first frame that can be decoded; raises `MediaError` where none can."""
    with open_container(path) as container:
        stream = decode.need_picture_stream(container, path.name)
        _, frame = _first(container, stream, path.name)
        return upright_image(frame, view_of(stream, frame))


def last_frame(path: Path) -> Image.Image:
    """Return the last frame that can be decoded; raises `MediaError` where none can."""
    with open_container(path) as container:
        stream = decode.need_picture_stream(container, path.name)
        # Some H.264 streams decode to garbage after a seek unless a frame was decoded before.
        first = _first(container, stream, path.name)
        _, frame = _last(path, container, stream, first)
        return upright_image(frame, view_of(stream, first[1]))


def frame_at(path: Path, seconds: float) -> Image.Image:
    """Return the frame shown `seconds` after the first one; the very end shows the last frame.

    Raises `MediaError` before the beginning and beyond the end.
    """
    if not 0 <= seconds < math.inf:
        message = f"{path.name} has no frame at {seconds:g} seconds."
        raise MediaError(message, action="Give a time of 0 or more.")
    with open_container(path) as container:
        stream = decode.need_picture_stream(container, path.name)
        first = _first(container, stream, path.name)
        wanted = Fraction(seconds).limit_denominator(1_000_000)
        _, frame = _at(path, container, stream, first, wanted)
        return upright_image(frame, view_of(stream, first[1]))


def frames_every(
    path: Path, seconds: float, tell: Tell = silent
) -> Iterator[tuple[float, Image.Image]]:
    """Yield a frame each so many seconds, beginning with the first, with its nominal time."""
    if not _LEAST_SECONDS <= seconds < math.inf:
        message = f"Frames cannot be taken every {seconds:g} seconds."
        raise MediaError(message, action=f"Give a distance of at least {_LEAST_SECONDS:g} seconds.")
    step = Fraction(seconds).limit_denominator(1_000_000)
    with open_container(path) as container:
        stream = decode.need_picture_stream(container, path.name)
        first = _first(container, stream, path.name)
        view = view_of(stream, first[1])
        length = _told_length(container, stream)
        way = _sought if step > _SEEK_EVERY_SECONDS else _met
        for time, frame in way(path, container, stream, first, step):
            tell(min(1.0, float(time / length)) if length else 0.0)
            yield float(time), upright_image(frame, view)
    tell(1.0)


def frame_length(frame: VideoFrame, stream: VideoStream) -> Fraction:
    """Return how long a frame is shown, in seconds."""
    if frame.duration and frame.time_base:
        return frame.duration * frame.time_base
    return 1 / decode.nominal_rate(stream)


def _first(container: InputContainer, stream: VideoStream, name: str) -> Moment:
    found = next(decode.pictures(container, stream), None)
    if found is None:
        message = f"{name} holds no frame that can be decoded."
        raise MediaError(message)
    return found


def _last(path: Path, container: InputContainer, stream: VideoStream, first: Moment) -> Moment:
    end = _told_length(container, stream)
    for back in _TAIL_BACK_OFF_SECONDS if end else ():
        if not decode.seek(container, stream, max(first[0], first[0] + end - back)):
            break
        tail = max(decode.pictures(container, stream), key=lambda found: found[0], default=None)
        if tail is not None and tail[1].pts is not None:
            return tail
        if back >= end:
            break
    return max(decode.all_pictures(path), key=lambda found: found[0], default=first)


def _at(
    path: Path, container: InputContainer, stream: VideoStream, first: Moment, wanted: Fraction
) -> Moment:
    shown = first
    moment = first[0] + wanted
    for time, frame in decode.pictures_from(path, container, stream, first[0], moment):
        if time > moment + NEAR:
            return shown
        shown = (time, frame)
    end = shown[0] + frame_length(shown[1], stream)
    if moment > end + NEAR:
        length = float(end - first[0])
        message = (
            f"{path.name} is {length:.2f} seconds long and has no frame at {float(wanted):g} s."
        )
        raise MediaError(message, action=f"Give a time from 0 to {length:.2f} seconds.")
    return shown


def _met(
    path: Path, container: InputContainer, stream: VideoStream, first: Moment, step: Fraction
) -> Iterator[Moment]:
    """Decode through, yielding the frame that is shown at each multiple of the step."""
    del container
    tick, shown = Fraction(0), first
    for time, frame in decode.all_pictures(path):
        while time - first[0] > tick + NEAR:
            yield tick, shown[1]
            tick += step
        shown = (time, frame)
    end = shown[0] - first[0] + frame_length(shown[1], stream)
    while tick < end - NEAR:
        yield tick, shown[1]
        tick += step


def _sought(
    path: Path, container: InputContainer, stream: VideoStream, first: Moment, step: Fraction
) -> Iterator[Moment]:
    tick = Fraction(0)
    while True:
        try:
            _, frame = _at(path, container, stream, first, tick)
        except MediaError:
            return
        yield tick, frame
        tick += step


def _told_length(container: InputContainer, stream: VideoStream) -> Fraction:
    """Return the length the container claims, 0 where it claims none."""
    if stream.duration and stream.time_base:
        return stream.duration * Fraction(stream.time_base)
    return Fraction(container.duration or 0, 1_000_000)
