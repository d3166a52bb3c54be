"""What a brief fixes beyond doubt: lengths, counts, quoted words, shapes, continuity, parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Topic = Literal[
    "continues", "each", "apart", "wants-video", "wants-voice", "wants-music", "merge", "voice",
    "music", "sound", "sung", "video", "image", "writing", "mesh", "added", "reversed", "variants",
    "repeats",
]  # fmt: skip
_MOST_CHARACTERS = 20_000

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30,
    "sixty": 60, "a": 1, "an": 1, "single": 1, "half": 0,
    "ein": 1, "eine": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7,
    "acht": 8, "neun": 9, "zehn": 10, "zwölf": 12, "dreißig": 30,
}  # fmt: skip
_NUMBER = r"(\d+(?:[.,]\d+)?|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")"
_LENGTH = re.compile(
    rf"\b{_NUMBER}[\s-]*(?:[-\u2013])?\s*(seconds?|secs?|sec|s|minutes?|mins?|min|sekunden?|minuten?)\b"
    r"(?!\s*(?:later|ago|before|after\s+the))",
    re.IGNORECASE,
)
_THINGS = (
    r"scenes?|shots?|clips?|videos?|images?|pictures?|photos?|stills?|variants?|variations?|versions?"
    r"|frames?|parts?|options?|sketches|logos?|posters?|illustrations?|portraits?|takes?|szenen?|bilder?"
)
_COUNT = re.compile(rf"\b{_NUMBER}\s+(?:[\w-]+\s+){{0,3}}?({_THINGS})\b", re.IGNORECASE)
_QUOTE = re.compile(
    r"\"([^\"]{2,400})\"|\u201c([^\u201d]{2,400})\u201d|\u201e([^\u201c\u201d]{2,400})[\u201c\u201d]"
    r"|\u00ab([^\u00bb]{2,400})\u00bb"
    # A single quote is also an apostrophe: inside a word it ends nothing.
    r"|(?<![\w\u2019'])'((?:[^']|(?<=\w)'(?=\w)){2,400})'(?!\w)"
    r"|(?<![\w\u2019])\u2018((?:[^\u2019]|(?<=\w)\u2019(?=\w)){2,400})\u2019(?!\w)"
)
_FRAMED = (
    r"(?:format|mode|orientation|aspect|ratio|frame|video|clip|film|image|picture|photo|shot|poster"
    r"|crop)"
)
_SHAPES = (
    ("9:16", rf"\b9\s*[:x/]\s*16\b|\bportrait (?:format|mode|orientation|video|clip)\b"
             rf"|\bin portrait\b(?! of| style)|\bvertical {_FRAMED}|\bin vertical\b|\bvertically\b"
             r"|\bfor (?:tiktok|reels|shorts|stories)\b|\btiktok\b|\bhochformat\b"),
    ("16:9", rf"\b16\s*[:x/]\s*9\b|\blandscape (?:format|mode|orientation|video|clip)\b"
             rf"|\bin landscape (?:format|mode)\b|\bwidescreen\b|\bhorizontal {_FRAMED}"
             r"|\bquerformat\b"),
    ("1:1", rf"\b1\s*[:x/]\s*1\b|\bsquare {_FRAMED}|\bin square\b|\bquadratisch\b"),
    ("4:3", r"\b4\s*[:x/]\s*3\b"),
)  # fmt: skip
_ANY_SHAPE = re.compile(r"\b(\d{1,2})\s*:\s*(\d{1,2})\b")
_TOPICS: dict[Topic, tuple[str, ...]] = {
    "continues": (
        r"continu\w+\s+(?:\w+\s+){0,3}(?:from|where)",
        r"last frame of the (?:one before|previous)", r"pick(?:s|ing)? up (?:from )?where",
        r"starts? (?:from|on|with|at) the last frame",
        r"seamless(?:ly)? (?:continu|connect|join|follow)", r"letzte[nms]? bild", r"nahtlos",
    ),
    "apart": (r"separate", r"on (?:its|their) own", r"standalone", r"own files?\b"),
    # What is to be made, not what is to be seen: a film poster is no film.
    "wants-video": (
        r"animat(?:e|ed|ing|ion)\b",
        r"(?:a|an|one|the|into|second|short|long|of)\s+(?:[\w-]+\s+){0,2}?(?:clip|video|film|movie)\b"
        r"(?!\s+(?:game|camera|store|noir|theat|poster|festival|star|set|reel|art|still|crew))",
    ),
    "wants-voice": (
        r"voice[\s-]?over", r"narrat(?:ion|or|ed|e)\b", r"voice (?:saying|that says|reading)",
        r"spoken (?:by|words|text)", r"read (?:it )?aloud", r"sprecher",
    ),
    "wants-music": (
        r"(?:add|with|and|plus|under|some|background|soft|calm|upbeat|gentle|of)\s+(?:[\w-]+\s+){0,2}?"
        r"music\b(?!\s+(?:box|video|player|shop|stand|sheet|note|room|studio|festival|hall|class))",
        r"soundtrack", r"a (?:musical )?score\b", r"background music", r"musik",
    ),
    "each": (
        r"each\b", r"every\b", r"per (?:scene|clip|shot)\b", r"je(?:de[rs]?|weils)?\b",
        r"all of them\b",
    ),
    "merge": (
        r"merge", r"join(?:ed)?\b", r"combine", r"stitch", r"into (?:one|a single)\b",
        r"one (?:video|film|clip|movie)\b", r"put (?:them )?together", r"film\b", r"movie\b",
        r"zusammen",
    ),
    "voice": (
        r"voice[\s-]?over", r"narrat\w*", r"voice\b", r"speaks?\b", r"spoken\b", r"read aloud\b",
        r"sprecher", r"stimme\b",
    ),
    "music": (r"music", r"soundtrack", r"score\b", r"melody", r"song\b", r"musik"),
    "sound": (r"sounds?\b", r"audio\b", r"sfx\b", r"effects?\b", r"ambien\w*", r"jingle"),
    "sung": (
        r"sing(?:s|ing|er|ers)?\b", r"sung\b", r"vocals?\b", r"lyrics?\b", r"choir\b",
        r"rapp\w*\b",
    ),
    "video": (
        r"animat\w*", r"clips?\b", r"videos?\b", r"films?\b", r"movies?\b", r"footage\b",
        r"scenes?\b", r"shots?\b",
    ),
    "image": (
        r"images?\b", r"pictures?\b", r"photos?\b", r"stills?\b", r"posters?\b",
        r"thumbnails?\b", r"logos?\b", r"sketch\w*", r"illustrat\w*", r"portraits?\b",
        r"cover\b", r"key ?frames?\b", r"bild",
    ),
    "writing": (
        r"scripts?\b", r"writ\w*", r"captions?\b", r"copy\b", r"story\b", r"poem", r"text\b",
        r"transcri\w*", r"tagline", r"blurb",
    ),
    "mesh": (r"3[\s-]?d\b", r"mesh\b", r"model3d\b"),
    "added": (
        r"add\b", r"with\b", r"under\w*\b", r"over\b", r"beneath\b", r"background\b", r"put\b",
        r"mit\b", r"plus\b", r"narrated\b", r"scored\b",
    ),
    "reversed": (
        r"revers\w*", r"backwards?\b", r"last to first\b", r"in the order\b", r"then back\b",
    ),
    "variants": (r"varia(?:nt|tion)", r"versions?\b", r"options?\b", r"alternativ", r"takes?\b"),
    "repeats": (
        r"loop\w*", r"twice\b", r"repeat\w*", r"boomerang\b", r"again\b", r"reprise\b",
        r"back to\b", r"echoe?d?",
    ),
}  # fmt: skip
_SAID = {
    topic: re.compile(r"\b(?:" + "|".join(words) + ")", re.IGNORECASE)
    for topic, words in _TOPICS.items()
}
_SPOKEN = re.compile(
    r"(?:voice|narrat|say|speak|spoke|sagt|spricht|line|words|reads?)[^.;!?\n]{0,60}$",
    re.IGNORECASE,
)
_SEEN = re.compile(
    r"\b(?:of|with|showing|shows|from|in|on|between|for|behind|above|the|these)\s+$", re.IGNORECASE
)
_MADE_OF = re.compile(
    r"\b(?:film|video|movie|clip|sequence|series|set|story|episode|trailer|montage)\s+(?:of|with|from|in)\s+$",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:no|without|ohne|kein\w*)\s+(?:any\s+|a\s+)?[\w-]+(?:\s+(?:or|and|nor|oder)\s+[\w-]+)?",
    re.IGNORECASE,
)
_WORD_AFTER = re.compile(r"[\s-]*([a-zA-Z]+)")
_WORD_BEFORE = re.compile(r"([a-zA-Z]+)\s+$")
_PLAYED = re.compile(
    r"(?:clips?|videos?|films?|movies?|scenes?|shots?|animations?|loops?|versions?|teasers?|trailers?"
    r"|ads?|spots?|pieces?|long|each|of|in|total|music|song|track|lang)\b",
    re.IGNORECASE,
)
_BEFORE_LENGTHS = frozenset({
    "a", "an", "one", "the", "for", "lasting", "lasts", "last", "of", "is", "be", "about", "around",
    "to", "at", "exactly", "roughly", "into", "each", "long", "my", "and", "with", "it", "make",
    "create", "single", "short", "length", "duration", "über", "von", "etwa", "für", "ein",
})  # fmt: skip
_EACH_LENGTH = re.compile(
    rf"{_NUMBER}[\s-]*(?:second|sec|s)\w*[\s-]+(?:[\w-]+\s+){{0,2}}"
    r"(?:scenes|clips|shots|videos|parts)\b",
    re.IGNORECASE,
)
_SOUND_LENGTH = re.compile(
    r"^\W*(?:of\s+)?(?:[\w-]+\s+){0,2}"
    r"(?:music|song|track|audio|soundtrack|voice|speech|sound|silence|musik)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a brief says, as far as a rule may rely on it."""

    topics: frozenset[Topic]
    """What it speaks of, outside of quotation marks."""
    seconds: tuple[float, ...]
    """Every length named, in order, but those of sound."""
    sound_seconds: tuple[float, ...]
    """Lengths of music and other sound."""
    counts: tuple[tuple[int, str], ...]
    """How many of what: `(3, "scene")`."""
    quotes: tuple[str, ...]
    """Words in quotation marks, to the letter."""
    spoken: tuple[str, ...]
    """Those quotes that somebody is to say."""
    shape: str | None
    """The one aspect ratio it asks for."""
    other_shapes: tuple[str, ...]
    """Every aspect ratio written with a colon."""

    def says(self, topic: Topic) -> bool:
        """Tell whether the brief speaks of something."""
        return topic in self.topics


@lru_cache(maxsize=64)
def wishes(brief: str) -> Wishes:
    """Read a brief."""
    text = brief[:_MOST_CHARACTERS]
    bare = _QUOTE.sub(" ", text)
    shapes = [shape for shape, words in _SHAPES if re.search(words, bare, re.IGNORECASE)]
    lengths = [
        (_seconds(match), bool(_SOUND_LENGTH.match(bare[match.end() : match.end() + 60])))
        for match in _LENGTH.finditer(bare)
        if _is_length(bare[: match.start()], bare[match.end() :])
    ]
    quotes = [
        (next(group for group in match.groups() if group is not None).strip(), match.start())
        for match in _QUOTE.finditer(text)
    ]
    affirmed = _NEGATED.sub(" ", bare)
    topics = {topic for topic, words in _SAID.items() if words.search(affirmed)}
    if _EACH_LENGTH.search(bare):
        topics.add("each")
    return Wishes(
        topics=frozenset(topics),
        seconds=tuple(value for value, of_sound in lengths if not of_sound),
        sound_seconds=tuple(value for value, of_sound in lengths if of_sound),
        counts=tuple(
            (int(_value(match[1])), _singular(match[2]))
            for match in _COUNT.finditer(bare)
            if _value(match[1]) >= 1 and _is_made(bare[: match.start()])
        ),
        quotes=tuple(quote for quote, _ in quotes),
        spoken=tuple(quote for quote, at in quotes if _SPOKEN.search(text[:at])),
        shape=shapes[0] if len(shapes) == 1 else None,
        other_shapes=tuple(f"{a}:{b}" for a, b in _ANY_SHAPE.findall(bare)),
    )


def _is_length(before: str, after: str) -> bool:
    """Tell whether a time is how long something is to play, and not a time in the story."""
    ahead, behind = _WORD_AFTER.match(after), _WORD_BEFORE.search(before)
    if ahead is not None and _PLAYED.match(ahead[1]):
        return True
    return behind is None or behind[1].lower() in _BEFORE_LENGTHS


def _is_made(before: str) -> bool:
    """Tell whether things counted here are to be made, and not to be seen in something."""
    if not _SEEN.search(before):
        return True
    return bool(_MADE_OF.search(before))


def _value(word: str) -> float:
    lowered = word.lower().replace(",", ".")
    return float(_NUMBERS[lowered]) if lowered in _NUMBERS else float(lowered)


def _seconds(match: re.Match[str]) -> float:
    value = _value(match[1])
    if match[1].lower() == "half":
        value = 0.5
    return value * 60 if match[2].lower().startswith("min") else value


def _singular(thing: str) -> str:
    word = thing.lower()
    return {"sketches": "sketch", "szenen": "scene", "szene": "scene", "bilder": "image"}.get(
        word, word.rstrip("s")
    )
