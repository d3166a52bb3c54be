"""A picture's subject as a body: its outline, rounded to both sides, with the picture on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageFilter

from framewright.media.colours import on_white
from framewright_providers.local.motion.plate import spread
from framewright_providers.local.solid.mesh import Mesh, box, smooth_normals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Field = NDArray[np.floating[Any]]

_CELLS = 96
"""How fine the body is, along the picture's longer side."""
_THICK = 0.32
"""How thick it may become, as a part of the picture's longer side."""
_EDGE = 0.05
"""How broad the edge is from which the background is drawn, as a part of the picture."""
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
    """Return how unlike each pixel is to a smooth background drawn from the picture's edge."""
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(1.5)), float)
    height, width, _ = soft.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    powers = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y, y**3, x * x * y], axis=-1)
    edge = np.maximum(np.abs(x), np.abs(y)) > 1 - 2 * _EDGE
    seen, colours = powers[edge], soft[edge]
    kept = np.ones(len(seen), bool)
    drawn = np.zeros((powers.shape[-1], 3))
    away = np.zeros(len(seen))
    for _ in range(4):
        # What reaches over the edge is no background: it is left out of the next drawing.
        drawn = np.linalg.lstsq(seen[kept], colours[kept], rcond=None)[0]
        away = np.abs(colours - seen @ drawn).max(axis=1)
        kept = away <= max(4.0, 2.5 * float(np.median(away)))
    spread_of = float(np.percentile(away[kept], 95))
    difference = np.abs(soft - powers @ drawn)
    # Colours tell more than light, which shadows and glows change too.
    light = difference.min(axis=-1)
    tint = difference.max(axis=-1) - light
    unlike: Field = np.clip((tint * 1.6 + light * 0.55 - spread_of - 16) / 12, 0, 1)
    return unlike


def _one_piece(mask: Field) -> NDArray[np.bool_]:
    """Return the largest piece of a coarse mask, with its holes filled."""
    inside = mask > 0.5
    labels = np.zeros(inside.shape, int)
    sizes = [0]
    for start in zip(*np.nonzero(inside), strict=True):
        if not labels[start]:
            sizes.append(_flood(inside, labels, start, len(sizes)))
    if len(sizes) == 1:
        return inside
    piece = labels == int(np.argmax(sizes))
    around = np.pad(~piece, 1, constant_values=True)
    outside = np.zeros(around.shape, int)
    _flood(around, outside, (0, 0), 1)
    whole: NDArray[np.bool_] = outside[1:-1, 1:-1] == 0
    return whole


def _flood(field: NDArray[np.bool_], labels: NDArray[np.int_], start: Any, number: int) -> int:
    """Number everything that hangs together with a place; return how much that is."""
    waiting, count = [tuple(map(int, start))], 0
    labels[waiting[0]] = number
    while waiting:
        y, x = waiting.pop()
        count += 1
        for place in ((y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)):
            within = 0 <= place[0] < field.shape[0] and 0 <= place[1] < field.shape[1]
            if within and field[place] and not labels[place]:
                labels[place] = number
                waiting.append(place)
    return count


def skin(picture: Image.Image) -> Image.Image:
    """Return the picture with its subject's colours continued beyond its outline."""
    mask = cut_out(picture)
    pixels = np.asarray(picture.convert("RGB"), np.float32)
    if mask is None:
        return on_white(picture)
    shrunk = Image.fromarray((mask * 255).astype(np.uint8)).filter(ImageFilter.MinFilter(5))
    weight = (np.asarray(shrunk, np.float32) / 255 > 0.95).astype(np.float32)
    if not weight.any():
        return on_white(picture)
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
    coarse = np.asarray(shrunk.filter(ImageFilter.GaussianBlur(1.0)), float) / 255
    piece = _one_piece(coarse)
    small = np.pad(np.where(piece, np.maximum(coarse, 0.51), np.minimum(coarse, 0.49)), 1)
    inside = small > 0.5
    if float(piece.mean()) < _LEAST:
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
