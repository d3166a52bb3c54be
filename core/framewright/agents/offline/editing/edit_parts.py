"""Edits of the music, the sounds and the voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.agents.offline.editing import edit_lengths, edit_titles
from framewright.agents.offline.editing.edit_rules import NO_MANNER
from framewright.agents.offline.editing.edit_workshop import amount, listed, plain, points_to
from framewright.agents.offline.steps.choose import SPOKEN
from framewright.agents.offline.words.lexicon import lexicon
from framewright.catalog.ports import properties
from framewright.domain.media import MediaKind
from framewright.domain.plan import Task
from framewright.edits.apply import takers
from framewright.errors import EditError

if TYPE_CHECKING:
    from framewright.agents.offline.editing.edit_rules import Words
    from framewright.agents.offline.editing.edit_workshop import Workshop
    from framewright.domain.plan import Step

_PARTS = {
    "music": Task.TEXT_TO_MUSIC, "song": Task.TEXT_TO_MUSIC, "soundtrack": Task.TEXT_TO_MUSIC,
    "voice": Task.TEXT_TO_SPEECH, "narration": Task.TEXT_TO_SPEECH, "speech": Task.TEXT_TO_SPEECH,
    "sound": Task.TEXT_TO_SOUND, "effect": Task.TEXT_TO_SOUND, "caption": Task.CAPTION,
    "title": Task.CAPTION, "subtitle": Task.CAPTION, "headline": Task.CAPTION,
    "narrator": Task.TEXT_TO_SPEECH, "voiceover": Task.TEXT_TO_SPEECH,
}  # fmt: skip
_LOUDER_DB = 6
_QUIETEST_DB, _LOUDEST_DB = -60, 12


def task_of(part: str) -> Task:
    """Return what makes the part that a word names; an effect for one that is not known."""
    word = part.lower().replace("-", " ").split()[0].rstrip("s")
    return _PARTS.get(word, Task.TEXT_TO_SOUND)


def change(shop: Workshop, words: Words) -> None:
    """Change what the music, a sound, the voice or a title is like."""
    task, rest = task_of(words["part"]), words["rest"]
    steps = shop.of_task(task)
    if task is Task.CAPTION:
        edit_titles.place(shop, steps, rest)
    elif task is Task.TEXT_TO_SPEECH:
        _voice(shop, steps, rest)
    elif not NO_MANNER.search(rest):
        said = plain(rest)
        for step in steps:
            shop.reword(step, lambda now: said if words["swapped"] else f"{now}, {said}")


def length(shop: Workshop, words: Words) -> None:
    """Set how long words stand on the picture, or how long music or a sound is."""
    task, seconds = task_of(words["part"]), float(words["seconds"])
    if task is Task.CAPTION:
        edit_titles.length(shop, seconds)
    else:
        edit_lengths.of_sounds(shop, shop.of_task(task), seconds)


def _voice(shop: Workshop, steps: list[Step], rest: str) -> None:
    languages = lexicon().languages
    code = next((code for code, names in languages if names.search(rest)), None)
    for step in steps:
        card = shop.card(step)
        voices = properties(card).get("voice", {}).get("enum", ()) if card is not None else ()
        if code in voices and step.inputs.get("voice") != code:
            shop.set(step, "voice", code)


def volume(shop: Workshop, words: Words) -> None:
    """Make a part louder or quieter by 6 dB, where it is mixed."""
    change = _LOUDER_DB if words["how"].lower() in {"louder", "up"} else -_LOUDER_DB
    for track in shop.of_task(task_of(words["part"])):
        for mix in shop.of_task(Task.MIX_AUDIO, list(takers(shop.plan, track.id))):
            found = listed(shop, mix, MediaKind.AUDIO)
            at = (
                [n for n, text in enumerate(found[1]) if points_to(text, track.id)] if found else []
            )
            if not found or not at:
                continue
            if not shop.may_change(mix.id):
                message = f"How loud {track.id} is stands in {mix.id}, which is not selected."
                raise EditError(message, action=f"Select {mix.id} too.")
            levels = _levels(mix, len(found[1]))
            for place in at:
                level = levels[place] + change
                levels[place] = max(_QUIETEST_DB, min(_LOUDEST_DB, level))
            shop.set(mix, "gains_db", levels)


def _levels(mix: Step, tracks: int) -> list[float]:
    """Return how loud each track of a mix is, in dB."""
    gains = mix.inputs.get("gains_db", [])
    if not isinstance(gains, list) or any(amount(each) is None for each in gains):
        raise EditError(f"gains_db of {mix.id} holds something that is no number.")
    return [*gains[:tracks], *([0] * (tracks - len(gains)))]


def say(shop: Workshop, words: Words) -> None:
    """Change what the voice says."""
    speakers = shop.of_task(Task.TEXT_TO_SPEECH)
    if len(speakers) > 1:
        raise EditError("Several steps speak.", action="Select the one that is to say it.")
    for step in speakers:
        shop.write(step, words["quote"], SPOKEN)
