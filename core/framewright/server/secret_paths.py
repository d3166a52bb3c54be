"""The secret part of the addresses that providers call: drawn once, kept with the workspace.

One secret in a file that only its owner may read; each provider's part is derived from it, so a
restart keeps them all and none of them tells another. It has to be readable, since providers are
told their address anew at every start: a digest would not do.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from framewright.errors import StorageError, as_storage_error

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = ".webhooks"
_SECRET = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class SecretPaths:
    """Where each provider calls."""

    secret: bytes = field(repr=False)

    @classmethod
    def of(cls, workspace: Path) -> SecretPaths:
        """Return those of a workspace; drawn at the first time. Raises `StorageError`."""
        path = workspace / FILE_NAME
        try:
            if not path.exists():
                _draw(path)
            # Also where somebody copied the workspace with other rights.
            path.chmod(0o600)
            text = path.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            if isinstance(error, OSError):
                raise as_storage_error(error, path) from error
            text = ""
        if not _SECRET.fullmatch(text):
            message = f"{path} does not hold the secret of webhooks any more."
            raise StorageError(message, action="Delete it: a new one is drawn.")
        return cls(bytes.fromhex(text))

    def token(self, provider: str) -> str:
        """Return the secret part of a provider's address: 64 hexadecimal digits."""
        return hmac.digest(self.secret, provider.encode(), hashlib.sha256).hex()

    def is_right(self, provider: str, token: str) -> bool:
        """Tell whether a call came to a provider's own address, in the same time for any token."""
        return hmac.compare_digest(self.token(provider).encode(), token.encode("utf-8", "replace"))

    def address(self, public_url: str, provider: str) -> str:
        """Return the URL that a provider is to call."""
        return f"{public_url.rstrip('/')}/webhooks/{provider}/{self.token(provider)}"


def _draw(path: Path) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    try:
        # Whoever draws first at the same moment wins.
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
