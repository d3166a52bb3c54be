"""What people sit on and hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.figure.solid import Cone, Egg, Slab, Stuff

if TYPE_CHECKING:
    from framewright_providers.local.scene.figure.pose import Joints
    from framewright_providers.local.scene.figure.solid import Solid, Vector

_UP = np.array([0, 1.0, 0])
_FRONT = np.array([0, 0, 1.0])


def seat(at: Joints) -> list[Solid]:
    """Return a plain chair under a sitting body."""
    wood = Stuff((0.36, 0.24, 0.15), 0.25)
    level = at.hip[1] - 0.080
    x, z = float(at.hip[0]), float(at.hip[2]) + 0.03
    made: list[Solid] = [Slab(np.array([x, level, z]), (0.135, 0.013, 0.13), wood)]
    for sx in (-1, 1):
        made.append(
            Cone(
                np.array([x + sx * 0.115, level, z + 0.11]),
                np.array([x + sx * 0.122, 0.0, z + 0.12]),
                0.013,
                0.011,
                wood,
            )
        )
        made.append(
            Cone(
                np.array([x + sx * 0.118, level + 0.34, z - 0.15]),
                np.array([x + sx * 0.122, 0.0, z - 0.12]),
                0.013,
                0.012,
                wood,
            )
        )
    made += [
        Slab(np.array([x, level + high, z - 0.14]), (0.12, 0.025, 0.010), wood)
        for high in (0.15, 0.25, 0.33)
    ]
    return made


def held_prop(name: str, at: Joints) -> list[Solid]:
    """Return something held in, or standing before, the hands; nothing for an unknown name."""
    make = _PROPS.get(name)
    return make(at) if make else []


def _both(at: Joints) -> Vector:
    middle: Vector = (at.hands[0] + at.hands[1]) / 2
    return middle


def _book(at: Joints) -> list[Solid]:
    paper, cover = Stuff((0.93, 0.90, 0.82), 0.05), Stuff((0.42, 0.12, 0.12), 0.2)
    tilt = np.array([[1, 0, 0], [0, 0.6, 0.8], [0, -0.8, 0.6]])
    middle = _both(at)
    return [
        Slab(middle + _UP * 0.02, (0.075, 0.010, 0.052), cover, tilt),
        Slab(middle + _UP * 0.028, (0.070, 0.010, 0.048), paper, tilt),
    ]


def _phone(at: Joints) -> list[Solid]:
    return [Slab(at.hands[1] + _UP * 0.02, (0.014, 0.040, 0.006), Stuff((0.05, 0.05, 0.06), 0.9))]


def _laptop(at: Joints) -> list[Solid]:
    """Return a table with a laptop on it."""
    grey, screen = Stuff((0.55, 0.57, 0.60), 0.5), Stuff((0.55, 0.75, 0.95), 0.3, 0.5)
    wood = Stuff((0.46, 0.32, 0.21), 0.25)
    top = _both(at) - _UP * 0.045 + _FRONT * 0.06
    lid = np.array([[1, 0, 0], [0, 0.94, 0.34], [0, -0.34, 0.94]])
    made: list[Solid] = [
        Slab(top - _UP * 0.012, (0.33, 0.012, 0.14), wood),
        Slab(top + _UP * 0.005, (0.085, 0.006, 0.06), grey),
        Slab(top + _UP * 0.065 + _FRONT * 0.08, (0.088, 0.062, 0.004), grey, lid),
        Slab(top + _UP * 0.065 + _FRONT * 0.076, (0.082, 0.056, 0.004), screen, lid),
    ]
    for x in (-0.3, 0.3):
        leg = np.array([top[0] + x, 0.0, top[2]])
        made.append(Cone(np.array([leg[0], top[1], leg[2]]), leg, 0.012, 0.012, wood))
    return made


def _cup(at: Joints) -> list[Solid]:
    hand = at.hands[1]
    return [Cone(hand, hand + _UP * 0.032, 0.022, 0.024, Stuff((0.93, 0.92, 0.88), 0.5))]


def _pan(at: Joints) -> list[Solid]:
    iron = Stuff((0.10, 0.10, 0.11), 0.6)
    middle = _both(at)
    return [
        Cone(middle + _FRONT * 0.01, middle + _FRONT * 0.10, 0.009, 0.009, iron),
        Egg(middle + _FRONT * 0.17, (0.085, 0.018, 0.085), iron),
    ]


def _umbrella(at: Joints) -> list[Solid]:
    hand = at.hands[1]
    cloth, stick = Stuff((0.62, 0.12, 0.14), 0.25), Stuff((0.08, 0.08, 0.09), 0.4)
    return [
        Cone(hand - _UP * 0.04, hand + _UP * 0.42, 0.006, 0.006, stick),
        Egg(hand + _UP * 0.41, (0.27, 0.10, 0.27), cloth),
    ]


def _sword(at: Joints) -> list[Solid]:
    hand, steel = at.hands[1], Stuff((0.72, 0.75, 0.80), 0.95)
    guard = np.array([0.05, 0.0, 0.0])
    return [
        Cone(hand, hand + _UP * 0.46 + _FRONT * 0.10, 0.011, 0.004, steel),
        Cone(hand - guard + _UP * 0.03, hand + guard + _UP * 0.03, 0.008, 0.008, steel),
    ]


def _flowers(at: Joints) -> list[Solid]:
    green = Stuff((0.22, 0.42, 0.20), 0.1)
    blooms = ((0.85, 0.25, 0.30), (0.95, 0.75, 0.30), (0.92, 0.60, 0.70))
    places = ((-0.05, 0.10), (0.05, 0.11), (0.0, 0.14), (-0.02, 0.08), (0.03, 0.07))
    middle = _both(at)
    made: list[Solid] = []
    for number, (x, y) in enumerate(places):
        tip = middle + np.array([x, y, 0.04])
        bloom = Stuff(blooms[number % 3], 0.1)
        made += [Cone(middle, tip, 0.005, 0.004, green), Egg(tip, (0.026, 0.024, 0.026), bloom)]
    return made


_PROPS = {
    "book": _book,
    "phone": _phone,
    "laptop": _laptop,
    "cup": _cup,
    "pan": _pan,
    "umbrella": _umbrella,
    "sword": _sword,
    "flowers": _flowers,
}
