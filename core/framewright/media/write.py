"""Writing video and sound files, block by block: the same bytes for the same input."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from PIL import Image

from framewright.errors import MediaError
from framewright.media.ahead import ahead
from framewright.media.forms import MP4, Form
from framewright.media.picture import Planes, planes_of
from framewright.media.tracks import PictureTrack, SoundTrack, clock_of, new_container

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import TracebackType

    from av.packet import Packet
    from av.video.frame import VideoFrame


def write_sound(
    path: Path,
    blocks: Iterable[np.ndarray],
    rate: int,
    channels: int,
    form: Form,
    bits: int | None = None,
) -> None:
    """Write blocks of samples, float32 of shape (channels, n), as a file of sound.

    `bits` are those of a second, where the form's codec goes by bits.
    """
    with new_container(path, rate, form) as container:
        track = SoundTrack(container, rate, channels, form, bits)
        for block in blocks:
            track.add(block)
        track.finish()


class VideoWriter:
    """Writes one video file frame by frame; the file appears when the `with` block ends well.

    `picture_bits` and `sound_bits` are the most each track may take a second; without them the
    picture takes what it needs to look clean. Both sides must be even. Sound and picture may be
    given in any order and proportion; `sound_rate` None makes a silent file. For one thread.
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
        form: Form = MP4,
        picture_bits: int | None = None,
        sound_bits: int | None = None,
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
        self._form = form
        self._bits = (picture_bits, sound_bits)
        self._stack = ExitStack()
        self._tracks: tuple[PictureTrack, SoundTrack | None] | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            rate, channels = self._sound
            clock, form, bits = clock_of(self._fps, rate), self._form, self._bits
            container = stack.enter_context(new_container(self._path, clock, form))
            picture = PictureTrack(container, *self._shape, self._fps, form, bits[0])
            sound = SoundTrack(container, rate, channels, form, bits[1]) if rate else None
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

    def picture(self, frame: VideoFrame) -> None:
        """Append a picture that is a frame in the video's own form and size."""
        self._open_tracks()[0].add_frame(frame)

    def sound(self, samples: np.ndarray) -> None:
        """Append sound: float32 of shape (channels, n), full scale 1."""
        track = self._open_tracks()[1]
        if track is None:
            message = f"{self._path.name} was opened without a sound track."
            raise MediaError(message)
        track.add(samples)

    @contextmanager
    def listening(self, blocks: Iterator[np.ndarray]) -> Iterator[Iterator[int]]:
        """Encode sound on a thread of its own; each step of what is given appends one block.

        A step returns how many samples that were. Meanwhile nothing is to be given to `sound`.
        """
        picture, track = self._open_tracks()
        if track is None:
            message = f"{self._path.name} was opened without a sound track."
            raise MediaError(message)
        # Else the first picture that is written would open the encoder that is at work.
        picture.open()
        track.open()

        def put(coming: Iterator[tuple[int, list[Packet[Any]]]]) -> Iterator[int]:
            for samples, packets in coming:
                track.put(packets)
                yield samples

        with ahead((block.shape[1], track.encoded(block)) for block in blocks) as coming:
            yield put(coming)

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
