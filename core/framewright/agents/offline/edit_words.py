"""Reads what a person wants changed about a plan, clause by clause, without a model."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

What = Literal[
    "look", "remove", "scale-length", "length", "swap-scenes", "model", "shape", "volume", "say",
    "title", "duplicate", "remove-scene",
]  # fmt: skip
_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
}  # fmt: skip
_COUNT = r"(\d+|" + "|".join(_NUMBERS) + r")"
_SHAPES = {
    "portrait": "9:16", "vertical": "9:16", "landscape": "16:9", "widescreen": "16:9",
    "horizontal": "16:9", "square": "1:1",
}  # fmt: skip
_PARTS = (
    r"(music|song|soundtrack|voice[- ]?over|voice|narration|speech|sounds?|effects?|captions?"
    r"|title)"
)
_QUOTE = re.compile(r"[\"\u201c](.+?)[\"\u201d]|(?<!\w)'(.+?)'(?!\w)|\u2018(.+?)\u2019")
_RULES: tuple[tuple[What, str], ...] = (
    ("swap-scenes", rf"\bswap (?:scenes?|shots?|clips?) {_COUNT} (?:and|with) {_COUNT}"),
    ("remove-scene", rf"\b(?:remove|delete|drop|cut) (?:the )?(?:scene|shot|clip) {_COUNT}"),
    ("remove-scene", r"\b(?:remove|delete|drop|cut) (?:the )?(\w+) (?:scene|shot|clip)\b"),
    ("volume", rf"\b(louder|quieter|softer) {_PARTS}\b"),
    ("volume", rf"\b(?:make )?(?:the )?{_PARTS} (?:\w+ )?(louder|quieter|softer)\b"),
    ("volume", rf"\bturn (?:the )?{_PARTS} (up|down)\b"),
    ("volume", rf"\bturn (up|down) (?:the )?{_PARTS}\b"),
    ("remove", rf"\b(?:remove|delete|drop|cut|without|no) (?:the |any )?{_PARTS}\b"),
    ("remove", r"\b(?:remove|delete|drop) (this|it|these|them)\b"),
    ("scale-length", r"\b(twice|half|double|three times) (?:as long|the length)"),
    ("scale-length", r"\b(\d+(?:\.\d+)? times) (?:as long|the length)"),
    ("scale-length", r"\b(double|halve) (?:the |its )?(?:length|duration)"),
    ("length", rf"\b{_COUNT}(?:\.\d+)?[- ]?(?:s|secs?|seconds?)\b(?: long)?"),
    ("model", r"\b(?:use|switch to|with) (?:the )?(?:model )?([\w.-]+/[\w.-]+)"),
    ("model", r"\buse (?:the )?model ([\w./-]+)"),
    ("shape", r"\b(portrait|vertical|landscape|widescreen|horizontal|square)\b"),
    ("shape", r"\b(\d{1,2}:\d{1,2})\b"),
    ("title", r"\b(?:call|name|rename|title) (?:this|it|the film|the plan)?(?: to)?\s*(@quote)"),
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


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that is to change."""

    what: What
    text: str
    """The clause it was read from."""
    words: tuple[str, ...] = ()
    """What it says: numbers, a part, a model, quoted words."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was and was not understood."""

    wishes: tuple[Wish, ...]
    missed: tuple[str, ...]


def read_edit(text: str) -> Reading:
    """Read a request to edit, clause by clause."""
    quotes: list[str] = []

    def lift(match: re.Match[str]) -> str:
        quotes.append(next(group for group in match.groups() if group is not None))
        return f"@quote{len(quotes) - 1}@"

    plain = _QUOTE.sub(lift, text.strip())
    wishes, missed = [], []
    for clause in re.split(
        r"[;\n]|\.(?:\s|$)|,? and then |,? then |, (?:and )?| and (?=[a-z]+ )", plain
    ):
        said = clause.strip(" .!")
        if not said:
            continue
        wish = _wish(said, quotes)
        if wish is None:
            missed.append(_spelled(said, quotes))
        else:
            wishes.append(wish)
    return Reading(tuple(wishes), tuple(missed))


def _wish(said: str, quotes: list[str]) -> Wish | None:
    for what, rule in _RULES:
        found = re.search(rule.replace("@quote", r"@quote\d+@"), said, re.IGNORECASE)
        if found:
            words = tuple(_word(group, quotes) for group in found.groups() if group)
            return Wish(what, _spelled(said, quotes), words)
    if (found := _LOOK.match(said)) and (look := (found["look"] or found["place"] or "").strip()):
        return Wish("look", _spelled(said, quotes), (_spelled(look, quotes),))
    if kind_of_light(said):
        return Wish("look", said, (said,))
    return None


def _word(group: str, quotes: list[str]) -> str:
    if found := re.fullmatch(r"@quote(\d+)@", group):
        return quotes[int(found[1])]
    lowered = group.lower()
    if lowered in _NUMBERS:
        return str(_NUMBERS[lowered])
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
    if family is None:
        return prompt if bare.lower() in prompt.lower() else f"{prompt}, {bare}"
    for one, _, words in _lights():
        if one == family and words.search(prompt):
            return words.sub(bare, prompt, count=1)
    return f"{prompt} at {bare}" if family == "time" else f"{prompt}, {bare}"
