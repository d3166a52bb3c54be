"""Cuts a brief into clauses: each asks for one thing."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from framewright.agents.offline.clauses.opening import opening
from framewright.agents.offline.words.normalise import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framewright.agents.offline.words.lexicon import Lexicon

_SENTENCE = re.compile(
    r"(?<=[.!?])(?<!\bMr\.)(?<!\bDr\.)(?<!\bvs\.)(?<!\bSt\.)\s+|;\s*"
    # A quote ends its sentence where a capital follows: Voice: "Go." Music: drums.
    rf"|(?<={MARK})\s+(?=[A-Z])"
)
_BULLET = re.compile(r"^(?:[-*•·]|\d{1,2}[.)])\s+")
_BEFORE_LIST = re.compile(r"[.!?;,]\s+(?:and |then )*|\bthen ", re.IGNORECASE)
_HEADING = re.compile(r"^[^:.!?]{3,60}: ")
_CAPTION_BY_MARK = re.compile(
    rf"^{MARK} (?:is |written |appearing |appears |shown )?(?:on|across|over|as|at|in)\b",
    re.IGNORECASE,
)
_MARKED = re.compile(MARK)
_ORDERS = (
    "animate",
    "merge",
    "trim",
    "upscale",
    "resize",
    "edit",
    "extract",
    "transcribe",
    "describe",
    "tool",
)
_THING = re.compile(
    r"^\w+ (?:it|its|them|this|these|those|that|each|all|both|everything|the|my|our|me)\b",
    re.IGNORECASE,
)
_BURNT = re.compile(
    r"^(?:burn(?:ed|t)?[- ]?in\b|time ?-?codes?\b|shot (?:names?|numbers?)\b)", re.IGNORECASE
)
_SUBTITLES = re.compile(r"^(?:subtitles|captions)[ .]*$", re.IGNORECASE)
_THING_OR_ASK = re.compile(
    r"^(?:an?|the|my|our|two|three|four|five|show|over|then)\b", re.IGNORECASE
)
_SEMICOLON = re.compile(r"\s*;\s*(?:and )?")
_OF = re.compile(r"^(?:an? |some )?(?:images?|footage|shots?|pictures?|clips?|scenes?|video) of ")
_SETTING = re.compile(
    r"^(?:merged?|joined?|combined?|kept apart|(?:each|both|all) .*|no .*|in .*|with(?:out)? .*"
    r"|\d+ .* each)$",
    re.IGNORECASE,
)
"""What stands at the end of a list and is said of all of it."""
_MOST_SETTINGS = 8
_MOST_LISTS = 4
"""Lists in one line, each in front of the next."""
_LONGEST_HEAD = 400
"""Characters in front of the colon of a list."""
_PICTURED = re.compile(r"^(?:an?|my|our|scene|show)\b", re.IGNORECASE)
_LED = re.compile(r"^(?:an?|the|some)\s+", re.IGNORECASE)
_MAKES = re.compile(r"^(?:make|create|generate|render|draw|paint|produce|write)\b", re.IGNORECASE)
_WHOLE = re.compile(r"^(?:an?|one|two|three|four|five|six|\d+)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the brief that asks for one thing."""

    text: str
    label: str = ""
    """What stands before a colon says it is: `voice`, `music`, `style`, …"""
    aside: str = ""
    """What stands in brackets behind the label."""
    scene: int | None = None
    """Its place in a list of scenes."""
    within: int | None = None
    """The listed scene it is said of, from 1."""
    bullet: bool = False


def split(text: str, lexicon: Lexicon) -> tuple[Part, ...]:
    """Return the clauses in order.

    Sentences, lines and semicolons always part; a comma, "and", "then" or "with" only where
    what follows begins to ask for something: "a boy and a dog" stays whole.
    """
    found: list[Part] = []
    marks = list(lexicon.patterns["scene_mark"].finditer(text))
    begin = 0
    scene: int | None = None
    aside: str | None = None
    for mark in [*marks, None]:
        chunk = text[begin : mark.start() if mark else len(text)].strip(" ,;:\n")
        chunk = f"{chunk.partition('.')[0]}, {aside}.{chunk.partition('.')[2]}" if aside else chunk
        if chunk:
            found.extend(_chunk(chunk, scene, lexicon))
        if mark is not None:
            begin = mark.end()
            aside = mark["aside"]
            scene = lexicon.number(mark["number"])
    return tuple(found)


def _chunk(chunk: str, scene: int | None, lexicon: Lexicon) -> Iterator[Part]:
    within = scene
    for line in chunk.split("\n"):
        plain = _BULLET.sub("", line)
        bullet = plain != line
        for sentence in _spoken_on(list(_sentences(plain, lexicon)), lexicon):
            for part in _labelled(sentence, lexicon):
                clean = part.text.strip(" ,.:!?-")
                if not clean:
                    continue
                number = part.scene or scene
                yield Part(
                    clean, part.label, part.aside, number, within=number or within, bullet=bullet
                )
                scene = None
            within = None


def _spoken_on(sentences: list[Part], lexicon: Lexicon) -> Iterator[Part]:
    """Keep what a narrator says in one piece: "Narration: It snowed. He smiled."."""
    whole: list[Part] = []
    for each in sentences:
        last = whole[-1].text if whole else ""
        label = lexicon.label.match(last)
        speaks = label is not None and lexicon.labels[label[1].lower()] == "voice"
        asks = lexicon.label.match(each.text) or opens(each.text, lexicon)
        if speaks and not asks and not _MARKED.search(last) and not _PICTURED.match(each.text):
            whole[-1] = replace(whole[-1], text=f"{last} {each.text}")
        else:
            whole.append(each)
    yield from whole


def _sentences(line: str, lexicon: Lexicon, within: int = 0) -> Iterator[Part]:
    colons = re.finditer(r":\s+", line) if within < _MOST_LISTS else iter(())
    heads = [0, *(found.end() for found in _BEFORE_LIST.finditer(line))]
    stop = line.find(".")
    for colon in colons:
        begin = heads[bisect_right(heads, colon.start()) - 1]
        items, rest = _items(line[begin : colon.start()], line[colon.end() :], lexicon)
        if not items and begin and not 0 <= stop < colon.start():
            # "Three scenes, each 4 seconds long: …" counts before its comma.
            begin = 0
            items, rest = _items(line[: colon.start()], line[colon.end() :], lexicon, counted=True)
        if items:
            if line[:begin].strip():
                yield from _sentences(line[:begin], lexicon, within + 1)
            yield Part(line[begin : colon.start()])
            yield from (Part(item, scene=number) for number, item in enumerate(items, 1))
            line = rest
            break
    if (head := _HEADING.match(line)) and opens(line[head.end() :], lexicon):
        yield Part(head[0])
        line = line[head.end() :]
    yield from (Part(each) for each in _SENTENCE.split(line) if each.strip(" ,.:"))


def _items(
    head: str, listed: str, lexicon: Lexicon, *, counted: bool = False
) -> tuple[list[str], str]:
    """Return what a list behind a colon names, and the text after it."""
    if len(head) > _LONGEST_HEAD:
        return [], ""
    head = without_asking(head, lexicon)
    about = opening(head, lexicon)
    if about is None or about.kind not in {"image", "video"}:
        return [], ""
    inside = lexicon.patterns["inside_scenes"].search(head)
    count = lexicon.number(inside["number"]) if inside else about.count if about.counted else None
    more: list[str] = []
    if ";" in listed and not (count is None and counted):
        items = _SEMICOLON.split(listed, maxsplit=count or 0)
        last, _, rest = items[-1].partition(". ")
        asks = any(opens(each, lexicon) for each in items[1:])
        if count is None or (len(items) == count and not (asks and _lists(items[0], count))):
            return [*items[:-1], last], rest
        # What stands behind the first semicolon is said of all.
        listed, *more = _SEMICOLON.split(listed, maxsplit=1)
    if count is None:
        return [], ""
    body, _, rest = listed.partition(". ")
    rest = ". ".join(part for part in (rest, *more) if part)
    # More than a few settings behind the items are none.
    items = re.split(r",\s*(?:and )?|\s+and\s+", body, maxsplit=count + _MOST_SETTINGS)
    while len(items) > 1 and _SETTING.match(items[-1]):
        rest = f"{items.pop()}. {rest}"
    led = any(each.split(" ", 1)[0].lower() in lexicon.prepositions for each in items)
    if (
        count
        and len(items) > count
        and not led
        and all(opens(each, lexicon) for each in items[count:])
    ):
        # "Three shots: a, b, c, soft music": what follows the last asks for something else.
        rest = ". ".join([*items[count:], *([rest] if rest else [])])
        items = items[:count]
    return (items, rest) if len(items) == count else ([], "")


def _lists(piece: str, count: int) -> bool:
    """Tell whether a piece names so many things itself: "a, b, c; soft music" for three."""
    return len(re.split(r",\s*(?:and )?|\s+and\s+", piece, maxsplit=count)) == count


def _labelled(part: Part, lexicon: Lexicon) -> Iterator[Part]:
    found = lexicon.label.match(part.text)
    if found is None:
        first, *more = _pieces(part.text, lexicon) or [""]
        yield Part(first, scene=part.scene)
        for each in more:
            yield from _labelled(Part(each), lexicon)
        return
    label = lexicon.labels[found[1].lower()]
    rest = part.text[found.end() :]
    if label in {"image", "video", "music", "sound"} or _MARKED.match(rest):
        first, *more = _pieces(rest, lexicon) or [""]
        yield Part(first, label, found[2] or "")
        yield from (Part(each) for each in more)
    else:
        yield Part(rest, label, found[2] or "")


def _pieces(sentence: str, lexicon: Lexicon) -> list[str]:
    joints = [(m.start(), m.end(), m[0]) for m in lexicon.patterns["connector"].finditer(sentence)]
    joints += [(m.start(), m.end(), "") for m in lexicon.patterns["run_on"].finditer(sentence)]
    pieces: list[str] = []
    begin = 0
    for start, end, said in sorted(joints):
        if start <= begin:
            continue
        # "without" belongs to what it denies; other joints go.
        since = end - len("without ") if "without" in said.lower() else end
        if _names_sound(sentence[begin : min(start, begin + _LONGEST_HEAD)], lexicon):
            if (
                lexicon.patterns["seen"].match(sentence[end:].lstrip())
                and "," in sentence[start:end]
            ):
                pieces.append(sentence[begin:start])
                begin = end
                continue
            if "then" in said.lower() and _goes_on_sounding(sentence[end:], lexicon):
                continue
            led = _LED.match(sentence[since:])
            heard = since + led.end() if led else since
            since = heard if opens(sentence[heard:], lexicon) else since
        card = "over" in said and _OF.match(sentence[since:].lstrip()) is not None
        card = card or ("," in said and _is_card(sentence[begin:start], sentence[since:], lexicon))
        if card or opens(sentence[since:], lexicon):
            pieces.append(sentence[begin:start])
            begin = since
    pieces.append(sentence[begin:])
    return [piece for each in pieces if (piece := each.strip(" ,."))]


def _is_card(piece: str, rest: str, lexicon: Lexicon) -> bool:
    """Tell whether words for the picture are said, and then something else: "title 'X', a fox"."""
    if not _MARKED.search(piece) or not _THING_OR_ASK.match(rest.lstrip()):
        return False
    about = opening(without_asking(piece, lexicon), lexicon)
    return about is not None and about.kind == "caption"


def _names_sound(piece: str, lexicon: Lexicon) -> bool:
    """Tell whether a piece asks for sound: then "and a piano" is heard and not seen."""
    about = opening(without_asking(piece, lexicon), lexicon)
    return about is not None and about.kind in {"music", "sound"}


def _goes_on_sounding(rest: str, lexicon: Lexicon) -> bool:
    """Tell whether what follows "then" is one more sound of a row, and nothing else."""
    about = opening(without_asking(rest[:_LONGEST_HEAD], lexicon), lexicon)
    if about is not None:
        return about.kind == "sound"
    return _is_ambience(without_asking(rest[:240], lexicon), lexicon) or not opens(rest, lexicon)


def opens(rest: str, lexicon: Lexicon) -> bool:
    """Tell whether a text begins to ask for something of its own."""
    head = rest[:240].lstrip()
    bare = without_asking(head, lexicon)
    if _is_ambience(bare, lexicon) or _by_pattern(head, bare, lexicon) or _is_order(bare, lexicon):
        return True
    about = opening(bare, lexicon)
    if about is None:
        bare = re.sub(r"^(?:an?|the) ", "", bare)
        return any(move.match(bare) for _, move in lexicon.camera)
    if about.kind in {"voice", "music", "sound", "caption"}:
        return not re.match(r" ?(?:box|stage|hall)\b", bare[about.end :])
    makes = _MAKES.match(head) is not None or about.variants
    return makes or (_WHOLE.match(bare) is not None and bare[about.end :].startswith(" of "))


def without_asking(text: str, lexicon: Lexicon) -> str:
    """Return the text without the words that only ask: "please add …"."""
    found = lexicon.ask.match(text.strip(" ,.:"))
    return text.strip(" ,.:")[found.end() :] if found else text.strip(" ,.:")


def _by_pattern(head: str, bare: str, lexicon: Lexicon) -> bool:
    patterns = lexicon.patterns
    if any(patterns[name].match(bare) for name in ("to_life", "together", "talking")):
        return True
    if patterns["to_life"].match(head) or patterns["together"].match(head):
        return True
    if patterns["negation"].match(re.split(r",| and ", head)[0]):
        return True
    if _BURNT.match(bare) or _SUBTITLES.match(bare) or patterns["one_of_head"].match(bare):
        return True
    said = patterns["speaks"].match(bare)
    if said is not None and _MARKED.match(bare, said.end()):
        return True
    return _CAPTION_BY_MARK.match(bare) is not None


def _is_order(bare: str, lexicon: Lexicon) -> bool:
    word = bare.split(" ", 1)[0].lower().strip(",.:")
    if word in lexicon.verbs["animate"] or word in lexicon.verbs["merge"]:
        return True
    if word in lexicon.verbs["caption"]:
        return _MARKED.search(bare[:80]) is not None
    return any(word in lexicon.verbs[name] for name in _ORDERS) and _THING.match(bare) is not None


def _is_ambience(bare: str, lexicon: Lexicon) -> bool:
    words = re.split(r"[,.]| (?:at|in|under|over|and)\b", _LED.sub("", bare).lower(), maxsplit=1)
    return words[0].strip() in lexicon.ambiences
