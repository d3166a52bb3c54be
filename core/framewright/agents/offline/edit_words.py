"""Reads what a person wants changed about a plan, clause by clause, without a model."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from framewright.agents.offline.edit_scope import (
    COUNT,
    EVERYTHING,
    NUMBERS,
    PART,
    Target,
    take_part,
    take_target,
)

if TYPE_CHECKING:
    from collections.abc import Collection

What = Literal[
    "look", "remove", "scale-length", "length", "swap-scenes", "model", "shape", "volume", "say",
    "title", "duplicate", "remove-scene", "part", "caption-text", "replace-word",
    "prompt", "crossfade", "longer-by", "part-length",
]  # fmt: skip
_COUNT = f"({COUNT})"
_SHAPES = {
    "portrait": "9:16", "vertical": "9:16", "landscape": "16:9", "widescreen": "16:9",
    "horizontal": "16:9", "square": "1:1",
}  # fmt: skip
_PARTS = f"({PART})"
_QUOTE = re.compile(r"[\"\u201c](.+?)[\"\u201d]|(?<!\w)'(.+?)'(?!\w)|\u2018(.+?)\u2019")
Rules = tuple[tuple[What, str], ...]
_ON_SCENES: Rules = (
    (
        "prompt",
        rf"\b(?:scene|shot|clip) {_COUNT}(?:'s)?,? (?:prompt|description|text) (?:to|is"
        rf"|says|:)?[^@]*(@quote)",
    ),
    ("crossfade", r"\b(?:add|use|with) (?:an? )?cross-?fades?(?: of ([\d.]+) ?(?:s|seconds?))?"),
    (
        "remove-scene",
        rf"\b(?:remove|delete|drop|cut) (?:the )?(?:scenes?|shots?|clips?) {_COUNT}(?:,|"
        rf" and|, and) {_COUNT}",
    ),
    ("swap-scenes", rf"\bswap (?:scenes?|shots?|clips?) {_COUNT} (?:and|with) {_COUNT}"),
    ("remove-scene", rf"\b(?:remove|delete|drop|cut) (?:the )?(?:scene|shot|clip) {_COUNT}"),
    ("remove-scene", r"\b(?:remove|delete|drop|cut) (?:the )?(\w+) (?:scene|shot|clip)\b"),
)
_RULES: Rules = (
    ("volume", rf"\b(louder|quieter|softer) {_PARTS}\b"),
    ("volume", rf"\b(?:make )?(?:the )?{_PARTS} (?:\w+ )?(louder|quieter|softer)\b"),
    ("volume", rf"\bturn (?:the )?{_PARTS} (up|down)\b"),
    ("volume", rf"\bturn (up|down) (?:the )?{_PARTS}\b"),
    ("remove", rf"\b(?:remove|delete|drop|cut|without|no) (?:the |any )?{_PARTS}\b"),
    ("remove", r"\b(?:remove|delete|drop) (this|it|these|them)\b"),
    ("scale-length", r"\b(twice|half|double|three times) (?:as long|the length)"),
    ("scale-length", r"\b(\d+(?:\.\d+)? times) (?:as long|the length)"),
    ("scale-length", r"\b(double|halve) (?:the |its )?(?:length|duration)"),
    (
        "replace-word",
        rf"\b(?:change|replace|swap|turn) (?:the |an? )?(?!{PART}\b)(\w+) (?:to|into|with|by)"
        r" (?:an? |the )?([\w -]+?)(?: it)?$",
    ),
    ("longer-by", rf"\b(longer|shorter) by {_COUNT}(?:\.\d+)? ?(?:s|secs?|seconds?)\b"),
    ("longer-by", rf"\b{_COUNT} ?(?:s|secs?|seconds?) (longer|shorter)\b"),
    ("part-length", rf"\b{_PARTS}\b.*?\b{_COUNT}(?:\.\d+)?[- ]?(?:s|secs?|seconds?)\b"),
    ("length", rf"\b{_COUNT}(?:\.\d+)?[- ]?(?:s|secs?|seconds?)\b(?: long)?"),
    ("model", r"\b(?:use|switch to|with) (?:the )?(?:model )?([\w.-]+/[\w.-]+)"),
    ("model", r"\buse (?:the )?model ([\w./-]+)"),
    ("shape", r"\b(portrait|vertical|landscape|widescreen|horizontal|square)\b"),
    ("shape", r"\b(\d{1,2}:\d{1,2})\b"),
    (
        "caption-text",
        r"^(?!.*\badd\b).*\b(?:title|titles|caption|headline|subtitle|text)\b[^@]*(@quote)",
    ),
    ("title", r"\b(?:call|name|rename) (?:this|it|the film|the plan)?(?: to)?\s*(@quote)"),
    ("say", r"\b(?:say|says|saying|speak|read)(?:s|ing)?\b[^@]*(@quote)"),
    ("duplicate", r"\b(duplicate|copy) (?:this|it|these|them)\b"),
)  # fmt: skip
_LOOK = re.compile(
    r"^(?:please )?(?:make|turn|set|change|put|give|render) "
    r"(?:this|it|these|them|everything|that|the \w+)?\s*"
    r"(?:into|to|at|in|look(?:ing)? like|look|a|an|more)?\s*(?P<look>.+)$"
    r"|^(?:at|in) (?P<place>[\w ]+)$",
    re.IGNORECASE,
)  # fmt: skip
_NO_LOOK = re.compile(
    rf"^(?:in |at )?(?:\d+k|u?hd|\d+ ?fps)\b|^(?:much |a bit |a little |even"
    rf" )*(?:shorter|longer|quieter|louder|faster|slower|softer"
    rf"|better|good|nice|nicer|different|again)(?: and (?:longer|shorter|slower|faster"
    rf"|louder|quieter))*$|\b{PART}\b|\b(?:scenes?|shots?|clips?|fps|frames?|seconds?"
    rf"|end|start|beginning|order|speed|volume)\b|_",
    re.IGNORECASE,
)
"""What is no way to look: no prompt should say it."""
_NOT_WANTED = re.compile(
    r"\b(?:start|begin|come in|enter|end|fade)s? (?:in |out )?(?:after|at|before)\b|"
    r"^(?:please )?(?:do not|don't|dont|never|no longer|not to)\b|\b(?:must|should|may"
    r"|shall|can) ?not\b"
    r"|\b(?:mustn't|shouldn't|never)\b|^(?:please )?(?:never|keep|leave)\b|^(?:please )?add\b"
    r"(?! (?:an? )?(?:[\w.]+ (?:s|seconds?) )?cross-?fades?)",
    re.IGNORECASE,
)
"""What asks for something not to happen, to stay, or to come that no rule here makes."""
_OF_CAMERA = re.compile(r"\b(?:close-?up|shot|view|angle|portrait|panorama)\b", re.IGNORECASE)
_WHOLES = frozenset({"film", "video", "picture", "image", "scene", "clip", "whole", "movie"})
_SCENES_TOGETHER = re.compile(
    rf"\b(?:scene|shot|clip) {_COUNT} and (?:scene|shot|clip) {_COUNT}", re.IGNORECASE
)
_ONLY_PLACE = re.compile(
    rf"(?:in|for|during) (?:the )?(?:{COUNT}|last|final)? ?(?:scene|shot|clip)(?: {COUNT})?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that is to change."""

    what: What
    text: str
    """The clause it was read from."""
    words: tuple[str, ...] = ()
    """What it says: numbers, a part, a model, quoted words."""
    target: Target = EVERYTHING
    """The part of the plan it is about, where it names one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was and was not understood."""

    wishes: tuple[Wish, ...]
    missed: tuple[str, ...]


def read_edit(text: str, ids: Collection[str] = ()) -> Reading:
    """Read a request to edit, clause by clause; `ids` are those of the plan's steps."""
    quotes: list[str] = []

    def lift(match: re.Match[str]) -> str:
        quotes.append(next(group for group in match.groups() if group is not None))
        return f"@quote{len(quotes) - 1}@"

    plain = _QUOTE.sub(lift, text.strip())
    # "Scene 1 and scene 3" are two scenes of one wish.
    plain = _SCENES_TOGETHER.sub(r"scenes \1 and \2", plain)
    wishes, missed = [], []
    lead = ""
    for clause in re.split(
        r"[;\n]|\.(?:\s|$)|,? and then |,? then |, (?:and )?| and (?=(?!scenes? )[a-z]+"
        r" |\d+ ?s(?:ec|econds?)?\b)",
        plain,
    ):
        said = clause.strip(" .!")
        if not said:
            continue
        if _ONLY_PLACE.fullmatch(said):
            # "In scene 2, make it night": the place holds for what comes next.
            lead = f"{said}, "
            continue
        wish = _wish(lead + said, quotes, frozenset(ids))
        lead = ""
        if wish is None:
            missed.append(_spelled(said, quotes))
        else:
            wishes.append(wish)
    return Reading(tuple(wishes), tuple(missed))


def _wish(said: str, quotes: list[str], ids: frozenset[str]) -> Wish | None:
    whole = said
    if _NOT_WANTED.search(said):
        return None
    # These name scenes themselves.
    if wish := _by_rule(said, _ON_SCENES, quotes):
        return wish
    target, said = take_target(said, ids)
    if wish := _by_rule(said, _RULES, quotes):
        return replace(wish, text=_spelled(whole, quotes), target=target)
    if (part := take_part(said)) is not None:
        name, rest, swapped = part
        words = (name, _spelled(rest, quotes), "swapped" if swapped else "")
        return Wish("part", _spelled(whole, quotes), words, target) if rest else None
    if (found := _LOOK.match(said)) and (look := (found["look"] or found["place"] or "").strip()):
        if _NO_LOOK.search(look):
            return None
        made = re.search(rf"\b(?:make|turn|change)\b.*\ban? {re.escape(look)}", said) is not None
        thing = made and bool(target.scene) and not _OF_CAMERA.search(look)
        about = re.match(r"(?:please )?(?:make|paint|turn|colou?r) the (\w+) ", said, re.IGNORECASE)
        named = about[1].lower() if about and about[1].lower() not in _WHOLES else ""
        looks = (_spelled(look, quotes), "thing" if thing else "", named)
        return Wish("look", _spelled(whole, quotes), looks, target)
    if kind_of_light(said):
        return Wish("look", whole, (said,), target)
    return None


def _by_rule(said: str, rules: Rules, quotes: list[str]) -> Wish | None:
    for what, rule in rules:
        found = re.search(rule.replace("@quote", r"@quote\d+@"), said, re.IGNORECASE)
        if found:
            words = tuple(_word(group, quotes) for group in found.groups() if group)
            return Wish(what, _spelled(said, quotes), words)
    return None


def _word(group: str, quotes: list[str]) -> str:
    if found := re.fullmatch(r"@quote(\d+)@", group):
        return quotes[int(found[1])]
    lowered = group.lower()
    if lowered in NUMBERS:
        return str(NUMBERS[lowered])
    return _SHAPES.get(lowered, group)


def _spelled(text: str, quotes: list[str]) -> str:
    return re.sub(r"@quote(\d+)@", lambda match: f'"{quotes[int(match[1])]}"', text)


@cache
def _lights() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Return for each time of day and weather its family and the words that name it."""
    lexicon = files("framewright_assets") / "lexicons" / "previz.toml"
    found = tomllib.loads(lexicon.read_text("utf-8"))
    return tuple(
        (
            family,
            name,
            re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b", re.IGNORECASE),
        )
        for family in ("time", "weather")
        for name, words in found[family].items()
    )


def kind_of_light(text: str) -> str | None:
    """Return `time` or `weather` for words that name one, else None."""
    return next((family for family, _, words in _lights() if words.fullmatch(text.strip())), None)


def relit(prompt: str, look: str) -> str:
    """Return a prompt with its time of day or weather replaced, or the look added to it."""
    bare = re.sub(r"^(?:at|in|into|a|an|the|more)\s+", "", look.strip(), flags=re.IGNORECASE)
    family = kind_of_light(bare)
    if family is None or bare.lower().endswith("y"):
        return prompt if bare.lower() in prompt.lower() else f"{prompt}, {bare}"
    for one, _, words in _lights():
        if one == family and words.search(prompt):
            return words.sub(bare, prompt, count=1)
    return f"{prompt} at {bare}" if family == "time" else f"{prompt}, {bare}"
