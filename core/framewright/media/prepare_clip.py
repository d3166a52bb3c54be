"""Videos made to fit what somebody takes: format, size in pixels, size in bytes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from framewright.errors import MediaError, StorageError
from framewright.media.forms import FILMS
from framewright.media.probe import probe
from framewright.media.progress import Tries
from framewright.media.read_back import read_back
from framewright.media.render import Film, Piece, assembled, render
from framewright.media.replacing import replacing
from framewright.media.sound_stream import sound_blocks
from framewright.media.source import examine, sound_rate_of, steady_pictures
from framewright.media.stream_copy import can_carry, copy_streams
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from framewright.domain.media import MediaInfo
    from framewright.media.sound_stream import Samples
    from framewright.media.source import Source

WRITABLE = tuple(FILMS)
"""Formats videos are written in, the most widely taken first."""
_LEAST_SIDE = 64
_MOST_SIDE = 8_192
_THIN_BITS, _LEAST_BITS = 0.03, 0.01
"""Bits for a pixel of a frame: with fewer the picture is made smaller, then it is refused."""
_SOUND_BITS, _LEAST_SOUND_BITS = 160_000, 32_000
_SOUND_SHARE = 0.15
_HEADROOM = 0.95
_MISSED = 1.25
"""So many times the bytes: the encoder can not do it at this size, whatever rate it is told."""
_FRAME_BYTES = 24
"""About what a container says of each frame and its sound."""
_TRIES = 4
_SHARE = 0.7
"""Of the progress that is left, for a try that may not be the last."""


@dataclass(frozen=True, slots=True)
class _Limits:
    """What is taken; None is no limit."""

    max_bytes: int | None
    max_pixels: int | None
    max_side: int | None
    min_side: int | None

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Return the size nearest to this one that is taken: same shape, both sides even."""
        scale = 1.0
        if self.max_side is not None:
            scale = min(scale, self.max_side / max(width, height))
        if self.max_pixels is not None:
            scale = min(scale, math.sqrt(self.max_pixels / (width * height)))
        if scale == 1.0 and self.min_side is not None:
            scale = max(scale, self.min_side / min(width, height))
        size = _even(width * scale, height * scale, math.floor)
        if self.min_side is not None and min(size) < self.min_side:
            size = _even(width * scale, height * scale, math.ceil)
        too_large = max(size) > min(self.max_side or _MOST_SIDE, _MOST_SIDE)
        too_many = self.max_pixels is not None and size[0] * size[1] > self.max_pixels
        if too_large or too_many or min(size) < (self.min_side or 2):
            message = f"At {width} x {height} it is too long and thin for the sizes that are taken."
            raise MediaError(message, action="Crop it to a shape that is nearer to a square.")
        return size


def prepare_clip(
    source: Path,
    target: Path,
    *,
    formats: Sequence[str] = (),
    max_bytes: int | None = None,
    max_pixels: int | None = None,
    max_side: int | None = None,
    min_side: int | None = None,
    tell: Tell = silent,
) -> tuple[str, MediaInfo]:
    """Write the video so that it keeps to the limits; return its format and what was written.

    Where only the container is another, its streams are copied as they are. Otherwise it keeps
    its shape, length and frame rate. Quality falls before size does, both to a limit. Raises
    `MediaError` where no writable format is taken or the limits leave no picture; the target is
    then as it was.
    """
    limits = _Limits(max_bytes, max_pixels, max_side, min_side)
    able = [each for each in WRITABLE if not formats or each in formats]
    if not able:
        message = f"It would have to be {' or '.join(formats)}, which is not written here."
        raise MediaError(message, action=f"Convert it, or use a model that takes {WRITABLE[0]}.")
    before, clip = probe(source), examine(source)
    size = limits.size(clip.width, clip.height)
    tries = Tries(tell)
    with replacing(target) as draft:
        made = None
        if size == (clip.width, clip.height):
            made = _copied(source, draft, able, before, max_bytes, tries)
        if made is None:
            if not _written(clip, _film(clip, size, able[0]), draft, limits, tries):
                message = (
                    f"It can not be made {able[0]} of at most {max_bytes:,} bytes without "
                    "falling apart."
                )
                raise MediaError(message, action="Give a shorter video.")
            made = able[0], read_back(draft, before)
        tell(1.0)
    return made


def _copied(
    source: Path,
    draft: Path,
    able: Sequence[str],
    before: MediaInfo,
    max_bytes: int | None,
    tries: Tries,
) -> tuple[str, MediaInfo] | None:
    """Write its streams as they are into a file that is taken; None where that gives none."""
    if max_bytes is not None and before.bytes > max_bytes:
        return None
    form = next((each for each in able if can_carry(source, FILMS[each])), None)
    if form is None:
        return None
    try:
        copy_streams(source, draft, FILMS[form], tries.next(_SHARE))
        after = read_back(draft, before)
    except (MediaError, StorageError):
        # What can not be carried over as it is can still be made anew.
        return None
    same = (after.width, after.height) == (before.width, before.height)
    fits = max_bytes is None or after.bytes <= max_bytes
    return (form, after) if same and fits else None


def _film(clip: Source, size: tuple[int, int], name: str) -> Film:
    form = FILMS[name]
    rate = sound_rate_of([clip])
    if rate is not None and form.sound.rates and rate not in form.sound.rates:
        rate = form.sound.rates[-1]
    return Film(*size, clip.rate, clip.count(clip.rate), rate, form)


def _written(clip: Source, film: Film, draft: Path, limits: _Limits, tries: Tries) -> bool:
    """Write the film, smaller at each try until it fits; False where it can not be so small."""
    most = limits.max_bytes
    if most is None:
        _render(clip, film, draft, tries.next(1.0))
        return True
    room = float((most - film.frames * _FRAME_BYTES) * 8 * film.fps / film.frames) * _HEADROOM
    scale = 1.0
    for _ in range(_TRIES):
        each = _within(film, room, scale, limits)
        if each is None:
            return False
        _render(clip, each, draft, tries.next(_SHARE))
        size = draft.stat().st_size
        if size <= most:
            return True
        room *= 0.8
        if size > most * _MISSED:
            scale *= math.sqrt(most / size)
    return False


def _render(clip: Source, film: Film, target: Path, tell: Tell) -> None:
    pictures = steady_pictures(clip, (film.width, film.height), film.fps, film.frames)
    render(film, target, pictures, _whole_sound(clip, film), tell)


def _within(film: Film, room: float, scale: float, limits: _Limits) -> Film | None:
    """Return the film for so many bits per second, smaller where they are few for its size."""
    sound = 0
    if film.sound_rate is not None:
        sound = round(min(_SOUND_BITS, max(_LEAST_SOUND_BITS, room * _SOUND_SHARE)))
    # The encoder may spend one second's bits more than its rate: that is much of a short clip.
    picture = (room - sound) / (1 + film.fps / max(film.frames, 1))
    thin = float(film.width * film.height * film.fps) * _THIN_BITS
    scale = min(scale, math.sqrt(max(picture, 0) / thin))
    width, height = film.width, film.height
    if scale < 1:
        least = max(limits.min_side or 0, _LEAST_SIDE) / min(width, height)
        rounding = math.floor if scale > least else math.ceil
        scale = min(1.0, max(least, scale))
        width, height = _even(width * scale, height * scale, rounding)
    if picture < float(width * height * film.fps) * _LEAST_BITS:
        return None
    return replace(
        film, width=width, height=height, picture_bits=round(picture), sound_bits=sound or None
    )


def _whole_sound(clip: Source, film: Film) -> Iterator[Samples] | None:
    """Return the clip's own sound, all of it, also where it goes on beyond its picture."""
    if film.sound_rate is None:
        return None
    start = clip.span.start
    samples = sum(part.shape[1] for part in sound_blocks(clip.path, film.sound_rate, 2, start))
    end = max(samples, film.samples(film.frames))
    return assembled([Piece(clip.path, start, 0, end)], film.sound_rate)


def _even(width: float, height: float, rounding: Callable[[float], int]) -> tuple[int, int]:
    # 1080 * (720 / 1080) is a little less than 720.
    halves = (rounding(round(side / 2, 6)) for side in (width, height))
    across, down = (max(2, 2 * half) for half in halves)
    return across, down
