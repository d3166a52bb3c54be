"""The seams of the engine: what it asks of the world, each with a public fake for tests."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from framewright.domain.job import ErrorCategory
from framewright.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from framewright.domain.media import MediaInfo, MediaKind
    from framewright.domain.model_card import ModelCard


Tell = Callable[[float], None]
"""Told now and then how much of a long work is done, 0 to 1, on the worker's thread.

To stop the work, raise from it: the exception leaves the work, which removes what it had
written so far.
"""


def silent(fraction: float) -> None:
    """Ignore progress."""
    del fraction


class Clock(Protocol):
    """Tells the time."""

    def now_ms(self) -> int:
        """Return Unix time in milliseconds."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now_ms(self) -> int:
        """Return Unix time in milliseconds."""
        return time.time_ns() // 1_000_000


@dataclass(slots=True)
class HandClock:
    """A clock that moves when a test says so."""

    at_ms: int = 1_700_000_000_000

    def now_ms(self) -> int:
        """Return the time that was set."""
        return self.at_ms


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A media input: a file on this machine that the provider may read and must not change."""

    path: Path
    info: MediaInfo
    hash: str
    """SHA-256 of the bytes in hexadecimal."""


@dataclass(frozen=True, slots=True)
class ProviderRequest:
    """One submission of a job, with everything resolved."""

    job: str
    key: str
    """What it is for; an executor's is run:step:cycle. Not the same for all tenants only once."""
    model: str
    task: str
    inputs: dict[str, Any]
    """Field to JSON value; media fields hold `MediaFile`, media arrays lists of them."""
    seed: int
    correlation: str = ""
    """Follows the work from what a person asked for; to be sent along where a provider keeps it."""
    submission: str = ""
    """Idempotency key of this submission: the same however often it is handed over, and no
    other's. A provider that knows keys gets this one."""


@dataclass(frozen=True, slots=True)
class Working:
    """The job is queued or running at the provider."""

    fraction: float | None = None
    """How much is done, 0 to 1; None where the provider does not say."""
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """The result is ready to be fetched."""

    cost: float | None = 0.0
    """In US dollars; None where the provider does not say: then what was expected is booked."""
    notes: tuple[str, ...] = ()
    """What a person should know of the result: a wish that was not met, one sentence each."""


@dataclass(frozen=True, slots=True)
class ProviderFailure:
    """The provider could not do it."""

    category: ErrorCategory
    message: str
    """One sentence for a person."""
    action: str = ""
    detail: str = ""
    """Raw provider text: for the log only."""
    retryable: bool = False
    retry_after_seconds: float | None = None
    cost: float = 0.0
    """What it charges all the same, in US dollars."""
    code: str = ""
    """A finer name of what went wrong than its category; empty where there is none."""


Status = Working | Finished | ProviderFailure


@dataclass(frozen=True, slots=True)
class ProviderOutput:
    """One result: a file that now belongs to the caller, or a text."""

    kind: MediaKind
    path: Path | None = None
    text: str | None = None


class Provider(Protocol):
    """Somebody who does jobs. Called from one event loop; no method may block it over 50 ms."""

    name: str
    in_process: bool
    """True when its work ends with this process, so that a crash leaves nothing running or paid.

    What such a provider makes of words alone counts as our own, and is read in this process.
    """
    concurrency: int
    """How many jobs it takes at once."""

    async def submit(self, request: ProviderRequest) -> str:
        """Hand the job over and return the provider's own id for it; raises `SubmitError`."""
        ...

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        """Return how the job stands; may wait up to `wait_seconds` for it to change."""
        ...

    async def cancel(self, remote_id: str) -> None:
        """Stop the job; unknown and finished jobs are left alone.

        Of one that works in this process nothing is left when this returns. Of any other, `poll`
        is asked how it ended: it may have been done just before.
        """
        ...

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        """Write the results into `folder` and return them; raises `SubmitError`.

        The folder is not there yet: a provider makes it, with its parents, where it needs it.
        """
        ...

    async def close(self) -> None:
        """Let go of threads and connections; running jobs may be abandoned."""
        ...


@runtime_checkable
class Finds(Protocol):
    """A provider that can be asked what became of a submission that was never answered."""

    async def find(self, key: str) -> str | None:
        """Return the provider's id of the job that was submitted as `ProviderRequest.submission`.

        None where it surely has none; raises where it can not say.
        """
        ...


@runtime_checkable
class Knows(Protocol):
    """A provider that can tell whether an id that a person names may be one of its own."""

    async def knows(self, remote_id: str) -> ProviderFailure | None:
        """Return why it has no job of that id; None where it has one."""
        ...


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much more a provider takes, as its last answer said.

    As in the fields of draft-ietf-httpapi-ratelimit-headers, by whatever names it gives them.
    """

    remaining: int
    """How many submissions it still takes in this window."""
    reset_seconds: float
    """How long until the next window begins."""
    of_model: bool = False
    """Whether that is said of one model, and not of all that the provider does."""


@runtime_checkable
class Allows(Protocol):
    """A provider that says how much more it takes."""

    def allowance(self, model: str) -> Allowance | None:
        """Return what its last answer about a model said; None where it said nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Lack:
    """What a provider needs before it can work here."""

    message: str
    """One sentence: what is missing."""
    action: str
    """One sentence: where it comes from."""


@runtime_checkable
class Needs(Protocol):
    """A provider that can not work everywhere: it wants a key, a server or a library."""

    def lacks(self) -> Lack | None:
        """Return what is missing here, None where it can work; quick, and asks no network."""
        ...


@runtime_checkable
class Keyed(Protocol):
    """A provider whose key is a person's: in the environment or the system's keyring."""

    @property
    def key_variables(self) -> tuple[str, ...]:
        """Environment variables that hold its key, the vendor's own first; none for no key."""
        ...


@runtime_checkable
class Configured(Protocol):
    """A provider with settings of its own: `[providers.NAME]` of the workspace's settings."""

    def configure(self, options: Mapping[str, str | int | float | bool]) -> None:
        """Take the settings; called once, before its first job. Raises `SettingsError`."""
        ...


@runtime_checkable
class ReadsCards(Protocol):
    """A provider that looks at cards: what to run for a person's own model, or what one takes."""

    def read_cards(self, card_of: Callable[[str], ModelCard | None]) -> None:
        """Take what looks up a card by the model's id; called once, before its first job.

        It answers as the catalog stands when it is asked, within a millisecond or so.
        """
        ...


@runtime_checkable
class Describes(Provider, Protocol):
    """A provider that reads a person's description of a model in a form of its own."""

    async def describe(
        self, model: str, document: Any, output: MediaKind | None, *, ask: bool
    ) -> ModelCard:
        """Return the card of what is to be called `PROVIDER/model`, from a JSON document.

        `output` says what it makes where the document does not; `ask` has the provider look up
        what it takes. Raises `InputError`, and `ProviderError` where nobody answers.
        """
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """What a provider called us with: a webhook, as it came in."""

    headers: Mapping[str, str]
    """Names in small letters."""
    body: bytes
    path: str = ""
    """What followed the address that it was given."""
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a provider says of one of its jobs by itself, proved to be from it."""

    id: str
    """The same however often it is delivered."""
    remote_id: str
    """As `Provider.submit` gave it."""
    status: Status
    key: str | None = None
    """`ProviderRequest.submission` of the job, where the call tells it: a submission that was
    never answered is found by it."""


class CallRefusedError(ProviderError):
    """A webhook that is not proved to be a provider's: unsigned, wrongly signed, old, damaged."""

    code = "webhook-refused"


@runtime_checkable
class Hears(Protocol):
    """A provider that calls back when a job of its goes on."""

    def call_back(self, url: str) -> None:
        """Have every job that is submitted from now on call back at a public address."""
        ...

    async def hear(self, call: Call, now_ms: int) -> Heard | None:
        """Return what a call says; None where it says nothing of a job.

        Raises `CallRefusedError` for a call that is not proved to be the provider's.
        """
        ...


class SubmitError(ProviderError):
    """A provider refused a job or could not deliver it; says surely that nothing was started."""

    def __init__(self, failure: ProviderFailure) -> None:
        super().__init__(failure.message, action=failure.action, retryable=failure.retryable)
        self.failure = failure


@dataclass(slots=True)
class FakeProvider:
    """A provider that answers at once with texts, counts its submissions, and fails on demand."""

    name: str = "fake"
    in_process: bool = True
    concurrency: int = 1_000
    failing: set[str] = field(default_factory=set)
    """Models that fail."""
    requests: list[ProviderRequest] = field(default_factory=list)
    """Every submission, in order."""

    async def submit(self, request: ProviderRequest) -> str:
        """Remember the request; the remote id is its position."""
        self.requests.append(request)
        return str(len(self.requests) - 1)

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        """Answer at once: finished, or a failure that no retry can help."""
        del wait_seconds
        if self.requests[int(remote_id)].model in self.failing:
            return ProviderFailure(ErrorCategory.INVALID_PARAMETERS, "The fake was told to fail.")
        return Finished()

    async def cancel(self, remote_id: str) -> None:
        """Nothing is ever running."""

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        """Return one text that says which job this was."""
        from framewright.domain.media import MediaKind

        del folder
        request = self.requests[int(remote_id)]
        return (ProviderOutput(MediaKind.TEXT, text=f"{request.model} {request.key}"),)

    async def close(self) -> None:
        """Nothing to let go of."""
