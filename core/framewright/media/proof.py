"""Whether a file that was just written holds what was put into it, by reading it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.errors import StorageError
from framewright.media import decode
from framewright.media.codecs import FFmpegError, VideoStream
from framewright.media.guards import open_container

if TYPE_CHECKING:
    from pathlib import Path

    from av.container import InputContainer


def prove(written: Path, name: str) -> None:
    """Raise `StorageError` where frames are missing, or the last picture can not be decoded.

    How many frames there have to be, the head of the file says; it is written last.
    """
    with open_container(written) as container:
        stream = decode.picture_stream(container)
        if stream is None:
            whole = decode.sound_stream(container) is not None
        else:
            whole = _has_all(container, stream)
    if not whole:
        message = f"{name} is not whole after writing: what was read again is not what was put in."
        raise StorageError(message, action="Look at the disk, then try again.")


def _has_all(container: InputContainer, stream: VideoStream) -> bool:
    last = found = 0
    for packet in decode.packets(container, stream):
        if packet.size:
            found += 1
            last = max(last, packet.pts or 0)
    told = stream.frames or found
    return found == told > 0 and _ends_whole(container, stream, last)


def _ends_whole(container: InputContainer, stream: VideoStream, last: int) -> bool:
    """Decode from the last keyframe on, and tell whether the last picture comes of it."""
    try:
        container.seek(last, stream=stream, backward=True)
    except FFmpegError:
        return False
    return any(frame.pts == last for _, frame in decode.pictures(container, stream))
