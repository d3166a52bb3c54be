"""New containers and the tracks in them: the same bytes for the same input."""

from __future__ import annotations

import errno
import math
from contextlib import contextmanager, suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from framewright.errors import MediaError, StorageError
from framewright.media.codecs import (
    AudioFrame,
    AudioStream,
    ColorPrimaries,
    ColorRange,
    ColorTrc,
    FFmpegError,
    PictureType,
    VideoFrame,
    VideoStream,
    av,
)
from framewright.media.forms import MP4, Form
from framewright.media.picture import frame_of
from framewright.media.proof import prove
from framewright.media.replacing import replacing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.container import OutputContainer
    from av.packet import Packet

    from framewright.media.picture import Planes

_MATRIX_BT709 = 1
_SOUND_CLOCK = 48_000
_FASTEST_CLOCK = 20_000_000
_ABOUT_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.ENOENT}


@contextmanager
def new_container(target: Path, clock: int, form: Form = MP4) -> Iterator[OutputContainer]:
    """Give a new container that becomes the target when the `with` block ends well.

    It is read again before: a file that is there is whole.

    `clock` is the ticks per second in which the lengths of tracks are written; FFmpeg's own 1000
    would cut sound by up to a millisecond. Nothing in the file depends on the moment, the
    machine or the name of the file.
    """
    with replacing(target) as draft:
        name = f"file:{draft.absolute()}"
        options = dict(form.options)
        if form.own_clock is not None:
            options[form.own_clock] = str(clock)
        try:
            container = av.open(name, "w", format=form.muxer, options=options)
            try:
                yield container
            except BaseException:
                # The file goes away; what closing it says about its missing end is no news.
                with suppress(FFmpegError):
                    container.close()
                raise
            container.close()
        except FFmpegError as error:
            if error.errno in _ABOUT_DISK:
                raise OSError(error.errno, str(error.strerror)) from error
            what = "sound" if form.picture is None else "video"
            message = f"{target.name} could not be written as {what}."
            raise StorageError(message) from error
        prove(draft, target.name)


def clock_of(fps: Fraction, sound_rate: int | None) -> int:
    """Return ticks per second in which lengths of picture and sound are both whole numbers."""
    clock = math.lcm(fps.numerator, sound_rate or 1)
    return clock if clock <= _FASTEST_CLOCK else _SOUND_CLOCK


class SoundTrack:
    """A sound track of an open container; sample 0 sounds with the first picture."""

    def __init__(
        self,
        container: OutputContainer,
        rate: int,
        channels: int,
        form: Form = MP4,
        bits: int | None = None,
    ) -> None:
        codec = form.sound
        if (codec.rates and rate not in codec.rates) or channels not in {1, 2}:
            message = f"Sound of {channels} channels at {rate} Hz cannot be written."
            raise MediaError(message, action="Use one or two channels at 44100 or 48000 Hz.")
        self._container = container
        self._rate = rate
        self._layout = "mono" if channels == 1 else "stereo"
        self._channels = channels
        self._written = 0
        stream = container.add_stream(codec.encoder, rate=rate, options={"flags": "+bitexact"})
        assert isinstance(stream, AudioStream)
        self._stream = stream
        self._stream.codec_context.layout = self._layout
        self._stream.codec_context.format = codec.samples
        if codec.bits is not None:
            self._stream.codec_context.bit_rate = bits or codec.bits
        self._stream.time_base = Fraction(1, rate)

    def open(self) -> None:
        """Make the encoder ready, so that another thread may be the first to use it."""
        self._stream.codec_context.open()

    def add(self, samples: np.ndarray) -> None:
        """Append samples, float32 of shape (channels, n), full scale 1."""
        self._container.mux(self.encoded(samples))

    def encoded(self, samples: np.ndarray) -> list[Packet[Any]]:
        """Encode the next samples and return what is to be written; for any one thread."""
        if samples.ndim != 2 or samples.shape[0] != self._channels:
            message = f"Samples of shape {samples.shape} do not fit {self._channels} channels."
            raise MediaError(message)
        if not samples.shape[1]:
            return []
        tame = np.ascontiguousarray(np.clip(np.nan_to_num(samples), -1, 1), dtype=np.float32)
        frame = AudioFrame.from_ndarray(tame, format="fltp", layout=self._layout)
        frame.sample_rate = self._rate
        frame.time_base = Fraction(1, self._rate)
        frame.pts = self._written
        self._written += samples.shape[1]
        return list(self._stream.encode(frame))

    def put(self, packets: list[Packet[Any]]) -> None:
        """Write what was encoded."""
        self._container.mux(packets)

    def finish(self) -> None:
        """Write what the encoder still holds."""
        if self._written:
            self._container.mux(self._stream.encode(None))


class PictureTrack:
    """A picture track of an open container, at a constant rate.

    `bits` are the most it may take a second, over any few seconds; None for what it takes.
    """

    def __init__(
        self,
        container: OutputContainer,
        width: int,
        height: int,
        fps: Fraction,
        form: Form = MP4,
        bits: int | None = None,
    ) -> None:
        if form.picture is None:
            message = f"There is no picture in files of {form.muxer}."
            raise MediaError(message)
        self._container = container
        self._size = (width, height)
        self._fps = fps
        self._written = 0
        apart = max(1, round(fps * form.picture.keyframe_seconds))
        options = {**form.picture.options, "g": str(apart)}
        if bits is not None:
            options |= {"maxrate": str(bits), "bufsize": str(bits)}
        stream = container.add_stream(form.picture.encoder, rate=fps, options=options)
        assert isinstance(stream, VideoStream)
        self._stream = stream
        context = self._stream.codec_context
        # PyAV's own choice, slices, takes longer and gives larger files. Where the encoder keeps to
        # a rate, frames that are encoded at the same time give another file each time.
        context.thread_type = "FRAME" if bits is None else "SLICE"
        context.width, context.height = width, height
        context.pix_fmt = "yuv420p"
        context.time_base = 1 / fps
        context.colorspace = _MATRIX_BT709
        context.color_range = ColorRange.MPEG
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        if form.picture.rated:
            context.bit_rate = bits or 0
        self._stream.time_base = 1 / fps

    def open(self) -> None:
        """Make the encoder ready."""
        self._stream.codec_context.open()

    @property
    def written(self) -> int:
        """How many frames were given so far."""
        return self._written

    def add(self, planes: Planes) -> None:
        """Append one frame."""
        self.add_frame(frame_of(planes))

    def add_frame(self, frame: VideoFrame) -> None:
        """Append one frame that is YUV 4:2:0, BT.709 and limited range."""
        if (frame.width, frame.height) != self._size or frame.format.name != "yuv420p":
            width, height = self._size
            message = f"A frame of another size came into a video of {width}x{height}."
            raise MediaError(message)
        frame.colorspace = _MATRIX_BT709
        frame.color_range = ColorRange.MPEG
        frame.color_primaries = ColorPrimaries.BT709
        frame.color_trc = ColorTrc.BT709
        frame.pts = self._written
        frame.time_base = 1 / self._fps
        # A decoded frame says what kind it was in its own stream.
        frame.pict_type = PictureType.NONE
        self._written += 1
        self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Write what the encoder still holds."""
        if self._written:
            self._container.mux(self._stream.encode(None))
