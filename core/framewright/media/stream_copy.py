"""Carrying a picture stream over into a new file as it is, with new sound beside it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from framewright.media import decode
from framewright.media.guards import open_container
from framewright.media.write import SoundTrack, clock_of, new_mp4

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from framewright.media.sound_stream import Samples
    from framewright.media.source import Source
    from framewright.protocols import Tell

_CODECS = {"h264", "hevc"}
"""Others are rarely played from an MP4, or lose their colours on the way."""
_RATE = 48_000


def can_copy(video: Path) -> bool:
    """Whether every packet can go into an MP4 and be shown there just as it is now."""
    with open_container(video) as container:
        stream = decode.need_picture_stream(container, video.name)
        known = stream.codec_context.name in _CODECS
        steady = container.format.name.startswith(("mov,", "matroska,"))
        if not (known and steady):
            return False
        # A packet that is decoded but not shown belongs to an edit list, which is not carried.
        return all(
            packet.pts is not None and packet.dts is not None and not packet.is_discard
            for packet in decode.packets(container, stream)
            if packet.size
        )


def copy_with_sound(
    video: Path,
    source: Source,
    target: Path,
    sound: Iterator[Samples],
    total: int,
    tell: Tell,
) -> None:
    """Write the picture's packets with `total` samples of sound, stereo at 48 kHz."""
    clock = clock_of(source.rate, _RATE)
    with open_container(video) as container, new_mp4(target, clock) as made:
        stream = decode.need_picture_stream(container, video.name)
        copied = made.add_stream_from_template(stream)
        # The program that made the first file is not the one that made this one.
        copied.metadata.clear()
        track = SoundTrack(made, _RATE, 2)
        base = Fraction(stream.time_base or 1)
        first = round(source.span.start / base)
        heard = 0
        for packet in decode.packets(container, stream):
            if not packet.size or packet.pts is None or packet.dts is None:
                continue
            seconds = (packet.pts - first) * base
            tell(min(1.0, max(0.0, float(seconds / source.span.length))))
            packet.pts -= first
            packet.dts -= first
            packet.stream = copied
            made.mux(packet)
            due = min(total, int(seconds * _RATE))
            while heard < due and (block := next(sound, None)) is not None:
                track.add(block)
                heard += block.shape[1]
        for block in sound:
            tell(1.0)
            track.add(block)
            heard += block.shape[1]
        if heard < total:
            track.add(np.zeros((2, total - heard), dtype=np.float32))
        track.finish()
    tell(1.0)
