"""What a request is about, in the person's words: the part that becomes a prompt."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.agents.offline.clauses.clauses import without_asking

if TYPE_CHECKING:
    from framewright.agents.offline.clauses.opening import Opening
    from framewright.agents.offline.words.lexicon import Lexicon

_SHOWS = re.compile(
    r"^(?:,? (?:that|which) shows?|,? of|,? showing|,? featuring|,? depicting|,? about"
    r"|,? where|,? in which|:| -)\s+",
    re.IGNORECASE,
)
_WITH = re.compile(r"^ (?:with|for)\s+", re.IGNORECASE)
_UNDER = re.compile(
    r",? (?:quietly |softly |playing |plays )*(?:under|underneath|beneath|behind|over"
    r"|throughout|in the background|on top)"
    r"(?:(?: of)? (?:it(?: all)?|this|that|the \w+|everything|them|all))?$|,? (?:playing"
    r"|plays)(?: quietly| softly)?$"
    r"|,? (?:to|for|on|during|with) (?:it|them|the (?:whole )?(?:video|clip|film|thing)"
    r"|everything|each)$"
    r"|,? at the (?:very )?(?:end|start|beginning)$|,? please$|,? too$|,? as well$",
    re.IGNORECASE,
)
_MOST_TAILS = 6
_TAIL_LETTERS = 200
_A = re.compile(r"\b[Aa]n? $")
_ARTICLE = re.compile(r"^(?:an?|the|some|any|our|my)\s+", re.IGNORECASE)
_SOUND_OF = re.compile(
    r"^(?:the )?(?:gentle |soft |faint )?(?:sounds?|sound effects?|noises?"
    r"|sfx)(?: effects?)? (?:of|like) ",
    re.IGNORECASE,
)
_ONLY_MEDIUM = re.compile(
    r"^(?:,? ?(?:of|about|from|with|for|using) )?(?:it|them|this|that|these|those|each"
    r"|all)(?: of them)?$",
    re.IGNORECASE,
)
_MOVES = re.compile(
    r"^(?:animate[ds]?|animating)\b ?(?:"
    r"(?:the|my|this|these|our|that|those|both|all|each)(?: of)?(?: (?:the|my|these"
    r"|those))? (?:[\w-]+ )?"
    r"(?:images?|photos?|pictures?|stills?|drawings?|paintings?|illustrations?|portraits?"
    r"|ones?|files?|uploads?)"
    r"|(?:it|this|that|them|these|those|everything)(?: all)?"
    r"|(?:each|all|both)(?: one)?(?: of (?:them|these|those))?)?\b",
    re.IGNORECASE,
)
_INTO = re.compile(
    r"^,? ?(?:in)?to (?:an? )?(?:short |little |\w+-second )?(?:[\w-]+ )?(?:clips?|videos?"
    r"|films?|animations?|movies?|loops?)\b|"
    r"^,? ?(?:for|as|into|so(?: that)?|such that|to|with|and make (?:it|them))\b(?= |$)",
    re.IGNORECASE,
)


def picture_subject(text: str, about: Opening | None, lexicon: Lexicon) -> str:
    """Return what a picture shows.

    "product image of a mug" becomes "a mug, product image"; a noun that only names the medium
    goes, "a logo for a bakery" stays.
    """
    body = without_asking(text, lexicon)
    if about is None:
        return body
    named = body[about.start : about.end]
    rest = body[about.end :]
    generic = about.noun in lexicon.generic or not about.noun
    if shows := _SHOWS.match(rest):
        subject = rest[shows.end() :].strip(" ,.:")
        if _ONLY_MEDIUM.match(subject):
            subject = ""
        kept = "" if generic and not about.described else _one(named, about)
        return ", ".join(part for part in (subject, kept) if part)
    rest = _UNDER.sub("", rest)
    if about.kind == "video" and not about.described and not rest:
        return ""
    if not generic:
        before = body[: about.start] if about.count == 1 else "a "
        named = _one(named, about) if about.count > 1 else named
        return f"{_A.sub(_article(named), before)}{named}{rest}".strip(" ,.:")
    if _ONLY_MEDIUM.match(rest.strip()):
        rest = ""
    if found := _WITH.match(rest):
        rest = rest[found.end() :] if not about.described else rest
    described = " ".join(about.described)
    return f"{described}{rest if described else ' ' + rest}".strip(" ,.:")


def is_ambience(text: str, lexicon: Lexicon) -> bool:
    """Tell whether a text names only a sound that needs no word for sound: "a whoosh"."""
    return sound_subject(text, lexicon).lower() in lexicon.ambiences


def _one(named: str, about: Opening) -> str:
    """Return "photo" for one of five "photos"."""
    plural = about.count > 1 and named.endswith("s") and not named.endswith("ss")
    # "Portrait of a fox": behind the subject it begins no sentence any more.
    word = named[:1].lower() + named[1:] if named[1:].islower() and about.start == 0 else named
    return word[:-1] if plural else word


def _article(named: str) -> str:
    spoken_y = re.match(r"(?:uni|use|eu|one)", named, re.IGNORECASE)
    return "an " if named[:1].lower() in "aeiou" and not spoken_y else "a "


def sound_subject(text: str, lexicon: Lexicon) -> str:
    """Return what music or an effect is like: "add the sound of waves under it" is "waves"."""
    body = _under_off(without_asking(text, lexicon))
    body = _SOUND_OF.sub("", body)
    return _ARTICLE.sub("", body).strip(" ,.:")


def motion_subject(text: str, lexicon: Lexicon) -> str:
    """Return how something is to move: what an order to animate says beyond itself."""
    body = without_asking(lexicon.patterns["to_life"].sub("", text), lexicon)
    body = _MOVES.sub("", body).strip(" ,.:")
    while found := _INTO.match(body):
        body = body[found.end() :].strip(" ,.:")
    body = re.sub(r"^(?:of|in|by)\b ?(?=$|\d)", "", body).strip(" ,.:")
    return "" if _ONLY_MEDIUM.match(body) else body


def _under_off(text: str) -> str:
    """Take "under it" and "in the background" off the end, a few of them at most."""
    for _ in range(_MOST_TAILS):
        begin = max(0, len(text) - _TAIL_LETTERS)
        found = _UNDER.search(text, begin)
        if found is None:
            break
        text = text[: found.start()]
    return text
