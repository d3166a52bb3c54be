"""Says which words of a prompt previz has no drawing for, so that nobody takes it for a choice."""

# ruff: noqa: E501 - patterns: one meaning a line

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from framewright_providers.local.scene.from_above import SEEN_FROM_ABOVE
from framewright_providers.local.scene.people_words import nouns_of_people, people_lists
from framewright_providers.local.scene.words import known_words, listed, palette, read

if TYPE_CHECKING:
    from framewright_providers.local.scene.words import SceneWords

_PLACE = re.compile(
    r"\b(?:in|on|at|inside|near|across|through|under) (?:an? |the )"
    r"(?P<words>(?:[a-z-]+ ){0,2}?[a-z-]+)"
    r"(?=$|[,.;:]| (?:in|on|at|of|with|and|under|by|near|while|where|as|for|during)\b)"
)
_STANDS = frozenset(
    [
        *("bridge", "rooftop", "market", "harbour", "harbor", "pier", "station", "metro", "subway"),
        *("plaza", "stadium", "playground", "vineyard", "submarine", "jellyfish", "moon base"),
        *("asteroid", "canyon", "glacier", "traffic", "volcano", "thunderstorm", "lightning"),
    ]
)
"""Words that only choose a place, or light, that is drawn; the thing itself is not."""
_DETERMINER = (
    r"(?:an?|the|some|my|his|her|its|their|our|one|two|three|four|five|six|several|many|few)"
)
_RUN = re.compile(
    rf"(?P<lead>\b{_DETERMINER} |, (?:and )?|\bwith |\band |\bof )(?!{_DETERMINER} )(?=(?P<words>(?:[^\W\d_][\w'-]* ?){{1,5}}))"
)
_TOKEN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|[,.;:]")
_BREAK = re.compile(
    r"(?<![\w-])(?:in|on|at|of|over|under|by|near|with|from|and|or|that|which|who|is|are|was|inside|into|onto|through"
    r"|across|along|behind|before|beside|between|above|below|around|against|to|for|as|while|where|when|during"
    r"|after|until|without|out|up|down|off|away|towards?|seen|made|full|next|like|than|then|not|no|very)(?![\w-])"
)
_QUALITIES = re.compile(r"(?:ly|ous|ful|less|able|ible|ed)$")
_NO_THINGS = frozenset(
    [
        "animals",
        "area",
        "backdrop",
        "bit",
        "body",
        "bottom",
        "breath",
        "bunch",
        "centre",
        "center",
        "colours",
        "colors",
        "couple",
        "crowd",
        "dance",
        "day",
        "days",
        "edge",
        "end",
        "eye",
        "eyes",
        "eyebrows",
        "face",
        "faces",
        "feet",
        "foot",
        "footage",
        "form",
        "forms",
        "group",
        "hand",
        "hands",
        "hands",
        "head",
        "heads",
        "heart",
        "hours",
        "hour",
        "kind",
        "land",
        "landscape",
        "leg",
        "legs",
        "lens",
        "life",
        "line",
        "lines",
        "lips",
        "look",
        "looks",
        "mood",
        "morning",
        "mouth",
        "name",
        "night",
        "nose",
        "number",
        "one",
        "ones",
        "order",
        "part",
        "parts",
        "people",
        "person",
        "piece",
        "pieces",
        "place",
        "places",
        "point",
        "portrait",
        "position",
        "row",
        "rows",
        "scene",
        "season",
        "seasons",
        "shades",
        "shadow",
        "shadows",
        "shape",
        "shapes",
        "shot",
        "shots",
        "shoulder",
        "shoulders",
        "side",
        "sides",
        "silhouette",
        "size",
        "skin",
        "smile",
        "sort",
        "spot",
        "spring",
        "summer",
        "surface",
        "thing",
        "things",
        "time",
        "times",
        "tones",
        "tone",
        "top",
        "turn",
        "type",
        "view",
        "voice",
        "wall",
        "walls",
        "way",
        "week",
        "weather",
        "while",
        "winter",
        "woman",
        "work",
        "world",
        "year",
        "years",
        "angle",
        "framing",
        "close-up",
        "closeup",
        "perspective",
        "composition",
        "palette",
        "style",
        "lighting",
        "light",
        "lights",
        "reflection",
        "reflections",
        "puddles",
        "puddle",
        "sunlight",
        "moonlight",
        "sunbeams",
        "rays",
        "glow",
        "sparkle",
        "sky",
        "clouds",
        "cloud",
        "horizon",
        "embers",
        "dust",
        "leaves",
        "smoke",
        "steam",
        "snowflakes",
        "raindrops",
        "drops",
        "rain",
        "snow",
        "fog",
        "mist",
        "wind",
        "waves",
        "wave",
        "water",
        "stars",
        "moon",
        "sun",
        "colour",
        "color",
        "detail",
        "details",
        "depth",
        "field",
        "bokeh",
        "grain",
        "drawing",
        "painting",
        "photograph",
        "sketch",
        "illustration",
        "artwork",
        "render",
        "camera",
        "move",
        "movement",
        "motion",
        "pan",
        "tilt",
        "zoom",
        "dolly",
        "crane",
        "drone",
        "handheld",
        "kitchen",
        "hair",
        "beard",
        "moustache",
        "glasses",
        "scarf",
        "boots",
        "gloves",
        "age",
        "ten",
        "eight",
        "seven",
        "six",
        "five",
        "four",
        "three",
        "two",
        "autumn",
        "fall",
        "dusk",
        "dawn",
        "noon",
        "midnight",
        "sunset",
        "sunrise",
        "evening",
        "afternoon",
        "twilight",
        "haze",
        "breeze",
        "ground",
        "floor",
        "air",
        "distance",
        "background",
        "foreground",
        "middle",
        "front",
        "back",
        "left",
        "right",
        "corner",
        "ad",
        "ads",
        "advert",
        "brand",
        "channel",
        "commercial",
        "concept",
        "countdown",
        "crash",
        "documentary",
        "episode",
        "festival",
        "heist",
        "hunt",
        "journey",
        "keyframe",
        "launch",
        "lookbook",
        "movie",
        "opera",
        "own",
        "poster",
        "presentation",
        "race",
        "reel",
        "same",
        "series",
        "spot",
        "story",
        "teaser",
        "thumbnail",
        "tour",
        "trailer",
        "trip",
        "version",
        "visit",
        "lot",
        "pile",
        "stack",
        "heap",
        "couple",
        "few",
        "dozen",
        "meters",
        "metres",
        "feet",
        "minutes",
        "seconds",
        "frame",
        "frames",
        "film",
        "video",
        "clip",
        "image",
        "picture",
        "photo",
        "logo",
        "title",
        "text",
        "words",
    ]
)
"""Words that name no thing that could be missing, or that a picture has without a drawing of its own."""


def remarks(prompt: str) -> tuple[str, ...]:
    """Return a sentence for everything a prompt names that is drawn plainly, or not at all."""
    said = read(prompt)
    found: list[str] = []
    if said.subject is None and said.thing:
        found.append(f"Previz has no drawing of “{said.thing}”: a plain form stands for it.")
    if said.subject is None and not (said.thing or said.also or said.cast):
        found.append("Previz can draw nothing these words name: it shows a plain landscape.")
    above = said.framing.angle == "overhead" and said.subject not in {None, *SEEN_FROM_ABOVE}
    if above:
        found.append(f"Previz has no drawing of a {said.subject} from above: it is left out.")
    for place in _PLACE.finditer(prompt.lower()[:4_000]):
        words = set(place["words"].split())
        name = place["words"].split()[-1]
        if name == said.thing or words & known_words():
            continue
        found.append(f"Previz has no drawing of “{place['words']}” as a place.")
    told = " ".join(found)
    missing = [
        each for each in undrawn(prompt, said) if not re.search(rf"\b{re.escape(each)}”", told)
    ]
    if missing:
        named = ", ".join(f"“{each}”" for each in missing)
        found.append(f"Previz has no drawing of {named}: the picture is without.")
    return tuple(dict.fromkeys(found))


def undrawn(prompt: str, said: SceneWords) -> tuple[str, ...]:
    """Return the things a prompt names of which the picture shows nothing, in its order."""
    plain = re.sub(r'"[^"]*"', " ", prompt[:4_000].lower())
    text = f" {' '.join(_TOKEN.findall(plain))} "
    found: dict[int, str] = {}
    subjects = {word: name for name, words in listed("subject").items() for word in words}
    for word in _STANDS - subjects.keys():
        if (at := text.find(f" {word} ")) >= 0:
            found[at] = word
    drawn = {said.subject, said.companion}
    places = {
        word for kind in ("setting", "room") for words in listed(kind).values() for word in words
    }
    held = (
        {word for words in people_lists()["prop"].values() for word in words}
        if said.cast
        else set()
    )
    for word, name in subjects.items():
        at = text.find(f" {word} ")
        if at < 0 or name in drawn or word in places or word in held or drawn & {"bouquet", "bowl"}:
            continue
        if said.cast and name == "chair":
            continue
        if not any(word in other and f" {other} " in text for other in subjects if other != word):
            found[at] = word
    known = _vocabulary()
    for run in _RUN.finditer(text):
        if (noun := _head(run["lead"].strip(), run["words"], known)) and noun not in known:
            found.setdefault(run.start("words"), noun)
    return tuple(dict.fromkeys(each for _, each in sorted(found.items())))


def _head(lead: str, words: str, known: frozenset[str]) -> str:
    """Return the noun that a run of words is about: "a gondola glides" gives "gondola"."""
    stop = _BREAK.search(words)
    run = (words[: stop.start()] if stop else words).split()
    while run and (run[-1].endswith("ing") and run[-1] not in known and len(run) > 1):
        run.pop()
    one = lead in {"a", "an", "one"}
    plural = bool(run) and run[-1].endswith("s") and not run[-1].endswith(("ss", "us", "is"))
    if len(run) > 1 and plural and (one or _single(run[-2]) in known):
        # What follows "a ship" with an s is what it does.
        run.pop()
        plural = False
    if not run:
        return ""
    noun = _single(run[-1]) if _single(run[-1]) in known else run[-1]
    # Without an article only a plural is surely a thing: "with gulls", and not "in deep thought".
    bare = not re.fullmatch(_DETERMINER, lead)
    alone = lead.startswith(",") and len(run) < 2
    if (
        (bare and not plural)
        or alone
        or len(noun) < 3
        or _QUALITIES.search(noun)
        or noun.endswith("ing")
    ):
        return ""
    return noun


def _single(word: str) -> str:
    for ending, instead in (("ies", "y"), ("ves", "f"), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)] + instead
            if stem in _vocabulary():
                return stem
    return word


@cache
def _vocabulary() -> frozenset[str]:
    """Return every word that means something to previz, or no thing at all."""
    kinds = (
        "time",
        "weather",
        "setting",
        "season",
        "room",
        "subject",
        "style",
        "park",
        "near",
        "dark",
        "plain",
    )
    named = {word for kind in kinds for words in listed(kind).values() for word in words}
    lists = people_lists()
    for kind in ("age", "pose", "mood", "facing", "hair", "skin", "top", "bottom", "hat", "prop"):
        named.update(word for words in lists[kind].values() for word in words)
    named.update(lists["hair-colour"], lists["numbers"], lists["roles"], lists["names"]["none"])
    named.update(
        lists["names"]["men"], lists["names"]["women"], nouns_of_people(), palette(), _sounding()
    )
    parts = {part for word in named for part in word.split()}
    return frozenset(parts | named | _NO_THINGS | known_words())


@cache
def _sounding() -> frozenset[str]:
    """Return words of what is heard: a foghorn in a picture is nothing that is missing."""
    path = files("framewright_assets") / "lexicons" / "planner_en.toml"
    table = tomllib.loads(path.read_text("utf-8"))
    return frozenset(
        [*table["genres"]["words"], *table["nouns"]["music"], *table["nouns"]["sound"]]
    )
