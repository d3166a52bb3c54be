"""Finds a font on this machine that has every letter of a text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import ImageFont

from framewright.errors import MediaError

if TYPE_CHECKING:
    from collections.abc import Iterator

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

DEJAVU = (
    Path("/usr/share/fonts/truetype/dejavu"),
    Path("/usr/share/fonts/dejavu-sans-fonts"),
    Path("/usr/share/fonts/dejavu"),
    Path("/usr/share/fonts/TTF"),
)
"""Where systems keep DejaVu Sans."""
FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
"""Where systems keep the others."""
_MOST_FILES = 4_000
_WIDE = ("notosanscjk", "droidsansfallback", "wqy", "arialuni", "unifont", "noto")
"""Fonts with many scripts are tried first."""
_NOWHERE = chr(0x10FFFE)
"""No font has this one: what it draws is what it draws for all it lacks."""
PACKAGE = "fonts-droid-fallback"
"""Debian's smallest package with the letters of East Asia."""


@lru_cache(maxsize=32)
def load_font(size: int, *, bold: bool) -> Font:
    """Return DejaVu Sans where the system has it, else Pillow's own font."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    for folder in DEJAVU:
        if (folder / name).is_file():
            return ImageFont.truetype(str(folder / name), size)
    return ImageFont.load_default(size)


@dataclass(frozen=True, slots=True)
class Typeface:
    """Fonts that together have every letter of a text; each letter is set in the first with it."""

    fonts: tuple[Font, ...]
    lacking: frozenset[str] = frozenset()
    """Letters the first font does not have."""

    def runs(self, text: str) -> Iterator[tuple[Font, str]]:
        """Yield the text in pieces, each with the font it is set in."""
        for lacks, letters in groupby(text, key=self.lacking.__contains__):
            yield self.fonts[-1 if lacks else 0], "".join(letters)

    def getlength(self, text: str) -> float:
        """Return how wide a line is, in pixels."""
        return sum(font.getlength(piece) for font, piece in self.runs(text))


def typeface(text: str, size: int, *, bold: bool, folders: tuple[Path, ...] = FOLDERS) -> Typeface:
    """Return DejaVu Sans, with another font of this machine for the letters it lacks.

    Raises `MediaError` where no font here has those.
    """
    usual = load_font(size, bold=bold)
    lacking = missing_from(usual, text)
    if not lacking:
        return Typeface((usual,))
    try:
        file = _file_for("".join(sorted(lacking)), folders)
    except LookupError:
        message = f"No font on this machine can draw “{lacking[0]}”."
        action = f"Install one: sudo apt-get install {PACKAGE}."
        raise MediaError(message, action=action) from None
    return Typeface((usual, ImageFont.truetype(str(file), size)), frozenset(lacking))


def missing_from(font: Font, text: str) -> tuple[str, ...]:
    """Return the letters of a text that a font has no picture of, each once."""
    empty = bytes(font.getmask(_NOWHERE))
    return tuple(
        letter
        for letter in dict.fromkeys(text)
        if _is_drawn(letter) and bytes(font.getmask(letter)) in {empty, b""}
    )


def _is_drawn(letter: str) -> bool:
    """Tell letters from spaces, joiners and variation selectors, which draw nothing."""
    return unicodedata.category(letter) not in {"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"}


@lru_cache(maxsize=64)
def _file_for(letters: str, folders: tuple[Path, ...]) -> Path:
    # What is not found is raised and so not remembered: it may be installed the next moment.
    for file in sorted(_files(folders), key=_rank):
        try:
            font = ImageFont.truetype(str(file), 16)
        except OSError:
            continue
        if not missing_from(font, letters):
            return file
    raise LookupError(letters)


def _rank(file: Path) -> tuple[int, str]:
    name = file.name.lower()
    return next((at for at, wide in enumerate(_WIDE) if wide in name), len(_WIDE)), name


def _files(folders: tuple[Path, ...]) -> Iterator[Path]:
    count = 0
    for folder in folders:
        for file in folder.rglob("*") if folder.is_dir() else ():
            if file.suffix.lower() in {".ttf", ".otf", ".ttc"}:
                yield file
                count += 1
                if count >= _MOST_FILES:
                    return
