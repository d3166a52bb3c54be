"""Holds a plan against its brief once more, by other means than those that read it.

The clauses are read one by one, and each reading can be wrong in its own way. Here the whole
brief is looked through for what can be counted or named: lengths, numbers of things, shapes,
sounds, voices, joins, moments. Whatever the plan does not bear out becomes a note, so that
nothing that was asked for is lost in silence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.agents.offline.normalise import MARK
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framewright.agents.offline.lexicon import Lexicon
    from framewright.agents.offline.made import Made
    from framewright.agents.offline.normalise import Brief

_NOT = re.compile(
    r"\b(?:no|not|without|don't|do not|never|zero|avoid|skip|instead of|minus|neither|nor|free of"
    r"|rather than|leave out|\w+n't)\b[^,.;:\n]{0,40}$",
    re.IGNORECASE,
)
_NUMBER = (
    r"(?:\d{1,5}(?:[.,]\d{1,3})?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|fifteen|twenty|thirty|forty|forty-five|fifty|sixty|ninety)"
)
_LENGTHS = re.compile(
    # "A second clip" is one more, "as" is no length: an article counts minutes only.
    r"(?<![\w:.-])(?!an? ?s(?:ec(?:ond)?)?\b)(?!(?:1[89]|20)\d0s\b)"
    rf"(?P<first>(?:{_NUMBER}(?:, | and | or | to |-|, and ))*)(?P<last>{_NUMBER})[ -]?"
    r"(?P<unit>seconds?|secs?|s|minutes?|mins?)(?![\w'])",
    re.IGNORECASE,
)
_PARTS_OF_MINUTES = (
    (re.compile(r"\bhalf(?: a)?[ -]minute\b", re.IGNORECASE), "30 seconds"),
    (re.compile(r"\bthree quarters of a minute\b", re.IGNORECASE), "45 seconds"),
    (re.compile(r"\b(?:a )?quarter of a minute\b", re.IGNORECASE), "15 seconds"),
    (
        re.compile(r"\b(?:(?:one|a) minute and a half|one and a half minutes)\b", re.IGNORECASE),
        "90 seconds",
    ),
)
_BOTH = re.compile(
    r"\b(?P<minutes>\d{1,3}|one|two|three)[ -]?(?:minutes?|mins?|m)\b,?(?: and)? ?"
    r"(?P<seconds>\d{1,2}) ?(?:seconds?|secs?|s)\b",
    re.IGNORECASE,
)
_IMAGES = (
    r"images?|pictures?|photos?|photographs?|stills?|posters?|drawings?|paintings?|illustrations?"
    r"|logos?|icons?|portraits?|covers?|panels?|sketches|keyframes?|wallpapers?|renders?"
)
_CLIPS = r"clips?|shots?|scenes?|videos?|films?|parts?|reels?|takes?|animations?"
_ALTERNATIVES = r"versions?|variants?|variations?|options?|alternatives?"
_COUNT = re.compile(
    rf"(?<![\w:.,/-])(?P<number>\d{{1,4}}|two|three|four|five|six|seven|eight|nine|ten|eleven"
    rf"|twelve|fifteen|twenty|thirty|fifty|sixty|hundred|a dozen|a couple of|a pair of)"
    rf"(?! ?(?:s|secs?|seconds?|minutes?|mins?|x|%|:)\b)(?: of)?"
    rf" (?P<between>(?:(?!(?:of|in|on|and|with|from|by|the|for)\b)[\w'-]+,? ){{0,3}}?)"
    rf"(?P<noun>{_IMAGES}|{_CLIPS}|{_ALTERNATIVES})\b",
    re.IGNORECASE,
)
_WORD_NUMBERS = {"a dozen": 12, "a couple of": 2, "a pair of": 2, "hundred": 100, "an": 1, "a": 1}
_RATIO = re.compile(r"(?<![\w:.])(?P<ratio>\d{1,2}(?:\.\d{1,2})? ?: ?\d{1,2})(?![\w:.]?\d)")
_JOIN = re.compile(
    r"\b(?:merged?|join(?:ed)?|stitch(?:ed)?|splic(?:e|ed)|combined?|(?:edit|cut|put)"
    r" (?:them|it all|everything|all of (?:it|them)) together)\b",
    re.IGNORECASE,
)
_FADE = re.compile(r"\b(?:cross-?fad(?:e|es|ed|ing)|dissolves?|cross-?dissolves?)\b", re.IGNORECASE)
_CHAIN = re.compile(
    r"\b(?:last|final) frame of the (?:one|clip|shot|scene|previous)|\b(?:chain(?:ed)?"
    r"|continu(?:es|ing) from|(?:start|begin|pick)(?:s|ing)? (?:up )?(?:where|from where"
    r"|from the (?:last|end))"
    r"|flow(?:s|ing)? into the next)\b",
    re.IGNORECASE,
)
_MOVING = re.compile(
    rf"(?<!for )\b(?:a|an|the|one|this|short|{_NUMBER}[- ]seconds?) (?:[\w-]+ ){{0,2}}?(?:clip"
    r"|video(?! game)|film(?! set| crew| star| camera)|trailer|teaser|animation|advert"
    r"|commercial|ad)\b(?!-)"
    r"|\banimate[ds]?\b",
    re.IGNORECASE,
)
_STILL = re.compile(
    r"\b(?:a|an|one|this) (?:[\w-]+ ){0,2}?(?:image|picture|photo|poster|logo|illustration)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:^|(?<=[\s;,:.]))(?:(?:scene|shot) )?(?P<number>\d{1,2})(?:\)|\.(?= [A-Za-z])|:(?= ))",
    re.IGNORECASE,
)
_VOICE = re.compile(
    r"\b(?:voice-?overs?|narrat(?:ion|or|ed|es)|a (?:[\w-]+ )?voice|vo)\b(?! ?:)", re.IGNORECASE
)
_TRACKS = re.compile(
    r"\b(?:music(?! (?:video|box|hall|stand|school|teacher|shop|stage|festival))|soundtrack|jingle"
    r"|lullaby|anthem|beats)\b",
    re.IGNORECASE,
)
_EFFECTS = re.compile(r"\b(?:sound effects?|sfx|foley|the sounds? of|sounds of)\b", re.IGNORECASE)
_NONE = re.compile(r" ?: ?(?:none|no|off|without|nothing)\b", re.IGNORECASE)
_CUE = re.compile(
    rf"(?:{MARK}|\b(?:title|caption|text|words?|slogan|voice|narrat\w+|says?|sound|music|effect"
    r"|whoosh|thunder|bell|chime|card|jingle)\b)",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    r"\b(?:at|after|from)(?: the| second)? (?P<second>\d{1,3}(?:\.\d)?)"
    r"(?: ?(?:s|secs?|seconds?)(?: mark)?\b|-second mark| to \d)",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:on|in|over|during|for|with) the (?P<which>second|third|fourth|fifth|last|final) "
    r"(?P<what>scene|clip|shot|part|half)\b",
    re.IGNORECASE,
)
_AT_END = re.compile(r"\bat the (?:very )?end\b", re.IGNORECASE)
_ORDINALS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": 0, "final": 0}
_UNDONE = re.compile(
    r"\b(?:repeat(?:ed)?(?: it)? \w+ times|(?:two|three|four|\d+) copies|sped up|speed(?:s|ed)? up"
    r"|slow(?:ed)? down|(?:twice|half) (?:as fast|the speed)|export (?:it|them)[^,.;]{0,30}"
    r"|as an? (?:gif|mov|webm|avi)|gifs?|split[- ]screen|picture[- ]in[- ]picture|green screen"
    r"|rotat(?:e|ed) (?:it|them)|mute[ds]?(?: (?:it|this|the \w+))?|half volume|fade(?:s|d)? (?:in"
    r"|out|to \w+))\b",
    re.IGNORECASE,
)


def audit(brief: Brief, text: str, made: Made, lexicon: Lexicon) -> list[str]:
    """Return a note for each thing in the brief that the plan does not bear out.

    `text` is the brief in plain form, its slips of spelling mended.
    """
    return [
        *_lengths(text, made, lexicon),
        *_counts(text, made, lexicon),
        *_shapes(text, made),
        *_kinds(text, made),
        *_listed(text, made),
        *_joins(text, made),
        *_sounds(text, made, lexicon),
        *_quotes(brief, made),
        *_moments(text, made),
        *_undone(text, made),
    ]


def _denied(text: str, at: int) -> bool:
    return _NOT.search(text[max(0, at - 60) : at]) is not None


def _lengths(text: str, made: Made, lexicon: Lexicon) -> Iterator[str]:
    if made.open:
        return

    def both(found: re.Match[str]) -> str:
        minutes = _value(found["minutes"], lexicon) or 0.0
        return f"{minutes * 60 + int(found['seconds']):g} seconds"

    text = _BOTH.sub(both, text)
    for pattern, seconds in _PARTS_OF_MINUTES:
        text = pattern.sub(seconds, text)
    for found in _LENGTHS.finditer(text):
        if _denied(text, found.start()):
            continue
        scale = 60 if found["unit"].lower().startswith("m") else 1
        said = [
            value * scale
            for word in re.findall(rf"\b{_NUMBER}\b", found["first"] + found["last"], re.IGNORECASE)
            if (value := _value(word, lexicon)) is not None
        ]
        ranged = re.search(r" to |-| or ", found["first"], re.IGNORECASE) is not None
        there = [any(abs(value - each) < 0.06 for each in made.seconds) for value in said]
        near = ranged and any(min(said) <= each <= max(said) for each in made.seconds)
        if not near and not all(there):
            yield f"“{found[0].strip()}” is not kept: nothing in the plan lasts that long."


def _counts(text: str, made: Made, lexicon: Lexicon) -> Iterator[str]:
    for found in _COUNT.finditer(text):
        if _denied(text, found.start()):
            continue
        number = _value(found["number"], lexicon)
        noun = found["noun"].lower()
        if number is None or number < 2 or (noun.endswith("film") or not noun.endswith("s")):
            continue
        pictured = re.fullmatch(_IMAGES, noun) is not None
        there = {made.stills, made.clips, made.tasks[Task.EXTRACT_FRAME], len(made.shapes)}
        if number not in there:
            has = made.stills if pictured or not made.clips else made.clips
            what = "image" if pictured or not made.clips else "clip"
            many = f"1 {what}" if has == 1 else f"{has} {what}s"
            yield f"“{found[0].strip()}” is not kept: the plan makes {many}."


def _kinds(text: str, made: Made) -> Iterator[str]:
    if made.clips:
        return
    for found in _MOVING.finditer(text):
        if not _denied(text, found.start()):
            yield f"“{found[0]}” is not kept: nothing in the plan moves."
            return
    for found in _STILL.finditer(text):
        if not made.stills and not _denied(text, found.start()):
            yield f"“{found[0]}” is not kept: the plan makes no picture."
            return


def _listed(text: str, made: Made) -> Iterator[str]:
    """Hold scenes that are numbered one by one against the clips."""
    numbers = [int(found["number"]) for found in _NUMBERED.finditer(text)]
    if numbers != list(range(1, len(numbers) + 1)) or len(numbers) < 2:
        return
    if len(numbers) not in {made.clips, made.stills}:
        many = made.clips or made.stills
        yield f"The brief numbers {len(numbers)} scenes; the plan makes {many}."


def _shapes(text: str, made: Made) -> Iterator[str]:
    for found in _RATIO.finditer(text):
        ratio = found["ratio"].replace(" ", "")
        wide, _, high = ratio.partition(":")
        clock = "." not in wide and len(high) == 2 and int(high) > 21
        if ratio not in made.shapes and not clock and float(wide) > 0 and not high.startswith("0"):
            yield f"“{ratio}” is not kept: no step of the plan has that shape."


def _joins(text: str, made: Made) -> Iterator[str]:
    merged = made.tasks[Task.MERGE_VIDEOS]
    for found in _JOIN.finditer(text):
        if not merged and not _denied(text, found.start()) and made.clips > 1:
            yield f"“{found[0]}” is not kept: the clips stay apart."
    for found in _FADE.finditer(text):
        if not made.crossfade and not _denied(text, found.start()):
            yield f"“{found[0]}” is not kept: the plan cuts from clip to clip."
    for found in _CHAIN.finditer(text):
        if not made.chained and not _denied(text, found.start()):
            yield f"“{found[0]}” is not kept: no clip begins with the last frame of another."


def _sounds(text: str, made: Made, lexicon: Lexicon) -> Iterator[str]:
    for found in _TRACKS.finditer(text):
        kept = made.tasks[Task.TEXT_TO_MUSIC] or (made.sounding and found[0].lower() in made.heard)
        none = _NONE.match(text, found.end())
        if not (kept or none or _denied(text, found.start()) or _given(made)):
            yield f"“{found[0]}” is not kept: the plan has no music."
    for found in _EFFECTS.finditer(text):
        if not (made.tasks[Task.TEXT_TO_SOUND] or made.tasks[Task.TEXT_TO_MUSIC]) and not (
            _denied(text, found.start()) or _given(made)
        ):
            yield f"“{found[0]}” is not kept: the plan has no such sound."
    for found in _VOICE.finditer(text):
        spoken = made.tasks[Task.TEXT_TO_SPEECH]
        if not (spoken or _denied(text, found.start()) or _given(made)):
            yield f"“{found[0]}” is not kept: nothing in the plan speaks."
    words = "|".join(sorted(map(re.escape, lexicon.genres | lexicon.hits), key=len, reverse=True))
    only_seen = re.compile(
        rf"(?:\bwith|\bplus|,|\band) (?P<what>(?:an? |some )?(?:[\w'-]+ ){{0,3}}?(?:{words}))"
        r"(?=$|[,.;\n]| (?:at the|in the background|throughout|over it|under it|behind it)\b)",
        re.IGNORECASE,
    )
    for found in only_seen.finditer(text):
        last = found["what"].lower().rsplit(" ", 1)[-1]
        if last in made.shown and last not in made.heard and last not in made.spoken:
            yield f"“{found['what']}” is only seen: the plan makes no sound of it."


def _given(made: Made) -> bool:
    """Tell whether what is heard is the person's own."""
    makes = made.tasks[Task.TEXT_TO_MUSIC] + made.tasks[Task.TEXT_TO_SOUND]
    return made.sounding and not makes and not made.tasks[Task.TEXT_TO_SPEECH]


def _quotes(brief: Brief, made: Made) -> Iterator[str]:
    there = _letters(made.whole)
    for quote in brief.quotes:
        if re.search(r"\w", quote) and _letters(quote) not in there:
            yield f"“{quote[:60]}” stands nowhere in the plan."


def _letters(text: str) -> str:
    return "".join(each for each in text.lower() if each.isalnum())


def _moments(text: str, made: Made) -> Iterator[str]:
    for sentence in re.split(r"[.;\n]", text):
        if not _CUE.search(sentence):
            continue
        for found in _MOMENT.finditer(sentence):
            at = float(found["second"])
            if at and not any(abs(at - each) < 0.06 for each in made.starts):
                yield f"“{found[0]}” is not kept: nothing in the plan begins then."
        for found in _PLACE.finditer(sentence):
            start = _start_of(found["which"].lower(), found["what"].lower(), made)
            if start and not any(abs(start - each) < 0.06 for each in made.starts):
                yield f"“{found[0]}” is not kept: nothing in the plan begins there."
        for found in _AT_END.finditer(sentence):
            if not made.starts and (made.written or made.sounding):
                yield f"“{found[0]}” is not kept: nothing in the plan begins later than the rest."


def _start_of(which: str, what: str, made: Made) -> float | None:
    """Return when a part of the film begins; None where it has no such part."""
    count = len(made.bounds) - 1
    if what == "half":
        return made.bounds[-1] / 2
    number = _ORDINALS[which] or count
    return made.bounds[number - 1] if 1 < number <= count else None


def _undone(text: str, made: Made) -> Iterator[str]:
    for found in _UNDONE.finditer(text):
        if not _denied(text, found.start()) and "mute" not in made.whole:
            yield f"“{found[0].strip()}” is not done: nothing here does that yet."


def _value(word: str, lexicon: Lexicon) -> float | None:
    plain = word.lower()
    if plain in _WORD_NUMBERS:
        return float(_WORD_NUMBERS[plain])
    if re.fullmatch(r"\d+(?:[.,]\d+)?", plain):
        return float(plain.replace(",", "."))
    number = lexicon.numbers.get(plain)
    return None if number is None else float(number)
