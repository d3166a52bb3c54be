"""Vendors that answer with the result itself: no job to ask after, so the answer is kept at once.

Such an answer is paid for once it comes. It is written into the spool while it comes, and only
then has the job an id: the key of its submission. What breaks off on the way is left open.
"""

from __future__ import annotations

import asyncio
import json
from abc import ABC, abstractmethod
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright.domain.job import ErrorCategory
from framewright.domain.media import MediaKind
from framewright.protocols import (
    Finished,
    ProviderFailure,
    ProviderOutput,
    SubmitError,
)
from framewright_providers.http_job.connection import Answered, AnswerLostError, pieces
from framewright_providers.http_job.download import MOST_BYTES
from framewright_providers.http_job.lifting import AnswerTooLargeError, Lifter
from framewright_providers.http_job.media_out import fetched, kind_of
from framewright_providers.http_job.provider import HttpProvider
from framewright_providers.http_job.spool import Spool

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping
    from pathlib import Path

    import httpx

    from framewright.protocols import ProviderRequest, Status
    from framewright_providers.http_job.lifting import Lifted
    from framewright_providers.http_job.vendor import Vendor

ANSWER_SECONDS = 540.0
"""How long an answer may be silent: most of what the router gives a submission."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a vendor made, in the folder it was written into."""

    files: tuple[Path, ...] = ()
    urls: tuple[str, ...] = ()
    """Where further files lie, to be fetched later."""
    cost: float | None = None
    """In US dollars; None where the vendor does not say."""
    notes: tuple[str, ...] = ()
    begun: str = ""
    """The vendor's own id of a job, where it only began one, and nothing is there yet."""


class AnsweringProvider(HttpProvider, ABC):
    """A vendor whose answer is the result; a subclass says how it is asked for one."""

    def __init__(self, vendor: Vendor, *, spool: Spool | None = None, **options: Any) -> None:
        """Take what `HttpProvider` takes, and where results are kept."""
        super().__init__(vendor, **options)
        self.spool = spool or Spool(vendor.name)

    @abstractmethod
    async def make(self, request: ProviderRequest, folder: Path) -> Made:
        """Ask for a result and write it into a folder.

        Raises `SubmitError` where the vendor said that it made none, anything else where nobody
        knows.
        """

    async def submit(self, request: ProviderRequest) -> str:
        """Have something made, keep it, and return the key of the submission.

        A submission whose result is kept already is not asked for again.
        """
        if await asyncio.to_thread(self.spool.find, request.submission) is not None:
            return request.submission
        coming = await asyncio.to_thread(self.spool.begin, request.submission)
        try:
            made = await self.make(request, coming)
        except BaseException:
            await asyncio.to_thread(self.spool.drop, request.submission)
            raise
        if made.begun:
            await asyncio.to_thread(self.spool.drop, request.submission)
            return made.begun
        return await asyncio.to_thread(
            self.spool.finish,
            request.submission,
            made.files,
            urls=made.urls,
            cost=made.cost,
            notes=made.notes,
        )

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        """Say that it is done, as everything is that has an id.

        Where it was kept on another machine, only `fetch` fails: it is paid for, and stays open.
        """
        del wait_seconds
        kept = await asyncio.to_thread(self.spool.find, remote_id)
        return Finished(None) if kept is None else Finished(kept.cost, kept.notes)

    async def cancel(self, remote_id: str) -> None:
        """Nothing can be stopped: it was made when the vendor answered."""

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        """Copy what was kept into a folder, and fetch what was only named."""
        kept = await asyncio.to_thread(self.spool.copy, remote_id, folder)
        outputs = [ProviderOutput(kind_of(path), path) for path in kept.files]
        if kept.text:
            outputs.append(ProviderOutput(MediaKind.TEXT, text=kept.text))
        if kept.urls:
            # Beside files that were kept, which have names of their own.
            how, others = await self.fetching(key=True), bool(outputs)
            outputs += await fetched(kept.urls, folder, how, stem="named", has_others=others)
        return tuple(outputs)

    async def find(self, key: str) -> str | None:
        """Return the key of a submission whose result was kept; raises for every other.

        The vendor can not be asked what it answered: what is not here may be made all the same.
        """
        if await asyncio.to_thread(self.spool.find, key) is not None:
            return key
        title = self.connection.vendor.title
        raise AnswerLostError(f"{title} can not be asked what became of {key}.")

    async def knows(self, remote_id: str) -> ProviderFailure | None:
        """Tell that a result is kept here under an id; the vendor itself gives none."""
        if await asyncio.to_thread(self.spool.find, remote_id) is not None:
            return None
        title = self.connection.vendor.title
        words = f"{title} gives no ids: what it makes comes with its answer, or is lost with it."
        return ProviderFailure(ErrorCategory.NOT_FOUND, words)

    @asynccontextmanager
    async def answer(
        self, where: str, *, headers: Mapping[str, str] | None = None, **content: Any
    ) -> AsyncGenerator[httpx.Response]:
        """Ask for a result, and yield an answer that says that it went well.

        `content` is as httpx takes it. Raises `SubmitError` for a refusal.
        """
        asked = self.connection.stream(
            "POST", where, seconds=ANSWER_SECONDS, headers=headers, **content
        )
        async with asked as answer:
            if not answer.is_success:
                told = await self.connection.whole(answer)
                self.note(told)
                raise self.refusal(told)
            self.note(Answered(answer.status_code, answer.headers, b""))
            yield answer

    async def lifted(self, answer: httpx.Response, folder: Path) -> Lifted:
        """Read a whole answer that is JSON; raises `AnswerLostError` where it is none."""
        lifter, title = Lifter(folder), self.connection.vendor.title
        try:
            async for piece in pieces(answer, title):
                await asyncio.to_thread(lifter.feed, piece)
            found = await asyncio.to_thread(lifter.finish)
        except AnswerTooLargeError as error:
            raise AnswerLostError(f"{title}: {error}") from None
        finally:
            lifter.close()
        if found.told is None:
            raise AnswerLostError(f"{title} answered in a form that nobody knows.")
        return found

    async def written(self, answer: httpx.Response, path: Path) -> Path:
        """Write a whole answer that is the file itself; raises `SubmitError` where it is empty."""
        title, size = self.connection.vendor.title, 0
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/json":
            told = await self.connection.whole(answer)
            if self.is_own(told):
                raise SubmitError(self.failed(told, in_body=True))
            raise AnswerLostError(f"{title} answered in a form that nobody knows.")
        if kind == "text/html":
            raise AnswerLostError(f"{title} answered with a web page.")
        with await asyncio.to_thread(path.open, "wb") as file:
            async for piece in pieces(answer, title):
                size += len(piece)
                if size > MOST_BYTES:
                    raise AnswerLostError(f"{title} answered with over {MOST_BYTES} bytes.")
                await asyncio.to_thread(file.write, piece)
        if not size:
            raise self.nothing()
        return path

    def said(self, told: Lifted) -> SubmitError:
        """Return the failure that a good answer tells of."""
        body = json.dumps(told.told).encode()
        return SubmitError(self.failed(Answered(200, {}, body), in_body=True))

    def nothing(self) -> SubmitError:
        """Return the error of an answer that says it is done, and holds nothing."""
        words = f"{self.connection.vendor.title} says that it is done, and there is nothing."
        action = "Try other inputs; what it made is not kept there."
        return SubmitError(ProviderFailure(ErrorCategory.UNKNOWN, words, action))
