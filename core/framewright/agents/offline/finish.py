"""The end of a film: clips joined, words set on it, sounds mixed and laid under it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from framewright.agents.offline.choose import literal
from framewright.agents.offline.wishes import Intent
from framewright.domain.media import MediaKind
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.draft import Draft
    from framewright.agents.offline.wishes import Wish

CROSSFADE_SECONDS = 0.5
USUAL_MUSIC_SECONDS = 30.0
USUAL_SOUND_SECONDS = 5.0
TITLE_SECONDS = 3.0
GAINS_DB = {"voice": 0, "music": -8, "sound": -6, "given": 0}
"""How loud each kind of track is against the voice."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A piece of the film."""

    reference: str
    seconds: float
    own: bool
    """Whether the person gave it: then it may have sound of its own."""


@dataclass(slots=True)
class Film:
    """What the film is made of."""

    clips: list[Clip] = field(default_factory=list)
    tracks_given: list[str] = field(default_factory=list)
    """References to sound the person gave."""
    series: bool = False
    """Whether several clips were asked for as scenes of one film."""
    merge: bool = False
    crossfade: bool = False
    seconds: float = 0.0

    def add_clip(self, reference: str, seconds: float, *, own: bool = False) -> None:
        """Add a clip at the end."""
        self.clips.append(Clip(reference, seconds, own))


def finish(wishes: Sequence[Wish], film: Film, draft: Draft) -> None:
    """Add the steps that make one film, or one sound, of what there is."""
    captions = [wish for wish in wishes if wish.intent is Intent.CAPTION and wish.quotes]
    sounding = [
        wish for wish in wishes if wish.intent in {Intent.VOICE, Intent.MUSIC, Intent.SOUND}
    ]
    has_sound = bool(sounding or film.tracks_given)
    picture = _joined(
        film, draft, last=not captions and not has_sound, needed=has_sound or bool(captions)
    )
    if picture is None and captions:
        draft.notes.append("Words can only be set on a video; there is none.")
    if picture is not None:
        for number, wish in enumerate(captions, 1):
            last = number == len(captions) and not has_sound
            picture = _captioned(picture, wish, film, draft, last=last)
    tracks = _tracks(sounding, film, draft)
    if not tracks:
        return
    sound = _mixed(tracks, draft)
    if picture is not None:
        speaks = any(kind in {"voice", "given"} for kind, _ in tracks)
        draft.utility(
            "film",
            "Film",
            Task.MUX_AUDIO,
            {MediaKind.VIDEO: [picture], MediaKind.AUDIO: [sound]},
            mode="mix" if any(clip.own for clip in film.clips) else "replace",
            length="longest" if speaks else "picture",
        )


def _joined(film: Film, draft: Draft, *, last: bool, needed: bool) -> str | None:
    """Return the picture of the film; several clips become one where that is meant."""
    film.seconds = sum(clip.seconds for clip in film.clips)
    if len(film.clips) < 2:
        if film.merge and film.clips:
            draft.notes.append("There is only one clip: nothing to merge.")
        return film.clips[0].reference if film.clips else None
    if not (film.series or film.merge or needed):
        return film.clips[-1].reference
    more: dict[str, Any] = {}
    if film.crossfade:
        more = {"transition": "crossfade", "transition_seconds": CROSSFADE_SECONDS}
        film.seconds -= CROSSFADE_SECONDS * (len(film.clips) - 1)
    name, title = ("film", "Film") if last else ("merge", "Clips joined")
    clips = {MediaKind.VIDEO: [clip.reference for clip in film.clips]}
    return draft.utility(name, title, Task.MERGE_VIDEOS, clips, **more)


def _captioned(picture: str, wish: Wish, film: Film, draft: Draft, *, last: bool) -> str:
    words = " ".join(wish.quotes)
    place = "center"
    text = wish.clause.lower()
    if any(word in text for word in ("subtitle", "caption", "bottom", "call-to-action")):
        place = "bottom"
    if "lower third" in text or "lower-third" in text:
        place = "lower-third"
    more: dict[str, Any] = {"text": literal(words), "position": place}
    length = min(TITLE_SECONDS, film.seconds)
    if wish.tail:
        more["start_seconds"] = round(max(0.0, film.seconds - length), 3)
    elif "title" in text or "at the start" in text or "at the beginning" in text:
        more["end_seconds"] = length
    name, title = ("film", "Film") if last else ("caption", f"Words: {words}")
    return draft.utility(name, title, Task.CAPTION, {MediaKind.VIDEO: [picture]}, **more)


def _tracks(wishes: list[Wish], film: Film, draft: Draft) -> list[tuple[str, str]]:
    """Return kind and reference of each track, the voice first."""
    tracks = [("given", each) for each in film.tracks_given]
    lines = [_said(wish) for wish in wishes if wish.intent is Intent.VOICE]
    if spoken := "\n".join(line for line in lines if line):
        tracks.append(("voice", draft.voice(spoken)))
    elif lines:
        draft.notes.append("What is the voice to say? Put the words in quotes.")
    for wish in wishes:
        if wish.intent is Intent.VOICE:
            continue
        music = wish.intent is Intent.MUSIC
        usual = USUAL_MUSIC_SECONDS if music else USUAL_SOUND_SECONDS
        seconds = film.seconds or wish.seconds or usual
        subject = wish.subject or ("music" if music else "sound")
        task = Task.TEXT_TO_MUSIC if music else Task.TEXT_TO_SOUND
        tracks.append(("music" if music else "sound", draft.sound(subject, seconds, task)))
    order = ("voice", "given", "music", "sound")
    return sorted(tracks, key=lambda track: order.index(track[0]))


def _said(wish: Wish) -> str:
    return "\n".join(wish.quotes) if wish.quotes else wish.subject


def _mixed(tracks: list[tuple[str, str]], draft: Draft) -> str:
    if len(tracks) == 1:
        return tracks[0][1]
    kinds = [kind for kind, _ in tracks]
    return draft.utility(
        "mix",
        "Sound mix",
        Task.MIX_AUDIO,
        {MediaKind.AUDIO: [reference for _, reference in tracks]},
        gains_db=[GAINS_DB[kind] for kind in kinds],
        duck=kinds[0] == "voice",
    )
