"""Subtitles: SubRip and WebVTT, read and written, and set on a video."""

from __future__ import annotations

import html
import re
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
_TAGS: dict[SubtitleForm, re.Pattern[str]] = {
    # WebVTT writes a plain < as &lt;. SubRip knows no such thing, and people write a < b in it.
    "vtt": re.compile(r"<[^<>]*>"),
    "srt": re.compile(r"</? *(?:[biusc]|c\.[\w.-]*|font\b[^<>]*) *>", re.IGNORECASE),
}
_STYLING = re.compile(r"\{\\[^{}]*\}")
"""Such as {\\an8}, which came into SubRip from SubStation."""
_CODED = re.compile(r"&(?:lt|gt|amp|nbsp|lrm|rlm|#[0-9]{1,7});")
_MARKS = re.compile(rf"{_CODED.pattern}|{_STYLING.pattern}|{_TAGS['srt'].pattern}", re.IGNORECASE)
"""What stands in SubRip and is not read as it is."""
_TIMES = re.compile(r"^[^\S\n]*[\d:.,]+[^\S\n]*-->", re.MULTILINE)
_EMPTY_LINE = "\xa0"
"""A line with nothing in it would end the cue."""


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
    form: SubtitleForm = "vtt" if plain.lstrip().startswith("WEBVTT") else "srt"
    if len(plain.encode("utf-8", "replace")) > MOST_BYTES or plain.count("-->") > MOST_CUES:
        message = f"The subtitles are longer than the {MOST_CUES:,} cues that are read."
        raise MediaError(message, action="Split them.")
    # Times that are spoken of are no times of a cue; and the reader takes a number at the end of
    # the last words for that of a cue that follows.
    lines = [line if "->" in line else line.replace(":", "&#58;") for line in plain.split("\n")]
    numbered = "\n".join([*lines, "", "0"])
    try:
        found = pysubs2.SSAFile.from_string(numbered, format_=form, keep_html_tags=True)
    except (pysubs2.Pysubs2Error, ValueError, ArithmeticError, LookupError) as error:
        raise _unreadable() from error
    cues = [
        Cue(event.start / 1000, event.end / 1000, words)
        for event in found
        if event.end > event.start >= 0 and (words := _words_of(event.text, form))
    ]
    if not cues:
        raise _unreadable()
    return tuple(sorted(cues, key=lambda cue: cue.start_seconds))


def read_subtitle_file(path: Path) -> tuple[Cue, ...]:
    """Return the cues of a file in UTF-8, UTF-16 with its mark, or else Windows-1252."""
    return read_subtitles(subtitle_text(path))


def subtitle_text(path: Path) -> str:
    """Return what stands in a file of subtitles; raises `MediaError` for one that is too long."""
    check_file(path)
    if path.stat().st_size > MOST_BYTES:
        message = f"{path.name} is too long for subtitles."
        raise MediaError(message, action="Split it.")
    data = path.read_bytes()
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def left_out(text: str, cues: Sequence[Cue]) -> tuple[str, ...]:
    """Return a sentence where a text names more cues than were read of it."""
    missing = len(_TIMES.findall(text)) - len(cues)
    if missing <= 0:
        return ()
    many = "1 subtitle is" if missing == 1 else f"{missing} subtitles are"
    return (f"{many} left out: without words, or ending before the beginning.",)


def write_subtitles(cues: Sequence[Cue], form: SubtitleForm) -> str:
    """Return the cues as the text of a SubRip or WebVTT file, from which they are read the same.

    Only white space around the words is lost, and that of lines that hold nothing else.
    """
    from pysubs2.formats.subrip import SubripFormat
    from pysubs2.formats.webvtt import WebVTTFormat

    stamp = (WebVTTFormat if form == "vtt" else SubripFormat).ms_to_timestamp
    parts = ["WEBVTT\n\n"] if form == "vtt" else []
    for number, cue in enumerate(sorted(cues, key=lambda cue: cue.start_seconds), 1):
        start, end = (stamp(round(each * 1000)) for each in (cue.start_seconds, cue.end_seconds))
        parts.append(f"{number}\n{start} --> {end}\n{_escaped(cue.text, form)}\n\n")
    return "".join(parts)


def _escaped(text: str, form: SubtitleForm) -> str:
    """Return words as they stand in a file."""
    plain = text.strip().replace("\r\n", "\n").replace("\r", "\n")
    if form == "vtt":
        plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        plain = _STYLING.sub(_coded, plain)
    else:
        plain = _MARKS.sub(_coded, plain).replace("->", "-&gt;")
    # What the reader's library takes for the end of a line.
    plain = plain.replace("\\N", "&#92;N")
    return "\n".join(line if line.strip() else _EMPTY_LINE for line in plain.split("\n"))


def _coded(found: re.Match[str]) -> str:
    return f"&#{ord(found[0][0])};{found[0][1:]}"


def _words_of(text: str, form: SubtitleForm) -> str:
    """Return what is to be read of a cue as it stands in a file."""
    written = text.replace("\\N", "\n")
    if form == "vtt":
        # What follows is a note, or the name of the next cue.
        written = written.partition("\n\n")[0]
    marked = _STYLING.sub("", _TAGS[form].sub("", written))
    plain = _CODED.sub(lambda found: html.unescape(found[0]), marked)
    return "\n".join(line if line.strip() else "" for line in plain.split("\n")).strip()


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
