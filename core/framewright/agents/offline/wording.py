"""Turns of phrase brought into the forms the clauses are read in, before a brief is cut.

"Ends with the slogan 'Run'" becomes "the words 'Run' at the end"; "a fox wakes (4 s), then
sleeps (4 s)" becomes two numbered scenes. What nobody here can do is taken out, with a note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.agents.offline.normalise import MARK
from framewright.agents.offline.sequences import numbered

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
    re.compile(r", (?:and )?loop(?:ed|ing)?(?=$|[.;,])", re.IGNORECASE),
    re.compile(
        r",? ?(?:\b(?:for|of|lasting) )?\b\d+ ?(?:hours?|days?)\b(?: long)?|,? ?(?<!\d)-\d+"
        r" ?(?:s|secs?|seconds?)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r",? ?(?:\b(?:and|in|it|then) ){0,2}(?:\b(?:played |play(?:ing)? )?(?:backwards|in reverse)"
        r"|\breverse (?:it|this)|\b(?:twice|half|double|\d+ times) (?:as )?(?:fast|slow|the speed)"
        r"|\b(?:speed|slow) (?:it|this) (?:up|down))\b",
        re.IGNORECASE,
    ),
    re.compile(r",? ?(?:\band )?\b(?:pick|choose|keep|select) the best(?: one)?\b", re.IGNORECASE),
    re.compile(
        r"(?<=\w) (?:that |which )?(?:fad(?:es|ing|e)|swell(?:s|ing)) (?:in|out)"
        r"(?: (?:at|towards) the (?:end|start|beginning))?|(?<=\w) (?:that |which )?"
        r"(?:starts?|starting|begins?|beginning|comes? in|should come in) (?:after|at)"
        r" \d+ ?(?:seconds?|secs?|s)\b"
        r"|(?<=\w) for the first \d+ ?(?:seconds?|secs?|s)\b(?: only)?"
        r"|(?<=\w) at (?:half|low|full) volume|,? (?:and )?fade to (?:black|white)"
        r"(?: at the end)?",
        re.IGNORECASE,
    ),
    re.compile(r",? ?(?:\b(?:for|of|lasting) )?\b0(?:[.,]0+)?[ -]?(?:s|secs?|seconds?)\b( long)?"),
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
_OWN = (
    r"(?:my|our) (?:[\w-]+ ){0,2}(?:song|music|track|recording|voice|audio|narration|voice memo"
    r"|jingle|soundtrack)"
)
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), form)
    for pattern, form in (
        (
            r"\b(?P<count>two|three|four|five|six|seven|eight|\d) (?:quick |fast |hard"
            r" )?cuts\b(?! of)",
            r"\g<count> shots",
        ),
        (
            r"\b(?:it |the \w+ |there |we )?(?:must|should|shall|may|can|does|do)(?: not|n't) "
            r"(?:have|contain|use|include|need|be)(?: any| an?)? (?=[\w-]+ ?(?:[.,;]|$|or |and ))",
            "no ",
        ),
        (r"\bnever any\b", "no"),
        (r"\b(?:an? )?one and a half[- ]minutes?\b", "a 90 second"),
        (
            r"\ball (?:shots|scenes|clips) are (?P<length>[\w.]+ ?(?:s|secs?|seconds?))\b,? except"
            r"(?: for)? the (?P<one>first|second|third|last)(?: one)?,? (?:which is|is|at)? ?"
            r"(?P<other>[\w.]+ ?(?:s|secs?|seconds?))\b",
            r"\g<length> each. The \g<one> is \g<other>",
        ),
        (
            r"then (?:cross-?fades?|dissolves?) (?:over (?P<length>[\w.]+ ?(?:s|secs?|seconds?)) )?"
            r"(?:in)?to (?P<rest>[^.;\n]+)",
            r"then \g<rest>. Joined with crossfades of \g<length>",
        ),
        (
            r",? (?:split|divided|cut) into (?P<count>\w+) (?:equal |short |quick )?"
            r"(?P<noun>shots|scenes|clips|parts)",
            r" in \g<count> \g<noun>",
        ),
        (r"\b(?:please )?(?:don't|do not) (?:add|use|include|show|put in)(?: any| an?)? ", "no "),
        (r",? followed by ", ", then "),
        (
            r"\b(?:scene|shot|clip) (?P<number>one|two|three|four|five|six|[1-6]) (?:is|lasts|takes"
            r"|should be|runs)(?: for)? (?P<length>[\w.]+ ?(?:s|secs?|seconds?))\b(?: long)?",
            r"the @\g<number>@ is \g<length>",
        ),
        (
            rf"(?:[.,;] )(?:and )?then (?P<card>(?:an? |the )?(?:title|text|caption|end)(?: card)?"
            rf"(?: saying| with| reading)?:? ?{MARK})",
            r". \g<card> at the end",
        ),
        (
            r" (?:(?:that )?(?:appears?|shows? up|comes up|is shown|shown) )?(?:in|for|during) the "
            r"(?:last|final) (?P<length>[\w.]+ ?(?:s|secs?|seconds?))\b",
            r" at the end for \g<length>",
        ),
        (
            rf"\b(?:an? )?(?P<how>[a-z]+ing|soft|deep|calm|warm|old|young|child's|female"
            rf"|male) voice: "
            rf"(?P<mark>{MARK})",
            r"a \g<how> voice says \g<mark>",
        ),
        (
            r"\btwo (?:versions|cuts) of (?:the same |an? |the )?(?P<what>[^,:.]+?)[,:]? one in "
            r"(?P<one>[\w: ]+?),? and one in (?P<other>[\w:]+)",
            r"a \g<what> in \g<one> and \g<other>",
        ),
        # "Put calm music under a clip of a boat" asks for the clip first.
        (
            r"\b(?:put|lay|place|add|play) (?P<what>[^,.;]{2,40}?) (?:under(?:neath)?"
            r"|over|behind|to) "
            r"(?P<shown>an? (?:[\w-]+ ){0,3}?(?:clip|video|film|shot|scene|image|picture|photo) of "
            r"[^,.;]+)",
            r"\g<shown> with \g<what>",
        ),
        (
            rf",? (?:with|and) (?P<own>{_OWN})(?: (?:under(?:neath)?|over|behind|below)"
            rf" (?:it|that))?"
            r"(?P<rest>[^.;\n]*)",
            r"\g<rest>. Use \g<own>.",
        ),
        (
            r",? ?\b(?:and |but )?(?:do not|don't|not|never|un)[ -]?"
            r"(?:merged?|join(?:ed)?|combined?|stitch(?:ed)?)\b"
            r"(?: (?:them|it|these|the clips|the scenes|together))*",
            r". Kept apart. ",
        ),
        (
            r"\b(?:use|take|with) (?P<own>(?:my|our) (?:[\w-]+ )?(?:photo|picture|image|drawing"
            r"|painting|portrait|selfie)) (?:as|for) the (?:first|opening|last|final)"
            r" (?:scene|shot|clip)"
            r",?(?: (?:and )?then)?,?",
            r"Animate \g<own>.",
        ),
        # What is not wanted as a medium is no wish.
        (
            r"\b(?:do not|don't) (?:make|create|want|need)(?: me)? an? (?:video|clip"
            r"|film|image|picture)"
            r"[,.;]?(?: but| just| only)*",
            " ",
        ),
        (r", (?:but )?not an? (?:video|clip|film|image|picture|photo|animation)\b", ""),
        (
            r" without (?:any )?(?P<what>music|voice-?over|narration|voice|sound|text|titles?) "
            r"(?=(?:of|about|showing) )(?P<rest>[^.;\n]+)",
            r" \g<rest>, no \g<what>",
        ),
        (
            rf"(?P<mark>{MARK}),? (?P<who>(?:he|she|it|they|the \w+|an? \w+|[A-Z][a-z]+)) "
            r"(?P<says>says|said|whispers|asks|replies|answers|shouts)\b"
            rf"(?!:? ?{MARK})",
            r"\g<who> says \g<mark>",
        ),
        (
            r"\banimate (?P<what>an? (?:picture|image|photo|drawing|painting) of [^,.;]+?)"
            r"(?= (?:in)?to | for |,|\.|;|$| and )",
            r"\g<what>, animate it",
        ),
        (
            r"\b(?:an? )?(?:slide ?show|(?:\w+ )?(?:video|film)) (?:of|with|from)"
            r" (?P<count>two|three|four|five|six"
            r"|seven|eight|nine|ten|\d+)"
            r" (?:pictures|images|photos|stills)(?P<rest>[^.\n]*)",
            r"\g<count> images\g<rest>. Animate them. Merge them",
        ),
        (
            r": (?P<count>two|three|four|five|six|seven|eight|\d) (?P<noun>shots|scenes"
            r"|clips)[,:] ",
            r" in \g<count> \g<noun>: ",
        ),
    )
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
    text = _NONE.sub(lambda found: f"no {found['what']}", text)
    text = _WHEN_FIRST.sub(lambda found: f"{found['what']} {found['when']}", text)
    text = _LAST.sub(lambda found: f", the words {found['mark']} at the end", text)
    text = _FIRST.sub(lambda found: f", the title {found['mark']} at the start", text)
    text = _FRAMES.sub(lambda found: f"storyboard of {found['number']} images", text)
    for pattern, form in _FORMS:
        text = pattern.sub(form, text)
    text = re.sub(r"@(\w+)@", lambda found: _ordinal(found[1], lexicon), text)
    if lexicon.audio_only.search(text):
        # Where nothing is to be seen, words in quotes are heard.
        text = _BARE.sub(lambda found: f", a voice saying {found['mark']}", text)
    text = _dialogue(text, lexicon)
    text = numbered(text, lexicon)
    return Reworded(re.sub(r" +", " ", text).strip(" ,"), tuple(unmade), tuple(placed))


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
