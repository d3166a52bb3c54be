"""Reads a prompt as a scene: when, where, what, in which colours and manner."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from framewright_providers.local.scene.cast import Member, cast_of
from framewright_providers.local.scene.framing import Framing, framing_of

if TYPE_CHECKING:
    from framewright_providers.local.scene.colour import Colour


@dataclass(frozen=True, slots=True)
class SceneWords:
    """What a prompt says about its picture."""

    time: str
    setting: str
    subject: str | None
    """A shape we can draw; None for a thing without one."""
    companion: str | None
    """A second shape, which stands beside the first."""
    thing: str
    """The word that seeds the form of an unknown thing; empty when nothing is named."""
    also: frozenset[str]
    """Every place the prompt names: a forest may lie in the snow."""
    weather: frozenset[str]
    colour: Colour | None
    """The first colour the prompt names."""
    styles: tuple[str, ...]
    near: bool
    """Whether the subject fills the frame, as in a product shot."""
    framing: Framing = field(default_factory=Framing)
    """Size of shot, height and tilt of the camera."""
    cast: tuple[Member, ...] = ()
    """The people, in the prompt's order."""
    room: str = ""
    """The kind of room, where the place is one."""
    season: str = "summer"
    """`summer`, `autumn`, `spring`, `pine` or `jungle`: how leaves look."""
    park: bool = False
    """Whether broad trees stand in a meadow."""


AT_HOME = frozenset(
    {
        "mug",
        "bottle",
        "vase",
        "book",
        "fruit",
        "bread",
        "phone",
        "watch",
        "shoe",
        "bag",
        "bowl",
        "candle",
        "bouquet",
        "laptop",
        "plant",
    }
)
"""Small things: they are seen from close by, and stand in a studio unless somebody says where."""


def read(prompt: str) -> SceneWords:
    """Return the scene a prompt describes; any text gives one."""
    framing, rest = framing_of(prompt)
    text = " " + " ".join(re.findall(r"[^\W_]+(?:-[^\W_]+)*", rest)) + " "
    lists = _lists()
    cast = cast_of(prompt, palette(), not_names())
    subject, companion = _named(text, lists["subject"])
    if cast:
        # What somebody sits on, wears or holds is drawn with them.
        theirs = {"chair", *_HELD.get(cast[0].prop, ())}
        kept = [name for name in (subject, companion) if name and name not in theirs]
        subject, companion = (kept[0] if kept else None), None
    setting = _first(text, lists["setting"])
    dark = any(f" {word} " in text for word in lists["dark"]["words"])
    near = (
        framing.close
        or any(f" {word} " in text for word in lists["near"]["words"])
        or (subject in AT_HOME and not cast and framing.size not in {"wide", "extreme-wide"})
    )
    # "Golden hour" and "blue sky" say when it is, not what colour the thing has.
    plain = text
    for phrase in (word for words in lists["time"].values() for word in words if " " in word):
        plain = plain.replace(f" {phrase} ", " ")
    if cast and subject:
        # With people in the picture, only a colour right before the thing is the thing's.
        plain = _before(plain, lists["subject"][subject])
    colours = [(plain.find(f" {name} "), rgb) for name, rgb in lists["colour"].items()]
    named = min((found for found in colours if found[0] >= 0), default=None)
    return SceneWords(
        time=_first(text, lists["time"]) or ("night" if setting == "space" or dark else "day"),
        setting=setting or _unsaid(subject, cast, near=near),
        subject=subject,
        companion=companion,
        thing="" if subject or cast else _thing(text, lists),
        also=frozenset(
            name
            for name, words in lists["setting"].items()
            if any(f" {word} " in text for word in words)
        ),
        weather=frozenset(
            name
            for name, words in lists["weather"].items()
            if any(f" {word} " in text for word in words)
        ),
        colour=None if named is None else tuple(part / 255 for part in named[1]),
        styles=_styles(text, lists["style"]),
        near=near,
        framing=framing,
        cast=cast,
        room=_first(text, lists["room"]),
        season=_first(text, lists["season"]) or "summer",
        park=any(f" {word} " in text for word in lists["park"]["words"]),
    )


def _before(text: str, words: list[str]) -> str:
    """Return the three words before the first of some words in a text."""
    places = [at for word in words if (at := text.find(f" {word} ")) >= 0]
    kept = text[: min(places)].split()[-3:] if places else []
    return f" {' '.join(kept)} "


_HELD = {
    "umbrella": ("umbrella",),
    "book": ("book",),
    "phone": ("phone",),
    "laptop": ("laptop",),
    "cup": ("mug",),
    "flowers": ("flower", "bouquet"),
}
"""Things that are drawn in somebody's hands."""


def _unsaid(subject: str | None, cast: tuple[Member, ...], *, near: bool) -> str:
    """Return the place of a prompt that names none."""
    if cast and not near:
        return "meadow" if subject is None else _usual(subject)
    at_home = subject is None or subject in AT_HOME or bool(cast)
    return "studio" if near and at_home else _usual(subject)


def palette() -> dict[str, Colour]:
    """Return the colours that have names, as parts from 0 to 1."""
    return {
        name: (red / 255, green / 255, blue / 255)
        for name, (red, green, blue) in _lists()["colour"].items()
    }


@cache
def not_names() -> frozenset[str]:
    """Return words that are no names of people, however they are spelled."""
    return known_words() - {"rose", "iris", "pearl", "ruby", "jade", "dawn", "summer"}


def _styles(text: str, lists: dict[str, list[str]]) -> tuple[str, ...]:
    """Return the styles a text names; one that shapes the picture goes before a plain drawing."""
    found = [name for name, words in lists.items() if any(f" {word} " in text for word in words)]
    if "storyboard" in found:
        found = [name for name in found if name not in {"pencil", "mono"}]
    return tuple(found)


def _usual(subject: str | None) -> str:
    """Return where a thing stands when nobody says where."""
    if subject in AT_HOME:
        return "studio"
    return {
        "boat": "ocean",
        "gondola": "ocean",
        "lighthouse": "ocean",
        "whale": "underwater",
        "rocket": "desert",
        "penguin": "snow",
    }.get(
        subject or "", "mountains" if subject in {None, "balloon", "dragon", "castle"} else "meadow"
    )


def _first(text: str, lists: dict[str, list[str]]) -> str:
    for name, words in lists.items():
        if any(f" {word} " in text for word in words):
            return name
    return ""


def _named(text: str, lists: dict[str, list[str]]) -> tuple[str | None, str | None]:
    """Return the first two shapes a text names, in its order; of two at one place the longer."""
    found = sorted(
        (at, -len(word), name)
        for name, words in lists.items()
        for word in words
        if (at := text.find(f" {word} ")) >= 0
    )
    names = list(dict.fromkeys(name for _, _, name in found))
    if names[:2] in (["vase", "flower"], ["flower", "vase"], ["bowl", "fruit"]):
        return {"vase": "bouquet", "flower": "bouquet"}.get(names[0], "bowl"), None
    ends = {at: at - length + 1 for at, length, _ in reversed(found)}
    first = found[0] if found else (0, 0, "")
    # "coffee cup" and "hot air balloon" are one thing, not two.
    apart = [name for at, _, name in found if at >= ends.get(first[0], 0)]
    other = next((name for name in apart if name != first[2]), None)
    return (first[2] or None), other


def _thing(text: str, lists: dict[str, Any]) -> str:
    """Return the noun after the first article: "a glowing orb over …" gives "orb"."""
    known = {
        word
        for kind in ("time", "weather", "setting", "style")
        for words in lists[kind].values()
        for word in words
    }
    plain = known | set(lists["plain"]["words"])
    for found in re.finditer(_NOUN, text):
        noun = found[1].split()[-1]
        if noun not in plain:
            return noun
    return ""


_NOUN = re.compile(
    r" (?:an?|the|one|some|my|his|her) ((?:[a-z-]+ ){1,4}?)"
    r"(?=(?:on|in|at|of|over|under|by|near|with|from|and|that|which|is|stands|lies|inside) |$)"
)


@cache
def known_words() -> frozenset[str]:
    """Return every single word that changes a picture, or names no place of its own."""
    lists = _lists()
    tables = ("time", "weather", "setting", "subject", "style")
    named = {word for kind in tables for words in lists[kind].values() for word in words}
    return frozenset(part for word in named for part in word.split()).union(
        lists["colour"], lists["nowhere"]["words"]
    )


def recast(words: SceneWords, sheets: tuple[str, ...]) -> SceneWords:
    """Return the scene with its people as described on turnaround sheets.

    A sheet's person takes the part of their name, or else the next one that is still free; where
    the prompt names nobody, they join the scene.
    """
    cast = list(words.cast)
    taken: set[int] = set()
    for sheet in sheets:
        described = cast_of(sheet, palette(), not_names())
        if not described:
            continue
        look = described[0].look
        free = [number for number in range(len(cast)) if number not in taken]
        named = [number for number in free if cast[number].look.name == look.name]
        at = next(iter(named or free), None)
        if at is None:
            cast.append(Member(look, "standing"))
            at = len(cast) - 1
        else:
            cast[at] = replace(cast[at], look=replace(look, mood=cast[at].look.mood))
        taken.add(at)
    return replace(words, cast=tuple(cast), thing="" if cast else words.thing)


def listed(kind: str) -> dict[str, list[str]]:
    """Return the words of a table: `time`, `weather`, `setting`, `subject` or `style`."""
    table: dict[str, list[str]] = _lists()[kind]
    return table


@cache
def _lists() -> dict[str, Any]:
    path = files("framewright_assets") / "lexicons" / "previz.toml"
    return tomllib.loads(path.read_text("utf-8"))
