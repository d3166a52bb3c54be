"""Joining pictures that are all of one kind, packet by packet, without encoding them again."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from framewright.media import decode
from framewright.media.guards import open_container
from framewright.media.shape import Turn, View
from framewright.media.stream_copy import PLAIN_PIXELS

if TYPE_CHECKING:
    from framewright.media.render import Film
    from framewright.media.source import Source

_CODEC = "h264"
_OFF_TICK = Fraction(1, 4)
"""Parts of a frame by which a picture may lie off its place: containers round their clocks."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What has to be the same in two streams for one to follow the other."""

    head: bytes
    """The codec's own description: size, colours, profile and all."""
    base: Fraction
    delay: Fraction
    """Seconds by which a picture is decoded before it is shown, at the beginning."""


def can_join(sources: list[Source], film: Film) -> bool:
    """Whether the clips' pictures can follow each other in one MP4 just as they are."""
    for source in sources:
        same = (source.width, source.height, source.rate) == (film.width, film.height, film.fps)
        if not same or source.view != View(Fraction(1), Turn()):
            return False
    kinds = [_kind_of(source) for source in sources]
    return kinds[0] is not None and all(kind == kinds[0] for kind in kinds)


def _kind_of(source: Source) -> _Kind | None:
    """Return the kind of a clip's picture, or None where it can not be carried over."""
    with open_container(source.path) as container:
        stream = decode.need_picture_stream(container, source.path.name)
        context = stream.codec_context
        head = bytes(context.extradata or b"")
        plain = context.name == _CODEC and context.pix_fmt in PLAIN_PIXELS
        if not plain or not container.format.name.startswith("mov,") or not head:
            return None
        base = Fraction(stream.time_base or 1)
        order: list[tuple[int, int]] = []
        for packet in decode.packets(container, stream):
            if not packet.size:
                continue
            if packet.pts is None or packet.dts is None or packet.is_discard or packet.is_corrupt:
                return None
            if not order and not packet.is_keyframe:
                return None
            order.append((packet.dts, packet.pts))
    if not order or not _steady(source, base, order):
        return None
    return _Kind(head, base, (order[0][1] - order[0][0]) * base)


def _steady(source: Source, base: Fraction, order: list[tuple[int, int]]) -> bool:
    """Whether each frame lies on its own tick, and none is missing."""
    ticks = [(shown * base - source.span.start) * source.rate for _, shown in order]
    places = [round(tick) for tick in ticks]
    near = all(abs(tick - place) <= _OFF_TICK for tick, place in zip(ticks, places, strict=True))
    rising = all(one < other for (one, _), (other, _) in pairwise(order))
    return near and rising and sorted(places) == list(range(source.count(source.rate)))
