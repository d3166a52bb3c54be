"""Whether a file is as a model takes it: a pure decision, in words where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.catalog.limits import plain_format
from framewright.domain.media import MediaKind
from framewright.errors import InputError

if TYPE_CHECKING:
    from framewright.catalog.limits import MediaLimits
    from framewright.domain.media import MediaInfo
    from framewright.store.assets import StoredFile

_NEAR_SECONDS = 0.05
"""Codecs fill up their last block: a clip of ten seconds may hold so much more."""
_NO_SUFFIX = ".bin"


def taken(kind: MediaKind, limits: MediaLimits) -> tuple[str, ...]:
    """Return the formats that are taken, as files of this kind call them."""
    if kind is MediaKind.AUDIO:
        # Sound alone in an MP4 goes by another name.
        return tuple(dict.fromkeys("m4a" if form == "mp4" else form for form in limits.formats))
    return limits.formats


def unfit(file: StoredFile, limits: MediaLimits) -> str | None:
    """Return what keeps a file from being taken, in words; None where nothing does."""
    info = file.info
    form = plain_format(info.container if file.suffix == _NO_SUFFIX else file.suffix)
    formats = taken(info.kind, limits)
    shape = [form] if formats and form not in formats else []
    if _wrong_size(info, limits):
        shape.append(f"{info.width} x {info.height}")
    words = [f"is {', '.join(shape)}"] if shape else []
    if limits.max_bytes is not None and info.bytes > limits.max_bytes:
        words.append(f"has {info.bytes:,} bytes")
    return " and ".join(words) or None


def _wrong_size(info: MediaInfo, limits: MediaLimits) -> bool:
    if info.width is None or info.height is None:
        return False
    sides = (info.width, info.height)
    too_large = limits.max_side is not None and max(sides) > limits.max_side
    too_many = limits.max_pixels is not None and sides[0] * sides[1] > limits.max_pixels
    too_small = limits.min_side is not None and min(sides) < limits.min_side
    return too_large or too_many or too_small


def wrong_length(info: MediaInfo, limits: MediaLimits, step: str, field: str) -> None:
    """Raise `InputError` for what is too long or too short, which nobody else may decide to cut."""
    if info.duration is None:
        return
    seconds = info.duration.seconds
    most, least = limits.max_seconds, limits.min_seconds
    if most is not None and seconds > most + _NEAR_SECONDS:
        told, action = f"at most {most:g}", f"Trim it to {most:g} seconds, or use another model."
    elif least is not None and seconds < least - _NEAR_SECONDS:
        told, action = f"at least {least:g}", "Give a longer one, or use another model."
    else:
        return
    what = f"{step}: the {info.kind} for {field} is {seconds:.2f} seconds long"
    raise InputError(f"{what}; its model takes {told}.", action=action)
