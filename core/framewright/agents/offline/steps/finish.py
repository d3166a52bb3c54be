"""The end of a film: clips joined, words set on it, sounds mixed and laid under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.agents.offline.clauses.intents import Caption, Effect, Music, Speak
from framewright.agents.offline.steps.captions import set_words
from framewright.agents.offline.steps.tracks import mixed, tracks_of
from framewright.agents.offline.words.measures import plain_number
from framewright.domain.media import MediaKind
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.clauses.settings import Whole
    from framewright.agents.offline.script.beats import Beat
    from framewright.agents.offline.steps.draft import Draft
    from framewright.agents.offline.steps.film import Film, Track
    from framewright.agents.offline.steps.voices import Cast


def finish(beats: Sequence[Beat], film: Film, whole: Whole, draft: Draft, cast: Cast) -> str | None:
    """Add the steps that make one film, or one sound, of what there is; return the film."""
    spoken = "\n".join(beat.text for beat in beats if isinstance(beat, Speak) and beat.text)
    captions = [beat for beat in beats if isinstance(beat, Caption) and (beat.text or spoken)]
    if any(isinstance(beat, Caption) and not beat.text for beat in beats) and not spoken:
        draft.notes.append("What are the subtitles to say? Put the words in quotes.")
    sounding = [
        beat
        for beat in beats
        if isinstance(beat, (Speak, Music, Effect)) and _kind(beat) not in whole.silent
    ]
    sounds = any(not isinstance(beat, Speak) or beat.text for beat in sounding) or bool(film.given)
    picture = _joined(film, whole, draft, last=not captions and not sounds)
    if picture is not None:
        picture = set_words(picture, captions, spoken, film, draft, last=not sounds)
    if picture and any(isinstance(beat, Speak) and beat.seen and beat.text for beat in sounding):
        draft.notes.append(
            "Nobody's lips move to the words: the voice lies over the picture. For a face that"
            " talks, say “… talks to the camera”."
        )
    tracks = tracks_of(sounding, film, whole, draft, cast)
    if not tracks:
        return picture
    if picture is None and len(tracks) > 1 and all(track.kind == "music" for track in tracks):
        # Two pieces of music are two, and not one after the other.
        return None
    sound = mixed(tracks, draft)
    return None if picture is None else _laid_under(picture, sound, tracks, film, draft)


def _kind(beat: Speak | Music | Effect) -> str:
    return "voice" if isinstance(beat, Speak) else "music" if isinstance(beat, Music) else "sound"


def _laid_under(picture: str, sound: str, tracks: list[Track], film: Film, draft: Draft) -> str:
    own = film.sounding or any(clip.own for clip in film.clips)
    own = own and not film.replace_sound
    return draft.utility(
        "film",
        "Film",
        Task.MUX_AUDIO,
        {MediaKind.VIDEO: [picture], MediaKind.AUDIO: [sound]},
        mode="mix" if own else "replace",
        # Words are never cut; music is as long as the picture.
        length="longest" if any(track.kind == "voice" for track in tracks) else "picture",
    )


def _joined(film: Film, whole: Whole, draft: Draft, *, last: bool) -> str | None:
    """Return the picture of the film; several clips become one where that is meant."""
    known = all(clip.seconds for clip in film.clips)
    film.seconds = sum(clip.seconds for clip in film.clips) if known else 0.0
    if len(film.clips) < 2:
        if whole.merge and film.clips and not whole.chain:
            draft.notes.append("There is only one clip: nothing to join.")
        return film.clips[0].reference if film.clips else None
    if film.apart and last and not (whole.merge or whole.crossfade):
        return film.clips[-1].reference
    more: dict[str, Any] = {}
    if whole.crossfade:
        fade = plain_number(whole.fade_seconds)
        more = {"transition": "crossfade", "transition_seconds": fade}
        film.seconds = max(0.0, film.seconds - fade * (len(film.clips) - 1))
    name, title = ("film", "Film") if last else ("merge", "Clips joined")
    clips = {MediaKind.VIDEO: [clip.reference for clip in film.clips]}
    return draft.utility(name, title, Task.MERGE_VIDEOS, clips, **more)
