"""Which part of a plan a clause of an edit speaks of: a scene, the music, the whole film."""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
    "sixth": 6, "seventh": 7, "eighth": 8,
}  # fmt: skip
COUNT = r"(?:\d+|" + "|".join(NUMBERS) + r")"
PART = (
    r"(?:music|song|soundtrack|voice[- ]?over|voice|narration|narrator|speech|sounds?(?: effects?)?"
    r"|effects?|captions?|subtitles?|titles?|headline)"
)
_SCENE = r"(?:scene|shot|clip|part)"
_ONE = re.compile(
    rf"\b(?P<lead>but |except(?: for)? |not |keep |leave |in |of |for |during )*(?:the )?"
    rf"(?:(?P<order>{COUNT}|last|final) {_SCENE}|{_SCENE} (?P<number>{COUNT}|last))\b[:,]?",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    rf"\b(?:in |of |for |during )?(?:the )?{_SCENE}s? (?P<numbers>{COUNT}(?:(?:, | and "
    rf"|, and ){COUNT})+)\b[:,]?",
    re.IGNORECASE,
)
_EXCEPT = re.compile(
    rf"[, ]*\b(?:but|except)\b(?: for)?(?: (?:not|keep|leave))* (?:the )?"
    rf"(?:(?P<order>{COUNT}|last|final) {_SCENE}|{_SCENE} (?P<number>{COUNT}|last))\b.*$",
    re.IGNORECASE,
)
_PART = re.compile(
    rf"^(?:please )?(?P<verb>make|change|turn|set|put|replace|swap|let|move|show|the) (?:the |my )?"
    rf"(?P<part>{PART})\b(?: (?:be|is|should be|say|read))?(?: |$)(?P<rest>.*)$",
    re.IGNORECASE,
)
_CLIPS = re.compile(rf"\b(?:every|each|all)(?: of)?(?: the)? {_SCENE}s?\b", re.IGNORECASE)
_FILM = re.compile(
    r"\b(?:the )?(?:whole |entire |full )?(?:film|movie|video|thing)\b|\beverything\b"
    r"|\bin total\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a clause is about; empty for whatever is in scope."""

    scene: str = ""
    """Number of a scene, or `last`."""
    scenes: tuple[str, ...] = ()
    """Numbers of several."""
    spared: str = ""
    """A scene that is to stay."""
    step: str = ""
    """The id of a step."""
    clips: bool = False
    """Each of the clips."""
    film: bool = False
    """All of it together."""


EVERYTHING = Target()
"""Whatever is in scope."""


def take_target(said: str, ids: frozenset[str]) -> tuple[Target, str]:
    """Return what a clause is about, and the clause with "it" in that place."""
    if found := _EXCEPT.search(said):
        return Target(spared=_number(found)), said[: found.start()].strip(" ,")
    for name in re.findall(r"\b[a-z][a-z0-9]*_[a-z0-9_]+\b", said):
        if name in ids:
            return Target(step=name), re.sub(rf"(?:in |the )?\b{name}\b", "it", said)
    if found := _CLIPS.search(said):
        return Target(clips=True), f"{said[: found.start()]}it{said[found.end() :]}"
    if found := _SEVERAL.search(said):
        numbers = re.findall(COUNT, found["numbers"], re.IGNORECASE)
        chosen = tuple(str(NUMBERS.get(each.lower(), each)) for each in numbers)
        rest = f"{said[: found.start()]}it{said[found.end() :]}"
        return Target(scenes=chosen), re.sub(r" {2,}", " ", rest).strip(" ,:")
    if found := _ONE.search(said):
        inside = "in " in (found["lead"] or "")
        rest = f"{said[: found.start()]}{'' if inside else 'it'}{said[found.end() :]}"
        return Target(scene=_number(found)), re.sub(r" {2,}", " ", rest).strip(" ,:")
    if found := _FILM.search(said):
        return Target(film=True), f"{said[: found.start()]}it{said[found.end() :]}"
    return EVERYTHING, said


def take_part(said: str) -> tuple[str, str, bool] | None:
    """Return the part an order is about, what it is to become, and whether it is replaced."""
    found = _PART.match(said)
    if found is None:
        return None
    rest = found["rest"].strip()
    into = re.match(r"(?:to|with|into|by) ", rest)
    swapped = found["verb"].lower() in {"change", "replace", "swap", "turn", "set"} and into
    return found["part"].lower(), rest[into.end() :] if into else rest, bool(swapped)


def _number(found: re.Match[str]) -> str:
    said = (found["order"] or found["number"]).lower()
    if said in {"last", "final"}:
        return "last"
    return str(NUMBERS.get(said, said))
