"""Subtitles: SubRip and WebVTT, read and written, and set on a video."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from framewright.errors import MediaError
from framewright.media.caption import LONGEST_TEXT, Stamp
from framewright.media.guards import check_file
from framewright.media.lettering import Position, lettering
from framewright.media.render import Film, render, whole_sound
from framewright.media.source import examine, nearest, sound_rate_of, steady_pictures
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from av.video.frame import VideoFrame

    from framewright.media.picture import Planes

SubtitleForm = Literal["srt", "vtt"]
MOST_BYTES = 4 * 1024 * 1024
MOST_CUES = 20_000


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that are shown for a while."""

    start_seconds: float
    end_seconds: float
    text: str
    """Lines are parted by newlines; no markup."""


def read_subtitles(text: str) -> tuple[Cue, ...]:
    """Return the cues of SubRip or WebVTT text in the order of their times.

    Markup is left out, as are cues without words or length. Raises `MediaError` where the text is
    in neither form or holds more than 20,000 cues.
    """
    import pysubs2

    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    form = "vtt" if plain.lstrip().startswith("WEBVTT") else "srt"
    if len(plain.encode("utf-8", "replace")) > MOST_BYTES or plain.count("-->") > MOST_CUES:
        message = f"The subtitles are longer than the {MOST_CUES:,} cues that are read."
        raise MediaError(message, action="Split them.")
    try:
        found = pysubs2.SSAFile.from_string(plain, format_=form)
    except (pysubs2.Pysubs2Error, ValueError, ArithmeticError, LookupError) as error:
        raise _unreadable() from error
    cues = [
        Cue(event.start / 1000, event.end / 1000, event.plaintext.strip())
        for event in found
        if event.end > event.start >= 0 and event.plaintext.strip()
    ]
    if not cues:
        raise _unreadable()
    return tuple(sorted(cues, key=lambda cue: cue.start_seconds))


def read_subtitle_file(path: Path) -> tuple[Cue, ...]:
    """Return the cues of a file in UTF-8, UTF-16 with its mark, or else Windows-1252."""
    check_file(path)
    if path.stat().st_size > MOST_BYTES:
        message = f"{path.name} is too long for subtitles."
        raise MediaError(message, action="Split it.")
    data = path.read_bytes()
    for encoding in ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig",):
        try:
            return read_subtitles(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return read_subtitles(data.decode("cp1252", "replace"))


def write_subtitles(cues: Sequence[Cue], form: SubtitleForm) -> str:
    """Return the cues as the text of a SubRip or WebVTT file."""
    import pysubs2

    made = pysubs2.SSAFile()
    for cue in cues:
        start, end = (round(seconds * 1000) for seconds in (cue.start_seconds, cue.end_seconds))
        event = pysubs2.SSAEvent(start=start, end=end)
        event.plaintext = cue.text
        made.append(event)
    return str(made.to_string(form))


def set_subtitles(
    video: Path,
    target: Path,
    cues: Sequence[Cue],
    *,
    position: Position = "bottom",
    tell: Tell = silent,
) -> None:
    """Write the video with each cue on it in its time; those at the same time stand together.

    Raises `MediaError` for a cue of more than 500 characters, and where no cue is in the video.
    """
    checked_cues(cues)
    tell(0.0)
    source = examine(video)
    fps, count = source.rate, source.count(source.rate)
    spans = [_frames(cue, fps) for cue in cues]
    if not any(first < count for first, _ in spans):
        message = f"{video.name} ends before the first of its subtitles."
        raise MediaError(message, action="Give subtitles that belong to it.")
    film = Film(*source.even_size, fps, count, sound_rate_of([source]))
    pictures = steady_pictures(source, source.even_size, fps, count)
    words = _words(cues, spans, count)
    render(film, target, _set(pictures, words, film, position), whole_sound(source, film), tell)


def _frames(cue: Cue, fps: Fraction) -> tuple[int, int]:
    """Return the first frame that shows a cue, and the first one after it."""
    first = nearest(Fraction(cue.start_seconds) * fps)
    return first, max(first + 1, nearest(Fraction(cue.end_seconds) * fps))


def _words(cues: Sequence[Cue], spans: Sequence[tuple[int, int]], count: int) -> Iterator[str]:
    """Yield for each frame what is to be read on it."""
    waiting = sorted(zip(spans, cues, strict=True), key=lambda each: each[0])
    shown: list[tuple[int, str]] = []
    at = 0
    for number in range(count):
        while at < len(waiting) and waiting[at][0][0] <= number:
            shown.append((waiting[at][0][1], waiting[at][1].text))
            at += 1
        shown = [each for each in shown if each[0] > number]
        yield "\n".join(text for _, text in shown)


def _set(
    pictures: Iterator[VideoFrame], words: Iterator[str], film: Film, position: Position
) -> Iterator[VideoFrame | Planes]:
    last: tuple[str, Stamp] | None = None
    for frame, text in zip(pictures, words, strict=True):
        if not text:
            yield frame
            continue
        if last is None or last[0] != text:
            last = (text, Stamp.of(lettering(text, film.width, film.height, position)))
        yield last[1].on(frame.to_ndarray(), 1.0)


def checked_cues(cues: Sequence[Cue]) -> None:
    """Raise `MediaError` where there is no cue, or one of more than 500 characters."""
    if not cues:
        message = "There are no subtitles."
        raise MediaError(message, action="Give at least one.")
    for cue in cues:
        if len(cue.text) > LONGEST_TEXT:
            message = (
                f"The subtitle at {cue.start_seconds:.1f} s has {len(cue.text)} characters, more "
                f"than the {LONGEST_TEXT} allowed."
            )
            raise MediaError(message, action="Split it into several.")


def _unreadable() -> MediaError:
    message = "These are no subtitles that can be read."
    action = "Give SubRip (1, 00:00:01,000 --> 00:00:02,000, the words) or WebVTT."
    return MediaError(message, action=action)
