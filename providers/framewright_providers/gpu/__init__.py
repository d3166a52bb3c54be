"""A person's own models on this machine's GPU: a supervised process for each device."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framewright.protocols import Provider


def provider() -> Provider:
    """Return a new instance; nothing heavy is imported, and no process is started, before a job."""
    from framewright_providers.gpu.adapter import GpuProvider

    return GpuProvider()
