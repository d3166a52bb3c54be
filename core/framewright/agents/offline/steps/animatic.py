"""Animatics: a still for each shot, held for its length, with voices and music."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.agents.offline.clauses.intents import BurnIn, Music, Speak
from framewright.agents.offline.steps.choose import choices_of, choose, field_of, literal, shape_for
from framewright.agents.offline.steps.effects import USUAL_MUSIC_SECONDS
from framewright.agents.offline.steps.moving import length_of
from framewright.agents.offline.steps.own_files import use
from framewright.agents.offline.steps.voices import spoken_by
from framewright.agents.offline.words.measures import plain_number
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.script.beats import Beat
    from framewright.agents.offline.script.shots import Shots
    from framewright.agents.offline.steps.board import Board

NOUNS = frozenset({"animatic", "animatics"})
_LONGEST_ACTION = 500


def animatic(shots: Shots, beats: Sequence[Beat], board: Board) -> tuple[Beat, ...] | None:
    """Add an animatic of these shots; return the beats it does not take in, None without a model.

    Shots that are not told are the pictures there are: those made before, or given.
    """
    draft = board.draft
    card = choose(draft.catalog, Task.ANIMATIC)
    if card is None:
        draft.notes.append("No available model does animatic: the shots become clips.")
        return None
    images, actions = _stills(shots, board)
    if not images:
        draft.notes.append("What does the animatic show? Name its shots, or give pictures.")
        return tuple(beats)
    count = len(images)
    told = shots.seconds if len(shots.seconds) == count else shots.seconds[:1] * count
    lengths = [length_of(each, count, shots.make.total, board.whole) for each in told]
    inputs: dict[str, Any] = {
        "images": images,
        "lengths": [plain_number(each) for each in lengths],
    }
    if any(actions):
        inputs["actions"] = [literal(each[:_LONGEST_ACTION]) for each in actions]
    cameras = [each or board.whole.camera for each in (shots.cameras * count)[:count]]
    known = choices_of(card, "camera") or _items(card, "cameras")
    if any(cameras) and all(each is None or each in known for each in cameras):
        inputs["cameras"] = [each or "auto" for each in cameras]
    silent = board.whole.silent
    lines = [
        beat for beat in beats if isinstance(beat, Speak) and beat.text and "voice" not in silent
    ]
    if lines:
        inputs["voices"] = [spoken_by([line], "", draft, board.cast) for line in lines]
        if all(line.scene is not None for line in lines):
            inputs["voice_shots"] = [min(line.scene or count, count) for line in lines]
    music = [beat for beat in beats if isinstance(beat, Music) and "music" not in silent]
    if music:
        seconds = sum(lengths) or music[0].seconds or USUAL_MUSIC_SECONDS
        inputs["music"] = draft.sound(music[0].prompt or "music", seconds, Task.TEXT_TO_MUSIC)
    burnt = [beat for beat in beats if isinstance(beat, BurnIn)]
    if burnt:
        inputs["burn_in"] = list(dict.fromkeys(part for beat in burnt for part in beat.parts))
    inputs = {name: value for name, value in inputs.items() if field_of(card, (name,))}
    inputs |= shape_for(card, board.whole.aspect) if board.whole.aspect else {}
    made = draft.step("animatic", "Animatic", Task.ANIMATIC, card, inputs)
    board.film.add_clip(made, sum(lengths))
    board.film.sounding = bool(lines or music)
    taken = {id(beat) for beat in (*lines, *music, *burnt)}
    return tuple(beat for beat in beats if id(beat) not in taken)


def _stills(shots: Shots, board: Board) -> tuple[list[str], list[str]]:
    """Return a picture for each shot, and what it shows."""
    subjects = [subject for subject in shots.subjects if subject]
    if subjects and not use(shots.make.phrase, board):
        made = [(board.draft.still(subject), subject) for subject in subjects]
    else:
        use(shots.make.phrase, board)
        made, board.pictures = board.pictures, []
    return [reference for reference, _ in made], [subject for _, subject in made]


def _items(card: Any, field: str) -> list[Any]:
    """Return what the members of a list can be."""
    listed = card.inputs_schema.get("properties", {}).get(field, {}).get("items", {})
    choices = listed.get("enum") if isinstance(listed, dict) else None
    return choices if isinstance(choices, list) else []
