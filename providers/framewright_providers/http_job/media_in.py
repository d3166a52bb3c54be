"""Inputs as vendors want them: media as a data URI, as bytes, or as an address they were put at."""

from __future__ import annotations

import asyncio
import base64
import mimetypes
from typing import TYPE_CHECKING, Any

from framewright.domain.job import ErrorCategory
from framewright.protocols import MediaFile, ProviderFailure, SubmitError
from framewright_providers.http_job.download import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

_BY_SUFFIX = {suffix: kind for kind, suffix in reversed(SUFFIXES.items())}


def media_type(file: MediaFile) -> str:
    """Return the media type that a file is sent as, by its name."""
    suffix = file.path.suffix.lower()
    known = _BY_SUFFIX.get(suffix) or mimetypes.guess_type(file.path.name)[0]
    return known or "application/octet-stream"


def media_files(inputs: Any) -> Iterator[MediaFile]:
    """Yield every media file in inputs of any nesting, in order."""
    if isinstance(inputs, MediaFile):
        yield inputs
    elif isinstance(inputs, dict):
        for each in inputs.values():
            yield from media_files(each)
    elif isinstance(inputs, (list, tuple)):
        for each in inputs:
            yield from media_files(each)


async def with_addresses(
    inputs: dict[str, Any], place: Callable[[MediaFile], Awaitable[str]]
) -> dict[str, Any]:
    """Return inputs with what `place` gives for each media file; the same file is placed once."""
    found: dict[str, str] = {}
    for file in media_files(inputs):
        if file.hash not in found:
            found[file.hash] = await place(file)
    return {name: _replaced(each, found) for name, each in inputs.items()}


def _replaced(value: Any, found: dict[str, str]) -> Any:
    if isinstance(value, MediaFile):
        return found[value.hash]
    if isinstance(value, dict):
        return {name: _replaced(each, found) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replaced(each, found) for each in value]
    return value


async def data_uri(file: MediaFile, most_bytes: int, title: str) -> str:
    """Return a file as a data URI (RFC 2397); raises `SubmitError` where it is larger than that."""
    encoded = await contents_in_base64(file, most_bytes, title)
    return f"data:{media_type(file)};base64,{encoded}"


async def contents_in_base64(file: MediaFile, most_bytes: int, title: str) -> str:
    """Return a file's bytes in base64; raises `SubmitError` where they are more than that."""
    body = await contents(file, most_bytes, title)
    return (await asyncio.to_thread(base64.b64encode, body)).decode()


async def contents(file: MediaFile, most_bytes: int, title: str) -> bytes:
    """Return a file's bytes; raises `SubmitError` where they are more than a vendor takes."""
    refuse_larger(file, most_bytes, title)
    return await asyncio.to_thread(file.path.read_bytes)


def refuse_larger(file: MediaFile, most_bytes: int, title: str) -> None:
    """Raise `SubmitError` for a file that is larger than a vendor takes."""
    size = file.path.stat().st_size
    if size > most_bytes:
        words = f"{title} takes files of {most_bytes / 10**6:g} MB at most, and this one has"
        failure = ProviderFailure(
            ErrorCategory.INPUT_MEDIA,
            f"{words} {size / 10**6:.1f} MB.",
            "Give a smaller or more compressed file.",
        )
        raise SubmitError(failure)
