"""The sounds of a film: voices, music and effects, each from its moment on, mixed into one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from framewright.agents.offline.clauses.intents import Effect, Music, Speak
from framewright.agents.offline.steps.film import Track
from framewright.agents.offline.words.measures import plain_number
from framewright.domain.media import MediaKind
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from framewright.agents.offline.clauses.settings import Whole
    from framewright.agents.offline.steps.draft import Draft
    from framewright.agents.offline.steps.film import Film
    from framewright.agents.offline.words.lexicon import Lexicon

USUAL_MUSIC_SECONDS = 30.0
USUAL_SOUND_SECONDS = 5.0
HIT_SECONDS = 2.0
GAINS_DB = {"voice": 0, "given": -8, "music": -8, "sound": -6}
"""How loud each kind of track is against the voice."""
_PERSON = re.compile(
    r"\b(?:man|woman|boy|girl|child|mother|father|king|queen|robot|[Hh]e|[Ss]he"
    r"|(?!(?:A|An|The|Then|And|Voice|Voice-over|Narrator|Narration|VO)\b)[A-Z][a-z]+(?= says))\b"
)
_VOICED = re.compile(
    r"\b(?:(?:very|old|elderly|young|little|teenage|deep|low|high-pitched|calm|soothing|gentle"
    r"|solemn|slow|fast|excited|cheerful|energetic|tired|whispering|male|female),? +)*"
    r"(?:(?:man|woman|boy|girl|child|kid|lady|gentleman|grandmother|grandfather|grandma|grandpa"
    r"|teenager|male|female)\b|(?=voice\b|narrator\b|speaker\b|announcer\b))",
    re.IGNORECASE,
)
"""Age, sex and manner of who speaks."""
SECONDS_A_WORD = 0.42
"""About how long a word takes to say; says when the last words must begin."""


def tracks_of(
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
            unwanted = "".join(f", no {each}" for each in whole.unheard)
            prompt = f"{beat.prompt or 'music'}{unwanted}"
            made = draft.sound(prompt, seconds, Task.TEXT_TO_MUSIC)
            tracks.append(Track("music", made))
        elif isinstance(beat, Effect):
            tracks.append(_effect(beat, film, whole, draft))
    order = tuple(GAINS_DB)
    return sorted(tracks, key=lambda track: order.index(track.kind))


def _voices(
    words: str, lines: list[Speak], language: str | None, film: Film, draft: Draft
) -> list[Track]:
    """Return one voice for all that is said, or one for each scene where the brief says so."""
    people = {who for line in lines for who in _PERSON.findall(line.speaker)}
    if len(people) > 1 or any(line.speakers > 1 for line in lines):
        draft.notes.append("One voice speaks the lines of all speakers, one after the other.")
    who = _speaker("; ".join(line.speaker for line in lines))
    if film.clips and any(_is_placed(line) for line in lines):
        return [
            Track(
                "voice",
                draft.voice(line.text, language, _speaker(line.speaker)),
                _start_of(line, film),
            )
            for line in lines
            if line.text
        ]
    each = lines[0].lines if len(lines) == 1 else ()
    timed = film.seconds and all(clip.seconds for clip in film.clips)
    if len(each) < 2 or len(each) != len(film.clips) or not timed:
        return [Track("voice", draft.voice(words, language, who))]
    starts = [sum(clip.seconds for clip in film.clips[:at]) for at in range(len(each))]
    return [
        Track("voice", draft.voice(line, language, who), start)
        for line, start in zip(each, starts, strict=True)
    ]


def _speaker(said: str) -> str:
    """Return age, sex and manner of the one who speaks; empty where none or several are told."""
    told = {found.strip(" ,").lower() for found in _VOICED.findall(said)} - {""}
    return told.pop() if len(told) == 1 else ""


def _is_placed(line: Speak) -> bool:
    return line.scene is not None or line.start is not None or line.at_end


def _start_of(line: Speak, film: Film) -> float:
    """Return when words begin; the beginning where their scene is not known."""
    if line.start is not None:
        return line.start
    if line.scene is None and line.at_end:
        lasts = 0.6 + SECONDS_A_WORD * len((line.text or "").split())
        return round(max(0.0, film.seconds - lasts), 1)
    span = film.scene(line.scene)
    return span[0] if span else 0.0


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
