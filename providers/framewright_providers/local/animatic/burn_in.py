"""What is written into an animatic: shot, time code, action, and a guide for its shape."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import category

import numpy as np
from PIL import Image, ImageDraw

from framewright.media.fonts import typeface
from framewright.media.lettering import wrapped

if TYPE_CHECKING:
    from collections.abc import Collection

    from framewright_providers.local.motion.lay import Canvas

SHOT, TIMECODE, ACTION = "shot", "timecode", "action"
_WHITE, _BLACK = 235, 16
_BAR = 150
"""How much of the light a strip behind letters takes, of 255."""
_OUTSIDE = 165
_SIZE = 0.040
"""Letter height as a part of the frame's shorter side."""
_ROOM = 0.030
_DIGITS = "0123456789:"
_SIGNS = len("00:00:00:00")
_MOST_LINES = 2


def timecode(frame: int, fps: int) -> str:
    """Return a frame's time code, hours to frames, counting every frame (SMPTE ST 12-1)."""
    seconds, rest = divmod(frame, fps)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}:{rest:02}"


@dataclass(frozen=True, slots=True)
class BurnIn:
    """Letters over the frames of one shot; laid last."""

    cover: Image.Image
    """How much of the picture is hidden."""
    half_cover: Image.Image
    light: Image.Image
    """The brightness of what hides it: white letters, black strips."""
    glyphs: dict[str, tuple[Image.Image, Image.Image]]
    """Brightness and cover of each sign of the time code; empty without one."""
    right: int
    """Where the time code ends."""
    top: int
    first: int
    """The film's frame that is the shot's first."""
    fps: int

    def over(self, canvas: Canvas, seconds: float) -> None:
        """Write over the frame at a time after the shot's beginning."""
        canvas[0].paste(self.light, (0, 0), self.cover)
        for colour in canvas[1:]:
            colour.paste(128, (0, 0, *colour.size), self.half_cover)
        if not self.glyphs:
            return
        code = timecode(self.first + round(seconds * self.fps), self.fps)
        wide = self.glyphs["0"][0].width
        left = self.right - wide * len(code)
        for sign in code:
            light, cover = self.glyphs[sign]
            canvas[0].paste(light, (left, self.top), cover)
            left += wide


def burn_in(
    size: tuple[int, int],
    parts: Collection[str],
    *,
    name: str,
    action: str,
    guide: float | None,
    first: int,
    fps: int,
) -> BurnIn:
    """Return what is written over the frames of a shot.

    `guide` is the shape, width to height, that the film will have; what lies outside is darkened.
    Raises `MediaError` where no font here has all the letters.
    """
    width, height = size
    letters = round(min(size) * _SIZE)
    room = round(min(size) * _ROOM)
    light = Image.new("L", size, _BLACK)
    cover = Image.new("L", size, 0)
    if guide is not None:
        _outside(cover, guide)
    glyphs = _glyphs(letters) if TIMECODE in parts else {}
    texts: list[tuple[str, tuple[int, int]]] = []
    step = round(letters * 1.5)
    if SHOT in parts and (shown := _one_line(name)):
        free = width - 2 * room
        if glyphs:
            wide, high = glyphs["0"][0].size
            free -= wide * _SIGNS + 2 * _beside(high) + room
        texts.append((_shortened(shown, letters, free), (room, room)))
    if ACTION in parts and (shown := _one_line(action)):
        face = typeface(shown, letters, bold=False)
        lines = wrapped(shown, face, width - 4 * room)
        if len(lines) > _MOST_LINES:
            lines = [*lines[: _MOST_LINES - 1], _cut(lines[_MOST_LINES - 1])]
        top = height - room - step * len(lines)
        texts += [
            (line, (round((width - face.getlength(line)) / 2), top + step * number))
            for number, line in enumerate(lines)
        ]
    for text, place in texts:
        _written(light, cover, text, letters, place)
    if glyphs:
        wide, high = glyphs["0"][0].size
        _strip(cover, (width - room - wide * _SIGNS, room, width - room, room + high))
    return BurnIn(cover, cover.reduce(2), light, glyphs, width - room, room, first, fps)


def _one_line(text: str) -> str:
    """Return words on one line; a line break or a control sign is no letter that can be drawn."""
    plain = (sign if category(sign) != "Cc" or sign.isspace() else " " for sign in text)
    return " ".join("".join(plain).split())


def _shortened(text: str, letters: int, room: int) -> str:
    """Return a line as it is where there is room for it, else its beginning and an ellipsis."""
    face = typeface(f"{text}…", letters, bold=False)
    if face.getlength(text) <= room:
        return text

    def too_wide(kept: int) -> bool:
        return face.getlength(f"{text[:kept].rstrip()}…") > room

    kept = bisect_left(range(1, len(text)), True, key=too_wide)
    return f"{text[:kept].rstrip()}…"


def _cut(line: str) -> str:
    """Return a line that says by its end that there was more."""
    return f"{line.rstrip(' ,.;:')[:-1]}…"


def _outside(cover: Image.Image, ratio: float) -> None:
    width, height = cover.size
    pen = ImageDraw.Draw(cover)
    inside = min(height, round(width / ratio)), min(width, round(height * ratio))
    high, wide = (height - inside[0]) // 2, (width - inside[1]) // 2
    if high:
        pen.rectangle((0, 0, width, high - 1), fill=_OUTSIDE)
        pen.rectangle((0, height - high, width, height), fill=_OUTSIDE)
    if wide:
        pen.rectangle((0, 0, wide - 1, height), fill=_OUTSIDE)
        pen.rectangle((width - wide, 0, width, height), fill=_OUTSIDE)


def _beside(height: int) -> int:
    """Return how far a strip goes on beside its letters."""
    return height // 4


def _strip(cover: Image.Image, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    more = _beside(bottom - top)
    here = cover.crop((left - more, top, right + more, bottom))
    darker = here.point([max(_BAR, level) for level in range(256)])
    cover.paste(darker, (left - more, top))


def _written(
    light: Image.Image, cover: Image.Image, text: str, size: int, place: tuple[int, int]
) -> None:
    """Write one line into brightness and cover, on a dark strip."""
    face = typeface(text, size, bold=False)
    left, top = place
    _strip(cover, (left, top, left + round(face.getlength(text)), top + round(size * 1.45)))
    letters = Image.new("L", cover.size, 0)
    pen = ImageDraw.Draw(letters)
    x = float(left)
    for font, piece in face.runs(text):
        pen.text((round(x), top + round(size * 1.08)), piece, 255, font, "ls")
        x += font.getlength(piece)
    _joined(light, cover, letters)


def _joined(light: Image.Image, cover: Image.Image, letters: Image.Image) -> None:
    """Lay letters into brightness and cover, so that one paste shows strip and letters at once."""
    over = np.asarray(letters, np.float32) / 255
    under = np.asarray(cover, np.float32) / 255 * (1 - over)
    both = over + under
    shade = np.asarray(light, np.float32) * under + _WHITE * over
    made = np.where(both > 0, shade / np.maximum(both, 1e-6), _BLACK)
    light.paste(Image.fromarray((made + 0.5).astype(np.uint8)), (0, 0))
    cover.paste(Image.fromarray((both * 255 + 0.5).astype(np.uint8)), (0, 0))


def _glyphs(size: int) -> dict[str, tuple[Image.Image, Image.Image]]:
    face = typeface(_DIGITS, size, bold=False)
    wide = max(round(face.getlength(sign)) for sign in _DIGITS)
    made = {}
    for sign in _DIGITS:
        cover = Image.new("L", (wide, round(size * 1.45)), 0)
        middle = round((wide - face.getlength(sign)) / 2)
        ImageDraw.Draw(cover).text((middle, round(size * 1.08)), sign, 255, face.fonts[0], "ls")
        made[sign] = (Image.new("L", cover.size, _WHITE), cover)
    return made
