"""Takes shape, style, length and camera out of a phrase."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.agents.offline.measures import cut_out, take_ratio, take_seconds

if TYPE_CHECKING:
    from framewright.agents.offline.lexicon import Lexicon

_WORD = re.compile(r"\w+(?:[-']\w+)*")


@dataclass(frozen=True, slots=True)
class Look:
    """What a phrase says about looks and length, and what remains of it."""

    rest: str
    aspect: str | None = None
    styles: tuple[str, ...] = ()
    seconds: float | None = None
    each: bool = False
    total: bool = False
    camera: str | None = None

    @property
    def says_something(self) -> bool:
        """Whether there was anything to take out."""
        return bool(self.aspect or self.styles or self.seconds or self.camera)


def take_look(text: str, lexicon: Lexicon, *, alone: bool = False) -> Look:
    """Return what a phrase says about looks.

    With `alone` the phrase has no other content: then bare words such as "vertical" and
    "cinematic" count too, which in a description may belong to what is seen.
    """
    each = bool(lexicon.patterns["each_seconds"].search(text))
    total = bool(lexicon.patterns["total"].search(text))
    aspect, rest = take_ratio(text)
    said, rest = _take_said(rest, lexicon)
    seconds, rest = take_seconds(rest, lexicon)
    camera, rest = take_camera(rest, lexicon)
    styles, rest = take_styles(rest, lexicon)
    bare: str | None = None
    if alone:
        bare, rest = _take_bare(rest, lexicon)
        more, rest = _take_named(rest, lexicon)
        styles = (*styles, *more)
    shape = aspect or said or bare
    return Look(rest, shape, styles, seconds, each, total, camera)


def take_camera(text: str, lexicon: Lexicon) -> tuple[str | None, str]:
    """Return the camera move a text names, and the text without it."""
    for move, pattern in lexicon.camera:
        if found := pattern.search(text):
            start = found.start()
            lead = re.search(
                r"(?:\b(?:with|a|an|the|and|slow|slowly|gentle|gently|camera|as) ?)+$",
                text[:start],
                re.IGNORECASE,
            )
            tail = re.match(
                r"(?: (?:slowly|gently|shot|move|movement|of the camera|camera|on it|towards? it))+\b",
                text[found.end() :],
                re.IGNORECASE,
            )
            start = lead.start() if lead else start
            end = found.end() + (tail.end() if tail else 0)
            return move, cut_out(text, start, end)
    return None, text


def take_styles(text: str, lexicon: Lexicon) -> tuple[tuple[str, ...], str]:
    """Return phrases like "in watercolour style" and the text without them."""
    styles: list[str] = []
    while found := lexicon.named_styles.search(text):
        styles.append(found[0].strip())
        text = cut_out(text, found.start(), found.end())
    while (found := _in_style(text, lexicon)) is not None:
        start, end, style = found
        styles.append(style)
        text = cut_out(text, start, end)
    return tuple(styles), text


def modifiers_look(modifiers: str, lexicon: Lexicon) -> tuple[str | None, tuple[str, ...], str]:
    """Return shape and styles among the words before a medium, and the other words."""
    aspect: str | None = None
    kept: list[str] = []
    for word in modifiers.split():
        if (shape := lexicon.aspects.get(word.lower().strip(","))) is not None:
            aspect = shape
        else:
            kept.append(word)
    text = " ".join(kept)
    return aspect, tuple(found[0] for found in lexicon.styles.finditer(text)), text


def is_little(text: str, lexicon: Lexicon) -> bool:
    """Tell whether nothing remains that says anything."""
    return all(word.lower() in lexicon.passing for word in _WORD.findall(text))


def missed_words(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the words of a text that carry meaning, each once."""
    words = (word for word in _WORD.findall(text) if word.lower() not in lexicon.passing)
    return tuple(dict.fromkeys(words))


def _take_said(text: str, lexicon: Lexicon) -> tuple[str | None, str]:
    for ratio, pattern in lexicon.aspects_said:
        if found := pattern.search(text):
            return ratio, cut_out(text, found.start(), found.end())
    return None, text


def _take_bare(text: str, lexicon: Lexicon) -> tuple[str | None, str]:
    for found in _WORD.finditer(text):
        if (ratio := lexicon.aspects.get(found[0].lower())) is not None:
            return ratio, cut_out(text, found.start(), found.end())
    return None, text


def _take_named(text: str, lexicon: Lexicon) -> tuple[tuple[str, ...], str]:
    styles: list[str] = []
    for pattern in (lexicon.style_ends, lexicon.styles):
        while found := pattern.search(text):
            words = re.sub(
                r"^(?:(?:in|with|and|the|a|an|use|everything|all|it|make|should|be|have) )+",
                "",
                found[0],
                flags=re.IGNORECASE,
            )
            styles.append(words)
            text = cut_out(text, found.start(), found.end())
    return tuple(styles), text


def _in_style(text: str, lexicon: Lexicon) -> tuple[int, int, str] | None:
    """Find "in (a) … style" or "in black-and-white"; return its place and its words."""
    for lead in re.finditer(r"\bin (?:an? )?", text, re.IGNORECASE):
        rest = text[lead.end() : lead.end() + 80]
        if found := lexicon.styles.match(rest):
            tail = re.match(r" (?:style|look|tones|colou?rs|aesthetic)\b", rest[found.end() :])
            words = found[0] + (tail[0] if tail else "")
            return lead.start(), lead.end() + len(words), words
        if found := lexicon.style_ends.match(rest):
            words = found[0]
            before = [word.lower() for word in words.split()[:-1]]
            if len(before) < 4 and not any(word in lexicon.passing for word in before):
                return lead.start(), lead.end() + len(words), words
    return None
