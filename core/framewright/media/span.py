"""How long a stream is and how fast its frames follow, counted without decoding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from framewright.media.decode import nominal_rate, packets
from framewright.media.pace import Pace, pace_of

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

_STANDARD_RATES = tuple(
    Fraction(rate * 1000, base) for rate in (24, 30, 48, 60, 120) for base in (1000, 1001)
) + tuple(Fraction(rate) for rate in (10, 12, 15, 25, 50, 100))
_ROUNDED = Fraction(2, 10_000)
"""Two decimals of a rate such as 23.98 are this far from the rate that is meant."""
_FASTEST = Fraction(120)
_SLOWEST = Fraction(1)


@dataclass(frozen=True, slots=True)
class Span:
    """What one pass over the packets of a picture stream found."""

    start: Fraction
    """Time of the first frame in the container, in seconds."""
    length: Fraction
    """Seconds from the first frame's beginning to the last one's end; 0 without frames."""
    frames: int
    pace: Pace | None = None
    """How far apart they are; None where that is not told."""

    @property
    def average_rate(self) -> Fraction | None:
        """Frames per second, or None where there is nothing to count."""
        return self.frames / self.length if self.length else None


def picture_span(container: InputContainer, stream: VideoStream) -> Span:
    """Return length and frames of a picture stream; reads the rest of the container."""
    base = Fraction(stream.time_base or 1)
    first: int | None = None
    last = end = count = 0
    moments: list[int] = []
    for packet in packets(container, stream):
        if packet.size == 0 or packet.is_discard:
            continue
        count += 1
        if packet.pts is None:
            continue
        moments.append(packet.pts)
        first = packet.pts if first is None else min(first, packet.pts)
        last = max(last, packet.pts) if count > 1 else packet.pts
        end = max(end, packet.pts + (packet.duration or 0)) if count > 1 else last
    return replace(_span(stream, base, count, first, last, end), pace=pace_of(moments, base))


def _span(
    stream: VideoStream, base: Fraction, count: int, first: int | None, last: int, end: int
) -> Span:
    step = 1 / nominal_rate(stream)
    if first is None:
        return Span(Fraction(0), count * step, count)
    if end <= last:
        # The container gives no duration to its last frame.
        step = (last - first) * base / (count - 1) if count > 1 else step
        return Span(first * base, (last - first) * base + step, count)
    return Span(first * base, (end - first) * base, count)


def steady_rate(rate: Fraction) -> Fraction:
    """Return a frame rate to encode with: the standard one that is meant, from 1 to 120."""
    near = min(_STANDARD_RATES, key=lambda standard: abs(standard - rate))
    if abs(near - rate) <= near * _ROUNDED:
        return near
    return min(max(rate.limit_denominator(1001), _SLOWEST), _FASTEST)
