"""Descriptions that are scenes: each has a length, they are joined, or they are named as shots."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.agents.offline.clauses.intents import (
    Animate,
    Content,
    Create,
    Scene,
    Settings,
    Use,
)
from framewright.agents.offline.script.shots import items_of
from framewright.agents.offline.words.sequences import with_subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.clauses.intents import Intent
    from framewright.agents.offline.clauses.settings import Whole

_FILMS = frozenset(
    [
        *("ad", "advert", "commercial", "trailer", "teaser", "promo", "spot", "film", "movie"),
        *("short", "video", "reel", "documentary", "story"),
    ]
)
_SHOT = re.compile(
    r"^(?:an? |the )?(?:extreme )?(?:close-?up|wide|medium|long|aerial|drone"
    r"|establishing|slow[- ]motion)"
    r"\b",
    re.IGNORECASE,
)


def as_scenes(intents: Sequence[Intent], whole: Whole) -> Sequence[Intent]:
    """Take descriptions for scenes where the brief says how long each is, or how they join."""
    each = any(isinstance(intent, Settings) and intent.each for intent in intents)
    told = [intent for intent in intents if isinstance(intent, Content)]
    makes = [intent for intent in intents if isinstance(intent, (Create, Scene, Animate, Use))]
    one = not makes or (
        len(makes) == 1
        and isinstance(makes[0], Create)
        and makes[0].kind == "video"
        and makes[0].count == 1
    )
    if scenes := _shot_by_shot(intents):
        return scenes
    joined = whole.crossfade or whole.merge or whole.chain
    if not one or not (each or (joined and not makes)):
        return intents
    named = {id(intent): items_of(intent.subject) if each else () for intent in told}
    subjects = [part for intent in told for part in named[id(intent)] or (intent.subject,)]
    if len(subjects) < 2:
        return intents
    numbered = iter(list(enumerate(with_subject(subjects), 1)))
    made: list[Intent] = []
    for intent in intents:
        if isinstance(intent, Content):
            for _ in named[id(intent)] or (intent.subject,):
                number, subject = next(numbered)
                made.append(Scene(subject, number, intent.seconds, intent.camera))
        else:
            made.append(intent)
    return made


def _shot_by_shot(intents: Sequence[Intent]) -> list[Intent]:
    """Read "A bicycle ad. Wide shot of a road. Close-up of the pedals." as scenes of the ad."""
    heads = [intent for intent in intents if isinstance(intent, Create)]
    if not heads or heads[0].noun not in _FILMS or heads[0].count > 1:
        return []
    told = [
        each for each in intents if isinstance(each, (Create, Content)) and each is not heads[0]
    ]
    if sum(_is_shot(each) for each in told) < 2:
        return []
    if any(isinstance(each, Create) and not _is_shot(each) for each in told):
        return []
    numbers = {id(each): number for number, each in enumerate(told, 1)}
    return [
        Scene(intent.subject, numbers[id(intent)], intent.seconds, intent.camera)
        if isinstance(intent, (Create, Content)) and id(intent) in numbers
        else intent
        for intent in intents
    ]


def _is_shot(intent: Create | Content) -> bool:
    if isinstance(intent, Create):
        return intent.kind == "video" and intent.count == 1 and intent.noun in {"shot", "scene"}
    return _SHOT.match(intent.subject) is not None
