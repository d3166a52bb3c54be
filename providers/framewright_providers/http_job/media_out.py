"""What a vendor's output holds: addresses of files, in any nesting, or words."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from framewright.domain.job import ErrorCategory
from framewright.domain.media import MediaKind
from framewright.protocols import ProviderOutput, SubmitError
from framewright_providers.http_job.download import download

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from framewright_providers.http_job.download import Fetching

MOST_FILES = 64
"""Most files of one job."""
_MOST_DEPTH = 32
_log = logging.getLogger("framewright.providers")
_KINDS = {
    ".png": MediaKind.IMAGE,
    ".jpg": MediaKind.IMAGE,
    ".jpeg": MediaKind.IMAGE,
    ".webp": MediaKind.IMAGE,
    ".avif": MediaKind.IMAGE,
    ".gif": MediaKind.IMAGE,
    ".mp3": MediaKind.AUDIO,
    ".wav": MediaKind.AUDIO,
    ".flac": MediaKind.AUDIO,
    ".ogg": MediaKind.AUDIO,
    ".opus": MediaKind.AUDIO,
    ".aac": MediaKind.AUDIO,
    ".m4a": MediaKind.AUDIO,
    ".glb": MediaKind.MODEL3D,
}


def addresses(output: Any) -> tuple[str, ...]:
    """Return the addresses of files in an output, https or `data:`, each once, in order."""
    return tuple(dict.fromkeys(each for each in _strings(output) if is_address(each)))


def is_address(text: str) -> bool:
    """Whether a text is the address of a file, and nothing beside it."""
    head = text[:8].lower()
    return head.startswith(("https://", "http://", "data:")) and not any(
        letter.isspace() for letter in text[:2_000]
    )


def words(output: Any) -> str:
    """Return the text of an output: one, or the pieces of one."""
    if isinstance(output, str):
        return output
    if isinstance(output, list) and all(isinstance(each, str) for each in output):
        return "".join(output)
    return ""


async def fetched(
    urls: tuple[str, ...],
    folder: Path,
    how: Fetching,
    *,
    stem: str = "result",
    has_others: bool = False,
) -> tuple[ProviderOutput, ...]:
    """Write the files behind addresses into a folder; raises `SubmitError`.

    An address that nothing is fetched from is passed over where another file came, or `has_others`
    says that there are some already. `stem` begins the names of the files.
    """
    if len(urls) > MOST_FILES:
        _log.warning("%s made %d files; the first %d are taken", how.title, len(urls), MOST_FILES)
    found, refused = [], []
    for number, url in enumerate(urls[:MOST_FILES], 1):
        try:
            path = await download(url, folder, f"{stem}{number}", how)
        except SubmitError as error:
            if error.retryable or error.failure.category is not ErrorCategory.UNKNOWN:
                raise
            refused.append(error)
            continue
        found.append(ProviderOutput(kind_of(path), path))
    if refused and not found and not has_others:
        raise refused[0]
    for each in refused:
        # A picture of a licence, or an address of somebody else, beside what was asked for.
        _log.warning("passing over a file of %s: %s", how.title, each.message)
    return tuple(found)


def kind_of(path: Path) -> MediaKind:
    """Return what a file is by its name; whoever takes it in looks into it."""
    return _KINDS.get(path.suffix.lower(), MediaKind.VIDEO)


def _strings(value: Any, depth: int = 0) -> Iterator[str]:
    if depth > _MOST_DEPTH:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each, depth + 1)
