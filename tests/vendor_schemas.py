"""What vendors publish about their models: samples by hand in their shapes, and the real ones.

The real ones are not part of this project: `FRAMEWRIGHT_SCHEMAS` names the folder, else
`shared/data/schemas` is looked for beside and above the project.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framewright.catalog.catalog import build_catalog
from framewright.catalog.vendor.card import vendor_card
from framewright.domain.media import MediaKind
from framewright.errors import InputError

if TYPE_CHECKING:
    from framewright.domain.model_card import ModelCard


@dataclass(frozen=True, eq=False)
class Published:
    """One model as its vendor publishes it."""

    provider: str
    model: str
    document: Any
    output: MediaKind
    """What it makes, where its schema does not say."""

    @property
    def id(self) -> str:
        return f"{self.provider}/{self.model}"


def card_of(published: Published) -> ModelCard:
    """Return the card as a catalog holds it; raises `InputError`."""
    names = (published.document, published.provider, published.model)
    try:
        card = vendor_card(*names)
    except InputError:
        card = vendor_card(*names, published.output)
    return build_catalog([card]).cards[card.id]


def folder() -> Path | None:
    """Return where the real schemas lie, or None."""
    if named := os.environ.get("FRAMEWRIGHT_SCHEMAS"):
        return Path(named)
    for parent in Path(__file__).resolve().parents[1:]:
        found = parent / "shared" / "data" / "schemas"
        if found.is_dir() and any(found.glob("*.json")):
            return found
    return None


@cache
def real() -> tuple[Published, ...]:
    """Return the real models; none where the data is not there."""
    place = folder()
    if place is None:
        return ()
    found = []
    for file in sorted(place.glob("*.json")):
        document = json.loads(file.read_text("utf-8"))
        made = _made(document.get("media", [""])[0])
        found.append(Published(document["provider"], document["model"], document, made))
    return tuple(found)


def _made(label: str) -> MediaKind:
    word = label.split("->")[-1]
    for kind, names in (
        (MediaKind.VIDEO, ("video",)),
        (MediaKind.MODEL3D, ("3D",)),
        (MediaKind.AUDIO, ("audio", "speech", "music", "sfx")),
    ):
        if any(name in word for name in names):
            return kind
    return MediaKind.IMAGE


def _replicate(fields: dict[str, Any], required: list[str], output: Any, **shared: Any) -> Any:
    schemas = {
        "Input": {"type": "object", "title": "Input", "required": required, "properties": fields},
        "Output": output,
        **shared,
    }
    return {
        "latest_version": {
            "openapi_schema": {"openapi": "3.0.2", "components": {"schemas": schemas}}
        }
    }


def _fal(name: str, fields: dict[str, Any], required: list[str], output: Any, **shared: Any) -> Any:
    def body(of: str) -> Any:
        return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{of}"}}}}

    schemas = {
        "QueueStatus": {"type": "object", "properties": {"status": {"type": "string"}}},
        **shared,
        "TakesInput": {"type": "object", "properties": fields, "required": required},
        "GivesOutput": {"type": "object", "properties": output},
        "File": {"type": "object", "properties": {"url": {"type": "string"}}, "required": ["url"]},
    }
    return {
        "openapi": "3.0.4",
        "info": {"title": f"Queue OpenAPI for {name}", "description": f"The queue of {name}."},
        "components": {"schemas": schemas},
        "paths": {
            f"/{name}/requests/{{request_id}}/status": {
                "get": {"responses": {"200": body("QueueStatus")}}
            },
            f"/{name}": {"post": {"requestBody": body("TakesInput")}},
            f"/{name}/requests/{{request_id}}": {
                "get": {"responses": {"200": body("GivesOutput")}}
            },
        },
    }


STILL = Published(
    "replicate",
    "painter/still-1",
    _replicate(
        {
            "prompt": {"type": "string", "title": "Prompt", "x-order": 0, "description": "Words"},
            "image": {
                "type": "string",
                "format": "uri",
                "nullable": True,
                "description": "Begin here",
            },
            "aspect_ratio": {
                "allOf": [{"$ref": "#/components/schemas/aspect_ratio"}],
                "default": "1:1",
                "description": "Shape",
            },
            "num_outputs": {"type": "integer", "default": 1, "minimum": 1, "maximum": 4},
            "prompt_strength": {"type": "number", "default": 0.8, "minimum": 0, "maximum": 1},
            "go_fast": {"type": "boolean", "default": True},
            "output_format": {"$ref": "#/components/schemas/output_format"},
            "seed": {"type": "integer", "nullable": True},
        },
        ["prompt"],
        {"type": "array", "items": {"type": "string", "format": "uri"}},
        aspect_ratio={
            "enum": ["1:1", "16:9", "9:16", "21:9"],
            "type": "string",
            "title": "aspect_ratio",
        },
        output_format={"enum": ["webp", "jpg", "png"], "type": "string"},
    ),
    MediaKind.IMAGE,
)
CLIP = Published(
    "fal",
    "studio-ai/clip/v2/image-to-video",
    _fal(
        "studio-ai/clip/v2/image-to-video",
        {
            "prompt": {"type": "string", "minLength": 1, "maxLength": 2500},
            "image_url": {
                "type": "string",
                "x-media": True,
                "description": "URL of the first frame. Formats: JPEG, JPG, PNG. Max 20 MB.",
            },
            "tail_image_url": {"anyOf": [{"type": "string", "format": "uri"}, {"type": "null"}]},
            "video_url": {
                "type": "string",
                "description": "Only .mp4/.mov formats, 3-15s duration, max 200MB.",
            },
            "duration": {"type": "string", "enum": ["5", "10"], "default": "5"},
            "image_size": {
                "anyOf": [
                    {"$ref": "#/components/schemas/ImageSize"},
                    {
                        "type": "string",
                        "enum": ["square_hd", "square", "portrait_4_3", "landscape_16_9"],
                    },
                ],
                "default": "landscape_16_9",
            },
            "cfg_scale": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
            "style": {
                "type": "object",
                "properties": {"rate": {"enum": [16000, 44100], "default": "44100"}},
            },
        },
        ["prompt", "image_url"],
        {
            "video": {"$ref": "#/components/schemas/File"},
            "thumbnail": {"$ref": "#/components/schemas/File"},
        },
        ImageSize={
            "type": "object",
            "properties": {
                "width": {
                    "type": "integer",
                    "exclusiveMinimum": True,
                    "minimum": 0,
                    "maximum": 14142,
                },
                "height": {"type": "integer", "exclusiveMinimum": 0, "maximum": 14142},
            },
        },
        NestedInput={"type": "object", "properties": {"wrong": {"type": "string"}}},
    ),
    MediaKind.VIDEO,
)
VOICE = Published(
    "fal",
    "studio-ai/v5-tts",
    {
        "input_schema": {
            "$ref": "#/$defs/VoiceInput",
            "$defs": {
                "VoiceInput": {"$ref": "#/$defs/BaseInput"},
                "BaseInput": {
                    "type": "object",
                    "properties": {
                        "gen_text": {"type": "string", "description": "What is said."},
                        "ref_audio_url": {"type": "string", "x-media": True},
                        "pdf_url": {"type": "string", "x-media": True, "description": "A PDF."},
                        "model_type": {"enum": ["V5-TTS", "E2-TTS"], "type": "string"},
                        "tracks": {"type": "array", "items": {"$ref": "#/$defs/Missing"}},
                        "codes": {"type": "array", "items": {"type": "string"}},
                    },
                    "required": ["gen_text", "model_type", "ref_audio_url"],
                },
            },
        },
        "output_schema": {"type": "object", "properties": {"audio_url": {"type": "object"}}},
    },
    MediaKind.AUDIO,
)
EFFECTS = Published(
    "fal",
    "studio-ai/sound-effects/v2",
    {
        "input_schema": {
            "type": "object",
            "properties": {
                "text": {"type": "string", "description": "The sound to make"},
                "duration_seconds": {"type": "number", "minimum": 0.5, "maximum": 22},
                "output_format": {
                    "enum": ["mp3_22050_32", "mp3_44100_128", "pcm_8000"],
                    "type": "string",
                },
                "loop": {"type": "boolean"},
            },
            "required": ["text"],
        },
        "output_schema": {"type": "object", "properties": {"audio": {"type": "object"}}},
    },
    MediaKind.AUDIO,
)
FACE = Published(
    "fal",
    "studio-ai/latentsync",
    {
        "input_schema": {
            "type": "object",
            "properties": {
                "video_url": {"type": "string", "x-media": True},
                "audio_url": {"type": "string", "x-media": True},
                "loop_mode": {"enum": ["pingpong", "loop"], "type": "string"},
                "resolution": {"enum": [480, 720]},
            },
            "required": ["audio_url", "video_url"],
        },
        "output_schema": {"type": "object", "properties": {"video": {"type": "object"}}},
    },
    MediaKind.VIDEO,
)
BY_HAND = (STILL, CLIP, VOICE, EFFECTS, FACE)
