"""Pictures with a colour profile: seen in sRGB as their profile means them, small ones too."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from PIL import Image

from framewright.media.images import open_image
from framewright.media.prepare_image import prepare_image
from framewright.media.thumbnails import thumbnail

GAMMA = 2.2
WIDE = np.array(
    [(0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457)]
)
"""The primaries of Adobe RGB (1998) as XYZ under D50, one a row."""
SRGB = np.array(
    [(0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)]
)
COLOURS = [(100, 180, 90), (180, 120, 70), (128, 128, 128), (90, 100, 170)]
"""As stored; in sRGB, all of them exist."""


def profile(primaries: np.ndarray | None, gamma: float = GAMMA) -> bytes:
    """An ICC profile, version 2.4, of these primaries; None makes one for greys."""

    def point(of):
        return b"XYZ \0\0\0\0" + struct.pack(">iii", *(round(each * 65536) for each in of))

    curve = b"curv\0\0\0\0" + struct.pack(">IHxx", 1, round(gamma * 256))
    name = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"wide\0" + bytes(78 + 1)
    tags = {b"desc": name, b"cprt": b"text\0\0\0\0none", b"wtpt": point((0.9642, 1, 0.8249))}
    if primaries is None:
        tags[b"kTRC"] = curve
    else:
        for letter, place in zip((b"r", b"g", b"b"), primaries, strict=True):
            tags[letter + b"XYZ"], tags[letter + b"TRC"] = point(place), curve
    at, table, data = 132 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for tag, value in tags.items():
        table += tag + struct.pack(">II", at + len(data), len(value))
        data += value + bytes(-len(value) % 4)
    kind = (b"mntr", b"GRAY" if primaries is None else b"RGB ", b"XYZ ")
    head = struct.pack(">I4xI4s4s4s12x4s", at + len(data), 0x02400000, *kind, b"acsp")
    head += bytes(28) + struct.pack(">iii", *(round(v * 65536) for v in (0.9642, 1, 0.8249)))
    return head + bytes(128 - len(head)) + table + data


def in_srgb(colour) -> np.ndarray:
    """What a colour of the wide profile is in sRGB (IEC 61966-2-1), computed without a library."""
    light = (np.array(colour) / 255) ** GAMMA @ WIDE @ np.linalg.inv(SRGB)
    curved = np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.abs(light) ** (1 / 2.4) - 0.055)
    return np.clip(curved * 255, 0, 255)


def quarters(mode: str = "RGB", side: int = 640) -> Image.Image:
    """A picture of four plain colours, one in each corner."""
    pixels = np.zeros((side, side, 3), np.uint8)
    half = side // 2
    for number, colour in enumerate(COLOURS):
        rows, columns = number // 2 * half, number % 2 * half
        pixels[rows : rows + half, columns : columns + half] = colour
    return Image.fromarray(pixels).convert(mode)


def corners(image: Image.Image) -> list[np.ndarray]:
    """The colours in the middle of each quarter."""
    pixels = np.asarray(image.convert("RGB")).astype(float)
    places = (image.height // 4, image.height * 3 // 4)
    return [pixels[row, column] for row in places for column in places]


SAVED = [
    ("a.jpg", "RGB", {"quality": 95}),
    ("a.png", "RGB", {}),
    ("a.png", "RGBA", {}),
    ("a.png", "P", {}),
    ("a.webp", "RGB", {"lossless": True}),
    ("a.tif", "RGB", {}),
]


@pytest.mark.parametrize(("name", "mode", "options"), SAVED)
@pytest.mark.parametrize("read", ["small", "whole"])
def test_colours_are_those_the_profile_means(tmp_path, name, mode, options, read):
    image = quarters() if mode == "P" else quarters(mode)
    image = image.quantize(8) if mode == "P" else image
    image.save(tmp_path / name, icc_profile=profile(WIDE), **options)
    seen = thumbnail(tmp_path / name, 128) if read == "small" else open_image(tmp_path / name)
    assert seen.mode == ("RGBA" if mode == "RGBA" else "RGB")
    assert "icc_profile" not in seen.info
    for colour, found in zip(COLOURS, corners(seen), strict=True):
        # So much that leaving the profile out fails: green lies some 30 levels away.
        assert np.abs(found - in_srgb(colour)).max() < 4, (colour, found, in_srgb(colour))


@pytest.mark.parametrize("profiled", [False, True])
def test_srgb_stays_as_it_is_with_and_without_its_profile(tmp_path, profiled):
    from PIL import ImageCms

    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    quarters().save(tmp_path / "a.png", **({"icc_profile": srgb} if profiled else {}))
    for colour, found in zip(COLOURS, corners(thumbnail(tmp_path / "a.png", 128)), strict=True):
        assert np.abs(found - colour).max() <= 1


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_greys_have_profiles_too(tmp_path, mode):
    image = Image.new(mode, (400, 400), 100 if mode == "L" else (100, 200))
    image.save(tmp_path / "a.png", icc_profile=profile(None, 1.0))
    for seen in (thumbnail(tmp_path / "a.png", 100), open_image(tmp_path / "a.png")):
        # Light in proportion to the number: 100 of 255 is 169 in sRGB.
        assert np.abs(corners(seen)[0] - 169).max() <= 2
        if mode == "LA":
            assert seen.getchannel("A").getextrema() == (200, 200)


def test_a_picture_made_to_fit_is_in_srgb(tmp_path):
    quarters().save(tmp_path / "a.png", icc_profile=profile(WIDE))
    prepare_image(tmp_path / "a.png", tmp_path / "b.jpg", formats=("jpeg",), max_side=200)
    with Image.open(tmp_path / "b.jpg") as made:
        assert "icc_profile" not in made.info
        for colour, found in zip(COLOURS, corners(made), strict=True):
            assert np.abs(found - in_srgb(colour)).max() < 6
