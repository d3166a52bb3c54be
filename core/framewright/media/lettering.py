"""Setting text on a transparent picture: wrapped, inside safe margins, legible on anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PIL import Image, ImageDraw, ImageFilter

from framewright.media.fonts import typeface

if TYPE_CHECKING:
    from framewright.media.fonts import Typeface

Position = Literal["center", "lower-third", "bottom", "top"]

_WHITE = (255, 255, 255, 255)
_INK = (0, 0, 0, 235)
_SHADE = 150
"""How dark the soft shadow behind the text is, 0 to 255."""
_LEAST_SIZE = 8
_ASCENT = 0.928
"""How far the top of a line is over its base line, as a part of the letter height: DejaVu's."""


@dataclass(frozen=True, slots=True)
class Style:
    """How text stands in one place; lengths as parts of the picture."""

    size: float
    """Letter height as a part of the shorter side."""
    room: float
    """Greatest width of a line as a part of the picture's width."""
    highest: float
    """Greatest height of all lines as a part of the picture's height."""
    bold: bool = False
    left: bool = False


STYLES: dict[str, Style] = {
    "center": Style(0.095, 0.80, 0.70, bold=True),
    "lower-third": Style(0.060, 0.62, 0.30, bold=True, left=True),
    "bottom": Style(0.052, 0.84, 0.34),
    "top": Style(0.060, 0.84, 0.34, bold=True),
}
_MARGIN = 0.07
"""Distance of text from the edge as a part of the side: inside the title-safe area."""


def lettering(text: str, width: int, height: int, position: Position) -> Image.Image:
    """Return an RGBA picture of the size with the text in its place, exactly as it was given.

    The text shrinks until its lines fit; white letters with a dark outline and a soft shadow
    can be read on any picture. Raises `MediaError` where no font here has all its letters.
    """
    style = STYLES[position]
    shown = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    size = max(_LEAST_SIZE, round(min(width, height) * style.size))
    while True:
        font = typeface(shown, size, bold=style.bold)
        lines = balanced(shown, font, round(width * style.room))
        step = round(size * 1.28)
        if step * len(lines) <= height * style.highest or size <= _LEAST_SIZE:
            break
        size = max(_LEAST_SIZE, size * 9 // 10)
    return _drawn(lines, font, size, step, (width, height), position)


def balanced(text: str, font: Typeface, room: int) -> list[str]:
    """Return the text in as few lines as fit, of about the same width, so that no word dangles."""
    lines = wrapped(text, font, room)
    narrower = room
    while narrower > room // 2:
        narrower -= max(1, room // 24)
        closer = wrapped(text, font, narrower)
        if len(closer) > len(lines):
            break
        lines = closer
    return lines


def wrapped(text: str, font: Typeface, room: int) -> list[str]:
    """Return the text in lines no wider than `room` pixels; long words are broken.

    Only the spaces at which a line is broken disappear.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line: str | None = None
        for word in paragraph.split(" "):
            longer = word if line is None else f"{line} {word}"
            if font.getlength(longer) <= room:
                line = longer
                continue
            if line is not None:
                lines.append(line)
            *full, line = _broken(word, font, room)
            lines.extend(full)
        lines.append(line or "")
    return lines


def _broken(word: str, font: Typeface, room: int) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and font.getlength(pieces[-1] + letter) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _drawn(
    lines: list[str],
    font: Typeface,
    size: int,
    step: int,
    frame: tuple[int, int],
    position: Position,
) -> Image.Image:
    width, height = frame
    block = step * len(lines)
    top = {
        "center": (height - block) // 2,
        "top": round(height * _MARGIN),
        "bottom": height - round(height * _MARGIN) - block,
        "lower-third": height - round(height * 2 * _MARGIN) - block,
    }[position]
    outline = max(1, round(size * 0.07))
    letters = Image.new("RGBA", frame, (0, 0, 0, 0))
    shade = Image.new("L", frame, 0)
    pen, dark = ImageDraw.Draw(letters), ImageDraw.Draw(shade)
    for number, line in enumerate(lines):
        long = font.getlength(line)
        left = width * _MARGIN if STYLES[position].left else (width - long) / 2
        # Fonts of different heights stand on one line.
        base = top + number * step + round(size * _ASCENT)
        for face, piece in font.runs(line):
            place = (round(left), base)
            dark.text(place, piece, _SHADE, face, "ls", stroke_width=outline * 3)
            pen.text(place, piece, _WHITE, face, "ls", stroke_width=outline, stroke_fill=_INK)
            left += face.getlength(piece)
    soft = shade.filter(ImageFilter.GaussianBlur(size * 0.18))
    behind = Image.new("RGBA", frame, (0, 0, 0, 0))
    behind.putalpha(soft)
    return Image.alpha_composite(behind, letters)
