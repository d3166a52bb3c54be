"""The players of the scratch score: what each plays in a bar, note by note."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local import timbres
from framewright_providers.local.rhythm import FEELS, strokes

if TYPE_CHECKING:
    from framewright_providers.local.score import Score
    from framewright_providers.local.synth import Samples
    from framewright_providers.local.timbres import Timbre

    Chord = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """One sound in a bar."""

    at: float
    """Seconds from the bar's start."""
    sound: Samples
    level: float
    pan: float = 0.0
    """From -1, left, to 1, right."""


def moment(score: Score, beat: float) -> float:
    """Return when a beat of a bar falls, in seconds; the second eighths swing with the drums."""
    swing = FEELS[score.feel].swing
    whole, part = divmod(beat, 1)
    bent = 2 * swing * part if part < 0.5 else swing + (2 * part - 1) * (1 - swing)
    return (whole + bent) * score.bar_seconds / 4


Player = Callable[["Score", int, "Chord", np.random.Generator], Iterator[Note]]


def pad(score: Score, bar: int, chord: Chord, random: np.random.Generator) -> Iterator[Note]:
    """Hold the chord, wide and soft, over into the next bar."""
    del bar, random
    for number, note in enumerate(chord):
        for pan, detune in ((-0.7, -0.06), (0.7, 0.06)):
            sound = timbres.pad_tone(note + detune, score.bar_seconds + 0.9, score.bright)
            yield Note(0.0, sound, 0.16, pan * (1 - 0.2 * number))


def strings(score: Score, bar: int, chord: Chord, random: np.random.Generator) -> Iterator[Note]:
    """Bow the chord, swelling through the bar."""
    del bar, random
    for number, note in enumerate(chord[:3]):
        high = note + (12 if number == 2 else 0)
        sound = timbres.string_tone(high, score.bar_seconds + 0.5, score.bright)
        yield Note(0.0, sound, 0.2, (-0.5, 0.1, 0.5)[number])


def organ(score: Score, bar: int, chord: Chord, random: np.random.Generator) -> Iterator[Note]:
    """Hold the chord evenly, to the next one."""
    del bar, random
    for note in chord:
        yield Note(0.0, timbres.organ_tone(note, score.bar_seconds + 0.1, score.bright), 0.14)


def drone(score: Score, bar: int, chord: Chord, random: np.random.Generator) -> Iterator[Note]:
    """Hold the key note and its fifth, low, whatever the chord is."""
    del bar, chord, random
    for step, level in ((-12, 0.3), (-5, 0.16), (0, 0.14)):
        note = score.root % 12 + 48 + step
        yield Note(0.0, timbres.drone_tone(note, score.bar_seconds + 1.2, score.bright), level)


def keys(score: Score, bar: int, chord: Chord, random: np.random.Generator) -> Iterator[Note]:
    """Break the chord over the bar and touch a high note now and then."""
    order = (0, 2, 1, 2) if bar % 2 else (0, 1, 2, 1)
    steps = 8 if score.tempo > 88 else 4
    for step in range(steps):
        if step and random.random() < 0.15:
            continue
        note = chord[order[step % 4] % len(chord)] + (12 if step % 4 == 2 else 0)
        at = moment(score, 4 * step / steps) + float(random.normal(0, 0.006))
        level = 0.34 * (1.0 if step == 0 else float(random.uniform(0.55, 0.85)))
        tone = timbres.key_tone(note, 2.6, score.bright)
        yield Note(max(0.0, at), tone, level, (note - 60) / 30)
    if random.random() < 0.4:
        high = chord[int(random.integers(len(chord)))] + 24
        yield Note(moment(score, 2), timbres.key_tone(high, 2.2, score.bright), 0.14, 0.3)


def pluck(score: Score, bar: int, chord: Chord, random: np.random.Generator) -> Iterator[Note]:
    """Pick the chord in eighths."""
    del bar
    pattern = (0, 1, 2, 1, 0, 2, 1, 2)
    for step, place in enumerate(pattern):
        if step and random.random() < 0.12:
            continue
        note = chord[place % len(chord)]
        at = moment(score, step / 2)
        level = 0.3 * (1.0 if step % 4 == 0 else 0.7)
        tone = timbres.pluck_tone(note + 12, 1.4, score.bright)
        yield Note(at, tone, level, -0.35 + 0.1 * place)


def ostinato(score: Score, bar: int, chord: Chord, random: np.random.Generator) -> Iterator[Note]:
    """Drive short bows on in eighths, low."""
    del random
    for step in range(8):
        note = chord[(0, 0, 1, 0, 0, 2, 0, 1)[step]] - (12 if bar % 2 == 0 or step < 4 else 0)
        tone = timbres.short_string_tone(note, 0.5, score.bright)
        yield Note(moment(score, step / 2), tone, 0.36 if step % 4 == 0 else 0.24, -0.2)


def arp(score: Score, bar: int, chord: Chord, random: np.random.Generator) -> Iterator[Note]:
    """Run up the chord in sixteenths."""
    del random
    for step in range(16):
        note = chord[step % len(chord)] + 12 * (step // len(chord) % 2)
        level = 0.2 if step % 4 == 0 else 0.12
        tone = timbres.saw_tone(note, 0.45, score.bright)
        yield Note(moment(score, step / 4), tone, level, 0.5 * (-1) ** (step + bar))


def bass(score: Score, bar: int, chord: Chord, random: np.random.Generator) -> Iterator[Note]:
    """Give the ground on the first and third beat, and between them where it is quick."""
    del chord
    low = score.grounds[bar] + 36
    for step in (0, 2) if score.tempo < 100 else (0, 1.5, 2, 3.5):
        if step and random.random() < 0.2:
            continue
        # Nothing rings on into the next chord.
        seconds = min(score.bar_seconds / 2, score.bar_seconds - moment(score, step))
        sound = timbres.bass_tone(low, seconds, score.bright)
        yield Note(moment(score, step), sound, 0.24)


def walking(score: Score, bar: int, chord: Chord, random: np.random.Generator) -> Iterator[Note]:
    """Walk in quarters from the chord's ground to the next."""
    del random
    low = score.grounds[bar] + 36
    over = sorted((note - low) % 12 for note in chord if (note - low) % 12)
    # The last step leads to the next chord from a semitone below it.
    following = score.grounds[bar + 1] + 36 - 1
    for beat, note in enumerate((low, low + over[0], low + over[1], following)):
        sound = timbres.bass_tone(note, score.bar_seconds / 4, score.bright)
        yield Note(beat * score.bar_seconds / 4, sound, 0.22)


def drums(score: Score, bar: int, chord: Chord, random: np.random.Generator) -> Iterator[Note]:
    """Keep time: a low drum, a snare, a brushed hat."""
    del chord
    feel = FEELS[score.feel]
    beat = score.bar_seconds / 4
    for at, level in strokes(feel.kick, feel.swing):
        yield Note(at * beat, timbres.kick(), 0.4 * level * feel.soft)
    for at, level in strokes(feel.snare, feel.swing):
        struck = timbres.low_drum(bar % 4) if feel.low_snare else timbres.snare(bar % 4)
        yield Note(at * beat, struck, 0.2 * level * feel.soft * (2 if feel.low_snare else 1), 0.05)
    for number, (at, level) in enumerate(strokes(feel.hat, feel.swing)):
        chance = float(random.uniform(0.07, 0.11)) * level * feel.soft * (0.4 + 0.6 * score.bright)
        yield Note(at * beat, timbres.hat(number % 4), chance, -0.3)


def _tune(timbre: Timbre, raised: int, level: float, longer: float) -> Player:
    """Return a player of the tune."""

    def play(score: Score, bar: int, chord: Chord, random: np.random.Generator) -> Iterator[Note]:
        del chord
        beat = score.bar_seconds / 4
        for tone in score.melody[bar] if score.melody else ():
            sound = timbre(tone.note + raised, tone.beats * beat + longer, score.bright)
            loud = level * float(random.uniform(0.85, 1.0))
            yield Note(moment(score, tone.beat), sound, loud, 0.15)

    return play


PLAYERS: dict[str, Player] = {
    "pad": pad,
    "strings": strings,
    "organ": organ,
    "drone": drone,
    "keys": keys,
    "pluck": pluck,
    "ostinato": ostinato,
    "arp": arp,
    "bass": bass,
    "walking": walking,
    "drums": drums,
    "flute": _tune(timbres.flute_tone, 0, 0.2, 0.05),
    "brass": _tune(timbres.brass_tone, -12, 0.11, 0.05),
    "mallet": _tune(timbres.mallet_tone, 12, 0.22, 0.9),
    "violin": _tune(timbres.string_tone, 0, 0.22, 0.15),
}
