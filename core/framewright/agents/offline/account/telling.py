"""Says in a line what was understood."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields
from typing import TYPE_CHECKING

from framewright.agents.offline.clauses import intents as asked
from framewright.agents.offline.clauses.clauses import without_asking
from framewright.agents.offline.clauses.settings import take_camera
from framewright.agents.offline.script.shots import Shots
from framewright.agents.offline.steps.choose import SHAPE
from framewright.agents.offline.steps.tools import TOOLS
from framewright.agents.offline.words.measures import take_seconds
from framewright.agents.offline.words.normalise import MARK
from framewright.agents.offline.words.people import people
from framewright.agents.offline.words.voices import voice_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.clauses.intents import Intent
    from framewright.agents.offline.clauses.settings import Whole
    from framewright.agents.offline.script.beats import Beat
    from framewright.agents.offline.steps.board import Board
    from framewright.agents.offline.words.lexicon import Lexicon
    from framewright.agents.offline.words.normalise import Brief
    from framewright.domain.plan import Plan


_NAMES: dict[type, str] = {
    asked.Scene: "a scene",
    asked.Content: "what the picture shows",
    asked.OneOf: "what one of them shows",
    asked.Animate: "set in motion",
    asked.Speak: "a voice",
    asked.Music: "music",
    asked.Effect: "a sound",
    asked.Caption: "words on the picture",
    asked.BurnIn: "written into an animatic",
    asked.Merge: "joined into one film",
    asked.Use: "your file",
    asked.Write: "a text",
}
_MADE = {"image": "image", "video": "clip", "model3d": "3D model"}
_CHANGES = {
    "trim": "cut to length",
    "extract": "a single frame",
    "resize": "another shape",
    "upscale": "enlarged",
    "edit": "a changed picture",
    "3d": "a 3D model",
    "describe": "a description",
    "transcribe": "a transcript",
    "replace-sound": "new sound instead of its own",
    "reverse": "played backwards",
    "speed": "another speed",
    "loop": "looped",
    "filmstrip": "a filmstrip",
    "waveform": "a picture of the sound",
    "proxy": "a small copy",
    "loudness": "as loud as asked for",
    "compress": "a smaller file",
    "best": "the best frame",
}
_PARTS = (("voice", "voice-over"), ("music", "music"), ("sound", "sound effects"))
_WORKED = (
    ("sheet", "a character sheet"),
    ("animatic", "an animatic"),
    ("trim", "trimmed"),
    ("resize", "resized"),
    ("upscale", "enlarged"),
    ("reverse", "played backwards"),
    ("speed", "at another speed"),
    ("loop", "looped"),
    ("filmstrip", "a filmstrip"),
    ("waveform", "a waveform"),
    ("proxy", "a proxy"),
    ("loudness", "as loud as asked for"),
    ("compressed", "a smaller file"),
    ("model", "a 3D model"),
    ("text", "a text"),
    ("lips", "lips in time with the voice"),
)
_MOST_TITLE = 60


def one_line(plan: Plan, board: Board) -> str:
    """Return what will be made, in one line."""
    bases = Counter(re.sub(r"_\d+$", "", step.id) for step in plan.steps)
    said = _pictures(bases, board)
    film = board.film
    if len(film.clips) > 1 and any(
        "transition" in s.inputs or _takes_clips(s.inputs) for s in plan.steps
    ):
        length = f" of {round(film.seconds, 1):g} s" if film.seconds else ""
        said.append(f"joined into a film{length}")
    said.extend(f"also in {shape}" for shape in board.whole.also)
    said.extend(
        words
        for base, words in _WORKED
        if bases[base] and not (base == "resize" and board.whole.also)
    )
    if bases["frame"] and not board.whole.chain:
        said.append("a single frame" if bases["frame"] == 1 else f"{bases['frame']} single frames")
    sounds = [words for base, words in _PARTS if bases[base]]
    if film.given:
        sounds.append("your sound")
    if any("text" in step.inputs and "video" in step.inputs for step in plan.steps):
        sounds.append("words on screen")
    line = ", ".join(said)
    listed = " and ".join(part for part in (", ".join(sounds[:-1]), *sounds[-1:]) if part)
    if sounds:
        line = f"{line}, with {listed}" if line else listed
    return line[:1].upper() + line[1:] if line else ", ".join(step.title for step in plan.steps[:4])


def _pictures(bases: Counter[str], board: Board) -> list[str]:
    said: list[str] = []
    if stills := bases["still"]:
        said.append(f"{_many(stills, 'image')}{_shape(board, 'still')}")
    if clips := bases["clip"]:
        lengths = [f"{round(clip.seconds, 1):g}" for clip in board.film.clips if not clip.own]
        length = f"{lengths[0]} s " if len(set(lengths)) == 1 else ""
        words = f"{_a(length)}{length}clip" if clips == 1 else f"{clips} clips"
        words += f" of {length.strip()}" if clips > 1 and length else ""
        words += _shape(board, "clip") if board.whole.aspect and not bases["still"] else ""
        said.append(f"animated into {words}" if board.moved else words)
    if own := [clip for clip in board.film.clips if clip.own]:
        said.append("your clip" if len(own) == 1 else f"your {len(own)} clips")
    return said


def _shape(board: Board, base: str) -> str:
    """Return the shape the steps of a kind are made in, in brackets; nothing where it differs."""
    shapes = {
        next((str(step.inputs[name]) for name in SHAPE if name in step.inputs), "")
        for step in board.draft.steps
        if re.sub(r"_\d+$", "", step.id) == base
    }
    shape = shapes.pop() if len(shapes) == 1 else ""
    return f" ({shape})" if shape else ""


def _a(length: str) -> str:
    return "an " if length.startswith(("8", "11 ", "18 ")) else "a "


def _takes_clips(inputs: dict[str, object]) -> bool:
    return any(isinstance(value, list) for key, value in inputs.items() if key != "gains_db")


def said_of(found: Sequence[Intent], before: Whole, after: Whole) -> str:
    """Return what a clause was taken for."""
    said = [name for intent in found if (name := _name(intent))]
    if before.aspect != after.aspect:
        said.append(f"in {after.aspect}")
    said.extend(style for style in after.styles if style not in before.styles)
    if after.chain and not before.chain:
        said.append("each from the last frame of the one before")
    if after.crossfade and not before.crossfade:
        said.append("joined with crossfades")
    return ", ".join(said)


def _name(intent: Intent) -> str:
    match intent:
        case asked.Create(kind=kind, count=count):
            return _many(count, _MADE.get(kind, kind))
        case asked.Change(what=what):
            return _CHANGES.get(what, what)
        case asked.Settings(seconds=seconds, camera=camera, without=without, silent=silent):
            length = "" if seconds is None else f"{seconds:g} s long"
            unwanted = ", ".join(f"no {each}" for each in (without, *sorted(silent)) if each)
            return ", ".join(part for part in (length, camera, unwanted) if part)
        case _:
            return _NAMES.get(type(intent), "")


def missed_of(text: str, found: Sequence[Intent], lexicon: Lexicon) -> tuple[str, ...]:
    """Return the words of a clause that changed nothing: in no prompt, and not ours."""
    kept = (
        asked.Create,
        asked.Content,
        asked.Scene,
        asked.OneOf,
        asked.Animate,
        asked.Music,
        asked.Effect,
        asked.Write,
    )
    if any(isinstance(intent, (*kept, asked.Use, asked.BurnIn)) for intent in found):
        return ()
    if any(isinstance(intent, asked.Settings) and intent.lengths for intent in found):
        return ()
    told = " ".join(_values(intent) for intent in found).lower()
    known = lexicon.steering
    _, text = take_camera(take_seconds(text, lexicon)[1], lexicon)
    if any(isinstance(intent, asked.Speak) for intent in found):
        voiced = " ".join(
            voice_words(each.speaker) for each in found if isinstance(each, asked.Speak)
        )
        known |= {*voiced.lower().split(), *people().nouns, "old", "young"}
        known |= {"accent", "speaker", "respectively", "she", "he", "they", "woman's", "man's"}
        for _, names in lexicon.languages:
            text = names.sub(" ", text)
    if any(isinstance(intent, asked.Caption) for intent in found):
        known |= {"opening", "closing", "main"}
    if any(isinstance(intent, asked.Change) and "factor" in intent.values for intent in found):
        text = lexicon.patterns["factor"].sub(" ", lexicon.patterns["larger"].sub(" ", text))
    if any(isinstance(intent, asked.Change) and intent.what in TOOLS for intent in found):
        known |= lexicon.tools | lexicon.numbers.keys()
    plain = re.sub(MARK, " ", without_asking(text, lexicon))
    words = [word.lower() for word in re.findall(r"[^\W\d_][\w'-]*", plain)]
    if not found:
        return tuple(dict.fromkeys(word for word in words if word not in known))
    return tuple(dict.fromkeys(word for word in words if word not in known and word not in told))


def _values(intent: Intent) -> str:
    """Return what was taken out of a clause; the clause as a whole is no sign of that."""
    names = [field.name for field in fields(intent) if field.name not in {"phrase", "speaker"}]
    return " ".join(str(getattr(intent, name)) for name in names)


def plan_title(beats: Sequence[Beat], brief: Brief) -> str:
    """Return a short title for the plan, from its first subject."""
    shots = [beat for beat in beats if isinstance(beat, Shots)]
    subject = next(
        (shot.make.subject or shot.subjects[0] for shot in shots if any(shot.subjects)), ""
    )
    plain = re.sub(r"\s+", " ", subject or brief.spelled(brief.text)).strip(" .,")
    if len(plain) > _MOST_TITLE:
        plain = plain[: _MOST_TITLE - 1].rsplit(" ", 1)[0].rstrip(" ,") + "…"
    return plain[:1].upper() + plain[1:] or "Untitled"


def _many(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"
