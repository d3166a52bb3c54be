"""Who is on the other side of a connection: address, key, and where its results may lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Authorization = Callable[[str], Mapping[str, str]]
"""From a key to the headers that carry it."""


def bearer(key: str) -> Mapping[str, str]:
    """Return the header of a bearer token (RFC 6750)."""
    return {"Authorization": f"Bearer {key}"}


OwnError = Callable[[Mapping[str, Any], Mapping[str, str]], bool]
"""Whether the body and the headers (names in small letters) of an error are the vendor's own."""


def nobodys(body: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
    """Say of no error that it is the vendor's own."""
    del body, headers
    return False


def error_object(body: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
    """Say whether an error is told as an object under `error`."""
    del headers
    return isinstance(body.get("error"), dict)


def telling(*names: str) -> OwnError:
    """Return what says whether an error has all of these fields."""
    return lambda body, _: all(body.get(name) for name in names)


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
    own_error: OwnError = nobodys
    """Whether the body of an error is in the vendor's own form, and no gateway's."""
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
