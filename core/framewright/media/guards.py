"""Opening media files safely: every file is hostile until its content proves otherwise."""

from __future__ import annotations

import stat
import struct
import threading
import warnings
import zlib
from typing import TYPE_CHECKING

from PIL import Image

from framewright.errors import MediaError, NotFoundError
from framewright.media.codecs import FFmpegError, av
from framewright.media.colours import as_seen, smaller

if TYPE_CHECKING:
    from pathlib import Path

    from av.container import InputContainer

MAX_PIXELS = 50_000_000
"""Pixels of the largest picture that is opened."""

IMAGE_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")

CONTAINER_FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,h264,hevc,ivf,obu,flv,asf,"
    "gif,wav,w64,aiff,caf,mp3,flac,ogg,aac,amr"
)
"""Demuxers that read one file and nothing else: no playlist, no script, no image pattern."""

_OPTIONS = {
    "protocol_whitelist": "file",
    "format_whitelist": CONTAINER_FORMATS,
    "max_streams": "16",
    "max_pixels": str(MAX_PIXELS),
}

_IMAGE_FAULTS = (
    OSError,
    SyntaxError,
    ValueError,
    ArithmeticError,
    LookupError,
    TypeError,
    EOFError,
    # libavif's.
    RuntimeError,
    struct.error,
    zlib.error,
    Warning,
    Image.DecompressionBombError,
)
"""What Pillow's readers are known to raise on damaged files."""

_filters_lock = threading.Lock()


def check_file(path: Path) -> None:
    """Refuse what is not a regular file with something in it, without opening it."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        message = f"There is no file {path.name}."
        raise NotFoundError(message, action="Check the name and the folder.") from error
    except (OSError, ValueError) as error:
        message = f"{path.name} cannot be reached: {error}."
        raise MediaError(message, action="Check that you may read it.") from error
    if stat.S_ISDIR(found.st_mode):
        message = f"{path.name or path} is a folder and not a media file."
        raise MediaError(message, action="Name a file in it.")
    if not stat.S_ISREG(found.st_mode):
        message = f"{path.name} is not a regular file."
        raise MediaError(message)
    if found.st_size == 0:
        message = f"{path.name} is empty."
        raise MediaError(message)


def open_container(path: Path) -> InputContainer:
    """Return an opened video or sound file, which the caller closes.

    Only formats that live in one file are opened, so that no file can name another one.

    Raises:
        NotFoundError: no such file.
        MediaError: a folder, an empty, damaged, oversized or unknown file.
    """
    check_file(path)
    try:
        return av.open(f"file:{path.absolute()}", options=dict(_OPTIONS), timeout=(60, 60))
    except (FFmpegError, OSError, ValueError) as error:
        message = f"{path.name} is damaged, or not a video or sound file that can be read."
        raise MediaError(message) from error


def open_image_file(path: Path, within: int | None = None) -> Image.Image:
    """Return an image as a person sees it: turned upright, sRGB, mode RGB or RGBA.

    With `within`, it is made so much smaller that neither side is longer; a large JPEG is then
    decoded at a fraction of its size.

    Raises:
        NotFoundError: no such file.
        MediaError: a folder, an empty, damaged, truncated, oversized or unknown file.
    """
    check_file(path)
    try:
        return _read_image(path, within)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _too_large(path) from error
    except _IMAGE_FAULTS as error:
        message = f"{path.name} is damaged, or not an image that can be read."
        raise MediaError(message) from error


def moves(path: Path) -> bool:
    """Whether a GIF holds more than one picture; False for what can not be read."""
    try:
        with _open_strictly(path) as image:
            return bool(getattr(image, "is_animated", False))
    except _IMAGE_FAULTS:
        return False


def _read_image(path: Path, within: int | None) -> Image.Image:
    with _open_strictly(path) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise _too_large(path)
        if within is not None:
            image = smaller(image, within)  # noqa: PLW2901 - the small one is what is read
        image.load()
        return as_seen(image)


def _too_large(path: Path) -> MediaError:
    message = f"{path.name} has more pixels than the {MAX_PIXELS // 10**6} million that are opened."
    return MediaError(message, action="Make it smaller and try again.")


def _open_strictly(path: Path) -> Image.Image:
    # The filters belong to the whole process: they are changed for Pillow's own modules only,
    # for the moment it reads the header, by one thread at a time.
    with _filters_lock, warnings.catch_warnings():
        warnings.filterwarnings("error", module=r"PIL\.")
        return Image.open(path, formats=IMAGE_FORMATS)
