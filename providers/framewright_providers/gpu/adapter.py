"""The gpu provider: a person's own models, each job in the process of one device.

Its work ends with this process, since its workers do: nothing is left running, and nothing is paid.
Devices that are free take jobs as they come, one that has the model loaded before others.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framewright.domain.job import ErrorCategory
from framewright.errors import as_storage_error
from framewright.isolation import Isolation
from framewright.protocols import Finished, ProviderFailure, SubmitError, Working
from framewright_providers.gpu import failures
from framewright_providers.gpu.devices import devices_here, options_in
from framewright_providers.gpu.installed import missing, worker_command, worker_environment
from framewright_providers.gpu.job import Job
from framewright_providers.gpu.supervisor import DeviceWorker, Patience
from framewright_providers.local.scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from framewright.domain.model_card import ModelCard
    from framewright.protocols import ProviderOutput, ProviderRequest, Status

Command = "Callable[[str], Sequence[str]]"
_NO_CARDS: Mapping[str, Any] = {}


@dataclass(slots=True)
class _Carried:
    """A job and who carries it."""

    job: Job
    status: Status = field(default_factory=lambda: Working(phase="waiting for the GPU"))
    news: asyncio.Event = field(default_factory=asyncio.Event)
    outputs: tuple[ProviderOutput, ...] = ()
    task: asyncio.Task[None] | None = None
    worker: DeviceWorker | None = None
    """Whose turn it is on."""
