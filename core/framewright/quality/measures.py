"""What can be measured of a result: decoded to its end once, pictures small, sound as heard.

Black and frozen follow FFmpeg's `blackdetect` and `freezedetect`: a picture is black where nearly
all of it is darker than a tenth of white; it stands still where it changes by less than a
thousandth of white from one frame to the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from framewright.domain.measures import Measures, PictureMeasures, SoundMeasures
from framewright.media import decode
from framewright.media.codecs import FFmpegError, Interpolation, VideoReformatter
from framewright.media.guards import open_container
from framewright.media.levels import SILENCE_DBFS, amplitude, dbfs
from framewright.media.loudness import loudness
from framewright.media.pace import pace_of
from framewright.media.sound_stream import sound_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.packet import Packet

    from framewright.domain.media import MediaInfo
    from framewright.media.codecs import VideoFrame, VideoStream
    from framewright.media.sound_stream import Samples

SMALL = (64, 36)
"""Pixels of the pictures that are compared: what fills less of a frame is not noticed."""
BLACK_LEVEL = 0.1
BLACK_SHARE = 0.98
STILL_LEVEL = 0.001
_RATE = 48_000
_KNOW_THEIR_LENGTH = frozenset({"mov", "matroska", "flac", "wav", "ogg"})
"""Containers that write down how long their sound is; of others FFmpeg reckons by their size."""
_WINDOW = 960
"""Samples in which loud and silent are told apart: 20 ms."""
_FULL_SCALE = 1 - 2**-14
"""What whole numbers of 16 bits end at."""
_CLIPPED_RUN = 3
"""Samples at full scale in a row that are heard as clipping."""


def measure(path: Path, info: MediaInfo) -> Measures:
    """Measure a video or sound; raises `MediaError` where nothing of it can be decoded."""
    return Measures(
        picture=None if info.video is None else measure_picture(path),
        sound=None if info.audio is None else measure_sound(path),
    )


def measure_picture(path: Path) -> PictureMeasures:
    """Measure the moving picture of a file."""
    seen = _Seen()
    with open_container(path) as container:
        stream = decode.need_picture_stream(container, path.name)
        step = 1 / decode.nominal_rate(stream)
        for moment, frame in _frames(decode.packets(container, stream), stream, seen, step):
            seen.look(moment, frame)
        tick = Fraction(stream.time_base or 1)
    return seen.measures(step, tick)


def measure_sound(path: Path) -> SoundMeasures:
    """Measure the sound of a file."""
    heard, count = _Heard(), decode.Count()
    found = loudness(heard.listen(sound_blocks(path, _RATE, 2, count=count)), _RATE)
    return SoundMeasures(
        seconds=heard.samples / _RATE,
        peak_dbfs=dbfs(heard.peak),
        true_peak_dbtp=found.true_peak_dbtp,
        lufs=found.lufs,
        range_lu=found.range_lu,
        silent_seconds=heard.silent / _RATE,
        clipped=heard.clipped,
        damaged=count.damaged,
        packets=count.good,
        told_seconds=_told_seconds(path),
    )


def _told_seconds(path: Path) -> float | None:
    """Return how long a file says its sound is; None where that would be a guess."""
    with open_container(path) as container:
        stream = decode.sound_stream(container)
        if stream is None or not _KNOW_THEIR_LENGTH & set(container.format.name.split(",")):
            return None
        if stream.duration and stream.time_base:
            return float(stream.duration * stream.time_base)
        # Matroska tells but of the whole, which is as long as its picture.
        only = len(container.streams) == 1 and container.duration
        return container.duration / 1_000_000 if only and container.duration else None


def _frames(
    packets: Iterator[Packet[Any]], stream: VideoStream, seen: _Seen, step: Fraction
) -> Iterator[tuple[Fraction, VideoFrame]]:
    counted = 0
    for packet in packets:
        try:
            decoded = stream.decode(packet)
        except FFmpegError:
            seen.damaged += 1
            continue
        for frame in decoded:
            counted += 1
            if frame.is_corrupt:
                seen.damaged += 1
            elif frame.pts is None or frame.time_base is None:
                yield (counted - 1) * step, frame
            else:
                yield frame.pts * frame.time_base, frame


@dataclass(slots=True)
class _Seen:
    """What was seen of a picture so far."""

    damaged: int = 0
    _small: VideoReformatter = field(default_factory=VideoReformatter)
    _before: np.ndarray | None = None
    _moments: list[Fraction] = field(default_factory=list)
    _bright: list[float] = field(default_factory=list)
    _black: list[bool] = field(default_factory=list)
    _still: list[bool] = field(default_factory=list)
    _contrast: float = 0.0

    def look(self, moment: Fraction, frame: VideoFrame) -> None:
        """Look at the next frame."""
        grey = self._small.reformat(
            frame, *SMALL, format="gray", interpolation=Interpolation.AREA
        ).to_ndarray()
        levels = grey.astype(np.float32) / 255
        self._moments.append(moment)
        self._bright.append(float(levels.mean()))
        self._black.append(bool((levels < BLACK_LEVEL).mean() >= BLACK_SHARE))
        self._contrast = max(self._contrast, float(levels.max() - levels.min()))
        if self._before is not None:
            self._still.append(float(np.abs(levels - self._before).mean()) < STILL_LEVEL)
        self._before = levels

    def measures(self, step: Fraction, tick: Fraction) -> PictureMeasures:
        """Return what was seen, where a frame lasts for `step` unless the next one comes.

        `tick` is what the container counts its time in, in seconds.
        """
        count = len(self._moments)
        if not count:
            return PictureMeasures(
                frames=0,
                damaged=self.damaged,
                seconds=0.0,
                fps=0.0,
                brightness=0.0,
                contrast=0.0,
                black_seconds=0.0,
                still_seconds=0.0,
            )
        order = np.argsort([float(moment) for moment in self._moments], kind="stable")
        at = np.array([float(self._moments[index]) for index in order])
        lengths = np.append(np.diff(at), float(step))
        seconds = float(lengths.sum())
        pace = pace_of((round(moment / tick) for moment in self._moments), tick)
        black = float(lengths[np.array(self._black)[order]].sum())
        return PictureMeasures(
            frames=count,
            damaged=self.damaged,
            seconds=seconds,
            fps=count / seconds if seconds else 0.0,
            variable=None if pace is None else not pace.even,
            shortest_frame_seconds=None if pace is None else float(pace.shortest),
            longest_frame_seconds=None if pace is None else float(pace.longest),
            brightness=float(np.mean(self._bright)),
            contrast=self._contrast,
            black_seconds=black,
            still_seconds=_longest(np.array(self._still, dtype=bool), lengths),
        )


def _longest(still: np.ndarray, lengths: np.ndarray) -> float:
    """Return how long the longest stretch of frames that equal the one before them lasts."""
    longest = current = 0.0
    for index, same in enumerate(still):
        current = current + lengths[index] if same else 0.0
        longest = max(longest, current)
    # The last frame of a stretch is seen as long as any other.
    return float(longest + lengths[-1]) if longest else 0.0


@dataclass(slots=True)
class _Heard:
    """What was heard so far, in samples."""

    samples: int = 0
    peak: float = 0.0
    silent: int = 0
    clipped: int = 0
    _run: int = 0

    def listen(self, blocks: Iterator[Samples]) -> Iterator[Samples]:
        """Pass sound on, and listen to it."""
        for block in blocks:
            loudest = np.abs(block).max(axis=0)
            self.samples += loudest.size
            self.peak = max(self.peak, float(loudest.max(initial=0.0)))
            edges = np.arange(0, loudest.size, _WINDOW)
            quiet = np.maximum.reduceat(loudest, edges) < amplitude(SILENCE_DBFS)
            self.silent += int(np.diff(np.append(edges, loudest.size))[quiet].sum())
            self._count_clipped(loudest >= _FULL_SCALE)
            yield block

    def _count_clipped(self, full: np.ndarray) -> None:
        if not full.any():
            self._run = 0
            return
        edges = np.flatnonzero(np.diff(np.concatenate([[False], full, [False]]).astype(np.int8)))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            before = self._run if start == 0 else 0
            length = int(end - start) + before
            self.clipped += length >= _CLIPPED_RUN and before < _CLIPPED_RUN
            self._run = length if end == full.size else 0
        if not full[-1]:
            self._run = 0
