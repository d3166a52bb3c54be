"""Turns of phrase brought into the forms the clauses are read in, before a brief is cut.

"Ends with the slogan 'Run'" becomes "the words 'Run' at the end"; "a fox wakes (4 s), then
sleeps (4 s)" becomes two numbered scenes. What nobody here can do is taken out, with a note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.agents.offline.words.counting_forms import COUNTING_FORMS
from framewright.agents.offline.words.forms import FORMS
from framewright.agents.offline.words.normalise import MARK
from framewright.agents.offline.words.placing import by_scene
from framewright.agents.offline.words.sequences import numbered
from framewright.agents.offline.words.sounding_forms import SOUNDING_FORMS

if TYPE_CHECKING:
    from framewright.agents.offline.words.lexicon import Lexicon

_WRITTEN = (
    r"(?:titles?|credits?|slogan|tagline|words?|text|caption|headline|claim|line|lettering"
    r"|call[- ]to[- ]action|title card|end card|card|end title|closing title|opening title)"
)
_SHOWN = (
    rf"(?:an? |the |our |my )?(?:(?!voice|man|woman|narrator|he\b|she\b)[\w-]+ ){{0,2}}?"
    rf"(?:{_WRITTEN}(?: card)?(?: saying| that says| reading)?:? ?)?(?P<mark>{MARK})"
)
_LAST = re.compile(
    rf"[, ]*\b(?:and )?(?:then )?(?:it |the \w+ )?(?:ends?|ending|closes?|closing|finish(?:es|ing)?"
    rf"|concludes?) (?:it |the \w+ )?(?:with|on|by)(?: showing)? {_SHOWN}",
    re.IGNORECASE,
)
_FIRST = re.compile(
    rf"(?:^|[, ]*\b)(?:it |the \w+ )?(?:starts?|starting|begins?|beginning|opens?|opening)"
    rf" (?:it |the \w+ )?(?:with|on|by)(?: showing)? {_SHOWN}",
    re.IGNORECASE,
)
_WHEN_FIRST = re.compile(
    r"(?:^|(?<=[.;\n] )|(?<=[.;\n]))(?:and |then )?(?P<when>(?:at|in) the (?:very )?"
    r"(?:end|beginning|start))(?: of (?:it|the \w+))?, ?(?P<what>[^.;,\n]+)",
    re.IGNORECASE,
)
_LINE = re.compile(rf"(?P<name>[A-Z][\w'-]{{1,20}}) ?: ?(?P<mark>{MARK})[.,]?")
_BARE = re.compile(rf"(?:,? (?:and |then )+|, )(?P<mark>{MARK})", re.IGNORECASE)
_NONE = re.compile(
    r"(?:^|(?<=[.;,\n] )|(?<=[.;,\n]))(?P<what>music|voice|voice-?over|narration|sound|sounds|text"
    r"|captions?|subtitles) ?: ?(?:none|no|off|without|nothing)\b",
    re.IGNORECASE,
)
_FRAMES = re.compile(
    r"\bstoryboard (?:of|in|with) (?P<number>\w+) (?:frames|panels|boards|sketches|pictures)\b",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"(?:^|[, ]*\b)(?:and )?(?:please )?(?:put|place|add|overlay|show|with|have) (?P<what>(?:my|our"
    r"|the|a) (?:[\w-]+ )?(?:logo|watermark|badge|photo|picture|image)) (?:in|at|on|over|into) "
    r"(?:the |a |one )?(?:(?:top|bottom|upper|lower)[- ]?)?(?:(?:left|right)[- ]?)?"
    r"(?:corners?|side|(?<=top)|(?<=bottom)|(?<=left)|(?<=right))\b"
    r"(?: (?:of|in|on|over) (?=an? |the (?:video|clip|film)))?",
    re.IGNORECASE,
)
_UNMADE = (
    re.compile(
        r",? ?(?:\b(?:in|at|with|and) ){0,2}\b(?:[248]k|1080p|2160p|1440p|720p|u?hd|full hd"
        r"|ultra hd)\b"
        r"(?: (?:resolution|quality))?(?! (?:tv|screen|monitor|camera))",
        re.IGNORECASE,
    ),
    re.compile(
        r",? ?(?:\b(?:in|at|with|and) ){0,2}\b(?!24 ?(?:fps|frames))"
        r"\d{2,3} ?(?:fps|frames (?:per|a) second)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r",? ?(?:\b(?:and|then|that|please|make it|to) ){0,3}\b"
        r"(?:loop (?:it|this|seamlessly|forever)(?! (?:to|for|until|up to|\w+ times|video|clip|\d))"
        r"|loops (?:seamlessly|forever|perfectly)|(?:a )?(?:seamless|perfect|endless) loop(?! of)"
        r"|(?:seamless|perfect|endless)(?= (?:video )?loop of))\b"
        r"(?: (?:seamlessly|forever|perfectly))?",
        re.IGNORECASE,
    ),
    re.compile(r", (?:and )?loop(?:ed|ing)?(?=$|[.;,])", re.IGNORECASE),
    re.compile(
        r",? ?(?:\b(?:for|of|lasting) )?\b\d+ ?(?:hours?|days?)\b(?: long)?|,? ?(?<!\d)-\d+"
        r" ?(?:s|secs?|seconds?)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r",? ?(?:\band )?\b(?:pick|choose|keep|select) the best(?: one)?\b(?! \w*(?:frame|still))",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<=\w) (?:that |which )?(?:fad(?:es|ing|e)|swell(?:s|ing)) (?:in|out)"
        r"(?: (?:at|towards) the (?:end|start|beginning))?|(?<=\w) (?:that |which )?"
        r"(?:starts?|starting|begins?|beginning|comes? in|should come in) (?:after|at)"
        r" \d+ ?(?:seconds?|secs?|s)\b"
        r"|(?<=\w) for the first \d+ ?(?:seconds?|secs?|s)\b(?: only)?"
        r"|(?<=\w) at (?:half|low|full) volume|,? (?:and )?(?:fade|dip|cut) to (?:black|white)"
        r"(?: at the end)?",
        re.IGNORECASE,
    ),
    re.compile(r",? ?(?:\b(?:for|of|lasting) )?\b0(?:[.,]0+)?[ -]?(?:s|secs?|seconds?)\b( long)?"),
)
_SOUNDS = re.compile(r"\b(?:sounds?|noises?)(?: of|:) [^.;\n]+", re.IGNORECASE)
_AGAIN = re.compile(r",? (?:and )?then (?:the |a )?(?:sounds?|noises?) of (?:an? )?", re.IGNORECASE)
_SUBJECT = re.compile(r"(?:^|(?<=[.;\n] )|(?<=\n))(?:subject|content|topic): (?=\w)", re.IGNORECASE)
_LASTS = re.compile(
    r"\b(?:length|duration|music|sound|voice|camera|video|clip|film)\b|\d ?s(?:econds?)?\b",
    re.IGNORECASE,
)
_PIXELS = re.compile(
    r"(?<!to )(?<!resize )\b(?P<wide>\d{3,4}) ?x ?(?P<high>\d{3,4})\b(?: ?(?:px|pixels))?",
    re.IGNORECASE,
)
_RATIOS = (
    ("16:9", 16, 9),
    ("9:16", 9, 16),
    ("1:1", 1, 1),
    ("4:3", 4, 3),
    ("3:4", 3, 4),
    ("21:9", 21, 9),
)
_LEADS = re.compile(r"^(?:(?:in|at|with|and|then|for|of) )+")


@dataclass(frozen=True, slots=True)
class Reworded:
    """A brief in the forms the clauses know."""

    text: str
    unmade: tuple[str, ...] = ()
    """What was taken out because nothing here does it."""
    placed: tuple[str, ...] = ()
    """Pictures that were to be laid over the film."""


def reworded(text: str, lexicon: Lexicon) -> Reworded:
    """Return the brief in plain forms."""
    placed: list[str] = []
    unmade: list[str] = []

    def lay_over(found: re.Match[str]) -> str:
        placed.append(found["what"])
        return " "

    text = _PLACED.sub(lay_over, text)
    text = _PIXELS.sub(_as_ratio, text)
    for pattern in _UNMADE:
        unmade.extend(_LEADS.sub("", found[0].strip(", ")) for found in pattern.finditer(text))
        text = pattern.sub("", text)
    text = _SUBJECT.sub(_as_picture(text), text)
    text = _NONE.sub(lambda found: f"no {found['what']}", text)
    text = _WHEN_FIRST.sub(lambda found: f"{found['what']} {found['when']}", text)
    text = _LAST.sub(lambda found: f", the words {found['mark']} at the end", text)
    text = _FIRST.sub(lambda found: f", the title {found['mark']} at the start", text)
    text = _FRAMES.sub(lambda found: f"storyboard of {found['number']} images", text)
    for pattern, form in (*COUNTING_FORMS, *SOUNDING_FORMS, *FORMS):
        text = pattern.sub(form, text)
    text = _SOUNDS.sub(lambda found: _AGAIN.sub(", then ", found[0]), text)
    text = re.sub(r"@(\w+)@", lambda found: _ordinal(found[1], lexicon), text)
    if lexicon.audio_only.search(text):
        # Where nothing is to be seen, words in quotes are heard.
        text = _BARE.sub(lambda found: f", a voice saying {found['mark']}", text)
    text = _dialogue(by_scene(text, lexicon), lexicon)
    text = numbered(text, lexicon)
    return Reworded(re.sub(r" +", " ", text).strip(" ,"), tuple(unmade), tuple(placed))


def _as_picture(text: str) -> str:
    """Return how "Subject: a snail race" begins: a film where something lasts or sounds."""
    return "A video of " if _LASTS.search(text) else "An image of "


def _ordinal(number: str, lexicon: Lexicon) -> str:
    """Return "second" for 2 and "two"."""
    place = lexicon.number(number)
    return next((word for word, each in lexicon.ordinals.items() if each == place), number)


def _as_ratio(found: re.Match[str]) -> str:
    """Return the shape a size in pixels has, where it is a usual one; the size is the model's."""
    wide, high = int(found["wide"]), int(found["high"])
    near = min(_RATIOS, key=lambda ratio: abs(ratio[1] / ratio[2] - wide / high))
    return near[0] if abs(near[1] / near[2] - wide / high) < 0.02 else found[0]


def _dialogue(text: str, lexicon: Lexicon) -> str:
    """Let `Ada: "Hello."` be what Ada says, as in a script."""

    def say(found: re.Match[str]) -> str:
        if found["name"].lower() in lexicon.labels or found["name"].lower() in lexicon.nouns:
            return found[0]
        return f"{found['name']} says {found['mark']}"

    return re.sub(rf"(?<=says )({MARK}) (?=[A-Z][\w'-]+ says )", r"\1 and ", _LINE.sub(say, text))
