"""The end of a film: clips joined, words set on it, sounds mixed and laid under it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from framewright.agents.offline.choose import literal
from framewright.agents.offline.intents import Caption, Effect, Music, Speak
from framewright.agents.offline.measures import plain_number
from framewright.domain.media import MediaKind
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.draft import Draft
    from framewright.agents.offline.lexicon import Lexicon
    from framewright.agents.offline.script import Beat
    from framewright.agents.offline.settings import Whole

USUAL_MUSIC_SECONDS = 30.0
USUAL_SOUND_SECONDS = 5.0
HIT_SECONDS = 2.0
TITLE_SECONDS = 3.0
GAINS_DB = {"voice": 0, "given": -8, "music": -8, "sound": -6}
"""How loud each kind of track is against the voice."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A piece of the film."""

    reference: str
    seconds: float
    """Its length; 0 where nobody has measured it."""
    own: bool
    """Whether the person gave it: then it may have sound of its own."""


@dataclass(frozen=True, slots=True)
class Track:
    """A piece of the sound."""

    kind: str
    reference: str
    start: float = 0.0


@dataclass(slots=True)
class Film:
    """What the film is made of."""

    clips: list[Clip] = field(default_factory=list)
    given: list[Track] = field(default_factory=list)
    """Sound the person gave."""
    apart: bool = False
    """Whether several clips are alternatives or separate things, not one film."""
    replace_sound: bool = False
    seconds: float = 0.0
    """How long it is; 0 where that shows only later."""
    card_seconds: float = 0.0
    """How long a card at its end is shown; 0 without one."""

    def add_clip(self, reference: str, seconds: float, *, own: bool = False) -> None:
        """Add a clip at the end."""
        self.clips.append(Clip(reference, seconds, own))


def finish(
    beats: Sequence[Beat], film: Film, whole: Whole, draft: Draft, lexicon: Lexicon
) -> str | None:
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
        ends = [caption.seconds or TITLE_SECONDS for caption in captions if caption.when == "end"]
        film.card_seconds = max(ends, default=0.0)
        cards = [caption for caption in captions if caption.when and not _in_scene(caption, film)]
        if not cards and len({caption.position for caption in captions}) == 1:
            # Words in one place would lie over each other.
            cards = [caption for caption in captions if not _in_scene(caption, film)]
        for number, caption in enumerate(captions, 1):
            last = number == len(captions) and not sounds
            more = _in_scene(caption, film) or _in_turn(cards, caption, film)
            picture = _captioned(picture, caption, spoken, film, draft, more, last=last)
    tracks = _tracks(sounding, film, whole, draft, lexicon)
    if not tracks:
        return picture
    sound = _mixed(tracks, draft)
    return None if picture is None else _laid_under(picture, sound, tracks, film, draft)


def _kind(beat: Speak | Music | Effect) -> str:
    return "voice" if isinstance(beat, Speak) else "music" if isinstance(beat, Music) else "sound"


def _laid_under(picture: str, sound: str, tracks: list[Track], film: Film, draft: Draft) -> str:
    own = any(clip.own for clip in film.clips) and not film.replace_sound
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


def _in_scene(caption: Caption, film: Film) -> dict[str, Any]:
    """Return from when to when a caption is shown that belongs to one scene."""
    if caption.scene is None or not film.seconds or not 0 < caption.scene <= len(film.clips):
        return {}
    start = sum(clip.seconds for clip in film.clips[: caption.scene - 1])
    end = min(start + film.clips[caption.scene - 1].seconds, film.seconds - film.card_seconds)
    if end <= start:
        end = start + film.clips[caption.scene - 1].seconds
    times = {"start_seconds": plain_number(start), "end_seconds": plain_number(end)}
    return {name: seconds for name, seconds in times.items() if seconds}


def _in_turn(cards: list[Caption], caption: Caption, film: Film) -> dict[str, Any]:
    """Return when a card of several is shown: one after the other, the last one at the end."""
    cards = sorted(cards, key=lambda card: card.when == "end")
    at = next((number for number, card in enumerate(cards) if card is caption), None)
    if at is None or len(cards) < 2 or not film.seconds:
        return {}
    slot = film.seconds / len(cards)
    length = min(caption.seconds or TITLE_SECONDS, slot)
    start = film.seconds - length if at == len(cards) - 1 else at * slot
    if caption.when == "end":
        return {"start_seconds": plain_number(start)}
    times = {"start_seconds": plain_number(start), "end_seconds": plain_number(start + length)}
    return {name: seconds for name, seconds in times.items() if name == "end_seconds" or start}


def _captioned(
    picture: str,
    caption: Caption,
    spoken: str,
    film: Film,
    draft: Draft,
    turn: dict[str, Any],
    *,
    last: bool,
) -> str:
    words = caption.text or spoken
    more: dict[str, Any] = {"text": literal(words), "position": caption.position}
    length = caption.seconds or TITLE_SECONDS
    if turn:
        more |= turn
    elif caption.when == "end" and not film.seconds:
        draft.notes.append("How long the film is shows only later: the words stand all the time.")
    elif caption.when == "end":
        more["start_seconds"] = plain_number(max(0.0, film.seconds - length))
    elif (caption.when == "start" or caption.seconds) and not 0 < film.seconds <= length:
        more["end_seconds"] = plain_number(length)
    name, title = ("film", "Film") if last else ("caption", f"Words: {words}")
    return draft.utility(name, title, Task.CAPTION, {MediaKind.VIDEO: [picture]}, **more)


def _tracks(
    beats: list[Speak | Music | Effect], film: Film, whole: Whole, draft: Draft, lexicon: Lexicon
) -> list[Track]:
    """Return each track, the voice first."""
    tracks = list(film.given)
    lines = [beat for beat in beats if isinstance(beat, Speak)]
    if words := "\n".join(line.text for line in lines if line.text):
        said = " ".join(line.speaker for line in lines)
        language = next((code for code, names in lexicon.languages if names.search(said)), None)
        tracks.extend(_voices(words, lines, language, film, draft))
    elif lines:
        draft.notes.append("What is the voice to say? Put the words in quotes.")
    for beat in beats:
        if isinstance(beat, Music):
            seconds = film.seconds or beat.seconds or whole.seconds or USUAL_MUSIC_SECONDS
            made = draft.sound(beat.prompt or "music", seconds, Task.TEXT_TO_MUSIC)
            tracks.append(Track("music", made))
        elif isinstance(beat, Effect):
            tracks.append(_effect(beat, film, whole, draft))
    order = tuple(GAINS_DB)
    return sorted(tracks, key=lambda track: order.index(track.kind))


def _voices(
    words: str, lines: list[Speak], language: str | None, film: Film, draft: Draft
) -> list[Track]:
    """Return one voice for all that is said, or one for each scene where the brief says so."""
    if sum(line.speakers for line in lines) > 1:
        draft.notes.append("One voice speaks the lines of all speakers, one after the other.")
    if film.clips and any(line.scene for line in lines):
        return [
            Track("voice", draft.voice(line.text, language), _start_of(line.scene, film))
            for line in lines
            if line.text
        ]
    each = lines[0].lines if len(lines) == 1 else ()
    timed = film.seconds and all(clip.seconds for clip in film.clips)
    if len(each) < 2 or len(each) != len(film.clips) or not timed:
        return [Track("voice", draft.voice(words, language))]
    starts = [sum(clip.seconds for clip in film.clips[:at]) for at in range(len(each))]
    return [
        Track("voice", draft.voice(line, language), start)
        for line, start in zip(each, starts, strict=True)
    ]


def _start_of(scene: int | None, film: Film) -> float:
    """Return when a scene begins; the beginning for one that is not known."""
    known = scene is not None and film.seconds and scene <= len(film.clips)
    return sum(clip.seconds for clip in film.clips[: (scene or 1) - 1]) if known else 0.0


def _effect(beat: Effect, film: Film, whole: Whole, draft: Draft) -> Track:
    short = beat.hit or beat.at_end
    lasting = USUAL_MUSIC_SECONDS if film.clips else USUAL_SOUND_SECONDS
    usual = HIT_SECONDS if short else film.seconds or whole.seconds or lasting
    seconds = beat.seconds or usual
    start = max(0.0, film.seconds - seconds) if beat.at_end else 0.0
    if beat.scene is not None and film.seconds and beat.scene <= len(film.clips):
        start = sum(clip.seconds for clip in film.clips[: beat.scene - 1])
        seconds = min(seconds, film.clips[beat.scene - 1].seconds)
    return Track("sound", draft.sound(beat.prompt or "sound", seconds, Task.TEXT_TO_SOUND), start)


def _mixed(tracks: list[Track], draft: Draft) -> str:
    if len(tracks) == 1 and not tracks[0].start:
        return tracks[0].reference
    voices = [track for track in tracks if track.kind == "voice"]
    if 1 < len(voices) < len(tracks):
        # The others are to give way to every voice, so these become one track first.
        said = Track("voice", _mixed(voices, draft))
        return _mixed([said, *(track for track in tracks if track.kind != "voice")], draft)
    more: dict[str, Any] = {"gains_db": [GAINS_DB[track.kind] for track in tracks]}
    if any(track.start for track in tracks):
        more["starts_seconds"] = [plain_number(track.start) for track in tracks]
    if tracks[0].kind == "voice" and len(voices) < len(tracks):
        more["duck"] = True
    references = [track.reference for track in tracks]
    return draft.utility("mix", "Sound mix", Task.MIX_AUDIO, {MediaKind.AUDIO: references}, **more)
