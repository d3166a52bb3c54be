"""Camera moves over a picture: eased, smooth below the pixel, the same every time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MOVES = ("still", "push-in", "pull-out", "pan-left", "pan-right", "tilt-up", "tilt-down", "orbit")
_TOLD = (
    ("push-in", r"push(?:es|ing)?[ -]?in|zoom(?:s|ing)? in|doll(?:y|ies) in|closer|slow zoom"),
    (
        "pull-out",
        r"pull(?:s|ing)?[ -]?(?:out|back)|zoom(?:s|ing)? out|reveal|aerial|flying over",
    ),
    ("pan-left", r"pan(?:s|ning)?(?: to the)? left"),
    ("pan-right", r"pan(?:s|ning)?(?: to the)? right|camera pans?"),
    ("tilt-up", r"tilt(?:s|ing)? up|crane up|rises? up"),
    ("tilt-down", r"tilt(?:s|ing)? down|crane down"),
    ("orbit", r"orbit|circl(?:es|ing)|around the"),
    ("still", r"static|locked|tripod|no camera movement"),
)
_GENTLE = ("push-in", "push-in", "pull-out", "orbit", "pan-right", "pan-left")
ZOOM = 0.12
"""How far a move goes, as a part of the frame."""

View = tuple[float, float, float]
"""Middle of what is seen, x and y as parts of the frame, and its size: 1 is everything."""


def choose_move(prompt: str, seed: int) -> str:
    """Return the move a prompt asks for, or a gentle one by chance."""
    for move, words in _TOLD:
        if re.search(rf"\b(?:{words})", prompt[:4_000], re.IGNORECASE):
            return move
    return _GENTLE[int(np.random.Generator(np.random.PCG64(seed)).integers(len(_GENTLE)))]


def view_at(move: str, share: float) -> View:
    """Return what the camera sees when a share of the move is over, 0 to 1."""
    t = eased(share)
    inside, room = 1 - ZOOM, ZOOM / 2
    match move:
        case "push-in":
            return 0.5, 0.5 - 0.02 * t, 1 - ZOOM * t
        case "pull-out":
            return 0.5, 0.5 - 0.02 * (1 - t), min(1.0, inside + ZOOM * t)
        case "pan-left":
            return 0.5 + room * (1 - 2 * t), 0.5, inside
        case "pan-right":
            return 0.5 - room * (1 - 2 * t), 0.5, inside
        case "tilt-up":
            return 0.5, 0.5 + room * (1 - 2 * t), inside
        case "tilt-down":
            return 0.5, 0.5 - room * (1 - 2 * t), inside
        case "orbit":
            return (
                0.5 + 0.8 * room * np.sin(np.pi * (t - 0.5)),
                0.5,
                inside - 0.02 * np.sin(np.pi * t),
            )
        case _:
            # A held camera still breathes: a frozen frame looks like a fault.
            return 0.5, 0.5, 1 - 0.008 * (1 - np.cos(2 * np.pi * share)) / 2


def move_frames(
    image: NDArray[np.uint8], move: str, *, frames: int, seed: int
) -> Iterator[NDArray[np.uint8]]:
    """Yield the frames of a move over a picture, each of the picture's size."""
    del seed
    picture = Image.fromarray(image)
    width, height = picture.size
    for number in range(frames):
        x, y, size = view_at(move, number / max(1, frames - 1))
        box = seen((width, height), x, y, size)
        turned = picture.resize((width, height), Image.Resampling.BICUBIC, box=box)
        yield np.asarray(turned)


def seen(
    frame: tuple[int, int], x: float, y: float, size: float
) -> tuple[float, float, float, float]:
    """Return the box of a view in pixels, kept inside the frame."""
    width, height = frame
    wide, high = width * size, height * size
    left = min(max(0.0, x * width - wide / 2), width - wide)
    top = min(max(0.0, y * height - high / 2), height - high)
    return left, top, left + wide, top + high


def eased(share: float) -> float:
    """Return the share of the way after a share of the time: slow at both ends."""
    t: Any = min(1.0, max(0.0, share))
    return min(1.0, float(t * t * t * (t * (6 * t - 15) + 10)))
