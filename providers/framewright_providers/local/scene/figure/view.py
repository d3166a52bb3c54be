"""Looks at solids from a side and a height, and keeps what each pixel sees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

from framewright_providers.local.scene.figure.solid import Cone, Egg, hit, reach
from framewright_providers.local.scene.raster import blurred

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from framewright_providers.local.scene.figure.solid import Solid, Vector
    from framewright_providers.local.scene.raster import Pixels


@dataclass(frozen=True, slots=True)
class View:
    """From where something is looked at; angles in degrees."""

    yaw: float = 0.0
    """How far the thing is turned to the viewer's right."""
    pitch: float = 0.0
    """How far the eye is above: 90 looks straight down."""
    depth: float = 0.0
    """How much larger what is near looks; 0 is a very long lens."""
    aim: float = 0.5
    """The height in units that the lens is level with."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen of solids, pixel by pixel."""

    depth: Pixels
    """(rows, columns), in units towards the viewer; -inf where there is nothing."""
    normal: Pixels
    """(rows, columns, 3): x right, y down, z to the viewer."""
    colour: Pixels
    shine: Pixels
    glow: Pixels
    woven: Pixels
    """1 where there is cloth."""

    @property
    def mask(self) -> Pixels:
        """1 where there is something."""
        return np.isfinite(self.depth).astype(np.float32)


def turned(solids: Sequence[Solid], view: View) -> list[Solid]:
    """Return the solids as the view sees them: looking along -z is then enough."""
    yaw, pitch = np.radians(view.yaw), np.radians(view.pitch)
    about = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    nod = np.array(
        [[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]]
    )
    turn = nod @ about
    level = np.array([0, view.aim, 0])

    def moved(point: Vector) -> tuple[Vector, float]:
        placed = turn @ (point - level)
        larger = 1 / max(0.25, 1 - view.depth * float(placed[2]))
        return placed * np.array([larger, larger, 1.0]) + level, larger

    made: list[Solid] = []
    for solid in solids:
        if isinstance(solid, Cone):
            (a, one), (b, other) = moved(solid.a), moved(solid.b)
            made.append(replace(solid, a=a, b=b, ra=solid.ra * one, rb=solid.rb * other))
            continue
        middle, larger = moved(solid.middle)
        axes = solid.axes @ turn.T
        if isinstance(solid, Egg):
            x, y, z = (radius * larger for radius in solid.radii)
            made.append(replace(solid, middle=middle, radii=(x, y, z), axes=axes))
        else:
            x, y, z = (half * larger for half in solid.half)
            made.append(replace(solid, middle=middle, half=(x, y, z), axes=axes))
    return made


def extent(solids: Sequence[Solid]) -> tuple[float, float, float, float]:
    """Return left, right, low and high of turned solids together."""
    sides = np.array([reach(solid) for solid in solids])
    return (
        float(sides[:, 0].min()),
        float(sides[:, 1].max()),
        float(sides[:, 2].min()),
        float(sides[:, 3].max()),
    )


def look(
    solids: Sequence[Solid], left: float, high: float, scale: float, rows: int, columns: int
) -> Seen:
    """Return what a window sees of turned solids; `left` and `high` are its corner in units.

    `scale` is pixels a unit.
    """
    depth = np.full((rows, columns), -np.inf, np.float32)
    normal = np.zeros((rows, columns, 3), np.float32)
    colour = np.zeros((rows, columns, 3), np.float32)
    shine = np.zeros((rows, columns), np.float32)
    glow = np.zeros((rows, columns), np.float32)
    woven = np.zeros((rows, columns), np.float32)
    kinds = np.full((rows, columns), -1, np.int16)
    numbers: dict[str, int] = {}
    for solid in solids:
        x0, x1, y0, y1 = reach(solid)
        c0, c1 = max(0, int((x0 - left) * scale)), min(columns, int((x1 - left) * scale) + 2)
        r0, r1 = max(0, int((high - y1) * scale)), min(rows, int((high - y0) * scale) + 2)
        if c1 <= c0 or r1 <= r0:
            continue
        x = (left + (np.arange(c0, c1, dtype=np.float32) + 0.5) / scale)[None, :]
        y = (high - (np.arange(r0, r1, dtype=np.float32) + 0.5) / scale)[:, None]
        z, nx, ny, nz = hit(solid, x.astype(np.float32), y.astype(np.float32))
        box = (slice(r0, r1), slice(c0, c1))
        stuff = solid.stuff
        kind = numbers.setdefault(stuff.kind or str(id(stuff)), len(numbers))
        below = depth[box]
        found = np.isfinite(z)
        share: Pixels = (found & (z > below)).astype(np.float32)
        bulge: Pixels = np.zeros((1, 1), np.float32)
        if stuff.melt:
            together = found & np.isfinite(below) & (kinds[box] == kind)
            with np.errstate(invalid="ignore"):
                ahead = np.clip((z - below) / np.float32(stuff.melt), -1, 1)
            # A form's own rim must not show where it sinks into another.
            sunk = np.clip(2.2 * nz, 0, 1)
            soft = (0.5 + 0.5 * ahead) * (sunk + (1 - sunk) * np.clip(ahead, 0, 1))
            share = np.where(together, soft, share)
            bulge = np.where(together, stuff.melt * soft * (1 - soft), 0)
        some = share > 0
        if not some.any():
            continue
        with np.errstate(invalid="ignore"):
            blended = np.where(
                share >= 1, z, np.where(np.isfinite(below), below + (z - below) * share, z)
            )
        depth[box] = np.where(some, blended + bulge, below)
        for part, own in enumerate((nx, -ny, nz)):
            old = normal[box][..., part]
            normal[box][..., part] = old + (np.where(some, own, old) - old) * share
        colour[box] += (np.asarray(stuff.colour, np.float32) - colour[box]) * share[..., None]
        shine[box] += (stuff.shine - shine[box]) * share
        glow[box] += (stuff.glow - glow[box]) * share
        woven[box] += (stuff.woven - woven[box]) * share
        kinds[box] = np.where(share > 0.5, kind, kinds[box])
    normal = _softened(normal, np.isfinite(depth), 0.007 * scale)
    length = np.sqrt((normal**2).sum(-1, keepdims=True)) + 1e-6
    return Seen(depth, normal / length, colour, shine, glow, woven)


def _softened(normal: Pixels, there: NDArray[np.bool_], radius: float) -> Pixels:
    """Return normals without the seams where one solid flows into another."""
    if radius < 1:
        return normal
    cover = np.maximum(blurred(there.astype(np.float32), radius), 1e-2)
    packed = Image.fromarray(((normal * 0.5 + 0.5) * there[..., None] * 255 + 0.5).astype(np.uint8))
    soft = np.asarray(packed.filter(ImageFilter.GaussianBlur(radius)), np.float32) / 255
    smoothed: Pixels = (soft / cover[..., None] * 2 - 1) * there[..., None]
    # Fine forms, as lids and lips, keep two fifths of their own.
    return 0.62 * smoothed + 0.38 * normal
