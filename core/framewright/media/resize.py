"""Bringing a video to another size or shape without stretching it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.errors import MediaError
from framewright.media.render import Film, render, whole_sound
from framewright.media.shape import Fit, even, target_size
from framewright.media.source import examine, sound_rate_of, steady_pictures
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from pathlib import Path

_SMALLEST = 16
_LARGEST = 8192


def resize_video(
    video: Path,
    target: Path,
    *,
    width: int | None = None,
    height: int | None = None,
    aspect_ratio: str | None = None,
    how: Fit = "contain",
    tell: Tell = silent,
) -> None:
    """Write the video fitted into another frame; see `shape.target_size`.

    `contain` adds black bars and `cover` cuts edges off. Odd sides lose a pixel.
    """
    tell(0.0)
    source = examine(video)
    wanted = target_size(
        (source.width, source.height),
        width=width,
        height=height,
        aspect_ratio=aspect_ratio,
        how=how,
    )
    size = (even(wanted[0]), even(wanted[1]))
    if min(size) < _SMALLEST or max(size) > _LARGEST:
        message = f"{video.name} cannot become {wanted[0]}x{wanted[1]} pixels."
        raise MediaError(message, action=f"Choose sides from {_SMALLEST} to {_LARGEST} pixels.")
    count = source.count(source.rate)
    film = Film(*size, source.rate, count, sound_rate_of([source]))
    pictures = steady_pictures(source, size, source.rate, count, how=how)
    render(film, target, pictures, whole_sound(source, film), tell)
