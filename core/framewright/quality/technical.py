"""The technical gate: is a result a whole file of the right kind, size and length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.domain.finding import Finding, Severity
from framewright.domain.media import MediaInfo, MediaKind
from framewright.errors import MediaError, NotFoundError
from framewright.media.images import open_image
from framewright.media.inspect import is_blank, is_sound_silent, is_video_blank
from framewright.media.probe import probe, span_of
from framewright.media.shape import parse_ratio

if TYPE_CHECKING:
    from pathlib import Path

_RATIO_TOLERANCE = 0.02
_SECONDS_TOLERANCE = 0.25
_LENGTH_TOLERANCE = 0.05
_SIDE_TOLERANCE = 1
"""Video needs even sides, so that one pixel may be missing."""


@dataclass(frozen=True)
class Expectation:
    """What was asked for; None is what was left open."""

    kind: MediaKind
    width: int | None = None
    height: int | None = None
    aspect_ratio: str | None = None
    """Two numbers, for example `16:9`."""
    duration_seconds: float | None = None
    may_be_flat: bool = False
    """Whether one flat colour is a good picture: where it is made of a picture that was given."""


def review(path: Path, expected: Expectation) -> tuple[MediaInfo, tuple[Finding, ...]]:
    """Return what the result is, and what is wrong with it, the worst first.

    Errors: `result_unreadable`, `result_wrong_kind`, `result_empty`, `result_blank`,
    `result_silent`. Warnings: `result_wrong_size`, `result_wrong_duration`. What cannot be read
    is described as far as the file system goes.
    """
    size = path.stat().st_size if path.is_file() else 0
    unknown = MediaInfo(
        kind=expected.kind, mime="application/octet-stream", container="unknown", bytes=size
    )
    if path.is_file() and not size:
        return unknown, (_error("result_empty", "The result is an empty file."),)
    if expected.kind in {MediaKind.TEXT, MediaKind.MODEL3D}:
        # These have no picture or sound to look into.
        return unknown, ()
    try:
        info = probe(path)
        found = [*_kind(info, expected), *_length(info), *_content(path, info, expected)]
    except (MediaError, NotFoundError) as error:
        return unknown, (
            _error("result_unreadable", f"The result cannot be read: {error.message}"),
        )
    if not any(finding.code in {"result_wrong_kind", "result_empty"} for finding in found):
        found += [*_size(info, expected), *_duration(info, expected)]
    return info, tuple(found)


def _kind(info: MediaInfo, expected: Expectation) -> list[Finding]:
    if info.kind is expected.kind:
        return []
    message = f"The result is {_named(info.kind)} and not {_named(expected.kind)}."
    return [_error("result_wrong_kind", message)]


def _length(info: MediaInfo) -> list[Finding]:
    if info.kind is MediaKind.IMAGE or (info.duration and info.duration.value > 0):
        return []
    return [_error("result_empty", f"The {info.kind.value} has a length of zero.")]


def _content(path: Path, info: MediaInfo, expected: Expectation) -> list[Finding]:
    if info.kind is MediaKind.AUDIO:
        if is_sound_silent(path):
            return [_error("result_silent", "Nothing can be heard in the result: it is silent.")]
        return []
    if info.kind is MediaKind.VIDEO and (broken := _broken_off(path, info)):
        return broken
    if expected.may_be_flat:
        return []
    blank = is_blank(open_image(path)) if info.kind is MediaKind.IMAGE else is_video_blank(path)
    if blank:
        return [_error("result_blank", "Nothing can be seen in the result: one flat colour.")]
    return []


def _broken_off(path: Path, info: MediaInfo) -> list[Finding]:
    """Return what to say of a download that stopped half-way, though its header is whole."""
    there = float(span_of(path).length)
    told = info.duration.seconds if info.duration else 0.0
    if there >= told * (1 - _LENGTH_TOLERANCE) - _SECONDS_TOLERANCE:
        return []
    message = f"The result breaks off after {there:.2f} of {told:.2f} seconds."
    return [_error("result_unreadable", message)]


def _size(info: MediaInfo, expected: Expectation) -> list[Finding]:
    if info.width is None or info.height is None:
        return []
    shown = f"The result is {info.width}x{info.height} pixels"
    sides = ((info.width, expected.width), (info.height, expected.height))
    if any(wanted and abs(side - wanted) > _SIDE_TOLERANCE for side, wanted in sides):
        wanted = f"{expected.width or 'any'}x{expected.height or 'any'}"
        return [_warning("result_wrong_size", f"{shown}; {wanted} was asked for.")]
    if expected.aspect_ratio:
        ratio = float(parse_ratio(expected.aspect_ratio))
        if abs(info.width / info.height - ratio) > ratio * _RATIO_TOLERANCE:
            message = f"{shown}; the shape {expected.aspect_ratio} was asked for."
            return [_warning("result_wrong_size", message)]
    return []


def _duration(info: MediaInfo, expected: Expectation) -> list[Finding]:
    wanted = expected.duration_seconds
    if wanted is None or info.duration is None:
        return []
    seconds = info.duration.seconds
    if abs(seconds - wanted) <= max(_SECONDS_TOLERANCE, wanted * _LENGTH_TOLERANCE):
        return []
    message = f"The result is {seconds:.2f} seconds long; {wanted:g} were asked for."
    return [_warning("result_wrong_duration", message)]


def _named(kind: MediaKind) -> str:
    article = "an" if kind in {MediaKind.IMAGE, MediaKind.AUDIO} else "a"
    names = {MediaKind.AUDIO: "audio file", MediaKind.MODEL3D: "3D model"}
    return f"{article} {names.get(kind, kind.value)}"


def _error(code: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.ERROR, message=message)


def _warning(code: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, message=message)
