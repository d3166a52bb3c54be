"""Tiny media made on the spot: videos whose frames say their number, tones, hostile files."""

from __future__ import annotations

import struct
import zlib
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
from PIL import Image

from framewright.media.write import VideoWriter

if TYPE_CHECKING:
    from pathlib import Path

SIZE = (128, 72)
_BITS = 8


def tone(seconds: float, hertz: float = 440, rate: int = 48_000, channels: int = 2) -> np.ndarray:
    """A sine of half amplitude, float32 (channels, n)."""
    at = np.arange(round(seconds * rate)) / rate
    return np.repeat((0.5 * np.sin(2 * np.pi * hertz * at))[None], channels, 0).astype(np.float32)


def hiss(seconds: float, rate: int = 48_000, channels: int = 2) -> np.ndarray:
    """The worst there is for any codec."""
    chance = np.random.Generator(np.random.PCG64(1))
    return (0.2 * chance.standard_normal((channels, round(seconds * rate)))).astype(np.float32)


def noise_film(path: Path, size: tuple[int, int] = (192, 108), frames: int = 24) -> Path:
    chance = np.random.Generator(np.random.PCG64(1))
    with VideoWriter(path, *size, Fraction(24), sound_rate=48_000) as writer:
        for _ in range(frames):
            writer.frame(chance.integers(0, 255, (size[1], size[0], 3), np.uint8))
        writer.sound(tone(frames / 24))
    return path


def numbered(number: int, width: int = SIZE[0], height: int = SIZE[1]) -> np.ndarray:
    """A picture whose eight columns, black or white, are the bits of its number."""
    pixels = np.zeros((height, width, 3), np.uint8)
    for bit in range(_BITS):
        left, right = bit * width // _BITS, (bit + 1) * width // _BITS
        pixels[:, left:right] = 235 if number >> bit & 1 else 20
    return pixels


def number_of(image: Image.Image) -> int:
    """The number that a picture (or the middle of it) shows."""
    row = np.asarray(image.convert("L"))[image.height // 2]
    places = [round((bit + 0.5) * image.width / _BITS) for bit in range(_BITS)]
    return sum((int(row[place]) > 127) << bit for bit, place in enumerate(places))


def video(
    path: Path,
    frames: int = 24,
    fps: Fraction | int = 24,
    *,
    size: tuple[int, int] = SIZE,
    sound: np.ndarray | None = None,
    rate: int = 48_000,
    first: int = 0,
) -> Path:
    """A video of numbered frames, with a sound if one is given."""
    with VideoWriter(
        path,
        *size,
        Fraction(fps),
        sound_rate=rate if sound is not None else None,
        sound_channels=1 if sound is not None and sound.shape[0] == 1 else 2,
    ) as writer:
        for number in range(first, first + frames):
            writer.frame(numbered(number, *size))
        if sound is not None:
            writer.sound(sound)
    return path


def turned_video(path: Path, degrees: int) -> Path:
    """A video of a picture that is red above and blue below, to be shown turned."""
    pixels = np.zeros((64, 96, 3), np.uint8)
    pixels[:32, :, 0] = 255
    pixels[32:, :, 2] = 255
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        stream.set_display_rotation(degrees)
        for _ in range(5):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def photo(width: int = 64, height: int = 48) -> Image.Image:
    """An image with something in it: a gradient in two colours."""
    across = np.linspace(0, 255, width).astype(np.uint8)
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, :, 0] = across
    pixels[:, :, 1] = np.linspace(0, 255, height).astype(np.uint8)[:, None]
    return Image.fromarray(pixels)


def huge_png(path: Path, width: int = 14_000, height: int = 10_000) -> Path:
    """A valid PNG of few bytes and very many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1 + width // 8) * height, 9)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
    return path
