"""A picture's subject as a body: its outline, rounded to both sides, with the picture on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageFilter

from framewright_providers.local.motion.plate import spread
from framewright_providers.local.solid.mesh import Mesh, box, smooth_normals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Field = NDArray[np.floating[Any]]

_CELLS = 96
"""How fine the body is, along the picture's longer side."""
_THICK = 0.32
"""How thick it may become, as a part of the picture's longer side."""
_LEAST, _MOST = 0.02, 0.90
"""The shares of a picture that can be its subject."""


def cut_out(picture: Image.Image) -> Field | None:
    """Return where a picture's subject is, 0 to 1; None where it does not stand out.

    What is see-through is not the subject; without that, what looks like the picture's edge.
    """
    mask: Field
    if picture.mode == "RGBA" and int(np.asarray(picture.getchannel("A")).min()) < 128:
        mask = np.asarray(picture.getchannel("A"), float) / 255
    else:
        mask = _unlike_the_edge(picture.convert("RGB"))
    share = float((mask > 0.5).mean())
    return mask if _LEAST < share < _MOST else None


def _unlike_the_edge(picture: Image.Image) -> Field:
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(1.5)), float)
    edge = np.concatenate([soft[0], soft[-1], soft[:, 0], soft[:, -1]])
    middle = np.median(edge, axis=0)
    spread = float(np.percentile(np.abs(edge - middle).max(axis=1), 90))
    away = np.abs(soft - middle).max(axis=-1)
    unlike: Field = np.clip((away - spread - 14) / 12, 0, 1)
    return unlike


def skin(picture: Image.Image) -> Image.Image:
    """Return the picture with its subject's colours continued beyond its outline."""
    mask = cut_out(picture)
    pixels = np.asarray(picture.convert("RGB"), np.float32)
    if mask is None:
        return picture.convert("RGB")
    shrunk = Image.fromarray((mask * 255).astype(np.uint8)).filter(ImageFilter.MinFilter(5))
    weight = (np.asarray(shrunk, np.float32) / 255 > 0.95).astype(np.float32)
    if not weight.any():
        return picture.convert("RGB")
    wide = np.where(weight[..., None] > 0, pixels, spread(pixels, weight))
    return Image.fromarray(np.clip(wide + 0.5, 0, 255).astype(np.uint8))


def relief(picture: Image.Image) -> tuple[Mesh, bool]:
    """Return the subject's body, a metre in its longer side, and whether one was found.

    Where none stands out it is a panel that shows the whole picture.
    """
    width, height = picture.size
    longer = max(width, height)
    mask = cut_out(picture)
    if mask is None:
        panel = box(width / longer, height / longer, 0.04)
        return panel, False
    scale = _CELLS / longer
    columns, rows = max(4, round(width * scale)), max(4, round(height * scale))
    shrunk = Image.fromarray((mask * 255).astype(np.uint8)).resize(
        (columns, rows), Image.Resampling.BOX
    )
    small = np.pad(np.asarray(shrunk.filter(ImageFilter.GaussianBlur(1.0)), float) / 255, 1)
    inside = small > 0.5
    if not inside.any():
        return box(width / longer, height / longer, 0.04), False
    return _inflated(small, inside, (columns, rows)), True


def _inflated(small: Field, inside: NDArray[np.bool_], size: tuple[int, int]) -> Mesh:
    """Return a closed body over the cells whose corners touch the subject."""
    columns, rows = size
    free_y, free_x = np.nonzero(~inside)
    corners = np.array([(cx, cy) for cy in range(rows + 2) for cx in range(columns + 2)], float)
    outside = np.stack([free_x, free_y], 1).astype(float)
    depth = np.empty(len(corners))
    for first in range(0, len(corners), 512):
        part = corners[first : first + 512]
        depth[first : first + 512] = np.sqrt(
            ((part[:, None, :] - outside[None]) ** 2).sum(-1).min(axis=1)
        )
    bulge = np.sqrt(depth) * np.sqrt(max(1.0, depth.max())) / max(rows, columns) * _THICK * 1.6
    flat = inside.ravel()
    bulge = np.where(flat, np.minimum(bulge, _THICK / 2), 0.0)
    moved = _on_the_line(corners, small)
    grid = np.arange(len(corners)).reshape(rows + 2, columns + 2)
    a, b, c, d = grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]
    touched = inside[:-1, :-1] | inside[:-1, 1:] | inside[1:, 1:] | inside[1:, :-1]
    quads = np.stack([a[touched], d[touched], c[touched], b[touched]], 1)
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    places = np.clip((moved - 0.5) / (columns, rows), 0, 1)
    longest = max(rows, columns)
    across, up = (moved[:, 0] - 0.5 - columns / 2) / longest, (rows - moved[:, 1] + 0.5) / longest
    front = np.stack([across, up, bulge], 1)
    back = np.stack([across, up, -bulge], 1)
    points = np.concatenate([front, back])
    both = np.concatenate([faces, faces[:, ::-1] + len(front)])
    used, again = np.unique(both, return_inverse=True)
    points, places = points[used], np.concatenate([places, places])[used]
    both = again.reshape(-1, 3)
    a3, b3, c3 = (points[both[:, corner]] for corner in range(3))
    cross = np.cross(b3 - a3, c3 - a3)
    both = both[np.linalg.norm(cross, axis=1) > 1e-12]
    return Mesh(points, smooth_normals(points, both), places, both)


def _on_the_line(corners: Field, small: Field) -> Field:
    """Return corners outside the subject moved onto its outline, so that it has no steps."""
    down, across = np.gradient(small, axis=0), np.gradient(small, axis=1)
    column, row = corners[:, 0].astype(int), corners[:, 1].astype(int)
    value = small[row, column]
    slope = np.stack([across[row, column], down[row, column]], 1)
    steep = np.maximum((slope**2).sum(axis=1), 1e-4)
    step = ((0.5 - value) / steep)[:, None] * slope
    length = np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 1e-9)
    step *= np.minimum(1.0, 0.95 / length)
    moved: Field = np.where((value <= 0.5)[:, None], corners + step, corners)
    return moved
