"""Small things seen from close by: cups, bottles, flowers, fruit, bags, books."""

# Drawings are rows of points: a line for each shape reads better than a point on each line.
# fmt: off
# ruff: noqa: E501

from __future__ import annotations

import numpy as np

from framewright_providers.local.scene.shapes import Part, Pen, Thing

CLAY = (0.88, 0.84, 0.77)
BARE = (0.66, 0.50, 0.37)
DARK = (0.14, 0.12, 0.11)
GLASS = (0.26, 0.42, 0.40)
WHITE = (0.92, 0.90, 0.86)
LEAF = (0.20, 0.34, 0.17)
WOOD = (0.46, 0.31, 0.19)
GOLD = (0.76, 0.58, 0.30)


def _mug() -> Thing:
    def handle(pen: Pen) -> None:
        pen.limb((0.70, 0.31, 0.115), (0.84, 0.29, 0.098), (0.945, 0.40, 0.088), (0.935, 0.55, 0.088), (0.83, 0.68, 0.092), (0.70, 0.71, 0.105))

    def body(pen: Pen) -> None:
        pen.polygon((0.073, 0.115), (0.727, 0.115), (0.705, 0.80), (0.698, 0.855), (0.680, 0.89), (0.655, 0.915), (0.145, 0.915), (0.120, 0.89), (0.102, 0.855), (0.095, 0.80))
        pen.ellipse(0.40, 0.908, 0.262, 0.060)

    def bare(pen: Pen) -> None:
        pen.polygon((0.0955, 0.815), (0.15, 0.842), (0.20, 0.858), (0.30, 0.870), (0.40, 0.882), (0.50, 0.880), (0.60, 0.862), (0.7045, 0.812), (0.698, 0.855), (0.680, 0.89), (0.655, 0.915), (0.145, 0.915), (0.120, 0.89), (0.102, 0.855), (0.0955, 0.815))
        pen.ellipse(0.40, 0.908, 0.262, 0.060)

    def specks(pen: Pen) -> None:
        random = np.random.Generator(np.random.PCG64(11))
        for _ in range(44):
            x, y = random.uniform(0.09, 0.70), random.uniform(0.20, 0.84)
            size = float(random.uniform(0.0016, 0.0042))
            pen.ellipse(float(x), float(y), size, size)

    return Thing(
        (
            Part(handle, CLAY, "soft", 0.7),
            Part(body, CLAY, "round", 0.9),
            Part(specks, (0.66, 0.58, 0.49), "round"),
            Part(bare, BARE, "round", 0.1),
            Part(lambda pen: pen.ellipse(0.40, 0.115, 0.327, 0.082), (0.95, 0.92, 0.86), "flat", 0.2),
            Part(lambda pen: pen.ellipse(0.40, 0.121, 0.298, 0.066), (0.50, 0.45, 0.40), "flat"),
            Part(lambda pen: pen.ellipse(0.40, 0.146, 0.268, 0.040), (0.20, 0.11, 0.06), "flat", 0.3),
        ),
        aspect=1.10,
        tall=0.285,
        tinted=(0, 1, 4),
        foot=0.055,
    )


def _bottle() -> Thing:
    def body(pen: Pen) -> None:
        pen.curve((0.40, 0.15), (0.60, 0.15), (0.60, 0.27), (0.66, 0.345), (0.84, 0.41), (0.89, 0.50), (0.89, 0.90), (0.80, 0.965), (0.5, 0.99), (0.20, 0.965), (0.11, 0.90), (0.11, 0.50), (0.16, 0.41), (0.34, 0.345), (0.40, 0.27))

    return Thing(
        (
            Part(body, GLASS, "round", 1.2),
            Part(lambda pen: pen.curve((0.17, 0.54), (0.5, 0.53), (0.83, 0.54), (0.83, 0.88), (0.5, 0.915), (0.17, 0.88)), (0.42, 0.58, 0.52), "round", 0.5, 0.25),
            Part(lambda pen: pen.curve((0.20, 0.60), (0.5, 0.612), (0.80, 0.60), (0.80, 0.80), (0.5, 0.815), (0.20, 0.80)), WHITE, "round", 0.1),
            Part(lambda pen: pen.limbs(((0.34, 0.675, 0.008), (0.5, 0.68, 0.008), (0.66, 0.675, 0.008)), ((0.41, 0.715, 0.005), (0.5, 0.718, 0.005), (0.59, 0.715, 0.005))), GOLD, "flat"),
            Part(lambda pen: pen.curve((0.355, 0.03), (0.5, 0.015), (0.645, 0.03), (0.645, 0.165), (0.5, 0.18), (0.355, 0.165)), GOLD, "round", 1.0),
        ),
        aspect=0.44,
        tall=0.40,
        tinted=(0, 1),
        foot=0.03,
    )


def _turned(pen: Pen) -> None:
    pen.curve((0.37, 0.05), (0.63, 0.05), (0.60, 0.16), (0.70, 0.27), (0.88, 0.45), (0.80, 0.72), (0.66, 0.93), (0.5, 0.965), (0.34, 0.93), (0.20, 0.72), (0.12, 0.45), (0.30, 0.27), (0.40, 0.16))


def _vase() -> Thing:
    return Thing(
        (
            Part(_turned, (0.62, 0.42, 0.31), "round", 0.6),
            Part(lambda pen: pen.limbs(((0.185, 0.36, 0.012), (0.5, 0.385, 0.012), (0.815, 0.36, 0.012)), ((0.145, 0.41, 0.006), (0.5, 0.437, 0.006), (0.855, 0.41, 0.006))), (0.86, 0.78, 0.66), "round"),
            Part(lambda pen: pen.ellipse(0.5, 0.055, 0.140, 0.030), (0.72, 0.52, 0.40), "flat"),
            Part(lambda pen: pen.ellipse(0.5, 0.060, 0.112, 0.021), DARK, "flat"),
        ),
        aspect=0.74,
        tall=0.36,
        foot=0.03,
    )


def _bloom(pen: Pen, x: float, y: float, size: float) -> None:
    for turn in range(7):
        angle = 2 * np.pi * turn / 7 + x * 9
        at = (x + 0.62 * size * float(np.cos(angle)), y + 0.52 * size * float(np.sin(angle)))
        pen.ellipse(*at, size * 0.56, size * 0.48)


_HEADS = ((0.50, 0.10, 0.105), (0.28, 0.18, 0.095), (0.72, 0.17, 0.095), (0.40, 0.27, 0.085), (0.63, 0.29, 0.085), (0.17, 0.31, 0.07), (0.84, 0.30, 0.07))


def _stems(pen: Pen) -> None:
    for x, y, _ in _HEADS:
        pen.limb((x, y, 0.010), ((x + 0.5) / 2, (y + 0.60) / 2 - 0.03, 0.010), (0.5, 0.60, 0.012))
    for x, y, side in ((0.22, 0.42, -1), (0.80, 0.42, 1), (0.34, 0.40, -1), (0.66, 0.42, 1)):
        pen.curve((0.5, 0.56), (x - 0.02, y + 0.05), (x + side * 0.08, y - 0.06), (x + 0.05, y + 0.10))


def _bouquet() -> Thing:
    def blooms(pen: Pen) -> None:
        for x, y, size in _HEADS[::2]:
            _bloom(pen, x, y, size)

    def others(pen: Pen) -> None:
        for x, y, size in _HEADS[1::2]:
            _bloom(pen, x, y, size)

    def hearts(pen: Pen) -> None:
        for x, y, size in _HEADS:
            pen.ellipse(x, y, size * 0.30, size * 0.26)

    def vase(pen: Pen) -> None:
        pen.curve((0.40, 0.55), (0.60, 0.55), (0.585, 0.62), (0.66, 0.70), (0.70, 0.80), (0.64, 0.93), (0.5, 0.965), (0.36, 0.93), (0.30, 0.80), (0.34, 0.70), (0.415, 0.62))

    return Thing(
        (
            Part(_stems, LEAF, "soft"),
            Part(others, (0.90, 0.66, 0.60), "soft", 0.1),
            Part(blooms, (0.78, 0.28, 0.30), "soft", 0.1),
            Part(hearts, (0.93, 0.76, 0.36), "soft"),
            Part(vase, (0.50, 0.58, 0.62), "round", 0.8),
        ),
        aspect=0.86,
        tall=0.40,
        tinted=(2,),
        foot=0.02,
    )


def _flower() -> Thing:
    def petals(pen: Pen) -> None:
        for turn in range(11):
            angle = 2 * np.pi * turn / 11
            x, y = 0.5 + 0.235 * float(np.cos(angle)), 0.23 + 0.140 * float(np.sin(angle))
            pen.ellipse(x, y, 0.115, 0.068)

    def inner(pen: Pen) -> None:
        for turn in range(9):
            angle = 2 * np.pi * (turn + 0.5) / 9
            x, y = 0.5 + 0.145 * float(np.cos(angle)), 0.23 + 0.086 * float(np.sin(angle))
            pen.ellipse(x, y, 0.088, 0.052)

    def stem(pen: Pen) -> None:
        pen.limb((0.5, 0.26, 0.018), (0.53, 0.56, 0.018), (0.5, 0.99, 0.022))
        pen.curve((0.515, 0.80), (0.62, 0.66), (0.86, 0.60), (0.78, 0.70), (0.66, 0.78))
        pen.curve((0.51, 0.90), (0.36, 0.76), (0.14, 0.74), (0.24, 0.84), (0.38, 0.90))

    return Thing(
        (
            Part(stem, LEAF, "soft"),
            Part(petals, (0.86, 0.36, 0.42), "soft", 0.1),
            Part(inner, (0.93, 0.50, 0.52), "soft", 0.1),
            Part(lambda pen: pen.ellipse(0.5, 0.225, 0.095, 0.056), (0.90, 0.68, 0.24), "soft", 0.1),
        ),
        aspect=0.60,
        tall=0.42,
        tinted=(1, 2),
    )


def _bowl() -> Thing:
    def fruit(x: float, y: float, r: float, colour: tuple[float, float, float]) -> Part:
        return Part(lambda pen: pen.ellipse(x, y, r, r * 1.55), colour, "soft", 0.6)

    return Thing(
        (
            fruit(0.33, 0.30, 0.135, (0.74, 0.16, 0.12)),
            fruit(0.66, 0.31, 0.130, (0.90, 0.66, 0.20)),
            fruit(0.50, 0.22, 0.140, (0.88, 0.48, 0.14)),
            fruit(0.24, 0.41, 0.105, (0.52, 0.62, 0.22)),
            fruit(0.75, 0.41, 0.105, (0.62, 0.14, 0.20)),
            Part(lambda pen: pen.limb((0.335, 0.11, 0.024), (0.35, 0.03, 0.020)), WOOD, "soft"),
            Part(lambda pen: pen.curve((0.03, 0.47), (0.5, 0.53), (0.97, 0.47), (0.90, 0.70), (0.70, 0.88), (0.64, 0.965), (0.5, 0.98), (0.36, 0.965), (0.30, 0.88), (0.10, 0.70)), (0.46, 0.56, 0.62), "round", 0.9),
            Part(lambda pen: pen.limb((0.035, 0.475, 0.035), (0.5, 0.53, 0.035), (0.965, 0.475, 0.035)), (0.66, 0.74, 0.78), "round", 0.6),
        ),
        aspect=1.55,
        tall=0.26,
        tinted=(6, 7),
        foot=0.03,
    )


def _candle() -> Thing:
    return Thing(
        (
            Part(lambda pen: pen.curve((0.24, 0.36), (0.5, 0.34), (0.76, 0.36), (0.76, 0.94), (0.5, 0.975), (0.24, 0.94)), (0.90, 0.82, 0.68), "round", 0.4, 0.25),
            Part(lambda pen: pen.ellipse(0.5, 0.362, 0.26, 0.040), (1.0, 0.88, 0.62), "flat", 0, 0.7),
            Part(lambda pen: pen.limb((0.5, 0.36, 0.012), (0.505, 0.29, 0.012)), DARK, "flat"),
            Part(lambda pen: pen.curve((0.505, 0.04), (0.57, 0.17), (0.59, 0.25), (0.505, 0.31), (0.42, 0.25), (0.44, 0.17)), (1.0, 0.62, 0.22), "flat", 0, 1.0),
            Part(lambda pen: pen.curve((0.505, 0.14), (0.545, 0.22), (0.505, 0.295), (0.465, 0.22)), (1.3, 1.15, 0.80), "flat", 0, 1.0),
        ),
        aspect=0.46,
        tall=0.34,
        tinted=(0,),
        foot=0.035,
    )


def _bag() -> Thing:
    leather = (0.56, 0.32, 0.19)

    def handles(pen: Pen) -> None:
        pen.limb((0.30, 0.42, 0.035), (0.33, 0.14, 0.032), (0.5, 0.045, 0.032), (0.67, 0.14, 0.032), (0.70, 0.42, 0.035))

    return Thing(
        (
            Part(handles, (0.40, 0.22, 0.13), "soft", 0.4),
            Part(lambda pen: pen.curve((0.16, 0.36), (0.5, 0.345), (0.84, 0.36), (0.91, 0.64), (0.95, 0.92), (0.84, 0.975), (0.5, 0.985), (0.16, 0.975), (0.05, 0.92), (0.09, 0.64)), leather, "soft", 0.45),
            Part(lambda pen: pen.curve((0.15, 0.355), (0.5, 0.335), (0.85, 0.355), (0.80, 0.56), (0.62, 0.665), (0.5, 0.68), (0.38, 0.665), (0.20, 0.56)), (0.62, 0.37, 0.23), "soft", 0.4),
            Part(lambda pen: pen.curve((0.455, 0.63), (0.545, 0.63), (0.545, 0.735), (0.455, 0.735)), GOLD, "soft", 1.0),
        ),
        aspect=1.16,
        tall=0.32,
        tinted=(1, 2),
    )


def _fruit() -> Thing:
    return Thing(
        (
            Part(lambda pen: pen.curve((0.5, 0.20), (0.70, 0.13), (0.91, 0.24), (0.97, 0.50), (0.86, 0.80), (0.66, 0.96), (0.5, 0.935), (0.34, 0.96), (0.14, 0.80), (0.03, 0.50), (0.09, 0.24), (0.30, 0.13)), (0.72, 0.14, 0.11), "soft", 0.9),
            Part(lambda pen: pen.limb((0.5, 0.24, 0.02), (0.51, 0.13, 0.024), (0.56, 0.03, 0.034)), WOOD, "soft"),
            Part(lambda pen: pen.curve((0.53, 0.13), (0.64, 0.02), (0.84, 0.03), (0.78, 0.12), (0.66, 0.165)), LEAF, "soft", 0.3),
        ),
        aspect=0.98,
        tall=0.24,
        foot=0.03,
    )


def _bread() -> Thing:
    def cuts(pen: Pen) -> None:
        for x in (0.26, 0.42, 0.58, 0.74):
            pen.limb((x - 0.06, 0.52, 0.012), (x - 0.01, 0.36, 0.065), (x + 0.05, 0.22, 0.012))

    return Thing(
        (
            Part(lambda pen: pen.curve((0.03, 0.70), (0.12, 0.36), (0.32, 0.17), (0.5, 0.13), (0.68, 0.17), (0.88, 0.36), (0.97, 0.70), (0.90, 0.94), (0.5, 0.97), (0.10, 0.94)), (0.66, 0.38, 0.17), "soft", 0.3),
            Part(cuts, (0.90, 0.72, 0.46), "soft"),
        ),
        aspect=1.75,
        tall=0.20,
    )


def _book() -> Thing:
    def pages(pen: Pen) -> None:
        pen.polygon((0.10, 0.62), (0.88, 0.50), (0.975, 0.66), (0.975, 0.83), (0.24, 0.95), (0.10, 0.80))

    return Thing(
        (
            Part(lambda pen: pen.polygon((0.06, 0.80), (0.20, 0.995), (0.99, 0.86), (0.99, 0.82), (0.22, 0.94)), (0.26, 0.15, 0.18), "soft", 0.3),
            Part(pages, (0.88, 0.83, 0.72), "flat"),
            Part(lambda pen: pen.limbs(((0.25, 0.885, 0.006), (0.60, 0.825, 0.006), (0.97, 0.765, 0.006)), ((0.25, 0.92, 0.005), (0.60, 0.86, 0.005), (0.97, 0.795, 0.005))), (0.70, 0.62, 0.50), "flat"),
            Part(lambda pen: pen.polygon((0.03, 0.60), (0.83, 0.46), (0.995, 0.66), (0.21, 0.80)), (0.44, 0.16, 0.18), "flat", 0.3),
            Part(lambda pen: pen.polygon((0.03, 0.60), (0.21, 0.80), (0.21, 0.95), (0.05, 0.80)), (0.34, 0.12, 0.14), "soft", 0.3),
            Part(lambda pen: pen.polygon((0.34, 0.625), (0.62, 0.575), (0.68, 0.645), (0.40, 0.70)), GOLD, "flat", 0.4),
        ),
        aspect=1.45,
        tall=0.24,
        tinted=(3, 4, 0),
    )


def _phone() -> Thing:
    def slab(pen: Pen, inset: float) -> None:
        x0, y0, x1, y1 = 0.10 + inset, 0.02 + inset * 0.5, 0.90 - inset, 0.98 - inset * 0.5
        corners = ((x0 + 0.10, y0 + 0.05), (x1 - 0.10, y0 + 0.05), (x1 - 0.10, y1 - 0.05), (x0 + 0.10, y1 - 0.05))
        pen.ellipses(*corners, rx=0.10, ry=0.05)
        pen.polygon((x0 + 0.10, y0), (x1 - 0.10, y0), (x1 - 0.10, y1), (x0 + 0.10, y1))
        pen.polygon((x0, y0 + 0.05), (x1, y0 + 0.05), (x1, y1 - 0.05), (x0, y1 - 0.05))

    return Thing(
        (
            Part(lambda pen: slab(pen, 0.0), (0.30, 0.31, 0.34), "soft", 1.2),
            Part(lambda pen: slab(pen, 0.035), (0.03, 0.03, 0.04), "flat", 0.6),
            Part(lambda pen: slab(pen, 0.06), (0.20, 0.34, 0.56), "flat", 0.4, 0.5),
            Part(lambda pen: pen.polygon((0.16, 0.62), (0.25, 0.56), (0.36, 0.52), (0.45, 0.525), (0.56, 0.575), (0.66, 0.575), (0.76, 0.52), (0.84, 0.48), (0.84, 0.90), (0.78, 0.945), (0.22, 0.945), (0.16, 0.90)), (0.86, 0.46, 0.40), "flat", 0.2, 0.55),
            Part(lambda pen: pen.ellipse(0.5, 0.34, 0.13, 0.066), (1.0, 0.82, 0.56), "flat", 0.2, 0.7),
            Part(lambda pen: pen.polygon((0.16, 0.06), (0.48, 0.055), (0.16, 0.50)), (0.52, 0.62, 0.78), "flat", 0.2, 0.3),
        ),
        aspect=0.52,
        tall=0.40,
        tinted=(2,),
    )


def _laptop() -> Thing:
    return Thing(
        (
            Part(lambda pen: pen.polygon((0.14, 0.03), (0.86, 0.03), (0.89, 0.72), (0.11, 0.72)), (0.16, 0.17, 0.19), "flat", 0.8),
            Part(lambda pen: pen.polygon((0.165, 0.07), (0.835, 0.07), (0.86, 0.68), (0.14, 0.68)), (0.30, 0.48, 0.70), "flat", 0.3, 0.6),
            Part(lambda pen: pen.polygon((0.148, 0.50), (0.24, 0.43), (0.34, 0.375), (0.42, 0.37), (0.52, 0.42), (0.62, 0.455), (0.72, 0.43), (0.80, 0.37), (0.846, 0.345), (0.858, 0.67), (0.142, 0.67)), (0.85, 0.52, 0.44), "flat", 0.2, 0.55),
            Part(lambda pen: pen.polygon((0.11, 0.72), (0.89, 0.72), (0.995, 0.93), (0.005, 0.93)), (0.66, 0.68, 0.71), "flat", 0.4),
            Part(lambda pen: pen.polygon((0.16, 0.745), (0.84, 0.745), (0.885, 0.84), (0.115, 0.84)), (0.15, 0.15, 0.17), "flat"),
            Part(lambda pen: pen.polygon((0.40, 0.86), (0.60, 0.86), (0.615, 0.915), (0.385, 0.915)), (0.56, 0.58, 0.61), "flat"),
            Part(lambda pen: pen.polygon((0.005, 0.93), (0.995, 0.93), (0.985, 0.965), (0.015, 0.965)), (0.46, 0.48, 0.51), "soft", 0.6),
        ),
        aspect=1.55,
        tall=0.30,
        tinted=(3,),
    )


VESSELS = {
    "mug": _mug,
    "bottle": _bottle,
    "vase": _vase,
    "bouquet": _bouquet,
    "flower": _flower,
    "bowl": _bowl,
    "candle": _candle,
    "bag": _bag,
    "fruit": _fruit,
    "bread": _bread,
    "book": _book,
    "phone": _phone,
    "laptop": _laptop,
}
