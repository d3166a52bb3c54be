"""Edits of the music, the sounds, the voice and the words on the picture."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.agents.offline import edit_lengths
from framewright.agents.offline.lexicon import lexicon
from framewright.agents.offline.measures import plain_number
from framewright.catalog.ports import properties
from framewright.domain import refs
from framewright.domain.plan import Task
from framewright.edits import operation as ops
from framewright.edits.apply import takers
from framewright.errors import EditError

if TYPE_CHECKING:
    from framewright.agents.offline.edit_workshop import Workshop
    from framewright.domain.plan import Step

_PARTS = {
    "music": Task.TEXT_TO_MUSIC, "song": Task.TEXT_TO_MUSIC, "soundtrack": Task.TEXT_TO_MUSIC,
    "voice": Task.TEXT_TO_SPEECH, "narration": Task.TEXT_TO_SPEECH, "speech": Task.TEXT_TO_SPEECH,
    "sound": Task.TEXT_TO_SOUND, "effect": Task.TEXT_TO_SOUND, "caption": Task.CAPTION,
    "title": Task.CAPTION, "subtitle": Task.CAPTION, "headline": Task.CAPTION,
    "narrator": Task.TEXT_TO_SPEECH, "voiceover": Task.TEXT_TO_SPEECH,
}  # fmt: skip
_LOUDER_DB = 6
_TITLE_SECONDS = 3
_PLACES = {
    "lower-third": r"\blower[ -]third\b",
    "bottom": r"\bbottom\b",
    "top": r"\btop\b",
    "center": r"\b(?:cent(?:er|re)|middle)\b",
}


def task_of(part: str) -> Task:
    """Return what makes the part that a word names; an effect for one that is not known."""
    word = part.lower().replace("-", " ").split()[0].rstrip("s")
    return _PARTS.get(word, Task.TEXT_TO_SOUND)


def change(shop: Workshop, part: str, rest: str, swapped: str) -> None:
    """Change what the music, a sound, the voice or a title is like."""
    task = task_of(part)
    steps = shop.of_task(task)
    if task is Task.CAPTION:
        _place_caption(shop, steps, rest)
    elif task is Task.TEXT_TO_SPEECH:
        _voice(shop, steps, rest)
    elif not re.fullmatch(r"(?:longer|shorter|faster|slower|better)", rest):
        for step in steps:
            now = step.inputs.get("prompt")
            if isinstance(now, str) and refs.parse(now) is None:
                changed = refs.escape(rest) if swapped else f"{now}, {refs.escape(rest)}"
                shop.set(step, "prompt", changed)


def length(shop: Workshop, part: str, seconds: str) -> None:
    """Set how long words stand on the picture, or how long music or a sound is."""
    task = task_of(part)
    for step in shop.of_task(task):
        wanted = float(seconds)
        if task is Task.CAPTION:
            start = step.inputs.get("start_seconds", 0)
            begun = float(start) if isinstance(start, (int, float)) else 0.0
            shop.set(step, "end_seconds", plain_number(begun + wanted))
        elif "duration_seconds" in step.inputs:
            shop.set(step, "duration_seconds", plain_number(wanted))


def _place_caption(shop: Workshop, steps: list[Step], rest: str) -> None:
    place = next((name for name, words in _PLACES.items() if re.search(words, rest)), None)
    for step in steps:
        if place is not None:
            shop.set(step, "position", place)
        elif re.search(r"\b(?:start|beginning)\b", rest):
            shop.set(step, "end_seconds", _TITLE_SECONDS)
            if "start_seconds" in step.inputs:
                shop.do(ops.UnsetInput(step=step.id, field="start_seconds"))
        elif re.search(r"\bend\b", rest) and (film := edit_lengths.film_seconds(shop)):
            shop.set(step, "start_seconds", plain_number(max(0.0, film - _TITLE_SECONDS)))
            if "end_seconds" in step.inputs:
                shop.do(ops.UnsetInput(step=step.id, field="end_seconds"))


def _voice(shop: Workshop, steps: list[Step], rest: str) -> None:
    languages = lexicon().languages
    code = next((code for code, names in languages if names.search(rest)), None)
    for step in steps:
        card = shop.card(step)
        voices = properties(card).get("voice", {}).get("enum", ()) if card is not None else ()
        if code in voices and step.inputs.get("voice") != code:
            shop.set(step, "voice", code)


def caption_text(shop: Workshop, words: str) -> None:
    """Change the words on the picture."""
    captions = shop.of_task(Task.CAPTION)
    if len(captions) > 1:
        names = ", ".join(step.id for step in captions)
        raise EditError(f"Several steps set words on the picture: {names}.", action="Select one.")
    for step in captions:
        shop.set(step, "text", refs.escape(words))


def volume(shop: Workshop, *words: str) -> None:
    """Make a part louder or quieter by 6 dB, where it is mixed."""
    how = next(
        word for word in words if word.lower() in {"louder", "quieter", "softer", "up", "down"}
    )
    part = next(word for word in words if word is not how)
    step = _LOUDER_DB if how.lower() in {"louder", "up"} else -_LOUDER_DB
    for track in shop.of_task(task_of(part)):
        for mix in shop.of_task(Task.MIX_AUDIO, list(takers(shop.plan, track.id))):
            tracks, gains = mix.inputs.get("tracks"), mix.inputs.get("gains_db")
            if not isinstance(tracks, list):
                continue
            levels = [0] * len(tracks)
            if isinstance(gains, list):
                levels[: len(gains)] = gains
            at = tracks.index(refs.write(refs.StepRef(track.id)))
            levels[at] = max(-60, min(12, levels[at] + step))
            shop.set(mix, "gains_db", levels)


def say(shop: Workshop, words: str) -> None:
    """Change what the voice says."""
    speakers = shop.of_task(Task.TEXT_TO_SPEECH)
    if len(speakers) > 1:
        raise EditError("Several steps speak.", action="Select the one that is to say it.")
    for step in speakers:
        shop.set(step, "text", refs.escape(words))
