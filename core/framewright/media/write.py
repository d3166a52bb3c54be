"""Writing video files: H.264 and AAC in MP4, the same bytes for the same input."""

from __future__ import annotations

import errno
import math
from contextlib import ExitStack, contextmanager, suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Self

import numpy as np
from PIL import Image

from framewright.errors import MediaError, StorageError
from framewright.media.codecs import (
    AudioFrame,
    ColorPrimaries,
    ColorRange,
    ColorTrc,
    FFmpegError,
    VideoFrame,
    av,
)
from framewright.media.picture import Planes, planes_of
from framewright.media.replacing import replacing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.video.stream import VideoStream

_THREADS = 4
"""Fixed, because x264 divides a picture differently with another number."""
_MATRIX_BT709 = 1
_KEYFRAME_SECONDS = 2
_SOUND_BITS = 192_000
_VIDEO_OPTIONS = {
    # Visually clean at twice the speed of `faster`; clips are intermediates more than deliveries.
    "preset": "veryfast",
    "crf": "18",
    "threads": str(_THREADS),
    "flags": "+bitexact",
    # x264's macroblock tree reads memory it never wrote where a picture is not a multiple of
    # 128 pixels wide (20 encodes of one 320x180 clip gave a dozen different files).
    "x264-params": "mbtree=0",
}
_MUX_OPTIONS = {
    "movflags": "+faststart",
    "fflags": "+bitexact",
    # Sound may come long after its picture; both are still written side by side.
    "max_interleave_delta": "0",
}
_SOUND_CLOCK = 48_000
_FASTEST_CLOCK = 20_000_000
_SOUND_RATES = {8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000}


@contextmanager
def new_mp4(target: Path, clock: int) -> Iterator[OutputContainer]:
    """Give a new MP4 container that becomes the target when the `with` block ends well.

    `clock` is the ticks per second in which the lengths of tracks are written; FFmpeg's own 1000
    would cut sound by up to a millisecond. Nothing in the file depends on the moment, the
    machine or the name of the file.
    """
    with replacing(target) as draft:
        name = f"file:{draft.absolute()}"
        options = {**_MUX_OPTIONS, "movie_timescale": str(clock)}
        try:
            container = av.open(name, "w", format="mp4", options=options)
            try:
                yield container
            except BaseException:
                # The file goes away; what closing it says about its missing end is no news.
                with suppress(FFmpegError):
                    container.close()
                raise
            container.close()
        except FFmpegError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.ENOENT}:
                raise OSError(error.errno, str(error.strerror)) from error
            message = f"{target.name} could not be written as video."
            raise StorageError(message) from error


def clock_of(fps: Fraction, sound_rate: int | None) -> int:
    """Return ticks per second in which lengths of picture and sound are both whole numbers."""
    clock = math.lcm(fps.numerator, sound_rate or 1)
    return clock if clock <= _FASTEST_CLOCK else _SOUND_CLOCK


class SoundTrack:
    """An AAC track of an open container; sample 0 sounds with the first picture."""

    def __init__(self, container: OutputContainer, rate: int, channels: int) -> None:
        if rate not in _SOUND_RATES or channels not in {1, 2}:
            message = f"Sound of {channels} channels at {rate} Hz cannot be written."
            raise MediaError(message, action="Use one or two channels at 44100 or 48000 Hz.")
        self._container = container
        self._rate = rate
        self._layout = "mono" if channels == 1 else "stereo"
        self._channels = channels
        self._written = 0
        self._stream: AudioStream = container.add_stream(
            "aac", rate=rate, options={"flags": "+bitexact"}
        )
        self._stream.codec_context.layout = self._layout
        self._stream.codec_context.format = "fltp"
        self._stream.codec_context.bit_rate = _SOUND_BITS
        self._stream.time_base = Fraction(1, rate)

    def add(self, samples: np.ndarray) -> None:
        """Append samples, float32 of shape (channels, n), full scale 1."""
        if samples.ndim != 2 or samples.shape[0] != self._channels:
            message = f"Samples of shape {samples.shape} do not fit {self._channels} channels."
            raise MediaError(message)
        if not samples.shape[1]:
            return
        tame = np.ascontiguousarray(np.clip(np.nan_to_num(samples), -1, 1), dtype=np.float32)
        frame = AudioFrame.from_ndarray(tame, format="fltp", layout=self._layout)
        frame.sample_rate = self._rate
        frame.time_base = Fraction(1, self._rate)
        frame.pts = self._written
        self._written += samples.shape[1]
        self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Write what the encoder still holds."""
        if self._written:
            self._container.mux(self._stream.encode(None))


class PictureTrack:
    """An H.264 track of an open container, at a constant rate."""

    def __init__(self, container: OutputContainer, width: int, height: int, fps: Fraction) -> None:
        self._container = container
        self._size = (width, height)
        self._fps = fps
        self._written = 0
        options = {**_VIDEO_OPTIONS, "g": str(max(1, round(fps * _KEYFRAME_SECONDS)))}
        self._stream: VideoStream = container.add_stream("libx264", rate=fps, options=options)
        context = self._stream.codec_context
        context.width, context.height = width, height
        context.pix_fmt = "yuv420p"
        context.time_base = 1 / fps
        context.colorspace = _MATRIX_BT709
        context.color_range = ColorRange.MPEG
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        self._stream.time_base = 1 / fps

    @property
    def written(self) -> int:
        """How many frames were given so far."""
        return self._written

    def add(self, planes: Planes) -> None:
        """Append one frame."""
        width, height = self._size
        if planes.shape != (height * 3 // 2, width):
            message = f"A frame of another size came into a video of {width}x{height}."
            raise MediaError(message)
        frame = VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.colorspace = _MATRIX_BT709
        frame.color_range = ColorRange.MPEG
        frame.color_primaries = ColorPrimaries.BT709
        frame.color_trc = ColorTrc.BT709
        frame.pts = self._written
        frame.time_base = 1 / self._fps
        self._written += 1
        self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Write what the encoder still holds."""
        if self._written:
            self._container.mux(self._stream.encode(None))


class VideoWriter:
    """Writes one MP4 file frame by frame; the file appears when the `with` block ends well.

    Both sides must be even. Sound and picture may be given in any order and proportion;
    `sound_rate` None makes a silent file. For one thread.
    """

    def __init__(
        self,
        path: Path,
        width: int,
        height: int,
        fps: Fraction,
        *,
        sound_rate: int | None = None,
        sound_channels: int = 2,
    ) -> None:
        if width < 2 or height < 2 or width % 2 or height % 2:
            message = f"A video cannot be {width}x{height}: both sides must be even."
            raise MediaError(message, action="Make both sides even numbers of at least 2.")
        if not 0 < fps <= 240:
            message = f"A video cannot have {float(fps):g} frames per second."
            raise MediaError(message, action="Use a rate from 1 to 120.")
        self._path = path
        self._shape = (width, height)
        self._fps = Fraction(fps)
        self._sound = (sound_rate, sound_channels)
        self._stack = ExitStack()
        self._tracks: tuple[PictureTrack, SoundTrack | None] | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            rate, channels = self._sound
            container = stack.enter_context(new_mp4(self._path, clock_of(self._fps, rate)))
            picture = PictureTrack(container, *self._shape, self._fps)
            sound = SoundTrack(container, rate, channels) if rate else None
            self._tracks = (picture, sound)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self._stack.__exit__(kind, error, trace)
            return
        with self._stack:
            self._finish()

    def frame(self, image: Image.Image | np.ndarray) -> None:
        """Append a picture: an image, or uint8 pixels of shape (height, width, 3)."""
        pixels = np.asarray(image.convert("RGB")) if isinstance(image, Image.Image) else image
        width, height = self._shape
        if pixels.shape != (height, width, 3) or pixels.dtype != np.uint8:
            message = f"A frame of shape {pixels.shape} came into a video of {width}x{height}."
            raise MediaError(message, action="Fit it to the size of the video first.")
        self.planes(planes_of(pixels))

    def planes(self, planes: Planes) -> None:
        """Append a picture that is already in the video's own form."""
        self._open_tracks()[0].add(planes)

    def sound(self, samples: np.ndarray) -> None:
        """Append sound: float32 of shape (channels, n), full scale 1."""
        track = self._open_tracks()[1]
        if track is None:
            message = f"{self._path.name} was opened without a sound track."
            raise MediaError(message)
        track.add(samples)

    def _open_tracks(self) -> tuple[PictureTrack, SoundTrack | None]:
        if self._tracks is None:
            message = f"{self._path.name} is not open for writing."
            raise MediaError(message)
        return self._tracks

    def _finish(self) -> None:
        picture, sound = self._open_tracks()
        if not picture.written:
            message = f"{self._path.name} would hold no picture."
            raise MediaError(message)
        picture.finish()
        if sound is not None:
            sound.finish()
