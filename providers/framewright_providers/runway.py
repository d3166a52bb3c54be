"""Runway: tasks over its HTTP API.

The protocol as its Python client 5.24.0 and its pages have it. There are no webhooks. Nobody lists
its tasks either, so a submission that was never answered is for a person to look up.
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any

from framewright.domain.job import ErrorCategory
from framewright.failures.answer import Answer
from framewright.failures.failure import failure
from framewright.protocols import Finished, ProviderFailure, ProviderOutput, SubmitError, Working
from framewright_providers.http_job.address import Allowed
from framewright_providers.http_job.connection import AnswerLostError
from framewright_providers.http_job.media_in import (
    contents,
    data_uri,
    media_type,
    refuse_larger,
    with_addresses,
)
from framewright_providers.http_job.media_out import addresses, fetched
from framewright_providers.http_job.patience import news
from framewright_providers.http_job.provider import HttpProvider
from framewright_providers.http_job.upload import put
from framewright_providers.http_job.vendor import Vendor, telling
from framewright_providers.runway_inputs import asked

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.protocols import MediaFile, ProviderRequest, Status
    from framewright_providers.http_job.connection import Answered

VENDOR = Vendor(
    name="runway",
    title="Runway",
    own_error=telling("error"),
    url="https://api.dev.runwayml.com",
    key_variables=("RUNWAYML_API_SECRET",),
    key_page="dev.runwayml.com",
    # Its files were seen at a content network's own name, of which Runway's page says nothing.
    hosts=("runwayml.com", "cloudfront.net"),
    # The first tier runs one or two at once; what is over that waits there, THROTTLED.
    concurrency=4,
    options=("version", "usd_per_credit"),
)
VERSION = "2024-11-06"
"""Of the API, where a person names no other."""
BETWEEN_SECONDS = 5.0
"""Nobody asks more often for one task."""
_MOST_BETWEEN_SECONDS = 10.0
INLINE_BYTES = 256_000
"""Files up to this size travel as data URI; Runway takes pictures of 5 MB so, others of 16 MB."""
_MOST_UPLOAD = 200_000_000
_ID = re.compile(r"[\w-]{1,128}")
_WAITING = frozenset({"PENDING", "THROTTLED"})
_OVER = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})


class RunwayProvider(HttpProvider):
    """Runs models at Runway."""

    def __init__(self, **options: Any) -> None:
        """Take what `HttpProvider` takes."""
        super().__init__(VENDOR, **options)
        self._asked_at: dict[str, float] = {}

    async def submit(self, request: ProviderRequest) -> str:
        """Create a task and return its id."""
        endpoint, fields = asked(request)
        body = await with_addresses(fields, self._placed)
        answered = await self._ask("POST", f"v1/{endpoint}", json=body)
        self.note(answered)
        if not answered.ok:
            raise self.refusal(answered)
        found = answered.object().get("id")
        if not isinstance(found, str) or _ID.fullmatch(found) is None:
            raise AnswerLostError("Runway took the job and named none.")
        return found

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        """Ask how a task stands, every five seconds at most, until it goes on or so long."""
        return await news(
            lambda: self._status(remote_id),
            wait_seconds,
            self.pause,
            first_seconds=BETWEEN_SECONDS,
            most_seconds=_MOST_BETWEEN_SECONDS,
        )

    async def cancel(self, remote_id: str) -> None:
        """Stop a task; one that is over stays as it is.

        Runway has one word for stopping a task and for deleting what it made: so it is looked at
        first. Its credits are not given back once it runs.
        """
        told = await self._task(remote_id)
        if told is not None and told.get("status") in _OVER:
            return
        if told is None:
            # Another process may have deleted it.
            self.stopped(remote_id)
            return
        answered = await self._ask("DELETE", f"v1/tasks/{remote_id}")
        if not answered.ok and answered.status != 404:
            raise AnswerLostError(f"Runway did not stop {remote_id} (HTTP {answered.status}).")
        self.stopped(remote_id)

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        """Write the files of a task; each question gives fresh addresses of them."""
        told = await self._task(remote_id)
        if told is None:
            raise SubmitError(self.gone(remote_id))
        urls = addresses(told.get("output"))
        return await fetched(urls, folder, await self.fetching()) if urls else ()

    async def _status(self, remote_id: str) -> Status:
        await self._not_too_often(remote_id)
        told = await self._task(remote_id)
        status = self.gone(remote_id) if told is None else self._stands(told)
        if not isinstance(status, Working):
            self._asked_at.pop(remote_id, None)
        return status

    def _stands(self, told: dict[str, Any]) -> Status:
        state = told.get("status")
        cost = self._cost(told)
        if state == "SUCCEEDED":
            if not addresses(told.get("output")):
                return ProviderFailure(
                    ErrorCategory.UNKNOWN,
                    "Runway says that it is done, and there is nothing.",
                    "Try other inputs; what it made is not kept.",
                    cost=cost or 0.0,
                )
            return Finished(cost)
        if state == "FAILED":
            said = {name: told.get(name) for name in ("failureCode", "failure")}
            return failure(Answer(self.name, None, {}, json.dumps(said)), cost=cost or 0.0)
        if state == "CANCELLED":
            words = "It was cancelled at Runway."
            return ProviderFailure(ErrorCategory.CANCELLED, words, cost=cost or 0.0)
        progress = told.get("progress")
        done = min(max(float(progress), 0.0), 1.0) if isinstance(progress, (int, float)) else None
        return Working(done, "queued" if state in _WAITING else "")

    async def _task(self, remote_id: str) -> dict[str, Any] | None:
        """Ask for a task; None where Runway does not have it, or not any more."""
        answered = await self._ask("GET", f"v1/tasks/{remote_id}")
        if answered.ok:
            return answered.object()
        if answered.status == 404:
            return None
        # It says nothing of the task, which goes on.
        raise AnswerLostError(f"Runway does not tell (HTTP {answered.status}).")

    async def _placed(self, file: MediaFile) -> str:
        """Return what stands for a file in a question."""
        title = self.connection.vendor.title
        if file.path.stat().st_size <= INLINE_BYTES:
            return await data_uri(file, INLINE_BYTES, title)
        refuse_larger(file, _MOST_UPLOAD, title)
        name = f"{file.hash[:16]}{file.path.suffix}"
        begun = self._ask("POST", "v1/uploads", json={"filename": name, "type": "ephemeral"})
        told = (await self.beforehand(begun)).object()
        url, fields, uri = (told.get(each) for each in ("uploadUrl", "fields", "runwayUri"))
        if not isinstance(url, str) or not isinstance(fields, dict) or not isinstance(uri, str):
            words = "Runway did not say where an input goes."
            raise SubmitError(ProviderFailure(ErrorCategory.OUTAGE, words, retryable=True))
        body = await contents(file, _MOST_UPLOAD, title)
        # Nobody says on whose machines these places are.
        allowed = Allowed((), self.connection.allowed.origin, anywhere=True)
        sent = {"file": (name, body, media_type(file))}
        answered = await put(self.connection, "POST", url, allowed, data=fields, files=sent)
        if not answered.ok:
            raise SubmitError(self.failed(answered))
        return uri

    async def _ask(self, method: str, where: str, **content: Any) -> Answered:
        version = {"X-Runway-Version": self.connection.option("version", VERSION)}
        return await self.connection.ask(method, where, headers=version, **content)

    async def _not_too_often(self, remote_id: str) -> None:
        """Wait until a task may be asked for again."""
        now = asyncio.get_running_loop().time
        last = self._asked_at.get(remote_id)
        if last is not None and now() - last < BETWEEN_SECONDS:
            await self.pause(BETWEEN_SECONDS - (now() - last))
        self._asked_at[remote_id] = now()

    def _cost(self, told: dict[str, Any]) -> float | None:
        """Return what a task cost in US dollars, where a person said what a credit costs."""
        rate, cost = self.connection.option("usd_per_credit", ""), told.get("cost")
        spent = cost.get("credits") if isinstance(cost, dict) else None
        if not isinstance(spent, (int, float)):
            return None
        try:
            return float(rate) * spent
        except ValueError:
            return None


def provider() -> RunwayProvider:
    """Return a new instance; nothing is opened before its first job."""
    return RunwayProvider()
