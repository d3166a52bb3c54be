"""Reads a prompt as a scene: when, where, what, in which colours and manner."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Colour = tuple[float, float, float]
"""Red, green and blue, 0 to 1."""


@dataclass(frozen=True, slots=True)
class SceneWords:
    """What a prompt says about its picture."""

    time: str
    setting: str
    subject: str | None
    """A shape we can draw; None for a thing without one."""
    thing: str
    """The word that seeds the form of an unknown thing; empty when nothing is named."""
    weather: frozenset[str]
    colour: Colour | None
    """The first colour the prompt names."""
    styles: tuple[str, ...]
    near: bool
    """Whether the subject fills the frame, as in a product shot."""


def read(prompt: str) -> SceneWords:
    """Return the scene a prompt describes; any text gives one."""
    text = " " + " ".join(re.findall(r"[^\W_]+(?:-[^\W_]+)*", prompt.lower()[:4_000])) + " "
    lists = _lists()
    subject = _earliest(text, lists["subject"])
    setting = _first(text, lists["setting"])
    near = any(f" {word} " in text for word in lists["near"]["words"])
    colours = [(text.find(f" {name} "), rgb) for name, rgb in lists["colour"].items()]
    named = min((found for found in colours if found[0] >= 0), default=None)
    return SceneWords(
        time=_first(text, lists["time"]) or ("day" if setting != "space" else "night"),
        setting=setting or ("studio" if near else _usual(subject)),
        subject=subject,
        thing="" if subject else _thing(text),
        weather=frozenset(
            name
            for name, words in lists["weather"].items()
            if any(f" {word} " in text for word in words)
        ),
        colour=None if named is None else tuple(part / 255 for part in named[1]),
        styles=tuple(
            name
            for name, words in lists["style"].items()
            if any(f" {word} " in text for word in words)
        ),
        near=near,
    )


def _usual(subject: str | None) -> str:
    """Return where a thing stands when nobody says where."""
    at_home = {"mug", "bottle", "vase", "book", "lamp", "chair", "fruit", "bread", "phone", "watch"}
    if subject in at_home | {"shoe", "guitar"}:
        return "studio"
    return {"boat": "ocean", "lighthouse": "ocean", "whale": "underwater", "rocket": "desert"}.get(
        subject or "", "mountains" if subject in {None, "balloon", "dragon", "castle"} else "meadow"
    )


def _first(text: str, lists: dict[str, list[str]]) -> str:
    for name, words in lists.items():
        if any(f" {word} " in text for word in words):
            return name
    return ""


def _earliest(text: str, lists: dict[str, list[str]]) -> str | None:
    found = [
        (at, -len(word), name)
        for name, words in lists.items()
        for word in words
        if (at := text.find(f" {word} ")) >= 0
    ]
    return min(found)[2] if found else None


def _thing(text: str) -> str:
    """Return the noun after the first article: "a glowing orb over …" gives "orb"."""
    found = re.search(
        r" (?:an?|the|one) ((?:[a-z-]+ ){1,4}?)(?:on|in|at|of|over|under|by|near|with|$)", text
    )
    return found[1].split()[-1] if found else ""


@cache
def _lists() -> dict[str, Any]:
    path = files("framewright_assets") / "lexicons" / "previz.toml"
    return tomllib.loads(path.read_text("utf-8"))
