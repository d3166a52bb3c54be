"""Things that sail and fly: boats, rockets, balloons, kites."""

# Drawings are rows of points: a line for each shape reads better than a point on each line.
# fmt: off
# ruff: noqa: E501

from __future__ import annotations

from framewright_providers.local.scene.shapes import Part, Pen, Thing

DARK = (0.12, 0.11, 0.11)
STEEL = (0.64, 0.67, 0.71)
WOOD = (0.44, 0.27, 0.16)
CANVAS = (0.95, 0.92, 0.86)
RED = (0.72, 0.18, 0.14)
GOLD = (0.90, 0.66, 0.28)


def _boat() -> Thing:
    def main(pen: Pen) -> None:
        pen.curve((0.505, 0.035), (0.60, 0.20), (0.735, 0.46), (0.80, 0.62), (0.835, 0.755), (0.70, 0.782), (0.51, 0.785), (0.508, 0.40))

    def jib(pen: Pen) -> None:
        pen.curve((0.472, 0.11), (0.462, 0.40), (0.455, 0.775), (0.30, 0.80), (0.135, 0.808), (0.24, 0.62), (0.37, 0.36))

    def seams(pen: Pen) -> None:
        pen.limbs(*(((0.512, 0.20 + 0.15 * n, 0.003), (0.55 + 0.065 * n, 0.215 + 0.15 * n, 0.003), (0.58 + 0.072 * n, 0.21 + 0.15 * n, 0.003)) for n in range(4)))
        pen.limbs(*(((0.462, 0.42 + 0.17 * n, 0.003), (0.38 - 0.05 * n, 0.44 + 0.17 * n, 0.003), (0.33 - 0.08 * n, 0.44 + 0.17 * n, 0.003)) for n in range(2)))

    def hull(pen: Pen) -> None:
        pen.curve((0.03, 0.842), (0.16, 0.855), (0.40, 0.868), (0.66, 0.865), (0.90, 0.845), (0.925, 0.852), (0.905, 0.92), (0.875, 0.985), (0.55, 1.0), (0.27, 0.992), (0.15, 0.95), (0.07, 0.895))

    return Thing(
        (
            Part(lambda pen: pen.limbs(((0.49, 0.02, 0.008), (0.49, 0.85, 0.014)), ((0.49, 0.80, 0.013), (0.86, 0.782, 0.009))), WOOD, "soft", 0.4),
            Part(lambda pen: pen.limbs(((0.49, 0.03, 0.003), (0.045, 0.845, 0.003)), ((0.49, 0.03, 0.003), (0.915, 0.85, 0.003))), DARK, "flat", 0),
            Part(jib, (0.90, 0.86, 0.79), "soft", 0.05),
            Part(main, CANVAS, "soft", 0.05),
            Part(seams, (0.74, 0.70, 0.63), "flat", 0),
            Part(lambda pen: pen.curve((0.49, 0.018), (0.545, 0.028), (0.60, 0.022), (0.595, 0.052), (0.54, 0.058), (0.49, 0.048)), RED, "soft", 0),
            Part(lambda pen: pen.curve((0.40, 0.862), (0.42, 0.822), (0.52, 0.812), (0.66, 0.82), (0.70, 0.862), (0.55, 0.872)), CANVAS, "soft", 0.3),
            Part(lambda pen: pen.ellipses((0.49, 0.842), (0.555, 0.841), (0.62, 0.842), rx=0.014, ry=0.011), DARK, "soft", 0.9),
            Part(hull, (0.55, 0.17, 0.13), "soft", 0.7),
            Part(lambda pen: pen.limb((0.035, 0.848, 0.012), (0.40, 0.874, 0.013), (0.66, 0.871, 0.013), (0.915, 0.853, 0.012)), CANVAS, "soft", 0.3),
        ),
        aspect=0.98,
        tall=0.42,
        tinted=(8,),
    )


def _rocket() -> Thing:
    def fin(side: int) -> Part:
        def draw(pen: Pen) -> None:
            pen.curve(*((0.5 + side * (x - 0.5), y) for x, y in ((0.655, 0.60), (0.76, 0.66), (0.90, 0.79), (0.955, 0.90), (0.95, 0.995), (0.90, 0.95), (0.80, 0.90), (0.665, 0.885))))

        return Part(draw, RED, "soft", 0.6)

    def hull(pen: Pen) -> None:
        pen.curve((0.5, 0.04), (0.575, 0.12), (0.655, 0.25), (0.70, 0.42), (0.70, 0.60), (0.665, 0.78), (0.61, 0.905), (0.5, 0.915), (0.39, 0.905), (0.335, 0.78), (0.30, 0.60), (0.30, 0.42), (0.345, 0.25), (0.425, 0.12))

    def nose(pen: Pen) -> None:
        pen.curve((0.5, 0.035), (0.555, 0.085), (0.612, 0.165), (0.652, 0.245), (0.58, 0.262), (0.5, 0.267), (0.42, 0.262), (0.348, 0.245), (0.388, 0.165), (0.445, 0.085))

    def bands(pen: Pen) -> None:
        pen.limb((0.302, 0.628, 0.012), (0.5, 0.645, 0.012), (0.698, 0.628, 0.012))
        pen.limb((0.325, 0.735, 0.006), (0.5, 0.75, 0.006), (0.675, 0.735, 0.006))

    return Thing(
        (
            fin(1), fin(-1),
            Part(lambda pen: pen.polygon((0.41, 0.89), (0.59, 0.89), (0.645, 0.965), (0.355, 0.965)), (0.24, 0.24, 0.27), "round", 0.9),
            Part(hull, (0.90, 0.89, 0.87), "round", 0.9),
            Part(nose, RED, "round", 0.9),
            Part(bands, RED, "round", 0.4),
            Part(lambda pen: pen.ellipses((0.5, 0.385), (0.5, 0.53), rx=0.098, ry=0.047), STEEL, "soft", 0.9),
            Part(lambda pen: pen.ellipses((0.5, 0.385), (0.5, 0.53), rx=0.072, ry=0.0345), (0.10, 0.24, 0.36), "soft", 1.6),
            Part(lambda pen: pen.curve((0.487, 0.61), (0.513, 0.61), (0.53, 0.76), (0.535, 0.97), (0.5, 1.0), (0.465, 0.97), (0.47, 0.76)), (0.60, 0.14, 0.12), "round", 0.5),
        ),
        aspect=0.47,
        tall=0.58,
        tinted=(0, 1, 4, 5),
    )


_ENVELOPE = ((0.08, 0.255), (0.20, 0.402), (0.34, 0.463), (0.46, 0.435), (0.58, 0.335), (0.69, 0.215), (0.775, 0.11))
"""Half the width of a balloon at parts of its height."""


def _gore(pen: Pen, left: float, right: float) -> None:
    """Fill a strip of the envelope from pole to mouth, between two parts of its half width."""
    edge = [(0.5 + right * half, y) for y, half in _ENVELOPE]
    back = [(0.5 + left * half, y) for y, half in reversed(_ENVELOPE)]
    pen.polygon((0.5 + right * 0.02, 0.005), *edge, *back, (0.5 + left * 0.02, 0.005))


def _balloon() -> Thing:
    def cover(pen: Pen) -> None:
        right = [(0.5 + half, y) for y, half in _ENVELOPE]
        left = [(0.5 - half, y) for y, half in reversed(_ENVELOPE)]
        pen.curve((0.5, 0.0), *right, *left)

    def stripes(pen: Pen) -> None:
        for left, right in ((-0.86, -0.62), (-0.30, -0.02), (0.30, 0.56), (0.80, 0.94)):
            _gore(pen, left, right)

    def belt(pen: Pen) -> None:
        pen.curve((0.055, 0.39), (0.25, 0.425), (0.5, 0.437), (0.75, 0.425), (0.945, 0.39), (0.935, 0.455), (0.75, 0.49), (0.5, 0.503), (0.25, 0.49), (0.065, 0.455))

    def ropes(pen: Pen) -> None:
        for one, other in ((0.40, 0.432), (0.465, 0.475), (0.535, 0.525), (0.60, 0.568)):
            pen.limb((one, 0.77, 0.003), (other, 0.905, 0.003))

    return Thing(
        (
            Part(ropes, DARK, "flat", 0),
            Part(cover, (0.82, 0.30, 0.20), "soft", 0.25),
            Part(stripes, (0.96, 0.84, 0.60), "soft", 0.1),
            Part(belt, (0.26, 0.34, 0.46), "soft", 0.1),
            Part(lambda pen: pen.polygon((0.39, 0.765), (0.61, 0.765), (0.585, 0.805), (0.415, 0.805)), (0.52, 0.18, 0.14), "round", 0.1),
            Part(lambda pen: pen.ellipse(0.5, 0.835, 0.022, 0.026), (1.3, 0.85, 0.40), "soft", 0, 0.9),
            Part(lambda pen: pen.curve((0.415, 0.905), (0.5, 0.912), (0.585, 0.905), (0.575, 0.985), (0.5, 0.998), (0.425, 0.985)), (0.50, 0.34, 0.20), "round", 0.1),
            Part(lambda pen: pen.limb((0.415, 0.908, 0.014), (0.5, 0.915, 0.014), (0.585, 0.908, 0.014)), (0.30, 0.19, 0.12), "soft", 0.2),
        ),
        aspect=0.78,
        tall=0.46,
        rises=0.75,
        tinted=(1,),
    )


def _kite() -> Thing:
    def tail(pen: Pen) -> None:
        pen.limb((0.50, 0.60, 0.005), (0.455, 0.70, 0.005), (0.535, 0.79, 0.005), (0.47, 0.89, 0.005), (0.52, 0.985, 0.004))

    def bows(pen: Pen) -> None:
        for x, y in ((0.455, 0.70), (0.535, 0.79), (0.47, 0.89), (0.52, 0.975)):
            pen.curve((x, y), (x - 0.075, y - 0.026), (x - 0.085, y + 0.016))
            pen.curve((x, y), (x + 0.075, y - 0.016), (x + 0.08, y + 0.026))

    return Thing(
        (
            Part(tail, (0.90, 0.88, 0.84), "flat", 0),
            Part(bows, GOLD, "soft", 0.1),
            Part(lambda pen: pen.polygon((0.55, 0.0), (0.55, 0.61), (0.10, 0.25)), RED, "soft", 0.3),
            Part(lambda pen: pen.polygon((0.55, 0.0), (0.55, 0.61), (0.93, 0.21)), (0.56, 0.12, 0.11), "soft", 0.3),
            Part(lambda pen: pen.polygon((0.55, 0.23), (0.55, 0.61), (0.10, 0.25)), GOLD, "soft", 0.2),
            Part(lambda pen: pen.limbs(((0.55, 0.0, 0.007), (0.55, 0.61, 0.007)), ((0.10, 0.25, 0.006), (0.55, 0.232, 0.006), (0.93, 0.21, 0.006))), WOOD, "flat", 0),
        ),
        aspect=0.82,
        tall=0.36,
        rises=0.9,
        tinted=(2, 3),
    )


CRAFTS = {
    "boat": _boat,
    "rocket": _rocket,
    "balloon": _balloon,
    "kite": _kite,
}
