"""Turning decoded frames into what the rest of the house works with: RGB images or YUV planes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

from framewright.media.codecs import (
    ColorRange,
    Colorspace,
    Interpolation,
    VideoFrame,
    VideoReformatter,
)
from framewright.media.shape import Fit, Turn, View, even, inner_size, turned

if TYPE_CHECKING:
    from fractions import Fraction

Planes = np.ndarray
"""One frame of 8-bit YUV 4:2:0, BT.709, limited range: uint8 of shape (height * 3 / 2, width)."""

_EXACT = (
    Interpolation.BICUBIC
    | Interpolation.ACCURATE_RND
    | Interpolation.BITEXACT
    | Interpolation.FULL_CHR_H_INP
    | Interpolation.FULL_CHR_H_INT
)
_BLACK, _NEUTRAL = 16, 128
_BLUR = 16
"""How much smaller a picture is made to be blurred."""
_SOFT, _DIM = 2.0, 0.6
"""Pixels of that size over which it is blurred, and how much of its brightness is left."""
_UNSPECIFIED = 2
_HIGH_DEFINITION = 720
_COLOURS = {
    1: Colorspace.ITU709,
    4: Colorspace.FCC,
    5: Colorspace.ITU601,
    6: Colorspace.ITU601,
    7: Colorspace.SMPTE240M,
    9: Colorspace.BT2020,
    10: Colorspace.BT2020,
}
"""FFmpeg's number for a frame's colour matrix (AVColorSpace) to the scaler's."""
_MATRIX_NAMES = {
    Colorspace.ITU709: "bt709",
    Colorspace.ITU601: "bt601",
    Colorspace.FCC: "fcc",
    Colorspace.SMPTE240M: "smpte240m",
    Colorspace.BT2020: "bt2020",
}


def upright_image(frame: VideoFrame, view: View) -> Image.Image:
    """Return a frame as an RGB image the way a player shows it."""
    converted = VideoReformatter().reformat(
        frame,
        format="rgb24",
        src_colorspace=_colours_of(frame),
        src_color_range=_range_of(frame),
        dst_color_range=ColorRange.JPEG,
        interpolation=_EXACT,
    )
    image = Image.fromarray(np.ascontiguousarray(turned(converted.to_ndarray(), view.turn)))
    size = view.size(frame.width, frame.height)
    return image if image.size == size else image.resize(size, Image.Resampling.LANCZOS)


def planes_of(pixels: np.ndarray) -> Planes:
    """Return RGB pixels (height, width, 3), both sides even, as planes."""
    frame = VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
    made = VideoReformatter().reformat(
        frame,
        format="yuv420p",
        src_color_range=ColorRange.JPEG,
        dst_colorspace=Colorspace.ITU709,
        dst_color_range=ColorRange.MPEG,
        interpolation=_EXACT,
    )
    return made.to_ndarray()


def split(planes: Planes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return views of the brightness and the two colour planes."""
    rows, width = planes.shape
    height = rows * 2 // 3
    colours = planes[height:].reshape(2, height // 2, width // 2)
    return planes[:height], colours[0], colours[1]


def planes_in(frame: VideoFrame) -> list[np.ndarray]:
    """Return views of a frame's own 8-bit planes; what is written there is in the frame."""
    return [
        np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[
            : plane.height, : plane.width
        ]
        for plane in frame.planes
    ]


def frame_of(planes: Planes) -> VideoFrame:
    """Return a frame that holds a copy of the planes."""
    return VideoFrame.from_ndarray(planes, format="yuv420p")


def black(width: int, height: int) -> Planes:
    """Return one black frame."""
    planes = np.full((height * 3 // 2, width), _NEUTRAL, dtype=np.uint8)
    planes[:height] = _BLACK
    return planes


def blend(before: Planes, after: Planes, share: Fraction) -> Planes:
    """Return a mixture in which `after` has a share from 0 to 1."""
    weight = round(share * 256)
    mixed = before.astype(np.uint16) * (256 - weight) + after.astype(np.uint16) * weight
    return ((mixed + 128) >> 8).astype(np.uint8)


@dataclass(slots=True)
class Conform:
    """Brings frames of any size, format, colour and orientation to one even size.

    Remembers the last frame, so that a frame shown for long is converted once. For one thread.
    """

    width: int
    height: int
    how: Fit = "contain"
    view: View = field(default_factory=View)
    _scalers: tuple[VideoReformatter, ...] = field(
        default_factory=lambda: tuple(VideoReformatter() for _ in range(3))
    )
    """One for each size that a frame is brought to: each keeps its tables."""
    _last: tuple[VideoFrame, VideoFrame] | None = None

    def frame(self, frame: VideoFrame) -> VideoFrame:
        """Return the frame fitted into the size, YUV 4:2:0, BT.709, limited range.

        It may be the frame itself, or the one that was returned before: it must not be changed.
        """
        if self._last is not None and self._last[0] is frame:
            return self._last[1]
        made = self._fitted(frame)
        self._last = (frame, made)
        return made

    def _fitted(self, frame: VideoFrame) -> VideoFrame:
        turn = self.view.turn
        room = (self.width, self.height)
        shown = self.view.size(frame.width, frame.height)
        scaled = self._scaled(frame, inner_size(shown, room, self.how, step=2))
        if (scaled.width, scaled.height) == room and turn == Turn():
            return scaled
        if self.how == "blur":
            canvas = self._blurred(frame, shown)
        else:
            canvas = VideoFrame(*room, "yuv420p")
            for plane, level in zip(planes_in(canvas), (_BLACK, _NEUTRAL, _NEUTRAL), strict=True):
                plane[:] = level
        for step, source, target in zip(
            (2, 1, 1), planes_in(scaled), planes_in(canvas), strict=True
        ):
            _place(turned(source, turn), target, step)
        return canvas

    def _scaled(self, frame: VideoFrame, inner: tuple[int, int], which: int = 0) -> VideoFrame:
        return self._scalers[which].reformat(
            frame,
            *(inner[::-1] if self.view.turn.quarters % 2 else inner),
            format="yuv420p",
            src_colorspace=_colours_of(frame),
            src_color_range=_range_of(frame),
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=_EXACT,
            # Decoder and encoder keep the other cores at work.
            threads=1,
        )

    def _blurred(self, frame: VideoFrame, shown: tuple[int, int]) -> VideoFrame:
        """Return the frame filling the whole size, so blurred and dark that it draws no eye."""
        small = (even(self.width // _BLUR), even(self.height // _BLUR))
        cover = self._scaled(frame, inner_size(shown, small, "cover", step=2), 1)
        ground = VideoFrame(*small, "yuv420p")
        levels = zip((2, 1, 1), planes_in(cover), planes_in(ground), strict=True)
        for step, source, target in levels:
            _place(turned(source, self.view.turn), target, step)
            soft = Image.fromarray(target).filter(ImageFilter.GaussianBlur(_SOFT * step / 2))
            dark = _BLACK if step == 2 else _NEUTRAL
            target[:] = np.rint(dark + (np.asarray(soft).astype(np.float32) - dark) * _DIM)
        return self._scalers[2].reformat(
            ground, self.width, self.height, interpolation=Interpolation.BICUBIC
        )


def _place(source: np.ndarray, target: np.ndarray, step: int) -> None:
    """Copy a plane into the middle of another, in steps, cutting off what stands over."""
    cuts = []
    for have, room in zip(source.shape, target.shape, strict=True):
        size = min(have, room)
        skip, indent = ((side - size) // (2 * step) * step for side in (have, room))
        cuts.append((slice(skip, skip + size), slice(indent, indent + size)))
    (from_rows, to_rows), (from_columns, to_columns) = cuts
    target[to_rows, to_columns] = source[from_rows, from_columns]


def _colours_of(frame: VideoFrame) -> int:
    known = _COLOURS.get(frame.colorspace)
    if known is not None:
        return known
    # Untagged files: what players assume, high definition in BT.709 and the rest in BT.601.
    tall = min(frame.width, frame.height) >= _HIGH_DEFINITION
    return Colorspace.ITU709 if tall else Colorspace.ITU601


def colours_told(frame: VideoFrame) -> str:
    """Return which colours a frame's numbers are taken for: matrix and range, `rgb` for neither.

    Where the file does not say, that is what players assume.
    """
    if frame.format.is_rgb or frame.format.name.startswith(("gray", "pal", "mono")):
        return "rgb" if frame.format.is_rgb else "grey"
    wide = "full" if _range_of(frame) == ColorRange.JPEG else "limited"
    return f"{_MATRIX_NAMES.get(Colorspace(_colours_of(frame)), 'unknown')} {wide}"


def _range_of(frame: VideoFrame) -> int:
    full = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
    full = full or frame.format.is_rgb
    return ColorRange.JPEG if full else ColorRange.MPEG
