"""ComfyUI: workflows of a person's own, at a server of one's own or one that is hosted.

The protocol as the server's source of 2026 has it, its package `comfyui` 0.0.1 (which makes its own
ids) and recorded traffic of the official command line. A model is a workflow in a card's recipe.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from typing_extensions import override

from framewright.domain.job import ErrorCategory
from framewright.errors import InputError
from framewright.failures.words import quotable
from framewright.protocols import Finished, ProviderFailure, ProviderOutput, SubmitError, Working
from framewright_providers.comfyui import server
from framewright_providers.comfyui.card import workflow_card
from framewright_providers.comfyui.recipe import read_recipe
from framewright_providers.comfyui.socket import opened
from framewright_providers.http_job.connection import AnswerLostError
from framewright_providers.http_job.download import download
from framewright_providers.http_job.media_in import with_addresses
from framewright_providers.http_job.media_out import MOST_FILES, kind_of
from framewright_providers.http_job.patience import news
from framewright_providers.http_job.provider import HttpProvider
from framewright_providers.http_job.vendor import Vendor, error_object

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from framewright.domain.media import MediaKind
    from framewright.domain.model_card import ModelCard
    from framewright.protocols import MediaFile, ProviderRequest, Status
    from framewright_providers.comfyui.recipe import Recipe
    from framewright_providers.comfyui.socket import Line
    from framewright_providers.http_job.connection import Answered

KEY_HEADER = "key_header"
"""Setting of a hosted server: the header that carries the key."""
_IDS = uuid.UUID("5d0c3a52-5a4e-4c0e-8f0e-6f2d3b1c9a70")
"""What the ids of our jobs are derived below, so that each follows from its submission."""
_SETTLES_SECONDS = 10.0
"""How long the history may lag behind what the socket says."""
_SILENT_SECONDS = 10.0
"""How long nothing is heard of a job before it is asked for all the same."""
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")
_CLOSED = 1_000
"""How many jobs are remembered as taken out of the queue."""


def _no_key(key: str) -> Mapping[str, str]:
    del key
    return {}


VENDOR = Vendor(
    name="comfyui",
    title="ComfyUI",
    own_error=error_object,
    url="",
    authorization=_no_key,
    # It works on one job; the next one waits there already, so that it never stands idle.
    concurrency=2,
    needs_url=True,
    example_url="http://127.0.0.1:8188",
    options=(KEY_HEADER,),
)


class ComfyuiProvider(HttpProvider):
    """Runs workflows at a ComfyUI server."""

    def __init__(self, **options: Any) -> None:
        """Take what `HttpProvider` takes."""
        super().__init__(VENDOR, **options)
        self._card_of: Callable[[str], ModelCard | None] = lambda _: None
        self._lines: dict[str, Line] = {}
        self._called_off: dict[str, None] = {}

    @override
    def configure(self, options: Mapping[str, str | int | float | bool]) -> None:
        """Take its settings; with a header for a key, it wants one."""
        super().configure(options)
        header = self.connection.option(KEY_HEADER, "")
        if header:
            self.connection.vendor = replace(
                VENDOR, key_variables=("COMFYUI_API_KEY",), authorization=_header(header)
            )

    def read_cards(self, card_of: Callable[[str], ModelCard | None]) -> None:
        """Take what looks up a model's card, which holds its workflow."""
        self._card_of = card_of

    async def describe(
        self, model: str, document: Any, output: MediaKind | None, *, ask: bool
    ) -> ModelCard:
        """Return the card of a workflow in API format; raises `InputError`, `ProviderError`."""
        known: Mapping[str, Any] | None = None
        if ask:
            if (lack := self.lacks()) is not None:
                raise InputError(lack.message, action=lack.action)
            answered = await self.connection.ask("GET", "object_info")
            known = answered.object()
            if not answered.ok or not known:
                raise AnswerLostError(f"ComfyUI names no nodes (HTTP {answered.status}).")
        return workflow_card(model, document, output, known, free=not self._hosted)

    async def submit(self, request: ProviderRequest) -> str:
        """Hand a workflow over and return the id of its job."""
        recipe = self._recipe(request.model)
        inputs = await with_addresses(request.inputs, self._placed)
        try:
            graph = recipe.filled(inputs, request.seed)
        except InputError as error:
            raise SubmitError(_refused(error.message, error.action)) from None
        job = str(uuid.uuid5(_IDS, request.submission))
        body = {
            "prompt": graph,
            # The server tells of a job only to whom it belongs, here to the job itself.
            "client_id": job,
            "prompt_id": job,
            "extra_data": {server.MARK: server.mark(request.submission, recipe.outputs)},
        }
        classes = {name: str(each["class_type"]) for name, each in graph.items()}
        line = await self._opened(job, classes)
        try:
            found = await self._posted(body, recipe)
        except BaseException:
            if line is not None:
                await line.close()
            raise
        if line is not None:
            line.job = found
            self._lines[found] = line
        return found

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        """Ask how a job stands, and hear what the server says of it, until it goes on."""
        # Before the question, so that nothing is missed between the two.
        line = await self._line(remote_id) if wait_seconds > 0 else None
        status = await self._status(remote_id)
        if not isinstance(status, Working) or wait_seconds <= 0:
            return status
        if line is None or not line.speaks:
            ask = partial(self._status, remote_id)
            return await news(ask, wait_seconds, self.pause, first_seconds=0.5, most_seconds=4.0)
        if not line.over:
            await line.change(min(wait_seconds, _SILENT_SECONDS))
        if not line.over and not line.closed:
            return await self._status(remote_id)
        # The history lags a little behind what is told; a line that was cut tells nothing more.
        left = min(wait_seconds, _SETTLES_SECONDS)
        return await news(lambda: self._status(remote_id), left, self.pause, first_seconds=0.1)

    async def cancel(self, remote_id: str) -> None:
        """Take a job out of the queue, or interrupt it where it is surely this one that runs."""
        if all(place.id != remote_id for place in await server.queue(self.connection)):
            return
        await server.stop_waiting(self.connection, remote_id)
        # It may have begun meanwhile; whatever else runs by now is left alone.
        here = [each for each in await server.queue(self.connection) if each.id == remote_id]
        if any(place.running for place in here):
            await server.interrupt(self.connection, remote_id)
        elif not here and await server.entry(self.connection, remote_id) is None:
            self._called_off[remote_id] = None
            for old in list(self._called_off)[:-_CLOSED]:
                del self._called_off[old]

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        """Write what a job has saved."""
        told = await server.entry(self.connection, remote_id)
        if told is None:
            raise SubmitError(self._lost())
        files = server.results(told)
        if len(files) > MOST_FILES:
            words = f"ComfyUI made {len(files)} files, over {MOST_FILES}."
            raise SubmitError(ProviderFailure(ErrorCategory.UNKNOWN, words))
        how = await self.fetching(key=self._hosted)
        found = []
        for number, each in enumerate(files, 1):
            url = f"{self.connection.url}/view?{urlencode(each.query)}"
            path = await download(url, folder, f"result{number}", how)
            suffix = f".{each.filename.rpartition('.')[2].lower()}"
            if not path.suffix and _SUFFIX.fullmatch(suffix):
                path = path.rename(path.with_suffix(suffix))
            found.append(ProviderOutput(kind_of(path), path))
        return tuple(found)

    async def find(self, key: str) -> str | None:
        """Return the job of a submission, by the id it was given or by its mark."""
        job = str(uuid.uuid5(_IDS, key))
        for place in await server.queue(self.connection):
            if place.id == job or place.submission == key:
                return place.id
        # What has left the queue meanwhile stands in the history.
        if await server.entry(self.connection, job) is not None:
            return job
        found = await server.marked(self.connection, key)
        if found is None and self._hosted:
            # Its history may be short, or that of another account: what is paid for may be there.
            raise AnswerLostError(f"ComfyUI does not tell what became of {key}.")
        return found

    @override
    async def close(self) -> None:
        """Hang up."""
        for line in self._lines.values():
            await line.close()
        self._lines.clear()
        await super().close()

    def _lost(self) -> ProviderFailure:
        """Return what is said of a job that is in neither queue nor history.

        At a server of one's own nothing was paid; at a hosted one only a person makes it anew.
        """
        again = "It is made again by itself. If that stays so, look into the log of ComfyUI."
        return ProviderFailure(
            ErrorCategory.OUTAGE,
            "ComfyUI does not know the job any more: it was restarted, or its queue was emptied.",
            "See there what became of it before you run it again." if self._hosted else again,
            retryable=not self._hosted,
        )

    @property
    def _hosted(self) -> bool:
        return bool(self.connection.vendor.key_variables)

    def _recipe(self, model: str) -> Recipe:
        card = self._card_of(model)
        if card is None or card.recipe is None:
            words = f"There is no workflow for {model} here."
            action = "Import it: framewright models import comfyui NAME --from FILE"
            raise SubmitError(ProviderFailure(ErrorCategory.NOT_FOUND, words, action))
        try:
            return read_recipe(card.recipe)
        except InputError as error:
            raise SubmitError(_refused(error.message, error.action)) from None

    async def _posted(self, body: dict[str, Any], recipe: Recipe) -> str:
        answered = await self.connection.ask("POST", "prompt", json=body)
        told = answered.object()
        if not answered.ok:
            if answered.status == 400 and told:
                raise SubmitError(self._misfit(answered, recipe))
            raise self.refusal(answered)
        found = told.get("prompt_id")
        if not isinstance(found, str) or not found:
            raise AnswerLostError("ComfyUI took the job and named none.")
        if told.get("node_errors"):
            # The rest of it runs all the same, and would end without what was asked for.
            await self.cancel(found)
            raise SubmitError(self._misfit(answered, recipe))
        return found

    def _misfit(self, answered: Answered, recipe: Recipe) -> ProviderFailure:
        """Return the failure of inputs that do not fit, in the words of the model's own fields."""
        failed = self.failed(answered, in_body=answered.ok)
        errors = answered.object().get("node_errors")
        for node, told in errors.items() if isinstance(errors, dict) else ():
            each = told["errors"][0] if isinstance(told, dict) and told.get("errors") else None
            if not isinstance(each, dict):
                continue
            extra = each.get("extra_info")
            name = str(extra.get("input_name", "")) if isinstance(extra, dict) else ""
            field = recipe.field_at(str(node), name)
            said = quotable(f"{each.get('message', '')}: {each.get('details', '')}")
            where = field or f"{told.get('class_type', 'node')} {node}, {name}"
            words = f"ComfyUI does not take the inputs as they are ({where}): “{said}”."
            action = (
                f"Change {field} to what the model takes: `framewright models`."
                if field
                else "Correct that in the workflow, or bring the server what it names."
            )
            return replace(
                failed,
                category=ErrorCategory.INVALID_PARAMETERS,
                message=words,
                action=action,
                retryable=False,
            )
        return failed

    async def _status(self, job: str) -> Status:
        told = await server.entry(self.connection, job)
        if told is None and (working := await self._working(job)) is not None:
            return working
        # It may have ended between the two questions.
        told = told or await server.entry(self.connection, job)
        await self._hang_up(job)
        if told is None:
            if job in self._called_off:
                words = "It was taken out of the queue of ComfyUI."
                return ProviderFailure(ErrorCategory.CANCELLED, words)
            return self._lost()
        if (failed := server.ended(told)) is not None:
            return failed
        if not server.results(told):
            return ProviderFailure(
                ErrorCategory.UNKNOWN,
                "ComfyUI says that it is done, and has saved nothing.",
                "See in ComfyUI whether the workflow saves what it makes.",
            )
        return Finished(cost=None if self._hosted else 0.0)

    async def _working(self, job: str) -> Working | None:
        """Return how a job stands that is not over; None where the queue does not have it."""
        line = self._lines.get(job)
        heard = line.standing if line is not None and line.speaks else Working(phase="running")
        if line is not None and line.is_news and not line.over:
            # The queue holds the whole of every workflow: it is not asked for at each step.
            line.is_news = False
            return heard
        for place in await server.queue(self.connection):
            if place.id == job:
                return heard if place.running else Working(phase="queued")
        return None

    async def _line(self, job: str) -> Line | None:
        """Return the line of a job, opened anew where it was cut."""
        line = self._lines.get(job)
        if line is None or (line.closed and not line.over):
            await self._hang_up(job)
            line = await self._opened(job, {})
            if line is not None:
                line.job = job
                self._lines[job] = line
        return line

    async def _opened(self, client: str, nodes: Mapping[str, str]) -> Line | None:
        connection = self.connection
        if not connection.url.startswith("http"):
            return None
        headers = connection.vendor.authorization(await connection.key())
        return await opened(connection.url, client, headers, nodes)

    async def _hang_up(self, job: str) -> None:
        if (line := self._lines.pop(job, None)) is not None:
            await line.close()

    async def _placed(self, file: MediaFile) -> str:
        return await server.upload(self.connection, file)


def provider() -> ComfyuiProvider:
    """Return a new instance; nothing is opened before its first job."""
    return ComfyuiProvider()


def _header(name: str) -> Callable[[str], Mapping[str, str]]:
    """Return how a key is carried: as a bearer's token in `Authorization`, plainly elsewhere."""
    bearer = name.lower() == "authorization"
    return lambda key: {name: f"Bearer {key}" if bearer else key}


def _refused(words: str, action: str) -> ProviderFailure:
    return ProviderFailure(ErrorCategory.INVALID_PARAMETERS, words, action)
