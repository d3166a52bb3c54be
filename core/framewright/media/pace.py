"""Whether a picture keeps one rate, or has frames of uneven lengths: constant or variable (VFR).

A file's headers seldom say. What is asked is how far apart its frames are: of all, where the
container has a table of them, else of those at its beginning, in its middle and near its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import dropwhile, islice, pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from framewright.media import decode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

_ROUNDING = Fraction(1, 1000)
"""Seconds by which distances differ where a clock of milliseconds was met on the way."""
_STRETCH = 120
"""Frames that are looked at in one place."""
_FARTHEST = 600
"""Frames within which one has to be a keyframe."""
_PLACES = (Fraction(1, 2), Fraction(7, 8))
"""Parts of the length at which is looked besides the beginning."""
_MOST_LISTED = 200_000
"""Entries of a table of frames that are read, an hour at 50 frames a second."""
_WHOLE_RATES = tuple(Fraction(rate) for rate in (10, 12, 15, 24, 25, 30, 48, 50, 60, 100, 120))
_NEAR_RATE = Fraction(5, 100)
_SHORTEST = Fraction(1, 120) - _ROUNDING
"""Seconds below which no frame is meant to be shown..."""
_FAR_BELOW = 4
"""...in a film where most are shown so many times as long: a time was written twice, nearly."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How far apart neighbouring frames are, in seconds."""

    shortest: Fraction
    longest: Fraction
    mean: Fraction
    usual: Fraction
    """Of the quicker parts, where some are much quicker than others."""
    tick: Fraction
    """What the container counts its time in."""

    @property
    def even(self) -> bool:
        """Whether all are the same but for rounding."""
        return self.longest - self.shortest <= self.tick + _ROUNDING

    @property
    def rate(self) -> Fraction:
        """Frames per second of a film that shows what moves: the round number that is near."""
        found = 1 / self.usual
        near = min(_WHOLE_RATES, key=lambda whole: abs(whole - found))
        return near if abs(near - found) <= near * _NEAR_RATE else found


def pace_of(moments: Iterable[int], tick: Fraction) -> Pace | None:
    """Return the pace of frames shown at these ticks, in any order; None for fewer than two."""
    distances = sorted(after - before for before, after in pairwise(sorted(set(moments))))
    return _pace(distances, tick)


def told_pace(container: InputContainer, stream: VideoStream) -> Pace | None:
    """Return the pace of a picture without reading all of it; None where no clock is told.

    The container must be freshly opened; it is left anywhere.
    """
    tick = Fraction(stream.time_base or 1)
    listed = stream.index_entries
    if container.format.name.startswith("mov,") and 1 < len(listed) == stream.frames:
        # Times of decoding: as far apart as those of showing, in another order.
        return pace_of((entry.timestamp for entry in islice(listed, _MOST_LISTED)), tick)
    distances = _stretch(container, stream)
    length = stream.duration or Fraction(container.duration or 0, 1_000_000) / tick
    for part in _PLACES if length and distances else ():
        if decode.seek(container, stream, ((stream.start_time or 0) + length * part) * tick):
            distances += _stretch(container, stream)
    return _pace(sorted(distances), tick)


def _stretch(container: InputContainer, stream: VideoStream) -> list[int]:
    """Return the distances of the next frames from a keyframe on, in ticks."""
    coming = islice(_shown(decode.packets(container, stream)), _FARTHEST)
    # Where a seek lands elsewhere, of the frames that are shown next some came before.
    met = list(islice(dropwhile(lambda packet: not packet.is_keyframe, coming), _STRETCH))
    # What is shown after the last one's decoding may have frames before it that are still to come.
    sure = max((packet.dts for packet in met if packet.dts is not None), default=None)
    first = met[0].pts if met and met[0].pts is not None else 0
    moments = sorted({each.pts for each in met if each.pts is not None and each.pts >= first})
    if sure is not None and len(met) == _STRETCH:
        moments = [moment for moment in moments if moment <= sure]
    return [after - before for before, after in pairwise(moments)]


def _shown(packets: Iterable[Packet[Any]]) -> Iterable[Packet[Any]]:
    return (packet for packet in packets if packet.size and not packet.is_discard)


def _pace(distances: list[int], tick: Fraction) -> Pace | None:
    if not distances:
        return None
    least = min(_SHORTEST / tick, Fraction(distances[len(distances) // 2], _FAR_BELOW))
    meant = [distance for distance in distances if distance >= least]
    quick = 2 * meant[len(meant) // 10]
    usual = median([distance for distance in meant if distance <= quick])
    return Pace(
        distances[0] * tick,
        distances[-1] * tick,
        Fraction(sum(distances), len(distances)) * tick,
        Fraction(usual) * tick,
        tick,
    )
