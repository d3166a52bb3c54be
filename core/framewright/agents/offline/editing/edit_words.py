"""Reads what a person wants changed about a plan, clause by clause, without a model."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from framewright.agents.offline.editing.edit_lifted import Lifted, lift
from framewright.agents.offline.editing.edit_looks import kind_of_light
from framewright.agents.offline.editing.edit_rules import (
    LOOK,
    NO_MANNER,
    NOT_WANTED,
    OF_CAMERA,
    OF_LIGHT,
    WHOLES,
    Rules,
    What,
    on_adding,
    on_scenes,
    on_the_rest,
)
from framewright.agents.offline.editing.edit_scope import (
    EVERYTHING,
    Target,
    is_place,
    take_part,
    take_target,
)
from framewright.agents.offline.editing.edit_vocabulary import LENGTH_MARK, rule
from framewright.agents.offline.words.lexicon import lexicon
from framewright.agents.offline.words.normalise import MARK

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_BETWEEN = re.compile(
    r"[;\n]|\.(?:\s|$)|,? and then |,? then |, (?:and )?"
    rf"| and (?=(?!scenes? )[a-z]+ |{LENGTH_MARK})"
)
"""What stands between two clauses."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that is to change."""

    what: What
    text: str
    """The clause it was read from."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What it says, by the names of the rule's groups."""
    target: Target = EVERYTHING
    """The part of the plan it is about, where it names one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was and was not understood."""

    wishes: tuple[Wish, ...]
    missed: tuple[str, ...]


_EXCEPT = re.compile(
    r"\bmake (?:all|every|each)(?: of)?(?: the)? (?:shots?|scenes?|clips?) (?:except|but)(?: for)?"
    r" the (?P<one>first|second|third|fourth|fifth|last)(?: one| shot| scene| clip)?"
    r" (?P<rest>[^,.;]{1,200})",
    re.IGNORECASE,
)
"""Said of all but one, with the one in between: "make all shots except the last dusk"."""


def read_edit(text: str, ids: Collection[str] = ()) -> Reading:
    """Read a request to edit, clause by clause; `ids` are those of the plan's steps.

    Raises `EditError` for a text that is empty or too long.
    """
    lifted = lift(_EXCEPT.sub(r"make it \g<rest> but not the \g<one> scene", text))
    wishes, missed = [], []
    lead = ""
    for clause in _BETWEEN.split(lifted.text):
        said = clause.strip(" .!,")
        if not said:
            continue
        if is_place(said):
            # "In scene 2, make it night": the place holds for what comes next.
            lead = f"{said}, "
            continue
        wish = _wish(lead + said, lifted, frozenset(ids))
        lead = ""
        if wish is None:
            missed.append(lifted.spelled(said))
        else:
            wishes.append(wish)
    return Reading(tuple(wishes), tuple(missed))


def _wish(whole: str, lifted: Lifted, ids: frozenset[str]) -> Wish | None:
    if wish := _by_rule(whole, on_adding(), lifted):
        after = re.split(MARK, whole, maxsplit=1)[-1]
        return replace(wish, target=take_target(after, ids, lifted)[0])
    if NOT_WANTED.search(whole):
        return None
    # These name scenes themselves.
    if wish := _by_rule(whole, on_scenes(), lifted):
        return wish
    target, said = take_target(whole, ids, lifted)
    text = lifted.spelled(whole)
    if wish := _by_rule(said, on_the_rest(), lifted):
        return replace(wish, text=text, target=target)
    if (part := take_part(said)) is not None:
        name, rest, swapped = part
        if not rest:
            return None
        words = {"part": name, "rest": lifted.spelled(rest), "swapped": "yes" if swapped else ""}
        return Wish("part", text, words, target)
    if (words_of_look := _look(said, target, lifted)) is not None:
        return Wish("look", text, words_of_look, target)
    if kind_of_light(said):
        return Wish("look", text, {"look": said}, target)
    return None


def _look(said: str, target: Target, lifted: Lifted) -> dict[str, str] | None:
    """Return how something is to look, whether that is a thing of its own, and what is meant."""
    found = LOOK.match(said)
    look = (found["look"] or found["place"] or "").strip() if found else ""
    if found is None or not look or NO_MANNER.search(look) or rule(r"\b{part}\b").search(look):
        return None
    verb, about = (found["verb"] or "").lower(), (found["about"] or "").lower()
    if verb and not found["it"] and look.lower().startswith("the "):
        # "Make the boat": nothing is said of it.
        return None
    made = verb in {"make", "turn", "change"} and (found["lead"] or "into").lower() in {
        "into",
        "to",
    }
    is_style = lexicon().styles.fullmatch(look) is not None
    thing = made and found["article"] and target.scene and not (OF_CAMERA.search(look) or is_style)
    painted = verb in {"make", "paint", "turn", "color", "colour"} and about not in WHOLES
    painted = painted and not OF_LIGHT.fullmatch(about)
    return {
        "look": lifted.spelled(look),
        "thing": f"{found['article']}{lifted.spelled(look)}" if thing else "",
        "about": about if painted else "",
    }


def _by_rule(said: str, rules: Rules, lifted: Lifted) -> Wish | None:
    for what, pattern in rules:
        if (found := pattern.search(said)) and lifted.known(found):
            return Wish(what, lifted.spelled(said), lifted.meant(found))
    return None
