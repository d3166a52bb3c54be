"""The shape of a sound, to be drawn: how far it swings in each of many short stretches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from framewright.errors import MediaError
from framewright.media.progress import Heard
from framewright.media.sound_stream import sound_blocks, told_samples
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from pathlib import Path

_RATE = 48_000
_HOP = 240
"""Samples for which one pair of peaks is kept while reading: 5 ms."""
_INK = (86, 156, 214)
_GROUND = (24, 26, 30)


def peaks(sound: Path, count: int, tell: Tell = silent) -> np.ndarray:
    """Return how far a sound swings, float32 of shape (count, 2): lowest and highest sample.

    Full scale is 1, all channels together; a stretch of a short sound may repeat the one before.
    Raises `MediaError` without sound.
    """
    if not 1 <= count <= 100_000:
        message = f"A waveform of {count} stretches is not possible."
        raise MediaError(message, action="Use 1 to 100,000.")
    low, high = _swings(sound, tell)
    # Every stretch gets at least one hop, and every hop goes into one.
    edges = np.arange(count) * low.size // count
    found = np.stack([np.minimum.reduceat(low, edges), np.maximum.reduceat(high, edges)], axis=1)
    tell(1.0)
    return found.astype(np.float32)


def draw_waveform(
    sound: Path, *, width: int = 1200, height: int = 200, tell: Tell = silent
) -> Image.Image:
    """Return a picture of a sound's shape, from left to right, full scale from top to bottom."""
    if not (16 <= width <= 8192 and 16 <= height <= 2048):
        message = f"A waveform of {width}x{height} pixels is not possible."
        raise MediaError(message, action="Use 16 to 8192 by 16 to 2048 pixels.")
    swings = peaks(sound, width, tell)
    middle = (height - 1) / 2
    top = np.rint(middle - swings[:, 1] * middle).astype(int)
    bottom = np.rint(middle - swings[:, 0] * middle).astype(int)
    rows = np.arange(height)[:, None]
    inked = (rows >= np.clip(top, 0, height - 1)) & (rows <= np.clip(bottom, 0, height - 1))
    pixels = np.where(inked[:, :, None], _INK, _GROUND).astype(np.uint8)
    return Image.fromarray(pixels)


def _swings(sound: Path, tell: Tell) -> tuple[np.ndarray, np.ndarray]:
    """Return lowest and highest sample of each hop."""
    lows: list[np.ndarray] = []
    highs: list[np.ndarray] = []
    rest = np.zeros((2, 0), dtype=np.float32)
    heard = Heard(tell, told_samples(sound, _RATE))
    for block in heard.through(sound_blocks(sound, _RATE, 2)):
        both = np.concatenate([rest, block], axis=1)
        whole = both.shape[1] // _HOP * _HOP
        hops = both[:, :whole].reshape(2, -1, _HOP)
        lows.append(hops.min(axis=(0, 2)))
        highs.append(hops.max(axis=(0, 2)))
        rest = both[:, whole:]
    if rest.shape[1]:
        lows.append(rest.min(keepdims=True)[0])
        highs.append(rest.max(keepdims=True)[0])
    low, high = (np.concatenate(each) if each else np.zeros(0) for each in (lows, highs))
    if not low.size:
        message = f"{sound.name} holds no sound that can be decoded."
        raise MediaError(message, action="Give a file with a sound track.")
    return low, high
