"""How a person looks: drawn from a name or a noun, then put right by what is said."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from framewright_providers.local.scene.looks import Look
from framewright_providers.local.scene.people_words import (
    earliest,
    given,
    nouns_of_people,
    people_lists,
    singular,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright_providers.local.scene.colour import Colour

_SKINS: dict[str, Colour] = {
    "pale": (0.93, 0.77, 0.68),
    "fair": (0.87, 0.69, 0.57),
    "light": (0.84, 0.66, 0.50),
    "tan": (0.74, 0.55, 0.41),
    "brown": (0.58, 0.40, 0.28),
    "dark": (0.37, 0.24, 0.17),
}


_HAIRS: tuple[Colour, ...] = (
    (0.10, 0.08, 0.07),
    (0.20, 0.13, 0.09),
    (0.33, 0.21, 0.13),
    (0.50, 0.32, 0.18),
    (0.76, 0.60, 0.36),
    (0.52, 0.22, 0.11),
)


_CLOTHES: tuple[Colour, ...] = (
    (0.22, 0.31, 0.42),
    (0.52, 0.22, 0.20),
    (0.30, 0.38, 0.29),
    (0.62, 0.50, 0.32),
    (0.36, 0.28, 0.38),
    (0.24, 0.26, 0.30),
    (0.72, 0.62, 0.48),
    (0.20, 0.42, 0.44),
    (0.70, 0.38, 0.22),
)


_LOWER: tuple[Colour, ...] = (
    (0.16, 0.18, 0.24),
    (0.22, 0.27, 0.38),
    (0.30, 0.27, 0.23),
    (0.14, 0.14, 0.16),
)


_EYES: tuple[Colour, ...] = (
    (0.27, 0.17, 0.09),
    (0.20, 0.33, 0.48),
    (0.26, 0.38, 0.22),
    (0.36, 0.30, 0.20),
)


def seed_of(name: str) -> np.random.Generator:
    """Return the chance that belongs to a name, whatever the picture's seed."""
    digest = hashlib.sha256(name.casefold().encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:8], "big")))


def look_of(noun: str, name: str, own: str, colours: Mapping[str, Colour], copy: int) -> Look:
    """Return how the person of a noun or a name looks, where `own` words say no other.

    `copy` counts those whom one noun names.
    """
    lists = people_lists()
    # Every choice is drawn in one fixed order, so that a said thing moves no other choice.
    random = seed_of(f"look of {name or singular(noun) or 'person'}{copy or ''}")
    draw = [float(part) for part in random.random(12)]
    sex = _sex(noun, name, own, draw[0])
    age = _age(noun, own)
    skin = _SKINS[earliest(own, lists["skin"]) or tuple(_SKINS)[min(5, int(draw[1] ** 1.2 * 6))]]
    hair_colour = _HAIRS[int(draw[2] * (len(_HAIRS) if sum(skin) > 1.5 else 2))]
    hair = (
        ("short", "crop", "short", "curly")[int(draw[3] * 4)]
        if sex == "man"
        else ("long", "bob", "ponytail", "bun", "long")[int(draw[3] * 5)]
    )
    if age == "elder":
        hair_colour = (0.70, 0.69, 0.67)
        hair = {"long": "bun", "ponytail": "bob"}.get(hair, hair)
    top = (
        ("jacket", "shirt", "coat", "hoodie")
        if sex == "man"
        else ("dress", "shirt", "coat", "jacket")
    )[int(draw[4] * 4)]
    if age in {"child", "toddler"}:
        top = ("hoodie", "tee", "shirt")[int(draw[4] * 3)]
    bright = 1.25 if age in {"child", "toddler"} else 1.0
    shirt = _CLOTHES[int(draw[5] * len(_CLOTHES))]
    look = Look(
        name=name or noun,
        sex=sex,
        age=age,
        skin=skin,
        hair=hair,
        hair_colour=hair_colour,
        eyes=_EYES[int(draw[7] * len(_EYES))],
        top=top,
        top_colour=(
            min(1.0, shirt[0] * bright),
            min(1.0, shirt[1] * bright),
            min(1.0, shirt[2] * bright),
        ),
        under=((0.88, 0.87, 0.84), (0.30, 0.32, 0.36), (0.68, 0.60, 0.52))[int(draw[8] * 3)],
        bottom="trousers",
        bottom_colour=_LOWER[int(draw[6] * len(_LOWER))],
        shoes=((0.14, 0.10, 0.08), (0.30, 0.20, 0.13), (0.08, 0.08, 0.09))[int(draw[9] * 3)],
        scarf=_CLOTHES[int(draw[10] * len(_CLOTHES))]
        if draw[11] > 0.86 and top in {"coat", "jacket"}
        else None,
    )
    return _said(_in_role(look, noun), own, colours)


def _in_role(look: Look, noun: str) -> Look:
    role = people_lists()["roles"].get(singular(noun))
    if role is None:
        return look

    def colour(key: str, usual: Any) -> Any:
        return tuple(part / 255 for part in role[key]) if key in role else usual

    return replace(
        look,
        top=role.get("top", look.top),
        top_colour=colour("colour", look.top_colour),
        bottom=role.get("bottom", look.bottom),
        bottom_colour=colour("bottom-colour", look.bottom_colour),
        hat=role.get("hat", look.hat),
        hat_colour=colour("hat-colour", look.hat_colour),
        cape=colour("cape", None),
        apron=colour("apron", None),
        beard=bool(role.get("beard", False)) and look.sex == "man",
        glasses=bool(role.get("glasses", False)),
        pack=bool(role.get("pack", False)),
        hair=role.get("hair", look.hair),
        age=role.get("age", look.age) if look.age == "adult" else look.age,
        scarf=None,
    )


def _said(look: Look, own: str, colours: Mapping[str, Colour]) -> Look:
    """Return the look with what the prompt says of it."""
    lists = people_lists()
    hat = earliest(own, lists["hat"])
    # A hood on a hoodie is no hat of its own.
    top, top_colour = _garment(own, lists["top"], colours)
    bottom, bottom_colour = _garment(own, lists["bottom"], colours)
    _, hat_colour = _garment(own, lists["hat"], colours)
    _, scarf = _garment(own, {"scarf": ["scarf", "shawl"]}, colours)
    _, apron = _garment(own, {"apron": ["apron"]}, colours)
    _, cape = _garment(own, {"cape": ["cape"]}, colours)
    _, hair_colour = _garment(
        own, {"hair": ["hair", "beard", "curls", "bun", "ponytail", "braids", "braid"]}, colours
    )
    _, eyes = _garment(own, {"eyes": ["eyes", "eyed"]}, colours)
    _, shoes = _garment(own, {"shoes": ["shoes", "boots", "sneakers"]}, colours)
    named = next(
        (lists["hair-colour"][word] for word in own.split() if word in lists["hair-colour"]), None
    )
    if named is not None:
        hair_colour = (named[0] / 255, named[1] / 255, named[2] / 255)
    if hair_colour is not None and named is None:
        # "Red hair" is no signal red.
        hair_colour = {
            colours["red"]: (0.56, 0.23, 0.11),
            colours["black"]: (0.07, 0.06, 0.06),
            colours["brown"]: (0.30, 0.19, 0.12),
        }.get(hair_colour, hair_colour)
    hair = earliest(own, lists["hair"])
    if not top:
        # "In red" is what somebody wears.
        in_colour = re.search(r" (?:in|wearing|dressed in) ([a-z]+) (?!\w*(?:light|hour))", own)
        if in_colour and in_colour[1] in colours:
            top_colour = colours[in_colour[1]]
    return replace(
        look,
        top=top or look.top,
        top_colour=top_colour or look.top_colour,
        bottom=bottom or look.bottom,
        bottom_colour=bottom_colour or (_matching(look, top, top_colour)),
        hat=hat or look.hat,
        hat_colour=hat_colour or look.hat_colour,
        scarf=scarf or ((0.62, 0.16, 0.16) if " scarf " in own else look.scarf),
        apron=apron or ((0.86, 0.83, 0.76) if " apron " in own else look.apron),
        cape=cape or ((0.50, 0.10, 0.12) if " cape " in own else look.cape),
        hair=hair or look.hair,
        hair_colour=hair_colour or look.hair_colour,
        eyes=eyes or look.eyes,
        shoes=shoes or look.shoes,
        beard=look.beard
        or (look.sex == "man" and bool(re.search(r" (?:beard|bearded|moustache|mustache) ", own))),
        glasses=look.glasses
        or bool(re.search(r" (?:glasses|spectacles|bespectacled|sunglasses) ", own)),
        pack=look.pack or bool(re.search(r" (?:backpack|rucksack) ", own)),
        mood=earliest(own, lists["mood"]),
    )


def _matching(look: Look, top: str, colour: Colour | None) -> Colour:
    """Return the trousers' colour: a suit's is that of its jacket."""
    if top == "suit" and colour is not None:
        return (colour[0] * 0.92, colour[1] * 0.92, colour[2] * 0.92)
    return look.bottom_colour


def _garment(
    own: str, table: Mapping[str, list[str]], colours: Mapping[str, Colour]
) -> tuple[str, Colour | None]:
    """Return which of a table's garments somebody wears, and the colour that stands before it."""
    found = sorted(
        (at, -len(word), name, word)
        for name, words in table.items()
        for word in words
        if (at := own.find(f" {word} ")) >= 0
    )
    if not found:
        return "", None
    at, _, name, word = found[0]
    before = own[:at].split()[-3:]
    for said in reversed(before):
        if said in {"and", "with", "in"}:
            break
        if said in colours:
            return name, colours[said]
    if word == "raincoat":
        return name, (0.86, 0.68, 0.18)
    if word in {"lab coat", "wedding dress"}:
        return name, (0.93, 0.93, 0.92)
    if word in {"trench coat", "trenchcoat"}:
        return name, (0.62, 0.52, 0.38)
    if word in {"leather jacket", "tuxedo"}:
        return name, (0.10, 0.09, 0.09)
    return name, None


def _sex(noun: str, name: str, own: str, draw: float) -> str:
    nouns = nouns_of_people()
    kind = nouns.get(noun, "")
    if kind in {"woman", "girl", "grandmother"} or noun == "she":
        return "woman"
    if kind in {"man", "boy", "grandfather"} or noun == "he":
        return "man"
    words = set(own.split())
    if words & {"woman", "women", "female", "she", "her", "girl", "lady", "mother"}:
        return "woman"
    if words & {"man", "men", "male", "he", "his", "boy", "father", "beard", "bearded"}:
        return "man"
    if name:
        # Most given names tell by how they end; a wrong guess is put right by one word.
        low = name.lower()
        if low in given("men"):
            return "man"
        if low in given("women") or low.endswith(
            ("a", "ie", "ine", "elle", "ette", "lyn", "i", "y")
        ):
            return "woman"
        return "man"
    return "woman" if draw < 0.45 else "man"


def _age(noun: str, own: str) -> str:
    words = set(own.split())
    kind = nouns_of_people().get(noun, "")
    ages = people_lists()["age"]
    if kind in {"grandmother", "grandfather"}:
        return "elder"
    if words & set(ages["toddler"]):
        return "toddler"
    if words & set(ages["teen"]):
        return "teen"
    if kind in {"girl", "boy", "child"}:
        return "teen" if "young" in words and kind == "girl" else "child"
    said = own.split(f" {noun} ")[0].split()[-4:] if noun else own.split()
    if set(said) & set(ages["elder"]):
        return "elder"
    return "adult"
