"""The things that can be made: their words, colours and parts; each about a metre high."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.solid import household, outdoors, toys
from framewright_providers.local.solid.mesh import lathe
from framewright_providers.local.solid.parts import LEAF, RED, WHITE, WOOD

if TYPE_CHECKING:
    from collections.abc import Callable

    from framewright_providers.local.scene.colour import Colour
    from framewright_providers.local.solid.parts import Part

THINGS: dict[str, tuple[tuple[str, ...], Colour, Callable[[], list[Part]]]] = {
    "mug": (("mug", "cup", "teacup"), (0.85, 0.80, 0.72), household.mug_parts),
    "bottle": (("bottle", "flask"), (0.10, 0.36, 0.22), household.bottle_parts),
    "vase": (("vase", "urn", "amphora", "jug", "pot"), (0.22, 0.40, 0.62), household.vase_parts),
    "bowl": (("bowl", "dish"), (0.80, 0.72, 0.60), household.bowl_parts),
    "apple": (
        ("apple", "fruit", "tomato", "orange fruit"),
        (0.74, 0.10, 0.08),
        household.apple_parts,
    ),
    "ball": (
        ("ball", "sphere", "orb", "globe", "planet", "moon"),
        (0.30, 0.45, 0.75),
        household.ball_parts,
    ),
    "candle": (("candle",), (0.93, 0.88, 0.76), household.candle_parts),
    "lamp": (("lamp", "lantern"), (0.88, 0.80, 0.62), household.lamp_parts),
    "lighthouse": (("lighthouse",), RED, outdoors.lighthouse_parts),
    "rocket": (("rocket", "spaceship", "spacecraft", "starship"), RED, outdoors.rocket_parts),
    "pine": (("pine", "fir", "spruce", "christmas tree"), LEAF, outdoors.pine_parts),
    "tree": (("tree", "oak"), LEAF, outdoors.tree_parts),
    "cactus": (("cactus",), LEAF, outdoors.cactus_parts),
    "mushroom": (("mushroom", "toadstool"), RED, outdoors.mushroom_parts),
    "house": (
        ("house", "cottage", "cabin", "home", "hut"),
        (0.90, 0.84, 0.72),
        outdoors.house_parts,
    ),
    "castle": (("castle", "fortress"), (0.22, 0.28, 0.55), outdoors.castle_parts),
    "chair": (("chair", "stool"), WOOD, household.chair_parts),
    "table": (("table", "desk"), WOOD, household.table_parts),
    "crate": (("crate", "box", "chest", "cube"), (0.62, 0.44, 0.24), household.crate_parts),
    "barrel": (("barrel", "cask"), WOOD, household.barrel_parts),
    "book": (("book",), (0.42, 0.10, 0.14), household.book_parts),
    "robot": (("robot", "android"), (0.62, 0.66, 0.72), toys.robot_parts),
    "snowman": (("snowman",), WHITE, toys.snowman_parts),
    "car": (("car", "automobile", "taxi"), RED, outdoors.car_parts),
    "boat": (("boat", "sailboat", "ship", "yacht"), (0.62, 0.30, 0.16), outdoors.boat_parts),
    "star": (("star",), (0.95, 0.75, 0.20), toys.star_parts),
    "heart": (("heart",), (0.80, 0.08, 0.16), toys.heart_parts),
    "sword": (("sword", "dagger", "blade"), (0.30, 0.16, 0.10), toys.sword_parts),
    "balloon": (("hot air balloon", "balloon"), (0.85, 0.30, 0.14), outdoors.balloon_parts),
}
"""Words of each thing, its usual colour, and its parts."""


def sculpture(name: str) -> list[Part]:
    """Return a turned form of its own for a thing without a drawing, seeded by its name."""
    random = np.random.Generator(np.random.PCG64(int.from_bytes(name.encode()[:8] or b"?", "big")))
    heights = np.linspace(0.06, 0.94, 30)
    waves = [
        (float(random.uniform(0.03, 0.12)), int(random.integers(1, 5)), float(random.uniform(0, 6)))
        for _ in range(3)
    ]
    line = [
        (0.24 + sum(far * math.sin(many * math.pi * h + at) for far, many, at in waves) * 0.7, h)
        for h in map(float, heights)
    ]
    kept = [(max(0.05, radius), height) for radius, height in line]
    return [(lathe([(0, 0), (kept[0][0] * 1.15, 0), *kept, (0, 1.0)]), "stone", None)]
