"""What media are: kinds, exact time, and what a probe finds in a file."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from framewright.domain.value import Value

if TYPE_CHECKING:
    from fractions import Fraction


class MediaKind(StrEnum):
    """What an output is, whatever its file is called."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    MODEL3D = "model3d"
    TEXT = "text"


class RationalTime(Value):
    """An exact moment or length: `value` ticks at `rate` ticks per second; both are integers."""

    value: int
    rate: int = Field(gt=0)

    @classmethod
    def of(cls, seconds: Fraction) -> RationalTime:
        """Return the exact time of a fraction of seconds."""
        return cls(value=seconds.numerator, rate=seconds.denominator)

    @property
    def seconds(self) -> float:
        """The time in seconds, rounded to a double."""
        return self.value / self.rate


class VideoStream(Value):
    """The picture stream of a file, as a player shows it (rotation applied)."""

    codec: str
    width: int
    """Pixels across, after rotation."""
    height: int
    """Pixels down, after rotation."""
    pixel_format: str
    fps: RationalTime | None = None
    """Average frames per second as a fraction; absent where the file does not say."""
    frames: int | None = None
    """Frames that the container tells of, or those that decode where they were counted; absent
    where it does not say."""
    variable: bool | None = None
    """Whether frames follow each other at uneven distances (VFR); absent where no clock tells."""
    rotation: int = 0
    """Degrees the stored picture is turned before showing: 0, 90, 180 or 270."""
    colours: str | None = None
    """What its numbers mean, matrix and range, for example `bt709 limited`; absent for files
    that were probed before this was kept."""


class AudioStream(Value):
    """The sound stream of a file."""

    codec: str
    sample_rate: int
    """Samples per second and channel."""
    channels: int


class MediaInfo(Value):
    """What a probe found in one file."""

    kind: MediaKind
    mime: str
    """For example `video/mp4`, by content and not by file name."""
    container: str
    """The format's short name, for example `mp4`, `png` or `wav`."""
    bytes: int
    duration: RationalTime | None = None
    """Absent for images and text."""
    width: int | None = None
    height: int | None = None
    video: VideoStream | None = None
    audio: AudioStream | None = None


_SUFFIXES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/gif": ".gif",
    "image/bmp": ".bmp",
    "image/tiff": ".tif",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "video/x-matroska": ".mkv",
    "video/x-msvideo": ".avi",
    "video/mp2t": ".ts",
    "audio/wav": ".wav",
    "audio/x-wav": ".wav",
    "audio/mpeg": ".mp3",
    "audio/flac": ".flac",
    "audio/ogg": ".ogg",
    "audio/mp4": ".m4a",
    "audio/aac": ".aac",
    "model/gltf-binary": ".glb",
}


def suffix(info: MediaInfo) -> str:
    """Return the file name ending people expect for this content, with its dot."""
    return _SUFFIXES.get(info.mime, ".bin")
