"""Orders for the tools of the cutting room: backwards, faster, in a loop, smaller, as loud as."""

# ruff: noqa: E501 - patterns: one meaning a line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.agents.offline.clauses.intents import Change
from framewright.agents.offline.words.measures import moment, take_seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from framewright.agents.offline.words.lexicon import Lexicon

_FILM = (
    r"(?:(?:it|this|that|them|everything)\b(?! (?:[\w-]+ )?(?:image|photo|photograph|picture|still|drawing"
    r"|portrait)s?\b)|(?:the|my|this|that|our|these) (?:[\w-]+ ){0,2}?"
    r"(?:videos?|clips?|films?|footage|movie|recording|shot|[\w-]+\.(?:mp4|mov|webm|mkv|avi)))"
)
_BACKWARDS = re.compile(
    rf"\breverse {_FILM}\b|\b(?:play|run|turn|put)(?:ed|ing|s)? (?:{_FILM} )?(?:backwards?|in reverse)\b"
    rf"|^{_FILM} (?:play(?:ed)? |be )?(?:backwards?|in reverse|reversed)\b"
    r"|^(?:a )?(?:reversed?|backwards) version of (?:this|the|my|it)\b",
    re.IGNORECASE,
)
_TIMES = r"(?P<times>twice|double|half|triple|\d{1,2}(?:[.,]\d{1,2})? ?(?:x|times)|[a-z]+ times)"
_FASTER = (
    re.compile(rf"\b{_TIMES}(?: as| the| its)?(?: normal| original)? (?P<how>fast(?:er)?|slow(?:er)?|speed)\b", re.IGNORECASE),
    re.compile(r"\b(?:at|to) (?P<percent>\d{2,3}) ?(?:%|percent)(?: of)?(?: the| its)?(?: normal| original)? speed\b", re.IGNORECASE),
    re.compile(rf"\b(?P<how>speed|slow) (?:{_FILM} )?(?:up|down)(?: {_FILM})?(?: (?:by |to )?{_TIMES}| by (?:a factor of )?(?P<by>\d{{1,2}}(?:[.,]\d{{1,2}})?))?\b", re.IGNORECASE),
    re.compile(rf"\b(?:(?:play|run|put|turn|show|convert) )?(?:{_FILM} )(?:in(?:to)? )?(?P<how>slow|fast)[- ]?(?:motion|mo)\b", re.IGNORECASE),
    re.compile(rf"^(?P<how>slow|fast)[- ]?(?:motion|mo) (?:version )?(?:of|for) {_FILM}", re.IGNORECASE),
)  # fmt: skip
_LOOP = re.compile(
    rf"\b(?:loop|repeat)(?:ed)?(?: {_FILM})?(?: (?:it|over))?(?P<rest>.*)$", re.IGNORECASE
)
_STRIP = re.compile(
    r"\b(?:film ?strip|contact sheet|strip of (?:\w+ )?(?:frames|pictures))\b", re.IGNORECASE
)
_COUNT = re.compile(
    r"\b(?P<count>\d{1,2}|[a-z]+) (?:best |small |good |different )*(?:frames|stills|pictures|images)\b",
    re.IGNORECASE,
)
_WAVE = re.compile(r"\bwave ?form\b", re.IGNORECASE)
_PROXY = re.compile(r"\bprox(?:y|ies)\b|\bpreview copy\b", re.IGNORECASE)
_ROWS = re.compile(r"\b(?P<rows>\d{3,4}) ?(?:p|rows|lines)\b", re.IGNORECASE)
_LOUDNESS = re.compile(
    r"\bnormali[sz]ed?\b|\b(?:LUFS|LKFS)\b|\b(?:even out|level|adjust|set|fix) (?:the |its )?(?:loudness|volume)\b",
    re.IGNORECASE,
)
_LUFS = re.compile(
    r"(?P<minus>-|minus )? ?(?P<lufs>\d{1,2}(?:[.,]\d)?) ?(?:LUFS|LKFS|dB|decibels)", re.IGNORECASE
)
_BYTES = re.compile(
    r"\b(?P<size>\d{1,6}(?:[.,]\d{1,3})?) ?(?P<unit>kb|kib|mb|mib|bytes|kilobytes?|megabytes?)\b",
    re.IGNORECASE,
)
_SMALLER = re.compile(
    r"\b(?:compress|shrink|squeeze)\w*\b|\b(?:smaller|reduce|under|below|at most)\b", re.IGNORECASE
)
_FORMAT = re.compile(
    r"\b(?:as|to|into|in) (?:an? )?(?P<format>jpe?g|png|webp|avif)\b", re.IGNORECASE
)
_BEST = re.compile(r"\bbest (?:\w+ )?(?:frames?|stills?|pictures?|images?)\b", re.IGNORECASE)
_LONGER = re.compile(
    rf"\b(?:extend|lengthen|continue|prolong) {_FILM}|\b(?:make )?{_FILM} (?:\w+ )?longer\b",
    re.IGNORECASE,
)
Values = dict[str, str | float]
_UNITS = {"k": 1_000, "m": 1_000_000, "b": 1}
_USUAL = {"slow": 0.5, "fast": 2.0, "speed": 2.0}


def read_utility(bare: str, text: str, lexicon: Lexicon) -> Change | None:
    """Return what a clause wants done to media that are there; None for everything else."""
    if _BACKWARDS.search(bare):
        return Change("reverse", text)
    if (factor := _speed(bare, lexicon)) is not None:
        return Change("speed", text, {"factor": factor})
    for what, read in _READERS:
        if (values := read(bare, lexicon)) is not None:
            return Change(what, text, values)
    return Change("longer", text) if _LONGER.search(bare) else None


def _loop(bare: str, lexicon: Lexicon) -> Values | None:
    looped = _LOOP.match(bare)
    if looped is None:
        return None
    seconds, _ = take_seconds(looped["rest"], lexicon)
    if seconds is not None:
        return {"seconds": seconds}
    times = re.search(rf"\b{_TIMES}", looped["rest"])
    number = _number(times["times"], lexicon) if times is not None else None
    return {"times": number} if number else None


def _filmstrip(bare: str, lexicon: Lexicon) -> Values | None:
    return _count(bare, lexicon) if _STRIP.search(bare) else None


def _waveform(bare: str, lexicon: Lexicon) -> Values | None:
    del lexicon
    return {} if _WAVE.search(bare) else None


def _proxy(bare: str, lexicon: Lexicon) -> Values | None:
    del lexicon
    rows = _ROWS.search(bare)
    if not _PROXY.search(bare):
        return None
    return {"rows": float(rows["rows"])} if rows else {}


def _loudness(bare: str, lexicon: Lexicon) -> Values | None:
    del lexicon
    if not _LOUDNESS.search(bare):
        return None
    lufs = _LUFS.search(bare)
    # Loudness against full scale is below zero, whether somebody says so or not.
    return {"lufs": -float(lufs["lufs"].replace(",", "."))} if lufs else {}


def _best(bare: str, lexicon: Lexicon) -> Values | None:
    return _count(bare, lexicon) if _BEST.search(bare) else None


def _compress(bare: str, lexicon: Lexicon) -> Values | None:
    del lexicon
    size = _BYTES.search(bare) if _SMALLER.search(bare) else None
    form = _FORMAT.search(bare)
    values: Values = {"format": form["format"].lower().replace("jpg", "jpeg")} if form else {}
    if size is not None:
        number = float(size["size"].replace(",", "."))
        return values | {"bytes": number * _UNITS[size["unit"][0].lower()]}
    converts = form is not None and re.match(r"(?:convert|save|export)\b", bare, re.IGNORECASE)
    return values if converts or bare.lower().startswith("compress") else None


_READERS: tuple[tuple[str, Callable[[str, Lexicon], Values | None]], ...] = (
    ("loop", _loop),
    ("filmstrip", _filmstrip),
    ("waveform", _waveform),
    ("proxy", _proxy),
    ("loudness", _loudness),
    ("best", _best),
    ("compress", _compress),
)


def _speed(bare: str, lexicon: Lexicon) -> float | None:
    for pattern in _FASTER:
        found = pattern.search(bare)
        if found is None:
            continue
        said = found.groupdict()
        if said.get("percent"):
            return float(said["percent"]) / 100
        how = (said.get("how") or "").lower()
        number = _number(said.get("times") or said.get("by") or "", lexicon)
        if not number:
            return _USUAL.get(how.removesuffix("er"))
        half = (said.get("times") or "").lower() == "half"
        # "Half as fast" and "twice as slow" are the same.
        return 1 / number if how.startswith("slow") and not half else number
    return None


def _number(said: str, lexicon: Lexicon) -> float | None:
    plain = re.sub(r" ?(?:x|times)$", "", said.lower()).replace(",", ".")
    known = {"twice": 2.0, "double": 2.0, "half": 0.5, "triple": 3.0}
    return known.get(plain) or moment(plain, lexicon)


def _count(bare: str, lexicon: Lexicon) -> Values:
    for found in _COUNT.finditer(bare):
        if number := lexicon.number(found["count"]):
            return {"count": float(number)}
    return {}
