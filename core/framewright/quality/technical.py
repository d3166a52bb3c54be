"""The technical gate: is a result a whole file of the right kind, size, length and rate.

It is decoded to its end; whatever is wrong is said with the figure that was measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.domain.finding import Finding, Severity
from framewright.domain.measures import Measures
from framewright.domain.media import MediaInfo, MediaKind
from framewright.errors import MediaError, NotFoundError
from framewright.media.images import open_image
from framewright.media.inspect import is_blank, is_video_blank
from framewright.media.levels import SILENCE_DBFS
from framewright.media.probe import probe, span_of
from framewright.media.shape import parse_ratio
from framewright.quality.measures import measure
from framewright.quality.review import Expectation, Review

if TYPE_CHECKING:
    from pathlib import Path

_RATIO_TOLERANCE = 0.02
_SECONDS_TOLERANCE = 0.25
_LENGTH_TOLERANCE = 0.05
_RATE_TOLERANCE = 0.02
_SIDE_TOLERANCE = 1
"""Video needs even sides, so that one pixel may be missing."""
_MOST_DAMAGED = 0.05
"""More damage than this share of all frames is seen by everybody."""
_MOST_BLACK = 0.5
_ALL_STILL = 0.95
_FEW_CLIPPED = 2
"""So many places at full scale may be meant."""


def review(path: Path, expected: Expectation) -> Review:
    """Look into a result, all of it.

    Errors: `result_unreadable`, `result_wrong_kind`, `result_empty`, `result_blank`,
    `result_silent`, `result_damaged`. Warnings: `result_wrong_size`, `result_wrong_duration`,
    `result_wrong_rate`, `result_damaged` where it is little, `result_black`, `result_frozen`,
    `result_clipped`. What cannot be read is described as far as the file system goes.
    """
    size = path.stat().st_size if path.is_file() else 0
    unknown = MediaInfo(
        kind=expected.kind, mime="application/octet-stream", container="unknown", bytes=size
    )
    if path.is_file() and not size:
        return Review(
            unknown, Measures(), (_error("result_empty", "The result is an empty file."),)
        )
    if expected.kind is MediaKind.TEXT:
        # There is no picture or sound to look into.
        return Review(unknown, Measures(), ())
    try:
        info = probe(path)
        if info.kind is MediaKind.MODEL3D:
            # Reading it looked at every triangle.
            return Review(info, Measures(), tuple(_kind(info, expected)))
        measures = measure(path, info)
        found = [*_kind(info, expected), *_length(info)]
        found += _content(path, info, measures, expected)
    except (MediaError, NotFoundError) as error:
        told = f"The result cannot be read: {error.message}"
        return Review(unknown, Measures(), (_error("result_unreadable", told),))
    if not any(finding.code in {"result_wrong_kind", "result_empty"} for finding in found):
        found += [*_size(info, expected), *_duration(info, expected), *_rate(measures, expected)]
    found.sort(key=lambda finding: finding.severity is not Severity.ERROR)
    return Review(info, measures, tuple(found))


def _kind(info: MediaInfo, expected: Expectation) -> list[Finding]:
    if info.kind is expected.kind:
        return []
    message = f"The result is {_named(info.kind)} and not {_named(expected.kind)}."
    return [_error("result_wrong_kind", message)]


def _length(info: MediaInfo) -> list[Finding]:
    if info.kind is MediaKind.IMAGE or (info.duration and info.duration.value > 0):
        return []
    return [_error("result_empty", f"The {info.kind.value} has a length of zero.")]


def _content(
    path: Path, info: MediaInfo, measures: Measures, expected: Expectation
) -> list[Finding]:
    if info.kind is MediaKind.AUDIO:
        return [*_heard(measures), *_whole(measures)]
    if info.kind is MediaKind.IMAGE:
        if expected.may_be_flat or not is_blank(open_image(path)):
            return []
        return [_blank()]
    if broken := _broken_off(path, info):
        return broken
    found = _damaged(measures)
    if not expected.may_be_flat and is_video_blank(path):
        return [_blank(), *found]
    # In a picture that was given, black and still are what was asked for.
    return [*found, *_seen(measures, expected), *_beside(measures)]


def _heard(measures: Measures) -> list[Finding]:
    sound = measures.sound
    if sound is None or sound.peak_dbfs < SILENCE_DBFS:
        return [_error("result_silent", "Nothing can be heard in the result: it is silent.")]
    return _clipped(measures)


def _beside(measures: Measures) -> list[Finding]:
    """Return what to say of the sound of a video."""
    sound = measures.sound
    if sound is None:
        return []
    if sound.peak_dbfs < SILENCE_DBFS:
        return [_warning("result_silent", "Nothing can be heard in the video: it is silent.")]
    return [*_whole(measures), *_clipped(measures)]


def _whole(measures: Measures) -> list[Finding]:
    """Return what to say of sound that breaks off, or of which parts can not be decoded."""
    sound = measures.sound
    if sound is None:
        return []
    told = sound.told_seconds or 0.0
    if sound.seconds < told * (1 - _LENGTH_TOLERANCE) - _SECONDS_TOLERANCE:
        message = f"The sound breaks off after {sound.seconds:.2f} of {told:.2f} seconds."
        return [_error("result_unreadable", message)]
    if not sound.damaged:
        return []
    message = f"{sound.damaged} of {sound.packets + sound.damaged} packets of sound are damaged."
    much = sound.damaged > _MOST_DAMAGED * (sound.packets + sound.damaged)
    return [(_error if much else _warning)("result_damaged", message)]


def _clipped(measures: Measures) -> list[Finding]:
    if measures.sound is None or measures.sound.clipped <= _FEW_CLIPPED:
        return []
    message = f"The sound is clipped in {measures.sound.clipped} places."
    return [_warning("result_clipped", message)]


def _damaged(measures: Measures) -> list[Finding]:
    picture = measures.picture
    if picture is None or not picture.damaged:
        return []
    message = f"{picture.damaged} of {picture.frames + picture.damaged} frames are damaged."
    much = picture.damaged > _MOST_DAMAGED * (picture.frames + picture.damaged)
    return [(_error if much else _warning)("result_damaged", message)]


def _seen(measures: Measures, expected: Expectation) -> list[Finding]:
    picture = measures.picture
    if picture is None:
        return []
    found = []
    of = f"of {picture.seconds:.2f} seconds"
    if picture.black_seconds > _MOST_BLACK * picture.seconds and not expected.may_be_flat:
        message = f"The picture is black for {picture.black_seconds:.2f} {of}."
        found.append(_warning("result_black", message))
    if expected.must_move and picture.still_seconds >= _ALL_STILL * picture.seconds:
        message = f"The picture stands still for {picture.still_seconds:.2f} {of}."
        found.append(_warning("result_frozen", message))
    return found


def _blank() -> Finding:
    return _error("result_blank", "Nothing can be seen in the result: one flat colour.")


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


def _rate(measures: Measures, expected: Expectation) -> list[Finding]:
    picture, wanted = measures.picture, expected.fps
    if wanted is None or picture is None or abs(picture.fps - wanted) <= wanted * _RATE_TOLERANCE:
        return []
    message = f"The result has {picture.fps:.2f} frames a second; {wanted:g} were asked for."
    return [_warning("result_wrong_rate", message)]


def _named(kind: MediaKind) -> str:
    article = "an" if kind in {MediaKind.IMAGE, MediaKind.AUDIO} else "a"
    names = {MediaKind.AUDIO: "audio file", MediaKind.MODEL3D: "3D model"}
    return f"{article} {names.get(kind, kind.value)}"


def _error(code: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.ERROR, message=message)


def _warning(code: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, message=message)
