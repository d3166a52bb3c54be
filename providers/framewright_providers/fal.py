"""FAL: requests in its queue.

The protocol as `fal-client` 1.0.3 and FAL's pages have it. A model's id is its endpoint's, such as
`fal-ai/flux/dev`. A request's own addresses drop what follows the application's name, so a remote
id is such an address below the queue's: `fal-ai/flux/requests/<id>`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

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
from framewright_providers.fal_storage import REST, placed
from framewright_providers.fal_webhooks import keys_of, proved
from framewright_providers.http_job.connection import AnswerLostError
from framewright_providers.http_job.media_in import with_addresses
from framewright_providers.http_job.media_out import addresses, fetched
from framewright_providers.http_job.patience import news
from framewright_providers.http_job.progress import fraction
from framewright_providers.http_job.seeding import SeedingProvider
from framewright_providers.http_job.vendor import Vendor
from framewright_providers.http_job.webhooks import sealed, told_by, unsealed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from framewright.protocols import Call, ProviderRequest, Status
    from framewright_providers.http_job.connection import Answered


def _keyed(key: str) -> Mapping[str, str]:
    return {"Authorization": f"Key {key}"}


def _own_error(body: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
    """Say whether an error is told by FAL itself: its gateway and its models mark theirs."""
    detail = body.get("detail")
    marked = any(name.startswith("x-fal-") for name in headers)
    return isinstance(detail, list) or (bool(detail) and marked)


VENDOR = Vendor(
    name="fal",
    title="FAL",
    own_error=_own_error,
    url="https://queue.fal.run",
    key_variables=("FAL_KEY",),
    authorization=_keyed,
    key_page="fal.ai/dashboard/keys",
    # Some models still put their files where FAL kept all of them before it had a CDN.
    hosts=("fal.media", "fal.ai", "fal.run", "storage.googleapis.com"),
    places=(REST,),
    # New accounts run two at once, others up to forty; what is over that waits in the queue.
    concurrency=16,
)
_NAMESPACES = frozenset({"workflows", "comfy"})
_REMOTE_ID = re.compile(r"(?:\w[\w.-]*/){2,3}requests/[\w-]{1,128}")
_KEYS_GOOD_MS = 86_400_000
_MOST_KEYS_BYTES = 100_000
_KEYS_AGAIN_MS = 60_000
"""How long keys stay that did not fit: whoever signs with others may not make us ask all day."""
_TEXTS = ("output", "text", "result", "results")
"""Where models that make no files put what they made."""
_SILENT = frozenset({401, 403, 408, 425, 429})
"""Answers at the result's address that say nothing of the request."""
_NOTHING = "FAL says that it is done, and there is nothing."


class FalProvider(SeedingProvider):
    """Runs models at FAL."""

    def __init__(self, **options: Any) -> None:
        """Take what `HttpProvider` takes."""
        super().__init__(VENDOR, **options)
        self._webhook: str | None = None
        self._keys: tuple[int, tuple[bytes, ...]] = (0, ())

    async def submit(self, request: ProviderRequest) -> str:
        """Put a request into the queue and return where it is."""
        model = request.model.removeprefix("fal/").strip("/")
        inputs = await with_addresses(self.seeded(request), lambda file: placed(self, file))
        params = {}
        if self._webhook:
            seal = sealed(await self.connection.key(), request.submission, _application(model))
            params["fal_webhook"] = f"{self._webhook}/{seal}"
        where = quote(model, safe="/")
        answered = await self.connection.ask("POST", where, json=inputs, params=params)
        self.note(answered)
        if not answered.ok:
            raise self.refusal(answered)
        return self._remote_id(model, answered.object())

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        """Ask how a request stands, now and then, until it goes on or so long."""
        return await news(lambda: self._status(remote_id), wait_seconds, self.pause)

    async def cancel(self, remote_id: str) -> None:
        """Take a request from the queue, or ask its model to stop; one that is over stays."""
        answered = await self.connection.ask("PUT", f"{remote_id}/cancel")
        if not answered.ok and answered.status not in {400, 404, 409}:
            raise AnswerLostError(f"FAL did not stop {remote_id} (HTTP {answered.status}).")
        if answered.status not in {400, 409}:
            self.stopped(remote_id)

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        """Write the files of a request, or return its words."""
        answered = await self._result(remote_id)
        if isinstance(answered, ProviderFailure):
            raise SubmitError(answered)
        if isinstance(answered, Working):
            raise AnswerLostError("FAL says that the request is not done yet.")
        if urls := addresses(answered):
            return await fetched(urls, folder, await self.fetching())
        text = _text(answered)
        return (ProviderOutput(MediaKind.TEXT, text=text),) if text else ()

    def call_back(self, url: str) -> None:
        """Have requests tell at an address that they are completed."""
        self._webhook = url.rstrip("/")

    async def hear(self, call: Call, now_ms: int) -> Heard | None:
        """Return what a signed webhook says of a request."""
        given = unsealed(await self.connection.key(), call.path, "FAL")
        try:
            delivery = proved(call, await self._public_keys(now_ms), now_ms)
        except CallRefusedError:
            if now_ms - self._keys[0] < _KEYS_AGAIN_MS:
                raise
            # FAL may have taken new keys into use.
            delivery = proved(call, await self._public_keys(now_ms, anew=True), now_ms)
        told = told_by(call, "FAL")
        name = told.get("request_id")
        if not isinstance(name, str) or len(given) != 2:
            raise CallRefusedError("A webhook of FAL names no request.")
        submission, application = given
        remote_id = f"{application}/requests/{name}"
        if _REMOTE_ID.fullmatch(remote_id) is None:
            raise CallRefusedError("A webhook of FAL names no request.")
        return Heard(delivery, remote_id, await self._told(remote_id, told), submission)

    async def _told(self, remote_id: str, told: dict[str, Any]) -> Status:
        if told.get("status") == "ERROR":
            said = {"error": told.get("error"), "payload": told.get("payload")}
            # `payload` would be passed over as an echo of the request.
            detail = said["payload"].get("detail") if isinstance(said["payload"], dict) else None
            return self._failure({"error": said["error"], "detail": detail})
        if told.get("status") == "OK" and addresses(told.get("payload")):
            return _finished(told["payload"])
        return await self._status(remote_id)

    async def _status(self, remote_id: str) -> Status:
        answered = await self.connection.ask("GET", f"{remote_id}/status", params={"logs": "true"})
        if answered.status == 404:
            return self.gone(remote_id)
        if not answered.ok:
            # It says nothing of the request, which goes on.
            raise AnswerLostError(f"FAL does not tell (HTTP {answered.status}).")
        told = answered.object()
        if told.get("status") == "COMPLETED":
            return await self._ended(remote_id, told)
        if told.get("status") == "IN_QUEUE":
            return Working(None, "queued")
        return Working(fraction(_log(told)), "")

    async def _ended(self, remote_id: str, told: dict[str, Any]) -> Status:
        """Tell how a request ended that is COMPLETED: FAL has no other word, whatever became of it.

        What its model refused may stand at the result's address alone.
        """
        if told.get("error") or told.get("error_type"):
            return self._failure({"error": told.get("error"), "error_type": told.get("error_type")})
        result = await self._result(remote_id)
        if isinstance(result, (ProviderFailure, Working)):
            return result
        if not addresses(result) and not _text(result):
            return ProviderFailure(
                ErrorCategory.UNKNOWN, _NOTHING, "Try other inputs; what it made is not kept."
            )
        return _finished(result)

    async def _result(self, remote_id: str) -> dict[str, Any] | ProviderFailure | Working:
        """Ask for the result of a request that is done, which is paid for.

        Only what surely is said of the request ends it; else it would be made and paid again.
        """
        answered = await self.connection.ask("GET", remote_id)
        if answered.ok:
            return answered.object()
        if answered.status == 404:
            return self.gone(remote_id)
        if answered.status == 400 and _is_in_progress(answered.object()):
            return Working()
        if answered.status in _SILENT or not self._is_believed(answered):
            raise AnswerLostError(f"FAL does not give the result (HTTP {answered.status}).")
        return self.failed(answered)

    def _is_believed(self, answered: Answered) -> bool:
        detail = answered.object().get("detail")
        if answered.status < 500:
            return detail is not None
        return isinstance(detail, list) or "x-fal-error-type" in answered.headers

    def _failure(self, said: dict[str, Any]) -> ProviderFailure:
        return failure(Answer(self.name, None, {}, json.dumps(said)))

    def _remote_id(self, model: str, told: dict[str, Any]) -> str:
        """Return where a new request is; raises `AnswerLostError` where that is not said."""
        address, name = told.get("response_url"), told.get("request_id")
        if isinstance(address, str) and address.startswith(f"{self.connection.url}/"):
            found = address.removeprefix(f"{self.connection.url}/")
            if _REMOTE_ID.fullmatch(found):
                return found
        # An address of somebody else is not asked, with our key least of all.
        found = f"{_application(model)}/requests/{name}"
        if not isinstance(name, str) or _REMOTE_ID.fullmatch(found) is None:
            raise AnswerLostError("FAL took the request and named none.")
        return found

    async def _public_keys(self, now_ms: int, *, anew: bool = False) -> tuple[bytes, ...]:
        asked_ms, keys = self._keys
        if anew or not keys or now_ms - asked_ms > _KEYS_GOOD_MS:
            where = f"{self.connection.place(REST)}/.well-known/jwks.json"
            told = await self.connection.ask("GET", where, most_bytes=_MOST_KEYS_BYTES)
            keys = keys_of(told.json())
            if not keys:
                raise AnswerLostError("FAL does not tell the keys of its webhooks.")
            self._keys = (now_ms, keys)
        return keys


def provider() -> FalProvider:
    """Return a new instance; nothing is opened before its first job."""
    return FalProvider()


def _application(model: str) -> str:
    """Return the application of an endpoint: owner and name, behind its namespace if it has one."""
    parts = model.split("/")
    return "/".join(parts[: 3 if parts[0] in _NAMESPACES else 2])


def _is_in_progress(told: Mapping[str, Any]) -> bool:
    return "still in progress" in str(told.get("detail")).lower()


def _finished(result: dict[str, Any]) -> Finished:
    flags = result.get("has_nsfw_concepts")
    if isinstance(flags, list) and any(each is True for each in flags):
        return Finished(None, ("FAL marks it as not safe for work: a picture may be black.",))
    return Finished(cost=None)


def _text(result: dict[str, Any]) -> str:
    """Return the words of a result; none where it should have had files."""
    for name in _TEXTS:
        found = result.get(name)
        if isinstance(found, str) and found:
            return found
        if isinstance(found, (dict, list)) and found:
            return json.dumps(found, ensure_ascii=False)
    return ""


def _log(told: dict[str, Any]) -> str:
    lines = told.get("logs")
    listed = lines[-50:] if isinstance(lines, list) else []
    return "\n".join(str(each.get("message")) for each in listed if isinstance(each, dict))
