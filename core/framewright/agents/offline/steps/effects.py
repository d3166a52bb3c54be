"""Sounds of a film: which begins when, and how long each is."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from framewright.agents.offline.steps.film import Track
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from framewright.agents.offline.clauses.intents import Effect
    from framewright.agents.offline.clauses.settings import Whole
    from framewright.agents.offline.steps.draft import Draft
    from framewright.agents.offline.steps.film import Film

USUAL_MUSIC_SECONDS = 30.0
USUAL_SOUND_SECONDS = 5.0
HIT_SECONDS = 2.0


def effects(
    first: Effect, sounds: Sequence[Effect], film: Film, whole: Whole, draft: Draft
) -> Iterator[Track]:
    """Yield a sound in its place, and those that follow it: "steps, then a door, then thunder"."""
    at = next(number for number, each in enumerate(sounds) if each is first)
    row = [first, *takewhile(lambda each: each.follows, sounds[at + 1 :])]
    if len(row) == 1:
        yield _effect(first, film, whole, draft)
    else:
        yield from _in_turn(row, film, whole, draft)


def _in_turn(beats: Sequence[Effect], film: Film, whole: Whole, draft: Draft) -> Iterator[Track]:
    """Yield sounds that follow each other, sharing the time there is."""
    told = beats[0].seconds if beats[0].start is None else None
    together = told or film.seconds or whole.seconds
    start = beats[0].start or 0.0
    span = film.scene(beats[0].scene)
    if span is not None:
        start, together = span[0], span[1] - span[0]
    for beat in beats:
        usual = HIT_SECONDS if beat.hit else USUAL_SOUND_SECONDS
        seconds = round(together / len(beats), 3) if together else usual
        made = draft.sound(beat.prompt or "sound", seconds, Task.TEXT_TO_SOUND)
        yield Track("sound", made, round(start, 3))
        start += seconds


def _effect(beat: Effect, film: Film, whole: Whole, draft: Draft) -> Track:
    short = beat.hit or beat.at_end
    lasting = USUAL_MUSIC_SECONDS if film.clips else USUAL_SOUND_SECONDS
    usual = HIT_SECONDS if short else film.seconds or whole.seconds or lasting
    seconds = beat.seconds or usual
    start = max(0.0, film.seconds - seconds) if beat.at_end else 0.0
    if (span := film.scene(beat.scene)) is not None:
        start, seconds = span[0], min(seconds, span[1] - span[0])
    if beat.start is not None:
        start = beat.start
        left = film.seconds - start if film.seconds > start else seconds
        seconds = beat.seconds or min(seconds, left)
    return Track("sound", draft.sound(beat.prompt or "sound", seconds, Task.TEXT_TO_SOUND), start)
