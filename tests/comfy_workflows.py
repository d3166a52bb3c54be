"""Workflows of ComfyUI in API format, as its editor exports them, for tests."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from framewright.domain.model_card import ModelCard

TEXT_TO_IMAGE: dict[str, Any] = {
    "3": {
        "inputs": {
            "seed": 156680208700286,
            "steps": 20,
            "cfg": 8,
            "sampler_name": "euler",
            "scheduler": "normal",
            "denoise": 1,
            "model": ["4", 0],
            "positive": ["6", 0],
            "negative": ["7", 0],
            "latent_image": ["5", 0],
        },
        "class_type": "KSampler",
        "_meta": {"title": "KSampler"},
    },
    "4": {
        "inputs": {"ckpt_name": "a.safetensors"},
        "class_type": "CheckpointLoaderSimple",
        "_meta": {"title": "Load Checkpoint"},
    },
    "5": {
        "inputs": {"width": 512, "height": 512, "batch_size": 1},
        "class_type": "EmptyLatentImage",
        "_meta": {"title": "Empty Latent Image"},
    },
    "6": {
        "inputs": {"text": "beautiful scenery", "clip": ["4", 1]},
        "class_type": "CLIPTextEncode",
        "_meta": {"title": "CLIP Text Encode (Prompt)"},
    },
    "7": {
        "inputs": {"text": "text, watermark", "clip": ["4", 1]},
        "class_type": "CLIPTextEncode",
        "_meta": {"title": "CLIP Text Encode (Prompt)"},
    },
    "8": {
        "inputs": {"samples": ["3", 0], "vae": ["4", 2]},
        "class_type": "VAEDecode",
        "_meta": {"title": "VAE Decode"},
    },
    "9": {
        "inputs": {"filename_prefix": "ComfyUI", "images": ["8", 0]},
        "class_type": "SaveImage",
        "_meta": {"title": "Save Image"},
    },
}
"""The workflow that ComfyUI opens with."""

FRAMED: dict[str, Any] = {
    "1": {"inputs": {"image": "in.png"}, "class_type": "LoadImage", "_meta": {"title": "Sky"}},
    "2": {"inputs": {"image": ["1", 0]}, "class_type": "ImageInvert"},
    "3": {"inputs": {"images": ["2", 0], "filename_prefix": "f"}, "class_type": "SaveImage"},
}
"""A picture made into another with no model at all."""


def text_to_image(**changes: Any) -> dict[str, Any]:
    """The usual workflow with nodes added, or left out where they are None."""
    graph = copy.deepcopy(TEXT_TO_IMAGE)
    for name, node in changes.items():
        graph[name.removeprefix("n")] = node
    return {name: node for name, node in graph.items() if node is not None}


def portrait() -> ModelCard:
    """The card of the usual workflow."""
    from framewright_providers.comfyui.card import workflow_card

    return workflow_card("portrait", TEXT_TO_IMAGE)
