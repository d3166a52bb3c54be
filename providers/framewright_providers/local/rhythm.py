"""The rhythms of the scratch drums: sixteen steps a bar, as strings one can read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Feel:
    """A bar of drums; `x` is a stroke, `o` a soft one, anything else a rest."""

    kick: str
    snare: str
    hat: str
    swing: float = 0.5
    """Where the second eighth of a beat falls, as a share of the beat."""
    soft: float = 1.0
    """How loud it is all in all."""
    low_snare: bool = False
    """The second drum is a deep one."""


FEELS = {
    "pop": Feel("x.....o.x.......", "....x.......x...", "x.o.x.o.x.o.x.o."),
    "bounce": Feel("x.......x.....o.", "....o..o....o...", "o.x.o.x.o.x.o.x.", 0.62, 0.7),
    "light": Feel("x.......o.......", "............o...", "o.o.o.o.o.o.o.o.", 0.5, 0.5),
    "four": Feel("x...x...x...x...", "....x.......x...", "..x...x...x...xo"),
    "drive": Feel("x..ox.o.x..ox.o.", "....x.......x..o", "xoxoxoxoxoxoxoxo", 0.5, 1.1),
    "march": Feel("x.......x.......", "x..o..x.x.x.x.xo", "................", 0.5, 1.2, True),
    "pulse": Feel("x..o............", "................", "................", 0.5, 0.9, True),
    "lofi": Feel("x.....o..ox.....", "....x.......x..o", "x.o.x.o.x.o.x.o.", 0.62, 0.7),
    "swing": Feel("o.......o.......", "....o.......o...", "x...x.o.x...x.o.", 0.667, 0.7),
    "folk": Feel("x.......x.......", "....o.......o...", "..o...o...o...o.", 0.5, 0.6),
}


def strokes(pattern: str, swing: float) -> list[tuple[float, float]]:
    """Return beat and level of each stroke of a bar."""
    found = []
    for step, sign in enumerate(pattern):
        if sign in "xo":
            beat, part = divmod(step, 4)
            # The four sixteenths of a beat: the second half is moved as a whole.
            place = (0.0, swing / 2, swing, (1 + swing) / 2)[part]
            found.append((beat + place, 1.0 if sign == "x" else 0.5))
    return found
