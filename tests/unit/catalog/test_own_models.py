"""What a model of a person's own takes, told from its description alone."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from framewright.catalog.limits import media_limits
from framewright.catalog.own.card import own_card
from framewright.catalog.own.described import described
from framewright.catalog.own.families import Mode, family_of
from framewright.catalog.ports import ports
from framewright.catalog.task import infer_task
from framewright.domain.media import MediaKind
from framewright.domain.plan import StepKind, Task
from framewright.errors import InputError
from own_model_folders import CLIPS, CONFIGS, STILLS

TEXT = frozenset({"unet", "vae", "tokenizer"})
FLOW = frozenset({"transformer", "vae", "tokenizer_2"})


@pytest.mark.parametrize(
    ("pipeline", "parts", "mode"),
    [
        ("StableDiffusionPipeline", TEXT, Mode.TEXT_TO_IMAGE),
        ("StableDiffusionXLPipeline", TEXT, Mode.TEXT_TO_IMAGE),
        ("FluxPipeline", FLOW, Mode.TEXT_TO_IMAGE),
        ("QwenImagePipeline", FLOW, Mode.TEXT_TO_IMAGE),
        ("StableDiffusionXLImg2ImgPipeline", TEXT, Mode.IMAGE_TO_IMAGE),
        ("StableDiffusionInstructPix2PixPipeline", TEXT, Mode.IMAGE_TO_IMAGE),
        ("FluxKontextPipeline", FLOW, Mode.IMAGE_TO_IMAGE),
        ("QwenImageEditPlusPipeline", FLOW, Mode.IMAGE_TO_IMAGE),
        ("StableDiffusionInpaintPipeline", TEXT, Mode.INPAINT),
        ("FluxFillPipeline", FLOW, Mode.INPAINT),
        ("StableDiffusionUpscalePipeline", TEXT, Mode.UPSCALE),
        ("StableDiffusionLatentUpscalePipeline", TEXT, Mode.UPSCALE),
        ("StableVideoDiffusionPipeline", frozenset({"unet", "vae"}), Mode.IMAGE_TO_VIDEO),
        ("WanImageToVideoPipeline", FLOW, Mode.IMAGE_TO_VIDEO),
        ("LTXImageToVideoPipeline", FLOW, Mode.IMAGE_TO_VIDEO),
        ("WanPipeline", FLOW, Mode.TEXT_TO_VIDEO),
        ("HunyuanVideoPipeline", FLOW, Mode.TEXT_TO_VIDEO),
        ("StableDiffusionControlNetPipeline", TEXT, None),
        ("StableAudioPipeline", FLOW, None),
        ("WanVideoToVideoPipeline", FLOW, None),
        ("DDPMPipeline", frozenset({"unet", "scheduler"}), None),
    ],
)
def test_a_pipelines_name_tells_what_it_does(
    pipeline: str, parts: frozenset[str], mode: Mode | None
) -> None:
    family = family_of(pipeline, parts)
    assert (family and family.mode) is mode


def test_the_size_it_was_made_for_stands_in_its_parts() -> None:
    assert (made := described(STILLS, CONFIGS, "it")).width == made.height == 512
    wide = {**CONFIGS, "unet": {"sample_size": [32, 64]}}
    assert (described(STILLS, wide, "it").width, described(STILLS, wide, "it").height) == (512, 256)
    assert described(STILLS, {}, "it").width == 1024
    assert described(CLIPS, CONFIGS, "it").width == 1024
    assert described(STILLS, {"unet": {"sample_size": 10**9}}, "it").width == 2048
    for odd in (True, 0, -4, "64", [64], None, [64, None]):
        assert described(STILLS, {"unet": {"sample_size": odd}}, "it").width == 1024


@pytest.mark.parametrize(
    ("mode", "media", "required"),
    [
        (Mode.TEXT_TO_IMAGE, [], ["prompt"]),
        (Mode.IMAGE_TO_IMAGE, ["image"], ["prompt", "image"]),
        (Mode.INPAINT, ["image", "mask"], ["prompt", "image", "mask"]),
    ],
)
def test_one_model_has_a_card_for_each_thing_it_does(
    mode: Mode, media: list[str], required: list[str]
) -> None:
    card = own_card(described(STILLS, CONFIGS, "it"), mode, "mine", "/models/it")
    assert (card.id, card.provider, card.kind) == ("gpu/mine", "gpu", StepKind.IMAGE)
    assert card.weights == "/models/it"
    assert [port.field for port in ports(card)] == media
    assert card.inputs_schema["required"] == required
    assert all(limits.max_pixels == 512 * 512 for limits in media_limits(card).values())
    assert infer_task(card) is card.task or mode is Mode.INPAINT
    jsonschema.Draft202012Validator.check_schema(card.inputs_schema)


def test_a_card_of_clips_knows_how_long_they_may_be() -> None:
    card = own_card(described(CLIPS, CONFIGS, "it"), Mode.IMAGE_TO_VIDEO, "mine", "/m")
    assert (card.task, card.output) == (Task.IMAGE_TO_VIDEO, MediaKind.VIDEO)
    fields = card.inputs_schema["properties"]
    assert "prompt" not in fields
    assert fields["duration"]["maximum"] == 25 / 7
    assert fields["duration"]["default"] <= fields["duration"]["maximum"]
    assert card.limits["most_frames"] == 25


@pytest.mark.parametrize(
    "index",
    [
        [],
        {},
        {"_class_name": 3},
        {"_class_name": "../x"},
        {"_class_name": ["pipeline", "Mine"]},
        {**STILLS, "unet": ["../evil", "Model"]},
        {**STILLS, "unet": [["a"], "Model"]},
        {**STILLS, "_class_name": "StableDiffusionControlNetPipeline"},
        {"_class_name": "DDPMPipeline", "unet": ["diffusers", "UNet2DModel"]},
    ],
)
def test_what_is_no_model_of_ours_is_refused(index: Any) -> None:
    with pytest.raises(InputError) as raised:
        described(index, {}, "it")
    assert raised.value.action
