"""Scenes told one after the other, brought into the form of a numbered list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.agents.offline.words.normalise import MARK

if TYPE_CHECKING:
    from framewright.agents.offline.words.lexicon import Lexicon

_TIMELINE = re.compile(
    r"(?:^|(?<=[.;\n] ))(?:(?P<start>\d{1,3}) ?- ?(?P<end>\d{1,3}) ?(?:s|secs?|seconds?)?: "
    r"|(?P<from>\d{1,2}:\d\d) ?- ?(?P<to>\d{1,2}:\d\d):? )",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"(?:^|(?<=[.;\n] ))(?P<act>opening|beginning|start|middle|ending|end|finale): (?=\w)",
    re.IGNORECASE,
)
_SHOWS = re.compile(
    r"(?:^|(?<=[.;\n] )|(?<=[^\w\s] ))(?:show|we see|then show) (?P<what>[^.;\n]{3,120}?) for"
    r" (?P<seconds>\d+(?:[.,]\d+)?) ?(?:s|secs?|seconds?)(?=[.;\n]|$)",
    re.IGNORECASE,
)
_CONTINUED = re.compile(
    r"(?:^|(?<=[.;\n] ))(?:make |create )?an? (?:short )?(?:(?P<length>\d+(?:[.,]\d+)?[ -]?"
    r"(?:s|secs?|seconds?))[ -])?(?:clip|video|shot) of (?P<first>[^.;,\n]{3,120})[.;,]"
    r" (?:then |and )?"
    r"(?:use|take) (?:its|the) last frame(?: of (?:it|that|the (?:clip|video)))? (?:as the (?:first"
    r"|starting|start) frame of|to (?:begin|start)) (?:an?|the) (?:second|next|new|another)"
    r" (?:clip|video|shot),? (?:where|in which|of|showing) (?P<then>[^,.;\n]{3,120})",
    re.IGNORECASE,
)
_INLINE = re.compile(r"(?:^|(?<=[ :,;(]))(?P<number>\d{1,2})(?:\) ?|\. )(?=[A-Za-z])")
_STEP = re.compile(
    r" and (?=an? \d+[- ]second )|"
    r"[,;]? (?:and )?then (?:finally )?|[,;] (?:and )?(?:finally|lastly|at last),? ",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"; |, (?=(?:each|both|all|with|joined|merged|no|in|add|and (?:a|some|soft|the) )\b)",
    re.IGNORECASE,
)
"""Where what is said of all scenes begins, behind the last of them."""
_CUT = re.compile(r"[.;,] (?:then )?(?:we )?cut to:? ", re.IGNORECASE)
_SENTENCE_START = re.compile(r"(?:^|[.;\n] )(?=[^.;\n]*$)")
_FIRST = re.compile(r"^(?:first(?:ly)?|at first|to begin(?: with)?),? ", re.IGNORECASE)
_NUMBER = r"(?P<number>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)"
_TOLD_SCENE = re.compile(
    rf"(?:^|(?<=[.;\n] ))(?:in )?(?:the )?(?:scene|shot) {_NUMBER}(?!\w)(?: is| shows|"
    rf" has|,)? (?=\w)",
    re.IGNORECASE,
)
_IN_THE = re.compile(
    r"(?:^|(?<=[.;\n] ))(?:in )?the (?P<order>first|second|third|fourth|fifth|sixth|last|other)"
    r"(?: (?:one|scene|shot|clip|part))?(?:(?:,| shows| is)? (?=(?:an?|the|my|we|it|he|she|they)\b)"
    r"|, (?=\w))",
    re.IGNORECASE,
)
_SLOTS = re.compile(
    r"(?:(?:the )?(?:first|next|last|then|finally|final) (?P<seconds>\d+(?:[.,]\d+)?) ?(?:s|secs?"
    r"|seconds?),? (?:are |is |of |shows? |with )?|(?:^|(?<=: ))(?P<led>\d+(?:[.,]\d+)?) ?"
    r"(?:s|secs?|seconds?) of (?=[^.;\n]*\bthen \d+))(?P<what>[^,;.]+)",
    re.IGNORECASE,
)
_HEADING = re.compile(
    rf"(?:^|(?<=[.\n!?{MARK[1:-1]}] ))(?:CUT TO:? )?(?P<inside>INT|EXT)\.?"
    rf" (?P<place>[A-Z][A-Z' ]+?)"
    r"(?: ?- ?(?P<when>[A-Z]+))?\. "
)
_OVER = re.compile(
    rf"(?P<mark>{MARK}) (?:over|on|against) (?P<what>(?:an?|the) [^,;.{MARK[1:-1]}]+)"
)
_TIMED = re.compile(
    r"\(\d+(?:[.,]\d+)? ?(?:s|secs?|seconds?)\)|^an? \d+[- ]second |\bfor"
    r" \d+(?:[.,]\d+)? ?(?:s|secs?|seconds?)\b",
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


def numbered(text: str, lexicon: Lexicon) -> str:
    """Return the brief with its scenes as "Scene 1: …", each on a line of its own."""
    text = _inline(_acts(_shown(_continued(_timeline(_screenplay(text))))))
    text = _cuts(text)
    text = _TOLD_SCENE.sub(lambda found: f"\nScene {found['number']}: ", text)
    if _several(text):
        text = _IN_THE.sub(lambda found: _by_order(found, lexicon), text)
    return "\n".join(_sequence(line, lexicon) for line in text.split("\n"))


def _several(text: str) -> bool:
    return re.search(r"\b(?:scenes|shots|clips|parts)\b", text, re.IGNORECASE) is not None


def _by_order(found: re.Match[str], lexicon: Lexicon) -> str:
    number = lexicon.ordinals[found["order"].lower()]
    return f"\nScene {number}: " if number else found[0]


def _timeline(text: str) -> str:
    """Read "0-10s: a field" as a scene of ten seconds."""
    count = 0

    def scene(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        if found["from"]:
            length = _clock(found["to"]) - _clock(found["from"])
        else:
            length = int(found["end"]) - int(found["start"])
        return f"\nScene {count} ({length} s): " if length > 0 else found[0]

    return _TIMELINE.sub(scene, text)


def _clock(said: str) -> int:
    minutes, _, seconds = said.partition(":")
    return int(minutes) * 60 + int(seconds)


def _acts(text: str) -> str:
    """Read "Opening: a wood. Ending: night falls." as scenes."""
    found = list(_ACTS.finditer(text))
    if len(found) < 2:
        return text
    numbers = iter(range(1, len(found) + 1))
    return _ACTS.sub(lambda _: f"\nScene {next(numbers)}: ", text)


def _shown(text: str) -> str:
    """Read "Show a tree for 4 seconds. Show a lake for 3 seconds." as scenes."""
    if len(list(_SHOWS.finditer(text))) < 2:
        return text
    numbers = iter(range(1, len(text)))
    return _SHOWS.sub(
        lambda each: f"\nScene {next(numbers)}: {each['what']} ({each['seconds']} s)\n", text
    )


def _cuts(text: str) -> str:
    """Read "a girl opens a box. Cut to a ballerina." as scenes: a cut begins another shot."""
    pieces = _CUT.split(text)
    if len(pieces) < 2 or "Scene " in text:
        return _CUT.sub(", then ", text)
    begin = _SENTENCE_START.search(pieces[0])
    start = begin.end() if begin else 0
    first = re.sub(r"^(?:show|we see|start with) ", "", pieces[0][start:], flags=re.IGNORECASE)
    last, dot, rest = pieces[-1].partition(". ")
    shots = [first, *pieces[1:-1], last]
    scenes = [f"Scene {number}: {shot.strip(' .,')}" for number, shot in enumerate(shots, 1)]
    return "\n".join([*([pieces[0][:start]] if start else []), *scenes, *([rest] if dot else [])])


def _continued(text: str) -> str:
    """Read "use its last frame as the first frame of a clip where it dives" as a second scene."""

    def scenes(found: re.Match[str]) -> str:
        first, then = with_subject([found["first"], found["then"]])
        length = f" ({found['length']})" if found["length"] else ""
        return (
            f"\nScene 1: {first}{length}\nScene 2: {then}\n"
            "each continuing from the last frame of the one before"
        )

    return _CONTINUED.sub(scenes, text)


def _inline(text: str) -> str:
    """Read "1) a boy plants a tree, 2) he waters it" as scenes, wherever they stand."""
    found = list(_INLINE.finditer(text))
    if [int(each["number"]) for each in found] != list(range(1, len(found) + 1)) or len(found) < 2:
        return text
    lines = _INLINE.sub(lambda each: f"\nScene {each['number']}: ", text).split("\n")
    kept = [line.rstrip(" ,;:") if line.startswith("Scene ") else line for line in lines[:-1]]
    last, dot, rest = lines[-1].partition(". ")
    # Behind the list it is said of all.
    return "\n".join([*kept, last, *([f"\n{rest}"] if dot else [])])


def _screenplay(text: str) -> str:
    """Read the headings of a screenplay: "INT. KITCHEN - NIGHT." begins a scene."""
    count = 0

    def heading(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        when = f", {found['when'].lower()}" if found["when"] else ""
        return f"\nScene {count}: {found['place'].lower().strip()}{when}. "

    return _HEADING.sub(heading, text)


def _sequence(line: str, lexicon: Lexicon) -> str:
    """Number the scenes of "a fox wakes (4 s), then runs (4 s)", each with its own subject."""
    if lexicon.label.match(line) or re.match(r"Scene \w+:", line):
        return line
    if len(slots := list(_SLOTS.finditer(line))) > 1:
        scenes = [
            f"Scene {at}: {each['what']} ({each['seconds'] or each['led']} s)"
            for at, each in enumerate(slots, 1)
        ]
        return "\n".join([line[: slots[0].start()].rstrip(" ,:"), *scenes, line[slots[-1].end() :]])
    head = _HEAD.match(line)
    said = line[head.end() :] if head else line
    body, dot, rest = said.partition(". ")
    if over := list(_OVER.finditer(body)):
        return _titled(line, body, over, head, rest)
    parts = [part.strip(" ,") for part in _STEP.split(body)]
    if not _are_scenes(parts, head, line, lexicon):
        return line
    parts[0] = _FIRST.sub("", parts[0])
    if tail := _TAIL.search(parts[-1]):
        rest = f"{parts[-1][tail.end() :]}{dot}{rest}"
        parts[-1] = parts[-1][: tail.start()]
    scenes = [f"Scene {number}: {part}" for number, part in enumerate(with_subject(parts), 1)]
    lead = [line[: head.end()].rstrip(" :")] if head else []
    return "\n".join([*lead, *scenes, *([rest] if rest else [])])


def _are_scenes(parts: list[str], head: re.Match[str] | None, line: str, lexicon: Lexicon) -> bool:
    """Tell scenes from what happens within one: they are counted, timed, or named as shots."""
    if len(parts) < 2:
        return False
    counts = re.search(
        r"(?P<number>\w+) (?:[\w-]+ )?(?:scenes|shots|clips|parts)\b", head["head"] if head else ""
    )
    if counts and lexicon.number(counts["number"]) == len(parts):
        return True
    if all(_SHOT.match(part) for part in parts) or _ALL_TIMED.search(line):
        return True
    if all(_TIMED.search(part) for part in parts):
        return True
    led = _FIRST.match(parts[0]) is not None
    things = all(
        re.match(r"(?:an?|the|my) ", _FIRST.sub("", part), re.IGNORECASE) for part in parts
    )
    return led and things


def _titled(
    line: str, body: str, over: list[re.Match[str]], head: re.Match[str] | None, rest: str
) -> str:
    """Read `"One" over a desert, then "two" over a sea` as scenes with words of their own."""
    if len(over) < 2:
        return line
    scenes = [
        f"Scene {number}: {each['what']}, with the words {each['mark']}"
        for number, each in enumerate(over, 1)
    ]
    lead = [line[: head.end()].rstrip(" :")] if head else []
    tail = re.sub(r"^[,; ]*(?:and )?(?:then )?", "", body[over[-1].end() :])
    # Said after the scenes, a title is the last thing to see.
    tail = re.sub(rf"^((?:the )?(?:title|words?|text|slogan) {MARK})$", r"\1 at the end", tail)
    return "\n".join([*lead, *scenes, *(each for each in (tail, rest) if each)])


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
