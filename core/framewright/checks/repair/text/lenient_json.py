"""A JSON reader that forgives what language models do to JSON, and says what it forgave.

It reads one value from a place in a text. A text that ends inside the value is not completed:
the value is marked as cut off, because nobody knows what would have followed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

MOST_DEPTH = 64
"""How deeply values may nest; a plan needs a dozen levels."""

_SPACE = re.compile(r"[\s\u00a0\ufeff\u200b-\u200d\u2060]*")
_NUMBER = re.compile(r"[+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?(?![\w.])")
_WORD = re.compile(r"[A-Za-z_$][\w$.\-/]*")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*"')
_CLOSERS = {
    '"': '"',
    "'": "'",
    "`": "`",
    "\u201c": "\u201d",
    "\u201d": "\u201d",
    "\u201e": "\u201c\u201d",
    "\u2018": "\u2019",
    "\u2019": "\u2019",
    "\u00ab": "\u00bb",
}
_LITERALS = {
    "true": True,
    "false": False,
    "null": None,
    "True": True,
    "False": False,
    "None": None,
    "TRUE": True,
    "FALSE": False,
    "NULL": None,
    "undefined": None,
}
_ENDLESS = {"NaN", "Infinity", "nan", "inf", "-Infinity", "+Infinity", "-inf"}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "/": "/", "\\": "\\", '"': '"'}
_ELISION = re.compile(
    r"\.\.\.|\u2026|\b(?:rest of|remaining|more steps|and so on|etc)\b", re.IGNORECASE
)


class NotJsonError(ValueError):
    """Here is no JSON value, not even a bad one."""


class TooDeepError(ValueError):
    """Values nest too deeply."""


@dataclass(slots=True)
class NotANumber:
    """Stands for NaN or an infinity, which JSON does not have."""

    written: str


@dataclass(slots=True)
class Conflict:
    """The same key twice in an object, with different values."""

    holder: dict[str, Any]
    key: str
    values: list[Any]


@dataclass(slots=True)
class Forgiven:
    """What was found in one value."""

    codes: dict[str, None] = field(default_factory=dict)
    """Defects in the order they were met."""
    conflicts: list[Conflict] = field(default_factory=list)
    cut_off: bool = False
    """The text ended inside the value, or said that something was left out."""


def read_value(text: str, start: int) -> tuple[Any, int, Forgiven]:
    """Read the value at a place; return it, where it ended, and what was forgiven.

    Raises `NotJsonError` where there is none, `TooDeepError` beyond `MOST_DEPTH` levels.
    """
    reader = _Reader(text, start)
    value = reader.value(0)
    return value, reader.at, reader.forgiven


class _Reader:
    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.at = start
        self.forgiven = Forgiven()

    def value(self, depth: int) -> Any:
        """Read any value."""
        if depth > MOST_DEPTH:
            raise TooDeepError
        self._skip()
        sign = self.text[self.at : self.at + 1]
        if sign == "{":
            return self._object(depth)
        if sign == "[":
            return self._array(depth)
        if sign in _CLOSERS and sign:
            return self._joined(sign)
        return self._bare()

    def _skip(self) -> None:
        """Go over blanks and comments."""
        while True:
            self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]  # matches nothing too
            ahead = self.text[self.at : self.at + 2]
            if ahead == "//" or ahead[:1] == "#":
                end = self.text.find("\n", self.at)
            elif ahead == "/*":
                end = self.text.find("*/", self.at + 2)
                end = end + 2 if end >= 0 else end
            else:
                return
            end = len(self.text) if end < 0 else end
            if _ELISION.search(self.text, self.at, end):
                self.forgiven.cut_off = True
            self._forgive("json_comments")
            self.at = end

    def _object(self, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        seen: dict[str, list[Any]] = {}
        self.at += 1
        while not self._closes("}"):
            key = self._key()
            self._skip()
            if self.text[self.at : self.at + 1] in {":", "="}:
                self.at += 1
            elif self._ended():
                break
            else:
                raise NotJsonError
            if self._ended():
                break
            value = self.value(depth + 1)
            seen.setdefault(key, []).append(value)
            made[key] = value
            if not self._comma("}"):
                break
        for key, values in seen.items():
            if len(values) > 1:
                self._forgive("json_duplicate_key")
                if any(other != values[0] for other in values[1:]):
                    self.forgiven.conflicts.append(Conflict(made, key, values))
        return made

    def _array(self, depth: int) -> list[Any]:
        made: list[Any] = []
        self.at += 1
        while not self._closes("]"):
            if self.text.startswith("...", self.at) or self.text.startswith("\u2026", self.at):
                self.at += 3 if self.text[self.at] == "." else 1
                self.forgiven.cut_off = True
            else:
                made.append(self.value(depth + 1))
            if not self._comma("]"):
                break
        return made

    def _closes(self, closer: str) -> bool:
        """Tell whether the container ends here, at its sign or with the text."""
        self._skip()
        while self.text[self.at : self.at + 1] == ",":
            self._forgive("json_trailing_comma")
            self.at += 1
            self._skip()
        if self.text[self.at : self.at + 1] == closer:
            self.at += 1
            return True
        return self._ended()

    def _comma(self, closer: str) -> bool:
        """Go over what parts two members; False where nothing can follow."""
        self._skip()
        sign = self.text[self.at : self.at + 1]
        if sign in {",", ";"}:
            self.at += 1
            self._skip()
            if self.text[self.at : self.at + 1] == closer:
                self._forgive("json_trailing_comma")
            return True
        if sign == closer:
            return True
        if self._ended():
            return False
        if sign in {"}", "]"}:
            raise NotJsonError
        self._forgive("json_missing_comma")
        return True

    def _ended(self) -> bool:
        """Tell whether the text is over; a container that is still open is then cut off."""
        self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]  # matches nothing too
        if self.at >= len(self.text):
            self.forgiven.cut_off = True
            return True
        return False

    def _key(self) -> str:
        sign = self.text[self.at : self.at + 1]
        if sign in _CLOSERS:
            return self._string(sign)
        if found := _WORD.match(self.text, self.at) or re.compile(r"\d+").match(self.text, self.at):
            self.at = found.end()
            self._forgive("json_unquoted_keys")
            return found[0]
        raise NotJsonError

    def _bare(self) -> Any:
        if found := _NUMBER.match(self.text, self.at):
            self.at = found.end()
            return _number(found[0])
        signed = self.text[self.at : self.at + 1] in {"-", "+"}
        found = _WORD.match(self.text, self.at + signed)
        if found is None:
            if self._ended():
                return None
            raise NotJsonError
        word = self.text[self.at : found.end()]
        self.at = found.end()
        if self.at >= len(self.text):
            self.forgiven.cut_off = True
        if word in _ENDLESS:
            self._forgive("json_nan")
            return NotANumber(word)
        if word in _LITERALS:
            if word not in {"true", "false", "null"}:
                self._forgive("json_python_literals")
            return _LITERALS[word]
        self._forgive("json_unquoted_keys")
        return word

    def _joined(self, sign: str) -> str:
        """Read a string, and those a plus joins to it."""
        text = self._string(sign)
        while True:
            before = self.at
            self._skip()
            if self.text[self.at : self.at + 1] != "+":
                self.at = before
                return text
            self.at += 1
            self._skip()
            after = self.text[self.at : self.at + 1]
            if after not in _CLOSERS:
                raise NotJsonError
            text += self._string(after)

    def _string(self, sign: str) -> str:
        if sign in {"'", "`"}:
            self._forgive("json_single_quotes")
        elif sign != '"':
            self._forgive("json_smart_quotes")
        elif (found := _PLAIN.match(self.text, self.at + 1)) and self._is_end(found.end()):
            # Nearly every string: no escape, no control character, and a clear end.
            self.at = found.end()
            return found[0][:-1]
        return self._careful_string(sign)

    def _careful_string(self, sign: str) -> str:
        text, closers, at = self.text, _CLOSERS[sign], self.at + 1
        pieces: list[str] = []
        while at < len(text):
            letter = text[at]
            if letter in closers and self._is_end(at + 1):
                self.at = at + 1
                return "".join(pieces)
            if letter == "\\":
                piece, at = self._escape(at)
                pieces.append(piece)
                continue
            if letter < " ":
                self._forgive("json_control_chars")
            elif letter in closers and sign == '"':
                self._forgive("json_invalid_escape")
            pieces.append(letter)
            at += 1
        self.at = len(text)
        self.forgiven.cut_off = True
        return "".join(pieces)

    def _is_end(self, at: int) -> bool:
        """Tell whether a quote before this place can end a string: what follows belongs to JSON."""
        ahead = _SPACE.match(self.text, at).end()  # type: ignore[union-attr]  # matches nothing too
        if ahead >= len(self.text) or self.text[ahead] in ",:}]+;=":
            return True
        if self.text.startswith(("//", "/*", "#"), ahead):
            return True
        # Two members on two lines without a comma between them.
        return "\n" in self.text[at:ahead] and self.text[ahead] in "\"'\u201c{["

    def _escape(self, at: int) -> tuple[str, int]:
        """Read an escape; a backslash before a sign that needs none goes, before a letter stays."""
        letter = self.text[at + 1 : at + 2]
        if letter in _ESCAPES and letter:
            return _ESCAPES[letter], at + 2
        if letter == "u" and re.fullmatch(r"[0-9a-fA-F]{4}", self.text[at + 2 : at + 6]):
            return self._unicode(at)
        self._forgive("json_invalid_escape")
        if letter == "\n":
            return "", at + 2
        if letter == "x" and re.fullmatch(r"[0-9a-fA-F]{2}", self.text[at + 2 : at + 4]):
            return chr(int(self.text[at + 2 : at + 4], 16)), at + 4
        if letter.isalnum() or not letter:
            return "\\", at + 1
        return letter, at + 2

    def _unicode(self, at: int) -> tuple[str, int]:
        code = int(self.text[at + 2 : at + 6], 16)
        low = self.text[at + 6 : at + 12]
        if 0xD800 <= code < 0xDC00 and re.fullmatch(r"\\u[dD][c-fC-F][0-9a-fA-F]{2}", low):
            pair = f'"{self.text[at : at + 12]}"'
            return str(json.loads(pair)), at + 12
        if 0xD800 <= code < 0xE000:
            self._forgive("json_invalid_escape")
            return "\N{REPLACEMENT CHARACTER}", at + 6
        return chr(code), at + 6

    def _forgive(self, code: str) -> None:
        self.forgiven.codes[code] = None


def _number(written: str) -> int | float | NotANumber:
    plain = written.replace("_", "").lstrip("+")
    if re.fullmatch(r"-?\d+", plain):
        return int(plain) if len(plain) < 20 else float(plain)
    value = float(plain)
    return value if abs(value) != float("inf") else NotANumber(written)
