"""Adapters against the emulated vendors: one job from its submission to its files."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from emulator.world import Fault
from framewright.domain.media import MediaInfo, MediaKind
from framewright.protocols import MediaFile, ProviderRequest, Working

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framewright.protocols import Provider, ProviderOutput, Status

KEY = "sk-secret-0123456789abcdef"
"""The key that adapters are given; it must be found in nothing that is written."""


async def at_once(seconds: float) -> None:
    """A pause that takes no time; others have their turn."""
    del seconds
    await asyncio.sleep(0)


def request(model: str, inputs: dict[str, Any], *, task: str = "", submission: str = "job-1",
            seed: int = 7) -> ProviderRequest:  # fmt: skip
    """A job for an adapter."""
    return ProviderRequest(
        job=submission, key="run:step:1", model=model, task=task, inputs=inputs, seed=seed,
        correlation="turn-1", submission=submission,
    )  # fmt: skip


def media_input(folder: Path, body: bytes, name: str = "in.png") -> MediaFile:
    """A file as an input; what it is said to be has nothing to do with its bytes."""
    path = folder / name
    path.write_bytes(body)
    info = MediaInfo(kind=MediaKind.IMAGE, mime="image/png", container="png", bytes=len(body))
    return MediaFile(path, info, hashlib.sha256(body).hexdigest())


async def ended(provider: Provider, remote_id: str, most: int = 50) -> Status:
    """How a job ended; fails where it does not within so many questions."""
    for _ in range(most):
        status = await provider.poll(remote_id, 30)
        if not isinstance(status, Working):
            return status
    raise AssertionError(f"{remote_id} came to no end")


async def done(provider: Provider, asked: ProviderRequest, folder: Path) -> (
    tuple[Status, tuple[ProviderOutput, ...]]
):  # fmt: skip
    """Submit a job, wait for it, fetch it."""
    remote_id = await provider.submit(asked)
    status = await ended(provider, remote_id)
    return status, await provider.fetch(remote_id, folder)


@dataclass(frozen=True, slots=True)
class Case:
    """How a vendor is tried by the conformance suite."""

    name: str
    make: Callable[..., Provider]
    """Takes `key`, `url` and `pause`."""
    model: str
    inputs: dict[str, Any]
    path: str = ""
    """Where its API is below the server's address and the vendor's name."""
    task: str = "text-to-image"
    cancels: bool = True
    """Whether a job can be stopped once it was taken."""
    fetches: bool = True
    """Whether results are fetched from an address, and not part of an answer."""
    at_once: bool = False
    """Whether it is done with its answer, so that there is nothing to wait for."""
    without: frozenset[Fault] = frozenset()
    """Faults that this vendor's protocol does not have."""
    hints: bool = True
    """Whether its rate limit says how long to wait."""


def _replicate(**options: Any) -> Provider:
    from framewright_providers.replicate import ReplicateProvider

    return ReplicateProvider(**options)


def _comfyui(**options: Any) -> Provider:
    from comfy_workflows import portrait
    from framewright_providers.comfyui import ComfyuiProvider

    provider = ComfyuiProvider(**options)
    provider.read_cards({"comfyui/portrait": portrait()}.get)
    return provider


def _openai(**options: Any) -> Provider:
    from framewright_providers.openai import OpenAIProvider

    return OpenAIProvider(**options)


def _compatible(**options: Any) -> Provider:
    from framewright_providers.compatible import CompatibleProvider

    return CompatibleProvider(**options)


def _elevenlabs(**options: Any) -> Provider:
    from framewright_providers.elevenlabs import ElevenLabsProvider

    return ElevenLabsProvider(**options)


def _google(**options: Any) -> Provider:
    from framewright_providers.google import GoogleProvider

    return GoogleProvider(**options)


def _google_operations(**options: Any) -> Provider:
    from framewright_providers.google import GoogleProvider

    provider = GoogleProvider(**options)
    provider.configure({"video": "long-running"})
    return provider


def _stability(**options: Any) -> Provider:
    from framewright_providers.stability import StabilityProvider

    return StabilityProvider(**options)


def _fal(**options: Any) -> Provider:
    from framewright_providers.fal import FalProvider

    return FalProvider(**options)


def _runway(**options: Any) -> Provider:
    from framewright_providers.runway import RunwayProvider

    return RunwayProvider(**options)


def _luma(**options: Any) -> Provider:
    from framewright_providers.luma import LumaProvider

    return LumaProvider(**options)


CASES = (
    Case(
        "comfyui",
        _comfyui,
        "comfyui/portrait",
        {"prompt": "a red kite"},
        without=frozenset(
            {
                Fault.RATE_LIMIT,
                Fault.RATE_LIMIT_BARE,
                Fault.CAPACITY,
                Fault.BILLING,
                Fault.AUTHENTICATION,
                Fault.NOT_FOUND,
                Fault.POLICY,
            }
        ),
    ),
    Case(
        "replicate",
        _replicate,
        "replicate/black-forest-labs/flux-1.1-pro",
        {"prompt": "a red kite"},
        path="/v1",
    ),
    Case(
        "runway",
        _runway,
        "runway/gen4_image",
        {"promptText": "a red kite", "ratio": "1280:720"},
        without=frozenset({Fault.NOT_FOUND}),
        # It limits jobs by the day, and says so without a time.
        hints=False,
    ),
    Case(
        "openai",
        _openai,
        "openai/gpt-image-2",
        {"prompt": "a red kite", "size": "1024x1024"},
        path="/v1",
        cancels=False,
        fetches=False,
        at_once=True,
    ),
    Case(
        "openai-compatible",
        _compatible,
        "openai-compatible/Qwen/Qwen-Image",
        {"prompt": "a red kite"},
        path="/v1",
        cancels=False,
        at_once=True,
    ),
    Case(
        "elevenlabs",
        _elevenlabs,
        "elevenlabs/eleven_multilingual_v2",
        {"text": "Wake up slowly."},
        task="text-to-speech",
        cancels=False,
        fetches=False,
        at_once=True,
    ),
    Case(
        "google",
        _google,
        "google/gemini-3.1-flash-image",
        {"prompt": "a red kite"},
        cancels=False,
        fetches=False,
        at_once=True,
    ),
    Case(
        "google-interactions",
        _google,
        "google/veo-3.1-generate-preview",
        {"prompt": "a red kite"},
        task="text-to-video",
    ),
    Case(
        "google-operations",
        _google_operations,
        "google/veo-3.1-generate-preview",
        {"prompt": "a red kite"},
        task="text-to-video",
        cancels=False,
    ),
    Case(
        "luma",
        _luma,
        "luma/photon-1",
        {"prompt": "a red kite"},
        path="/dream-machine/v1",
        without=frozenset({Fault.NOT_FOUND}),
    ),
    Case(
        "stability",
        _stability,
        "stability/core",
        {"prompt": "a red kite"},
        cancels=False,
        fetches=False,
        at_once=True,
    ),
    Case(
        "stability-upscale",
        _stability,
        "stability/upscale/creative",
        {"prompt": "a red kite"},
        task="upscale",
        cancels=False,
        fetches=False,
    ),
    Case("fal", _fal, "fal/fal-ai/flux/dev", {"prompt": "a red kite"}),
)
