"""Measures what moves between two pictures, finer than a pixel."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter


def cloudy(height: int = 180, width: int = 320, seed: int = 1) -> np.ndarray:
    """A picture with detail of many sizes and no two places alike."""
    noise = np.random.Generator(np.random.PCG64(seed))
    total = np.zeros((height, width))
    for radius in (1, 3, 9, 27):
        grain = noise.integers(0, 256, (height, width), np.uint8)
        soft = np.asarray(Image.fromarray(grain).filter(ImageFilter.GaussianBlur(radius)), float)
        total += (soft - soft.mean()) / soft.std()
    spread = (total - total.min()) / (total.max() - total.min()) * 200 + 25
    return np.repeat(spread.astype(np.uint8)[..., None], 3, axis=2)


def luma(planes: np.ndarray) -> np.ndarray:
    return planes[: planes.shape[0] * 2 // 3].astype(float)


def shift(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """How far down and right the second picture's content lies from the first's.

    Phase correlation under a window; a bell over the spectrum makes the peak a bell too, whose
    top lies exactly between three of its points.
    """
    window = np.hanning(one.shape[0])[:, None] * np.hanning(one.shape[1])[None, :]
    first, second = ((part - part.mean()) * window for part in (one, other))
    cross = np.fft.fft2(first).conj() * np.fft.fft2(second)
    cross /= np.abs(cross) + 1e-9
    rates = np.hypot(*np.meshgrid(*(np.fft.fftfreq(side) for side in one.shape), indexing="ij"))
    match = np.fft.ifft2(cross * np.exp(-((rates / 0.09) ** 2))).real
    top = np.unravel_index(int(match.argmax()), match.shape)
    moved = []
    for axis, side in enumerate(match.shape):
        line = np.take(match, top[1 - axis], axis=1 - axis)
        before, at, after = (np.log(max(1e-12, line[(top[axis] + o) % side])) for o in (-1, 0, 1))
        exact = top[axis] + 0.5 * (before - after) / (before - 2 * at + after)
        moved.append(float(exact - side if exact > side / 2 else exact))
    return moved[0], moved[1]
