"""Who asks: the tenant of an API key, or on loopback whoever works there."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from framewright.server.buckets import Buckets
from framewright.server.problems import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from framewright.server.buckets import Taken
    from framewright.studio import Studio

MOST_STREAMS = 8
"""How many streams of events one caller may have open at once."""
MOST_HEADER = 200
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""Headers of what was passed on to us: whoever asks is not on this machine."""
LOCAL_RATE = "6000/minute"
"""How often whoever works on this machine may ask, where nobody needs a key."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and the workspace as they see it."""

    id: str
    """Of the key; empty for whoever works on this machine."""
    rate: str
    studio: Studio
    """Of their tenant."""


@dataclass(slots=True)
class Callers:
    """Lets callers in; belongs to one event loop."""

    studio: Studio
    """Of the tenant of the settings."""
    seconds: Callable[[], float]
    """How many have passed; a clock that never goes back."""
    loopback: bool
    """Whether only this machine can ask: then a workspace without keys wants none."""
    most_streams: int = MOST_STREAMS
    _buckets: Buckets = field(default_factory=Buckets)
    _streams: Counter[str] = field(default_factory=Counter)

    async def known(self, headers: Mapping[str, str]) -> Caller:
        """Return who asks; raises `RefusedError` for nobody, without a word on why."""
        given = headers.get("authorization", "")
        here = self.loopback and not any(name in headers for name in FORWARDED)
        if not given and here and not await self.studio.wants_api_keys():
            return Caller("", LOCAL_RATE, self.studio)
        scheme, _, secret = given.partition(" ")
        key = None
        if scheme.lower() == "bearer" and len(given) <= MOST_HEADER:
            key = await self.studio.api_key_of(secret.strip())
        if key is None:
            raise RefusedError(
                401, "unauthorized", "This needs an API key.",
                "Send `Authorization: Bearer fw_…`; `framewright keys api create` makes one.",
                {"WWW-Authenticate": "Bearer"},
            )  # fmt: skip
        return Caller(key.id, key.rate, self.studio.of_tenant(key.tenant))

    def take(self, caller: Caller) -> Taken:
        """Count a question of a caller; raises `RefusedError` for one too many."""
        taken = self._buckets.take(caller.id, caller.rate, self.seconds())
        if not taken.allowed:
            raise RefusedError(
                429, "rate-limit", f"This key may ask {caller.rate.replace('/', ' times a ')}.",
                f"Ask again in {taken.retry_seconds} s.", taken.headers,
            )  # fmt: skip
        return taken

    @contextmanager
    def streaming(self, caller: Caller) -> Generator[None]:
        """Count a stream of a caller's while it is open; raises `RefusedError` for one too many."""
        if self._streams[caller.id] >= self.most_streams:
            message = f"{self.most_streams} streams of this key are open already."
            told = (429, "too-many-streams", message, "Close one of them.", {"Retry-After": "5"})
            raise RefusedError(*told)
        self._streams[caller.id] += 1
        try:
            yield
        finally:
            self._streams[caller.id] -= 1
            if not self._streams[caller.id]:
                del self._streams[caller.id]
