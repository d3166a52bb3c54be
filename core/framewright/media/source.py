"""A clip as material: what it is, and its frames on another clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING

from framewright.errors import MediaError
from framewright.media import decode
from framewright.media.guards import open_container
from framewright.media.picture import Conform
from framewright.media.shape import Fit, View, even, view_of
from framewright.media.span import Span, picture_span, steady_rate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_SEEK_FROM_SECONDS = 3
"""Nearer beginnings are reached by decoding up to them."""
_NEAR_RATE = Fraction(1, 100)
_SOUND_RATES = (44_100, 48_000)


@dataclass(frozen=True, slots=True)
class Source:
    """A clip that was looked at and can be decoded."""

    path: Path
    width: int
    """Pixels across as shown."""
    height: int
    """Pixels down as shown."""
    view: View
    span: Span
    rate: Fraction
    """Frames per second on which its frames lie, or nearly; with frames of uneven lengths, those
    of its quicker parts."""
    sound_rate: int | None
    """Samples per second of its sound; None without any."""

    @property
    def even_size(self) -> tuple[int, int]:
        """The size of a video as large as this one."""
        return even(self.width), even(self.height)

    def count(self, fps: Fraction) -> int:
        """Return how many frames the clip has at another rate, at least one."""
        return max(1, nearest(self.span.length * fps))


def nearest(number: Fraction) -> int:
    """Return the nearest whole number; halves go up, so that ticks never move together."""
    return (number + Fraction(1, 2)).__floor__()


def examine(path: Path) -> Source:
    """Return what a clip is; raises `MediaError` where it has no frame that can be decoded."""
    with open_container(path) as container:
        stream = decode.need_picture_stream(container, path.name)
        found = next(decode.pictures(container, stream), None)
        if found is None:
            message = f"{path.name} holds no frame that can be decoded."
            raise MediaError(message)
        frame = found[1]
        view = view_of(stream, frame)
        width, height = view.size(frame.width, frame.height)
        sound = decode.sound_stream(container)
        sound_rate = sound.codec_context.sample_rate if sound is not None else None
    with open_container(path) as container:
        stream = decode.need_picture_stream(container, path.name)
        span = picture_span(container, stream)
        rate = _rate(stream, span)
    start = min(span.start, found[0]) if span.frames else found[0]
    return Source(path, width, height, view, replace(span, start=start), rate, sound_rate)


def sound_rate_of(sources: list[Source]) -> int | None:
    """Return the rate of the first clip's sound that film uses, or None where all are silent."""
    rates = [source.sound_rate for source in sources if source.sound_rate]
    if not rates:
        return None
    return rates[0] if rates[0] in _SOUND_RATES else _SOUND_RATES[-1]


def steady(source: Source, fps: Fraction, first: int, count: int) -> Iterator[VideoFrame]:
    """Yield exactly `count` frames at a constant rate, from tick `first` of the clip on.

    A frame is shown from the tick nearest to its time until the next one's; the last is held.
    """
    at, end = first, first + count
    shown: VideoFrame | None = None
    for time, frame in _moments(source, Fraction(first) / fps):
        tick = nearest((time - source.span.start) * fps)
        while shown is not None and at < min(tick, end):
            yield shown
            at += 1
        if at >= end:
            return
        shown = frame
    if shown is None:
        message = f"{source.path.name} holds no frame that can be decoded there."
        raise MediaError(message)
    while at < end:
        yield shown
        at += 1


def steady_pictures(
    source: Source,
    size: tuple[int, int],
    fps: Fraction,
    count: int,
    *,
    first: int = 0,
    how: Fit = "contain",
) -> Iterator[VideoFrame]:
    """Yield what `steady` yields, fitted into a size; see `Conform.frame`."""
    conform = Conform(*size, how, source.view)
    for frame in steady(source, fps, first, count):
        yield conform.frame(frame)


def _moments(source: Source, seconds: Fraction) -> Iterator[tuple[Fraction, VideoFrame]]:
    with open_container(source.path) as container:
        stream = decode.need_picture_stream(container, source.path.name)
        reading = decode.pictures(container, stream)
        begin = next(reading, None)
        if begin is None:
            return
        if seconds < _SEEK_FROM_SECONDS:
            yield from chain([begin], reading)
        else:
            yield from decode.pictures_from(
                source.path, container, stream, begin[0], source.span.start + seconds
            )


def _rate(stream: VideoStream, span: Span) -> Fraction:
    if span.pace is not None and not span.pace.even:
        return steady_rate(span.pace.rate)
    nominal = decode.nominal_rate(stream)
    measured = span.average_rate or nominal
    # Time stamps are rounded: where the container's word is about right, it is exact.
    close = abs(measured - nominal) <= nominal * _NEAR_RATE
    return steady_rate(nominal if close else measured)
