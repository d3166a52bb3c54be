"""What is in a media file, by its content and not by its name."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from framewright.domain.media import AudioStream, MediaInfo, MediaKind, RationalTime, VideoStream
from framewright.errors import MediaError
from framewright.media import decode, model3d
from framewright.media.guards import check_file, moves, open_container, open_image_file
from framewright.media.pace import told_pace
from framewright.media.picture import colours_told
from framewright.media.shape import view_of
from framewright.media.span import Span, picture_span

if TYPE_CHECKING:
    from pathlib import Path

    from av.audio.stream import AudioStream as AvAudio
    from av.container import InputContainer
    from av.video.stream import VideoStream as AvVideo

_SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"\xff\xd8\xff"), "jpeg"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "webp"),
    (re.compile(rb"BM.{4}\0\0\0\0", re.DOTALL), "bmp"),
    (re.compile(rb".{4}ftypavi[fs]", re.DOTALL), "avif"),
    (re.compile(rb"II\*\0|MM\0\*"), "tiff"),
)
_ISO_NAMES = {"M4A ": "m4a", "M4B ": "m4a", "qt  ": "mov"}
_MIMES = {
    "mp4": ("video/mp4", "audio/mp4"),
    "mov": ("video/quicktime", "audio/mp4"),
    "m4a": ("video/mp4", "audio/mp4"),
    "webm": ("video/webm", "audio/webm"),
    "matroska": ("video/x-matroska", "audio/x-matroska"),
    "avi": ("video/x-msvideo", "audio/x-msvideo"),
    "mpegts": ("video/mp2t", "audio/mp2t"),
    "gif": ("image/gif", "image/gif"),
    "ogg": ("video/ogg", "audio/ogg"),
    "wav": ("audio/wav", "audio/wav"),
    "mp3": ("audio/mpeg", "audio/mpeg"),
    "flac": ("audio/flac", "audio/flac"),
    "aac": ("audio/aac", "audio/aac"),
}
_HEAD_BYTES = 64
"""Enough for every signature and for the document type of Matroska."""
_CODECS = {"libdav1d": "av1"}
_GUESSED_LENGTHS = {
    "mp3",
    "aac",
    "mpegts",
    "mpeg",
    "h264",
    "hevc",
    "m4v",
    "mpegvideo",
    "flv",
    "asf",
}
"""Containers whose headers do not say how long they are, so that FFmpeg estimates."""


def probe(path: Path, *, count: bool = False) -> MediaInfo:
    """Return what a file holds; raises `MediaError` where nothing in it can be shown or heard.

    An animated GIF is a video. A video's length is that of its picture. Headers and a few packets
    tell; with `count`, a video is decoded to its end, and its frames are those that decode.
    """
    check_file(path)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(model3d.SIGNATURE):
        return model3d.probe_model(path)
    image = next((name for pattern, name in _SIGNATURES if pattern.match(head)), None)
    if image is not None and not (image == "gif" and moves(path)):
        return _probe_image(path, image)
    with open_container(path) as container:
        info = _probe_container(path, container, head)
    return _counted(path, info) if count else info


def _probe_image(path: Path, container: str) -> MediaInfo:
    image = open_image_file(path)
    return MediaInfo(
        kind=MediaKind.IMAGE,
        mime=f"image/{container}",
        container=container,
        bytes=path.stat().st_size,
        width=image.width,
        height=image.height,
    )


def _probe_container(path: Path, container: InputContainer, head: bytes) -> MediaInfo:
    picture = decode.picture_stream(container)
    sound = decode.sound_stream(container)
    video = _probe_picture(container, picture) if picture is not None else None
    audio = _probe_sound(path, sound) if sound is not None else None
    if video is None and audio is None:
        message = f"{path.name} holds neither a picture nor a sound that can be decoded."
        raise MediaError(message)
    name = _container_name(container, head)
    kind = MediaKind.AUDIO if video is None else MediaKind.VIDEO
    mimes = _MIMES.get(name, (f"video/x-{name}", f"audio/x-{name}"))
    if video is not None and picture is not None:
        length = _picture_length(path, container, picture)
    else:
        length = _sound_length(path, container)
    return MediaInfo(
        kind=kind,
        mime=mimes[kind is MediaKind.AUDIO],
        container=name,
        bytes=path.stat().st_size,
        duration=RationalTime.of(length),
        width=video.width if video else None,
        height=video.height if video else None,
        video=_with_rate(path, video, length) if video else None,
        audio=audio,
    )


def _probe_picture(container: InputContainer, stream: AvVideo) -> VideoStream | None:
    found = next(decode.pictures(container, stream), None)
    if found is None:
        return None
    _, frame = found
    view = view_of(stream, frame)
    width, height = view.size(frame.width, frame.height)
    codec = stream.codec_context.name
    return VideoStream(
        codec=_CODECS.get(codec, codec),
        width=width,
        height=height,
        pixel_format=frame.format.name,
        fps=RationalTime.of(decode.nominal_rate(stream)),
        frames=stream.frames or None,
        rotation=view.turn.quarters * 90,
        colours=colours_told(frame),
    )


def _with_rate(path: Path, video: VideoStream, length: Fraction) -> VideoStream:
    with open_container(path) as container:
        pace = told_pace(container, decode.need_picture_stream(container, path.name))
    known: dict[str, object] = {"variable": None if pace is None else not pace.even}
    if video.frames and length:
        known["fps"] = RationalTime.of(video.frames / length)
    elif pace is not None and not pace.even:
        # What the header says is the rate that somebody meant, if any.
        known["fps"] = RationalTime.of((1 / pace.mean).limit_denominator(1001))
    return video.model_copy(update=known)


def _counted(path: Path, info: MediaInfo) -> MediaInfo:
    if info.video is None:
        return info
    span = span_of(path)
    frames = sum(1 for _ in decode.all_pictures(path))
    known: dict[str, object] = {"frames": frames}
    if span.pace is not None:
        known["variable"] = not span.pace.even
        known["fps"] = RationalTime.of(frames / span.length)
    video = info.video.model_copy(update=known)
    return info.model_copy(update={"video": video, "duration": RationalTime.of(span.length)})


def _probe_sound(path: Path, stream: AvAudio) -> AudioStream | None:
    # From a container of its own: decoding moved the first one forward.
    with open_container(path) as container:
        again = container.streams[stream.index]
        assert again.type == "audio"
        if next(decode.sounds(container, again), None) is None:  # type: ignore[arg-type]
            return None
    codec = stream.codec_context.name
    return AudioStream(
        codec=_CODECS.get(codec, codec),
        sample_rate=stream.codec_context.sample_rate,
        channels=stream.codec_context.channels,
    )


def _container_name(container: InputContainer, head: bytes) -> str:
    name = container.format.name
    if name.startswith("mov,"):
        return _ISO_NAMES.get(container.metadata.get("major_brand", ""), "mp4")
    if name.startswith("matroska,"):
        return "webm" if b"webm" in head else "matroska"
    return name.split(",")[0]


def _picture_length(path: Path, container: InputContainer, stream: AvVideo) -> Fraction:
    known = container.format.name not in _GUESSED_LENGTHS
    if known and stream.duration and stream.time_base:
        return stream.duration * Fraction(stream.time_base)
    if known and container.duration and len(container.streams) == 1:
        return Fraction(container.duration, 1_000_000)
    return span_of(path).length


def span_of(path: Path) -> Span:
    """Return how long a file's picture is and how its frames follow, by reading its packets."""
    with open_container(path) as container:
        return picture_span(container, decode.need_picture_stream(container, path.name))


def _sound_length(path: Path, container: InputContainer) -> Fraction:
    stream = decode.sound_stream(container)
    known = container.format.name not in _GUESSED_LENGTHS
    if known and stream is not None and stream.duration and stream.time_base:
        return stream.duration * Fraction(stream.time_base)
    if known and container.duration:
        return Fraction(container.duration, 1_000_000)
    with open_container(path) as again:
        track = decode.sound_stream(again)
        assert track is not None
        samples = [Fraction(f.samples, f.sample_rate) for f in decode.sounds(again, track)]
    return sum(samples, Fraction(0))
