"""What a text says about everything at once: shape, style, camera, joins; taken out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from framewright.agents.offline.words.measures import cut_out, take_ratio, take_seconds

if TYPE_CHECKING:
    from framewright.agents.offline.words.lexicon import Lexicon

_IN = re.compile(
    r"(?:^|[, ]*)\b(?:and |all |but )?(?:shot |filmed |done |drawn |painted )?"
    r"(?:in|with) (?:an? |the )?$"
)
_ENDS = re.compile(
    r"\s*(?:$|[,.;:)\n]|(?:and|with|style|look|of|for|to|at|in|on|by|please)\b)", re.IGNORECASE
)
"""Behind a look of its own; "in a moody bay" is in a bay."""
_HOW = re.compile(
    r"[, ]*(?:\b(?:with|and|using|in|the|an?|some|camera|slow|slowly|gentle|gently|smooth"
    r"|smoothly|very|fast|as)\b ?)*$",
    re.IGNORECASE,
)
_ON = re.compile(
    r"^ (?:in|out|right|left|up|down)\b|^ (?:move|movement|shot|camera|motion)\b|^ (?:on"
    r"|towards?|over) (?:it|them|her|him)\b",
    re.IGNORECASE,
)


_LED = re.compile(
    r"(?:^|\b(?:an?|the|one|my|short|long|minute)|second|\d ?s|^(?:[A-Za-z-]+ )?[A-Za-z-]+) $",
    re.IGNORECASE,
)
_LOOK = re.compile(r" (?:style|look|photography)\b")
_ARTICLE = re.compile(r"\b([Aa])n?$")
_REACH = 80
"""Characters before or behind a setting that can belong to it."""
_OF_LENGTH = re.compile(r" (?:of|lasting) [\w.,-]+ ?(?:s|secs?|seconds?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Whole:
    """What holds for everything."""

    aspect: str | None = None
    also: tuple[str, ...] = ()
    """Shapes the same film is wanted in as well."""
    styles: tuple[str, ...] = ()
    seconds: float | None = None
    """Of the whole film."""
    each: float | None = None
    """Of every clip."""
    without: tuple[str, ...] = ()
    unheard: tuple[str, ...] = ()
    """Instruments that the music is to do without."""
    silent: frozenset[str] = frozenset()
    """Kinds of sound and words that are not wanted: `music`, `voice`, `sound`, `caption`."""
    camera: str | None = None
    chain: bool = False
    crossfade: bool = False
    fade_seconds: float = 0.5
    merge: bool = False
    apart: bool = False
    """Several clips are not to become one film."""
    audio_only: bool = False


def take_whole(text: str, whole: Whole, lexicon: Lexicon) -> tuple[Whole, str]:
    """Return the settings with what this text adds to them, and the text without it."""
    if found := lexicon.patterns["chain"].search(text):
        whole = replace(whole, chain=True, merge=True)
        text = cut_out(text, found.start(), found.end())
    if found := lexicon.patterns["apart"].search(text):
        whole = replace(whole, apart=True)
        text = cut_out(text, found.start(), found.end())
    if found := lexicon.patterns["crossfade"].search(text):
        of = _OF_LENGTH.match(text, found.end())
        seconds, _ = take_seconds(found["length"] or (of[0] if of else ""), lexicon)
        whole = replace(whole, crossfade=True, fade_seconds=seconds or whole.fade_seconds)
        text = cut_out(text, found.start(), of.end() if of else found.end())
    text = lexicon.patterns["manner"].sub("", text)
    for name, ratio in (("aside_wide", "16:9"), ("aside_tall", "9:16")):
        if found := lexicon.patterns[name].search(text):
            whole = replace(whole, aspect=ratio)
            text = cut_out(text, found.start(), found.end())
    whole, text = _take_aspect(text, whole, lexicon)
    return _take_styles(text, whole, lexicon)


def take_camera(text: str, lexicon: Lexicon) -> tuple[str | None, str]:
    """Return the camera move a text names, and the text without it."""
    for move, words in lexicon.camera:
        if found := words.search(text):
            lead = _HOW.search(_tail(text[: found.start()]))
            start = found.start() - (len(lead[0]) if lead else 0)
            tail = _ON.match(text[found.end() : found.end() + _REACH])
            return move, cut_out(text, start, found.end() + (tail.end() if tail else 0))
    return None, text


def _take_aspect(text: str, whole: Whole, lexicon: Lexicon) -> tuple[Whole, str]:
    if found := lexicon.patterns["two_shapes"].search(text):
        shapes = [_shape(each, lexicon) for each in found.groups() if each]
        named = tuple(dict.fromkeys(shape for shape in shapes if shape))
        if len(named) > 1:
            rest = cut_out(text, found.start(), found.end())
            return replace(whole, aspect=named[0], also=named[1:]), rest
    ratio, rest = take_ratio(text)
    if ratio is not None:
        text = re.sub(r"\b(?:in|at) ?(?=$|[.,;])|\b(?:in|at) (?=with\b|and\b|of\b)", "", rest)
        text = re.sub(r" (?:format|aspect ratio|ratio)\b", "", text.strip(" ,"))
    for said, words in lexicon.aspects_said:
        if found := words.search(text):
            ratio = ratio or said
            text = _without_place(text, found, lexicon)
            break
    for found in re.finditer(r"[\w-]+", text):
        said = lexicon.aspects.get(found[0].lower(), "")
        if said and _shapes_medium(text[found.end() :], lexicon):
            rest = cut_out(text, found.start(), found.end())
            return replace(whole, aspect=ratio or said), rest
    return (whole if ratio is None else replace(whole, aspect=ratio)), text


def _shape(said: str, lexicon: Lexicon) -> str | None:
    """Return the ratio of "9:16", "portrait" or "square"."""
    ratio, _ = take_ratio(said)
    more = {"portrait": "9:16", "landscape": "16:9"}
    return ratio or more.get(said.lower()) or lexicon.aspects.get(said.lower())


def _without_place(text: str, found: re.Match[str], lexicon: Lexicon) -> str:
    """Take "for TikTok" out whole; of "an Instagram reel" leave the medium."""
    last = found[0].split()[-1].lower()
    if not found[0].lower().startswith(("for ", "in ")) and last in lexicon.nouns:
        return cut_out(text, found.start(), found.end() - len(last) - 1)
    return cut_out(text, found.start(), found.end())


def _shapes_medium(rest: str, lexicon: Lexicon) -> bool:
    """Tell "square image" from "square table": a medium follows soon, or nothing does."""
    words = re.findall(r"[\w'-]+|[,.;:]", rest[:80])[:5]
    if not words or words[0] in {
        ",",
        ".",
        ";",
        ":",
        "and",
        "with",
        "please",
        "for",
        "so",
        "format",
    }:
        return True
    if words[0] == "3d":
        return False
    for each in words:
        if each in lexicon.prepositions or each in {",", ".", ";"}:
            return False
        if lexicon.nouns.get(each.lower()) in {"image", "video"} or each in lexicon.variants:
            return True
    return False


def _take_styles(text: str, whole: Whole, lexicon: Lexicon) -> tuple[Whole, str]:
    styles: list[str] = []
    for pattern in (lexicon.named_styles, lexicon.style_ends, lexicon.styles):
        said, text = _taken(pattern, text, lexicon)
        styles.extend(said)
    return replace(whole, styles=tuple(dict.fromkeys([*whole.styles, *styles]))), text


def _taken(pattern: re.Pattern[str], text: str, lexicon: Lexicon) -> tuple[list[str], str]:
    """Return the styles of a pattern, and the text without them, read once from front to back."""
    made = {found.start() for found in lexicon.styles_made.finditer(text)}
    kept, styles, begin = "", [], 0
    for found in pattern.finditer(text):
        if found.start() < begin:
            continue
        before = _then(kept, text[begin : found.start()])
        # "A documentary about bees" names what is made, not how.
        if found.start() in made and _LED.search(_tail(before) or " "):
            continue
        if _of_music(text[found.end() : found.end() + _REACH], lexicon):
            continue
        styles.append(found[0].strip())
        begin = found.end()
        if pattern is lexicon.styles and (look := _LOOK.match(text, begin)):
            begin = look.end()
        stands_alone = pattern is not lexicon.styles or _ENDS.match(text, begin)
        if stands_alone and (lead := _IN.search(_tail(before))):
            before = before[: len(before) - len(lead[0])]
        kept = _with_article(before.rstrip(), text[begin : begin + _REACH])
    return styles, cut_out(_then(kept, text[begin:]), 0, 0) if styles else text


def _then(kept: str, more: str) -> str:
    """Join what stands before and behind a part that was cut out."""
    return f"{kept} {more.lstrip()}" if kept else more


def _tail(text: str) -> str:
    """Return the end of a text: what leads to a word stands right before it."""
    return text if len(text) <= _REACH else f"\n{text[-_REACH:]}"


def _of_music(after: str, lexicon: Lexicon) -> bool:
    """Tell a "dreamy" that goes on with "piano music": then it is heard, not seen."""
    words = re.findall(r"[\w-]+|[,.;:]", after.lower()[:60])[:3]
    for word in words:
        if word in lexicon.prepositions or word in {",", ".", ";", ":"}:
            return False
        if lexicon.nouns.get(word) == "music" or word in lexicon.genres:
            return True
    return False


def _with_article(before: str, after: str) -> str:
    """Return what stands before a part that is cut out: "a cinematic image" becomes "an image"."""
    word = after.lstrip()[:1]
    found = _ARTICLE.search(_tail(before))
    if not word or found is None:
        return before
    article = "an" if word.lower() in "aeiou" else "a"
    return f"{before[: len(before) - len(found[0])]}{found[1]}{article[1:]}"
