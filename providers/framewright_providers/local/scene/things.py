"""The things we can draw that move or are used: vehicles, furniture, instruments."""

# Drawings are rows of points: a line for each shape reads better than a point on each line.
# fmt: off
# ruff: noqa: E501

from __future__ import annotations

from framewright_providers.local.scene.landmarks import LANDMARKS
from framewright_providers.local.scene.shapes import Part, Pen, Thing
from framewright_providers.local.scene.vessels import VESSELS

DARK = (0.16, 0.13, 0.12)
STEEL = (0.62, 0.65, 0.69)
WOOD = (0.48, 0.32, 0.20)
WHITE = (0.92, 0.91, 0.88)
RED = (0.72, 0.18, 0.15)
GLOW = (1.0, 0.86, 0.55)


def _rocket() -> Thing:
    def fins(pen: Pen) -> None:
        pen.polygon((0.34, 0.66), (0.04, 0.98), (0.36, 0.90))
        pen.polygon((0.66, 0.66), (0.96, 0.98), (0.64, 0.90))

    return Thing(
        (
            Part(fins, RED, "soft"),
            Part(lambda pen: pen.curve((0.5, 0.0), (0.70, 0.30), (0.70, 0.75), (0.60, 0.92), (0.40, 0.92), (0.30, 0.75), (0.30, 0.30)), WHITE, "round", 0.7),
            Part(lambda pen: pen.ellipse(0.5, 0.34, 0.10, 0.05), (0.20, 0.36, 0.52), "soft", 0.9),
        ),
        aspect=0.46,
        tall=0.56,
    )


def _balloon() -> Thing:
    def stripes(pen: Pen) -> None:
        for x in (0.22, 0.5, 0.78):
            pen.curve((x - 0.05, 0.03), (x + 0.05, 0.03), (0.5 + (x - 0.5) * 1.25 + 0.06, 0.32), (0.5 + (x - 0.5) * 0.35 + 0.02, 0.74), (0.5 + (x - 0.5) * 0.35 - 0.02, 0.74), (0.5 + (x - 0.5) * 1.25 - 0.06, 0.32))

    def ropes(pen: Pen) -> None:
        pen.line((0.34, 0.70), (0.42, 0.88), width=0.008)
        pen.line((0.66, 0.70), (0.58, 0.88), width=0.008)

    return Thing(
        (
            Part(ropes, DARK, "flat"),
            Part(lambda pen: pen.curve((0.5, 0.0), (0.86, 0.13), (0.97, 0.36), (0.72, 0.66), (0.56, 0.78), (0.44, 0.78), (0.28, 0.66), (0.03, 0.36), (0.14, 0.13)), (0.82, 0.34, 0.22), "soft", 0.3),
            Part(stripes, (0.94, 0.80, 0.52), "soft", 0.2),
            Part(lambda pen: pen.polygon((0.41, 0.88), (0.59, 0.88), (0.575, 0.99), (0.425, 0.99)), WOOD, "round"),
        ),
        aspect=0.74,
        tall=0.42,
        rises=0.75,
        tinted=(1,),
    )


def _boat() -> Thing:
    return Thing(
        (
            Part(lambda pen: pen.line((0.5, 0.02), (0.5, 0.84), width=0.014), WOOD, "round"),
            Part(lambda pen: pen.curve((0.52, 0.05), (0.74, 0.45), (0.82, 0.74), (0.52, 0.72)), WHITE, "soft", 0.1),
            Part(lambda pen: pen.curve((0.48, 0.14), (0.34, 0.48), (0.24, 0.72), (0.48, 0.71)), (0.86, 0.83, 0.78), "soft", 0.1),
            Part(lambda pen: pen.curve((0.08, 0.78), (0.5, 0.80), (0.94, 0.76), (0.80, 0.97), (0.24, 0.97)), (0.50, 0.20, 0.16), "soft", 0.4),
        ),
        aspect=0.95,
        tall=0.40,
        tinted=(3,),
    )


def _car() -> Thing:
    def body(pen: Pen) -> None:
        pen.curve((0.02, 0.58), (0.18, 0.46), (0.30, 0.16), (0.62, 0.14), (0.78, 0.44), (0.96, 0.54), (0.985, 0.82), (0.5, 0.86), (0.015, 0.82))

    def wheels(pen: Pen) -> None:
        for x in (0.22, 0.78):
            pen.ellipse(x, 0.81, 0.088, 0.19)

    def hubs(pen: Pen) -> None:
        for x in (0.22, 0.78):
            pen.ellipse(x, 0.81, 0.046, 0.10)

    def windows(pen: Pen) -> None:
        pen.polygon((0.27, 0.44), (0.34, 0.22), (0.47, 0.21), (0.47, 0.44))
        pen.polygon((0.50, 0.44), (0.50, 0.21), (0.60, 0.22), (0.71, 0.44))

    return Thing((Part(body, RED, "soft", 0.9), Part(wheels, DARK, "soft"), Part(hubs, STEEL, "soft", 0.7), Part(windows, (0.20, 0.26, 0.32), "flat", 0.8), Part(lambda pen: pen.ellipse(0.955, 0.60, 0.02, 0.05), GLOW, "flat", 0, 0.9)), aspect=2.3, tall=0.20)


def _train() -> Thing:
    def windows(pen: Pen) -> None:
        for x in range(6):
            pen.polygon((0.06 + 0.13 * x, 0.36), (0.15 + 0.13 * x, 0.36), (0.15 + 0.13 * x, 0.56), (0.06 + 0.13 * x, 0.56))

    return Thing((Part(lambda pen: pen.curve((0.01, 0.20), (0.80, 0.19), (0.95, 0.44), (0.99, 0.84), (0.5, 0.87), (0.01, 0.86)), (0.26, 0.34, 0.44), "soft", 0.6), Part(windows, GLOW, "flat", 0, 0.6), Part(lambda pen: pen.ellipses((0.1, 0.91), (0.25, 0.91), (0.6, 0.91), (0.75, 0.91), (0.9, 0.91), rx=0.03, ry=0.09), DARK, "soft")), aspect=3.2, tall=0.18)


def _bicycle() -> Thing:
    def wheels(pen: Pen) -> None:
        for x in (0.22, 0.78):
            pen.ellipse(x, 0.70, 0.185, 0.295)
            pen.ellipse(x, 0.70, 0.160, 0.258, cut=True)

    def frame(pen: Pen) -> None:
        pen.line((0.22, 0.70), (0.40, 0.34), (0.68, 0.32), (0.46, 0.72), (0.22, 0.70), width=0.03)
        pen.line((0.46, 0.72), (0.37, 0.26), width=0.03)
        pen.line((0.78, 0.70), (0.66, 0.20), (0.74, 0.17), width=0.03)
        pen.line((0.31, 0.25), (0.43, 0.25), width=0.05)

    return Thing((Part(wheels, DARK, "soft"), Part(frame, RED, "round", 0.6)), aspect=1.55, tall=0.26, tinted=(1,))


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


def _kite() -> Thing:
    def tail(pen: Pen) -> None:
        pen.line((0.5, 0.62), (0.42, 0.74), (0.54, 0.84), (0.44, 0.99), width=0.014)
        for x, y in ((0.42, 0.74), (0.54, 0.84)):
            pen.polygon((x - 0.06, y - 0.02), (x + 0.06, y + 0.02), (x + 0.06, y - 0.02), (x - 0.06, y + 0.02))

    return Thing((Part(tail, WHITE, "flat"), Part(lambda pen: pen.polygon((0.5, 0.0), (0.86, 0.26), (0.5, 0.64), (0.14, 0.26)), RED, "soft", 0.3), Part(lambda pen: pen.polygon((0.5, 0.0), (0.86, 0.26), (0.5, 0.30)), (0.90, 0.62, 0.24), "soft", 0.3)), aspect=0.8, tall=0.34, rises=0.9, tinted=(1,))


THINGS = {
    **VESSELS,
    **LANDMARKS,
    "rocket": _rocket,
    "balloon": _balloon,
    "boat": _boat,
    "car": _car,
    "train": _train,
    "bicycle": _bicycle,
    "watch": _watch,
    "shoe": _shoe,
    "lamp": _lamp,
    "chair": _chair,
    "guitar": _guitar,
    "umbrella": _umbrella,
    "kite": _kite,
}
