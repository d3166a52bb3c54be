"""Signed webhooks in the form of the Standard Webhooks specification (standardwebhooks.com)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import TYPE_CHECKING

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
