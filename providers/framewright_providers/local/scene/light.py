"""Light and colour of a time of day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from framewright_providers.local.scene.words import Colour, SceneWords


@dataclass(frozen=True, slots=True)
class Light:
    """The light of a scene; colours 0 to 1, places as parts of the frame."""

    zenith: Colour
    middle: Colour
    horizon: Colour
    sun: Colour
    """Colour of what the light falls on."""
    ambient: Colour
    """Colour of the shade."""
    sun_x: float
    sun_y: float
    """Where sun or moon stands: 0 is left or top."""
    glow: float
    """How far its light spreads."""
    strength: float
    """How much it outshines the shade."""
    stars: float = 0.0
    clouds: float = 0.35
    haze: float = 0.35

    @property
    def direction(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Unit vector towards the light: x to the right, y down, z to the viewer."""
        towards = np.array([(self.sun_x - 0.5) * 2.0, (self.sun_y - 0.75) * 1.6, 0.55])
        unit: np.ndarray[tuple[int], np.dtype[np.float64]] = towards / np.linalg.norm(towards)
        return unit


# fmt: off
# ruff: noqa: E501 - a table: one time of day a line
_TIMES = {
    "dawn": Light((0.32, 0.42, 0.62), (0.78, 0.62, 0.64), (1.0, 0.78, 0.55), (1.0, 0.80, 0.56), (0.36, 0.36, 0.48), 0.72, 0.50, 0.34, 0.95, clouds=0.42),
    "golden": Light((0.30, 0.40, 0.60), (0.90, 0.60, 0.42), (1.0, 0.72, 0.36), (1.0, 0.72, 0.40), (0.34, 0.29, 0.38), 0.26, 0.46, 0.36, 1.0, clouds=0.45),
    "day": Light((0.20, 0.44, 0.78), (0.48, 0.70, 0.92), (0.82, 0.90, 0.95), (1.0, 0.97, 0.90), (0.46, 0.54, 0.66), 0.74, 0.14, 0.16, 0.85, clouds=0.40, haze=0.28),
    "overcast": Light((0.52, 0.56, 0.62), (0.66, 0.69, 0.73), (0.80, 0.81, 0.82), (0.86, 0.87, 0.88), (0.50, 0.53, 0.58), 0.45, 0.12, 0.50, 0.40, clouds=0.75, haze=0.60),
    "storm": Light((0.12, 0.15, 0.20), (0.26, 0.30, 0.36), (0.52, 0.54, 0.54), (0.66, 0.68, 0.70), (0.20, 0.24, 0.30), 0.30, 0.30, 0.40, 0.55, clouds=0.88, haze=0.45),
    "blue": Light((0.08, 0.13, 0.32), (0.28, 0.30, 0.52), (0.86, 0.54, 0.48), (0.74, 0.58, 0.66), (0.18, 0.22, 0.40), 0.66, 0.60, 0.30, 0.65, stars=0.25, clouds=0.32),
    "night": Light((0.015, 0.03, 0.09), (0.05, 0.09, 0.20), (0.12, 0.18, 0.32), (0.58, 0.70, 0.92), (0.06, 0.09, 0.18), 0.70, 0.20, 0.14, 0.60, stars=1.0, clouds=0.22, haze=0.22),
}


# fmt: on


def light_of(words: SceneWords, random: np.random.Generator) -> Light:
    """Return the light of a scene, on one side or the other as chance has it."""
    light = _TIMES[words.time]
    moved = float(np.clip(light.sun_x + random.uniform(-0.08, 0.08), 0.12, 0.88))
    if random.random() < 0.5:
        moved = 1 - moved
    haze = 0.85 if "fog" in words.weather else light.haze
    return replace(light, sun_x=moved, haze=haze)
