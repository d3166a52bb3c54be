"""Subtitles as a track of their own, which players show or hide: 3GPP timed text in an MP4."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
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
from framewright.media.remarks import broken_off
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
_WIDE = replace(
    MP4,
    copied=(
        frozenset({"h264", "hevc", "av1", "vp9", "mpeg4"}),
        frozenset({"aac", "mp3", "ac3", "eac3", "opus", "flac", "alac"}),
    ),
)
"""An MP4 with all that it may hold: what a person has already is not to lose by a track."""
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
) -> tuple[str, ...]:
    """Write an MP4 of the video with the cues as a track that players show or hide.

    Picture and sound are copied as they are where an MP4 can carry them. Timed text that is there
    stays, but for that of the same language. Cues at the same time stand together; those that
    begin after the video's end are left out. `language` is an ISO 639-2 code. Returns what a
    person should know, one sentence each. Raises `MediaError` for a language that is none, and
    where no cue is in the video.
    """
    if _LANGUAGE.fullmatch(language) is None:
        message = f"{language!r} is not the code of a language."
        raise MediaError(message, action="Give three letters (ISO 639-2), for example eng or deu.")
    checked_cues(cues)
    tell(0.0)
    tries = Tries(tell)
    kept, remarks = _kept(video, language)
    tracks = ((language, tuple(cues)), *kept)
    whole = not broken_off([video])
    if whole and can_carry(video, _WIDE, any_pixels=True):
        _carry(video, target, tracks, tries.next(1.0))
        return remarks
    # A plain file: in a fenced process, folders can not be made.
    fit = target.with_name(f".{target.stem}-without-words.mp4")
    try:
        prepare_clip(video, fit, formats=("mp4",), tell=tries.next(_ANEW))
        _carry(fit, target, tracks, tries.next(1.0))
    finally:
        fit.unlink(missing_ok=True)
    why = "an MP4 does not carry it as it is" if whole else "it is not whole"
    return (*remarks, f"{video.name} was encoded anew: {why}.")


def read_text_track(video: Path) -> tuple[Cue, ...]:
    """Return the cues of a video's first track of timed text; empty where it has none."""
    return next((cues for _, cues in read_text_tracks(video)), ())


def read_text_tracks(video: Path) -> tuple[tuple[str, tuple[Cue, ...]], ...]:
    """Return language and cues of each track of 3GPP timed text that a video has."""
    with open_container(video) as container:
        numbers = [
            (number, stream.metadata.get("language", UNKNOWN_LANGUAGE))
            for number, stream in enumerate(container.streams.subtitles)
            if stream.codec_context.name == _CODEC
        ]
    return tuple((language, tuple(_cues(video, number))) for number, language in numbers)


def _cues(video: Path, number: int) -> Iterator[Cue]:
    with open_container(video) as container:
        for packet in container.demux(container.streams.subtitles[number]):
            data = bytes(packet)
            text = data[2 : 2 + int.from_bytes(data[:2], "big")].decode("utf-8", "replace")
            if text and packet.pts is not None and packet.time_base:
                start = packet.pts * packet.time_base
                length = (packet.duration or 0) * packet.time_base
                yield Cue(float(start), float(start + length), text)


def _kept(video: Path, language: str) -> tuple[list[tuple[str, tuple[Cue, ...]]], tuple[str, ...]]:
    """Return the tracks that stay beside a new one, and what to say of those that do not."""
    with open_container(video) as container:
        there = len(container.streams.subtitles)
    texts = read_text_tracks(video)
    kept = [each for each in texts if each[0] != language and each[1]]
    gone = there - len(kept)
    if not gone:
        return kept, ()
    many = "1 track of subtitles was" if gone == 1 else f"{gone} tracks of subtitles were"
    why = "of the same language, or in a form that an MP4 does not carry"
    return kept, (f"{many} left out: {why}.",)


def _carry(
    video: Path, target: Path, tracks: Sequence[tuple[str, Sequence[Cue]]], tell: Tell
) -> None:
    span = examine(video).span
    first = round(span.start / _MILLISECONDS)
    shown = [
        (language, [_Shown(first + each.start, first + each.end, each.text) for each in spoken])
        for language, cues in tracks
        if (spoken := list(_apart(cues, span.length)))
    ]
    if not shown or shown[0][0] != tracks[0][0]:
        message = f"{video.name} ends before the first of its subtitles."
        raise MediaError(message, action="Give subtitles that belong to it.")
    copy_streams(video, target, MP4, tell, lambda made: _Tracks(made, shown))
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


class _Tracks(Beside):
    """Writes tracks of what is to be read so that they keep up with the picture."""

    def __init__(self, made: OutputContainer, tracks: Sequence[tuple[str, list[_Shown]]]) -> None:
        self._each = [_Track(made, shown, language) for language, shown in tracks]

    @override
    def up_to(self, time: Fraction) -> None:
        """Write what begins before a time in seconds."""
        for each in self._each:
            each.up_to(time)

    @override
    def finish(self) -> None:
        """Write the rest."""
        for each in self._each:
            each.finish()


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
