"""Keys with which programs ask over the network, each for one tenant.

A key is `fw_`, its id and 256 random bits. Its SHA-256 is kept and nothing else of it: a slow
hash guards words that can be guessed, and nobody guesses 256 bits, while every request would pay
for it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import TYPE_CHECKING

from framewright.domain.value import Value
from framewright.errors import InputError, NotFoundError
from framewright.settings import RATE, TENANT
from framewright.store import api_keys

if TYPE_CHECKING:
    from framewright.domain.ids import Random
    from framewright.protocols import Clock
    from framewright.store.api_keys import ApiKeyRecord
    from framewright.store.database import Database

RATE_OF_NONE = "600/minute"
"""How often a key may ask where nobody said."""
_KEY = re.compile(r"fw_([0-9a-z]{15})_([A-Za-z0-9_-]{43})")
_BITS = 256


class ApiKey(Value):
    """One key, for people and programs that look on; what it is made of is told nowhere."""

    id: str
    tenant: str
    rate: str
    """How often it may ask, such as `600/minute`."""
    created_ms: int
    """Unix time in milliseconds."""
    revoked_ms: int | None = None


class ApiKeys:
    """The part of a studio that knows who asks over the network."""

    _tenant: str
    _database: Database
    _clock: Clock
    _chance: Random

    def _new_id(self, prefix: str) -> str:
        raise NotImplementedError

    async def create_api_key(self, tenant: str, rate: str = RATE_OF_NONE) -> tuple[ApiKey, str]:
        """Make a key for a tenant and return it with its text, which nothing tells again.

        Raises `InputError` for a tenant or a rate that is none.
        """
        if not re.fullmatch(TENANT, tenant):
            message = f"{tenant[:64]!r} is no name of a tenant."
            raise InputError(message, action="Use small letters, digits, - and _.")
        if not re.fullmatch(RATE, rate):
            message = f"{rate[:64]!r} is no rate."
            raise InputError(message, action='Write a number and a time, such as "60/minute".')
        name = self._new_id("key").removeprefix("key_")
        drawn = self._chance.getrandbits(_BITS).to_bytes(_BITS // 8, "big")
        secret = f"fw_{name}_{base64.urlsafe_b64encode(drawn).decode().rstrip('=')}"
        await self._database.write(api_keys.insert(name, tenant, _digest(secret), rate))
        found = await self._database.read(api_keys.find(name))
        assert found is not None
        return _told(found), secret

    async def api_keys(self) -> tuple[ApiKey, ...]:
        """Return the keys of all tenants, oldest first, also those that were revoked."""
        return tuple(_told(each) for each in await self._database.read(api_keys.every()))

    async def revoke_api_key(self, key: str) -> None:
        """Let a key, named by its id, be of no use from now on; raises `NotFoundError`."""
        if not await self._database.write(api_keys.revoke(key)):
            message = f"There is no key {key} that could be revoked."
            raise NotFoundError(message, action="`framewright keys api list` lists them.")

    async def wants_api_keys(self) -> bool:
        """Tell whether there is a key that is not revoked: then nobody may ask without one."""
        return await self._database.read(api_keys.any_valid())

    async def api_key_of(self, secret: str) -> ApiKey | None:
        """Return the key whose text this is; None for anything else, a revoked key too."""
        read = _KEY.fullmatch(secret)
        if read is None:
            return None
        found = await self._database.read(api_keys.find(read[1]))
        right = "" if found is None else found.digest
        if not hmac.compare_digest(_digest(secret).encode(), right.encode()) or found is None:
            return None
        return None if found.revoked_ms is not None else _told(found)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _told(record: ApiKeyRecord) -> ApiKey:
    return ApiKey(
        id=record.id,
        tenant=record.tenant,
        rate=record.rate,
        created_ms=record.created_ms,
        revoked_ms=record.revoked_ms,
    )
