"""Folders of models in the form of diffusers: the descriptions are real, the weights are empty."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

STILLS: dict[str, Any] = {
    "_class_name": "StableDiffusionPipeline",
    "_diffusers_version": "0.42.1",
    "feature_extractor": [None, None],
    "requires_safety_checker": False,
    "safety_checker": [None, None],
    "scheduler": ["diffusers", "PNDMScheduler"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
}
CLIPS: dict[str, Any] = {
    "_class_name": "StableVideoDiffusionPipeline",
    "image_encoder": ["transformers", "CLIPVisionModelWithProjection"],
    "scheduler": ["diffusers", "EulerDiscreteScheduler"],
    "unet": ["diffusers", "UNetSpatioTemporalConditionModel"],
    "vae": ["diffusers", "AutoencoderKLTemporalDecoder"],
}
CONFIGS: dict[str, Any] = {
    "unet": {"sample_size": 64},
    "vae": {"block_out_channels": [128, 256, 512, 512]},
}


def model_folder(folder: Path, index: dict[str, Any] = STILLS, suffix: str = "safetensors") -> Path:
    """Write a model into a folder and return it."""
    for part, where in index.items():
        if isinstance(where, list) and where[0] is not None:
            (folder / part).mkdir(parents=True, exist_ok=True)
            (folder / part / f"model.{suffix}").touch()
            if part in CONFIGS:
                (folder / part / "config.json").write_text(json.dumps(CONFIGS[part]), "utf-8")
    (folder / "model_index.json").write_text(json.dumps(index), "utf-8")
    return folder
