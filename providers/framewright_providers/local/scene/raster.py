"""Pixels: gradients, fractal noise, layers laid over each other. Float32, 0 to 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from framewright_providers.local.scene.colour import Colour

    Pixels = NDArray[np.floating[Any]]


Lips = tuple[float, float, float]
"""The middle of a mouth, x and y, and its width, as parts of the frame's width, height, width."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A part of the scene at one distance."""

    colour: Pixels
    """(height, width, 3)."""
    alpha: Pixels
    """(height, width)."""
    near: float
    """0 far away, 1 at the camera."""
    others: tuple[Pixels, ...] = ()
    """Further looks of what shimmers, of the colour's shape; stills show the first."""
    mouth: Lips | None = None
    """Where a face in it shows its lips."""


def grid(height: int, width: int) -> tuple[Pixels, Pixels]:
    """Return y and x of each pixel as columns and rows from 0 to 1."""
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    return y, x


def smooth(low: float, high: float, value: Pixels) -> Pixels:
    """Return a soft step from 0 at `low` to 1 at `high`."""
    share = np.clip((value - low) / (high - low), 0, 1)
    stepped: Pixels = (share * share * (3 - 2 * share)).astype(np.float32)
    return stepped


def mix(one: Pixels | Colour, other: Pixels | Colour, share: Pixels) -> Pixels:
    """Return colours between two, by a (height, width) share."""
    first, second = np.asarray(one, np.float32), np.asarray(other, np.float32)
    part = np.asarray(share, np.float32)[..., None]
    if first.ndim <= 1 and second.ndim <= 1:
        flat: Pixels = first + (second - first) * part
        return flat
    # In place from here on: pictures are large, and memory is what takes the time.
    mixed: Pixels = np.subtract(second, first)
    if mixed.shape[:-1] != part.shape[:-1]:
        mixed = mixed * part
    else:
        mixed *= part
    mixed += first
    return mixed


def ramp(stops: Sequence[tuple[float, Colour]], height: int, width: int) -> Pixels:
    """Return a vertical gradient through stops at parts of the height."""
    y = np.linspace(0, 1, height)
    places = [at for at, _ in stops]
    bands = [np.interp(y, places, [colour[part] for _, colour in stops]) for part in range(3)]
    column = np.stack(bands, axis=-1).astype(np.float32)
    return np.repeat(column[:, None, :], width, axis=1)


def resized(field: Pixels, height: int, width: int) -> Pixels:
    """Return a field in another size, smoothly."""
    image = Image.fromarray(np.ascontiguousarray(field, np.float32))
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC), np.float32)


def fractal(
    height: int, width: int, random: np.random.Generator, scale: float, stretch: float = 1.0
) -> Pixels:
    """Return cloudy noise around 0.5; `scale` is the height of its large features in pixels.

    `stretch` makes features so many times wider than high. The noise wraps round at its edges.
    """
    shrink = 2 if scale >= 10 else 1
    rows, columns = -(-height // shrink), -(-width // shrink)
    field = _cloudy(rows, columns, random, scale / shrink, stretch)
    if shrink > 1:
        field = resized(field, height, width)
    even: Pixels = np.clip(field, 0, 1)
    return even


def _cloudy(
    rows: int, columns: int, random: np.random.Generator, scale: float, stretch: float
) -> Pixels:
    """Shape white noise by its spectrum: the larger a feature the stronger, up to `scale`."""
    white = np.fft.rfft2(random.standard_normal((rows, columns), dtype=np.float32))
    down = np.fft.fftfreq(rows).astype(np.float32)[:, None] * scale
    across = np.fft.rfftfreq(columns).astype(np.float32)[None, :] * scale * stretch
    shaped = white * (0.20 + down**2 + across**2) ** -0.95
    shaped[0, 0] = 0
    field = np.fft.irfft2(shaped, s=(rows, columns)).astype(np.float32)
    return 0.5 + 0.16 * field / max(1e-9, float(field.std()))


def tile(random: np.random.Generator, scale: float, stretch: float = 1.0) -> Pixels:
    """Return a 512 by 512 noise tile that joins itself on all sides."""
    return _cloudy(512, 512, random, scale, stretch)


def projected(pattern: Pixels, away: Pixels, width: int, wide: float, grain: float) -> Pixels:
    """Return a pattern seen on a plane, (rows, width), fading to 0.5 where it gets too fine.

    `away` is the distance of each row, 1 for the row closest to the camera; `wide` is the width
    of the frame in frame heights, `grain` how many pattern pixels such a height takes at 1.
    """
    size = pattern.shape[0]
    v = (away * grain).astype(np.float64) % size
    first = v.astype(int) % size
    part = (v - np.floor(v)).astype(np.float32)[:, None]
    lines = pattern[first] * (1 - part) + pattern[(first + 1) % size] * part
    x = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None, :]
    u = x * wide * away.astype(np.float32)[:, None] * grain + size * 64
    left = u.astype(np.int32)
    share = u - left
    left %= size
    one = np.take_along_axis(lines, left, 1)
    other = np.take_along_axis(lines, (left + 1) % size, 1)
    step = np.abs(np.gradient(away)).astype(np.float32) * grain
    fade = (1 / (1 + (step / 2.5) ** 2))[:, None]
    seen: Pixels = 0.5 + (one + (other - one) * share - 0.5) * fade
    return seen


def grained(
    height: int, width: int, random: np.random.Generator, scale: float, stretch: float = 1.0
) -> Pixels:
    """Return fine noise as `fractal` does, as a tile laid again and again: much quicker."""
    pattern = np.clip(tile(random, scale, stretch), 0, 1).astype(np.float32)
    laid_out: Pixels = np.tile(pattern, (-(-height // 512), -(-width // 512)))[:height, :width]
    return laid_out


def receding(
    height: int,
    width: int,
    top: float,
    random: np.random.Generator,
    *,
    grain: float = 200.0,
    scale: float = 24.0,
    stretch: float = 1.0,
) -> Pixels:
    """Return noise on the ground below `top`, 0.5 above it: it crowds towards the horizon."""
    pattern = tile(random, scale, stretch)
    return laid(pattern, height, width, top, grain)


def laid(pattern: Pixels, height: int, width: int, top: float, grain: float) -> Pixels:
    """Return a pattern on the ground below `top`, and 0.5 above it."""
    first = min(height - 2, max(0, int(top * height)))
    rows = np.arange(first, height) / height
    away = (1 - top) / np.maximum(rows - top + 0.004, 0.004)
    field = np.full((height, width), 0.5, np.float32)
    field[first:] = projected(pattern, away, width, width / height, grain)
    return field


def toned(colour: Pixels) -> Pixels:
    """Return light of any strength as 0 to 1: what is too bright pales instead of changing hue."""
    peaks = np.maximum(np.maximum(colour[..., 0], colour[..., 1]), colour[..., 2])
    knee = 0.72
    shown: Pixels = np.clip(colour, 0, 1).astype(np.float32)
    bright = peaks > knee
    if not bright.any():
        return shown
    room = 1 - knee
    peak = peaks[bright][:, None]
    held = knee + room * (1 - np.exp(-(peak - knee) / (room * 2.2)))
    scaled = colour[bright] * (held / peak)
    white = 0.85 * np.clip((peak - 0.95) / 2.6, 0, 1) ** 0.8
    shown[bright] = np.clip(scaled + (held - scaled) * white, 0, 1)
    return shown


def blurred(field: Pixels, radius: float) -> Pixels:
    """Return a (height, width) field of 0 to 1, blurred."""
    image = Image.fromarray((np.clip(field, 0, 1) * 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), np.float32) / 255


def defocused(layer: Layer, radius: float) -> Layer:
    """Return a layer out of focus: each bright point becomes a disc, as behind a lens."""
    if radius < 1.0:
        return layer
    height, width = layer.alpha.shape
    # What is this soft needs no more pixels.
    shrink = 4 if radius >= 9 else 2
    rows, columns = height // shrink, width // shrink
    pad = int(radius * 2 / shrink) + 2
    reach = np.arange(-pad, pad + 1, dtype=np.float32)
    away = np.hypot(reach[:, None], reach[None, :])
    disc = np.clip(radius / shrink + 0.5 - away, 0, 1)
    shape = (rows + 2 * pad, columns + 2 * pad)
    lens = np.zeros(shape, np.float32)
    lens[: 2 * pad + 1, : 2 * pad + 1] = disc / disc.sum()
    spectrum = np.fft.rfft2(np.roll(lens, (-pad, -pad), (0, 1)))

    def through(field: Pixels) -> Pixels:
        small = np.pad(resized(field, rows, columns), pad, mode="edge")
        soft = np.fft.irfft2(np.fft.rfft2(small) * spectrum, s=shape).astype(np.float32)
        return resized(soft[pad:-pad, pad:-pad], height, width)

    looks = [
        np.maximum(np.stack([through(look[..., part]) for part in range(3)], axis=-1), 0)
        for look in (layer.colour, *layer.others)
    ]
    clear = float(layer.alpha.min()) > 0.999
    alpha = layer.alpha if clear else np.clip(through(layer.alpha), 0, 1)
    return Layer(looks[0], alpha, layer.near, tuple(looks[1:]))


TILT = 9.0
"""Degrees of a Dutch angle."""


def tilted(layer: Layer) -> Layer:
    """Return a layer seen by a camera that leans to one side, with no corner empty."""
    height, width = layer.alpha.shape
    turn = np.radians(TILT)
    size = 1 / (np.cos(turn) + max(width / height, height / width) * np.sin(turn))
    c, s = float(np.cos(turn) * size), float(np.sin(turn) * size)
    x, y = width / 2, height / 2
    matrix = (c, -s, x - c * x + s * y, s, c, y - s * x - c * y)

    def turned(field: Pixels) -> Pixels:
        image = Image.fromarray(np.ascontiguousarray(field, np.float32))
        seen = image.transform(
            (width, height), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC
        )
        return np.maximum(np.asarray(seen, np.float32), 0)

    looks = [
        np.stack([turned(look[..., part]) for part in range(3)], axis=-1)
        for look in (layer.colour, *layer.others)
    ]
    clear = float(layer.alpha.min()) > 0.999
    alpha = layer.alpha if clear else np.clip(turned(layer.alpha), 0, 1)
    return Layer(looks[0], alpha, layer.near, tuple(looks[1:]))


def laid_over(below: Pixels, layer: Layer) -> Pixels:
    """Return a picture with a layer on it; only the part it covers is worked on."""
    rows = np.flatnonzero(layer.alpha.any(axis=1))
    columns = np.flatnonzero(layer.alpha.any(axis=0))
    made: Pixels = below.copy()
    if rows.size:
        box = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
        made[box] = mix(below[box], layer.colour[box], layer.alpha[box])
    return made


def joined(below: Layer, above: Layer) -> Layer:
    """Return two layers as one, as near as the upper; of what shimmers only the first look."""
    cover = above.alpha + below.alpha * (1 - above.alpha)
    share = np.divide(above.alpha, cover, out=np.zeros_like(cover), where=cover > 1e-4)
    return Layer(mix(below.colour, above.colour, share), cover.astype(np.float32), above.near)


def solid(height: int, width: int, near: float, colour: Pixels) -> Layer:
    """Return a layer that covers everything."""
    return Layer(colour, np.ones((height, width), np.float32), near)


def skyline(
    width: int, random: np.random.Generator, scale: float, *, sharp: bool = False
) -> Pixels:
    """Return a height from 0 to 1 for each column, rolling or, when sharp, jagged."""
    line = fractal(4, width, random, scale, 1.0)[1] if not sharp else _ridge(width, random, scale)
    low, high = float(line.min()), float(line.max())
    return (line - low) / max(1e-6, high - low)


def _ridge(width: int, random: np.random.Generator, scale: float) -> Pixels:
    x = np.arange(width)
    total = np.zeros(width)
    for octave in range(6):
        step = max(3.0, scale / 2**octave)
        knots = random.random(int(width / step) + 3)
        total += np.interp(x, np.arange(knots.size) * step, knots) * 0.55**octave
    return total.astype(np.float32)
