"""Decoding that goes on after damaged packets, from the beginning or from a moment."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from framewright.errors import MediaError
from framewright.media.codecs import AudioStream, Disposition, FFmpegError, VideoStream
from framewright.media.guards import open_container

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.audio.frame import AudioFrame
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame

NEAR = Fraction(1, 1000)
"""Containers that count in milliseconds put a frame this far from where it belongs."""

_BACK_OFF_SECONDS = (0, 1, 4, 16, 64)
_USUAL_RATE = Fraction(25)
_FASTEST_GUESS = 240
"""Beyond this FFmpeg guessed the clock of uneven frames, 2000 for milliseconds, and not a rate."""


def picture_stream(container: InputContainer) -> VideoStream | None:
    """Return the main moving picture, or None; cover art does not count."""
    best = container.streams.best("video")
    candidates = [best] if isinstance(best, VideoStream) else []
    for stream in [*candidates, *container.streams.video]:
        if not stream.disposition & Disposition.attached_pic:
            stream.thread_type = "AUTO"
            return stream
    return None


def sound_stream(container: InputContainer) -> AudioStream | None:
    """Return the main sound track, or None."""
    best = container.streams.best("audio")
    return best if isinstance(best, AudioStream) else None


def need_picture_stream(container: InputContainer, name: str) -> VideoStream:
    """Return the main moving picture; raises `MediaError` where there is none."""
    stream = picture_stream(container)
    if stream is None:
        message = f"{name} holds no moving picture."
        raise MediaError(message, action="Give a video here.")
    return stream


def nominal_rate(stream: VideoStream) -> Fraction:
    """Return what the container says about frames per second, or 25 where it says nothing."""
    if stream.average_rate:
        return Fraction(stream.average_rate)
    for guess in (stream.guessed_rate, stream.base_rate):
        if guess and guess <= _FASTEST_GUESS:
            return Fraction(guess)
    return _USUAL_RATE


def packets(
    container: InputContainer, *streams: VideoStream | AudioStream
) -> Iterator[Packet[Any]]:
    """Yield the streams' packets up to their end or the first place that cannot be read."""
    reading = container.demux(*streams)
    while True:
        try:
            yield next(reading)
        except (StopIteration, FFmpegError):
            return


def pictures(
    container: InputContainer, stream: VideoStream
) -> Iterator[tuple[Fraction, VideoFrame]]:
    """Yield every sound frame with its time in the container, in seconds.

    Damaged packets and frames are left out. Where a stream has no clock, frames are counted.
    """
    step = 1 / nominal_rate(stream)
    counted = 0
    for packet in packets(container, stream):
        try:
            decoded = stream.decode(packet)
        except FFmpegError:
            continue
        for frame in decoded:
            time = _time(frame)
            moment = counted * step if time is None else time
            counted += 1
            if not frame.is_corrupt:
                yield moment, frame


def pictures_from(
    path: Path, container: InputContainer, stream: VideoStream, first: Fraction, seconds: Fraction
) -> Iterator[tuple[Fraction, VideoFrame]]:
    """Yield frames beginning at or before a container time, as near to it as keyframes allow.

    `first` is the time of the first frame, which must have been decoded already: some H.264
    streams decode to garbage after a seek otherwise. Where seeking fails, everything is yielded.
    """
    for back in _BACK_OFF_SECONDS:
        if seconds - back <= first or not seek(container, stream, seconds - back):
            break
        found = pictures(container, stream)
        begin = next(found, None)
        if begin is not None and begin[1].pts is not None and begin[0] <= seconds + NEAR:
            yield begin
            yield from found
            return
    yield from all_pictures(path)


def all_pictures(path: Path) -> Iterator[tuple[Fraction, VideoFrame]]:
    """Yield every sound frame of a file, read through a container of its own."""
    with open_container(path) as container:
        yield from pictures(container, need_picture_stream(container, path.name))


def seek(container: InputContainer, stream: VideoStream | AudioStream, seconds: Fraction) -> bool:
    """Go to the last keyframe at or before a container time; False where that cannot be done."""
    if stream.time_base is None:
        return False
    try:
        container.seek(int(seconds / stream.time_base), stream=stream, backward=True)
    except (FFmpegError, OverflowError):
        return False
    return True


@dataclass(slots=True)
class Count:
    """How many packets were decoded, and how many could not be."""

    good: int = 0
    damaged: int = 0


def sounds(
    container: InputContainer, stream: AudioStream, count: Count | None = None
) -> Iterator[AudioFrame]:
    """Yield every frame of sound that can be decoded; `count` counts what it came from."""
    count = count or Count()
    for packet in packets(container, stream):
        try:
            decoded = stream.decode(packet)
        except FFmpegError:
            count.damaged += 1
            continue
        # An empty packet behind the last asks for what is left.
        count.good += packet.size > 0
        yield from decoded


def _time(frame: VideoFrame) -> Fraction | None:
    if frame.pts is None or frame.time_base is None:
        return None
    return frame.pts * frame.time_base
