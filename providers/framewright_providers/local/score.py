"""A score: what the scratch music is to play, before anybody plays it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """What is to be played: whole bars, and a last chord that is held to the end."""

    mode: str
    tempo: float
    """Beats per minute; four beats a bar."""
    root: int
    """MIDI number of the key note, in the octave below middle C."""
    chords: tuple[tuple[int, ...], ...]
    """MIDI numbers of each bar's chord; the last one is the closing chord."""
    grounds: tuple[int, ...]
    """The note, from 0 for C, that each bar's chord stands on."""
    players: tuple[str, ...]
    feel: str = "none"
    """The rhythm of the drums, by its name in `rhythm`."""
    bright: float = 0.8
    """How strong overtones are, from 0.4, dull, to 1, bright."""
    hold_seconds: float = 2.0
    """How long the closing chord has, from its bar line to the end of the piece."""
    melody: tuple[tuple[Tone, ...], ...] = ()
    """The tune of each bar."""
    entries: tuple[int, ...] = ()
    """The bar in which each player comes in."""

    @property
    def bar_seconds(self) -> float:
        """The length of a bar."""
        return 240 / self.tempo

    @property
    def seconds(self) -> float:
        """The length of all of it."""
        return self.bar_seconds * (len(self.chords) - 1) + self.hold_seconds


@dataclass(frozen=True, slots=True)
class Tone:
    """One note of a tune."""

    beat: float
    """From 0 at the bar's start."""
    beats: float
    note: int
    """MIDI number."""
