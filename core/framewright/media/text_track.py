"""Subtitles as a track of their own, which players show or hide: 3GPP timed text in an MP4."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from framewright.errors import MediaError
from framewright.media.codecs import av
from framewright.media.forms import MP4
from framewright.media.guards import open_container
from framewright.media.prepare_clip import prepare_clip
from framewright.media.progress import Tries
from framewright.media.source import examine
from framewright.media.stream_copy import Beside, can_carry, copy_streams
from framewright.media.subtitles import Cue, checked_cues
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from av.container import OutputContainer
    from av.packet import Packet

_CODEC = "mov_text"
_MILLISECONDS = Fraction(1, 1000)
_LANGUAGE = re.compile(r"[a-z]{3}")
UNKNOWN_LANGUAGE = "und"
_ANEW = 0.9
"""Share of the work that encoding is, where it is needed."""
_LOOKS = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment, Encoding
Style: Default,Arial,16,&Hffffff,2,1
"""
"""White at the bottom, where players have no way of their own; FFmpeg wants it in this form."""


def add_text_track(
    video: Path,
    target: Path,
    cues: Sequence[Cue],
    *,
    language: str = UNKNOWN_LANGUAGE,
    tell: Tell = silent,
) -> None:
    """Write an MP4 of the video with the cues as a track that players show or hide.

    Picture and sound are copied as they are where an MP4 can carry them. Cues at the same time
    stand together; those that begin after the video's end are left out. `language` is an ISO 639-2
    code. Raises `MediaError` for a language that is none, and where no cue is in the video.
    """
    if _LANGUAGE.fullmatch(language) is None:
        message = f"{language!r} is not the code of a language."
        raise MediaError(message, action="Give three letters (ISO 639-2), for example eng or deu.")
    checked_cues(cues)
    tell(0.0)
    tries = Tries(tell)
    if can_carry(video, MP4):
        _carry(video, target, cues, language, tries.next(1.0))
        return
    # A plain file: in a fenced process, folders can not be made.
    fit = target.with_name(f".{target.stem}-without-words.mp4")
    try:
        prepare_clip(video, fit, formats=("mp4",), tell=tries.next(_ANEW))
        _carry(fit, target, cues, language, tries.next(1.0))
    finally:
        fit.unlink(missing_ok=True)


def read_text_track(video: Path) -> tuple[Cue, ...]:
    """Return the cues of a video's first track of timed text; empty where it has none."""
    found = []
    with open_container(video) as container:
        for stream in container.streams.subtitles:
            if stream.codec_context.name != _CODEC:
                continue
            for packet in container.demux(stream):
                data = bytes(packet)
                text = data[2 : 2 + int.from_bytes(data[:2], "big")].decode("utf-8", "replace")
                if text and packet.pts is not None and packet.time_base:
                    start = packet.pts * packet.time_base
                    length = (packet.duration or 0) * packet.time_base
                    found.append(Cue(float(start), float(start + length), text))
            break
    return tuple(found)


def _carry(video: Path, target: Path, cues: Sequence[Cue], language: str, tell: Tell) -> None:
    span = examine(video).span
    spoken = list(_apart(cues, span.length))
    if not spoken:
        message = f"{video.name} ends before the first of its subtitles."
        raise MediaError(message, action="Give subtitles that belong to it.")
    first = round(span.start / _MILLISECONDS)
    shown = [_Shown(first + each.start, first + each.end, each.text) for each in spoken]
    copy_streams(video, target, MP4, tell, lambda made: _Track(made, shown, language))
    tell(1.0)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is read from one millisecond to another."""

    start: int
    end: int
    text: str


def _apart(cues: Sequence[Cue], length: Fraction) -> Iterator[_Shown]:
    """Yield what is to be read, one after the other: a track can not hold two at a time."""
    end = round(length / _MILLISECONDS)
    spans = [
        _Shown(round(cue.start_seconds * 1000), min(end, round(cue.end_seconds * 1000)), cue.text)
        for cue in sorted(cues, key=lambda cue: cue.start_seconds)
    ]
    waiting = [each for each in spans if each.start < each.end]
    edges = sorted({edge for each in waiting for edge in (each.start, each.end)})
    at, together = 0, list[_Shown]()
    for begin, after in pairwise(edges):
        while at < len(waiting) and waiting[at].start <= begin:
            together.append(waiting[at])
            at += 1
        together = [each for each in together if each.end > begin]
        if together:
            yield _Shown(begin, after, "\n".join(each.text for each in together))


class _Track(Beside):
    """Writes what is to be read so that it keeps up with the picture."""

    def __init__(self, made: OutputContainer, shown: list[_Shown], language: str) -> None:
        self._made = made
        stream = made.add_stream("mov_text")
        stream.metadata["language"] = language
        stream.time_base = stream.codec_context.time_base = _MILLISECONDS
        stream.codec_context.subtitle_header = _LOOKS
        self._stream = stream
        self._left = iter(shown)
        self._next = next(self._left, None)

    @override
    def up_to(self, time: Fraction) -> None:
        """Write what begins before a time in seconds."""
        while self._next is not None and self._next.start * _MILLISECONDS <= time:
            self._made.mux(self._packet(self._next))
            self._next = next(self._left, None)

    @override
    def finish(self) -> None:
        """Write the rest."""
        while self._next is not None:
            self.up_to(self._next.start * _MILLISECONDS)

    def _packet(self, shown: _Shown) -> Packet[Any]:
        words = shown.text.encode("utf-8")
        packet: Packet[Any] = av.Packet(len(words).to_bytes(2, "big") + words)
        packet.stream = self._stream
        packet.time_base = _MILLISECONDS
        packet.pts = packet.dts = shown.start
        packet.duration = shown.end - shown.start
        return packet
