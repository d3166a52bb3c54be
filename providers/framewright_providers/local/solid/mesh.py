"""Meshes made of plain forms; y is up, z to the viewer, lengths in metres.

The corners of a front face go round to the left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.floating[Any]]
    Whole = NDArray[np.integer[Any]]

Point = tuple[float, float, float]
_ROUND = 40
"""Into how many parts a circle is cut."""


@dataclass(frozen=True, slots=True)
class Mesh:
    """Triangles with a normal and a place in a picture at each corner."""

    points: Numbers
    """(n, 3)."""
    normals: Numbers
    """(n, 3), of length 1."""
    places: Numbers
    """(n, 2), 0 to 1: across and down the picture."""
    faces: Whole
    """(m, 3)."""

    def moved(self, by: Point) -> Mesh:
        """Return it elsewhere."""
        return replace(self, points=self.points + np.asarray(by))

    def turned(self, axis: int, degrees: float) -> Mesh:
        """Return it turned about x (0), y (1) or z (2), to the left seen from the axis' end."""
        cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        one, other = (axis + 1) % 3, (axis + 2) % 3
        turn = np.eye(3)
        turn[one, one] = turn[other, other] = cosine
        turn[one, other], turn[other, one] = -sine, sine
        return replace(self, points=self.points @ turn.T, normals=self.normals @ turn.T)

    def scaled(self, by: Point) -> Mesh:
        """Return it stretched along each axis, by factors above 0."""
        factors = np.asarray(by)
        normals = self.normals / factors
        lengths = np.linalg.norm(normals, axis=1, keepdims=True)
        return replace(self, points=self.points * factors, normals=normals / lengths)


def together(parts: Sequence[Mesh]) -> Mesh:
    """Return several meshes as one."""
    firsts = np.cumsum([0, *(len(part.points) for part in parts[:-1])])
    return Mesh(
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.normals for part in parts]),
        np.concatenate([part.places for part in parts]),
        np.concatenate([part.faces + at for part, at in zip(parts, firsts, strict=True)]),
    )


def lathe(profile: Sequence[tuple[float, float]], parts: int = _ROUND) -> Mesh:
    """Return a profile turned about the upright axis: pairs of radius and height, from below.

    A corner of the profile (more than 40 degrees) stays sharp; so does one named twice.
    """
    lines = _smooth_lines(np.asarray(profile, float))
    turns = np.linspace(0, 2 * np.pi, parts + 1)
    whole = max(1e-9, sum(_length(line) for line in lines))
    done = 0.0
    made = []
    for line in lines:
        steps = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
        slopes = np.gradient(line, axis=0) if len(line) > 2 else np.tile(line[1] - line[0], (2, 1))
        out = np.stack([slopes[:, 1], -slopes[:, 0]], axis=1)
        out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
        sine, cosine = np.sin(turns)[None, :], np.cos(turns)[None, :]

        def around(radius: Numbers, up: Numbers, s: Numbers = sine, c: Numbers = cosine) -> Numbers:
            rows = np.broadcast_to(up[:, None], (len(up), s.shape[1]))
            return np.stack([radius[:, None] * s, rows, radius[:, None] * c], axis=-1)

        down = 1 - (done + steps) / whole
        across = np.broadcast_to(turns / (2 * np.pi), (len(line), len(turns)))
        places = np.stack([across, np.broadcast_to(down[:, None], across.shape)], axis=-1)
        made.append(
            Mesh(
                around(line[:, 0], line[:, 1]).reshape(-1, 3),
                around(out[:, 0], out[:, 1]).reshape(-1, 3),
                places.reshape(-1, 2),
                _grid_faces(len(line), len(turns)),
            )
        )
        done += float(steps[-1])
    return _without_slivers(together(made))


def _smooth_lines(profile: Numbers) -> list[Numbers]:
    """Return the stretches of a profile between its sharp corners."""
    cuts = [0]
    for at in range(1, len(profile) - 1):
        one, other = profile[at] - profile[at - 1], profile[at + 1] - profile[at]
        lengths = np.linalg.norm(one) * np.linalg.norm(other)
        if lengths < 1e-12 or float(one @ other) / lengths < math.cos(math.radians(40)):
            cuts.append(at)
    cuts.append(len(profile) - 1)
    lines = [profile[a : b + 1] for a, b in pairwise(cuts) if b > a]
    return [line for line in lines if _length(line) > 1e-9]


def _length(line: Numbers) -> float:
    return float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum())


def _grid_faces(rows: int, columns: int) -> Whole:
    first = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)[None, :]).ravel()
    right, above = first + 1, first + columns
    beyond = above + 1
    return np.concatenate(
        [np.stack([first, right, beyond], 1), np.stack([first, beyond, above], 1)]
    )


def _without_slivers(mesh: Mesh) -> Mesh:
    """Return a mesh without triangles of no size, as there are where a profile meets its axis."""
    a, b, c = (mesh.points[mesh.faces[:, corner]] for corner in range(3))
    size = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    return replace(mesh, faces=mesh.faces[size > 1e-12])


def ball(radius: float = 0.5, parts: int = _ROUND) -> Mesh:
    """Return a ball about the origin."""
    angles = np.linspace(-np.pi / 2, np.pi / 2, parts // 2 + 1)
    return lathe([(radius * math.cos(at), radius * math.sin(at)) for at in angles], parts)


def cylinder(low: float, high: float, height: float, parts: int = _ROUND) -> Mesh:
    """Return a closed cylinder or cone on the ground, its radii below and above."""
    return lathe([(0.0, 0.0), (low, 0.0), (high, height), (0.0, height)], parts)


def box(wide: float, high: float, deep: float) -> Mesh:
    """Return a box on the ground, in the middle of it."""
    sides = []
    for axis, degrees in ((1, 0), (1, 90), (1, 180), (1, 270), (0, -90), (0, 90)):
        if axis == 1:
            across, along, out = (wide, high, deep) if degrees % 180 == 0 else (deep, high, wide)
        else:
            across, along, out = wide, deep, high
        face = _panel(across, along).moved((0, 0, out / 2)).turned(axis, degrees)
        sides.append(face)
    return together(sides).moved((0, high / 2, 0))


def _panel(wide: float, high: float) -> Mesh:
    points = np.array([(-wide, -high, 0), (wide, -high, 0), (wide, high, 0), (-wide, high, 0)]) / 2
    places = np.array([(0, 1), (1, 1), (1, 0), (0, 0)], float)
    return Mesh(points, np.tile((0.0, 0.0, 1.0), (4, 1)), places, np.array([(0, 1, 2), (0, 2, 3)]))


def ring(radius: float, thick: float, share: float = 1.0, parts: int = _ROUND) -> Mesh:
    """Return a ring about the z axis, or a share of it from the right to the left over the top."""
    turns = np.linspace(0, 2 * np.pi * share, max(3, round(parts * share) + 1))
    tube = np.linspace(0, 2 * np.pi, 17)
    around = np.stack([np.cos(turns), np.sin(turns), np.zeros_like(turns)], 1)[:, None, :]
    out = around * np.cos(tube)[None, :, None] + np.array([0, 0, 1.0]) * np.sin(tube)[None, :, None]
    points = around * radius + out * thick
    across, down = np.meshgrid(np.linspace(0, 1, 17), np.linspace(0, 1, len(turns)))
    places = np.stack([across, down], -1)
    faces = _grid_faces(len(turns), 17)[:, ::-1]
    return Mesh(points.reshape(-1, 3), out.reshape(-1, 3), places.reshape(-1, 2), faces)


def outline(edge: Numbers, deep: float, soft: float = 0.0) -> Mesh:
    """Return a closed line in the x-y plane drawn out along z; it must see its own middle.

    Its front and back bulge by `soft`.
    """
    after = np.roll(edge, -1, axis=0)
    if float((edge[:, 0] * after[:, 1] - after[:, 0] * edge[:, 1]).sum()) < 0:
        edge = edge[::-1]
    middle = edge.mean(axis=0)
    shares = np.array([0.0, 0.35, 0.65, 0.85, 1.0])
    heights = deep / 2 + soft * np.sqrt(np.clip(1 - shares**2, 0, 1))
    closed = np.concatenate([edge, edge[:1]])
    low, high = edge.min(axis=0), edge.max(axis=0)
    flat = middle + shares[:, None, None] * (closed - middle)[None]
    places = (flat - low) / np.maximum(high - low, 1e-9)
    places[..., 1] = 1 - places[..., 1]
    rows, columns = flat.shape[:2]
    turned = _grid_faces(rows, columns)
    sides = []
    for side in (1, -1):
        depth = np.broadcast_to(side * heights[:, None, None], (rows, columns, 1))
        points = np.concatenate([flat, depth], axis=-1).reshape(-1, 3)
        faces = turned[:, ::-1] if side > 0 else turned
        normals = smooth_normals(points, faces).reshape(rows, columns, 3)
        # The line begins where it ends, and the middle is one point.
        normals[:, 0] = normals[:, -1] = normals[:, 0] + normals[:, -1]
        normals[0] = normals[0].sum(axis=0)
        normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
        sides.append(Mesh(points, normals.reshape(-1, 3), places.reshape(-1, 2), faces))
    sides.append(_rim(closed, deep, places[-1]))
    return _without_slivers(together(sides))


def smooth_normals(points: Numbers, faces: Whole) -> Numbers:
    """Return a normal for each point: the mean of its faces', larger ones counting for more."""
    a, b, c = (points[faces[:, corner]] for corner in range(3))
    cross = np.cross(b - a, c - a)
    normals = np.zeros_like(points, dtype=float)
    for corner in range(3):
        np.add.at(normals, faces[:, corner], cross)
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    made: Numbers = np.where(lengths > 1e-12, normals / np.maximum(lengths, 1e-12), (0.0, 0.0, 1.0))
    return made


def _rim(closed: Numbers, deep: float, places: Numbers) -> Mesh:
    steps = np.diff(closed, axis=0)
    out = np.stack([steps[:, 1], -steps[:, 0]], axis=1)
    out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
    points, normals, at, faces = [], [], [], []
    for number, (one, other) in enumerate(pairwise(closed)):
        for place, end, depth in (
            (one, 0, deep / 2),
            (other, 1, deep / 2),
            (other, 1, -deep / 2),
            (one, 0, -deep / 2),
        ):
            points.append((*place, depth))
            normals.append((*out[number], 0.0))
            at.append(places[number + end])
        first = 4 * number
        faces += [(first, first + 2, first + 1), (first, first + 3, first + 2)]
    return Mesh(np.array(points), np.array(normals), np.array(at), np.array(faces))
