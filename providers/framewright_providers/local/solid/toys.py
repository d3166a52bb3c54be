"""Figures and signs as parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.solid.mesh import (
    ball,
    box,
    cylinder,
    outline,
    together,
)
from framewright_providers.local.solid.parts import (
    DARK,
    RED,
    STEEL,
    WHITE,
)

if TYPE_CHECKING:
    from framewright_providers.local.solid.parts import Part


def robot_parts() -> list[Part]:
    """Return the parts of a robot."""
    trunk = box(0.42, 0.38, 0.26).moved((0, 0.30, 0))
    head = box(0.28, 0.22, 0.22).moved((0, 0.72, 0))
    limbs = [cylinder(0.05, 0.05, 0.3, 18).moved((x, 0, 0)) for x in (-0.12, 0.12)]
    limbs += [cylinder(0.045, 0.045, 0.32, 18).moved((x, 0.34, 0)) for x in (-0.27, 0.27)]
    feet = [box(0.15, 0.06, 0.22).moved((x, 0, 0.03)) for x in (-0.12, 0.12)]
    eyes = [ball(0.04, 18).moved((x, 0.84, 0.11)) for x in (-0.07, 0.07)]
    antenna = together([cylinder(0.01, 0.01, 0.1, 8), ball(0.03, 14).moved((0, 0.1, 0))])
    return [
        (together([trunk, head]), "metal", None),
        (together([*limbs, *feet]), "metal", (0.30, 0.31, 0.34)),
        (together(eyes), "light", (0.35, 0.85, 1.0)),
        (antenna.moved((0, 0.94, 0)), "plain", RED),
    ]


def snowman_parts() -> list[Part]:
    """Return the parts of a snowman."""
    balls = [ball(r).moved((0, y, 0)) for r, y in ((0.27, 0.25), (0.20, 0.60), (0.14, 0.87))]
    nose = cylinder(0.03, 0.0, 0.16, 14).turned(0, 90).moved((0, 0.87, 0.12))
    coal = [
        ball(0.02, 12).moved(at)
        for at in ((-0.05, 0.92, 0.12), (0.05, 0.92, 0.12), (0, 0.66, 0.19), (0, 0.56, 0.195))
    ]
    hat = together([cylinder(0.17, 0.17, 0.02), cylinder(0.11, 0.11, 0.16)]).moved((0, 0.97, 0))
    return [
        (together(balls), "plain", WHITE),
        (nose, "plain", (0.95, 0.45, 0.10)),
        (together([*coal, hat]), "cloth", DARK),
    ]


def star_parts() -> list[Part]:
    """Return the parts of a star."""
    angles = np.linspace(0, 2 * np.pi, 11)[:-1] + np.pi / 2
    radii = np.where(np.arange(10) % 2, 0.21, 0.5)
    edge = np.stack([radii * np.cos(angles), radii * np.sin(angles)], 1)
    return [(outline(edge, 0.02, 0.12).moved((0, 0.45, 0)), "metal", (0.95, 0.75, 0.20))]


def heart_parts() -> list[Part]:
    """Return the parts of a heart."""
    t = np.linspace(0, 2 * np.pi, 61)[:-1]
    x = 16 * np.sin(t) ** 3
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    edge = np.stack([x, y], 1)[::-1] / 34
    return [(outline(edge, 0.03, 0.16).moved((0, 0.5, 0)), "ceramic", None)]


def sword_parts() -> list[Part]:
    """Return the parts of a sword."""
    edge = np.array([(-0.045, 0.25), (0.045, 0.25), (0.038, 0.90), (0, 1.0), (-0.038, 0.90)])
    guard = box(0.28, 0.035, 0.05).moved((0, 0.22, 0))
    grip = cylinder(0.022, 0.022, 0.2, 16).moved((0, 0.03, 0))
    knob = ball(0.035, 18).moved((0, 0.03, 0))
    return [
        (outline(edge, 0.008, 0.012), "metal", STEEL),
        (together([guard, knob]), "metal", (0.80, 0.62, 0.24)),
        (grip, "cloth", None),
    ]
