"""The built-in provider: a previz renderer that needs no network and no key."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framewright.protocols import Provider


def provider() -> Provider:
    """Return a new instance; nothing heavy is imported before its first job."""
    from framewright_providers.local.adapter import LocalProvider

    return LocalProvider()
