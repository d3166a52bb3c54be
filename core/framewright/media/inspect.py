"""Looking into results cheaply: is there anything to see, is there anything to hear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright.errors import MediaError
from framewright.media import decode
from framewright.media.colours import to_rgb
from framewright.media.guards import open_container
from framewright.media.levels import SILENCE_DBFS, amplitude
from framewright.media.picture import upright_image
from framewright.media.shape import View, view_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PIL import Image

    from framewright.media.sound_stream import Samples

_FLAT_LEVELS = 8
"""Levels of 255 by which a flat colour still varies after lossy compression."""
_SAMPLES = 5
_EVERY = 6


def is_blank(image: Image.Image) -> bool:
    """Whether the image shows one flat colour, or nothing because it is transparent."""
    seen = to_rgb(image)
    if seen.mode == "RGBA" and seen.getchannel("A").getextrema()[1] == 0:
        return True
    lowest, highest = np.asarray(seen).min(axis=(0, 1)), np.asarray(seen).max(axis=(0, 1))
    return bool((highest.astype(int) - lowest <= _FLAT_LEVELS).all())


def is_silent(samples: Samples) -> bool:
    """Whether the samples, full scale 1, nowhere rise above -60 dBFS."""
    return not samples.size or float(np.abs(samples).max()) < amplitude(SILENCE_DBFS)


def sampled_frames(path: Path, count: int = _SAMPLES) -> Iterator[Image.Image]:
    """Yield the first frame and up to `count` keyframes spread over the video, upright."""
    with open_container(path) as container:
        stream = decode.need_picture_stream(container, path.name)
        first = next(decode.pictures(container, stream), None)
        if first is None:
            message = f"{path.name} holds no frame that can be decoded."
            raise MediaError(message)
        view = view_of(stream, first[1])
        yield upright_image(first[1], view)
        if not stream.duration or not stream.time_base:
            return
        seen = {first[0]}
        for part in range(1, count + 1):
            place = first[0] + stream.duration * stream.time_base * part / (count + 1)
            found = None
            if decode.seek(container, stream, place):
                found = next(decode.pictures(container, stream), None)
            if found is not None and found[0] not in seen:
                seen.add(found[0])
                yield upright_image(found[1], view)


def is_video_blank(path: Path) -> bool:
    """Whether all of a video shows flat colours; decodes it through only where it seems so."""
    if not all(is_blank(frame) for frame in sampled_frames(path)):
        return False
    return all(
        is_blank(upright_image(frame, View()))
        for number, (_, frame) in enumerate(decode.all_pictures(path))
        if number % _EVERY == 0
    )
