"""FAL's storage for inputs: small files travel in the question, others are put on its CDN.

As `fal-client` 1.0.3 does it: a token from the REST API, then the bytes, in parts of 10 MiB for
files over 100 MiB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.domain.job import ErrorCategory
from framewright.protocols import ProviderFailure, SubmitError
from framewright_providers.http_job.address import Allowed
from framewright_providers.http_job.media_in import data_uri, media_type, refuse_larger
from framewright_providers.http_job.upload import blocks, put

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from framewright.protocols import MediaFile
    from framewright_providers.http_job.connection import Answered
    from framewright_providers.http_job.provider import HttpProvider

REST = "https://rest.fal.ai"
"""Where the tokens for uploads and the keys of webhooks are had."""
INLINE_BYTES = 256_000
"""Files up to this size travel as data URI."""
_MIB = 1 << 20
WHOLE_BYTES = 100 * _MIB
PART_BYTES = 10 * _MIB
MOST_BYTES = 2_000_000_000


async def placed(provider: HttpProvider, file: MediaFile) -> str:
    """Return what stands for a file in a question; raises `SubmitError`."""
    title = provider.connection.vendor.title
    size = file.path.stat().st_size
    if size <= INLINE_BYTES:
        return await data_uri(file, INLINE_BYTES, title)
    refuse_larger(file, MOST_BYTES, title)
    token = await _token(provider)
    name = f"{file.hash[:16]}{file.path.suffix}"
    kind = {"Content-Type": media_type(file)}
    headers = {"Authorization": f"{token['token_type']} {token['token']}"}
    upload = _Upload(provider, str(token["base_url"]).rstrip("/"), headers)
    if size <= WHOLE_BYTES:
        carried = {**kind, "X-Fal-File-Name": name, "Content-Length": str(size)}
        return await upload.address("/files/upload", carried, content=blocks(file.path))
    return await upload.in_parts(file, size, {**kind, "X-Fal-File-Name": name})


async def _token(provider: HttpProvider) -> dict[str, Any]:
    where = f"{provider.connection.place(REST)}/storage/auth/token?storage_type=fal-cdn-v3"
    accepts = {"Accept": "application/json"}
    asked = provider.connection.ask("POST", where, json={}, headers=accepts)
    told = (await provider.beforehand(asked)).object()
    if not all(isinstance(told.get(name), str) for name in ("token", "token_type", "base_url")):
        raise _unclear(provider)
    return told


class _Upload:
    """One file on its way to the CDN."""

    def __init__(self, provider: HttpProvider, base: str, headers: Mapping[str, str]) -> None:
        self._provider, self._base, self._headers = provider, base, headers
        found = provider.connection.allowed
        self._allowed = Allowed(provider.connection.vendor.hosts, found.origin)

    async def address(self, path: str, headers: Mapping[str, str], **content: Any) -> str:
        told = (await self._sent("POST", self._base + path, headers, **content)).object()
        found = told.get("access_url")
        if not isinstance(found, str):
            raise _unclear(self._provider)
        return found

    async def in_parts(self, file: MediaFile, size: int, headers: Mapping[str, str]) -> str:
        began = (await self._sent("POST", f"{self._base}/files/upload/multipart", headers)).object()
        address, name = began.get("access_url"), began.get("uploadId")
        if not isinstance(address, str) or not isinstance(name, str):
            raise _unclear(self._provider)
        parts = []
        for number, start in enumerate(range(0, size, PART_BYTES), 1):
            length = min(PART_BYTES, size - start)
            carried = {
                "Content-Type": headers["Content-Type"],
                "Content-Length": str(length),
                # Without it the answer has no tag.
                "Accept-Encoding": "identity",
            }
            part = blocks(file.path, start, length)
            answered = await self._sent(
                "PUT", f"{address}/multipart/{name}/{number}", carried, content=part
            )
            parts.append({"partNumber": number, "etag": answered.headers.get("etag", "")})
        await self._sent("POST", f"{address}/multipart/{name}/complete", {}, json={"parts": parts})
        return address

    async def _sent(
        self, method: str, url: str, headers: Mapping[str, str], **content: Any
    ) -> Answered:
        carried = {**self._headers, **headers}
        answered = await put(
            self._provider.connection, method, url, self._allowed, headers=carried, **content
        )
        if not answered.ok:
            raise SubmitError(self._provider.failed(answered))
        return answered


def _unclear(provider: HttpProvider) -> SubmitError:
    words = f"{provider.connection.vendor.title} took an input and did not say where it is."
    return SubmitError(ProviderFailure(ErrorCategory.OUTAGE, words, retryable=True))
