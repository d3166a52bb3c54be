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


_INSIDE = (".localhost", ".local", ".internal", ".home.arpa")
"""Names that are no one's in public."""
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""An IPv4 address as a network of IPv6 alone has it (RFC 6052)."""
_NEVER = tuple(
    ipaddress.IPv6Network(each)
    # A network's own translation (RFC 8215), IPv4 in IPv6 of old (RFC 4291, RFC 2765), sites.
    for each in ("64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96", "fec0::/10")
)
"""What some Pythons count as public."""


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
    addresses: tuple[str, ...]
    """The IP addresses that were checked; the name is not looked up again.

    None where a proxy is the way there: that one looks the name up.
    """

    @property
    def pinned(self) -> tuple[str, ...]:
        """The URL with each address for the name: looked up again it might be another machine."""
        parts = urlsplit(self.url)
        named = (f"[{each}]" if ":" in each else each for each in self.addresses)
        return tuple(parts._replace(netloc=each + self._port).geturl() for each in named)

    @property
    def named(self) -> str:
        """The name as a `Host` header has it."""
        return self.host + self._port

    @property
    def _port(self) -> str:
        port = urlsplit(self.url).port
        return f":{port}" if port else ""


async def checked(
    url: str, allowed: Allowed, resolve: Resolve | None = None, *, proxied: bool = False
) -> Target:
    """Return where a URL leads; raises `AddressRefusedError` for one that may not be asked.

    A name counts as private where any of its addresses is. Where a proxy is the way there
    (`proxied`), names are not looked up: this machine may be unable to.
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
    if proxied:
        if not own and not _may_be_public(host):
            raise _refused(url, f"is on {host}, which is inside a network")
        return Target(url, host, ())
    usual = 443 if parts.scheme == "https" else 80
    found = await (resolve or addresses)(host, port or usual)
    if not found:
        raise _refused(url, f"is on {host}, which has no address")
    if not own and not all(_is_public(each) for each in found):
        raise _refused(url, f"is on {host}, which is an address inside a network")
    return Target(url, host, found)


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


def _may_be_public(host: str) -> bool:
    """Whether a name that is not looked up here may be one of the public network."""
    if ":" in host or host.rpartition(".")[2][:1].isdigit():
        return _is_public(host)
    return "." in host and not host.endswith(_INSIDE)


def _is_public(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return _is_global(found)
    if found.ipv4_mapped is not None:
        return _is_global(found.ipv4_mapped)
    if found in _TRANSLATED:
        return _is_global(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
    if any(found in each for each in _NEVER):
        return False
    inner = (found.sixtofour, *(found.teredo or ()))
    return _is_global(found) and all(each is None or _is_global(each) for each in inner)


def _is_global(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.is_global and not address.is_multicast


def _refused(url: str, why: str) -> AddressRefusedError:
    # What stands behind the host may be signed: it is nobody else's.
    place = origin_of(url) or "what it named"
    return AddressRefusedError(
        f"Nothing is fetched from {place}: it {why}.",
        action="If the provider moved its files, add the host to `hosts` of its settings.",
    )
