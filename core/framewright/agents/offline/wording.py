"""Turns of phrase brought into the forms the clauses are read in, before a brief is cut.

"Ends with the slogan 'Run'" becomes "the words 'Run' at the end"; "a fox wakes (4 s), then
sleeps (4 s)" becomes two numbered scenes. What nobody here can do is taken out, with a note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.agents.offline.normalise import MARK

if TYPE_CHECKING:
    from framewright.agents.offline.lexicon import Lexicon

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
_NONE = re.compile(
    r"(?:^|(?<=[.;,\n] )|(?<=[.;,\n]))(?P<what>music|voice|voice-?over|narration|sound|sounds|text"
    r"|captions?|subtitles) ?: ?(?:none|no|off|without|nothing)\b",
    re.IGNORECASE,
)
_FRAMES = re.compile(
    r"\bstoryboard (?:of|in|with) (?P<number>\w+) (?:frames|panels|boards|sketches|pictures)\b",
    re.IGNORECASE,
)
_STEP = re.compile(r",?;? (?:and )?then |; ", re.IGNORECASE)
_TIMED = re.compile(
    r"\(\d+(?:[.,]\d+)? ?(?:s|secs?|seconds?)\)|\bfor \d+(?:[.,]\d+)? ?(?:s|secs?|seconds?)\b",
    re.IGNORECASE,
)
_ALL_TIMED = re.compile(
    r"\b\d+(?:[.,]\d+)? ?(?:s|secs?|seconds?) each\b|\b(?:each|both|all)(?: of them)? (?:is |are )?"
    r"\d+(?:[.,]\d+)? ?(?:s|secs?|seconds?)\b",
    re.IGNORECASE,
)
_SHOT = re.compile(
    r"^(?:first )?(?:an?|the) (?:[\w-]+ )?(?:close-?up|(?<!-)shot|view)\b", re.IGNORECASE
)
_HEAD = re.compile(r"^(?P<head>[^:.\n]{3,60}): ")
_SUBJECT = re.compile(
    r"^(?P<article>an?|the|one|my|our|her|his) (?P<words>(?:[\w-]+ ){1,4}?)(?=(?!\w*(?:ss|us|is)\b)"
    r"[a-z]{2,}s\b)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"^(?:it|he|she|they)\b", re.IGNORECASE)
_VERB = re.compile(r"^(?!\w*(?:ss|us|is)\b)[a-z]{2,}s\b", re.IGNORECASE)
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
        r",? ?(?:\b(?:in|at|with|and) ){0,2}\b\d{2,3} ?(?:fps|frames (?:per|a) second)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r",? ?(?:\b(?:and|then|that|please|make it|to) ){0,3}\b"
        r"(?:loop (?:it|this|seamlessly|forever)"
        r"|loops (?:seamlessly|forever|perfectly)|(?:a )?(?:seamless|perfect|endless) loop)\b"
        r"(?: (?:seamlessly|forever|perfectly))?",
        re.IGNORECASE,
    ),
    re.compile(r",? ?(?:\b(?:for|of|lasting) )?\b0(?:[.,]0+)?[ -]?(?:s|secs?|seconds?)\b( long)?"),
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
    for pattern in _UNMADE:
        unmade.extend(_LEADS.sub("", found[0].strip(", ")) for found in pattern.finditer(text))
        text = pattern.sub("", text)
    text = _NONE.sub(lambda found: f"no {found['what']}", text)
    text = _WHEN_FIRST.sub(lambda found: f"{found['what']} {found['when']}", text)
    text = _LAST.sub(lambda found: f", the words {found['mark']} at the end", text)
    text = _FIRST.sub(lambda found: f", the title {found['mark']} at the start", text)
    text = _FRAMES.sub(lambda found: f"storyboard of {found['number']} images", text)
    text = _dialogue(text, lexicon)
    text = "\n".join(_sequence(line, lexicon) for line in text.split("\n"))
    return Reworded(re.sub(r" +", " ", text).strip(" ,"), tuple(unmade), tuple(placed))


def _dialogue(text: str, lexicon: Lexicon) -> str:
    """Let `Ada: "Hello."` be what Ada says, as in a script."""

    def say(found: re.Match[str]) -> str:
        if found["name"].lower() in lexicon.labels or found["name"].lower() in lexicon.nouns:
            return found[0]
        return f"{found['name']} says {found['mark']}"

    return re.sub(rf"(?<=says )({MARK}) (?=[A-Z][\w'-]+ says )", r"\1 and ", _LINE.sub(say, text))


def _sequence(line: str, lexicon: Lexicon) -> str:
    """Number the scenes of "a fox wakes (4 s), then runs (4 s)", each with its own subject."""
    head = _HEAD.match(line)
    said = line[head.end() :] if head else line
    body, dot, rest = said.partition(". ")
    parts = [part.strip(" ,") for part in _STEP.split(body)]
    counts = re.search(
        r"(?P<number>\w+) (?:[\w-]+ )?(?:scenes|shots|clips|parts)\b", head["head"] if head else ""
    )
    asked = lexicon.number(counts["number"]) if counts else None
    shots = all(_SHOT.match(part) for part in parts)
    timed = all(_TIMED.search(part) for part in parts) or shots or _ALL_TIMED.search(line)
    if len(parts) < 2 or not (timed or asked == len(parts)):
        return line
    parts[0] = re.sub(r"^(?:first|at first|to begin),? ", "", parts[0], flags=re.IGNORECASE)
    scenes = [f"Scene {number}: {part}" for number, part in enumerate(with_subject(parts), 1)]
    lead = [line[: head.end()].rstrip(" :")] if head else []
    return "\n".join([*lead, *scenes, *([rest] if dot and rest else [])])


def with_subject(parts: list[str]) -> list[str]:
    """Give "then it floats" and "then runs" who does it: whoever the first part speaks of."""
    about = _SUBJECT.match(parts[0])
    if about is None:
        return parts
    own = about["article"].lower() in {"my", "our", "her", "his"}
    who = f"{about['article'].lower() if own else 'the'} {about['words'].strip()}"
    return [parts[0], *(_told(part, who) for part in parts[1:])]


def _told(part: str, who: str) -> str:
    if _PRONOUN.match(part):
        return _PRONOUN.sub(who, part, count=1)
    return f"{who} {part}" if _VERB.match(part) else part
