"""Replicate: predictions over its HTTP API.

The protocol as its Python client 1.0.7 and recorded traffic have it. A model's id is `owner/name`,
or `owner/name:version` for one that is not official.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from framewright.domain.job import ErrorCategory
from framewright.domain.media import MediaKind
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
from framewright_providers.http_job.media_in import data_uri, media_type, with_addresses
from framewright_providers.http_job.media_out import addresses, fetched, words
from framewright_providers.http_job.patience import news
from framewright_providers.http_job.progress import fraction
from framewright_providers.http_job.seeding import SeedingProvider
from framewright_providers.http_job.vendor import Vendor, telling
from framewright_providers.http_job.webhooks import standard_webhook, told_by

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.protocols import Call, MediaFile, ProviderRequest, Status

VENDOR = Vendor(
    name="replicate",
    title="Replicate",
    own_error=telling("title", "detail"),
    url="https://api.replicate.com/v1",
    key_variables=("REPLICATE_API_TOKEN",),
    key_page="replicate.com/account/api-tokens",
    hosts=("replicate.delivery", "replicate.com"),
    concurrency=16,
)
_INLINE_BYTES = 256_000
"""Files up to this size travel in the question; larger ones are uploaded first."""
_MOST_UPLOAD = 100_000_000
_SUBMISSION = "submission"
"""Names the job in the address that is called back, so that one without an answer is found."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


class ReplicateProvider(SeedingProvider):
    """Runs models at Replicate."""

    def __init__(self, **options: Any) -> None:
        """Take what `HttpProvider` takes."""
        super().__init__(VENDOR, **options)
        self._webhook: str | None = None
        self._secret: str | None = None

    async def submit(self, request: ProviderRequest) -> str:
        """Create a prediction and return its id."""
        inputs = await with_addresses(self.seeded(request), self._placed)
        where, body = _created(request.model.removeprefix("replicate/"), inputs)
        if self._webhook:
            url = f"{self._webhook}?{urlencode({_SUBMISSION: request.submission})}"
            body |= {"webhook": url, "webhook_events_filter": ["completed"]}
        answered = await self.connection.ask("POST", where, json=body)
        self.note(answered)
        found = answered.object().get("id")
        if answered.ok and isinstance(found, str) and _ID.fullmatch(found):
            return found
        if answered.ok:
            raise AnswerLostError("Replicate took the job and named none.")
        raise self.refusal(answered)

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        """Ask how a prediction stands, now and then, until it goes on or so long."""
        return await news(lambda: self._status(remote_id), wait_seconds, self.pause)

    async def cancel(self, remote_id: str) -> None:
        """Stop a prediction; one that is over stays as it is."""
        answered = await self.connection.ask("POST", f"predictions/{remote_id}/cancel")
        if not answered.ok and answered.status not in {404, 409, 422}:
            raise AnswerLostError(f"Replicate did not stop {remote_id} (HTTP {answered.status}).")
        self.stopped(remote_id)

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        """Write the files of a prediction, or return its words."""
        told = await self._asked(remote_id)
        if isinstance(told, ProviderFailure):
            raise SubmitError(told)
        output = told.get("output")
        if urls := addresses(output):
            return await fetched(urls, folder, await self.fetching())
        if text := words(output):
            return (ProviderOutput(MediaKind.TEXT, text=text),)
        if isinstance(output, (dict, list)) and output:
            return (ProviderOutput(MediaKind.TEXT, text=json.dumps(output, ensure_ascii=False)),)
        return ()

    def call_back(self, url: str) -> None:
        """Have predictions tell at an address that they are completed."""
        self._webhook = url

    async def hear(self, call: Call, now_ms: int) -> Heard | None:
        """Return what a signed webhook says of a prediction."""
        delivery = standard_webhook(call, await self._signing_secret(), now_ms, "Replicate")
        told = told_by(call, "Replicate")
        if not isinstance(told.get("id"), str):
            raise CallRefusedError("A webhook of Replicate names no prediction.")
        return Heard(delivery, told["id"], self._stands(told), call.query.get(_SUBMISSION))

    async def _status(self, remote_id: str) -> Status:
        told = await self._asked(remote_id)
        return told if isinstance(told, ProviderFailure) else self._stands(told)

    async def _asked(self, remote_id: str) -> dict[str, Any] | ProviderFailure:
        answered = await self.connection.ask("GET", f"predictions/{remote_id}")
        if answered.ok:
            return answered.object()
        if answered.status == 404:
            return self.gone(remote_id)
        # It says nothing of the job, which goes on.
        raise AnswerLostError(f"Replicate does not tell (HTTP {answered.status}).")

    def _stands(self, told: dict[str, Any]) -> Status:
        state = told.get("status")
        if state == "succeeded":
            if told.get("output") in (None, "", [], {}) and told.get("data_removed"):
                return ProviderFailure(
                    ErrorCategory.NOT_FOUND,
                    "Replicate made it and has removed it: it keeps results for an hour only.",
                    "Run it again if you still want it: that is paid once more.",
                )
            if told.get("output") in (None, "", [], {}):
                return ProviderFailure(
                    ErrorCategory.UNKNOWN,
                    "Replicate says that it is done, and there is nothing.",
                    "Try other inputs; what it made is not kept.",
                )
            return Finished(cost=None)
        if state in {"failed", "aborted"}:
            answer = Answer(self.name, None, {}, str(told.get("error") or state))
            return failure(answer)
        if state == "canceled":
            return ProviderFailure(ErrorCategory.CANCELLED, "It was cancelled at Replicate.")
        logs = told.get("logs")
        done = fraction(logs) if isinstance(logs, str) else None
        return Working(done, "queued" if state == "starting" else "")

    async def _placed(self, file: MediaFile) -> str:
        """Return what stands for a file in a question."""
        title = self.connection.vendor.title
        if file.path.stat().st_size <= _INLINE_BYTES:
            return await data_uri(file, _INLINE_BYTES, title)
        from framewright_providers.http_job.media_in import contents

        body = await contents(file, _MOST_UPLOAD, title)
        name = f"{file.hash[:16]}{file.path.suffix}"
        sent = {"content": (name, body, media_type(file))}
        asked = self.connection.ask("POST", "files", files=sent, seconds=300)
        answered = await self.beforehand(asked)
        urls = answered.object().get("urls")
        found = urls.get("get") if isinstance(urls, dict) else None
        if not isinstance(found, str):
            words = "Replicate did not say where an input is."
            raise SubmitError(ProviderFailure(ErrorCategory.OUTAGE, words, retryable=True))
        return found

    async def _signing_secret(self) -> str:
        if self._secret is None:
            answered = await self.connection.ask("GET", "webhooks/default/secret")
            found = answered.object().get("key")
            if not isinstance(found, str):
                raise CallRefusedError("Replicate does not tell the secret of its webhooks.")
            self._secret = found
        return self._secret


def provider() -> ReplicateProvider:
    """Return a new instance; nothing is opened before its first job."""
    return ReplicateProvider()


def _created(model: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return where a prediction of a model is created, and with what."""
    name, _, version = model.partition(":")
    if version:
        return "predictions", {"version": version, "input": inputs}
    owner, _, called = name.partition("/")
    return f"models/{quote(owner, safe='')}/{quote(called, safe='')}/predictions", {"input": inputs}
