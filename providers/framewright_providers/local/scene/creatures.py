"""The living things we can draw, robots and astronauts among them; all face right."""

# Drawings are rows of points: a line for each shape reads better than a point on each line.
# fmt: off
# ruff: noqa: E501

from __future__ import annotations

from framewright_providers.local.scene.shapes import Part, Pen, Thing

SKIN = (0.78, 0.58, 0.46)
CLOTH = (0.24, 0.30, 0.40)
FUR = (0.80, 0.42, 0.18)
PALE = (0.93, 0.91, 0.88)
DARK = (0.13, 0.12, 0.14)
STEEL = (0.60, 0.64, 0.70)


def _figure(pen: Pen) -> None:
    pen.curve((0.36, 0.21), (0.5, 0.18), (0.64, 0.21), (0.70, 0.50), (0.62, 0.52), (0.60, 0.36), (0.61, 0.58), (0.39, 0.58), (0.40, 0.36), (0.38, 0.52), (0.30, 0.50))


def _legs(pen: Pen) -> None:
    pen.curve((0.40, 0.55), (0.51, 0.56), (0.49, 0.78), (0.48, 0.985), (0.36, 0.985), (0.40, 0.76))
    pen.curve((0.50, 0.56), (0.61, 0.55), (0.62, 0.76), (0.66, 0.985), (0.54, 0.985), (0.53, 0.78))


def _person() -> Thing:
    return Thing(
        (
            Part(_legs, DARK, "soft"),
            Part(lambda pen: pen.polygon((0.46, 0.13), (0.54, 0.13), (0.55, 0.22), (0.45, 0.22)), SKIN, "round"),
            Part(_figure, CLOTH, "soft", 0.1),
            Part(lambda pen: pen.ellipse(0.5, 0.095, 0.088, 0.078), SKIN, "soft", 0.2),
            Part(lambda pen: pen.curve((0.41, 0.10), (0.42, 0.03), (0.5, 0.005), (0.585, 0.03), (0.59, 0.10), (0.55, 0.05), (0.46, 0.05)), DARK, "soft"),
        ),
        aspect=0.42,
        tall=0.42,
        tinted=(2,),
    )


def _astronaut() -> Thing:
    def suit(pen: Pen) -> None:
        pen.curve((0.30, 0.28), (0.5, 0.24), (0.70, 0.28), (0.84, 0.54), (0.74, 0.58), (0.66, 0.44), (0.66, 0.66), (0.70, 0.98), (0.53, 0.98), (0.5, 0.70), (0.47, 0.98), (0.30, 0.98), (0.34, 0.66), (0.34, 0.44), (0.26, 0.58), (0.16, 0.54))

    return Thing(
        (
            Part(lambda pen: pen.curve((0.24, 0.24), (0.76, 0.24), (0.76, 0.56), (0.24, 0.56)), STEEL, "soft"),
            Part(suit, PALE, "soft", 0.2),
            Part(lambda pen: pen.ellipse(0.5, 0.15, 0.20, 0.145), PALE, "soft", 0.6),
            Part(lambda pen: pen.ellipse(0.52, 0.155, 0.145, 0.098), (0.30, 0.22, 0.12), "soft", 1.2),
            Part(lambda pen: pen.polygon((0.40, 0.40), (0.60, 0.40), (0.60, 0.50), (0.40, 0.50)), STEEL, "flat"),
        ),
        aspect=0.55,
        tall=0.44,
        tinted=(4,),
    )


def _robot() -> Thing:
    def limbs(pen: Pen) -> None:
        for x in (0.24, 0.76):
            pen.line((0.5 + (x - 0.5) * 0.85, 0.32), (x, 0.48), (x, 0.62), width=0.07)
        for x in (0.40, 0.60):
            pen.line((x, 0.62), (x, 0.80), (x, 0.97), width=0.085)

    return Thing(
        (
            Part(limbs, STEEL, "round", 0.8),
            Part(lambda pen: pen.curve((0.32, 0.28), (0.68, 0.28), (0.66, 0.62), (0.34, 0.62)), (0.74, 0.76, 0.78), "soft", 0.8),
            Part(lambda pen: pen.curve((0.36, 0.06), (0.64, 0.06), (0.67, 0.22), (0.33, 0.22)), (0.74, 0.76, 0.78), "soft", 0.8),
            Part(lambda pen: pen.ellipses((0.43, 0.14), (0.58, 0.14), rx=0.035, ry=0.022), (0.35, 0.90, 1.0), "flat", 0, 1.0),
            Part(lambda pen: pen.ellipse(0.5, 0.42, 0.07, 0.042), (1.0, 0.62, 0.22), "soft", 0, 0.7),
        ),
        aspect=0.58,
        tall=0.44,
        tinted=(1, 2),
    )


def _four_legs(pen: Pen, *, thick: float) -> None:
    for x, bend in ((0.24, -0.015), (0.33, 0.02), (0.62, -0.015), (0.70, 0.02)):
        pen.line((x, 0.62), (x + bend, 0.80), (x, 0.975), width=thick)


def _fox() -> Thing:
    def body(pen: Pen) -> None:
        pen.curve((0.20, 0.44), (0.42, 0.40), (0.66, 0.40), (0.75, 0.32), (0.80, 0.52), (0.72, 0.68), (0.44, 0.66), (0.24, 0.70), (0.17, 0.56))

    def head(pen: Pen) -> None:
        pen.curve((0.70, 0.24), (0.82, 0.20), (0.90, 0.32), (0.995, 0.40), (0.90, 0.46), (0.76, 0.48), (0.69, 0.36))
        pen.polygon((0.71, 0.28), (0.73, 0.08), (0.80, 0.24))
        pen.polygon((0.80, 0.24), (0.85, 0.09), (0.87, 0.28))

    return Thing(
        (
            Part(lambda pen: _four_legs(pen, thick=0.055), (0.26, 0.16, 0.12), "round"),
            Part(lambda pen: pen.curve((0.22, 0.50), (0.10, 0.46), (0.01, 0.62), (0.03, 0.86), (0.12, 0.76), (0.20, 0.66)), FUR, "soft"),
            Part(body, FUR, "soft", 0.1),
            Part(lambda pen: pen.curve((0.01, 0.72), (0.09, 0.74), (0.10, 0.82), (0.03, 0.88)), PALE, "soft"),
            Part(head, FUR, "soft", 0.1),
            Part(lambda pen: pen.curve((0.80, 0.40), (0.985, 0.405), (0.88, 0.46), (0.76, 0.50), (0.72, 0.60), (0.70, 0.48)), PALE, "soft"),
            Part(lambda pen: pen.ellipses((0.845, 0.315), (0.985, 0.402), rx=0.0135, ry=0.02), DARK, "flat"),
        ),
        aspect=1.5,
        tall=0.26,
        tinted=(1, 2, 4),
    )


def _cat() -> Thing:
    def body(pen: Pen) -> None:
        pen.curve((0.30, 0.40), (0.52, 0.34), (0.66, 0.46), (0.72, 0.80), (0.70, 0.98), (0.26, 0.98), (0.20, 0.74))

    def head(pen: Pen) -> None:
        pen.ellipse(0.52, 0.25, 0.19, 0.155)
        pen.polygon((0.34, 0.24), (0.35, 0.01), (0.49, 0.13))
        pen.polygon((0.55, 0.13), (0.69, 0.01), (0.70, 0.24))

    return Thing(
        (
            Part(lambda pen: pen.line((0.66, 0.92), (0.86, 0.94), (0.95, 0.78), (0.90, 0.62), width=0.06), (0.46, 0.40, 0.36), "round"),
            Part(body, (0.46, 0.40, 0.36), "soft", 0.1),
            Part(head, (0.46, 0.40, 0.36), "soft", 0.1),
            Part(lambda pen: pen.ellipses((0.45, 0.245), (0.60, 0.245), rx=0.03, ry=0.028), (0.86, 0.78, 0.30), "flat", 0, 0.5),
        ),
        aspect=0.8,
        tall=0.28,
        tinted=(0, 1, 2),
    )


def _horse() -> Thing:
    def body(pen: Pen) -> None:
        pen.curve((0.14, 0.38), (0.40, 0.36), (0.62, 0.34), (0.72, 0.16), (0.80, 0.06), (0.88, 0.10), (0.985, 0.26), (0.94, 0.30), (0.84, 0.25), (0.78, 0.44), (0.72, 0.60), (0.44, 0.60), (0.20, 0.64), (0.11, 0.52))

    return Thing(
        (
            Part(lambda pen: _four_legs(pen, thick=0.05), (0.26, 0.17, 0.12), "round"),
            Part(lambda pen: pen.curve((0.15, 0.40), (0.05, 0.50), (0.03, 0.80), (0.10, 0.76), (0.16, 0.54)), DARK, "soft"),
            Part(body, (0.42, 0.27, 0.17), "soft", 0.3),
            Part(lambda pen: pen.curve((0.80, 0.03), (0.74, 0.10), (0.60, 0.36), (0.66, 0.40), (0.76, 0.22)), DARK, "soft"),
        ),
        aspect=1.25,
        tall=0.38,
        tinted=(2,),
    )


def _dragon() -> Thing:
    def wing(pen: Pen) -> None:
        pen.curve((0.46, 0.52), (0.20, 0.02), (0.10, 0.20), (0.16, 0.30), (0.08, 0.40), (0.20, 0.44), (0.18, 0.56), (0.34, 0.56))

    def body(pen: Pen) -> None:
        pen.curve((0.02, 0.86), (0.18, 0.72), (0.34, 0.56), (0.56, 0.52), (0.70, 0.36), (0.72, 0.20), (0.84, 0.16), (0.99, 0.26), (0.86, 0.30), (0.82, 0.46), (0.70, 0.66), (0.66, 0.96), (0.56, 0.96), (0.54, 0.74), (0.42, 0.74), (0.40, 0.96), (0.30, 0.96), (0.30, 0.76), (0.16, 0.84))

    green = (0.26, 0.40, 0.26)
    return Thing((Part(wing, (0.46, 0.26, 0.20), "soft"), Part(body, green, "soft", 0.4), Part(lambda pen: pen.ellipse(0.845, 0.215, 0.013, 0.014), (1, 0.8, 0.2), "flat", 0, 1)), aspect=1.35, tall=0.46, tinted=(1,))


def _bird() -> Thing:
    def wings(pen: Pen) -> None:
        pen.curve((0.48, 0.56), (0.30, 0.18), (0.02, 0.08), (0.18, 0.40), (0.38, 0.66))
        pen.curve((0.50, 0.58), (0.62, 0.16), (0.90, 0.02), (0.82, 0.36), (0.62, 0.64))

    return Thing((Part(wings, (0.40, 0.42, 0.46), "soft"), Part(lambda pen: pen.curve((0.22, 0.72), (0.44, 0.54), (0.66, 0.52), (0.80, 0.48), (0.92, 0.54), (0.80, 0.62), (0.58, 0.74), (0.36, 0.76), (0.16, 0.86)), PALE, "soft"), Part(lambda pen: pen.polygon((0.89, 0.52), (0.99, 0.55), (0.89, 0.58)), (0.92, 0.62, 0.20), "flat")), aspect=1.5, tall=0.24, rises=1.4, tinted=(0,))


def _whale() -> Thing:
    def body(pen: Pen) -> None:
        pen.curve((0.20, 0.52), (0.40, 0.30), (0.70, 0.24), (0.96, 0.42), (0.98, 0.58), (0.74, 0.76), (0.44, 0.74), (0.22, 0.58))
        pen.curve((0.24, 0.54), (0.12, 0.48), (0.01, 0.24), (0.10, 0.30), (0.14, 0.42))
        pen.curve((0.24, 0.54), (0.10, 0.56), (0.02, 0.76), (0.12, 0.70), (0.18, 0.60))

    return Thing((Part(body, (0.28, 0.38, 0.50), "soft", 0.4), Part(lambda pen: pen.curve((0.44, 0.70), (0.74, 0.66), (0.97, 0.56), (0.80, 0.74), (0.58, 0.77)), PALE, "soft"), Part(lambda pen: pen.curve((0.62, 0.66), (0.58, 0.92), (0.46, 0.96), (0.52, 0.74)), (0.24, 0.34, 0.46), "soft"), Part(lambda pen: pen.ellipse(0.87, 0.48, 0.011, 0.018), DARK, "flat")), aspect=1.9, tall=0.34, rises=0.1, tinted=(0, 2))


CREATURES = {
    "person": _person,
    "astronaut": _astronaut,
    "robot": _robot,
    "fox": _fox,
    "cat": _cat,
    "horse": _horse,
    "dragon": _dragon,
    "bird": _bird,
    "whale": _whale,
}
