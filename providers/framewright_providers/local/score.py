"""A score: what the scratch music is to play, before anybody plays it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """What is to be played."""

    mode: str
    tempo: float
    """Beats per minute; four beats a bar."""
    root: int
    """MIDI number of the key note, in the octave below middle C."""
    chords: tuple[tuple[int, ...], ...]
    """MIDI numbers of each bar's chord."""
    players: tuple[str, ...]

    @property
    def bar_seconds(self) -> float:
        """The length of a bar."""
        return 240 / self.tempo
