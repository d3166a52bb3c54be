"""Things that go on land: cars, trains, bicycles."""

# Drawings are rows of points: a line for each shape reads better than a point on each line.
# fmt: off
# ruff: noqa: E501

from __future__ import annotations

import math

from framewright_providers.local.scene.shapes import Part, Pen, Thing

DARK = (0.10, 0.10, 0.11)
RUBBER = (0.07, 0.07, 0.08)
CHROME = (0.74, 0.76, 0.79)
GLASS = (0.13, 0.17, 0.21)
BRASS = (0.74, 0.56, 0.28)
WOOD = (0.46, 0.29, 0.17)
RED = (0.70, 0.15, 0.12)
GLOW = (1.2, 0.95, 0.60)


def _car() -> Thing:
    wheels = ((0.205, 0.815), (0.785, 0.815))

    def shell(pen: Pen) -> None:
        pen.curve((0.012, 0.66), (0.012, 0.53), (0.04, 0.465), (0.13, 0.432), (0.26, 0.415), (0.45, 0.41), (0.62, 0.415), (0.75, 0.43), (0.87, 0.455), (0.95, 0.50), (0.985, 0.58), (0.988, 0.70), (0.97, 0.80), (0.80, 0.825), (0.5, 0.83), (0.2, 0.825), (0.03, 0.80))
        pen.ellipse(0.205, 0.80, 0.094, 0.225, cut=True)
        pen.ellipse(0.785, 0.80, 0.094, 0.225, cut=True)

    def cabin(pen: Pen) -> None:
        pen.curve((0.17, 0.45), (0.225, 0.35), (0.29, 0.215), (0.36, 0.145), (0.44, 0.125), (0.53, 0.13), (0.585, 0.165), (0.635, 0.26), (0.705, 0.42), (0.69, 0.47), (0.44, 0.48))

    def glass(pen: Pen) -> None:
        pen.curve((0.255, 0.405), (0.29, 0.31), (0.335, 0.225), (0.385, 0.185), (0.425, 0.18), (0.428, 0.30), (0.428, 0.408), (0.34, 0.412))
        pen.curve((0.452, 0.408), (0.452, 0.30), (0.455, 0.18), (0.51, 0.18), (0.56, 0.20), (0.60, 0.275), (0.655, 0.40), (0.55, 0.412))

    def trim(pen: Pen) -> None:
        pen.limb((0.05, 0.545, 0.010), (0.5, 0.515, 0.013), (0.945, 0.555, 0.010))
        pen.limb((0.475, 0.475, 0.014), (0.515, 0.475, 0.014))
        pen.limb((0.31, 0.792, 0.022), (0.68, 0.792, 0.022))

    def bumpers(pen: Pen) -> None:
        pen.limb((0.005, 0.735, 0.05), (0.045, 0.755, 0.055), (0.085, 0.755, 0.04))
        pen.limb((0.91, 0.755, 0.04), (0.955, 0.755, 0.055), (0.995, 0.735, 0.05))

    def seams(pen: Pen) -> None:
        pen.limb((0.44, 0.43, 0.005), (0.438, 0.62, 0.005), (0.425, 0.775, 0.005))
        pen.limb((0.665, 0.44, 0.005), (0.672, 0.62, 0.005), (0.655, 0.775, 0.005))

    return Thing(
        (
            Part(lambda pen: pen.polygon((0.10, 0.62), (0.90, 0.62), (0.90, 0.86), (0.10, 0.86)), RUBBER, "flat", 0),
            Part(lambda pen: pen.ellipses(*wheels, rx=0.0765, ry=0.185), RUBBER, "soft", 0.2),
            Part(lambda pen: pen.ellipses(*wheels, rx=0.05, ry=0.121), CHROME, "soft", 0.9),
            Part(lambda pen: pen.ellipses(*wheels, rx=0.036, ry=0.087), (0.40, 0.42, 0.45), "soft", 0.6),
            Part(lambda pen: pen.ellipses(*wheels, rx=0.018, ry=0.044), CHROME, "soft", 1.2),
            Part(cabin, RED, "soft", 0.9),
            Part(glass, GLASS, "soft", 1.5),
            Part(lambda pen: pen.polygon((0.475, 0.19), (0.525, 0.19), (0.50, 0.40), (0.455, 0.40)), (0.34, 0.42, 0.50), "flat", 0.6),
            Part(shell, RED, "soft", 1.0),
            Part(seams, (0.28, 0.05, 0.05), "flat", 0),
            Part(trim, CHROME, "soft", 0.9),
            Part(bumpers, CHROME, "soft", 1.0),
            Part(lambda pen: pen.ellipse(0.958, 0.575, 0.018, 0.050), GLOW, "soft", 0.8, 0.55),
            Part(lambda pen: pen.ellipse(0.022, 0.60, 0.010, 0.045), (0.80, 0.12, 0.08), "soft", 0.8, 0.3),
        ),
        aspect=2.42,
        tall=0.225,
        tinted=(5, 8),
    )


_DRIVERS = ((0.44, 0.845), (0.545, 0.845), (0.65, 0.845))
_SMALL = ((0.785, 0.905), (0.855, 0.905), (0.06, 0.905), (0.115, 0.905), (0.175, 0.905), (0.23, 0.905))
"""Where the wheels of a train turn: those that drive, and those that follow."""


def _boiler(pen: Pen) -> None:
    pen.curve((0.40, 0.375), (0.55, 0.365), (0.72, 0.365), (0.875, 0.37), (0.905, 0.42), (0.912, 0.50), (0.905, 0.585), (0.87, 0.63), (0.62, 0.635), (0.40, 0.63))


def _cab(pen: Pen) -> None:
    pen.polygon((0.275, 0.285), (0.43, 0.285), (0.42, 0.70), (0.285, 0.70))
    pen.curve((0.245, 0.285), (0.30, 0.245), (0.36, 0.235), (0.42, 0.25), (0.455, 0.285), (0.35, 0.295))


def _stack(pen: Pen) -> None:
    pen.polygon((0.805, 0.38), (0.812, 0.20), (0.80, 0.165), (0.868, 0.165), (0.856, 0.20), (0.863, 0.38))


def _domes(pen: Pen) -> None:
    pen.curve((0.52, 0.385), (0.525, 0.30), (0.55, 0.27), (0.575, 0.30), (0.58, 0.385))
    pen.curve((0.665, 0.385), (0.67, 0.315), (0.69, 0.29), (0.71, 0.315), (0.715, 0.385))


def _bands(pen: Pen) -> None:
    for x in (0.49, 0.615, 0.755):
        pen.limb((x, 0.372, 0.010), (x + 0.003, 0.50, 0.010), (x, 0.63, 0.010))
    pen.limb((0.80, 0.172, 0.022), (0.868, 0.172, 0.022))


def _wheels(pen: Pen) -> None:
    pen.ellipses(*_DRIVERS, rx=0.0495, ry=0.142)
    pen.ellipses(*_SMALL, rx=0.028, ry=0.080)


def _hollows(pen: Pen) -> None:
    pen.ellipses(*_DRIVERS, rx=0.0365, ry=0.105)
    pen.ellipses(*_SMALL, rx=0.019, ry=0.054)


def _rods(pen: Pen) -> None:
    pen.limb((0.43, 0.875, 0.030), (0.64, 0.875, 0.030))
    pen.limb((0.545, 0.87, 0.022), (0.80, 0.765, 0.022))
    pen.ellipses(*_DRIVERS, rx=0.013, ry=0.036)


def _frame(pen: Pen) -> None:
    pen.polygon((0.29, 0.665), (0.905, 0.665), (0.915, 0.74), (0.29, 0.74))
    pen.polygon((0.015, 0.74), (0.27, 0.74), (0.27, 0.86), (0.015, 0.86))
    pen.polygon((0.255, 0.80), (0.30, 0.80), (0.30, 0.83), (0.255, 0.83))
    pen.polygon((0.895, 0.73), (0.925, 0.73), (0.998, 0.965), (0.90, 0.965))


def _tender(pen: Pen) -> None:
    pen.curve((0.012, 0.47), (0.03, 0.45), (0.14, 0.448), (0.255, 0.45), (0.268, 0.47), (0.266, 0.62), (0.26, 0.765), (0.14, 0.77), (0.02, 0.765))


def _smoke(pen: Pen) -> None:
    puffs = ((0.825, 0.125, 0.05), (0.795, 0.105, 0.075), (0.755, 0.10, 0.095), (0.71, 0.085, 0.105), (0.665, 0.095, 0.10), (0.615, 0.085, 0.11), (0.565, 0.095, 0.10), (0.51, 0.085, 0.095), (0.455, 0.09, 0.085), (0.40, 0.085, 0.07), (0.35, 0.085, 0.055), (0.30, 0.08, 0.04))
    for x, y, r in puffs:
        pen.ellipse(x, y, r * 0.36, r * 0.78)


def _train() -> Thing:
    return Thing(
        (
            Part(_smoke, (0.80, 0.79, 0.78), "soft", 0),
            Part(_frame, (0.13, 0.12, 0.13), "soft", 0.3),
            Part(_wheels, (0.44, 0.13, 0.11), "soft", 0.3),
            Part(_hollows, (0.12, 0.10, 0.10), "flat", 0.1),
            Part(_tender, (0.16, 0.24, 0.22), "soft", 0.5),
            Part(lambda pen: pen.curve((0.03, 0.455), (0.09, 0.395), (0.17, 0.41), (0.25, 0.455)), DARK, "soft", 0.2),
            Part(_stack, DARK, "round", 0.6),
            Part(_domes, BRASS, "soft", 1.0),
            Part(_boiler, (0.16, 0.24, 0.22), "soft", 0.9),
            Part(_bands, BRASS, "soft", 0.9),
            Part(_cab, (0.16, 0.24, 0.22), "soft", 0.6),
            Part(lambda pen: pen.polygons(((0.305, 0.345), (0.35, 0.345), (0.35, 0.47), (0.305, 0.47)), ((0.362, 0.345), (0.405, 0.345), (0.405, 0.47), (0.362, 0.47))), GLOW, "flat", 0, 0.75),
            Part(_rods, CHROME, "soft", 0.8),
            Part(lambda pen: pen.ellipse(0.918, 0.42, 0.016, 0.045), GLOW, "soft", 0.5, 0.8),
        ),
        aspect=2.85,
        tall=0.27,
        tinted=(4, 8, 10),
    )


def _bicycle() -> Thing:
    hubs = ((0.205, 0.69), (0.795, 0.69))

    def tyres(pen: Pen) -> None:
        for x, y in hubs:
            pen.ellipse(x, y, 0.192, 0.300)
            pen.ellipse(x, y, 0.178, 0.278, cut=True)

    def rims(pen: Pen) -> None:
        for x, y in hubs:
            pen.ellipse(x, y, 0.178, 0.278)
            pen.ellipse(x, y, 0.170, 0.266, cut=True)
            for turn in range(14):
                angle = math.tau * turn / 14
                rim = (x + 0.174 * math.cos(angle), y + 0.272 * math.sin(angle))
                pen.line((x, y), rim, width=0.0035)
            pen.ellipse(x, y, 0.013, 0.020)

    def frame(pen: Pen) -> None:
        pen.line((0.205, 0.69), (0.375, 0.36), (0.655, 0.335), (0.465, 0.715), (0.205, 0.69), width=0.024)
        pen.line((0.465, 0.715), (0.355, 0.285), width=0.024)
        pen.limb((0.648, 0.26, 0.026), (0.672, 0.40, 0.026), (0.72, 0.55, 0.022), (0.795, 0.69, 0.016))

    def bars(pen: Pen) -> None:
        pen.limb((0.642, 0.245, 0.02), (0.635, 0.17, 0.02), (0.70, 0.145, 0.02), (0.735, 0.185, 0.02), (0.70, 0.225, 0.02))
        pen.line((0.358, 0.30), (0.349, 0.245), width=0.022)
        pen.line((0.465, 0.715), (0.515, 0.79), width=0.02)
        pen.line((0.465, 0.715), (0.415, 0.64), width=0.02)
        pen.line((0.495, 0.80), (0.54, 0.80), width=0.022)
        pen.line((0.395, 0.63), (0.44, 0.63), width=0.022)

    def chain(pen: Pen) -> None:
        pen.ellipse(0.465, 0.715, 0.046, 0.072)
        pen.ellipse(0.465, 0.715, 0.034, 0.054, cut=True)
        pen.line((0.465, 0.645), (0.205, 0.665), width=0.007)
        pen.line((0.465, 0.785), (0.205, 0.715), width=0.007)

    return Thing(
        (
            Part(tyres, RUBBER, "soft", 0.2),
            Part(rims, CHROME, "soft", 0.6),
            Part(chain, (0.30, 0.30, 0.32), "soft", 0.4),
            Part(frame, (0.16, 0.42, 0.44), "soft", 0.8),
            Part(bars, CHROME, "soft", 0.8),
            Part(lambda pen: pen.curve((0.275, 0.215), (0.33, 0.222), (0.42, 0.225), (0.432, 0.243), (0.37, 0.252), (0.33, 0.275), (0.285, 0.268)), WOOD, "soft", 0.5),
        ),
        aspect=1.56,
        tall=0.27,
        tinted=(3,),
    )


VEHICLES = {
    "car": _car,
    "train": _train,
    "bicycle": _bicycle,
}
