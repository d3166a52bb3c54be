"""Webhooks: signed as the Standard Webhooks specification has it, and addresses nobody guesses."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

from framewright.protocols import CallRefusedError

if TYPE_CHECKING:
    from framewright.protocols import Call

TOLERANCE_SECONDS = 300
"""How far the time of a webhook may be from ours, either way."""


def standard_webhook(call: Call, secret: str, now_ms: int, title: str) -> str:
    """Return the id of a delivery that is proved to be of the vendor.

    HMAC-SHA256 over `id.timestamp.body`, in base64, with the key behind `whsec_`; the header holds
    one signature or several, each behind `v1,`. Raises `CallRefusedError` for every other call.
    """
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    delivery, told, signatures = (call.headers.get(name, "") for name in names)
    if not delivery or not told or not signatures:
        raise CallRefusedError(f"A webhook for {title} is not signed.")
    refuse_old(told, now_ms, title)
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raise CallRefusedError(f"The secret of {title}'s webhooks is none.") from None
    signed = f"{delivery}.{told}.".encode() + call.body
    right = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    for each in signatures.split():
        version, _, given = each.partition(",")
        if version == "v1" and hmac.compare_digest(given.encode(), right.encode()):
            return delivery
    raise CallRefusedError(f"A webhook for {title} is signed by somebody else.")


def refuse_old(told: str, now_ms: int, title: str, tolerance: int = TOLERANCE_SECONDS) -> None:
    """Raise `CallRefusedError` for a time, in Unix seconds, that is none or too far from now."""
    if not told.isascii() or not told.isdigit() or len(told) > 12:
        raise CallRefusedError(f"A webhook for {title} does not say when it was sent.")
    if abs(now_ms / 1_000 - int(told)) > tolerance:
        raise CallRefusedError(f"A webhook for {title} was sent at another time than now.")


def told_by(call: Call, title: str) -> dict[str, Any]:
    """Return the JSON object that a webhook brings; raises `CallRefusedError` for anything else."""
    try:
        found = json.loads(call.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise CallRefusedError(f"A webhook for {title} can not be read.")
    return found


def sealed(secret: str, *parts: str) -> str:
    """Return words as one part of an address that nobody else can make: an HMAC-SHA256 ends it.

    The vendor is given it with a job and brings it back: so a webhook says which submission it is
    about, in whichever process it arrives, and one that is not signed is at least no stranger's.
    """
    told = base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")
    return f"{told}.{_seal(secret, told)}"


def unsealed(secret: str, text: str, title: str) -> tuple[str, ...]:
    """Return the words that were `sealed`; raises `CallRefusedError` for any other text."""
    told, _, seal = text.strip("/").partition(".")
    if not told or not hmac.compare_digest(seal.encode(), _seal(secret, told).encode()):
        raise CallRefusedError(
            f"A webhook for {title} came to an address that was given to nobody."
        )
    return tuple(json.loads(base64.urlsafe_b64decode(told + "=" * (-len(told) % 4))))


def _seal(secret: str, told: str) -> str:
    signed = f"framewright.webhook.{told}".encode()
    return hmac.digest(secret.encode(), signed, hashlib.sha256).hex()
