"""Reads the people of a prompt: how many, who, what they wear and do.

Whoever has a name looks the same wherever that name stands; whoever has none looks the way their
noun does. What a prompt says of them goes before both.
"""

# ruff: noqa: E501 - tables: one meaning a line

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright_providers.local.scene.people_words import (
    earliest,
    given,
    nouns_of_people,
    people_lists,
    singular,
)
from framewright_providers.local.scene.person_look import look_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright_providers.local.scene.colour import Colour
    from framewright_providers.local.scene.looks import Look

MOST_PEOPLE = 6


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a scene."""

    look: Look
    pose: str
    facing: str = ""
    """`front`, `side`, `back` or nothing."""
    prop: str = ""


def cast_of(
    prompt: str, colours: Mapping[str, Colour], known: frozenset[str]
) -> tuple[Member, ...]:
    """Return the people of a prompt; `known` are words that are no names."""
    text = prompt[:4_000].replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    nouns = nouns_of_people()
    # A possessive says whose thing it is; the person is not shown by it.
    tokens = [(m.start(), m[0]) for m in re.finditer(r"[^\W\d_]+(?:[-'][^\W\d_]+)*", text)]
    marks: list[tuple[int, int, str, str]] = []
    names = _names(text, tokens, known)
    for at, word in tokens:
        noun = word.lower()
        if noun in nouns and noun not in {"her", "she", "he"}:
            marks.append((at, at + len(word), noun, ""))
    marks = _with_names(text, marks, names)
    if not marks:
        for at, word in tokens:
            if word.lower() in {"she", "he"}:
                marks.append((at, at + len(word), word.lower(), ""))
                break
    members: list[Member] = []
    starts = [_phrase_start(text, at) for at, _, _, _ in marks]
    for number, (_, _, noun, name) in enumerate(marks):
        stop = starts[number + 1] if number + 1 < len(marks) else len(text)
        own = f" {_flat(text[starts[number] : stop])} "
        whole = f" {_flat(text)} "
        if not name and any(m.look.name == noun for m in members) and noun in _PLURALS:
            continue
        for copy in range(_count(own, noun)):
            look = look_of(noun, name, own, colours, copy)
            members.append(_member(look, noun, own, whole))
    unlike = {id(member): member for member in members}
    return tuple(unlike.values())[:MOST_PEOPLE]


_PLURALS = frozenset({"people", "couple", "friends", "family", "group", "crowd", "portrait", "selfie", "figure", "character", "hero", "someone", "somebody", "person"})  # fmt: skip


def _with_names(
    text: str, marks: list[tuple[int, int, str, str]], names: list[tuple[int, str]]
) -> list[tuple[int, int, str, str]]:
    """Give names to the nouns they stand beside; a name alone is a person too."""
    marks = [
        mark
        for mark in marks
        if mark[2] not in {"portrait", "selfie", "character", "figure", "hero"}
        or (len(marks) == 1 and not names)
    ]
    used: set[str] = set()
    made = list(marks)
    for at, name in names:
        beside = [
            number
            for number, mark in enumerate(made)
            if not mark[3]
            and re.fullmatch(
                r"[\s,(]*(?:(?:is|was|the|an?|named|called|our|my|her|his)\s+)*(?:[\w-]+\s+){0,4}?",
                text[min(at + len(name), mark[1]) : max(at, mark[0])],
            )
            and "." not in text[min(at, mark[0]) : max(at, mark[0])]
            and " and " not in text[min(at, mark[0]) : max(at, mark[0])]
        ]
        if name in used:
            continue
        used.add(name)
        if beside:
            number = beside[0]
            made[number] = (min(at, made[number][0]), *made[number][1:3], name)
        else:
            made.append((at, at + len(name), "", name))
    return sorted(made)


def _names(
    text: str, tokens: list[tuple[int, str]], known: frozenset[str]
) -> list[tuple[int, str]]:
    """Return the proper names of people in a text, with where each first stands."""
    found: dict[str, int] = {}
    lists = people_lists()
    verbs = {word for words in lists["pose"].values() for word in words}
    for number, (at, word) in enumerate(tokens):
        plain = word.removesuffix("'s")
        if not plain[0].isupper() or not plain[1:].islower() or len(plain) < 3:
            continue
        if (
            plain.lower() in known
            or plain.lower() in given("none")
            or plain.lower() in nouns_of_people()
        ):
            continue
        before = text[:at].rstrip()
        after = tokens[number + 1][1].lower() if number + 1 < len(tokens) else ""
        begins = not before or before[-1] in ".!?:;\n"
        follows = text[at + len(word) : at + len(word) + 1]
        acts = (
            after in verbs
            or after in {"is", "and", "who", "with", "in", "has", "looks", "stands", "the"}
            or follows in {",", "(", ":"}
            or (after.endswith("s") and not after.endswith("ss"))
        )
        last = tokens[number - 1][1].lower() if number else ""
        # "in Vienna" is a place.
        if last in {"in", "at", "near", "to", "from", "the", "through", "over"} and not begins:
            continue
        if (
            number
            and tokens[number - 1][1] in found
            and tokens[number - 1][0] + len(last) + 1 == at
        ):
            continue  # a family name
        if begins and not acts and len(tokens) > 1 and last != "of":
            continue
        found.setdefault(plain, at)
    return [(at, name) for name, at in sorted(found.items(), key=lambda item: item[1])]


def _phrase_start(text: str, at: int) -> int:
    """Return where the words begin that describe the person at a place: behind the last stop."""
    before = text[max(0, at - 60) : at]
    stops = [
        m.end()
        for m in re.finditer(r"[.;:,()]|\band\b|\bwith\b|\bby\b|\bto\b|\bof\b|\bwhile\b", before)
    ]
    start = stops[-1] if stops else 0
    return at - len(before) + start


def _flat(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+(?:[-'][^\W_]+)*", text.lower()))


def _count(own: str, noun: str) -> int:
    numbers = people_lists()["numbers"]
    said = own.split(f" {noun} ")[0] if noun else own
    spoken = [numbers[word] for word in said.split()[-4:] if word in numbers]
    if noun in {"couple", "friends", "family", "group", "crowd", "people"} or (
        noun and noun in numbers
    ):
        return int(spoken[0] if spoken else numbers[noun])
    return int(spoken[0]) if spoken and noun.endswith(("s", "en")) else 1


def _member(look: Look, noun: str, own: str, whole: str) -> Member:
    lists = people_lists()
    role = lists["roles"].get(singular(noun), {})
    poses = lists["pose"]
    pose = earliest(own, poses) or earliest(whole, poses) or str(role.get("pose", "standing"))
    prop = earliest(own, lists["prop"])
    if pose == "typing":
        prop = "laptop"
    if pose == "fighting" and singular(noun) in {
        "knight",
        "samurai",
        "warrior",
        "pirate",
        "ninja",
    }:
        prop = "sword"
    if prop == "book" and pose in {"standing", "sitting"}:
        pose = "reading" if pose == "standing" else pose
    if prop in {"cup", "flowers", "phone"} and pose == "standing":
        pose = {"phone": "phone"}.get(prop, "carrying")
    if prop == "umbrella" and pose in {"standing", "carrying"}:
        pose = "talking"
    facing = earliest(own, lists["facing"]) or earliest(whole, lists["facing"])
    return Member(look, pose, facing, prop)
