"""Light and colour of a time of day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from framewright_providers.local.scene.colour import Colour
    from framewright_providers.local.scene.words import SceneWords


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
    disc: float = 0.034
    """Radius of the disc in frame heights."""
    aurora: bool = False

    @property
    def direction(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Unit vector towards the light: x to the right, y down, z to the viewer.

        A low sun in the frame stands behind things and draws their edges; a high one lights
        them from the front.
        """
        low = min(1.0, max(0.0, (self.sun_y - 0.20) / 0.25))
        towards = np.array([(self.sun_x - 0.5) * 2.6, (self.sun_y - 0.80) * 1.5, 0.75 - 0.72 * low])
        unit: np.ndarray[tuple[int], np.dtype[np.float64]] = towards / np.linalg.norm(towards)
        return unit

    @property
    def falling(self) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        """Colour that lights flat ground: the shade and what the sun adds to it."""
        return np.asarray(self.ambient, np.float32) + np.asarray(self.sun, np.float32) * np.float32(
            0.60 * self.strength
        )


_STUDIO_SUN = (1.0, 0.97, 0.93)
_STUDIO_SHADE = (0.42, 0.43, 0.46)

# fmt: off
# ruff: noqa: E501 - a table: one time of day a line
TIMES = {
    "dawn": Light((0.22, 0.34, 0.58), (0.62, 0.52, 0.62), (0.98, 0.68, 0.50), (1.0, 0.74, 0.50), (0.34, 0.35, 0.47), 0.72, 0.47, 0.40, 0.95, clouds=0.50, haze=0.45),
    "golden": Light((0.22, 0.32, 0.52), (0.72, 0.50, 0.42), (0.98, 0.62, 0.30), (1.0, 0.66, 0.34), (0.33, 0.28, 0.36), 0.26, 0.43, 0.42, 1.0, clouds=0.48, haze=0.45),
    "day": Light((0.13, 0.33, 0.66), (0.36, 0.60, 0.86), (0.74, 0.86, 0.93), (1.0, 0.96, 0.88), (0.42, 0.50, 0.62), 0.74, 0.12, 0.16, 0.95, clouds=0.52, haze=0.32, disc=0.028),
    "overcast": Light((0.46, 0.51, 0.57), (0.60, 0.64, 0.68), (0.76, 0.78, 0.79), (0.84, 0.86, 0.88), (0.48, 0.51, 0.56), 0.45, 0.12, 0.50, 0.38, clouds=0.86, haze=0.62),
    "storm": Light((0.09, 0.12, 0.16), (0.20, 0.25, 0.30), (0.50, 0.52, 0.50), (0.70, 0.72, 0.68), (0.20, 0.24, 0.29), 0.30, 0.34, 0.34, 0.50, clouds=0.92, haze=0.45),
    "blue": Light((0.06, 0.11, 0.28), (0.22, 0.26, 0.47), (0.80, 0.46, 0.40), (0.86, 0.58, 0.54), (0.17, 0.22, 0.38), 0.66, 0.56, 0.28, 0.60, stars=0.3, clouds=0.42, haze=0.40),
    "night": Light((0.010, 0.022, 0.07), (0.035, 0.07, 0.16), (0.10, 0.16, 0.28), (0.60, 0.72, 0.95), (0.065, 0.095, 0.18), 0.70, 0.20, 0.16, 0.52, stars=1.0, clouds=0.36, haze=0.26, disc=0.030),
}

# fmt: on
"""The light of each time of day and weather that has one."""


def light_of(words: SceneWords, random: np.random.Generator) -> Light:
    """Return the light of a scene, on one side or the other as chance has it."""
    light = TIMES[words.time]
    moved = float(np.clip(light.sun_x + random.uniform(-0.08, 0.08), 0.12, 0.88))
    # Close by, the horizon is higher in the frame; the sun goes up with it.
    lift = 0.10 if words.near and light.sun_y > 0.3 else 0.03 * (light.sun_y > 0.3)
    height = float(np.clip(light.sun_y - lift + random.uniform(-0.015, 0.015), 0.08, 0.62))
    if random.random() < 0.5:
        moved = 1 - moved
    haze = 0.85 if "fog" in words.weather else light.haze
    clouds = float(np.clip(light.clouds + random.uniform(-0.08, 0.08), 0.1, 1.0))
    lit = replace(light, sun_x=moved, sun_y=height, haze=haze, clouds=clouds)
    if words.setting == "studio" and words.time != "night":
        # A soft box on a boom: in front, above, to one side.
        return replace(lit, sun_y=0.05, sun=_STUDIO_SUN, ambient=_STUDIO_SHADE, strength=0.9)
    if "aurora" in words.weather:
        return replace(lit, aurora=True, clouds=0.12)
    return lit
