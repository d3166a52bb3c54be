"""Reading sound in blocks: any format comes as float samples on one steady clock."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framewright.errors import MediaError
from framewright.media import decode
from framewright.media.codecs import AudioResampler
from framewright.media.guards import open_container

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

Samples = np.ndarray
"""Sound: float32 of shape (channels, samples), full scale 1."""

_LAYOUTS = {1: "mono", 2: "stereo"}
_JITTER_SECONDS = Fraction(1, 20)
"""Time stamps closer than this to where the sound goes on anyway are rounding."""
_LONGEST_GAP_SECONDS = 60
"""A larger jump of the clock is a fault, unless it leads to a time that the file says it has."""
_LONGEST_TOLD_SECONDS = 24 * 60 * 60
"""A file that says it is longer is not believed: nobody could wait for its silence."""
_PREROLL_SECONDS = 1
"""Decoded before the first wanted sample, because codecs need a run-up."""
_RAMP_SECONDS = Fraction(5, 1000)


def sound_blocks(
    path: Path,
    rate: int,
    channels: int,
    start: Fraction | None = None,
    count: decode.Count | None = None,
) -> Iterator[Samples]:
    """Yield a file's sound in blocks that follow each other without a gap.

    `start` is the time in the container at which the first sample lies; None means where the
    sound begins. Pauses in the file come as silence. Raises `MediaError` without a sound track.
    """
    if channels not in _LAYOUTS:
        message = f"Sound cannot be read into {channels} channels."
        raise MediaError(message, action="Ask for one or two.")
    with open_container(path) as container:
        stream = decode.sound_stream(container)
        if stream is None:
            message = f"{path.name} holds no sound."
            raise MediaError(message, action="Give a file with a sound track here.")
        if start is not None and start > 10 * _PREROLL_SECONDS:
            _go_near(container, stream, start)
        heard = 0
        end = _told_end(container, stream, rate, start)
        for position, block in _placed(container, stream, rate, channels, start, count):
            if end is not None and position >= end:
                return
            while heard < position:
                pause = min(rate, position - heard)
                yield np.zeros((channels, pause), dtype=np.float32)
                heard += pause
            fresh = block[:, heard - position : None if end is None else max(0, end - position)]
            if fresh.shape[1]:
                heard += fresh.shape[1]
                yield fresh


def told_samples(path: Path, rate: int) -> int:
    """Return about how many samples a file has as it says itself, 0 where it does not say."""
    with open_container(path) as container:
        return (container.duration or 0) * rate // 1_000_000


def _told_end(
    container: InputContainer, stream: AudioStream, rate: int, start: Fraction | None
) -> int | None:
    """Return after how many samples the sound ends, where its decoder would add padding."""
    if not container.format.name.startswith("mov,") or not stream.duration or not stream.time_base:
        return None
    begin = (stream.start_time or 0) * Fraction(stream.time_base)
    end = begin + stream.duration * Fraction(stream.time_base)
    return max(0, round((end - (begin if start is None else start)) * rate))


def _go_near(container: InputContainer, stream: AudioStream, start: Fraction) -> None:
    # Where this fails, everything before the start is decoded and dropped.
    decode.seek(container, stream, start - _PREROLL_SECONDS)


def _placed(
    container: InputContainer,
    stream: AudioStream,
    rate: int,
    channels: int,
    start: Fraction | None,
    count: decode.Count | None,
) -> Iterator[tuple[int, Samples]]:
    """Yield blocks with the place of their first sample, counted from the start."""
    origin = start
    expected: int | None = None
    shift = 0
    latest = _latest(container)
    for frame in _resampled(container, stream, rate, channels, count):
        block = np.asarray(frame.to_ndarray(), dtype=np.float32)
        if block.shape[0] < channels:
            block = np.repeat(block, channels, axis=0)
        time = _time(frame)
        if origin is None:
            origin = time or Fraction(0)
        told = None if time is None else round((time - origin) * rate) + shift
        if expected is None and told is not None and told <= 0:
            expected = told
        elif expected is None:
            expected = 0
        if told is not None and abs(told - expected) > _JITTER_SECONDS * rate:
            near = abs(told - expected) <= _LONGEST_GAP_SECONDS * rate
            if near or expected < told < (latest - origin) * rate:
                expected = told
            else:
                shift += expected - told
        yield expected, np.nan_to_num(block)
        expected += block.shape[1]


def _latest(container: InputContainer) -> Fraction:
    """Return the time in the container, in seconds, at which all of it is over as it says."""
    length = min(container.duration or 0, _LONGEST_TOLD_SECONDS * 1_000_000)
    return Fraction((container.start_time or 0) + length, 1_000_000)


def _resampled(
    container: InputContainer,
    stream: AudioStream,
    rate: int,
    channels: int,
    count: decode.Count | None,
) -> Iterator[AudioFrame]:
    form: tuple[str, str, int] | None = None
    resampler = AudioResampler(format="fltp")
    for frame in decode.sounds(container, stream, count):
        found = (frame.format.name, frame.layout.name, frame.sample_rate)
        if found != form:
            # The first frame, or a file that changes its format on the way.
            if form is not None:
                yield from resampler.resample(None)
            form = found
            # FFmpeg would turn mono down by 3 dB on its way to stereo: it is doubled later instead.
            wanted = min(channels, frame.layout.nb_channels)
            resampler = AudioResampler(format="fltp", layout=_LAYOUTS[wanted], rate=rate)
        yield from resampler.resample(frame)
    if form is not None:
        yield from resampler.resample(None)


def _time(frame: AudioFrame) -> Fraction | None:
    if frame.pts is None or frame.time_base is None:
        return None
    return frame.pts * Fraction(frame.time_base)


class SoundReader:
    """Takes a file's sound in pieces of any length, with silence after its end. For one thread.

    Where the sound breaks off, its last milliseconds are faded so that it does not click.
    """

    def __init__(
        self, path: Path, rate: int, channels: int = 2, start: Fraction | None = None
    ) -> None:
        self._channels = channels
        self._ramp = round(rate * _RAMP_SECONDS)
        self._blocks = sound_blocks(path, rate, channels, start)
        self._waiting: list[Samples] = []
        self._held = 0
        self.ended = False
        """Whether everything the file holds has been taken or is in hand."""

    def take(self, count: int) -> Samples:
        """Return the next samples, float32 of shape (channels, count)."""
        # The ramp's length stays in hand, so that the end is known before it is given away.
        while not self.ended and self._held < count + self._ramp:
            self._fill()
        taken = np.zeros((self._channels, count), dtype=np.float32)
        filled = 0
        while filled < count and self._waiting:
            block = self._waiting.pop(0)
            part = block[:, : count - filled]
            taken[:, filled : filled + part.shape[1]] = part
            filled += part.shape[1]
            if part.shape[1] < block.shape[1]:
                self._waiting.insert(0, block[:, part.shape[1] :])
        self._held -= filled
        return taken

    @property
    def exhausted(self) -> bool:
        """Whether only silence is left."""
        return self.ended and not self._held

    def _fill(self) -> None:
        block = next(self._blocks, None)
        if block is not None:
            self._waiting.append(block)
            self._held += block.shape[1]
            return
        self.ended = True
        if self._waiting:
            rest = np.concatenate(self._waiting, axis=1)
            length = min(self._ramp, rest.shape[1])
            rest[:, rest.shape[1] - length :] *= np.linspace(1, 0, length, dtype=np.float32)
            self._waiting = [rest]
