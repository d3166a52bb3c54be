"""What all providers over HTTP do alike; each adds how it submits, polls, cancels and fetches."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from framewright.domain.job import ErrorCategory
from framewright.failures.answer import Answer
from framewright.failures.failure import failure
from framewright.protocols import ProviderFailure, SubmitError
from framewright_providers.http_job.address import origin_of
from framewright_providers.http_job.allowance import allowance
from framewright_providers.http_job.connection import AnswerLostError, Connection
from framewright_providers.http_job.download import Fetching

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from framewright.protocols import Allowance, Lack
    from framewright_providers.http_job.connection import Answered
    from framewright_providers.http_job.vendor import Vendor

    Pause = Callable[[float], Awaitable[None]]

_LATE = frozenset({408, 499, 504, *range(520, 528), 530})
"""Somebody gave up waiting: what was asked for may have begun all the same.

From 520 on they are those of a content network, whatever the form of their bodies.
"""
_BEFORE = frozenset({500, 502, 503})
"""Answers that whoever stands before the vendor gives too, and then in no form of the vendor's."""


_MOST_STOPPED = 1_000
"""How many jobs are remembered as stopped."""


class HttpProvider:
    """A vendor's connection and what every provider says of itself."""

    in_process = False

    def __init__(
        self,
        vendor: Vendor,
        *,
        key: str | None = None,
        url: str | None = None,
        pause: Pause = asyncio.sleep,
    ) -> None:
        """Stand for a vendor; `key` and `url` win over what is set on this machine."""
        self.name, self.concurrency = vendor.name, vendor.concurrency
        self.connection = Connection(vendor, key=key, url=url)
        self.pause = pause
        self._allowances: dict[str, Allowance] = {}
        self._stopped: dict[str, None] = {}

    @property
    def key_variables(self) -> tuple[str, ...]:
        """Environment variables that hold its key; none where it wants none."""
        return self.connection.vendor.key_variables

    def lacks(self) -> Lack | None:
        """Return what is missing before it can work here."""
        return self.connection.lacks()

    def configure(self, options: Mapping[str, str | int | float | bool]) -> None:
        """Take its settings; raises `SettingsError`."""
        self.connection.configure(options)

    def allowance(self, model: str) -> Allowance | None:
        """Return what the last answer about a model, or about anything, said."""
        return self._allowances.get(model) or self._allowances.get("")

    async def close(self) -> None:
        """Let go of the connections."""
        await self.connection.close()

    def note(self, answered: Answered, model: str = "", *, of_model: bool = False) -> None:
        """Remember how much more an answer said that the vendor takes."""
        told = allowance(answered.headers, of_model=of_model)
        if told is not None:
            self._allowances[model if of_model else ""] = told

    def failed(
        self, answered: Answered, *, in_body: bool = False, cost: float = 0.0
    ) -> ProviderFailure:
        """Return the failure that an answer tells; `in_body` where its status does not say it."""
        status = None if in_body else answered.status
        body = answered.text
        return failure(Answer(self.name, status, answered.headers, body), cost=cost)

    def refusal(self, answered: Answered) -> SubmitError | AnswerLostError:
        """Return the error of a submission that was answered by no job.

        One that whoever stands before the vendor gave up on may have begun all the same.
        """
        status = answered.status
        if status in _LATE or (status in _BEFORE and not self.is_own(answered)):
            title = self.connection.vendor.title
            return AnswerLostError(f"{title} did not answer in time (HTTP {status}).")
        return SubmitError(self.failed(answered))

    def is_own(self, answered: Answered) -> bool:
        """Whether an error is told by the vendor itself."""
        told = answered.object()
        # Cloudflare tells its errors with the same fields as vendors that follow RFC 9457.
        by_network = "cloudflare_error" in told
        return not by_network and self.connection.vendor.own_error(told, answered.headers)

    def stopped(self, remote_id: str) -> None:
        """Remember that a job was stopped from here, also where the vendor has it no more."""
        self._stopped[remote_id] = None
        for old in list(self._stopped)[:-_MOST_STOPPED]:
            del self._stopped[old]

    def gone(self, remote_id: str) -> ProviderFailure:
        """Return the end of a job that the vendor says it does not have, if it was stopped here.

        Raises `AnswerLostError` for any other: with the key of another account every job that is
        open is one that the vendor does not have, and to end it would be to make and pay it twice.
        """
        title = self.connection.vendor.title
        if remote_id in self._stopped:
            return ProviderFailure(ErrorCategory.CANCELLED, f"It was stopped at {title}.")
        action = "See that the key is of the account that the job was begun with."
        raise AnswerLostError(f"{title} says that it does not have {remote_id}.", action=action)

    async def beforehand(self, asked: Awaitable[Answered]) -> Answered:
        """Return the answer to a question that comes before a job, such as where its inputs go.

        Nothing has begun by then: whatever is no good answer is a `SubmitError`.
        """
        try:
            answered = await asked
        except AnswerLostError as error:
            failure = ProviderFailure(ErrorCategory.OUTAGE, error.message, retryable=True)
            raise SubmitError(failure) from None
        if not answered.ok:
            raise SubmitError(self.failed(answered))
        return answered

    async def fetching(self, *, key: bool = False) -> Fetching:
        """Return how this vendor's files are fetched; `key` where its own origin wants the key."""
        connection = self.connection
        secret = await connection.key() if key else ""
        headers = connection.vendor.authorization(secret) if secret else None
        client = await connection.client()
        api, title = origin_of(connection.url), connection.vendor.title
        return Fetching(client, connection.allowed, title, headers=headers, api=api)
