"""Carrying streams over into a new file as they are: the picture with new sound, or both."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from framewright.errors import MediaError
from framewright.media import decode
from framewright.media.guards import open_container
from framewright.media.tracks import SoundTrack, clock_of, new_container

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

    from framewright.media.forms import Form
    from framewright.media.sound_stream import Samples
    from framewright.media.source import Source
    from framewright.protocols import Tell

_CODECS = {"h264", "hevc"}
"""Others are rarely played from an MP4, or lose their colours on the way."""
_PLAIN_PIXELS = {"yuv420p", "yuvj420p"}
"""The only form of pixels that every player and model takes."""
_RATE = 48_000


def can_copy(video: Path) -> bool:
    """Whether every packet can go into an MP4 and be shown there just as it is now."""
    with open_container(video) as container:
        stream = decode.need_picture_stream(container, video.name)
        known = stream.codec_context.name in _CODECS
        steady = container.format.name.startswith(("mov,", "matroska,"))
        if not (known and steady):
            return False
        return _all_shown(container, stream)


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
    with open_container(video) as container, new_container(target, clock) as made:
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


def can_carry(video: Path, form: Form) -> bool:
    """Whether picture and sound may go into another kind of file just as they are."""
    pictures, sounds = form.copied
    with open_container(video) as container:
        stream = decode.need_picture_stream(container, video.name)
        sound = decode.sound_stream(container)
        known = _coded(stream) in pictures and stream.codec_context.pix_fmt in _PLAIN_PIXELS
        if not known or (sound is not None and _coded(sound) not in sounds):
            return False
        steady = container.format.name.startswith(("mov,", "matroska,"))
        return steady and all(
            packet.pts is not None and not packet.is_discard
            for packet in decode.packets(container, stream)
            if packet.size
        )


def copy_streams(video: Path, target: Path, form: Form, tell: Tell) -> None:
    """Write picture and sound, packet by packet as they are, into another kind of file.

    Raises `MediaError` for packets without a time.
    """
    with open_container(video) as container:
        stream = decode.need_picture_stream(container, video.name)
        sound = decode.sound_stream(container)
        wanted = [stream] if sound is None else [stream, sound]
        clock = clock_of(
            decode.nominal_rate(stream), sound.codec_context.sample_rate if sound else None
        )
        length = Fraction(container.duration or 0, 1_000_000)
        with new_container(target, clock, form) as made:
            copies = {each.index: made.add_stream_from_template(each) for each in wanted}
            for copied in copies.values():
                copied.metadata.clear()
            for packet in _with_order(decode.packets(container, *wanted), stream):
                if not packet.size:
                    continue
                if packet.pts is None or packet.dts is None:
                    message = f"{video.name} does not say when its parts are shown."
                    raise MediaError(message)
                if length and packet.time_base:
                    tell(min(1.0, max(0.0, float(packet.pts * packet.time_base / length))))
                packet.stream = copies[packet.stream.index]
                made.mux(packet)


def _all_shown(container: InputContainer, stream: VideoStream) -> bool:
    # A packet that is decoded but not shown belongs to an edit list, which is not carried.
    return all(
        packet.pts is not None and packet.dts is not None and not packet.is_discard
        for packet in decode.packets(container, stream)
        if packet.size
    )


def _with_order(packets: Iterator[Packet[Any]], stream: VideoStream) -> Iterator[Packet[Any]]:
    """Yield the packets, the first pictures with the time of decoding that Matroska leaves out."""
    held: list[Packet[Any]] = []
    for packet in packets:
        held.append(packet)
        if packet.stream.index != stream.index or packet.dts is None or not packet.size:
            continue
        step = max(1, round(1 / (decode.nominal_rate(stream) * Fraction(stream.time_base or 1))))
        due = packet.dts
        for each in reversed(held):
            if each.stream.index == stream.index and each.dts is None:
                due -= step
                each.dts = due
        yield from held
        yield from packets
        return
    yield from held


def _coded(stream: VideoStream | AudioStream) -> str:
    name = stream.codec_context.codec.canonical_name
    return str(name)
