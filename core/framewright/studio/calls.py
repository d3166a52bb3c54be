"""Calls of providers: where they call us, and what they say of their jobs there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.errors import NotFoundError
from framewright.protocols import Hears
from framewright.store.inbox import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from framewright.protocols import Call, Clock, Provider
    from framewright.router.router import Router


class Calls:
    """The part of a studio that providers talk to."""

    _hands: Mapping[str, Provider]
    _router: Router
    _clock: Clock

    def call_back(self, address: Callable[[str], str]) -> tuple[str, ...]:
        """Have every provider that calls back do so from now on; return their names.

        `address` says where a provider, by its name, is to call: a public URL.
        """
        found = {name: each for name, each in self._hands.items() if isinstance(each, Hears)}
        for name, each in found.items():
            each.call_back(address(name))
        return tuple(sorted(found))

    async def hear(self, provider: str, call: Call) -> bool:
        """Pass on what a provider says of a job; False where it was said before, or says nothing.

        It is on record when this returns. Raises `CallRefusedError` for what is not proved to be
        from the provider, and `NotFoundError` for one that calls nobody.
        """
        found: object = self._hands.get(provider)
        if not isinstance(found, Hears):
            raise NotFoundError("No installed provider of that name calls back.")
        heard = await found.hear(call, self._clock.now_ms())
        if heard is None:
            return False
        said = Delivery(provider, heard.id, heard.remote_id, heard.status, heard.key)
        return await self._router.deliver(said)
