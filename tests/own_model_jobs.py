"""A gpu provider with a pretended worker, and jobs for it."""

from __future__ import annotations

import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framewright.catalog.own.card import own_card
from framewright.catalog.own.described import described
from framewright.catalog.own.families import Mode
from framewright.media.probe import probe
from framewright.protocols import MediaFile, ProviderRequest, Working
from framewright_providers.gpu.adapter import GpuProvider
from framewright_providers.gpu.devices import Options
from framewright_providers.gpu.supervisor import Patience
from own_model_folders import CLIPS, CONFIGS, STILLS, model_folder

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from framewright.domain.model_card import ModelCard
    from framewright.protocols import Status

WORKER = Path(__file__).with_name("fake_gpu_worker.py")
PATIENT = Patience(start=60, load=60, step=60, stop=60)
"""Waits for a busy machine; tests of impatience change one of these."""
UPSCALER = {**STILLS, "_class_name": "StableDiffusionUpscalePipeline"}


def cards(folder: Path) -> dict[str, ModelCard]:
    """Return cards of models whose folders are made there."""
    made: list[ModelCard] = []
    for name, index, mode in (
        ("stills", STILLS, Mode.TEXT_TO_IMAGE),
        ("other", STILLS, Mode.TEXT_TO_IMAGE),
        ("edit", STILLS, Mode.IMAGE_TO_IMAGE),
        ("inpaint", STILLS, Mode.INPAINT),
        ("upscaler", UPSCALER, Mode.UPSCALE),
        ("clips", CLIPS, Mode.IMAGE_TO_VIDEO),
    ):
        place = model_folder(folder / name, index)
        made.append(own_card(described(index, CONFIGS, name), mode, name, str(place)))
    return {card.id: card for card in made}


@asynccontextmanager
async def provider(
    folder: Path, patience: Patience = PATIENT, devices: int = 1, manner: str = ""
) -> AsyncGenerator[GpuProvider]:
    """Give a provider whose workers are pretended and leave their ids in the folder `pids`."""
    pids = folder / "pids"
    pids.mkdir(exist_ok=True)
    names = tuple(f"cuda:{number}" for number in range(devices))
    command = (sys.executable, str(WORKER), str(pids), manner)
    made = GpuProvider(Options(devices=names), lambda _: command, patience)
    made.read_cards(cards(folder / "models").get)
    try:
        yield made
    finally:
        await made.close()


def request(job: str, model: str = "gpu/stills", seed: int = 1, **inputs: Any) -> ProviderRequest:
    """Return a submission."""
    return ProviderRequest(job, job, model, "", inputs, seed)


def media(path: Path) -> MediaFile:
    """Return a file as a job is given it."""
    return MediaFile(path, probe(path), "0" * 64)


async def ended(provider: GpuProvider, job: str) -> Status:
    """Return how a job ended."""
    while isinstance(status := await provider.poll(job, 30), Working):
        pass
    return status


async def until(provider: GpuProvider, job: str, phase: str) -> None:
    """Return once a job is in a phase."""
    while not (
        isinstance(status := await provider.poll(job, 30), Working) and phase in status.phase
    ):
        assert isinstance(status, Working), status


def workers(folder: Path) -> list[int]:
    """Return the process ids of the pretended workers that there ever were."""
    return [int(each.stem) for each in (folder / "pids").glob("*.pid")]
