"""Which addresses a result may be fetched from: those of its vendor, and never our own network."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from framewright.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Resolve = Callable[[str, int], Awaitable[tuple[str, ...]]]


class AddressRefusedError(ProviderError):
    """A provider named an address that nothing is fetched from."""

    code = "address-refused"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Where results may lie."""

    hosts: tuple[str, ...]
    """Public hosts, each with all below it, by https only."""
    origin: str = ""
    """The provider's own origin as a person set it; that one may be private, and plain http."""
    anywhere: bool = False
    """Whether every public host will do: where nobody knows on which ones a vendor keeps files."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was checked, and the machine that it is."""

    url: str
    host: str
    address: str
    """The IP address that was checked; the name is not looked up again."""

    @property
    def pinned(self) -> str:
        """The URL with the address for the name: looked up again it might be another machine."""
        parts = urlsplit(self.url)
        address = f"[{self.address}]" if ":" in self.address else self.address
        return parts._replace(netloc=address + self._port).geturl()

    @property
    def named(self) -> str:
        """The name as a `Host` header has it."""
        return self.host + self._port

    @property
    def _port(self) -> str:
        port = urlsplit(self.url).port
        return f":{port}" if port else ""


async def checked(url: str, allowed: Allowed, resolve: Resolve | None = None) -> Target:
    """Return where a URL leads; raises `AddressRefusedError` for one that may not be asked.

    A name counts as private where any of its addresses is.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError:
        raise _refused(url, "is no address") from None
    if not host or parts.username or parts.password or parts.scheme not in {"https", "http"}:
        raise _refused(url, "is no plain web address")
    own = bool(allowed.origin) and origin_of(url) == allowed.origin
    if not own and parts.scheme != "https":
        raise _refused(url, "is not https")
    known = allowed.anywhere or any(host == e or host.endswith(f".{e}") for e in allowed.hosts)
    if not own and not known:
        raise _refused(url, f"is on {host}, where this provider's results are not expected")
    usual = 443 if parts.scheme == "https" else 80
    found = await (resolve or addresses)(host, port or usual)
    if not found:
        raise _refused(url, f"is on {host}, which has no address")
    if not own and not all(_is_public(each) for each in found):
        raise _refused(url, f"is on {host}, which is an address inside a network")
    return Target(url, host, found[0])


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL; empty for what is none."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return ""
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}" if parts.hostname else ""


async def addresses(host: str, port: int) -> tuple[str, ...]:
    """Return the IP addresses of a host, nothing where it has none; raises `OSError`."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}:
            return ()
        raise
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


def _is_public(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (inner is None or inner.is_global)


def _refused(url: str, why: str) -> AddressRefusedError:
    # What stands behind the host may be signed: it is nobody else's.
    place = origin_of(url) or "what it named"
    return AddressRefusedError(
        f"Nothing is fetched from {place}: it {why}.",
        action="If the provider moved its files, add the host to `hosts` of its settings.",
    )
