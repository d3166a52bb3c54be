"""Stability: pictures over its REST API. Experimental: no client of its own speaks it any more.

The protocol is read from copies of its documentation, and no real answer has been seen. A model's
id is `stability/` and what stands in the address behind `stable-image/`, such as
`upscale/creative`; a name alone is one of `generate/`. Most answer with the picture itself, some
with the id of a job that is asked after.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from framewright.domain.job import ErrorCategory
from framewright.failures.answer import Answer
from framewright.failures.failure import failure
from framewright.protocols import (
    Finished,
    ProviderFailure,
    ProviderOutput,
    SubmitError,
    Working,
)
from framewright_providers.http_job.answering import AnsweringProvider, Made
from framewright_providers.http_job.connection import AnswerLostError
from framewright_providers.http_job.download import suffix_of
from framewright_providers.http_job.media_in import contents, media_files, media_type
from framewright_providers.http_job.media_out import kind_of
from framewright_providers.http_job.patience import news
from framewright_providers.http_job.vendor import Vendor
from framewright_providers.openai_images import fields

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import httpx

    from framewright.protocols import ProviderRequest, Status


def _own_error(body: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
    """Say whether an error is in Stability's form."""
    del headers
    return isinstance(body.get("errors"), list) or isinstance(body.get("name"), str)


VENDOR = Vendor(
    name="stability",
    title="Stability",
    own_error=_own_error,
    url="https://api.stability.ai",
    key_variables=("STABILITY_API_KEY",),
    key_page="platform.stability.ai/account/keys",
    headers={"stability-client-id": "framewright"},
    concurrency=8,
)
_ACCEPT = {"Accept": "image/*"}
_BEGUN = "results/"
_PATH = re.compile(r"[a-z0-9][a-z0-9-]{0,63}(?:/[a-z0-9][a-z0-9-]{0,63})?")
_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_MOST_UPLOAD = 10_000_000
"""Largest request that the documentation speaks of: larger ones are refused with 413."""
_MOST_SEED = 4_294_967_294
_NO_SEED = frozenset({"upscale/fast", "edit/remove-background"})
_OVER = frozenset({410, 413, 422})
"""What an answer about a job says for good; most others say nothing of the job."""
_UNSURE = frozenset({400, 403})
"""What an answer is where a job was refused for what it shows, and where the key is another."""
_POLL_SECONDS = 10.0
"""How long before a job is asked for once more, as the documentation wants it."""


class StabilityProvider(AnsweringProvider):
    """Has pictures made at Stability."""

    def __init__(self, **options: Any) -> None:
        """Take what `AnsweringProvider` takes."""
        super().__init__(VENDOR, **options)

    @override
    async def make(self, request: ProviderRequest, folder: Path) -> Made:
        """Have a picture made, or begin a job that is asked after."""
        path = request.model.removeprefix(f"{self.name}/")
        if _PATH.fullmatch(path) is None:
            words = f"{request.model} is no model of Stability."
            raise SubmitError(ProviderFailure(ErrorCategory.NOT_FOUND, words, "Choose another."))
        path = path if "/" in path else f"generate/{path}"
        inputs = {name: each for name, each in request.inputs.items() if each is not None}
        if path not in _NO_SEED:
            # 0 stands for another one each time.
            inputs.setdefault("seed", min(max(request.seed, 1), _MOST_SEED))
        if path == "generate/sd3" and any(media_files(inputs)):
            inputs.setdefault("mode", "image-to-image")
        form = await _form(inputs)
        where = f"v2beta/stable-image/{path}"
        async with self.answer(where, headers=_ACCEPT, files=form) as answer:
            if _type(answer) == "application/json":
                return await self._begun(answer)
            if filtered := self._filtered(answer):
                raise SubmitError(filtered)
            file = await self._picture(answer, folder)
            seed = answer.headers.get("seed", "")
        chosen = inputs.get("seed") == 0 and seed.isdigit()
        return Made((file,), notes=(f"It was made with the seed {seed}.",) if chosen else ())

    @override
    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        """Say that a picture is there; ask how a job stands, until it goes on or so long."""
        if not remote_id.startswith(_BEGUN):
            return await super().poll(remote_id, wait_seconds)
        return await news(
            lambda: self._status(remote_id), wait_seconds, self.pause, first_seconds=_POLL_SECONDS
        )

    @override
    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        """Write a picture into a folder."""
        if not remote_id.startswith(_BEGUN):
            return await super().fetch(remote_id, folder)
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        async with self._result(remote_id) as answer:
            if answer.status_code != 200:
                words = f"Stability does not give {remote_id} (HTTP {answer.status_code})."
                raise AnswerLostError(words)
            path = await self._picture(answer, folder)
        return (ProviderOutput(kind_of(path), path),)

    async def _status(self, remote_id: str) -> Status:
        async with self._result(remote_id) as answer:
            if answer.status_code == 202:
                return Working()
            if answer.is_success:
                # What it holds is read once, by `fetch`.
                if answer.headers.get("content-length") == "0":
                    return self.nothing().failure
                return self._filtered(answer) or Finished(None)
            told = await self.connection.whole(answer)
        if told.status == 404:
            return self.gone(remote_id)
        failed = self.failed(told)
        is_policy = failed.category is ErrorCategory.CONTENT_POLICY
        if told.status in _OVER or (told.status in _UNSURE and is_policy):
            return failed
        raise AnswerLostError(f"Stability does not tell (HTTP {told.status}).")

    def _result(self, remote_id: str) -> Any:
        return self.connection.stream("GET", f"v2beta/{remote_id}", headers=_ACCEPT)

    async def _begun(self, answer: httpx.Response) -> Made:
        """Return the job that was begun; raises `SubmitError` for what is none."""
        told = await self.connection.whole(answer)
        known = told.object().get("id")
        if isinstance(known, str) and _ID.fullmatch(known) and "errors" not in told.object():
            return Made(begun=f"{_BEGUN}{known}")
        if self.is_own(told):
            raise SubmitError(self.failed(told, in_body=True))
        raise AnswerLostError("Stability answered in a form that nobody knows.")

    async def _picture(self, answer: httpx.Response, folder: Path) -> Path:
        return await self.written(answer, folder / f"result1{suffix_of(_type(answer), '')}")

    def _filtered(self, answer: httpx.Response) -> ProviderFailure | None:
        """Return the failure of a picture that was blurred for what it shows."""
        reason = answer.headers.get("finish-reason", "SUCCESS").upper()
        if reason in {"SUCCESS", ""}:
            return None
        return failure(Answer(self.name, None, {}, f'{{"finish_reason": "{reason[:40]}"}}'))


def provider() -> StabilityProvider:
    """Return a new instance; nothing is opened before its first job."""
    return StabilityProvider()


async def _form(inputs: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the parts of a form: it wants them so also where there is no file."""
    parts: list[tuple[str, Any]] = []
    for name, value in inputs.items():
        files = list(media_files({name: value}))
        for file in files:
            body = await contents(file, _MOST_UPLOAD, VENDOR.title)
            called = f"{file.hash[:16]}{file.path.suffix}"
            parts.append((name, (called, body, media_type(file))))
        if not files:
            parts += [(part, (None, text)) for part, text in fields(name, value)]
    return parts


def _type(answer: httpx.Response) -> str:
    kind: str = answer.headers.get("content-type", "")
    return kind.partition(";")[0].strip().lower()
