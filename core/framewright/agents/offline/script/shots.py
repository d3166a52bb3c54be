"""Pictures or clips asked for together, and what each of them shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framewright.agents.offline.clauses.intents import Content, Create, OneOf
    from framewright.agents.offline.clauses.settings import Whole
    from framewright.agents.offline.words.lexicon import Lexicon

_ITEMS = re.compile(r"^(?P<lead>.+?), (?P<inner>.+?),? and (?P<last>[^,]+)$")
_ONE_EACH = re.compile(r"^(.+?),? one (.+?)(?:,|,? and) (?:and )?(?:one|the other|another) (.+)$")


@dataclass(frozen=True, slots=True)
class Shots:
    """Pictures or clips asked for together."""

    make: Create
    subjects: tuple[str, ...]
    seconds: tuple[float | None, ...]
    cameras: tuple[str | None, ...]
    listed: bool = False
    """Whether the brief names each."""


def shots_of(make: Create, whole: Whole, lexicon: Lexicon) -> Shots:
    """Return what a request makes; "a forest at dawn, noon and night" names three."""
    subjects: tuple[str, ...] = (make.subject,) * make.count
    items = _listed(make.subject, make.count, lexicon) if make.count > 1 else ()
    if not items and not make.variants and len(named := items_of(make.subject)) == make.count:
        items = named
    if items and (not make.variants or _ONE_EACH.match(make.subject)):
        subjects = items
    elif make.count > 1 and make.series and make.subject:
        linked = lexicon.beats["linked" if whole.chain else "separate"]
        subjects = tuple(
            f"{make.subject}, {_beat(linked, number, make.count)}" for number in range(make.count)
        )
    looks = "".join(f", {style}" for style in make.styles)
    subjects = tuple(f"{subject}{looks}".strip(", ") for subject in subjects)
    return Shots(make, subjects, (make.seconds,) * len(subjects), (make.camera,) * len(subjects))


def _beat(linked: tuple[str, ...], number: int, count: int) -> str:
    if len(linked) == 3:
        return linked[0] if number == 0 else linked[2] if number == count - 1 else linked[1]
    return linked[number % len(linked)]


def _listed(subject: str, count: int, lexicon: Lexicon) -> tuple[str, ...]:
    """Return one subject each of "a forest at dawn, noon and night" for three."""
    if colon := re.match(r"^(?P<same>[^:]+): (?P<items>[^:]+)$", subject):
        named = re.split(r",\s*(?:and )?|\s+and\s+", colon["items"])
        return tuple(f"{colon['same']}, {each}" for each in named) if len(named) == count else ()
    if told := _ONE_EACH.match(subject):
        same, *pieces = told.groups()
        return tuple(f"{same} {piece}" for piece in pieces) if count == len(pieces) else ()
    found = (
        _ITEMS.match(subject)
        if count > 2
        else re.match(r"^(?P<lead>.+?)(?P<inner>) and (?P<last>.+)$", subject)
    )
    if found is None:
        return ()
    items = [
        found["lead"],
        *[each for each in re.split(r",\s*", found["inner"]) if each],
        found["last"],
    ]
    if len(items) != count:
        return ()
    articles = [each.split(" ", 1)[0].lower() in lexicon.determiners for each in items]
    if all(articles):
        return tuple(items)
    lead = re.match(
        r"^(?P<same>.+ (?:at|in|during|on|for|of|by|from)) (?:the )?(?P<first>[^,]+)$", items[0]
    )
    if lead is None or (any(articles) and not articles[0]):
        return ()
    rest = [each.removeprefix(lead["same"].rsplit(" ", 1)[-1] + " ") for each in items[1:]]
    return (items[0], *(f"{lead['same']} {each}" for each in rest))


def items_of(subject: str) -> tuple[str, ...]:
    """Return what "bread, croissants and coffee" lists; empty where it is no plain list."""
    head, colon, listed = subject.partition(": ")
    if colon and ": " not in listed and (named := items_of(listed)):
        return tuple(f"{item}, {head[:1].lower()}{head[1:]}" for item in named)
    items = re.split(r",\s*(?:and )?|\s+and\s+", subject.strip(" ,."))
    short = all(0 < len(each.split()) <= 4 for each in items)
    return tuple(items) if len(items) > 2 and short else ()


def described(shots: Shots, said: Content) -> Shots:
    """Return the pictures with what is said of them: of all alike, or of the last one named."""
    words = re.sub(r"^(?:of|showing|about) ", "", said.subject)
    # Who speaks in it is in the picture once.
    people = re.fullmatch(r"[A-Z][\w'-]+(?: and [A-Z][\w'-]+)*", words)
    there = people and all(each in shots.subjects[-1] for each in words.split(" and "))
    changed = shots.subjects[-1] if there else f"{shots.subjects[-1]}, {words}".strip(", ")
    seconds = said.seconds if said.seconds is not None else shots.seconds[-1]
    camera = said.camera or shots.cameras[-1]
    alike = len(set(shots.subjects)) == 1
    count = len(shots.subjects)
    return replace(
        shots,
        subjects=(changed,) * count if alike else (*shots.subjects[:-1], changed),
        seconds=(seconds,) * count if alike else (*shots.seconds[:-1], seconds),
        cameras=(camera,) * count if alike else (*shots.cameras[:-1], camera),
    )


def with_one(shots: Shots, said: OneOf) -> Shots:
    """Let "the second one at night" hold for the second of them."""
    place = (said.number or len(shots.subjects)) - 1
    if place >= len(shots.subjects):
        return shots
    subjects, seconds, cameras = list(shots.subjects), list(shots.seconds), list(shots.cameras)
    subjects[place] = ", ".join(part for part in (subjects[place], said.subject) if part)
    seconds[place] = said.seconds if said.seconds is not None else seconds[place]
    cameras[place] = said.camera or cameras[place]
    if said.seconds is not None:
        # A length of its own is none of all together.
        shots = replace(shots, make=replace(shots.make, total=False))
    return replace(shots, subjects=tuple(subjects), seconds=tuple(seconds), cameras=tuple(cameras))
