"""The files a person gave, and which of them a clause speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from framewright.domain.media import MediaKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.words.lexicon import Lexicon
    from framewright.domain.upload import Upload

_NOUNS = {
    MediaKind.IMAGE: r"(?:photo|picture|image|still|drawing|painting|portrait|selfie|logo"
    r"|illustration|sketch|pic|headshot|artwork)",
    MediaKind.VIDEO: r"(?:clip|video|footage|film|movie|recording|shot|reel)",
    MediaKind.AUDIO: r"(?:song|music|track|recording|audio|voice(?:-?over)?|narration|sound"
    r"|soundtrack|jingle|voice memo)",
}
_MANY = re.compile(
    r"\b(?:these|those|them|all|each|both|every|photos|pictures|images|clips|videos|stills)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Pool:
    """Uploads, and those already used."""

    uploads: Sequence[Upload]
    used: set[str] = field(default_factory=set)

    def named(self, phrase: str, kind: MediaKind) -> list[Upload]:
        """Return the uploads whose file name the phrase contains."""
        low = phrase.lower()
        return [
            upload
            for upload in self.uploads
            if upload.kind is kind and _is_named(upload.name.lower(), low)
        ]

    def speaks_of(self, phrase: str, kind: MediaKind, lexicon: Lexicon) -> list[Upload]:
        """Return the uploads of a kind that a phrase means: "my photo", "beach.jpg"."""
        if named := self.named(phrase, kind):
            return named
        there = [upload for upload in self.uploads if upload.kind is kind]
        told = there and _file_of(lexicon.pointing, kind).search(phrase)
        return self.of(there, phrase) if told else []

    def of(self, there: list[Upload], phrase: str) -> list[Upload]:
        """Return all of these for "them", one for "it": the first that is not used yet."""
        if _MANY.search(phrase):
            return there
        return [upload for upload in there if upload.id not in self.used][:1] or there[:1]

    def left(self, kind: MediaKind) -> list[Upload]:
        """Return the uploads of a kind that nothing uses yet."""
        return [up for up in self.uploads if up.kind is kind and up.id not in self.used]

    def take(self, upload: Upload) -> str:
        """Return the reference to an upload, and count it as used."""
        self.used.add(upload.id)
        return f"$upload.{upload.id}"


@cache
def _file_of(pointing: tuple[str, ...], kind: MediaKind) -> re.Pattern[str]:
    """Return what "my old photo" and "these pictures" look like."""
    words = "|".join(map(re.escape, pointing))
    return re.compile(
        rf"\b(?:{words}) (?:[\w-]+ ){{0,3}}?{_NOUNS.get(kind, 'file')}s?\b(?! (?:of"
        rf"|showing)\b)",
        re.IGNORECASE,
    )


def _is_named(name: str, phrase: str) -> bool:
    stem = name.rsplit(".", 1)[0]
    plain = re.sub(r"[_-]+", " ", stem)
    if name in phrase:
        return True
    return (
        len(stem) >= 4
        and re.search(rf"\b(?:{re.escape(stem)}|{re.escape(plain)})\b", phrase) is not None
    )
