"""What a pipeline of the diffusers library does, told from the name of its class. Pure.

The names are those of diffusers 0.42 (`src/diffusers/pipelines/auto_pipeline.py` and the classes
beside it); sizes, rates and steps of lengths are the defaults and conditions of their `__call__`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Mode(StrEnum):
    """What a model of a person's own is asked for."""

    TEXT_TO_IMAGE = "text-to-image"
    IMAGE_TO_IMAGE = "image-to-image"
    INPAINT = "inpaint"
    """A picture is painted anew where a mask is white."""
    UPSCALE = "upscale"
    IMAGE_TO_VIDEO = "image-to-video"
    TEXT_TO_VIDEO = "text-to-video"


MOVING = frozenset({Mode.IMAGE_TO_VIDEO, Mode.TEXT_TO_VIDEO})
_FURTHER = {
    Mode.TEXT_TO_IMAGE: (Mode.IMAGE_TO_IMAGE, Mode.INPAINT),
    Mode.IMAGE_TO_IMAGE: (Mode.TEXT_TO_IMAGE, Mode.INPAINT),
}
"""What the same weights may do besides, through another pipeline of the library."""


@dataclass(frozen=True, slots=True)
class Family:
    """What pipelines of one kind take."""

    mode: Mode
    sides: int = 8
    """Both sides of a picture are multiples of this many pixels."""
    width: int | None = None
    """Pixels across that it was made for; None where its description says so."""
    height: int | None = None
    fps: int = 8
    """Frames a second that its videos are made for."""
    frames: int = 1
    """The step of a video's length: it has a multiple of this many frames, and one more."""
    most_frames: int = 121
    """The longest video that is asked of it."""
    prompt: bool = True
    """Whether it takes words."""
    scale: int = 1
    """How many times larger it makes a picture."""

    @property
    def modes(self) -> tuple[Mode, ...]:
        """All that the same weights may be asked for, its own first."""
        return (self.mode, *_FURTHER.get(self.mode, ()))


_NOT_OURS = re.compile(
    r"ControlNet|Adapter|Audio|Music|Video2Video|VideoToVideo|Condition|Prior|Depth|Normals"
    r"|Interpolat|ShapE|Semantic|Upsample|IFSuper|Layered"
)
"""Pipelines that want what no field of ours gives, or make what no task of ours is."""
_VIDEO = re.compile(
    r"^(?:LTX|Wan|HunyuanVideo|HunyuanSkyreels|CogVideoX|Mochi|Allegro|Latte|AnimateDiff|TextToVideo"
    r"|SkyReels|EasyAnimate|SanaVideo|StableVideo)"
)
_MODES = (
    (re.compile(r"Upscale"), Mode.UPSCALE),
    (re.compile(r"ImageToVideo|Image2Video|I2V|Img2Vid|StableVideoDiffusion"), Mode.IMAGE_TO_VIDEO),
    (_VIDEO, Mode.TEXT_TO_VIDEO),
    (re.compile(r"Inpaint|Fill"), Mode.INPAINT),
    (re.compile(r"Img2Img|InstructPix2Pix|Kontext|Edit"), Mode.IMAGE_TO_IMAGE),
)
_DETAILS: tuple[tuple[re.Pattern[str], dict[str, Any]], ...] = (
    (
        re.compile(r"^StableVideoDiffusion"),
        {"sides": 64, "width": 1024, "height": 576, "fps": 7, "most_frames": 25, "prompt": False},
    ),
    (
        re.compile(r"^LTX"),
        {"sides": 32, "width": 704, "height": 512, "fps": 24, "frames": 8, "most_frames": 257},
    ),
    (
        re.compile(r"^(?:Wan|SkyReels)"),
        {"sides": 16, "width": 832, "height": 480, "fps": 16, "frames": 4},
    ),
    (
        re.compile(r"^HunyuanVideo"),
        {"sides": 16, "width": 1280, "height": 720, "fps": 24, "frames": 4, "most_frames": 129},
    ),
    (
        re.compile(r"^CogVideoX"),
        {"sides": 16, "width": 720, "height": 480, "fps": 8, "frames": 4, "most_frames": 81},
    ),
    (
        re.compile(r"^Mochi"),
        {"sides": 16, "width": 848, "height": 480, "fps": 30, "frames": 6, "most_frames": 163},
    ),
    (re.compile(r"LatentUpscale"), {"sides": 64, "scale": 2}),
    (re.compile(r"Upscale"), {"scale": 4}),
)


def family_of(pipeline: str, components: frozenset[str]) -> Family | None:
    """Return what a pipeline does; None for one that does nothing we have a field for.

    `pipeline` is the name of its class, `components` the names of its parts.
    """
    if _NOT_OURS.search(pipeline):
        return None
    named = (mode for pattern, mode in _MODES if pattern.search(pipeline))
    mode = next(named, Mode.TEXT_TO_IMAGE if _speaks(components) else None)
    if mode is None:
        return None
    # Transformers see patches of two by two latents.
    plain = Family(mode, sides=16 if "transformer" in components else 8)
    details = next((found for pattern, found in _DETAILS if pattern.search(pipeline)), {})
    return replace(plain, **details)


def _speaks(components: frozenset[str]) -> bool:
    return any(name.startswith("tokenizer") for name in components)
