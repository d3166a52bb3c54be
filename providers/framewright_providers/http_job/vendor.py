"""Who is on the other side of a connection: address, key, and where its results may lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Authorization = Callable[[str], Mapping[str, str]]
"""From a key to the headers that carry it."""


def bearer(key: str) -> Mapping[str, str]:
    """Return the header of a bearer token (RFC 6750)."""
    return {"Authorization": f"Bearer {key}"}


@dataclass(frozen=True, slots=True)
class Vendor:
    """One vendor, as its documentation names it."""

    name: str
    """Name of the provider: small letters."""
    title: str
    """What people call it."""
    url: str
    """Where its API is, without a slash at the end; empty where a person has to say."""
    key_variables: tuple[str, ...] = ()
    """Environment variables that hold its key, the vendor's own first; none where it wants none."""
    key_optional: bool = False
    """Whether it may be asked without a key, as a server of one's own."""
    authorization: Authorization = bearer
    key_page: str = ""
    """Where a person gets a key."""
    hosts: tuple[str, ...] = ()
    """Hosts that its results may be fetched from, each with all below it."""
    places: tuple[str, ...] = ()
    """Addresses beside `url` that are its own and get its key, where nobody set another `url`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent with every question, such as a version of the API."""
    concurrency: int = 8
    """How many jobs are handed to it at once, where a person sets no other limit."""
    needs_url: bool = False
    """Whether a person has to say where it is."""
    example_url: str = "http://…"
    """Where it usually is, for a person who has to say."""
    options: tuple[str, ...] = ()
    """Settings of its own beside `url` and `hosts`."""
