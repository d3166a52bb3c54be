"""The forms in which files are written: each a container with the codecs that belong in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_THREADS = "4"
"""Fixed, because encoders divide a picture differently with another number."""


@dataclass(frozen=True, slots=True)
class SoundCodec:
    """How sound is encoded."""

    encoder: str
    samples: str
    """The form of samples that the encoder takes."""
    rates: tuple[int, ...] = ()
    """Samples per second that can be written; empty for any."""
    bits: int | None = 192_000
    """Bits per second unless others are asked for; None loses nothing and takes what it takes."""


@dataclass(frozen=True, slots=True)
class PictureCodec:
    """How moving pictures are encoded."""

    encoder: str
    options: Mapping[str, str]
    rated: bool = False
    """Whether its quality is only kept to where its bit rate is said too, 0 for any."""
    keyframe_seconds: Fraction = Fraction(2)
    """How far apart frames are, at most, that can be decoded without those before them."""


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of file."""

    muxer: str
    sound: SoundCodec
    picture: PictureCodec | None = None
    """None for files of sound alone."""
    options: Mapping[str, str] = field(default_factory=dict)
    own_clock: str | None = None
    """The option that takes the ticks per second of the file, where it has any."""
    copied: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    """Codecs of picture and sound that players expect in this file, so that they may be copied."""


_AAC = SoundCodec(
    "aac",
    "fltp",
    (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000),
)
# A raw stream can not say that its first 1024 samples are the encoder's run-up: at these rates
# they are too short to matter.
_RAW_AAC = SoundCodec("aac", "fltp", (44_100, 48_000))
_OPUS = SoundCodec("libopus", "flt", (48_000,), 160_000)
_MP3 = SoundCodec("libmp3lame", "fltp", (16_000, 22_050, 24_000, 32_000, 44_100, 48_000))
_FLAC = SoundCodec("flac", "s16", bits=None)
_H264 = PictureCodec(
    "libx264",
    {
        # Clean to the eye at twice the speed of `faster`; clips are more often worked on than kept.
        "preset": "veryfast",
        "crf": "18",
        "threads": _THREADS,
        "flags": "+bitexact",
        # x264's macroblock tree reads memory it never wrote where a picture is not a multiple of
        # 128 pixels wide (20 encodes of one 320x180 clip gave a dozen different files).
        "x264-params": "mbtree=0",
    },
)
_VP9 = PictureCodec(
    "libvpx-vp9",
    {
        "deadline": "good",
        "cpu-used": "5",
        "crf": "24",
        "threads": _THREADS,
        "flags": "+bitexact",
    },
    rated=True,
)
_PLAIN = {
    "fflags": "+bitexact",
    # Sound may come long after its picture; both are still written side by side.
    "max_interleave_delta": "0",
}
_ISO = {"movflags": "+faststart", **_PLAIN}
_ISO_CODECS = (frozenset({"h264"}), frozenset({"aac"}))
_WEB_CODECS = (frozenset({"vp8", "vp9", "av1"}), frozenset({"opus", "vorbis"}))

MP4 = Form("mp4", _AAC, _H264, _ISO, "movie_timescale", _ISO_CODECS)
FILMS: Mapping[str, Form] = {
    "mp4": MP4,
    "webm": Form("webm", _OPUS, _VP9, _PLAIN, copied=_WEB_CODECS),
    "mov": Form("mov", _AAC, _H264, _ISO, "movie_timescale", _ISO_CODECS),
    "mkv": Form("matroska", _AAC, _H264, _PLAIN, copied=_ISO_CODECS),
}
"""Videos that are written, the most widely taken first."""
SOUNDS: Mapping[str, Form] = {
    "mp3": Form("mp3", _MP3, options=_PLAIN),
    "m4a": Form("ipod", _AAC, None, _ISO, "movie_timescale"),
    "ogg": Form("ogg", _OPUS, options=_PLAIN),
    "aac": Form("adts", _RAW_AAC, options=_PLAIN),
    "flac": Form("flac", _FLAC, options=_PLAIN),
}
"""Sounds that are written besides WAV, the most widely taken first."""
