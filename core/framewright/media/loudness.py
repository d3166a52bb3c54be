"""How loud people hear sound: EBU R 128 (ITU-R BS.1770-4), by FFmpeg's own meter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.media.codecs import AudioFrame, FFmpegError, av

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framewright.media.sound_stream import Samples

_LAYOUTS = {1: "mono", 2: "stereo"}
_NOTHING_LUFS = -70.0
"""What the meter says of silence: the absolute gate of BS.1770."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """How loud a piece of sound is as a whole."""

    lufs: float | None
    """Integrated loudness; None where nothing is above the gate of -70 LUFS."""
    range_lu: float
    """From its quiet parts to its loud ones (EBU Tech 3342), in loudness units."""
    true_peak_dbtp: float | None
    """Between the samples too; None for digital silence."""


def loudness(blocks: Iterable[Samples], rate: int) -> Loudness:
    """Return how loud sound is, given in blocks of shape (channels, n) with one or two channels."""
    meter = _Meter(rate)
    for block in blocks:
        meter.hear(block)
    return meter.told()


class _Meter:
    """FFmpeg's `ebur128` filter, fed block by block."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._heard = 0
        self._said: dict[str, str] = {}
        self._graph: av.filter.Graph | None = None

    def hear(self, block: Samples) -> None:
        """Listen to a block."""
        channels, count = block.shape
        if not count:
            return
        layout = _LAYOUTS[channels]
        frame = AudioFrame.from_ndarray(block.astype("float32"), format="fltp", layout=layout)
        frame.sample_rate, frame.pts = self._rate, self._heard
        self._heard += count
        if self._graph is None:
            self._graph = av.filter.Graph()
            source = self._graph.add_abuffer(
                sample_rate=self._rate, format="fltp", layout=layout, channels=channels
            )
            meter = self._graph.add("ebur128", "metadata=1:peak=true:framelog=quiet")
            sink = self._graph.add("abuffersink")
            source.link_to(meter)
            meter.link_to(sink)
            self._graph.configure()
        self._graph.push(frame)
        self._read()

    def told(self) -> Loudness:
        """Return what it showed at the end."""
        if self._graph is not None:
            self._graph.push(None)
            self._read()
        found = {name.removeprefix("lavfi.r128."): value for name, value in self._said.items()}
        lufs = float(found.get("I", _NOTHING_LUFS))
        peaks = [float(value) for name, value in found.items() if name.startswith("true_peaks_ch")]
        loudest = max((_decibels(peak) for peak in peaks), default=-math.inf)
        return Loudness(
            lufs=lufs if lufs > _NOTHING_LUFS else None,
            range_lu=float(found.get("LRA", 0.0)),
            true_peak_dbtp=loudest if math.isfinite(loudest) else None,
        )

    def _read(self) -> None:
        assert self._graph is not None
        while True:
            try:
                frame = self._graph.pull()
            except (FFmpegError, EOFError):
                return
            self._said = dict(frame.metadata) or self._said


def _decibels(amplitude: float) -> float:
    return 20 * math.log10(amplitude) if amplitude > 0 else -math.inf
