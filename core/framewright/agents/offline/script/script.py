"""Brings requests together: scenes with their series, descriptions with what they describe."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from framewright.agents.offline.clauses.intents import (
    Animate,
    Content,
    Create,
    Effect,
    Merge,
    Music,
    OneOf,
    Scene,
    Settings,
)
from framewright.agents.offline.script.content import add_content
from framewright.agents.offline.script.shots import (
    Shots,
    items_of,
    shots_of,
    with_one,
)
from framewright.agents.offline.script.told_scenes import as_scenes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.clauses.intents import Intent
    from framewright.agents.offline.clauses.settings import Whole
    from framewright.agents.offline.script.beats import Beat
    from framewright.agents.offline.words.lexicon import Lexicon

_EACH = re.compile(r"\beach\b", re.IGNORECASE)
LONGEST_SCENE = 12.0
"""A length over this, said of several scenes, is meant for all of them together."""
_AMBIGUOUS = frozenset(
    {"intro", "outro", "spot", "ad", "ads", "teaser", "trailer", "promo", "story", "loop"}
)


def script(
    intents: Sequence[Intent], whole: Whole, has_uploads: bool, lexicon: Lexicon
) -> tuple[tuple[Beat, ...], Whole, tuple[str, ...]]:
    """Return what to do in order, the settings with what the requests added, and what is left."""
    beats: list[Beat] = []
    left: list[str] = []
    for intent in as_scenes(intents, whole):
        if isinstance(intent, Settings):
            whole = _with(whole, intent)
        elif isinstance(intent, Merge):
            whole = replace(whole, merge=True)
        elif isinstance(intent, Create):
            whole = _create(beats, intent, whole, lexicon)
        elif isinstance(intent, Content):
            if not add_content(beats, intent, intents, has_uploads, lexicon):
                left.append(intent.subject)
                # What it describes is nothing here; how long things are may still hold.
                whole = replace(whole, seconds=whole.seconds or intent.seconds)
        elif isinstance(intent, OneOf):
            if not _add_to_one(beats, intent):
                left.append(intent.subject)
        else:
            _add(beats, intent)
    _spread(beats, whole)
    whole = _with_length_of_music(beats, whole)
    left.extend(_in_turn(beats, intents))
    whole = _without_instruments(beats, whole, lexicon)
    if whole.audio_only:
        beats, whole = _only_heard(beats, whole)
    return tuple(beats), whole, tuple(left)


def _only_heard(beats: list[Beat], whole: Whole) -> tuple[list[Beat], Whole]:
    """Leave out what a podcast does not show; its length is what that was to have."""
    told = (beat.make.seconds for beat in beats if isinstance(beat, Shots))
    whole = replace(whole, seconds=whole.seconds or next((each for each in told if each), None))
    kept = [beat for beat in beats if not (isinstance(beat, Shots) and _is_sound_only(beat))]
    return kept, whole


def _create(beats: list[Beat], make: Create, whole: Whole, lexicon: Lexicon) -> Whole:
    if _is_length(make, beats):
        return replace(whole, seconds=make.seconds)
    _add_shots(beats, make, whole, lexicon)
    return whole


def _is_length(make: Create, beats: list[Beat]) -> bool:
    """Tell whether "a clip of 8 seconds" only says how long what is told already becomes."""
    _, shots = _last_shots(beats)
    told = shots is not None and not shots.make.noun and shots.make.kind == "video"
    return bool(told and make.kind == "video" and make.seconds and not make.subject)


def _add(beats: list[Beat], intent: Scene | Beat) -> None:
    if isinstance(intent, Scene):
        _add_scene(beats, intent)
    elif isinstance(intent, Animate) and beats and (still := _as_still(beats[-1])):
        beats[-1:] = [still, intent]
    elif isinstance(intent, Music) and (at := _music_at(beats)) is not None:
        first = beats[at]
        if isinstance(first, Music) and first.seconds and intent.seconds:
            # Each with a length of its own, they are two pieces.
            beats.append(intent)
        else:
            beats[at] = _one_music(first, intent)
    else:
        beats.append(intent)


def _add_to_one(beats: list[Beat], said: OneOf) -> bool:
    at, shots = _last_shots(beats)
    if shots is None:
        return False
    beats[at] = with_one(shots, said)
    return True


def _as_still(beat: Beat) -> Shots | None:
    """Return a "product shot" that is to be animated as the image it must be first."""
    if isinstance(beat, Shots) and beat.make.noun in {"shot", "scene"} and not beat.listed:
        return replace(beat, make=replace(beat.make, kind="image"))
    return None


def _with_length_of_music(beats: Sequence[Beat], whole: Whole) -> Whole:
    """Let "a fox in snow, soft music, 10 seconds" be ten seconds of film."""
    shots = [beat for beat in beats if isinstance(beat, (Shots, Animate))]
    if not shots or whole.seconds or whole.each or any(_is_timed(beat) for beat in shots):
        return whole
    said = (
        beat.seconds
        for beat in beats
        if (isinstance(beat, Music) or (isinstance(beat, Effect) and _lasts(beat))) and beat.seconds
    )
    return replace(whole, seconds=next(said, None))


def _spread(beats: list[Beat], whole: Whole) -> None:
    """Let "a birthday: balloons, cake, candles, 4 seconds each" be a shot for each."""
    at, shots = _last_shots(beats)
    if shots is None or shots.listed or len(shots.subjects) > 1:
        return
    each = whole.each or (shots.make.seconds if _EACH.search(shots.make.phrase) else None)
    if each is None:
        return
    subject = shots.make.subject
    if shots.make.kind != "video" or ": " not in subject or len(items := items_of(subject)) < 2:
        return
    many = len(items)
    make = replace(shots.make, count=many, series=True)
    beats[at] = Shots(make, items, (each,) * many, (shots.cameras[0],) * many, listed=True)


def _without_instruments(beats: Sequence[Beat], whole: Whole, lexicon: Lexicon) -> Whole:
    """Let "music and no drums" be said of the music and not of the picture."""
    if not any(isinstance(beat, Music) for beat in beats):
        return whole
    unheard = tuple(each for each in whole.without if each.split()[-1].lower() in lexicon.genres)
    seen = tuple(each for each in whole.without if each not in unheard)
    return replace(whole, unheard=unheard, without=seen)


def _in_turn(beats: list[Beat], intents: Sequence[Intent]) -> list[str]:
    """Give the clips the lengths that are named one after the other; return what fits none."""
    lengths = next(
        (each.lengths for each in intents if isinstance(each, Settings) and each.lengths), ()
    )
    at, shots = _last_shots(beats)
    if not lengths:
        return []
    if shots is None or len(shots.subjects) != len(lengths):
        return [f"{', '.join(f'{each:g}' for each in lengths)} seconds"]
    beats[at] = replace(shots, seconds=lengths, make=replace(shots.make, total=False))
    return []


def _lasts(effect: Effect) -> bool:
    """Tell a sound that goes on from one that is over at once, or has its own place."""
    return not (effect.hit or effect.at_end) and effect.scene is None and effect.start is None


def _is_timed(beat: Shots | Animate) -> bool:
    return any(beat.seconds) if isinstance(beat, Shots) else beat.seconds is not None


def _music_at(beats: Sequence[Beat]) -> int | None:
    return next((at for at, beat in enumerate(beats) if isinstance(beat, Music)), None)


def _one_music(first: Beat, more: Music) -> Music:
    """Take two descriptions of music for one: nobody wants two pieces at a time."""
    assert isinstance(first, Music)
    prompt = ", ".join(dict.fromkeys(part for part in (first.prompt, more.prompt) if part))
    return Music(prompt, first.seconds if first.seconds is not None else more.seconds)


def _add_shots(beats: list[Beat], make: Create, whole: Whole, lexicon: Lexicon) -> None:
    """Add pictures or clips; "three scenes" without a subject are those of the film before."""
    at, last = _last_shots(beats)
    if last is not None and not make.subject and make.count > 1 and not last.listed:
        divides = make.series and last.make.kind == "video" and last.make.count == 1
        if divides or make.variants:
            seconds = make.seconds if make.seconds is not None else last.make.seconds
            total = make.total or make.seconds is None
            kind = last.make.kind
            make = replace(make, kind=kind, subject=last.make.subject, seconds=seconds, total=total)
        if divides:
            beats[at] = shots_of(make, whole, lexicon)
            return
    if last is not None and make.count > 1 and make.series and _is_bare(last):
        # "A short ad, half a minute, with three shots of …" is those three shots.
        seconds = make.seconds if make.seconds is not None else last.make.seconds
        total = make.total or make.seconds is None
        beats[at] = shots_of(replace(make, seconds=seconds, total=total), whole, lexicon)
        return
    beats.append(shots_of(make, whole, lexicon))


def _is_bare(shots: Shots) -> bool:
    """Tell a film of which nothing is said but that it is one."""
    return shots.make.kind == "video" and shots.make.count == 1 and not any(shots.subjects)


def _with(whole: Whole, said: Settings) -> Whole:
    without = tuple(each for each in said.without.split(", ") if each)
    seconds = whole.seconds if said.each else said.seconds or whole.seconds
    return replace(
        whole,
        styles=(*whole.styles, *said.styles),
        seconds=seconds,
        each=said.seconds if said.each and said.seconds else whole.each,
        without=tuple(dict.fromkeys([*whole.without, *without])),
        silent=whole.silent | said.silent,
        camera=said.camera or whole.camera,
    )


def _last_shots(beats: list[Beat]) -> tuple[int, Shots | None]:
    """Return the last pictures asked for, and where they stand."""
    for at in range(len(beats) - 1, -1, -1):
        beat = beats[at]
        if isinstance(beat, Shots):
            return at, beat
    return -1, None


def _add_scene(beats: list[Beat], scene: Scene) -> None:
    """Put a listed scene behind those of its series; what asked for them gives way to the list."""
    at, head = _last_shots(beats)
    if head is None:
        make = Create("video", "", noun="scenes", series=True)
        beats.append(Shots(make, (scene.subject,), (scene.seconds,), (scene.camera,), listed=True))
        return
    said = scene.subject
    if not said and head.listed and scene.camera is not None:
        # "The camera pans left, then tilts up": still over the same thing.
        said = head.subjects[-1]
    subject = ", ".join(part for part in (said, head.make.subject) if part)
    seconds = scene.seconds if scene.seconds is not None else head.make.seconds
    shown, lengths, cameras = (
        (head.subjects, head.seconds, head.cameras) if head.listed else ((), (), ())
    )
    beats[at] = Shots(
        replace(
            head.make,
            series=head.make.kind == "video",
            # A length of its own is none of all together; a film's is that of its scenes.
            total=scene.seconds is None and (head.make.total or _is_whole(head)),
        ),
        (*shown, subject),
        (*lengths, seconds),
        (*cameras, scene.camera or head.make.camera),
        listed=True,
    )


def _is_whole(head: Shots) -> bool:
    """Tell a film that scenes are told of from a series of clips: "a 12 second film: first …"."""
    one = head.make.count == 1 and head.make.noun not in {"clip", "clips", "shot", "scene"}
    return one and not head.make.series and head.make.seconds is not None and not head.listed


def _is_sound_only(shots: Shots) -> bool:
    return shots.make.noun in _AMBIGUOUS or not shots.make.noun or not any(shots.subjects)
