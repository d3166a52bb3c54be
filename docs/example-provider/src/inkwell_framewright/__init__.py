"""Drawings by Inkwell, a vendor that does not exist: an example to begin one's own from.

Its API, as its documentation would have it:

    POST   /v1/drawings {"model", "input"}  202 {"id"}
    GET    /v1/drawings/ID   {"state": "waiting" | "drawing" | "done" | "failed" | "stopped",
                              "share", "error", "files": [URL, …], "dollars"}
    DELETE /v1/drawings/ID   stops it
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.domain.job import ErrorCategory
from framewright.failures.answer import Answer
from framewright.failures.failure import failure
from framewright.protocols import Finished, ProviderFailure, Working
from framewright_providers.http_job.connection import AnswerLostError
from framewright_providers.http_job.media_in import data_uri, with_addresses
from framewright_providers.http_job.media_out import fetched
from framewright_providers.http_job.patience import news
from framewright_providers.http_job.provider import HttpProvider
from framewright_providers.http_job.vendor import Vendor

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.protocols import MediaFile, ProviderOutput, ProviderRequest, Status

VENDOR = Vendor(
    name="inkwell",
    title="Inkwell",
    url="https://api.inkwell.example/v1",
    key_variables=("INKWELL_API_KEY",),
    key_page="inkwell.example/keys",
    # Results are fetched from these hosts, with all below them, and from nowhere else.
    hosts=("files.inkwell.example",),
    concurrency=4,
)
MOST_INLINE = 5_000_000
SEEDS = 65_536


class InkwellProvider(HttpProvider):
    """Draws at Inkwell."""

    def __init__(self, **options: Any) -> None:
        """Take what `HttpProvider` takes."""
        super().__init__(VENDOR, **options)

    async def submit(self, request: ProviderRequest) -> str:
        """Hand a drawing over. A `SubmitError` says that surely nothing was begun."""
        inputs = await with_addresses(request.inputs, self._inline)
        inputs.setdefault("seed", request.seed % SEEDS)
        body = {"model": request.model.removeprefix("inkwell/"), "input": inputs}
        answered = await self.connection.ask("POST", "drawings", json=body)
        if not answered.ok:
            raise self.refusal(answered)
        self.note(answered)
        found = answered.object().get("id")
        if not isinstance(found, str):
            # Whether it was begun is not known: any other error leaves the job open.
            raise AnswerLostError("Inkwell took the drawing and named none.")
        return found

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        """Ask how a drawing stands, now and then, until it goes on or so long."""
        return await news(lambda: self._status(remote_id), wait_seconds, self.pause)

    async def cancel(self, remote_id: str) -> None:
        """Stop a drawing; one that is over, or was never there, stays as it is."""
        answered = await self.connection.ask("DELETE", f"drawings/{remote_id}")
        if not answered.ok and answered.status not in {404, 409}:
            raise AnswerLostError(f"Inkwell did not stop {remote_id} (HTTP {answered.status}).")

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        """Write the files of a drawing into a folder: checked addresses, whole or not at all."""
        told = await self._told(remote_id)
        return await fetched(tuple(told["files"]), folder, await self.fetching())

    async def _status(self, remote_id: str) -> Status:
        told = await self._told(remote_id)
        match told.get("state"):
            case "done" if told.get("files"):
                return Finished(cost=told.get("dollars"))
            case "done":
                return ProviderFailure(ErrorCategory.UNKNOWN, "Inkwell is done, with no drawing.")
            case "failed":
                return failure(Answer(self.name, None, {}, str(told.get("error"))))
            case "stopped":
                return ProviderFailure(ErrorCategory.CANCELLED, "It was stopped at Inkwell.")
        return Working(told.get("share"), str(told.get("state", "")))

    async def _told(self, remote_id: str) -> dict[str, Any]:
        answered = await self.connection.ask("GET", f"drawings/{remote_id}")
        if not answered.ok:
            # It says nothing of the drawing, which goes on: the router asks again.
            raise AnswerLostError(f"Inkwell does not tell (HTTP {answered.status}).")
        return answered.object()

    async def _inline(self, file: MediaFile) -> str:
        return await data_uri(file, MOST_INLINE, VENDOR.title)


def provider() -> InkwellProvider:
    """Return a new instance; nothing is opened before its first job."""
    return InkwellProvider()
