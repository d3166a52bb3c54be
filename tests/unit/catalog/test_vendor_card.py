"""What vendors publish becomes cards: media fields, limits, tasks, values in their own types."""

from __future__ import annotations

from typing import Any

import pytest

from framewright.catalog.catalog import build_catalog
from framewright.catalog.limits import media_limits
from framewright.catalog.ports import ports, properties
from framewright.catalog.vendor.card import vendor_card
from framewright.catalog.vendor.media_limits import written_limits
from framewright.catalog.vendor.text_limits import text_limits
from framewright.checks.rules import field_rules
from framewright.domain.media import MediaKind
from framewright.domain.model_card import ModelCard
from framewright.domain.plan import StepKind, Task
from framewright.errors import InputError
from vendor_schemas import BY_HAND, CLIP, EFFECTS, FACE, STILL, VOICE, Published, card_of, real

TASKS = {
    STILL: Task.TEXT_TO_IMAGE,
    CLIP: Task.IMAGE_TO_VIDEO,
    VOICE: Task.TEXT_TO_SPEECH,
    EFFECTS: Task.TEXT_TO_SOUND,
    FACE: Task.LIP_SYNC,
}


@pytest.mark.parametrize("published", BY_HAND, ids=lambda each: each.id)
def test_each_has_its_task_and_output(published: Published) -> None:
    card = card_of(published)
    assert (card.task, card.output, card.provider) == (
        TASKS[published],
        published.output,
        published.provider,
    )
    assert card.id == published.id


def test_media_fields_and_their_limits() -> None:
    card = card_of(CLIP)
    found = {port.field: (port.media, port.many, port.required) for port in ports(card)}
    assert found == {
        "image_url": (MediaKind.IMAGE, False, True),
        "tail_image_url": (MediaKind.IMAGE, False, False),
        "video_url": (MediaKind.VIDEO, False, False),
    }
    limits = media_limits(card)
    assert limits["image_url"].formats == ("jpeg", "png")
    assert limits["image_url"].max_bytes == 20_000_000
    assert limits["video_url"].formats == ("mp4", "mov")
    assert limits["video_url"].max_bytes == 200_000_000
    assert "tail_image_url" not in limits


@pytest.mark.parametrize(
    ("kind", "told", "formats", "most"),
    [
        ("image", "all image formats are supported except gif and webp", [], None),
        ("audio", "mp3 and ogg are not supported", [], None),
        ("image", "unsupported formats: gif, webp", [], None),
        ("image", "this field doesn't accept gif or webp", [], None),
        ("image", "supported: jpg, png, but not gif.", ["jpeg", "png"], None),
        ("image", "supports jpg and png (no gif or webp)", ["jpeg", "png"], None),
        ("image", "formats: jpg, png, gif. gif is not supported.", ["jpeg", "png"], None),
        ("image", "accepts jpg & png; webp and gif can't be used", ["jpeg", "png"], None),
        ("image", "not only jpg but also png are supported", ["jpeg", "png"], None),
        ("image", "the output format is png or webp", [], None),
        ("image", "jpg or png format. it is returned as webp or gif", ["jpeg", "png"], None),
        ("image", "jpg, png supported (output: webp, gif)", ["jpeg", "png"], None),
        ("image", "frame of the video: jpg or png formats", ["jpeg", "png"], None),
        ("audio", "formats for video are mp4 and webm", [], None),
        ("image", "must be png", ["png"], None),
        ("video", "audio in mp3 limit 5mb", [], None),
        ("video", "audio in mp3, limit 5mb", [], None),
        ("video", "only mp4/mov, max 200mb. audio limit 5mb", ["mp4", "mov"], 200_000_000),
        ("image", "max 10mb for images, max 100mb for videos", [], 10_000_000),
        ("video", "max 10mb for images, max 100mb for videos", [], 100_000_000),
        ("image", "images up to 2mb are free; max 20mb", [], 20_000_000),
        ("image", "images up to 2mb are free", [], None),
        ("image", "up to 5mb recommended, 10mb max", [], 10_000_000),
        ("image", "max 5mb in a request, max 8 mb by url", [], 8_000_000),
        ("image", "must not exceed 5 mb", [], 5_000_000),
        ("image", "max. 20 mb. jpg and png only", ["jpeg", "png"], 20_000_000),
        ("image", "there is no max 5mb any more", [], None),
    ],
)
def test_what_is_denied_or_said_of_other_files_sets_no_limit(
    kind: str, told: str, formats: list[str], most: int | None
) -> None:
    found = written_limits(MediaKind(kind), told)
    assert (found.get("x-formats", []), found.get("x-max-bytes")) == (formats, most)


@pytest.mark.parametrize(
    ("kind", "told", "seconds"),
    [
        ("audio", "duration: 2-30s. max 15 mb.", (2, 30)),
        ("audio", "audio file (wav/mp3, 3-30s, \u226415mb) for music", (3, 30)),
        ("video", "only .mp4/.mov formats, 3-15s duration, max 200mb.", (3, 15)),
        ("video", "between 2 to 10.5 seconds", (2, 10.5)),
        ("image", "the video, 3-15s", None),
        ("video", "the result lasts 5-10s", None),
        ("video", "best with 3-15s", None),
        ("video", "with audio of 3-15s", None),
        ("video", "15-3s", None),
        ("video", "from 0-5 steps", None),
    ],
)
def test_lengths_that_are_written(
    kind: str, told: str, seconds: tuple[float, float] | None
) -> None:
    found = written_limits(MediaKind(kind), told)
    got = (found.get("x-min-seconds"), found.get("x-max-seconds"))
    assert got == (seconds or (None, None))


@pytest.mark.parametrize(
    ("told", "limits"),
    [
        ("Text prompt. Max 5000 characters.", {"maxLength": 5000}),
        ("Lyrics of the song. 10-3,000 characters.", {"minLength": 10, "maxLength": 3000}),
        ("Supports up to 1024 UTF-8 characters", {"maxLength": 1024}),
        ("Maximum length is 500 characters; up to 800 characters", {"maxLength": 800}),
        ("at most 200 chars", {"maxLength": 200}),
        ("up to 40 characters per line", {}),
        ("We recommend at most 300 characters", {}),
        ("Up to 3 characters can speak", {}),
        ("max 5 files", {}),
    ],
)
def test_lengths_of_texts_that_are_written(told: str, limits: dict[str, int]) -> None:
    assert text_limits({"type": "string", "description": told}) == limits
    assert text_limits({"type": "integer", "description": told}) == {}
    assert text_limits({"type": "string", "maxLength": 9, "description": told}) == {}


def test_values_are_in_the_words_of_our_checks() -> None:
    fields = properties(card_of(CLIP))
    size = fields["image_size"]["anyOf"][0]["properties"]
    assert size["width"]["exclusiveMinimum"] == 0
    assert fields["style"]["properties"]["rate"]["default"] == 44100
    still = properties(card_of(STILL))
    assert still["aspect_ratio"] == {
        "enum": ["1:1", "16:9", "9:16", "21:9"],
        "type": "string",
        "default": "1:1",
        "description": "Shape",
    }
    assert still["seed"] == {"type": "integer"}


def test_what_is_no_media_stays_a_text() -> None:
    fields = properties(card_of(VOICE))
    assert fields["pdf_url"] == {"type": "string", "description": "A PDF."}
    assert fields["tracks"] == {"type": "array", "items": {}}


@pytest.mark.parametrize(
    ("name", "described", "kind"),
    [
        ("image_list", {"format": "uri", "description": "Image list (.zip file)"}, None),
        ("image_urls", {"description": "A comma-separated list of input urls"}, None),
        ("lora_url", {"format": "uri"}, None),
        ("webhook_url", {"format": "uri"}, None),
        (
            "input_file",
            {"format": "uri", "description": "The audio file to clean"},
            MediaKind.AUDIO,
        ),
        ("source", {"x-media": "video"}, MediaKind.VIDEO),
        ("mesh_url", {}, MediaKind.MODEL3D),
        ("garm_img", {"format": "uri"}, MediaKind.IMAGE),
        ("callback", {"format": "uri", "description": "Gets the video"}, None),
        ("image", {"description": "words about an image"}, None),
    ],
)
def test_which_fields_take_media(
    name: str, described: dict[str, str], kind: MediaKind | None
) -> None:
    fields = {"prompt": {"type": "string"}, name: {"type": "string", **described}}
    card = vendor_card({"type": "object", "properties": fields}, "x", "y", MediaKind.TEXT)
    assert [port.media for port in ports(card)] == ([] if kind is None else [kind])


@pytest.mark.parametrize(
    ("model", "about", "fields", "task"),
    [
        ("a/enlarge-upscaler", "", {"image_url": "uri", "prompt": ""}, Task.UPSCALE),
        ("ffmpeg-api/images-to-video", "", {"fps": "number"}, None),
        ("a/sfx", "Foley from words", {"text": ""}, Task.TEXT_TO_SOUND),
        ("a/clone", "Voice cloning", {"gen_text": "", "ref_audio_url": "uri"}, Task.TEXT_TO_SPEECH),
        ("a/denoise", "Cleans speech", {"audio_url": "uri"}, None),
        ("a/songs", "Music with lyrics", {"text": ""}, Task.TEXT_TO_SPEECH),
        ("a/tune", "", {"prompt": ""}, Task.TEXT_TO_MUSIC),
    ],
)
def test_tasks(model: str, about: str, fields: dict[str, str], task: Task | None) -> None:
    made = {"upscaler": MediaKind.IMAGE, "video": MediaKind.VIDEO}
    output = next((kind for word, kind in made.items() if model.endswith(word)), MediaKind.AUDIO)
    described = {
        name: {"type": "number"}
        if mark == "number"
        else {"type": "string", **({"format": mark} if mark else {})}
        for name, mark in fields.items()
    }
    needed = [name for name, mark in fields.items() if mark == "uri"]
    document = {"type": "object", "properties": described, "required": needed, "description": about}
    card = vendor_card(document, "x", model, output)
    assert build_catalog([card]).cards[card.id].task is task


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"b": {"x-order": 1}, "c": {}, "a": {"x-order": 0}}},
        {
            "properties": {"b": {"x-order": 0}, "c": {}, "a": {}},
            "x-fal-order-properties": ["a", "b", 3],
        },
        {"properties": {"a": {"x-order": 0}, "b": {"x-order": 1}, "c": {"x-order": "x"}}},
    ],
)
def test_fields_stand_as_their_vendor_shows_them(schema: dict[str, Any]) -> None:
    card = vendor_card({"type": "object", **schema}, "x", "y", MediaKind.IMAGE)
    assert list(properties(card)) == ["a", "b", "c"]


def test_what_a_vendor_says_of_every_model_describes_none() -> None:
    fields = {"type": "object", "properties": {"prompt": {"type": "string"}}}

    def described(words: str) -> str:
        return vendor_card({**fields, "description": words}, "x", "y", MediaKind.TEXT).description

    assert described("The OpenAPI schema for the fal-ai/a/b queue.") == ""
    assert described("The OpenAPI schema of things") == "The OpenAPI schema of things"


def test_a_task_that_is_null_is_none_of_ours() -> None:
    bare = {"id": "x/y", "kind": "image", "output": "image", "inputs_schema": {}}
    cards = [ModelCard.model_validate({**bare, **more}) for more in ({}, {"task": None})]
    found = [build_catalog([card]).cards["x/y"].task for card in cards]
    assert found == [Task.TEXT_TO_IMAGE, None]


def test_utilities_go_before_models_that_do_the_same() -> None:
    def one(name: str, kind: str) -> ModelCard:
        entry = {"id": name, "kind": kind, "output": "image", "inputs_schema": {}}
        return ModelCard.model_validate({**entry, "task": "extract-frame"})

    far, here = one("far/extract-frame", "image"), one("here/extract-frame", "utility")
    assert build_catalog([far, here]).utilities(Task.EXTRACT_FRAME) == (
        build_catalog([here]).cards[here.id],
    )
    assert [card.id for card in build_catalog([far]).utilities(Task.EXTRACT_FRAME)] == [far.id]


def test_an_output_nobody_names_has_to_be_said() -> None:
    with pytest.raises(InputError, match="which kind of media"):
        vendor_card(STILL.document, "replicate", "painter/still-1")
    assert vendor_card(STILL.document, "r", "s", MediaKind.VIDEO).kind is StepKind.VIDEO


@pytest.mark.parametrize(
    ("provider", "model"),
    [("", "m"), ("../x", "m"), ("Fal", "m"), ("p", ""), ("p", "../m"), ("p", "a//b"), ("p", "ä")],
)
def test_names_that_would_lead_elsewhere(provider: str, model: str) -> None:
    with pytest.raises(InputError, match="no name of a"):
        vendor_card(EFFECTS.document, provider, model)


@pytest.mark.skipif(not real(), reason="the vendors' real schemas are not here")
def test_every_real_schema_with_inputs_is_read() -> None:
    refused = []
    for published in real():
        try:
            card = card_of(published)
        except InputError:
            refused.append(published.id)
            continue
        for rule in field_rules(card).values():
            assert rule.validator is not None
    assert refused == ["fal/fal-ai/kling-video/v2.5-turbo/pro/image-to-video"]
