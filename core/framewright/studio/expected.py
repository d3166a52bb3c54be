"""What a person says a file is to be, in words such as `size=1280x720`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from framewright.domain.media import MediaKind
from framewright.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a file is to be; None for what is left open."""

    kind: MediaKind | None = None
    size: tuple[int, int] | None = None
    ratio: str | None = None
    """Two numbers, for example `16:9`."""
    duration: float | None = None
    """In seconds."""
    fps: float | None = None
    moves: bool = False

    @classmethod
    def read(cls, written: Sequence[str]) -> Expected:
        """Read what `--expect` says, such as `size=1280x720`; raises `InputError`."""
        found: dict[str, Any] = {}
        for each in written:
            name, _, value = each.partition("=")
            try:
                found[name] = _EXPECTED[name](value)
            except (KeyError, ValueError) as error:
                action = "Write kind=video, size=1280x720, ratio=16:9, duration=5, fps=24, moves."
                raise InputError(f"--expect {each} says nothing.", action=action) from error
        return cls(**found)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    return _above_zero(int(width)), _above_zero(int(height))


def _ratio(text: str) -> str:
    for part in text.split(":", 1):
        _above_zero(float(part))
    if text.count(":") != 1:
        raise ValueError(text)
    return text


def _positive(text: str) -> float:
    return _above_zero(float(text))


def _above_zero(number: _Number) -> _Number:
    if not 0 < number < math.inf:
        raise ValueError(number)
    return number


def _flag(text: str) -> bool:
    if text not in {"", "yes", "true"}:
        raise ValueError(text)
    return True


_EXPECTED: dict[str, Callable[[str], Any]] = {
    "kind": MediaKind,
    "size": _size,
    "ratio": _ratio,
    "duration": _positive,
    "fps": _positive,
    "moves": _flag,
}
