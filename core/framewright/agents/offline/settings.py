"""What a brief says once and means for everything: shape, style, camera, what is not wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.agents.offline.measures import take_ratio

if TYPE_CHECKING:
    from framewright.agents.offline.lexicon import Lexicon
    from framewright.agents.offline.wishes import Wish

_NOT = re.compile(
    r",?\s*\b(?:but |and )?(?:without|with no|no)\s+(?:any\s+)?([\w'-]+(?: (?!in\b|on\b|at\b|and\b|of\b|with\b)[\w'-]+)?)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\b(?:scene|shot|part|clip)\s*#?(\d{1,3})\s*[:.)-]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Settings:
    """Read before the clauses, and taken out of them."""

    ratio: str | None
    style: str
    camera: str | None
    without: tuple[str, ...]
    chain: bool
    """Each clip begins with the last frame of the one before."""
    crossfade: bool
    parts: tuple[str, ...]
    """What each scene of a list shows."""
    variants: frozenset[str]

    def parts_of(self, wish: Wish) -> list[str]:
        """Return the subjects of a wish that the brief lists one by one; empty without a list."""
        if not self.parts:
            return []
        about = wish.subject if wish.count == 1 or wish.noun else ""
        return [", ".join(filter(None, (part, about))) for part in self.parts]

    def are_variants(self, wish: Wish) -> bool:
        """Tell whether several of the wish are alternatives, not scenes of one film."""
        return wish.noun in self.variants


def read_settings(text: str, lexicon: Lexicon) -> tuple[Settings, str]:
    """Return the settings of a brief, and its text without them."""
    rest, parts = _take_parts(text, lexicon)
    chain = bool(lexicon.phrases["chain"].search(rest))
    rest = _cut(
        rf",?\s*(?:each |with each (?:one |scene |clip )?)?(?:{lexicon.phrases['chain'].pattern})",
        rest,
    )
    crossfade = bool(lexicon.phrases["crossfade"].search(rest))
    rest = _cut(lexicon.phrases["crossfade"].pattern, rest)
    unwanted = tuple(found[1].lower() for found in _NOT.finditer(rest))
    rest = _NOT.sub(" ", rest)
    ratio, rest = take_ratio(rest, lexicon)
    styles = tuple(dict.fromkeys(found[0] for found in lexicon.styles.finditer(rest)))
    rest = lexicon.styles.sub(" ", rest)
    camera = next((move for move, words in lexicon.camera.items() if words.search(rest)), None)
    settings = Settings(
        ratio=ratio,
        style=", ".join(re.sub(r"^in (?:an? )?", "", style) for style in styles),
        camera=camera,
        without=tuple(each for each in unwanted if not _is_media(each, lexicon)),
        chain=chain,
        crossfade=crossfade,
        parts=parts,
        variants=lexicon.variants,
    )
    return settings, re.sub(r"[^\S\n]+", " ", rest).replace(" ,", ",").strip()


def _is_media(word: str, lexicon: Lexicon) -> bool:
    return any(lexicon.nouns.get(each) in {"music", "voice", "sound"} for each in word.split())


def _cut(pattern: str, text: str) -> str:
    return re.sub(pattern, " ", text, flags=re.IGNORECASE)


def _take_parts(text: str, lexicon: Lexicon) -> tuple[str, tuple[str, ...]]:
    """Take a list of scenes out of the text: "Scene 1: …" or "three scenes: …; …; …"."""
    marks = list(_NUMBERED.finditer(text))
    if len(marks) >= 2:
        return _take_numbered(text, marks)
    nouns = "|".join(sorted(lexicon.plural, key=len, reverse=True))
    found = re.search(
        rf"\b(?P<head>(?:\w+ )(?:[\w'-]+ ){{0,2}}?(?:{nouns})\b[^:.;\n]{{0,120}}):\s*(?P<list>[^.\n]+)",
        text,
        re.IGNORECASE,
    )
    if found is None:
        return text, ()
    listed = found["list"]
    separator = r"\s*;\s*(?:and\s+)?" if ";" in listed else r"\s*,\s*(?:and\s+)?|\s+and\s+"
    parts = tuple(part.strip(" ,") for part in re.split(separator, listed) if part.strip(" ,"))
    if len(parts) < 2:
        return text, ()
    rest = f"{text[: found.start('list')].rstrip(' :')}. {text[found.end() :]}"
    return rest, parts


def _take_numbered(text: str, marks: list[re.Match[str]]) -> tuple[str, tuple[str, ...]]:
    parts: list[str] = []
    after: list[str] = []
    for number, mark in enumerate(marks):
        end = marks[number + 1].start() if number + 1 < len(marks) else len(text)
        lines = re.split(r"[.;\n]", text[mark.end() : end], maxsplit=1)
        parts.append(lines[0].strip(" ,"))
        after.append(lines[1] if len(lines) > 1 else "")
    # What follows the last scene is about the film; what follows another belongs to that scene.
    for number, more in enumerate(after[:-1]):
        parts[number] = " ".join(filter(None, (parts[number], more.strip(" ,.;\n"))))
    head = text[: marks[0].start()].rstrip(" :,-") or "a film"
    return f"{head}.\n{after[-1]}".strip(), tuple(parts)
