"""Frames of every usual form of colour come in the colours they were made of."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest

from framewright.media.clips import merge
from framewright.media.frames import first_frame, last_frame
from framewright.media.probe import probe

COLOURS = [(200, 40, 40), (40, 180, 60), (50, 70, 210), (235, 235, 235), (128, 128, 128), (8, 8, 8)]
MATRICES = {"bt601": (5, (0.299, 0.587, 0.114)), "bt709": (1, (0.2126, 0.7152, 0.0722))}


def coded(colour, matrix, full, deep):
    """Return an RGB colour as Y, Cb and Cr, by the formulas of BT.601 and BT.709 themselves."""
    red, green, blue = (level / 255 for level in colour)
    kr, kg, kb = MATRICES[matrix][1]
    bright = kr * red + kg * green + kb * blue
    parts = (bright, (blue - bright) / (2 - 2 * kb), (red - bright) / (2 - 2 * kr))
    scale = 4 if deep else 1
    if full:
        top = 1023 if deep else 255
        return [round(parts[0] * top), *(round(part * top + 128 * scale) for part in parts[1:])]
    return [
        round((16 + 219 * parts[0]) * scale),
        *(round((128 + 224 * part) * scale) for part in parts[1:]),
    ]


def film(path, matrix, full, deep, aspect=None):
    """Write stripes of known colours, without losing anything, and tag them."""
    form, kind = ("yuv444p10le", np.uint16) if deep else ("yuv444p", np.uint8)
    planes = np.zeros((3, 64, 192), kind)
    for place, colour in enumerate(COLOURS):
        for plane, level in zip(planes, coded(colour, matrix, full, deep), strict=True):
            plane[:, place * 32 : (place + 1) * 32] = level
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"qp": "0", "preset": "fast"})
        stream.width, stream.height, stream.pix_fmt = 192, 64, form
        context = stream.codec_context
        context.colorspace, context.color_range = MATRICES[matrix][0], 2 if full else 1
        if aspect is not None:
            context.sample_aspect_ratio = aspect
        for number in range(3):
            frame = av.VideoFrame(192, 64, form)
            for plane, levels in zip(frame.planes, planes, strict=True):
                room = np.frombuffer(plane, kind).reshape(64, -1)
                room[:, :192] = levels
            frame.colorspace, frame.color_range = MATRICES[matrix][0], 2 if full else 1
            frame.pts, frame.time_base = number, Fraction(1, 10)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("deep", [False, True], ids=["8bit", "10bit"])
@pytest.mark.parametrize("full", [False, True], ids=["limited", "full"])
@pytest.mark.parametrize("matrix", ["bt601", "bt709"])
def test_colours_are_those_that_were_coded(tmp_path, matrix, full, deep):
    path = film(tmp_path / "a.mkv", matrix, full, deep)
    assert probe(path).video.colours == f"{matrix} {'full' if full else 'limited'}"
    for image in (first_frame(path), last_frame(path)):
        seen = np.asarray(image).astype(int)[32, 16::32]
        assert np.abs(seen - COLOURS).max() <= 2


@pytest.mark.parametrize("matrix", ["bt601", "bt709"])
@pytest.mark.parametrize("full", [False, True], ids=["limited", "full"])
def test_clips_of_other_colours_are_merged_in_the_same(tmp_path, matrix, full):
    clips = [film(tmp_path / "a.mkv", "bt709", False, False)]
    clips.append(film(tmp_path / "b.mkv", matrix, full, False))
    merge(clips, tmp_path / "all.mp4")
    for image in (first_frame(tmp_path / "all.mp4"), last_frame(tmp_path / "all.mp4")):
        seen = np.asarray(image).astype(int)[32, 16::32]
        assert np.abs(seen - COLOURS).max() <= 6


def test_pixels_that_are_not_square_are_shown_as_wide_as_meant(tmp_path):
    path = film(tmp_path / "a.mkv", "bt709", False, False, Fraction(4, 3))
    assert first_frame(path).size == last_frame(path).size == (256, 64)
