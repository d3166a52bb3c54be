"""Fetches results: from checked addresses, piece by piece to disk, within a size, whole or not."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

from framewright.domain.job import ErrorCategory
from framewright.protocols import ProviderFailure, SubmitError
from framewright_providers.http_job.address import AddressRefusedError, checked, origin_of
from framewright_providers.http_job.body import packing, raw

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import httpx

    from framewright_providers.http_job.address import Allowed, Resolve, Target

MOST_BYTES = 4_000_000_000
"""Largest file that is fetched."""
_MOST_REDIRECTS = 4
_SILENT_SECONDS = 60.0
_PART = 1 << 20
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({401, 403, 404, 410})
"""What a signed address answers once its time is over."""
_REFUSED_TYPES = ("text/html", "application/xhtml+xml")
"""A page that says why there is no file."""
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")
SUFFIXES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/gif": ".gif",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    "video/quicktime": ".mov",
    "audio/mpeg": ".mp3",
    "audio/mp3": ".mp3",
    "audio/wav": ".wav",
    "audio/x-wav": ".wav",
    "audio/wave": ".wav",
    "audio/flac": ".flac",
    "audio/ogg": ".ogg",
    "audio/opus": ".opus",
    "audio/aac": ".aac",
    "audio/mp4": ".m4a",
    "model/gltf-binary": ".glb",
}
"""What a file is called by its media type."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """How files are fetched."""

    client: httpx.AsyncClient
    allowed: Allowed
    title: str
    """Whose files they are, for a person."""
    most_bytes: int = MOST_BYTES
    headers: Mapping[str, str] | None = None
    """Sent to `api` only, such as its key."""
    api: str = ""
    """The origin of the provider's API."""
    resolve: Resolve | None = None


async def download(url: str, folder: Path, name: str, how: Fetching) -> Path:
    """Write the file behind a URL (https, or `data:`) into a folder, which is made; return where.

    `name` is given a suffix by its media type or address. Raises `SubmitError`: one that may pass
    where the connection broke off or came to less than was announced.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    if url[:5].lower() == "data:":
        return await asyncio.to_thread(_from_data, url, folder, name, how)
    import httpx

    from framewright_providers.http_job.ways import proxy_of

    try:
        for _ in range(_MOST_REDIRECTS + 1):
            proxied = proxy_of(url) is not None
            target = await checked(url, how.allowed, how.resolve, proxied=proxied)
            found = await _get(target, folder, name, how)
            if not isinstance(found, str):
                return found
            url = urljoin(url, found)
    except AddressRefusedError as error:
        raise SubmitError(
            ProviderFailure(ErrorCategory.UNKNOWN, error.message, error.action)
        ) from None
    except (httpx.HTTPError, OSError) as error:
        if isinstance(error, OSError) and error.filename is not None:
            raise
        words = f"The file of {how.title} did not come whole ({type(error).__name__})."
        raise SubmitError(_passing(words, str(error))) from None
    words = f"{how.title} sends whoever asks for its file from one address to the next."
    raise SubmitError(ProviderFailure(ErrorCategory.UNKNOWN, words))


async def _get(target: Target, folder: Path, name: str, how: Fetching) -> Path | str:
    """Return the file that was written, or the address that was named instead."""
    from framewright_providers.http_job.ways import send

    own = bool(how.api) and origin_of(target.url) == how.api
    headers = how.headers or {} if own else {}
    answer = await send(how.client, "GET", target, headers=headers, silent_seconds=_SILENT_SECONDS)
    try:
        if answer.status_code in _REDIRECTS and "location" in answer.headers:
            return str(answer.headers["location"])
        _refuse(answer, how)
        suffix = suffix_of(answer.headers.get("content-type", ""), target.url)
        path = folder / f"{name}{suffix}"
        with await asyncio.to_thread(path.open, "wb") as file:
            await _write(answer, file, how)
        return path
    finally:
        await answer.aclose()


def _refuse(answer: httpx.Response, how: Fetching) -> None:
    """Raise for an answer that is no file."""
    status = answer.status_code
    if status in _GONE:
        words = f"{how.title} no longer has the file, or does not hand it out (HTTP {status})."
        action = "Such files are kept for hours only. Redo the step to make it again; that costs."
        raise SubmitError(ProviderFailure(ErrorCategory.NOT_FOUND, words, action))
    if not 200 <= status < 300:
        raise SubmitError(_passing(f"The file of {how.title} can not be had now (HTTP {status})."))
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _REFUSED_TYPES:
        words = f"{how.title} gave a web page where a file should be."
        raise SubmitError(ProviderFailure(ErrorCategory.UNKNOWN, words))
    if packing(answer):
        # It was asked for as it is; unpacked it may be of any size.
        words = f"{how.title} gave a file that is packed, which nobody asked for."
        raise SubmitError(ProviderFailure(ErrorCategory.UNKNOWN, words))
    length = answer.headers.get("content-length", "")
    if length.isdigit() and int(length) > how.most_bytes:
        raise _too_large(how)


async def _write(answer: httpx.Response, file: BinaryIO, how: Fetching) -> None:
    written = 0
    async for block in raw(answer):
        written += len(block)
        if written > how.most_bytes:
            raise _too_large(how)
        await asyncio.to_thread(file.write, block)
    if written == 0:
        raise SubmitError(_passing(f"The file of {how.title} is empty."))


def _from_data(url: str, folder: Path, name: str, how: Fetching) -> Path:
    head, comma, rest = url[5:].partition(",")
    kind, *flags = head.split(";")
    if len(rest) > how.most_bytes * 4 // 3 + 4:
        raise _too_large(how)
    try:
        body = _decoded(rest) if "base64" in flags else unquote_to_bytes(rest)
    except (binascii.Error, ValueError):
        body = b""
    if not comma or not body:
        words = f"{how.title} gave a file in a form that can not be read."
        raise SubmitError(ProviderFailure(ErrorCategory.UNKNOWN, words))
    path = folder / f"{name}{suffix_of(kind, '')}"
    path.write_bytes(body)
    return path


def _decoded(text: str) -> bytes:
    # Decoding holds the interpreter: in parts, where each is whole by itself.
    parts = range(0, len(text), _PART)
    try:
        return b"".join(base64.b64decode(text[at : at + _PART], validate=True) for at in parts)
    except binascii.Error:
        return base64.b64decode(text)


def suffix_of(media_type: str, url: str) -> str:
    """Return what a file is called at its end: by its type, else its address, else nothing."""
    known = SUFFIXES.get(media_type.partition(";")[0].strip().lower())
    if known is not None:
        return known
    found = PurePosixPath(urlsplit(url).path).suffix.lower()
    return found if _SUFFIX.fullmatch(found) else ""


def _too_large(how: Fetching) -> SubmitError:
    words = f"The file of {how.title} is larger than {how.most_bytes / 10**6:,.0f} MB."
    return SubmitError(ProviderFailure(ErrorCategory.UNKNOWN, words))


def _passing(words: str, detail: str = "") -> ProviderFailure:
    return ProviderFailure(ErrorCategory.OUTAGE, words, "", detail, retryable=True)
