"""Swarms of small things, each drawn exactly where it is, at any fraction of a pixel."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from framewright_providers.local.motion.lay import laid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framewright_providers.local.motion.lay import Canvas
    from framewright_providers.local.scene.colour import Colour

    Numbers = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Drift:
    """How a kind of thing looks and goes; lengths as parts of the frame's height."""

    many: int
    colours: tuple[Colour, ...]
    size: tuple[float, float]
    """Least and greatest radius."""
    right: tuple[float, float]
    """Least and greatest speed, in frame heights a second."""
    down: tuple[float, float]
    wander: float
    """How far each swings about its way."""
    twinkle: float = 0.0
    """How much its light comes and goes, 0 to 1."""
    flat: float = 0.0
    """How flat it is as it tumbles: 0 is a ball."""
    strength: float = 1.0


DRIFTS = {
    "dust": Drift(
        130,
        ((1.0, 0.95, 0.82),),
        (0.0011, 0.0034),
        (-0.012, 0.016),
        (-0.010, 0.008),
        0.016,
        twinkle=0.8,
        strength=0.85,
    ),
    "embers": Drift(
        70,
        ((1.0, 0.62, 0.20), (1.0, 0.42, 0.12)),
        (0.0012, 0.0030),
        (-0.05, 0.07),
        (-0.30, -0.12),
        0.020,
        twinkle=0.7,
    ),
    "leaves": Drift(
        34,
        ((0.80, 0.36, 0.10), (0.72, 0.52, 0.12), (0.52, 0.22, 0.08)),
        (0.006, 0.014),
        (-0.10, 0.02),
        (0.10, 0.22),
        0.035,
        flat=0.8,
    ),
}


@dataclass(frozen=True, slots=True)
class Swarm:
    """Things that go their way, and come in again where they left the frame."""

    drift: Drift
    x: Numbers
    """Where each begins, in frame heights."""
    y: Numbers
    right: Numbers
    down: Numbers
    radius: Numbers
    phase: Numbers
    """(5, many), in radians."""
    rate: Numbers
    """(5, many), in radians a second."""

    @classmethod
    def of(cls, drift: Drift, height: int, width: int, random: np.random.Generator) -> Swarm:
        """Return a swarm for frames of a size."""
        many = drift.many
        radius = drift.size[0] + (drift.size[1] - drift.size[0]) * random.random(many) ** 2.2
        # What is larger is nearer, and so goes faster.
        pace = 0.6 + 0.8 * (radius - drift.size[0]) / (drift.size[1] - drift.size[0])
        return cls(
            drift,
            random.uniform(0, width / height + 0.2, many),
            random.uniform(0, 1.2, many),
            random.uniform(*drift.right, many) * pace,
            random.uniform(*drift.down, many) * pace,
            radius,
            random.uniform(0, 2 * math.pi, (5, many)),
            random.uniform(0.5, 1.9, (5, many)),
        )

    def over(self, canvas: Canvas, seconds: float) -> None:
        """Draw all of them into the frame."""
        width, height = canvas[0].size
        swing = np.sin(self.phase + self.rate * seconds)
        wide, high = width / height + 0.2, 1.2
        x = (self.x + self.right * seconds + self.drift.wander * swing[0]) % wide - 0.1
        y = (self.y + self.down * seconds + 0.6 * self.drift.wander * swing[1]) % high - 0.1
        light = self.drift.strength * (1 - self.drift.twinkle * (0.5 + 0.5 * swing[2]))
        angle = self.phase[3] + self.rate[3] * 1.4 * seconds
        thin = 1 - self.drift.flat * np.abs(np.sin(self.phase[4] + self.rate[4] * 1.7 * seconds))
        for number, colour in enumerate(self.drift.colours):
            own = slice(number, None, len(self.drift.colours))
            cover = np.zeros((height, width), np.float32)
            _draw(
                cover,
                x[own] * height,
                y[own] * height,
                self.radius[own] * height,
                light[own],
                angle[own],
                thin[own],
            )
            laid(canvas, Image.fromarray((cover * 255 + 0.5).astype(np.uint8)), colour)


def _draw(
    cover: NDArray[np.float32],
    x: Numbers,
    y: Numbers,
    radius: Numbers,
    light: Numbers,
    angle: Numbers,
    thin: Numbers,
) -> None:
    """Add soft-edged ellipses to a cover; what lies outside it is left out."""
    height, width = cover.shape
    reach = math.ceil(float(radius.max()) * 1.6) + 2
    offsets = np.arange(-reach, reach + 1)
    first_x, first_y = np.floor(x).astype(int), np.floor(y).astype(int)
    columns = first_x[:, None] + offsets
    rows = first_y[:, None] + offsets
    across = (columns + 0.5 - x[:, None])[:, None, :]
    along = (rows + 0.5 - y[:, None])[:, :, None]
    cosine, sine = (part(angle)[:, None, None] for part in (np.cos, np.sin))
    u = across * cosine + along * sine
    v = (along * cosine - across * sine) / np.maximum(thin, 0.12)[:, None, None]
    away = np.hypot(u, v)
    core = np.maximum(radius, 0.7)[:, None, None]
    # A thing smaller than a pixel is fainter instead.
    faint = np.minimum(1.0, (radius / 0.7) ** 2)
    shape = np.clip((core * 1.25 - away) / (core * 0.5), 0, 1)
    drawn = shape * shape * (3 - 2 * shape) * (light * faint)[:, None, None]
    seen_rows, seen_columns = (rows >= 0) & (rows < height), (columns >= 0) & (columns < width)
    inside = seen_rows[:, :, None] & seen_columns[:, None, :]
    places = (rows[:, :, None] * width + columns[:, None, :])[inside]
    np.maximum.at(cover.ravel(), places, drawn[inside].astype(np.float32))
