"""How a picture is framed: size of shot, height and tilt of the camera, read from a prompt."""

# ruff: noqa: E501 - tables: one meaning a line

from __future__ import annotations

import re
from dataclasses import dataclass

SIZES_OF_SHOT = {
    "extreme-wide": 0.17,
    "wide": 0.33,
    "full": 0.76,
    "knees": 1.14,
    "medium": 1.62,
    "chest": 2.40,
    "close": 3.70,
    "eyes": 16.0,
}
"""Height of a standing adult in frame heights for each size of shot."""

_SIZES: tuple[tuple[str, str], ...] = (
    ("eyes", r"extreme close[ -]?ups?|ecu|xcu|detail shot|big close[ -]?ups?"),
    ("chest", r"medium close[ -]?ups?|mcu|chest shot|bust shot|head and shoulders|head-and-shoulders"),
    ("close", r"close[ -]?ups?|cu|portrait|headshot|face shot|macro|mugshot"),
    ("knees", r"medium long shot|medium wide(?: shot)?|mls|mws|american shot|cowboy shot|three-quarter shot"),
    ("medium", r"medium shot|mid[ -]?shot|ms|waist[ -]up|waist shot|two[ -]?shot|medium two-shot"),
    ("extreme-wide", r"extreme (?:wide|long)(?: shot)?|very wide(?: shot)?|ews|els|aerial (?:wide )?shot|tiny figure|in the distance|far away"),
    ("full", r"full shot|full[ -]body(?: shot)?|full[ -]length|head to toe|fs"),
    ("wide", r"wide(?:[ -]angle)?(?: establishing)? shot|wide view|wide|ws|long shot|ls|establishing shot|master shot|panorama|panoramic|vista|landscape shot"),
)  # fmt: skip
_ANGLES: tuple[tuple[str, str], ...] = (
    ("overhead", r"bird'?s?[ -]?'?s?[ -]eye(?: view| shot)?|birds[ -]eye(?: view| shot)?|top[ -]down(?: view| shot)?|overhead(?: view| shot)?|from (?:directly )?above|god'?s[ -]eye(?: view)?|drone (?:shot|view) (?:straight )?down|flat[ -]lay|aerial view"),
    ("low", r"low[ -]angle(?: shot| view)?|worm'?s[ -]eye(?: view)?|from below|looking up at|hero shot"),
    ("high", r"high[ -]angle(?: shot| view)?|crane shot|looking down (?:at|on)|from a height|drone (?:shot|view)|aerial(?: shot)?"),
)  # fmt: skip
_DUTCH = re.compile(
    r"\b(?:dutch (?:angle|tilt|shot)|canted(?: angle| frame)?|tilted (?:camera|frame|horizon)|oblique angle)\b",
    re.IGNORECASE,
)
_SHOULDER = re.compile(
    r"\bover[ -](?:the|his|her|their)?[ -]?shoulder(?: shot| view)?\b|\bots(?: shot)?\b",
    re.IGNORECASE,
)
_PATTERNS = tuple(
    (kind, name, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for kind, table in (("angle", _ANGLES), ("size", _SIZES))
    for name, words in table
)


@dataclass(frozen=True, slots=True)
class Framing:
    """A picture's frame."""

    size: str = ""
    """A name of `SIZES_OF_SHOT`; empty where the prompt says nothing."""
    angle: str = ""
    """`low`, `high`, `overhead` or nothing, which is the height of the eyes."""
    dutch: bool = False
    """Whether the camera is tilted to one side."""
    shoulder: bool = False
    """Whether it looks over somebody's shoulder."""

    @property
    def tall(self) -> float | None:
        """How high a standing adult is in frame heights, where the prompt says it."""
        if self.size:
            return SIZES_OF_SHOT[self.size]
        return 1.62 if self.shoulder else None

    @property
    def close(self) -> bool:
        """Whether the frame cuts a standing person."""
        return (self.tall or 0) > 1.0


def framing_of(prompt: str) -> tuple[Framing, str]:
    """Return how a prompt frames its picture, and the prompt in lower case without those words."""
    text = prompt.lower()[:4_000].replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    found: dict[str, tuple[int, str]] = {}
    rest, dutch = _DUTCH.subn(" ", text)
    rest, shoulder = _SHOULDER.subn(" ", rest)
    for kind, name, pattern in _PATTERNS:
        met = pattern.search(rest)
        if met is None:
            continue
        # The first size named is that of the picture; a longer one was taken out before.
        if kind not in found or (kind == "size" and met.start() < found[kind][0]):
            found[kind] = (met.start(), name)
        rest = pattern.sub(lambda m: " " * len(m[0]), rest)
    size = found.get("size", (0, ""))[1]
    angle = found.get("angle", (0, ""))[1]
    return Framing(size, angle, bool(dutch), bool(shoulder)), rest


def unframed(prompt: str) -> str:
    """Return a prompt without the words that frame it, spelled as it was."""
    rest = _SHOULDER.sub(" ", _DUTCH.sub(" ", prompt))
    for _, _, pattern in _PATTERNS:
        rest = pattern.sub(" ", rest)
    return re.sub(r"^[\s,:.]*(?:of\s+)?", "", re.sub(r"\s+", " ", rest)).strip(" ,")
