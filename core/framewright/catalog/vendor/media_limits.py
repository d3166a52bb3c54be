"""Which files a media field takes, as far as its vendor writes it in plain words.

"Only .mp4/.mov formats, max 200MB" becomes `x-formats` and `x-max-bytes`, by which files are
made to fit, or refused, before anything is paid for. It is read part by part of each sentence:
what is denied, or said of what comes out, or of other media, sets no limit. Where the words are
unclear there is none either: the vendor's own answer is better than a limit nobody set.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from framewright.catalog.limits import plain_format
from framewright.domain.media import MediaKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORMATS = {
    MediaKind.IMAGE: ("jpg", "jpeg", "png", "webp", "gif", "avif", "bmp", "tif", "tiff", "heic"),
    MediaKind.VIDEO: ("mp4", "mov", "webm", "mkv", "m4v", "avi", "gif"),
    MediaKind.AUDIO: ("wav", "mp3", "flac", "ogg", "m4a", "aac", "opus", "mp4", "webm"),
}
_NAMED = {kind: re.compile(rf"\b(?:{'|'.join(names)})\b(?!_)") for kind, names in _FORMATS.items()}
_ABOUT_FORMATS = re.compile(r"\bonly\b|format|support|accept|must be|should be")
_ONLY_ONE = re.compile(r"\b(?:only|must be)\b[^.]{0,24}\.?\b(\w{3,4})\b")
_UNITS = {"kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000}
_SIZE = r"(\d{1,6}(?:\.\d{1,3})?) ?(kb|mb|gb)\b"
_MOST_BYTES = (
    re.compile(
        r"(?:max(?:imum|\.)?|up to|under|(?:less|smaller) than|(?:no|not) (?:larger|more|bigger) "
        rf"than|not exceed|limit)(?: file)?(?: size)?(?: is| of)?:? ?{_SIZE}"
    ),
    re.compile(rf"{_SIZE} (?:max|or (?:less|smaller)|limit)"),
)

_TOPICS = {
    MediaKind.IMAGE: r"images?|photos?|pictures?|masks?",
    MediaKind.VIDEO: r"videos?|clips?|movies?|footage",
    MediaKind.AUDIO: r"audios?|sounds?|music|speech|voices?|songs?",
    MediaKind.MODEL3D: r"mesh(?:es)?|3d",
    None: r"documents?|pdfs?|archives?|zips?|subtitles?|outputs?|results?|generated|returned"
    r"|converted|exported|produces?|produced",
}
"""Words that say what is spoken of; those of None are no file that the field takes."""
_TOPIC = {kind: re.compile(rf"\b(?:{words})(?:_url)?s?\b") for kind, words in _TOPICS.items()}
_OUTCOME = re.compile(
    r"\b(?:outputs?|results?|generated|returned|converted|exported|produce[sd]?)\b"
)
_DENIED = re.compile(
    r"\b(?:not?|never|neither|nor|none|without|cannot|unless|avoid|other than|apart from"
    r"|aside from|besides|rather than|instead of|invalid|incompatible)\b|n['\u2019]t\b"
    r"|\b(?:except|exclu|reject|disallow|forbid|prohibit|deprecat|fail)"
    r"|\bun(?:support|accept|avail|usab|compat|recogni|allow|process|readab|handl|able\b)"
)
_SECONDS = re.compile(
    r"(?<![\d.:-])(\d{1,4}(?:\.\d)?) ?(?:-|\u2013|to) ?(\d{1,4}(?:\.\d)?) ?s(?:ec(?:ond)?s?)?\b"
)
_NO_MORE = re.compile(
    r"\b(?:not?|cannot|never)(?: be)? (?:larger|more|bigger|greater|heavier) than\b"
    r"|(?:\b(?:not|cannot|never)|n['\u2019]t)(?: to)? exceed(?:ing)?\b"
)
"""What denies more than a size, and so sets it."""
_UNSURE = re.compile(
    r"\bfree\b|recommend|ideal|optimal|prefer|\bbest\b|default|fast|charge|bill|\bpaid\b|price"
    r"|\bcosts?\b|suggest|typical|usual|\btotal\b|combined|overall|together|\beach plan\b"
)
"""What makes a size one that is no limit of a single file."""
_NOT_ONLY = re.compile(r"\bnot only\b|\bnot just\b|\bnot limited to\b")
_SENTENCE = re.compile(r"(?<!\bmax)(?<!\be\.g)(?<!\bi\.e)(?<!\bmin)(?<!\bapprox)[.!?](?=\s|$)|\n")
_CLAUSE = re.compile(
    r"[;()]|\s[-\u2013\u2014]\s|\b(?=(?:but|except|exclud|while|whereas|however|although|though|unlike)\b)"
    r"|\b(?=exclud|except)|,\s*(?:and )?(?=(?:no|not|never|without|nor)\b)"
)
_MOST_CHARACTERS = 4_000
_PART = re.compile(r",\s")


class _Words(NamedTuple):
    """One part of a sentence, and where it begins there."""

    text: str
    at: int


def written_limits(kind: MediaKind, told: str) -> dict[str, Any]:
    """Return the limits a field's description, in lower case, sets for its files."""
    sentences = _SENTENCE.split(_NOT_ONLY.sub("", told[:_MOST_CHARACTERS]))
    limits: dict[str, Any] = {}
    if sizes := [size for each in sentences for size in _sizes(kind, each)]:
        # Of several the largest: none of them keeps out what the vendor would take.
        limits["x-max-bytes"] = max(sizes)
    if formats := _formats(kind, sentences):
        limits["x-formats"] = formats
    if lengths := [each for told in sentences for each in _lengths(kind, told)]:
        limits["x-min-seconds"] = _plain(min(low for low, _ in lengths))
        limits["x-max-seconds"] = _plain(max(high for _, high in lengths))
    return limits


def _parts(text: str, between: re.Pattern[str], at: int = 0) -> Iterator[_Words]:
    begin = 0
    for mark in between.finditer(text):
        if mark.end() > begin:
            yield _Words(text[begin : mark.start()], at + begin)
            begin = mark.end()
    yield _Words(text[begin:], at + begin)


def _sizes(kind: MediaKind, sentence: str) -> Iterator[int]:
    for clause in _parts(sentence, _CLAUSE):
        if _OUTCOME.search(clause.text):
            continue
        for part in _parts(clause.text, _PART, clause.at):
            if _UNSURE.search(part.text) or _DENIED.search(_NO_MORE.sub("", part.text)):
                continue
            for found in (at for words in _MOST_BYTES for at in words.finditer(part.text)):
                if _topic(kind, sentence, part, found.start()) is kind:
                    yield round(float(found[1]) * _UNITS[found[2]])


def _plain(seconds: float) -> float:
    return int(seconds) if seconds.is_integer() else seconds


def _lengths(kind: MediaKind, sentence: str) -> Iterator[tuple[float, float]]:
    """Yield from how many to how many seconds a sentence wants a file to last."""
    if kind not in {MediaKind.AUDIO, MediaKind.VIDEO}:
        return
    for clause in _parts(sentence, _CLAUSE):
        if _OUTCOME.search(clause.text) or _DENIED.search(clause.text):
            continue
        for part in _parts(clause.text, _PART, clause.at):
            if _UNSURE.search(part.text):
                continue
            for found in _SECONDS.finditer(part.text):
                low, high = float(found[1]), float(found[2])
                if 0 < low <= high and _topic(kind, sentence, part, found.start()) is kind:
                    yield low, high


def _formats(kind: MediaKind, sentences: list[str]) -> list[str]:
    if kind not in _NAMED or not any(_ABOUT_FORMATS.search(each) for each in sentences):
        return []
    named: dict[str, None] = {}
    denied: set[str] = set()
    alone = False
    for sentence in sentences:
        for clause in _parts(sentence, _CLAUSE):
            found = list(_own_formats(kind, sentence, clause))
            if _DENIED.search(clause.text):
                denied.update(found)
                continue
            named.update(dict.fromkeys(found))
            only = _ONLY_ONE.search(clause.text)
            alone = alone or (only is not None and plain_format(only[1]) in found)
    left = [each for each in named if each not in denied]
    # One name alone is mostly an example, unless it is said to be the only one.
    return left if len(left) != 1 or alone else []


def _own_formats(kind: MediaKind, sentence: str, clause: _Words) -> Iterator[str]:
    if _OUTCOME.search(clause.text):
        return
    for part in _parts(clause.text, _PART, clause.at):
        for name in _NAMED[kind].finditer(part.text):
            topic = _topic(kind, sentence, part, name.start())
            # "The first frame of the video, jpg or png": no video is a jpg.
            if topic is kind or (topic is not None and name[0] not in _FORMATS.get(topic, ())):
                yield plain_format(name[0])


def _topic(kind: MediaKind, sentence: str, part: _Words, at: int) -> MediaKind | None:
    """Return what a place in a part of a sentence speaks of; the field's own kind where untold."""
    here = _topics(part.text)
    before = {where: of for where, of in here.items() if where < at}
    if before:
        return before[max(before)]
    if here:
        return here[min(here)]
    earlier = _topics(sentence[: part.at])
    return earlier[max(earlier)] if earlier else kind


def _topics(text: str) -> dict[int, MediaKind | None]:
    """Return where a text speaks of what."""
    return {at.start(): of for of, words in _TOPIC.items() for at in words.finditer(text)}
