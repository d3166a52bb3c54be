"""Where each point of the screen lies on a plate: the camera's geometry, as projective maps.

A camera that goes forward by f, to the right by r and up by u shows a thing of nearness q at
V + (s - V + (-r q, u q)) / (1 - f q), where s is its place in the picture and V the vanishing
point: similar triangles, with q the inverse of the distance. On the ground q grows evenly with
the row, so the map of the whole plane is projective too (Hartley and Zisserman, "Multiple View
Geometry", 13.1).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framewright_providers.local.motion.plate import Ground, Plate
    from framewright_providers.local.motion.view import View

    Map = NDArray[np.float64]

_AWAY = 1.6
"""How far from a flat picture the camera that circles it is, in frame widths."""
_STRAIGHT = 1e-9


def plate_map(plate: Plate, view: View, horizon: float, *, flat: bool) -> Map:
    """Return the 3x3 map from screen to plate, both with sides of 0 to 1."""
    if plate.ground is not None:
        seen = _lying(plate.ground, view)
    else:
        seen = _standing(plate.near, view, horizon)
    if flat and view.turn:
        seen = seen @ _turned(view.turn)
    return seen @ _window(view)


def is_straight(seen: Map) -> bool:
    """Tell whether a map only moves and scales along the two sides."""
    off = (seen[0, 1], seen[1, 0], seen[2, 0], seen[2, 1])
    return all(abs(part) < _STRAIGHT for part in off)


def _window(view: View) -> Map:
    half = view.size / 2
    return np.array(
        [[view.size, 0.0, view.x - half], [0.0, view.size, view.y - half], [0.0, 0.0, 1.0]]
    )


def _standing(near: float, view: View, horizon: float) -> Map:
    scale = 1 - view.forward * near
    across = 0.5 * (1 - scale) + view.right * (near - view.pivot)
    down = horizon * (1 - scale) - view.up * near
    return np.array([[scale, 0.0, across], [0.0, scale, down], [0.0, 0.0, 1.0]])


def _lying(ground: Ground, view: View) -> Map:
    horizon, far = ground.horizon, ground.far
    grows = (1 - far) / max(0.05, 1 - horizon)
    f, u, r = view.forward, view.up, view.right
    # With P = y - horizon: the row below the horizon is n / d, both linear in P.
    d = np.array([0.0, f * grows, 1 + u * grows - f * grows * horizon])
    n = np.array([0.0, 1 - f * far, -(1 - f * far) * horizon - u * far])
    across = 1 + u * grows - f * far
    x = np.array([across, 0.0, -0.5 * across])
    x += r * (far - view.pivot) * d + r * grows * n + 0.5 * d
    return np.stack([x, n + horizon * d, d])


def _turned(angle: float) -> Map:
    """Return the map onto a picture that is turned about its upright middle line."""
    cosine, sine = math.cos(angle), math.sin(angle)
    d = np.array([-sine, 0.0, _AWAY * cosine + 0.5 * sine])
    x = np.array([_AWAY, 0.0, -0.5 * _AWAY]) + 0.5 * d
    y = np.array([0.0, _AWAY * cosine, -0.5 * _AWAY * cosine]) + 0.5 * d
    return np.stack([x, y, d])
