"""Who is who in a brief: what it says of a person once holds wherever the name stands."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from framewright.agents.offline.script.shots import Shots
from framewright.agents.offline.words.normalise import MARK
from framewright.agents.offline.words.people import people

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from framewright.agents.offline.script.beats import Beat

_NAME = r"(?P<name>(?-i:[A-Z])[\w'-]{1,20}(?: (?-i:[A-Z])[\w'-]{1,20}){0,2})"
_A = r"(?:an?|the|our|my|her|his|their)"
_STOP = rf"(?=[.;:(){MARK[1:-1]}\n]|$)"
_TOLD = (
    # "Tomas, a bald man in a green sweater, sits", "Tomas (a bald man)", "Tomas is a bald man".
    re.compile(rf"\b{_NAME}(?:, | \(| is )(?P<what>{_A} [^.;:()\n{MARK[1:-1]}]{{2,240}}){_STOP}"),
    # "Anna with blonde hair in a red dress and Ben with a beard"
    re.compile(rf"\b{_NAME} (?P<what>(?:with|in|wearing) [^.;:()\n{MARK[1:-1]}]{{2,240}}){_STOP}"),
)
_CALLED = re.compile(
    rf"\b(?P<what>an? (?:[\w-]+ ){{1,8}}?)(?:named|called) {_NAME}"
    rf"(?P<more>(?: (?:with|in|wearing) [^,.;:()\n{MARK[1:-1]}]{{2,120}})?)"
)
_AND_NEXT = re.compile(r",? and (?=(?-i:[A-Z]))")
_PLACED = re.compile(
    r" (?=(?:in|at|on|near|by|under|inside|outside|through|into|onto|from|behind|beside|over|across"
    r"|along|before|during|while|as|to|against|among|between|and|then)\b)"
)
_DOES = re.compile(
    r"(?<! a)(?<! an)(?<! the) (?=(?:who |is |are |was )*"
    r"(?:opens|closes|finds|looks|watches|takes|picks"
    r"|drinks|eats|plays"
    r"|drives|rides|turns|comes|goes|gets|sees|waits|climbs|swims|sleeps|wakes|lies|smiles|laughs"
    r"|calls|flies|falls|meets|asks|answers|replies|shouts|whispers|lives|loves|wants|has|gives"
    r"|throws|catches|buys|sells|puts|makes|moves|reaches|looking|standing|sitting|walking|running"
    r"|riding|driving|playing|holding|waiting|lying|sleeping)\b| (?:who|is|are|was) )"
    r"| (?=(?:talk|speak|sit|stand|walk|run|wait|meet|argue|dance|eat|work|play|look|laugh)"
    r"(?: (?:in|on|at|to|with|by|near|together|under|through)\b|$))"
)
_WORN_TOO = re.compile(
    r"\b(?:boots?|shoes|sneakers|gloves?|cape|mask|spacesuit|bow tie|tie|scarf|belt|earrings"
    r"|necklace|tattoos?|scar|freckles|skin|fur|collar|eyepatch)\b",
    re.IGNORECASE,
)
_COLOURED = re.compile(r"^ in (?:all )?(?:\w+ )?\w+$")
_TELLS = re.compile(
    r"^(?:with|wearing|of|aged|about|in (?:his|her|their) )\b"
    r"|^\w+-(?:haired|eyed|skinned|year-old)\b"
    r"|^\d{1,3}(?: years? old)?$",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"^(?:he|she|they)\b", re.IGNORECASE)


def characters(text: str) -> dict[str, str]:
    """Return what a brief says of each person it names: "Tomas" → "a bald man in a green sweater".

    A description begins with an article, or with "with" or "in" for what somebody wears; what
    the person does, and where, is none of it.
    """
    found: dict[str, str] = {}
    for called in _CALLED.finditer(text):
        if _is_name(called["name"]):
            more = _description(called["more"].strip()) if called["more"] else ""
            found.setdefault(called["name"], f"{called['what'].strip()} {more}".strip())
    for pattern in _TOLD:
        at = 0
        while told := pattern.search(text, at):
            # A description can hold the next person: "Anna in red and Ben in blue".
            at = told.start("what")
            what = _description(told["what"])
            if what and _is_name(told["name"]):
                found.setdefault(told["name"], what)
    return found


def described_alike(beats: Sequence[Beat], known: Mapping[str, str]) -> tuple[Beat, ...]:
    """Return the beats with everybody described in each picture they are in, as they are once."""
    return tuple(
        replace(beat, subjects=_told(beat.subjects, known)) if isinstance(beat, Shots) else beat
        for beat in beats
    )


def introduces(said: str, known: Mapping[str, str]) -> bool:
    """Tell whether a text only says who somebody is: "Mara is a girl with red hair"."""
    return any(re.match(rf"{re.escape(name)}(?: is|,| \() ?{_A} ", said) for name in known)


def _told(subjects: tuple[str, ...], known: Mapping[str, str]) -> tuple[str, ...]:
    made = []
    for number, subject in enumerate(subjects):
        said = subject
        if number and len(known) == 1 and not any(name in subject for name in known):
            said = _PRONOUN.sub(next(iter(known)), said, count=1)
        for name, what in known.items():
            said = _with(said, name, what)
        made.append(said)
    return tuple(made)


def _with(subject: str, name: str, what: str) -> str:
    """Return a prompt with a description behind a name's first place; as it is where it has one."""
    mention = re.search(rf"\b{re.escape(name)}\b(?!'s|-)(?! [A-Z])", subject)
    if mention is None or what.lower() in subject.lower() or name in characters(subject):
        return subject
    worn = what.split(" ", 1)[0] in {"with", "in", "wearing"}
    before, after = subject[: mention.end()], subject[mention.end() :]
    if worn:
        return f"{before} {what}{after}"
    comma = "," if re.match(r"\s*[\w(]", after) else ""
    return f"{before}, {what}{comma}{after}"


def _is_name(said: str) -> bool:
    words = people()
    return said.lower() not in words.no_names | words.nouns


def _description(said: str) -> str:
    """Return the beginning of a text that tells who somebody is; empty where it tells no such."""
    said = _AND_NEXT.split(said)[0]
    first, *more = said.split(", ")
    kept = [_without_deeds(first)]
    worn = kept[0].split(" ", 1)[0].lower() in {"with", "in", "wearing"}
    if worn and not _is_worn(kept[0]):
        return ""
    if kept[0] == first.strip():
        for each in more:
            told = _without_deeds(each)
            if told != each.strip() or not (_TELLS.match(each) and not _is_place(f" {each}")):
                break
            kept.append(told)
    return ", ".join(kept) if len(kept[0].split()) > 1 else ""


def _without_deeds(said: str) -> str:
    """Return a piece of a description up to what the person does, or where."""
    stops = [found.start() for found in _DOES.finditer(said)]
    stops += [
        found.start()
        for found in re.finditer(r" (?=[a-z]+s\b)", said)
        if people().does.match(said, found.end())
    ]
    said = said[: min(stops, default=len(said))]
    pieces = _PLACED.split(said)
    kept = [pieces[0]]
    for piece in pieces[1:]:
        if _is_place(f" {piece}"):
            break
        kept.append(piece)
    return " ".join(kept).strip(" ,")


def _is_place(piece: str) -> bool:
    """Tell "in a kitchen" from "in a coat", "with a scar" and "and a hat"."""
    if not re.match(
        r" (?:and|in|on|to|from|over|by|at|under|near|through|into|inside|outside|onto"
        r"|behind|beside|across|along|before|during|while|as|against|among|between|then)\b",
        piece,
    ):
        return False
    return not (_is_worn(piece) or _COLOURED.match(piece))


def _is_worn(piece: str) -> bool:
    return bool(people().worn.search(piece) or _WORN_TOO.search(piece))
