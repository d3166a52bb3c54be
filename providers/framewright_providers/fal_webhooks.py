"""FAL's webhooks: signed with Ed25519 by keys that FAL publishes as a JWKS (RFC 7517, RFC 8037).

The scheme as FAL documents it; its client has no part in it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Any

from framewright.protocols import CallRefusedError
from framewright_providers.http_job.webhooks import refuse_old

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.protocols import Call

_NAMES = tuple(
    f"x-fal-webhook-{each}" for each in ("request-id", "user-id", "timestamp", "signature")
)
_MOST_KEYS = 16


def keys_of(told: Any) -> tuple[bytes, ...]:
    """Return the public keys of a JWKS, raw, 32 bytes each; what is none is left out."""
    listed = told.get("keys") if isinstance(told, dict) else None
    found = []
    for each in listed[:_MOST_KEYS] if isinstance(listed, list) else ():
        text = each.get("x") if isinstance(each, dict) else None
        try:
            key = base64.urlsafe_b64decode(f"{text}{'=' * (-len(str(text)) % 4)}")
        except (binascii.Error, ValueError):
            continue
        if isinstance(text, str) and len(key) == 32:
            found.append(key)
    return tuple(found)


def proved(call: Call, keys: Sequence[bytes], now_ms: int) -> str:
    """Return the id of a delivery that one of FAL's keys has signed.

    What is signed: request id, user id, time and SHA-256 of the body in hexadecimal, a line each.
    Raises `CallRefusedError` for every other call, and where the library for it is missing.
    """
    request, user, told, signature = (call.headers.get(name, "") for name in _NAMES)
    if not request or not told or not signature:
        raise CallRefusedError("A webhook for FAL is not signed.")
    refuse_old(told, now_ms, "FAL")
    digest = hashlib.sha256(call.body).hexdigest()
    signed = "\n".join((request, user, told, digest)).encode()
    try:
        given = bytes.fromhex(signature)
    except ValueError:
        given = b""
    if not any(_signed_by(key, given, signed) for key in keys):
        raise CallRefusedError("A webhook for FAL is signed by somebody else.")
    return request


def _signed_by(key: bytes, signature: bytes, signed: bytes) -> bool:
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        raise CallRefusedError(
            "The webhooks of FAL can not be checked here: the library for that is missing.",
            action="Install it with `pip install 'framewright[serve]'`; results come without, too.",
        ) from None
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except InvalidSignature:
        return False
    return True
