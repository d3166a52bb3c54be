"""Which part of a plan a clause of an edit speaks of: a scene, the music, the whole film."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from framewright.agents.offline.editing.edit_vocabulary import SCENE, rule, scene_number

if TYPE_CHECKING:
    from framewright.agents.offline.editing.edit_lifted import Lifted


@dataclass(frozen=True, slots=True)
class Target:
    """What a clause is about; empty for whatever is in scope."""

    scene: str = ""
    """Number of a scene, or `last`."""
    scenes: tuple[str, ...] = ()
    """Numbers of several."""
    spared: tuple[str, ...] = ()
    """Scenes that are to stay."""
    step: str = ""
    """The id of a step."""
    clips: bool = False
    """Each of the clips."""
    film: bool = False
    """All of it together."""

    @property
    def narrow(self) -> bool:
        """Whether it is about less than everything in scope."""
        return bool(self.scene or self.scenes or self.spared or self.step)


EVERYTHING = Target()
"""Whatever is in scope."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    one: re.Pattern[str]
    several: re.Pattern[str]
    spared: re.Pattern[str]
    part: re.Pattern[str]
    clips: re.Pattern[str]
    film: re.Pattern[str]
    place: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    return _Patterns(
        one=rule(
            r"\b(?P<lead>(?:but |except(?: for)? |not |keep |leave |in |of |for |during ){0,3})"
            r"(?:the )?{scene}[:,]?"
        ),
        several=rule(r"(?:\b(?:in|of|for|during) )?(?:the )?{scenes}[:,]?"),
        spared=rule(
            r"[, ]{0,3}\b(?:but|except)\b(?: for)?(?: (?:not|keep|leave)){0,3} (?:the )?"
            r"(?:{scene}|{scenes}).*$"
        ),
        part=rule(
            r"^(?:please )?(?P<verb>make|change|turn|set|put|replace|swap|let|move|show|the)"
            r" (?:the |my )?{part}\b(?: (?:be|is|should be|say|read))?(?: |$)(?P<rest>.*)$"
        ),
        clips=rule(rf"\b(?:every|each|all)(?: of)?(?: the)? {SCENE}s?\b"),
        film=rule(
            r"\b(?:the )?(?:whole |entire |full )?(?:film|movie|video|thing)\b|\beverything\b"
            r"|\bin total\b"
        ),
        place=rule(r"(?:in|for|during|on) (?:the )?(?:{scene}|{scenes})"),
    )


def is_place(said: str) -> bool:
    """Tell whether a clause only says where: "in scene 2"."""
    return _patterns().place.fullmatch(said) is not None


def take_target(said: str, ids: frozenset[str], lifted: Lifted) -> tuple[Target, str]:
    """Return what a clause is about, and the clause with "it" in that place."""
    known = _patterns()
    if found := known.spared.search(said):
        spared = _numbers(found, lifted)
        return Target(spared=spared), said[: found.start()].strip(" ,")
    for name in re.findall(r"\b[a-z][a-z0-9]*_[a-z0-9_]+\b", said):
        if name in ids:
            return Target(step=name), re.sub(rf"(?:in |the )?\b{name}\b", "it", said)
    if found := known.clips.search(said):
        return Target(clips=True), f"{said[: found.start()]}it{said[found.end() :]}"
    if found := known.several.search(said):
        return Target(scenes=_numbers(found, lifted)), _without(said, found, "it")
    if found := known.one.search(said):
        inside = "in " in found["lead"].lower()
        return Target(scene=_numbers(found, lifted)[0]), _without(
            said, found, "" if inside else "it"
        )
    if found := known.film.search(said):
        return Target(film=True), f"{said[: found.start()]}it{said[found.end() :]}"
    return EVERYTHING, said


def _without(said: str, found: re.Match[str], instead: str) -> str:
    rest = f"{said[: found.start()]}{instead}{said[found.end() :]}"
    return re.sub(r" {2,}", " ", rest).strip(" ,:")


def _numbers(found: re.Match[str], lifted: Lifted) -> tuple[str, ...]:
    named = found.groupdict()
    if named.get("scenes"):
        return lifted.numbers(named["scenes"])
    return (scene_number(named["scene"]),)


def take_part(said: str) -> tuple[str, str, bool] | None:
    """Return the part an order is about, what it is to become, and whether it is replaced."""
    found = _patterns().part.match(said)
    if found is None:
        return None
    rest = found["rest"].strip()
    into = re.match(r"(?:to|with|into|by) ", rest)
    swapped = found["verb"].lower() in {"change", "replace", "swap", "turn", "set"} and into
    return found["part"].lower(), rest[into.end() :] if into else rest, bool(swapped)
