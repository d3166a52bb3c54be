"""The things we can draw that are no creatures: furniture, instruments and all the lists."""

# Drawings are rows of points: a line for each shape reads better than a point on each line.
# fmt: off
# ruff: noqa: E501

from __future__ import annotations

from framewright_providers.local.scene.crafts import CRAFTS
from framewright_providers.local.scene.landmarks import LANDMARKS
from framewright_providers.local.scene.shapes import Part, Pen, Thing
from framewright_providers.local.scene.vehicles import VEHICLES
from framewright_providers.local.scene.vessels import VESSELS

DARK = (0.16, 0.13, 0.12)
STEEL = (0.62, 0.65, 0.69)
WOOD = (0.48, 0.32, 0.20)
WHITE = (0.92, 0.91, 0.88)
RED = (0.72, 0.18, 0.15)
GLOW = (1.0, 0.86, 0.55)


def _watch() -> Thing:
    def hands(pen: Pen) -> None:
        pen.line((0.5, 0.5), (0.5, 0.34), width=0.022)
        pen.line((0.5, 0.5), (0.62, 0.56), width=0.022)

    return Thing((Part(lambda pen: pen.polygon((0.36, 0.0), (0.64, 0.0), (0.66, 1.0), (0.34, 1.0)), WOOD, "round"), Part(lambda pen: pen.ellipse(0.5, 0.5, 0.32, 0.26), STEEL, "soft", 1.0), Part(lambda pen: pen.ellipse(0.5, 0.5, 0.26, 0.21), WHITE, "flat", 0.4), Part(hands, DARK, "flat")), aspect=0.8, tall=0.44)


def _shoe() -> Thing:
    def laces(pen: Pen) -> None:
        for n in range(4):
            pen.line((0.38 + 0.07 * n, 0.34 + 0.06 * n), (0.48 + 0.07 * n, 0.27 + 0.07 * n), width=0.03)

    return Thing((Part(lambda pen: pen.curve((0.06, 0.16), (0.34, 0.10), (0.46, 0.42), (0.86, 0.58), (0.985, 0.80), (0.5, 0.86), (0.04, 0.84)), RED, "soft", 0.4), Part(lambda pen: pen.curve((0.02, 0.80), (0.5, 0.82), (0.99, 0.80), (0.985, 0.97), (0.5, 0.985), (0.02, 0.97)), WHITE, "soft"), Part(laces, WHITE, "round")), aspect=1.7, tall=0.24)


def _lamp() -> Thing:
    return Thing((Part(lambda pen: pen.polygon((0.47, 0.42), (0.53, 0.42), (0.53, 0.95), (0.47, 0.95)), (0.66, 0.52, 0.30), "round", 0.8), Part(lambda pen: pen.ellipse(0.5, 0.95, 0.24, 0.045), (0.66, 0.52, 0.30), "soft", 0.8), Part(lambda pen: pen.polygon((0.30, 0.03), (0.70, 0.03), (0.92, 0.46), (0.08, 0.46)), GLOW, "round", 0, 0.85)), aspect=0.62, tall=0.44, tinted=(2,))


def _chair() -> Thing:
    def legs(pen: Pen) -> None:
        for x in (0.20, 0.80):
            pen.line((x, 0.62), (x + (x - 0.5) * 0.12, 0.985), width=0.05)

    return Thing((Part(legs, WOOD, "round"), Part(lambda pen: pen.curve((0.16, 0.06), (0.5, 0.01), (0.84, 0.06), (0.80, 0.60), (0.20, 0.60)), (0.26, 0.42, 0.42), "soft"), Part(lambda pen: pen.curve((0.08, 0.56), (0.5, 0.52), (0.92, 0.56), (0.90, 0.76), (0.10, 0.76)), (0.30, 0.47, 0.46), "soft")), aspect=0.86, tall=0.42, tinted=(1, 2))


def _guitar() -> Thing:
    def body(pen: Pen) -> None:
        pen.curve((0.36, 0.44), (0.64, 0.44), (0.74, 0.56), (0.66, 0.66), (0.90, 0.84), (0.5, 0.99), (0.10, 0.84), (0.34, 0.66), (0.26, 0.56))

    return Thing((Part(body, (0.66, 0.36, 0.16), "soft", 0.7), Part(lambda pen: pen.polygon((0.46, 0.04), (0.54, 0.04), (0.54, 0.70), (0.46, 0.70)), WOOD, "round"), Part(lambda pen: pen.ellipse(0.5, 0.72, 0.10, 0.038), DARK, "flat")), aspect=0.52, tall=0.52)


def _umbrella() -> Thing:
    return Thing((Part(lambda pen: pen.line((0.5, 0.1), (0.5, 0.92), (0.58, 0.97), width=0.02), DARK, "round"), Part(lambda pen: pen.curve((0.5, 0.02), (0.82, 0.14), (0.99, 0.46), (0.75, 0.42), (0.5, 0.47), (0.25, 0.42), (0.01, 0.46), (0.18, 0.14)), RED, "soft", 0.4)), aspect=1.0, tall=0.44, tinted=(1,))



THINGS = {
    **VESSELS,
    **LANDMARKS,
    **VEHICLES,
    **CRAFTS,
    "watch": _watch,
    "shoe": _shoe,
    "lamp": _lamp,
    "chair": _chair,
    "guitar": _guitar,
    "umbrella": _umbrella,
}
