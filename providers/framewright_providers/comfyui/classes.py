"""What is known of ComfyUI's node classes: which of their settings are inputs, and what they save.

Names and ranges as the server's own `/object_info` tells them (comfyui 0.0.1 and ComfyUI's source
of 2026); those of well-known extensions (VHS_…) from workflows that use them.
"""

from __future__ import annotations

import re
from typing import Any

from framewright.domain.media import MediaKind

TEXTS = ("text", "prompt", "text_g", "text_l", "clip_l", "clip_g", "t5xxl", "llama", "tags")
"""Settings of a node that encodes words; all of one node are given the same words."""
PLAIN_TEXTS = ("value", "string", "text", "text_0", "prompt")
"""Where a node that only holds words has them."""

MEDIA = {
    "LoadImage": ("image", MediaKind.IMAGE, "image"),
    "LoadImageOutput": ("image", MediaKind.IMAGE, "image"),
    "LoadImageMask": ("image", MediaKind.IMAGE, "mask"),
    "LoadVideo": ("file", MediaKind.VIDEO, "video"),
    "LoadAudio": ("audio", MediaKind.AUDIO, "audio"),
    "VHS_LoadVideo": ("video", MediaKind.VIDEO, "video"),
    "VHS_LoadVideoFFmpeg": ("video", MediaKind.VIDEO, "video"),
    "VHS_LoadAudioUpload": ("audio", MediaKind.AUDIO, "audio"),
}
"""Nodes that read a file: the setting that names it, what it is, and what its field is called."""

_SEED = {"type": "integer", "minimum": 0, "maximum": 2**53 - 1}
_SIDE = {"type": "integer", "minimum": 16, "maximum": 16_384}
_COUNT = {"type": "integer", "minimum": 1, "maximum": 4_096}
_STEPS = {"type": "integer", "minimum": 1, "maximum": 10_000}
_GUIDANCE = {"type": "number", "minimum": 0, "maximum": 100}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_RATE = {"type": "number", "minimum": 1, "maximum": 120}

_NUMBERS: tuple[tuple[re.Pattern[str], dict[str, tuple[str, dict[str, Any]]]], ...] = (
    (re.compile(r""), {"seed": ("seed", _SEED), "noise_seed": ("seed", _SEED)}),
    (
        re.compile(r"Sampler|Scheduler|Guider|Guidance"),
        {
            "steps": ("steps", _STEPS),
            "cfg": ("cfg", _GUIDANCE),
            "guidance": ("guidance", _GUIDANCE),
            "denoise": ("denoise", _SHARE),
        },
    ),
    (
        re.compile(r"^Empty|ImageToVideo$|ToVideo$"),
        {
            "width": ("width", _SIDE),
            "height": ("height", _SIDE),
            "batch_size": ("batch_size", _COUNT),
            "length": ("length", _COUNT),
            "seconds": ("seconds", {"type": "number", "minimum": 1, "maximum": 1_000}),
        },
    ),
    (
        re.compile(r"VideoCombine|^CreateVideo|^SaveWEBM|^SaveAnimated"),
        {"fps": ("fps", _RATE), "frame_rate": ("fps", _RATE)},
    ),
)
_CHOICES = {
    "ckpt_name": "checkpoint",
    "unet_name": "diffusion_model",
    "vae_name": "vae",
    "lora_name": "lora",
    "sampler_name": "sampler",
    "scheduler": "scheduler",
}
"""Settings that are one of a list, which only the server knows."""
_SAVERS = (
    (re.compile(r"VideoCombine|^Save.*(Video|WEBM)"), MediaKind.VIDEO),
    (re.compile(r"^Save.*(GLB|3D|Mesh)"), MediaKind.MODEL3D),
    (re.compile(r"^Save.*(Image|Animated)|^Image Save"), MediaKind.IMAGE),
    (re.compile(r"^Save.*Audio"), MediaKind.AUDIO),
)
"""What comes first counts where a workflow saves several kinds."""
_NOT_KEPT = re.compile(r"Websocket|Latent|Checkpoint")


def number(kind: str, setting: str) -> tuple[str, dict[str, Any]] | None:
    """Return what a number's field is called and its schema; None where it is no input."""
    for pattern, known in _NUMBERS:
        if setting in known and pattern.search(kind):
            name, schema = known[setting]
            return name, dict(schema)
    return None


def choice(setting: str) -> str | None:
    """Return what the field of a setting is called that is one of a server's list."""
    return _CHOICES.get(setting)


def saves(kind: str) -> MediaKind | None:
    """Return what files a node leaves at the server; None for one that leaves none to keep."""
    if _NOT_KEPT.search(kind):
        return None
    return next((made for pattern, made in _SAVERS if pattern.search(kind)), None)


def foremost(kinds: set[MediaKind]) -> MediaKind:
    """Return what a workflow makes that saves these kinds of files."""
    return next(made for _, made in _SAVERS if made in kinds)


def encodes_words(kind: str) -> bool:
    """Whether nodes of a class turn words into what a sampler is steered by."""
    return "TextEncode" in kind or "PromptEncode" in kind
