"""Luma: generations over the HTTP API of its Dream Machine.

The protocol as its Python client 1.21.0 has it; of its second generation of models no address is
known. Its webhooks are not signed: they come to an address that only Luma was given, and what they
say is asked for again before anybody believes it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from framewright.domain.job import ErrorCategory
from framewright.failures.answer import Answer
from framewright.failures.failure import failure
from framewright.protocols import (
    CallRefusedError,
    Finished,
    Heard,
    ProviderFailure,
    ProviderOutput,
    SubmitError,
    Working,
)
from framewright_providers.http_job.connection import AnswerLostError
from framewright_providers.http_job.media_in import with_addresses
from framewright_providers.http_job.media_out import addresses, fetched
from framewright_providers.http_job.patience import news
from framewright_providers.http_job.provider import HttpProvider
from framewright_providers.http_job.vendor import Vendor, telling
from framewright_providers.http_job.webhooks import sealed, told_by, unsealed
from framewright_providers.luma_inputs import asked, published

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.protocols import Call, MediaFile, ProviderRequest, Status

VENDOR = Vendor(
    name="luma",
    title="Luma",
    own_error=telling("detail"),
    url="https://api.lumalabs.ai/dream-machine/v1",
    key_variables=("LUMAAI_API_KEY",),
    key_page="lumalabs.ai/dream-machine/api/keys",
    # Its files were seen at the second; its pages name neither.
    hosts=("lumalabs.ai", "cdn-luma.com"),
    concurrency=8,
    options=("public_folder", "public_url"),
)
_FIRST_SECONDS = 3.0
_ID = re.compile(r"[\w-]{1,128}")
_OVER = frozenset({"completed", "failed"})
_MADE = ("video", "image")
"""What a generation makes; `progress_video` only shows how it went on."""
_LISTED = 100
"""So many of the last generations are looked through for one whose answer was lost."""


class LumaProvider(HttpProvider):
    """Runs models at Luma."""

    def __init__(self, **options: Any) -> None:
        """Take what `HttpProvider` takes."""
        super().__init__(VENDOR, **options)
        self._webhook: str | None = None

    async def submit(self, request: ProviderRequest) -> str:
        """Create a generation and return its id."""
        endpoint, fields = asked(request)
        body = await with_addresses(fields, self._placed)
        if self._webhook:
            body["callback_url"] = f"{self._webhook}/{await self._seal(request.submission)}"
        answered = await self.connection.ask("POST", endpoint, json=body)
        self.note(answered)
        if not answered.ok:
            raise self.refusal(answered)
        found = answered.object().get("id")
        if not isinstance(found, str) or _ID.fullmatch(found) is None:
            raise AnswerLostError("Luma took the job and named none.")
        return found

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        """Ask how a generation stands, now and then, until it goes on or so long."""
        return await news(
            lambda: self._status(remote_id),
            wait_seconds,
            self.pause,
            first_seconds=_FIRST_SECONDS,
        )

    async def cancel(self, remote_id: str) -> None:
        """Delete a generation, which is Luma's only way to stop one; one that is over stays."""
        told = await self._generation(remote_id)
        if told is not None and told.get("state") in _OVER:
            return
        if told is None:
            # Another process may have deleted it.
            self.stopped(remote_id)
            return
        answered = await self.connection.ask("DELETE", f"generations/{remote_id}")
        if not answered.ok and answered.status != 404:
            raise AnswerLostError(f"Luma did not stop {remote_id} (HTTP {answered.status}).")
        self.stopped(remote_id)

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        """Write the files of a generation."""
        told = await self._generation(remote_id)
        if told is None:
            raise SubmitError(self.gone(remote_id))
        urls = addresses(_made(told))
        return await fetched(urls, folder, await self.fetching()) if urls else ()

    async def find(self, key: str) -> str | None:
        """Return the generation of a submission among the last ones, by where it calls back.

        Raises where it is not among them: it may be older, or begun where nothing is called back.
        """
        seal = await self._seal(key)
        where = {"limit": _LISTED, "offset": 0}
        answered = await self.connection.ask("GET", "generations", params=where)
        listed = answered.object().get("generations")
        for each in listed if isinstance(listed, list) else ():
            found = each.get("id") if isinstance(each, dict) else None
            if isinstance(found, str) and _called_back(each).endswith(f"/{seal}"):
                return found
        raise AnswerLostError(f"Luma does not tell what became of {key}.")

    def call_back(self, url: str) -> None:
        """Have generations tell at an address how they go on."""
        self._webhook = url.rstrip("/")

    async def hear(self, call: Call, now_ms: int) -> Heard | None:
        """Return how the generation stands that a webhook names, as Luma tells it when asked."""
        del now_ms  # Nothing in it says when it was sent.
        (submission, *_) = unsealed(await self.connection.key(), call.path, "Luma")
        name = told_by(call, "Luma").get("id")
        if not isinstance(name, str) or _ID.fullmatch(name) is None:
            raise CallRefusedError("A webhook of Luma names no generation.")
        told = await self._generation(name)
        if told is None:
            raise CallRefusedError("A webhook for Luma names a generation that it does not have.")
        if not _called_back(told).endswith(f"/{call.path.strip('/')}"):
            raise CallRefusedError("A webhook for Luma names a generation of another submission.")
        return Heard(f"{name}/{told.get('state')}", name, self._stands(told), submission)

    async def _seal(self, submission: str) -> str:
        return sealed(await self.connection.key(), submission)

    async def _status(self, remote_id: str) -> Status:
        told = await self._generation(remote_id)
        return self.gone(remote_id) if told is None else self._stands(told)

    def _stands(self, told: dict[str, Any]) -> Status:
        state = told.get("state")
        if state == "completed":
            if not addresses(_made(told)):
                return ProviderFailure(
                    ErrorCategory.UNKNOWN,
                    "Luma says that it is done, and there is nothing.",
                    "Try other inputs; what it made is not kept.",
                )
            return Finished(cost=None)
        if state == "failed":
            said = json.dumps({"failure_reason": told.get("failure_reason")})
            return failure(Answer(self.name, None, {}, said))
        return Working(None, "queued" if state == "queued" else "")

    async def _generation(self, remote_id: str) -> dict[str, Any] | None:
        """Ask for a generation; None where Luma does not have it, or not any more."""
        answered = await self.connection.ask("GET", f"generations/{remote_id}")
        if answered.ok:
            return answered.object()
        if answered.status == 404:
            return None
        # It says nothing of the generation, which goes on.
        raise AnswerLostError(f"Luma does not tell (HTTP {answered.status}).")

    async def _placed(self, file: MediaFile) -> str:
        option = self.connection.option
        return await published(file, option("public_folder", ""), option("public_url", ""))


def provider() -> LumaProvider:
    """Return a new instance; nothing is opened before its first job."""
    return LumaProvider()


def _called_back(told: dict[str, Any]) -> str:
    """Return the address that a generation calls back, as Luma repeats it; empty without one."""
    request = told.get("request")
    address = request.get("callback_url") if isinstance(request, dict) else None
    return address if isinstance(address, str) else ""


def _made(told: dict[str, Any]) -> list[Any]:
    assets = told.get("assets")
    return [assets.get(name) for name in _MADE] if isinstance(assets, dict) else []
