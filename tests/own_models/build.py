"""Builds tiny models with random weights: real classes of diffusers, real files, no meaning.

A program for the Python that has torch: `build.py FOLDER`. Each model is a few hundred kilobytes.
"""
# ruff: noqa: T201 - a program of its own, which prints

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import torch
import transformers
from diffusers import (
    AutoencoderKL,
    AutoencoderKLTemporalDecoder,
    DDIMScheduler,
    DDPMScheduler,
    EulerDiscreteScheduler,
    StableDiffusionPipeline,
    StableDiffusionUpscalePipeline,
    StableVideoDiffusionPipeline,
    UNet2DConditionModel,
    UNetSpatioTemporalConditionModel,
)

WORDS = 77
"""How many tokens a prompt is read as."""


def tokenizer(folder: Path) -> Any:
    """Return one that knows single letters."""
    letters = [chr(code) for code in range(33, 127)]
    tokens = [*letters, *(f"{each}</w>" for each in letters), "<|startoftext|>", "<|endoftext|>"]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps(vocabulary), "utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n", "utf-8")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "CLIPTokenizer", "model_max_length": WORDS}), "utf-8"
    )
    return transformers.CLIPTokenizer.from_pretrained(folder)


def text_encoder(tokens: int) -> Any:
    """Return one of two layers."""
    config = transformers.CLIPTextConfig(
        vocab_size=tokens,
        hidden_size=32,
        intermediate_size=37,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=WORDS,
        projection_dim=32,
        bos_token_id=tokens - 2,
        eos_token_id=tokens - 1,
        pad_token_id=1,
    )
    return transformers.CLIPTextModel(config)


def vae(channels: tuple[int, ...] = (32, 64)) -> Any:
    """Return one that halves the sides once for each block but the last."""
    return AutoencoderKL(
        block_out_channels=channels,
        down_block_types=("DownEncoderBlock2D",) * len(channels),
        up_block_types=("UpDecoderBlock2D",) * len(channels),
        latent_channels=4,
    )


def unet(channels: int = 4, labels: int | None = None) -> Any:
    """Return one of two blocks."""
    return UNet2DConditionModel(
        block_out_channels=(32, 64),
        layers_per_block=1,
        sample_size=32,
        in_channels=channels,
        out_channels=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=32,
        attention_head_dim=8,
        class_embed_type=None,
        num_class_embeds=labels,
    )


def stills(folder: Path, seed: int) -> None:
    """Save a text-to-image model."""
    torch.manual_seed(seed)
    reads = tokenizer(folder / "tokenizer")
    StableDiffusionPipeline(
        vae=vae(),
        text_encoder=text_encoder(len(reads)),
        tokenizer=reads,
        unet=unet(),
        scheduler=DDIMScheduler(clip_sample=False, set_alpha_to_one=False),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(folder, safe_serialization=True)


def upscaler(folder: Path) -> None:
    """Save a model that enlarges four times."""
    torch.manual_seed(3)
    reads = tokenizer(folder / "tokenizer")
    StableDiffusionUpscalePipeline(
        vae=vae((32, 32, 64)),
        text_encoder=text_encoder(len(reads)),
        tokenizer=reads,
        unet=unet(channels=7, labels=1000),
        low_res_scheduler=DDPMScheduler(),
        scheduler=DDIMScheduler(prediction_type="v_prediction"),
        max_noise_level=350,
    ).save_pretrained(folder, safe_serialization=True)


def clips(folder: Path) -> None:
    """Save an image-to-video model."""
    torch.manual_seed(4)
    seen = transformers.CLIPVisionConfig(
        hidden_size=32,
        projection_dim=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        # The pipeline makes every picture that size.
        image_size=224,
        intermediate_size=37,
        patch_size=32,
    )
    StableVideoDiffusionPipeline(
        vae=AutoencoderKLTemporalDecoder(
            block_out_channels=(32, 64),
            down_block_types=("DownEncoderBlock2D",) * 2,
            latent_channels=4,
        ),
        image_encoder=transformers.CLIPVisionModelWithProjection(seen),
        unet=UNetSpatioTemporalConditionModel(
            block_out_channels=(32, 64),
            layers_per_block=1,
            sample_size=32,
            in_channels=8,
            out_channels=4,
            down_block_types=(
                "CrossAttnDownBlockSpatioTemporal",
                "DownBlockSpatioTemporal",
            ),
            up_block_types=("UpBlockSpatioTemporal", "CrossAttnUpBlockSpatioTemporal"),
            cross_attention_dim=32,
            num_attention_heads=8,
            projection_class_embeddings_input_dim=96,
            addition_time_embed_dim=32,
            num_frames=25,
        ),
        scheduler=EulerDiscreteScheduler(
            prediction_type="v_prediction",
            timestep_type="continuous",
            use_karras_sigmas=True,
            sigma_min=0.002,
            sigma_max=700.0,
        ),
        feature_extractor=transformers.CLIPImageProcessor(
            crop_size=224, size={"shortest_edge": 224}
        ),
    ).save_pretrained(folder, safe_serialization=True)


def main() -> None:
    """Build all into the folder that is named."""
    folder = Path(sys.argv[1])
    stills(folder / "stills", 1)
    stills(folder / "others", 2)
    upscaler(folder / "upscaler")
    clips(folder / "clips")
    print("built")


if __name__ == "__main__":
    main()
