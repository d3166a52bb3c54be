"""Clips for the benchmarks of media: a moving texture, one white frame, and a click with it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
from PIL import Image, ImageFilter

if TYPE_CHECKING:
    from pathlib import Path

FLASH_SECONDS = 2
"""When the white frame and the click are, in every clip."""
_BT709, _LIMITED = 1, 1


@dataclass(frozen=True, slots=True)
class Clip:
    """How one clip is made."""

    name: str
    width: int
    height: int
    fps: Fraction
    seconds: int
    rate: int
    layout: str = "stereo"
    codec: str = "libx264"
    keyframes: int = 48


MIXED = (
    Clip("a.mp4", 1280, 720, Fraction(30), 6, 48_000),
    Clip("b.mp4", 640, 360, Fraction(25), 5, 44_100, "mono"),
    Clip("c.mov", 1920, 1080, Fraction(24), 5, 48_000),
    Clip("d.mp4", 720, 1280, Fraction(30), 6, 48_000),
    Clip("e.webm", 854, 480, Fraction(30), 5, 48_000, codec="libvpx-vp9"),
    Clip("f.mkv", 960, 540, Fraction(60), 6, 22_050, "mono"),
)
"""Six that differ in size, shape, rate, codec, container and sound; the first leads."""
TEN_SECONDS = Clip("ten.mp4", 640, 360, Fraction(24), 10, 48_000)
THIRTY_SECONDS = Clip("thirty.mp4", 640, 360, Fraction(24), 30, 48_000)


def make(clip: Clip, folder: Path) -> Path:
    """Write the clip and return where it is."""
    path = folder / clip.name
    with av.open(str(path), "w") as container:
        picture = container.add_stream(clip.codec, rate=clip.fps, options=_options(clip))
        picture.width, picture.height, picture.pix_fmt = clip.width, clip.height, "yuv420p"
        context = picture.codec_context
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = _LIMITED
        codec = "libopus" if path.suffix == ".webm" else "aac"
        sound = container.add_stream(codec, rate=clip.rate, layout=clip.layout)
        for frame in _frames(clip):
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        for block in _sound(clip):
            container.mux(sound.encode(block))
        container.mux(sound.encode(None))
    return path


def still(folder: Path, number: int, width: int = 3840, height: int = 2160) -> Path:
    """Write a large photograph-like JPEG and return where it is."""
    path = folder / f"still{number}.jpg"
    Image.fromarray(_texture(width, height, number)).save(path, quality=90)
    return path


def _options(clip: Clip) -> dict[str, str]:
    if clip.codec == "libx264":
        return {"preset": "veryfast", "crf": "20", "g": str(clip.keyframes)}
    return {"deadline": "realtime", "cpu-used": "8", "crf": "30", "b": "0"}


def _texture(width: int, height: int, seed: int) -> np.ndarray:
    """Return RGB pixels with coarse and fine detail."""
    rng = np.random.default_rng(seed)
    made = np.zeros((height, width, 3), np.float32)
    for cells, weight in ((8, 0.5), (40, 0.3), (160, 0.2)):
        small = rng.integers(0, 255, (cells * height // width + 2, cells, 3), np.uint8)
        layer = Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)
        made += np.asarray(layer.filter(ImageFilter.GaussianBlur(1)), np.float32) * weight
    return np.clip(made, 0, 255).astype(np.uint8)


def _frames(clip: Clip) -> object:
    ground = _texture(clip.width + 240, clip.height + 160, clip.width)
    flash = round(FLASH_SECONDS * clip.fps)
    for number in range(round(clip.seconds * clip.fps)):
        time = number / float(clip.fps)
        left, top = (round(120 + 110 * np.sin(time)), round(80 + 70 * np.cos(time * 0.7)))
        pixels = ground[top : top + clip.height, left : left + clip.width]
        if number == flash:
            pixels = np.full_like(pixels, 255)
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
        frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
        frame.pts, frame.time_base = number, 1 / clip.fps
        yield frame


def _sound(clip: Clip) -> object:
    at = np.arange(clip.seconds * clip.rate) / clip.rate
    wave = 0.03 * np.sin(2 * np.pi * 220 * at)
    first = FLASH_SECONDS * clip.rate
    click = at[: clip.rate // 50]
    wave[first : first + click.size] = 0.8 * np.sign(np.sin(2 * np.pi * 1000 * click))
    channels = 1 if clip.layout == "mono" else 2
    for place in range(0, wave.size, 1024):
        part = np.repeat(wave[None, place : place + 1024], channels, 0).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(part, format="fltp", layout=clip.layout)
        frame.sample_rate, frame.pts, frame.time_base = clip.rate, place, Fraction(1, clip.rate)
        yield frame
