"""Whether a request may be one of a web page elsewhere, which is never let in.

A page of another origin can make a browser ask a server on loopback; by DNS rebinding even under a
name of its own. So `Host` has to be one of ours, and where a browser says that another site asks
(`Origin`, `Sec-Fetch-Site`), nothing is done.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(?:\[([0-9a-fA-F:.]{2,45})\]|([A-Za-z0-9._-]{1,253}))(?::([0-9]{1,5}))?")


def read_host(host: str) -> tuple[str, int | None] | None:
    """Return name and port of a `Host` field, the name in small letters; None where it is none."""
    read = _HOST.fullmatch(host)
    if read is None:
        return None
    name = (read[1] or read[2]).lower().rstrip(".")
    return (name, None if read[3] is None else int(read[3])) if name else None


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach an address that a server is bound to."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_ours(host: str, names: Collection[str] | None) -> bool:
    """Tell whether a `Host` field names us; with None for `names` every name does."""
    read = read_host(host)
    return read is not None and (names is None or read[0] in names)


def is_elsewhere(headers: Mapping[str, str], scheme: str) -> bool:
    """Tell whether a browser says that the page of another origin asks; names in small letters."""
    site = headers.get("sec-fetch-site", "none").strip().lower()
    if site not in {"none", "same-origin"}:
        return True
    origin = headers.get("origin")
    if origin is None:
        return False
    # `null` is the origin of files and of frames that are fenced in.
    return origin.strip().lower() != f"{scheme}://{headers.get('host', '')}".lower()


def public_host(url: str) -> str | None:
    """Return the host of a public URL, in small letters; None where it is none that can be used."""
    try:
        parts = urlsplit(url)
        name = parts.hostname
        _ = parts.port
    except ValueError:
        return None
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    return name if parts.scheme in {"http", "https"} and name and plain else None
