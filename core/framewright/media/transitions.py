"""How one shot gives way to the next: what stands between a leaving and a coming picture."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal, get_args

from framewright.errors import MediaError
from framewright.media.picture import Planes, black, blend, split

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

Transition = Literal[
    "cut",
    "crossfade",
    "fade-black",
    "wipe-left",
    "wipe-right",
    "wipe-up",
    "wipe-down",
    "slide-left",
    "slide-right",
    "slide-up",
    "slide-down",
]
"""A cut, a blend, a fade through black; or the coming picture is uncovered (wipe) or pushes the
leaving one out (slide), the edge between them moving where the name says."""
TRANSITIONS: tuple[Transition, ...] = get_args(Transition)
_MIDDLE = Fraction(1, 2)


def checked_transition(name: str, seconds: float) -> Transition:
    """Return the transition of a name; raises `MediaError` for none, and beyond 60 seconds."""
    found: Transition | None = next((each for each in TRANSITIONS if each == name), None)
    if found is None:
        message = f"There is no transition called {name!r}."
        raise MediaError(message, action=f"Use one of {', '.join(TRANSITIONS)}.")
    if not 0 <= seconds <= 60:
        message = f"A transition of {seconds:g} seconds is not possible."
        raise MediaError(message, action="Give 0 to 60 seconds.")
    return found


def between(name: Transition, before: Planes, after: Planes, share: Fraction) -> Planes:
    """Return the picture at a share from 0 (all `before`) to 1 (all `after`) of the way."""
    if name == "fade-black":
        height, width = before.shape[0] * 2 // 3, before.shape[1]
        dark = black(width, height)
        if share < _MIDDLE:
            return blend(before, dark, share * 2)
        return blend(dark, after, share * 2 - 1)
    if name == "crossfade":
        return blend(before, after, share)
    kind, _, way = name.partition("-")
    made = before.copy()
    put = _wiped if kind == "wipe" else _slid
    # Turned so that the edge always moves from right to left.
    turn = _TURNS[way]
    planes = [[turn(plane) for plane in split(each)] for each in (before, after, made)]
    # The colours are half as fine as the brightness: both have to agree on one place.
    edge = round((1 - share) * planes[0][-1].shape[1])
    for fineness, old, new, target in zip((2, 1, 1), *planes, strict=True):
        put(old, new, target, edge * fineness)
    return made


def _wiped(old: np.ndarray, new: np.ndarray, target: np.ndarray, edge: int) -> None:
    del old
    target[:, edge:] = new[:, edge:]


def _slid(old: np.ndarray, new: np.ndarray, target: np.ndarray, edge: int) -> None:
    gone = target.shape[1] - edge
    target[:, :edge] = old[:, gone:]
    target[:, edge:] = new[:, :gone]


_TURNS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "left": lambda plane: plane,
    "right": lambda plane: plane[:, ::-1],
    "up": lambda plane: plane.T,
    "down": lambda plane: plane[::-1].T,
}
