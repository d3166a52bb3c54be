"""The voices of a film: one for each who speaks, one after the other or where each belongs."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from framewright.agents.offline.steps.film import Track
from framewright.agents.offline.words.voices import voice_of, voice_words, who_speaks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from framewright.agents.offline.clauses.intents import Speak
    from framewright.agents.offline.steps.draft import Draft
    from framewright.agents.offline.steps.film import Film
    from framewright.agents.offline.words.lexicon import Lexicon

SECONDS_A_WORD = 0.42
"""About how long a word takes to say; says when the last words must begin."""
PAUSE_SECONDS = 0.4
"""Between what one says and what the next one answers."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who speaks, and in which languages."""

    lexicon: Lexicon
    known: Mapping[str, str] = field(default_factory=dict)
    """What the brief says of each person with a name."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """Words of one speaker."""

    text: str
    who: str
    voice: str
    language: str | None
    line: Speak


def voices(lines: Sequence[Speak], film: Film, draft: Draft, cast: Cast) -> list[Track]:
    """Return a track for each place where somebody speaks, or one of all in turn."""
    turns = _turns(lines, cast)
    if film.clips and any(_is_placed(turn.line) for turn in turns):
        return [
            Track("voice", _spoken(turn, turn.text, draft), _start_of(turn.line, film))
            for turn in turns
        ]
    kinds = {(turn.voice, turn.language) for turn in turns}
    people = {turn.who for turn in turns if turn.who}
    if len(kinds) > 1 and draft.can_sound_different(kinds):
        made = [
            _spoken(each[0], "\n".join(turn.text for turn in each), draft)
            for _, group in groupby(turns, key=lambda turn: (turn.voice, turn.language))
            for each in [list(group)]
        ]
        return [Track("voice", draft.in_turn(made, PAUSE_SECONDS, _lengths(turns)))]
    if len(people) > 1:
        draft.notes.append(
            "One voice speaks the lines of all speakers, one after the other: "
            + (
                "say who they are, for example “Kim, an old woman”."
                if len(kinds) == 1
                else "this model has no others."
            )
        )
    first = turns[0]
    each = lines[0].lines if len(lines) == 1 else ()
    timed = film.seconds and all(clip.seconds for clip in film.clips)
    if len(each) < 2 or len(each) != len(film.clips) or not timed:
        return [Track("voice", _spoken(first, "\n".join(turn.text for turn in turns), draft))]
    starts = [sum(clip.seconds for clip in film.clips[:at]) for at in range(len(each))]
    return [
        Track("voice", _spoken(first, line, draft), start)
        for line, start in zip(each, starts, strict=True)
    ]


def spoken_by(lines: Sequence[Speak], subject: str, draft: Draft, cast: Cast) -> str:
    """Return one sound of some lines; `subject` describes who says them, where a line does not."""
    turns = _turns(lines, cast)
    made = [
        draft.voice(turn.text, turn.language, turn.voice or voice_of(subject, cast.known))
        for turn in turns
    ]
    return made[0] if len(made) == 1 else draft.in_turn(made, PAUSE_SECONDS, _lengths(turns))


def _turns(lines: Sequence[Speak], cast: Cast) -> list[_Turn]:
    """Return what each says, with the voice and the language that are said of it or of all."""
    told = [line for line in lines if line.text]
    people = {who_speaks(line.speaker) for line in told}
    said = " ".join(line.speaker for line in lines)
    shared = _language(said, cast)
    alike = len(people) < 2
    # "By an old man" is said once, and of all he says.
    voice = voice_words("; ".join(line.speaker for line in lines)) if alike else ""
    return [
        _Turn(
            line.text or "",
            who_speaks(line.speaker),
            voice or voice_of(line.speaker, cast.known),
            _language(line.speaker, cast) or (shared if alike else None),
            line,
        )
        for line in told
    ]


def _language(said: str, cast: Cast) -> str | None:
    return next((code for code, names in cast.lexicon.languages if names.search(said)), None)


def _spoken(turn: _Turn, text: str, draft: Draft) -> str:
    return draft.voice(text, turn.language, turn.voice)


def _lengths(turns: Sequence[_Turn]) -> list[float]:
    """Return about how long what each voice says is, generously: words must not overlap."""
    return [
        sum(
            0.6 + max(SECONDS_A_WORD * len(turn.text.split()), 0.09 * len(turn.text))
            for turn in group
        )
        for _, group in groupby(turns, key=lambda turn: (turn.voice, turn.language))
    ]


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
