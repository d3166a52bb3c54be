"""Things that mark a place: towers, houses, temples, stones, trees."""

# Drawings are rows of points: a line for each shape reads better than a point on each line.
# fmt: off
# ruff: noqa: E501

from __future__ import annotations

import numpy as np

from framewright_providers.local.scene.shapes import Part, Pen, Thing

DARK = (0.14, 0.13, 0.14)
WOOD = (0.36, 0.25, 0.17)
WHITE = (0.90, 0.88, 0.84)
RED = (0.66, 0.17, 0.14)
GLOW = (1.25, 0.92, 0.52)
STONE = (0.50, 0.47, 0.44)
SLATE = (0.30, 0.24, 0.28)


def _lighthouse() -> Thing:
    def band(top: float, end: float) -> Part:
        def draw(pen: Pen) -> None:
            a, b = 0.145 + 0.1286 * (top - 0.2), 0.145 + 0.1286 * (end - 0.2)
            pen.polygon((0.5 - a, top), (0.5, top + 0.008), (0.5 + a, top), (0.5 + b, end), (0.5, end + 0.008), (0.5 - b, end))

        return Part(draw, RED, "round", 0.2)

    def tower(pen: Pen) -> None:
        pen.polygon((0.355, 0.2), (0.645, 0.2), (0.735, 0.90), (0.265, 0.90))

    def rocks(pen: Pen) -> None:
        pen.polygon((0.0, 1.0), (0.04, 0.955), (0.13, 0.935), (0.18, 0.895), (0.30, 0.87), (0.42, 0.885), (0.56, 0.865), (0.70, 0.885), (0.80, 0.92), (0.90, 0.935), (0.97, 0.965), (1.0, 1.0))

    def rails(pen: Pen) -> None:
        pen.polygon((0.27, 0.188), (0.73, 0.188), (0.70, 0.222), (0.30, 0.222))
        pen.limb((0.27, 0.158, 0.004), (0.73, 0.158, 0.004))
        for x in (0.27, 0.365, 0.46, 0.54, 0.635, 0.73):
            pen.limb((x, 0.158, 0.003), (x, 0.19, 0.003))

    def panes(pen: Pen) -> None:
        for x, y in ((0.52, 0.34), (0.52, 0.56), (0.52, 0.76)):
            pen.curve((x - 0.022, y), (x, y - 0.012), (x + 0.022, y), (x + 0.022, y + 0.030), (x - 0.022, y + 0.030))

    return Thing(
        (
            Part(tower, WHITE, "round", 0.2),
            band(0.335, 0.455),
            band(0.60, 0.745),
            Part(panes, (0.20, 0.20, 0.24), "flat"),
            Part(lambda pen: pen.polygon((0.375, 0.09), (0.625, 0.09), (0.625, 0.19), (0.375, 0.19)), GLOW, "round", 0.4, 0.95),
            Part(lambda pen: pen.limbs(*(((x, 0.09, 0.004), (x, 0.19, 0.004)) for x in (0.38, 0.46, 0.54, 0.62))), DARK, "flat"),
            Part(rails, DARK, "round"),
            Part(lambda pen: pen.curve((0.5, 0.035), (0.60, 0.055), (0.68, 0.095), (0.5, 0.102), (0.32, 0.095), (0.40, 0.055)), RED, "round", 0.4),
            Part(lambda pen: pen.limb((0.5, 0.04, 0.006), (0.5, 0.003, 0.004)), DARK, "flat"),
            Part(rocks, (0.27, 0.25, 0.24), "soft"),
        ),
        aspect=0.40,
        tall=0.60,
        tinted=(1, 2, 7),
    )


_TOWERS = ((0.10, 0.40, 0.065, 0.17), (0.90, 0.43, 0.065, 0.16), (0.36, 0.20, 0.055, 0.18), (0.66, 0.30, 0.060, 0.18), (0.52, 0.13, 0.042, 0.13))


def _far_towers(pen: Pen) -> None:
    for x, top, half, _ in _TOWERS[2:]:
        pen.polygon((x - half, top), (x + half, top), (x + half, 0.9), (x - half, 0.9))


def _keep(pen: Pen) -> None:
    pen.polygon((0.26, 0.44), (0.78, 0.44), (0.78, 0.95), (0.26, 0.95))
    for x in range(9):
        pen.polygon((0.265 + 0.058 * x, 0.415), (0.292 + 0.058 * x, 0.415), (0.292 + 0.058 * x, 0.45), (0.265 + 0.058 * x, 0.45))


def _walls(pen: Pen) -> None:
    pen.polygon((0.08, 0.66), (0.92, 0.66), (0.92, 0.97), (0.08, 0.97))
    for x in range(15):
        pen.polygon((0.085 + 0.057 * x, 0.635), (0.112 + 0.057 * x, 0.635), (0.112 + 0.057 * x, 0.67), (0.085 + 0.057 * x, 0.67))


def _castle() -> Thing:
    def corner(index: int) -> Part:
        x, top, half, _ = _TOWERS[index]
        return Part(lambda pen: pen.polygon((x - half, top), (x + half, top), (x + half * 1.06, 0.98), (x - half * 1.06, 0.98)), STONE, "round")

    def roof(index: int) -> Part:
        x, top, half, rise = _TOWERS[index]
        return Part(lambda pen: pen.curve((x, top - rise), (x + half * 0.5, top - rise * 0.45), (x + half * 1.32, top + 0.012), (x, top + 0.024), (x - half * 1.32, top + 0.012), (x - half * 0.5, top - rise * 0.45)), SLATE, "round")

    def lights(pen: Pen) -> None:
        for x, y in ((0.36, 0.30), (0.52, 0.22), (0.66, 0.38), (0.10, 0.50), (0.90, 0.53), (0.36, 0.52), (0.46, 0.55), (0.60, 0.54), (0.70, 0.56)):
            pen.curve((x - 0.007, y), (x, y - 0.016), (x + 0.007, y), (x + 0.007, y + 0.026), (x - 0.007, y + 0.026))

    def hill(pen: Pen) -> None:
        pen.polygon((0.0, 1.0), (0.03, 0.965), (0.12, 0.945), (0.28, 0.955), (0.40, 0.94), (0.62, 0.95), (0.80, 0.94), (0.93, 0.95), (0.985, 0.975), (1.0, 1.0))

    return Thing(
        (
            Part(_far_towers, (0.44, 0.42, 0.41), "soft"),
            roof(2), roof(3), roof(4),
            Part(_keep, (0.47, 0.44, 0.42), "soft"),
            Part(_walls, STONE, "soft"),
            corner(0), corner(1), roof(0), roof(1),
            Part(lights, GLOW, "flat", 0, 0.9),
            Part(lambda pen: pen.curve((0.455, 0.95), (0.455, 0.83), (0.51, 0.77), (0.565, 0.83), (0.565, 0.95)), (0.12, 0.09, 0.08), "flat"),
            Part(hill, (0.23, 0.24, 0.18), "soft"),
        ),
        aspect=1.25,
        tall=0.52,
        tinted=(1, 2, 3, 8, 9),
    )


def _house() -> Thing:
    def boards(pen: Pen) -> None:
        for row in range(7):
            y = 0.56 + 0.06 * row
            pen.limb((0.46, y, 0.004), (0.93, y - 0.004, 0.004))

    def panes(pen: Pen) -> None:
        pen.polygon((0.185, 0.60), (0.30, 0.60), (0.30, 0.76), (0.185, 0.755))
        pen.polygon((0.78, 0.60), (0.87, 0.60), (0.87, 0.755), (0.78, 0.76))
        pen.ellipse(0.245, 0.37, 0.032, 0.045)

    def bars(pen: Pen) -> None:
        pen.limbs(((0.243, 0.60, 0.006), (0.243, 0.76, 0.006)), ((0.185, 0.678, 0.006), (0.30, 0.678, 0.006)), ((0.825, 0.60, 0.006), (0.825, 0.76, 0.006)), ((0.78, 0.678, 0.006), (0.87, 0.678, 0.006)))

    return Thing(
        (
            Part(lambda pen: pen.polygon((0.66, 0.05), (0.735, 0.05), (0.735, 0.36), (0.66, 0.36)), (0.40, 0.28, 0.24), "round"),
            Part(lambda pen: pen.polygon((0.42, 0.48), (0.955, 0.47), (0.955, 0.965), (0.42, 0.985)), (0.66, 0.59, 0.49), "flat"),
            Part(boards, (0.54, 0.48, 0.40), "flat"),
            Part(lambda pen: pen.polygon((0.055, 0.50), (0.245, 0.17), (0.435, 0.50), (0.435, 0.985), (0.055, 0.97)), (0.76, 0.69, 0.58), "soft"),
            Part(lambda pen: pen.polygon((0.225, 0.135), (0.80, 0.125), (1.0, 0.50), (0.46, 0.515), (0.255, 0.175)), (0.40, 0.22, 0.19), "flat", 0.1),
            Part(lambda pen: pen.limb((0.015, 0.525, 0.030), (0.245, 0.150, 0.030), (0.468, 0.520, 0.030)), (0.33, 0.18, 0.16), "soft"),
            Part(panes, GLOW, "flat", 0, 0.9),
            Part(bars, (0.36, 0.28, 0.22), "flat"),
            Part(lambda pen: pen.polygon((0.535, 0.625), (0.66, 0.62), (0.66, 0.975), (0.535, 0.98)), (0.32, 0.20, 0.14), "soft"),
            Part(lambda pen: pen.ellipse(0.635, 0.81, 0.010, 0.012), (0.86, 0.68, 0.34), "soft", 1),
        ),
        aspect=1.32,
        tall=0.32,
        tinted=(4, 5),
    )


def _temple() -> Thing:
    def roof(y: float, half: float, tall: float) -> Part:
        def draw(pen: Pen) -> None:
            pen.curve((0.5 - half, y - 0.025), (0.5 - half * 0.72, y - 0.012), (0.5 - half * 0.42, y - tall * 0.72), (0.5, y - tall), (0.5 + half * 0.42, y - tall * 0.72), (0.5 + half * 0.72, y - 0.012), (0.5 + half, y - 0.025), (0.5 + half * 0.86, y + 0.026), (0.5, y + 0.018), (0.5 - half * 0.86, y + 0.026))

        return Part(draw, (0.24, 0.25, 0.29), "soft", 0.1)

    def wall(y: float, half: float, tall: float) -> Part:
        return Part(lambda pen: pen.polygon((0.5 - half, y - tall), (0.5 + half, y - tall), (0.5 + half, y), (0.5 - half, y)), (0.66, 0.22, 0.15), "soft")

    def lit(pen: Pen) -> None:
        for x, y, half in ((0.5, 0.90, 0.055), (0.33, 0.90, 0.04), (0.67, 0.90, 0.04), (0.5, 0.645, 0.04), (0.39, 0.645, 0.025), (0.61, 0.645, 0.025), (0.5, 0.425, 0.03)):
            pen.polygon((x - half, y - 0.10), (x + half, y - 0.10), (x + half, y), (x - half, y))

    return Thing(
        (
            Part(lambda pen: pen.polygon((0.06, 1.0), (0.12, 0.92), (0.88, 0.92), (0.94, 1.0)), STONE, "flat"),
            wall(0.93, 0.31, 0.22), roof(0.735, 0.47, 0.10),
            wall(0.68, 0.22, 0.16), roof(0.515, 0.37, 0.09),
            wall(0.46, 0.15, 0.14), roof(0.315, 0.29, 0.11),
            Part(lambda pen: pen.limb((0.5, 0.22, 0.02), (0.5, 0.10, 0.012), (0.5, 0.01, 0.005)), (0.78, 0.60, 0.28), "soft", 1),
            Part(lit, GLOW, "flat", 0, 0.75),
        ),
        aspect=0.92,
        tall=0.50,
        tinted=(1, 3, 5),
    )


def _crystal() -> Thing:
    def facet(*points: tuple[float, float], colour: tuple[float, float, float], glow: float) -> Part:
        return Part(lambda pen: pen.polygon(*points), colour, "flat", 0.9, glow)

    return Thing(
        (
            facet((0.18, 0.50), (0.30, 0.42), (0.36, 0.98), (0.14, 0.98), colour=(0.24, 0.50, 0.66), glow=0.35),
            facet((0.70, 0.46), (0.82, 0.56), (0.86, 0.98), (0.66, 0.98), colour=(0.20, 0.40, 0.60), glow=0.35),
            facet((0.50, 0.0), (0.34, 0.16), (0.30, 0.98), (0.46, 0.985), colour=(0.56, 0.88, 0.98), glow=0.6),
            facet((0.50, 0.0), (0.46, 0.985), (0.60, 0.985), (0.58, 0.22), colour=(0.34, 0.68, 0.86), glow=0.5),
            facet((0.50, 0.0), (0.58, 0.22), (0.60, 0.985), (0.72, 0.975), (0.68, 0.17), colour=(0.22, 0.46, 0.70), glow=0.4),
            facet((0.10, 0.78), (0.20, 0.72), (0.27, 0.99), (0.04, 0.99), colour=(0.48, 0.80, 0.92), glow=0.5),
            facet((0.80, 0.80), (0.90, 0.74), (0.97, 0.99), (0.76, 0.99), colour=(0.36, 0.66, 0.82), glow=0.45),
        ),
        aspect=0.62,
        tall=0.44,
        tinted=(2, 3, 5),
    )


def _cactus() -> Thing:
    def body(pen: Pen) -> None:
        pen.limb((0.5, 0.09, 0.13), (0.5, 0.40, 0.155), (0.5, 0.98, 0.15))
        pen.limb((0.5, 0.62, 0.095), (0.24, 0.60, 0.095), (0.17, 0.50, 0.095), (0.17, 0.33, 0.085))
        pen.limb((0.5, 0.50, 0.090), (0.77, 0.48, 0.090), (0.84, 0.38, 0.090), (0.84, 0.20, 0.080))

    def ribs(pen: Pen) -> None:
        for x in (0.44, 0.5, 0.56):
            pen.limb((x, 0.05, 0.003), (x, 0.50, 0.006), (x, 0.97, 0.005))

    return Thing((Part(body, (0.24, 0.42, 0.26), "soft", 0.1), Part(ribs, (0.14, 0.27, 0.17), "flat")), aspect=0.66, tall=0.42)


def _crown(seed: int, spread: float, lift: float, count: int, size: float) -> list[tuple[float, float, float]]:
    """Return dabs of leaves in a crown: x, y and radius."""
    random = np.random.Generator(np.random.PCG64(seed))
    centres = ((0.50, 0.20), (0.30, 0.30), (0.70, 0.28), (0.18, 0.43), (0.82, 0.42), (0.42, 0.40), (0.62, 0.43), (0.5, 0.30))
    dabs = []
    for number in range(count):
        x, y = centres[number % len(centres)]
        angle, far = random.uniform(0, 2 * np.pi), random.random() ** 0.6
        dabs.append((x + spread * far * float(np.cos(angle)), y - lift + 0.8 * spread * far * float(np.sin(angle)), float(size * random.uniform(0.5, 1.25))))
    return dabs


def _tree() -> Thing:
    def trunk(pen: Pen) -> None:
        pen.limb((0.5, 1.0, 0.075), (0.49, 0.84, 0.050), (0.505, 0.62, 0.044), (0.49, 0.36, 0.028))
        pen.limb((0.40, 0.998, 0.02), (0.47, 0.95, 0.05), (0.49, 0.86, 0.05))
        pen.limb((0.62, 0.998, 0.02), (0.53, 0.95, 0.05), (0.50, 0.86, 0.05))
        pen.limb((0.50, 0.66, 0.036), (0.36, 0.53, 0.024), (0.24, 0.42, 0.014))
        pen.limb((0.50, 0.62, 0.036), (0.65, 0.50, 0.024), (0.78, 0.40, 0.014))

    def leaves(seed: int, spread: float, lift: float, count: int, size: float, colour: tuple[float, float, float]) -> Part:
        def draw(pen: Pen) -> None:
            for x, y, r in _crown(seed, spread, lift, count, size):
                pen.ellipse(x, y, r, r * 0.78)

        return Part(draw, colour, "soft")

    return Thing(
        (
            leaves(5, 0.16, 0.0, 260, 0.042, (0.12, 0.20, 0.10)),
            Part(trunk, WOOD, "soft"),
            leaves(6, 0.145, 0.015, 240, 0.034, (0.19, 0.30, 0.13)),
            leaves(7, 0.125, 0.040, 240, 0.024, (0.28, 0.40, 0.16)),
            leaves(8, 0.105, 0.066, 200, 0.016, (0.42, 0.52, 0.22)),
        ),
        aspect=1.02,
        tall=0.52,
        tinted=(2, 3, 4),
    )


LANDMARKS = {
    "lighthouse": _lighthouse,
    "castle": _castle,
    "house": _house,
    "temple": _temple,
    "crystal": _crystal,
    "cactus": _cactus,
    "tree": _tree,
}
