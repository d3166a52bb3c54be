"""Camera moves as figures: where the camera is and looks at each moment, eased, without jumps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

MARGIN = 0.16
"""How much of the frame is kept back on a move to the side, as a part of it."""
TRAVEL = 0.26
"""How far a push goes, as a part of the way to the nearest thing."""
ZOOM = 0.20
_TURN = math.radians(7)
_SWAY = ((0.19, 1.0), (0.37, 0.62), (0.83, 0.30), (1.61, 0.12))
"""What a held hand does: cycles a second and how far, the slow ones farther."""


@dataclass(frozen=True, slots=True)
class View:
    """What the camera sees. Lengths are parts of the frame, 0 left and top.

    Things have a nearness: 0 at the end of the world, 1 at the lower edge of the frame.
    """

    x: float = 0.5
    """Middle of what is seen; a turning camera moves it, and with it everything alike."""
    y: float = 0.5
    size: float = 1.0
    """How much is seen; 1 is everything."""
    right: float = 0.0
    """How far the camera itself stands to the side: things move by that times their nearness."""
    up: float = 0.0
    forward: float = 0.0
    """How far it went, as a part of the way to what has nearness 1."""
    pivot: float = 0.0
    """The nearness of what stays in its place while the camera moves to the side."""
    turn: float = 0.0
    """How far a camera that circles is around, in radians; only a flat picture shows it."""
    focus: float | None = None
    """The nearness of what is sharp; None is everything."""


def eased(share: float) -> float:
    """Return the share of the way after a share of the time: slow at both ends."""
    t = min(1.0, max(0.0, share))
    return min(1.0, t * t * t * (t * (6 * t - 15) + 10))


def view_at(move: str, share: float, seconds: float = 0.0, seed: int = 0) -> View:
    """Return what the camera sees when a share of the move is over, 0 to 1.

    `seconds` is the time since the beginning, for moves that go on for ever; an unknown move
    is a held camera.
    """
    return MOVES.get(move, _still)(share, seconds, seed)


def _still(share: float, seconds: float, seed: int) -> View:
    del seconds, seed
    # A held camera still breathes: a frozen frame looks like a fault.
    return View(size=1 - 0.008 * (1 - math.cos(2 * math.pi * share)) / 2)


def _push(share: float, seconds: float, seed: int) -> View:
    del seconds, seed
    way = eased(share)
    return View(size=1 - 0.05 * way, forward=TRAVEL * way)


def _zoom(share: float, seconds: float, seed: int) -> View:
    del seconds, seed
    return View(size=1 - ZOOM * eased(share))


def _pan(share: float, seconds: float, seed: int) -> View:
    del seconds, seed
    return View(x=0.5 + MARGIN * (eased(share) - 0.5), size=1 - MARGIN)


def _tilt(share: float, seconds: float, seed: int) -> View:
    """Look up."""
    del seconds, seed
    return View(y=0.5 - MARGIN * (eased(share) - 0.5), size=1 - MARGIN)


def _truck(share: float, seconds: float, seed: int) -> View:
    del seconds, seed
    return View(right=MARGIN * (eased(share) - 0.5), size=1 - MARGIN)


def _crane(share: float, seconds: float, seed: int) -> View:
    del seconds, seed
    return View(up=MARGIN * (eased(share) - 0.5), size=1 - MARGIN)


def _orbit(share: float, seconds: float, seed: int) -> View:
    del seconds, seed
    way = eased(share) - 0.5
    # Half-way round the camera is closest to what it circles.
    near = 0.03 * (1 - 4 * way * way)
    return View(right=MARGIN * way, pivot=0.6, turn=_TURN * 2 * way, size=1 - MARGIN, forward=near)


def _handheld(share: float, seconds: float, seed: int) -> View:
    del share
    random = np.random.Generator(np.random.PCG64([seed, 77]))
    sways = []
    for _ in range(5):
        phases = random.uniform(0, 2 * math.pi, len(_SWAY))
        waves = (
            far * math.sin(2 * math.pi * rate * seconds + phase)
            for (rate, far), phase in zip(_SWAY, phases, strict=True)
        )
        sways.append(sum(waves))
    return View(
        x=0.5 + 0.007 * sways[0],
        y=0.5 + 0.006 * sways[1],
        size=1 - 0.075 + 0.004 * sways[2],
        right=0.007 * sways[3],
        up=0.005 * sways[4],
    )


def _rack(share: float, seconds: float, seed: int) -> View:
    del seconds, seed
    # The focus rests, goes over in the middle third, and rests; a lens breathes while it turns.
    way = eased((share - 0.28) / 0.44)
    return View(size=0.99 - 0.02 * way, focus=0.05 + 0.6 * way)


def _backwards(move: Callable[[float, float, int], View]) -> Callable[[float, float, int], View]:
    return lambda share, seconds, seed: move(1 - share, seconds, seed)


MOVES: dict[str, Callable[[float, float, int], View]] = {
    "still": _still,
    "push-in": _push,
    "pull-out": _backwards(_push),
    "pan-left": _backwards(_pan),
    "pan-right": _pan,
    "tilt-up": _tilt,
    "tilt-down": _backwards(_tilt),
    "truck-left": _backwards(_truck),
    "truck-right": _truck,
    "crane-up": _crane,
    "crane-down": _backwards(_crane),
    "zoom-in": _zoom,
    "zoom-out": _backwards(_zoom),
    "orbit": _orbit,
    "handheld": _handheld,
    "rack-focus": _rack,
}
