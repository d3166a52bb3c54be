"""Carrying streams over into a new file as they are: the picture with new sound, or both."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from framewright.errors import MediaError
from framewright.media import decode
from framewright.media.guards import open_container
from framewright.media.progress import rising
from framewright.media.tracks import SoundTrack, clock_of, new_container

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

    from framewright.media.forms import Form
    from framewright.media.sound_stream import Samples
    from framewright.media.source import Source
    from framewright.protocols import Tell

_CODECS = {"h264", "hevc"}
"""Others are rarely played from an MP4, or lose their colours on the way."""
PLAIN_PIXELS = {"yuv420p", "yuvj420p"}
"""The only form of pixels that every player and model takes."""


def can_copy(video: Path) -> bool:
    """Whether every packet can go into an MP4 and be shown there just as it is now."""
    with open_container(video) as container:
        stream = decode.need_picture_stream(container, video.name)
        known = stream.codec_context.name in _CODECS
        steady = container.format.name.startswith(("mov,", "matroska,"))
        if not (known and steady):
            return False
        return _all_shown(container, stream)


@dataclass(frozen=True, slots=True)
class Score:
    """Sound that goes along with copied pictures."""

    blocks: Iterator[Samples]
    rate: int
    samples: int
    """How many there are to be; where the blocks hold fewer, silence follows."""


def copy_with_sound(
    clips: Sequence[tuple[Source, Fraction]], target: Path, score: Score | None, tell: Tell
) -> None:
    """Write the pictures' packets, each clip from its place in seconds on, with this sound.

    The clips must be of one kind, see `can_copy` and `join_copy.can_join`.
    """
    first, end = clips[0][0], clips[-1][1] + clips[-1][0].span.length
    # Packets come in the order of decoding, which is not the one of time.
    tell = rising(tell)
    with (
        open_container(first.path) as like,
        new_container(target, clock_of(first.rate, score.rate if score else None)) as made,
    ):
        copied = made.add_stream_from_template(decode.need_picture_stream(like, first.path.name))
        # The program that made the first file is not the one that made this one.
        copied.metadata.clear()
        sound = _Alongside(made, score) if score else None
        for time, packet in _moved(clips):
            tell(min(1.0, max(0.0, float(time / end))))
            packet.stream = copied
            made.mux(packet)
            if sound is not None:
                sound.up_to(time)
        if sound is not None:
            sound.finish(tell)
    tell(1.0)


def _moved(
    clips: Sequence[tuple[Source, Fraction]],
) -> Iterator[tuple[Fraction, Packet[Any]]]:
    """Yield the clips' packets on the clock of the film, with their time there in seconds."""
    for source, place in clips:
        with open_container(source.path) as container:
            stream = decode.need_picture_stream(container, source.path.name)
            base = Fraction(stream.time_base or 1)
            shift = round(place / base) - round(source.span.start / base)
            for packet in decode.packets(container, stream):
                if packet.size and packet.pts is not None and packet.dts is not None:
                    packet.pts += shift
                    packet.dts += shift
                    yield packet.pts * base, packet


class _Alongside:
    """Writes sound so that it keeps up with the picture."""

    def __init__(self, made: OutputContainer, score: Score) -> None:
        self._track = SoundTrack(made, score.rate, 2)
        self._score = score
        self._heard = 0

    def up_to(self, time: Fraction) -> None:
        """Write what is heard until a time, in seconds."""
        due = min(self._score.samples, int(time * self._score.rate))
        while self._heard < due and (block := next(self._score.blocks, None)) is not None:
            self._add(block)

    def finish(self, tell: Tell) -> None:
        """Write the rest, and silence where it is too short."""
        for block in self._score.blocks:
            tell(1.0)
            self._add(block)
        if self._heard < self._score.samples:
            self._add(np.zeros((2, self._score.samples - self._heard), dtype=np.float32))
        self._track.finish()

    def _add(self, block: Samples) -> None:
        self._track.add(block)
        self._heard += block.shape[1]


def can_carry(video: Path, form: Form, *, any_pixels: bool = False) -> bool:
    """Whether picture and sound may go into another kind of file just as they are.

    `any_pixels` takes those too that not every player shows, such as 10 bits a colour.
    """
    pictures, sounds = form.copied
    with open_container(video) as container:
        stream = decode.need_picture_stream(container, video.name)
        sound = decode.sound_stream(container)
        plain = any_pixels or stream.codec_context.pix_fmt in PLAIN_PIXELS
        known = _coded(stream) in pictures and plain
        if not known or (sound is not None and _coded(sound) not in sounds):
            return False
        steady = container.format.name.startswith(("mov,", "matroska,"))
        return steady and all(
            packet.pts is not None and not packet.is_discard
            for packet in decode.packets(container, stream)
            if packet.size
        )


class Beside(Protocol):
    """A track that is written beside copied ones."""

    def up_to(self, time: Fraction) -> None:
        """Write what begins before a time in the container, in seconds."""

    def finish(self) -> None:
        """Write the rest."""


def copy_streams(
    video: Path,
    target: Path,
    form: Form,
    tell: Tell,
    another: Callable[[OutputContainer], Beside] | None = None,
) -> None:
    """Write picture and sound, packet by packet as they are, into another kind of file.

    `another` adds a track of its own to them. Raises `MediaError` for packets without a time.
    """
    with open_container(video) as container:
        stream = decode.need_picture_stream(container, video.name)
        sound = decode.sound_stream(container)
        wanted = [stream] if sound is None else [stream, sound]
        clock = clock_of(
            decode.nominal_rate(stream), sound.codec_context.sample_rate if sound else None
        )
        length = Fraction(container.duration or 0, 1_000_000)
        tell = rising(tell)
        with new_container(target, clock, form) as made:
            # Some codecs are decoded by a library that does not encode: nothing here is encoded.
            copies = {
                each.index: made.add_stream_from_template(each, opaque=True) for each in wanted
            }
            for copied in copies.values():
                copied.metadata.clear()
            beside = another(made) if another is not None else None
            for packet in _with_order(decode.packets(container, *wanted), stream):
                if not packet.size:
                    continue
                if packet.pts is None or packet.dts is None:
                    message = f"{video.name} does not say when its parts are shown."
                    raise MediaError(message)
                if length and packet.time_base:
                    tell(min(1.0, max(0.0, float(packet.pts * packet.time_base / length))))
                if beside is not None and packet.time_base:
                    beside.up_to(packet.dts * packet.time_base)
                packet.stream = copies[packet.stream.index]
                made.mux(packet)
            if beside is not None:
                beside.finish()


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
