"""Things met outdoors and at the window: fires, trucks, gondolas, volcanoes, penguins, plants."""

# Drawings are rows of points: a line for each shape reads better than a point on each line.
# fmt: off
# ruff: noqa: E501

from __future__ import annotations

from framewright_providers.local.scene.shapes import Part, Pen, Thing

RUBBER = (0.07, 0.07, 0.08)
CHROME = (0.74, 0.76, 0.79)
GLASS = (0.13, 0.17, 0.21)
BARK = (0.30, 0.20, 0.13)
STONE = (0.42, 0.40, 0.38)
CLAY = (0.66, 0.36, 0.24)


def _campfire() -> Thing:
    def logs(pen: Pen) -> None:
        pen.limbs(
            ((0.14, 0.90, 0.10), (0.62, 0.74, 0.085)),
            ((0.86, 0.90, 0.10), (0.38, 0.74, 0.085)),
            ((0.30, 0.93, 0.10), (0.70, 0.91, 0.10)),
        )

    def flame(pen: Pen) -> None:
        pen.curve((0.50, 0.03), (0.57, 0.22), (0.70, 0.34), (0.72, 0.52), (0.78, 0.66), (0.68, 0.82), (0.50, 0.87), (0.32, 0.82), (0.22, 0.66), (0.30, 0.52), (0.28, 0.38), (0.40, 0.26))

    def heart(pen: Pen) -> None:
        pen.curve((0.49, 0.30), (0.56, 0.46), (0.63, 0.58), (0.62, 0.74), (0.50, 0.83), (0.38, 0.74), (0.37, 0.60), (0.44, 0.48))

    stones = tuple((x, 0.955 - 0.028 * abs(2 * x - 1)) for x in (0.06, 0.21, 0.36, 0.5, 0.64, 0.79, 0.94))
    return Thing(
        (
            Part(flame, (1.1, 0.42, 0.10), "flat", 0, 0.95),
            Part(logs, BARK, "soft", 0.1, 0.12),
            Part(heart, (1.3, 0.86, 0.30), "flat", 0, 1.0),
            Part(lambda pen: pen.curve((0.50, 0.52), (0.555, 0.64), (0.55, 0.76), (0.50, 0.80), (0.45, 0.76), (0.45, 0.64)), (1.5, 1.35, 0.90), "flat", 0, 1.0),
            Part(lambda pen: pen.ellipses(*stones, rx=0.068, ry=0.042), STONE, "soft", 0.15, 0.10),
        ),
        aspect=1.05,
        tall=0.20,
        tinted=(),
        foot=0.05,
    )


def _plant() -> Thing:
    leaves = (
        ((0.50, 0.62), (0.30, 0.44), (0.12, 0.40), (0.20, 0.52), (0.36, 0.62)),
        ((0.50, 0.62), (0.70, 0.44), (0.90, 0.42), (0.80, 0.54), (0.64, 0.62)),
        ((0.49, 0.62), (0.34, 0.30), (0.22, 0.14), (0.38, 0.20), (0.50, 0.44)),
        ((0.51, 0.62), (0.64, 0.30), (0.80, 0.16), (0.64, 0.20), (0.53, 0.44)),
        ((0.47, 0.62), (0.44, 0.28), (0.50, 0.03), (0.57, 0.28), (0.54, 0.62)),
    )

    def foliage(number: int) -> Part:
        green = (0.16 + 0.03 * number, 0.36 + 0.03 * number, 0.18)
        return Part(lambda pen: pen.curve(*leaves[number]), green, "soft", 0.5)

    return Thing(
        (
            *(foliage(number) for number in range(5)),
            Part(lambda pen: pen.polygon((0.30, 0.66), (0.70, 0.66), (0.645, 0.97), (0.355, 0.97)), CLAY, "round", 0.3),
            Part(lambda pen: pen.polygon((0.27, 0.60), (0.73, 0.60), (0.72, 0.69), (0.28, 0.69)), (0.72, 0.41, 0.28), "round", 0.35),
        ),
        aspect=0.80,
        tall=0.40,
        tinted=(5, 6),
        foot=0.03,
    )


def _truck() -> Thing:
    wheels = ((0.155, 0.845), (0.62, 0.845), (0.745, 0.845))

    def cab(pen: Pen) -> None:
        pen.curve((0.03, 0.80), (0.03, 0.56), (0.06, 0.47), (0.12, 0.44), (0.15, 0.30), (0.185, 0.245), (0.27, 0.235), (0.305, 0.25), (0.31, 0.80))
        pen.ellipse(0.155, 0.845, 0.075, 0.175, cut=True)

    return Thing(
        (
            Part(lambda pen: pen.polygon((0.06, 0.74), (0.97, 0.74), (0.97, 0.83), (0.06, 0.83)), RUBBER, "flat", 0),
            Part(lambda pen: pen.ellipses(*wheels, rx=0.060, ry=0.140), RUBBER, "soft", 0.2),
            Part(lambda pen: pen.ellipses(*wheels, rx=0.032, ry=0.075), CHROME, "soft", 0.9),
            Part(lambda pen: pen.polygon((0.335, 0.13), (0.975, 0.13), (0.975, 0.745), (0.335, 0.745)), (0.82, 0.80, 0.76), "soft", 0.3),
            Part(lambda pen: pen.limbs(*(((x, 0.16, 0.010), (x, 0.72, 0.010)) for x in (0.46, 0.59, 0.72, 0.85))), (0.62, 0.60, 0.57), "flat", 0),
            Part(cab, (0.70, 0.15, 0.12), "soft", 0.9),
            Part(lambda pen: pen.polygon((0.165, 0.30), (0.275, 0.285), (0.275, 0.45), (0.135, 0.455)), GLASS, "soft", 1.4),
            Part(lambda pen: pen.limb((0.015, 0.765, 0.05), (0.09, 0.775, 0.05)), CHROME, "soft", 1.0),
            Part(lambda pen: pen.ellipse(0.042, 0.60, 0.012, 0.045), (1.2, 0.95, 0.60), "soft", 0.8, 0.55),
        ),
        aspect=2.3,
        tall=0.30,
        tinted=(5,),
    )


def _gondola() -> Thing:
    def hull(pen: Pen) -> None:
        pen.curve((0.02, 0.50), (0.06, 0.62), (0.18, 0.74), (0.40, 0.80), (0.62, 0.80), (0.84, 0.70), (0.955, 0.52), (0.975, 0.36), (0.955, 0.50), (0.86, 0.61), (0.62, 0.685), (0.40, 0.69), (0.18, 0.635), (0.07, 0.54))

    def iron(pen: Pen) -> None:
        pen.limb((0.965, 0.56, 0.030), (0.985, 0.40, 0.030), (0.965, 0.27, 0.040), (0.985, 0.22, 0.020))
        pen.limbs(*(((0.975, y, 0.014), (1.0, y, 0.014)) for y in (0.34, 0.39, 0.44, 0.49)))

    def rower(pen: Pen) -> None:
        pen.limb((0.205, 0.66, 0.07), (0.20, 0.48, 0.075))
        pen.limb((0.235, 0.66, 0.07), (0.215, 0.48, 0.075))

    return Thing(
        (
            Part(lambda pen: pen.limb((0.29, 0.30, 0.014), (0.12, 0.92, 0.014), (0.10, 0.98, 0.03)), (0.56, 0.40, 0.25), "soft", 0.2),
            Part(rower, (0.10, 0.10, 0.12), "soft", 0.1),
            Part(lambda pen: pen.limb((0.207, 0.48, 0.10), (0.213, 0.30, 0.105)), (0.86, 0.86, 0.86), "soft", 0.2),
            Part(lambda pen: pen.limbs(*(((0.16, y, 0.012), (0.26, y, 0.012)) for y in (0.32, 0.37, 0.42, 0.47))), (0.16, 0.20, 0.42), "flat", 0),
            Part(lambda pen: pen.limb((0.235, 0.31, 0.04), (0.285, 0.40, 0.035)), (0.86, 0.86, 0.86), "soft", 0.2),
            Part(lambda pen: pen.ellipse(0.214, 0.195, 0.026, 0.058), (0.84, 0.64, 0.50), "soft", 0.3),
            Part(lambda pen: pen.limb((0.175, 0.165, 0.022), (0.255, 0.165, 0.022)), (0.86, 0.74, 0.46), "soft", 0.2),
            Part(hull, (0.07, 0.07, 0.09), "soft", 1.1),
            Part(lambda pen: pen.polygon((0.44, 0.56), (0.62, 0.56), (0.61, 0.70), (0.45, 0.70)), (0.60, 0.10, 0.13), "soft", 0.4),
            Part(iron, CHROME, "soft", 1.2),
        ),
        aspect=2.6,
        tall=0.30,
        tinted=(8,),
    )


def _volcano() -> Thing:
    def cone(pen: Pen) -> None:
        pen.polygon((0.0, 1.0), (0.10, 0.90), (0.22, 0.74), (0.33, 0.54), (0.405, 0.36), (0.44, 0.345), (0.50, 0.36), (0.56, 0.345), (0.595, 0.36), (0.67, 0.54), (0.79, 0.75), (0.91, 0.91), (1.0, 1.0))

    def streams(pen: Pen) -> None:
        pen.limb((0.47, 0.36, 0.035), (0.45, 0.50, 0.028), (0.40, 0.62, 0.026), (0.39, 0.78, 0.020))
        pen.limb((0.53, 0.36, 0.035), (0.56, 0.48, 0.028), (0.55, 0.60, 0.024), (0.61, 0.76, 0.018))

    def smoke(pen: Pen) -> None:
        pen.ellipses((0.50, 0.28), (0.47, 0.20), rx=0.075, ry=0.085)
        pen.ellipses((0.54, 0.13), (0.43, 0.10), (0.60, 0.07), rx=0.105, ry=0.075)

    return Thing(
        (
            Part(smoke, (0.34, 0.31, 0.31), "soft", 0.0, 0.06),
            Part(cone, (0.24, 0.20, 0.19), "soft", 0.1),
            Part(streams, (1.2, 0.34, 0.06), "flat", 0, 1.0),
            Part(lambda pen: pen.curve((0.41, 0.365), (0.50, 0.335), (0.59, 0.365), (0.54, 0.39), (0.46, 0.39)), (1.4, 0.70, 0.20), "flat", 0, 1.0),
        ),
        aspect=1.9,
        tall=0.62,
        tinted=(),
    )


def penguin() -> Thing:
    """Return a penguin from the front."""
    return Thing(
        (
            Part(lambda pen: pen.limbs(((0.38, 0.955, 0.05), (0.24, 0.975, 0.045)), ((0.62, 0.955, 0.05), (0.76, 0.975, 0.045))), (0.90, 0.52, 0.14), "soft", 0.3),
            Part(lambda pen: pen.limbs(((0.20, 0.40, 0.09), (0.10, 0.58, 0.075), (0.09, 0.72, 0.04)), ((0.80, 0.40, 0.09), (0.90, 0.58, 0.075), (0.91, 0.72, 0.04))), (0.08, 0.09, 0.12), "soft", 0.5),
            Part(lambda pen: pen.curve((0.50, 0.03), (0.66, 0.07), (0.72, 0.18), (0.72, 0.28), (0.84, 0.46), (0.86, 0.70), (0.76, 0.90), (0.50, 0.96), (0.24, 0.90), (0.14, 0.70), (0.16, 0.46), (0.28, 0.28), (0.28, 0.18), (0.34, 0.07)), (0.09, 0.10, 0.13), "soft", 0.5),
            Part(lambda pen: pen.curve((0.50, 0.31), (0.64, 0.36), (0.74, 0.52), (0.74, 0.72), (0.66, 0.87), (0.50, 0.92), (0.34, 0.87), (0.26, 0.72), (0.26, 0.52), (0.36, 0.36)), (0.93, 0.93, 0.90), "soft", 0.2),
            Part(lambda pen: pen.limbs(((0.31, 0.20, 0.05), (0.36, 0.29, 0.05)), ((0.69, 0.20, 0.05), (0.64, 0.29, 0.05))), (0.94, 0.72, 0.24), "soft", 0.2),
            Part(lambda pen: pen.ellipses((0.41, 0.15), (0.59, 0.15), rx=0.030, ry=0.017), (0.95, 0.95, 0.95), "flat", 0.6),
            Part(lambda pen: pen.ellipses((0.41, 0.152), (0.59, 0.152), rx=0.017, ry=0.011), (0.03, 0.03, 0.04), "flat", 0.8),
            Part(lambda pen: pen.polygon((0.43, 0.185), (0.57, 0.185), (0.50, 0.245)), (0.92, 0.54, 0.16), "soft", 0.4),
        ),
        aspect=0.60,
        tall=0.30,
        tinted=(),
    )


AFIELD = {
    "campfire": _campfire,
    "plant": _plant,
    "truck": _truck,
    "gondola": _gondola,
    "volcano": _volcano,
}
