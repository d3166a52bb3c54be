"""The sounds of a film: voices, music and effects, each from its moment on, mixed into one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.agents.offline.clauses.intents import Effect, Music, Speak
from framewright.agents.offline.steps.effects import USUAL_MUSIC_SECONDS, effects
from framewright.agents.offline.steps.film import Track
from framewright.agents.offline.steps.voices import voices
from framewright.agents.offline.words.measures import plain_number
from framewright.domain.media import MediaKind
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from framewright.agents.offline.clauses.settings import Whole
    from framewright.agents.offline.steps.draft import Draft
    from framewright.agents.offline.steps.film import Film
    from framewright.agents.offline.steps.voices import Cast

GAINS_DB = {"voice": 0, "given": -8, "music": -8, "sound": -6}
"""How loud each kind of track is against the voice."""


def tracks_of(
    beats: list[Speak | Music | Effect], film: Film, whole: Whole, draft: Draft, cast: Cast
) -> list[Track]:
    """Return each track, the voice first; `cast` tells who the speakers are."""
    tracks = list(film.given)
    lines = [beat for beat in beats if isinstance(beat, Speak)]
    if any(line.text for line in lines):
        tracks.extend(voices(lines, film, draft, cast))
    elif lines:
        draft.notes.append("What is the voice to say? Put the words in quotes.")
    pieces = [beat for beat in beats if isinstance(beat, Music)]
    sounds = [beat for beat in beats if isinstance(beat, Effect)]
    begin = 0.0
    for beat in beats:
        if isinstance(beat, Music):
            alone = len(pieces) == 1
            seconds = (film.seconds if alone else 0.0) or beat.seconds
            seconds = seconds or whole.seconds or USUAL_MUSIC_SECONDS
            unwanted = "".join(f", no {each}" for each in whole.unheard)
            prompt = f"{beat.prompt or 'music'}{unwanted}"
            made = draft.sound(prompt, seconds, Task.TEXT_TO_MUSIC)
            tracks.append(Track("music", made, begin))
            begin += seconds
        elif isinstance(beat, Effect) and not (beat.follows and beat is not sounds[0]):
            tracks.extend(effects(beat, sounds, film, whole, draft))
    order = tuple(GAINS_DB)
    return sorted(tracks, key=lambda track: order.index(track.kind))


def mixed(tracks: list[Track], draft: Draft) -> str:
    """Return all tracks as one, each from its own moment on; others give way to a voice."""
    if len(tracks) == 1 and not tracks[0].start:
        return tracks[0].reference
    voices = [track for track in tracks if track.kind == "voice"]
    if 1 < len(voices) < len(tracks):
        # The others are to give way to every voice, so these become one track first.
        said = Track("voice", mixed(voices, draft))
        return mixed([said, *(track for track in tracks if track.kind != "voice")], draft)
    more: dict[str, Any] = {"gains_db": [GAINS_DB[track.kind] for track in tracks]}
    if any(track.start for track in tracks):
        more["starts_seconds"] = [plain_number(track.start) for track in tracks]
    if tracks[0].kind == "voice" and len(voices) < len(tracks):
        more["duck"] = True
    references = [track.reference for track in tracks]
    return draft.utility("mix", "Sound mix", Task.MIX_AUDIO, {MediaKind.AUDIO: references}, **more)
