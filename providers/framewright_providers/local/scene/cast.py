"""Reads the people of a prompt: how many, who, what they wear and do.

Whoever has a name looks the same wherever that name stands; whoever has none looks the way their
noun does. What a prompt says of them goes before both.
"""

# ruff: noqa: E501 - tables: one meaning a line

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from framewright_providers.local.scene.looks import Look

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright_providers.local.scene.colour import Colour

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
    nouns = _nouns()
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
            look = _look(noun, name, own, colours, copy)
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
    lists = _lists()
    verbs = {word for words in lists["pose"].values() for word in words}
    for number, (at, word) in enumerate(tokens):
        plain = word.removesuffix("'s")
        if not plain[0].isupper() or not plain[1:].islower() or len(plain) < 3:
            continue
        if plain.lower() in known or plain.lower() in _NO_NAMES or plain.lower() in _nouns():
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
    numbers = _lists()["numbers"]
    said = own.split(f" {noun} ")[0] if noun else own
    spoken = [numbers[word] for word in said.split()[-4:] if word in numbers]
    if noun in {"couple", "friends", "family", "group", "crowd", "people"} or (
        noun and noun in numbers
    ):
        return int(spoken[0] if spoken else numbers[noun])
    return int(spoken[0]) if spoken and noun.endswith(("s", "en")) else 1


def _member(look: Look, noun: str, own: str, whole: str) -> Member:
    lists = _lists()
    role = lists["roles"].get(_singular(noun), {})
    poses = lists["pose"]
    pose = _earliest(own, poses) or _earliest(whole, poses) or str(role.get("pose", "standing"))
    prop = _earliest(own, lists["prop"])
    if pose == "typing":
        prop = "laptop"
    if pose == "fighting" and _singular(noun) in {
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
    facing = _earliest(own, lists["facing"]) or _earliest(whole, lists["facing"])
    return Member(look, pose, facing, prop)


def _earliest(text: str, table: Mapping[str, list[str]]) -> str:
    found = [
        (at, -len(word), name)
        for name, words in table.items()
        for word in words
        if (at := text.find(f" {word} ")) >= 0
    ]
    return min(found)[2] if found else ""


def _singular(noun: str) -> str:
    return noun[:-1] if noun.endswith("s") and noun[:-1] in _nouns() else noun


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


def _look(noun: str, name: str, own: str, colours: Mapping[str, Colour], copy: int) -> Look:
    lists = _lists()
    # Every choice is drawn in one fixed order, so that a said thing moves no other choice.
    random = seed_of(f"look of {name or _singular(noun) or 'person'}{copy or ''}")
    draw = [float(part) for part in random.random(12)]
    sex = _sex(noun, name, own, draw[0])
    age = _age(noun, own)
    skin = _SKINS[_earliest(own, lists["skin"]) or tuple(_SKINS)[min(5, int(draw[1] ** 1.2 * 6))]]
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
    role = _lists()["roles"].get(_singular(noun))
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
    lists = _lists()
    hat = _earliest(own, lists["hat"])
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
    hair = _earliest(own, lists["hair"])
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
        mood=_earliest(own, lists["mood"]),
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
    nouns = _nouns()
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
        if low in _MEN:
            return "man"
        if low in _WOMEN or low.endswith(("a", "ie", "ine", "elle", "ette", "lyn", "i", "y")):
            return "woman"
        return "man"
    return "woman" if draw < 0.45 else "man"


_MEN = frozenset({"luca", "noah", "joshua", "elia", "elijah", "andrea", "mika", "sasha", "ezra", "harry", "henry", "tony", "jimmy", "billy", "tommy", "johnny", "gary", "terry", "ali", "levi", "eli", "kofi", "enzo", "larry", "barry", "jerry", "danny", "bobby", "freddy", "teddy", "charlie", "archie", "louie", "eddie", "ray", "roy", "guy", "jay", "gregory", "anthony", "timothy", "jeremy"})  # fmt: skip
_WOMEN = frozenset({"alice", "grace", "rose", "jane", "anne", "ann", "claire", "kate", "jade", "joan", "ruth", "helen", "karen", "susan", "carmen", "ingrid", "astrid", "margaret", "elizabeth", "iris", "doris", "agnes", "frances", "irene", "helene", "yvonne", "zoe", "chloe", "daphne", "penelope", "juliet", "harriet", "violet", "scarlett", "megan", "lauren", "robin", "isabel", "rachel", "mabel", "hazel", "pearl", "april", "june", "dawn", "eve", "eden", "lillian", "vivian", "marion", "sharon", "allison", "madison", "mei", "yuki", "aiko", "linh", "noor", "leonor", "pilar", "mercedes", "dolores", "lourdes", "marit", "sigrid", "gretchen", "elisabeth", "brigitte"})  # fmt: skip
_NO_NAMES = frozenset(["the", "this", "that", "these", "those", "and", "but", "with", "without", "for", "from", "into", "onto", "over", "under", "after", "before", "behind", "while", "when", "where", "then", "there", "here", "his", "her", "its", "their", "our", "your", "she", "they", "you", "all", "each", "every", "some", "any", "one", "two", "three", "four", "five", "six", "first", "second", "last", "next", "medium", "wide", "close", "long", "short", "full", "extreme", "low", "high", "angle", "shot", "scene", "camera", "view", "still", "image", "picture", "photo", "film", "style", "slow", "fast", "dolly", "pan", "tilt", "zoom", "push", "pull", "track", "truck", "crane", "handheld", "static", "soft", "warm", "cold", "dark", "bright", "light", "morning", "evening", "night", "day", "noon", "dawn", "dusk", "sunset", "sunrise", "golden", "blue", "hour", "winter", "summer", "spring", "autumn", "fall", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "red", "green", "yellow", "white", "black", "grey", "gray", "orange", "purple", "pink", "dutch", "over-the-shoulder", "bird", "interior", "exterior", "int", "ext", "european", "american", "asian", "african", "japanese", "chinese", "indian", "english", "french", "german", "italian", "spanish", "russian", "victorian", "gothic", "renaissance", "art", "deco", "nouveau", "ghibli", "pixar", "disney", "god", "christmas", "halloween", "easter", "earth", "moon", "mars", "sun", "jupiter", "saturn", "europe", "africa", "asia", "america", "paris", "london", "tokyo", "berlin", "rome", "vienna", "venice", "york", "iceland", "norway", "sahara", "alps", "himalaya", "everest", "amazon", "make", "create", "generate", "draw", "show", "render", "give", "add", "use", "turn", "keep", "title", "text", "caption", "music", "voice", "narrator", "portrait", "poster", "logo", "product", "cinematic", "documentary", "noir", "watercolour", "watercolor", "pencil", "storyboard", "anime", "claymation", "pixel"])  # fmt: skip


def _age(noun: str, own: str) -> str:
    words = set(own.split())
    kind = _nouns().get(noun, "")
    ages = _lists()["age"]
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


@cache
def _nouns() -> dict[str, str]:
    return {word: kind for kind, words in _lists()["nouns"].items() for word in words}


@cache
def _lists() -> dict[str, Any]:
    path = files("framewright_assets") / "lexicons" / "people.toml"
    return tomllib.loads(path.read_text("utf-8"))
