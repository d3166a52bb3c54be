"""Who speaks, in the words a voice is chosen by: age, sex and manner."""

# ruff: noqa: E501 - patterns: one meaning a line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.agents.offline.words.lexicon import lexicon
from framewright.agents.offline.words.people import people

if TYPE_CHECKING:
    from collections.abc import Mapping

_VOICED = re.compile(
    r"\b(?:(?:very|old|elderly|young|little|teenage|deep|low|high-pitched|calm|soothing|gentle"
    r"|solemn|slow|fast|excited|cheerful|energetic|tired|whispering|male|female),? +)*"
    r"(?:(?:man|woman|boy|girl|child|kid|lady|gentleman|grandmother|grandfather|grandma|grandpa"
    r"|teenager|male|female)\b|(?=voice\b|narrator\b|speaker\b|announcer\b))",
    re.IGNORECASE,
)
"""Age, sex and manner of who speaks."""
_NAMED = re.compile(
    r"(?<![\w'-])(?P<name>(?-i:[A-Z])[\w'-]+)(?= (?:(?-i:[A-Z])[\w'-]+ )?(?:says|said|saying|asks|answers"
    r"|replies|whispers|shouts|announces|narrates|speaks|talks|tells)\b)|^(?P<first>(?-i:[A-Z])[\w'-]+)(?=,|$)",
    re.IGNORECASE,
)
_N = r"(?P<{}>\d{{1,3}}|six|seven|eight|nine|ten|eleven|twelve)"
_YEARS = re.compile(
    rf"\b(?:(?:girl|boy|child|kid|man|woman|lady) of|aged?) {_N.format('of')}\b"
    rf"|\b{_N.format('old')}[- ]years?[- ]old\b"
)
_TEENS = {"six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}
_BEARDED = re.compile(r"\b(?:beard|bearded|moustache|mustache)\b", re.IGNORECASE)
_WOMEN_S_ENDS = ("a", "ie", "ine", "elle", "ette", "lyn", "i", "y")
"""How given names of women mostly end; a wrong guess is put right by one word."""


def voice_words(said: str) -> str:
    """Return age, sex and manner of the one who speaks; empty where none or several are told."""
    told = {found.strip(" ,").lower() for found in _VOICED.findall(said)} - {""}
    return told.pop() if len(told) == 1 else ""


def who_speaks(said: str) -> str:
    """Return the name of who speaks, or what they are: "Anna", "the nurse"; empty for neither."""
    known = people()
    words = lexicon()
    plain = known.no_names | known.nouns | words.steering | words.labels.keys() | words.said
    names = [
        name
        for found in _NAMED.finditer(said)
        for name in [found["name"] or found["first"]]
        if name.lower() not in plain
    ]
    if names:
        return names[0]
    nouns = [word for word in re.findall(r"[\w'-]+", said.lower()) if word in known.nouns]
    return nouns[0] if nouns else ""


def voice_of(said: str, cast: Mapping[str, str]) -> str:
    """Return the voice of a speaker; of one with a name, as the brief describes them.

    `said` are the words around the speech: "Anna says".
    """
    if told := voice_words(said):
        return told
    who = who_speaks(said)
    if not who:
        return ""
    what = next((cast[name] for name in cast if who in name.split()), "")
    if what and (told := voice_words(what)):
        return _aged(told, what)
    sex = _sex(what) or _sex(who) or _sex_of_name(who)
    return _aged(sex, f"{what} {said}") if sex else ""


def _aged(sex: str, what: str) -> str:
    words = set(re.findall(r"[\w-]+", what.lower()))
    known = people()
    years = _YEARS.search(what.lower())
    number = (years["of"] or years["old"]) if years else ""
    age = int(number) if number.isdecimal() else _TEENS.get(number)
    woman = sex.split()[-1] in known.women
    if sex.split()[-1] in known.children or (age is not None and age < 13):
        return sex if sex.split()[-1] in known.children else "girl" if woman else "boy"
    if sex.split()[0] not in known.old and (words & known.old or (age or 0) >= 65):
        return f"old {sex}"
    return f"young {sex}" if "young" in words and "young" not in sex else sex


def _sex(what: str) -> str:
    known = people()
    for word in re.findall(r"[\w'-]+", what.lower()):
        if word in known.nouns and word in known.women:
            return "girl" if word in known.children else "woman"
        if word in known.nouns and word in known.men:
            return "boy" if word in known.children else "man"
    return "man" if _BEARDED.search(what) else ""


def _sex_of_name(name: str) -> str:
    if not name[:1].isupper():
        return ""
    low = name.lower()
    known = people()
    if low in known.men:
        return "man"
    return "woman" if low in known.women or low.endswith(_WOMEN_S_ENDS) else "man"
