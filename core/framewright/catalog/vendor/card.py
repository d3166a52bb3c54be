"""A model card made from what a vendor publishes about a model."""

from __future__ import annotations

import re
from typing import Any

from framewright.catalog.vendor.inline import inlined
from framewright.catalog.vendor.media_fields import as_port, output_kind
from framewright.domain.media import MediaKind
from framewright.domain.model_card import ModelCard
from framewright.domain.plan import StepKind, Task
from framewright.errors import InputError

_KINDS = {
    MediaKind.IMAGE: StepKind.IMAGE,
    MediaKind.VIDEO: StepKind.VIDEO,
    MediaKind.AUDIO: StepKind.AUDIO,
    MediaKind.MODEL3D: StepKind.MODEL3D,
    MediaKind.TEXT: StepKind.TEXT,
}
_OUTPUTS = (
    MediaKind.MODEL3D, MediaKind.VIDEO, MediaKind.AUDIO, MediaKind.IMAGE, MediaKind.TEXT
)  # fmt: skip
"""What counts of an answer with several: a video comes with its thumbnail, not the reverse."""
_LIP_SYNC = re.compile(r"lip-?sync|talking|avatar|sadtalker")


def vendor_card(
    document: Any, provider: str, model: str, output: MediaKind | None = None
) -> ModelCard:
    """Return the card of a model whose schema a vendor publishes.

    `document` is an OpenAPI document with its `components` (Replicate's
    `latest_version.openapi_schema`, FAL's `openapi.json`), or an object that holds one as
    `openapi_schema`, or one with `input_schema` and `output_schema`. `output` says what the
    model makes where the schema does not. Raises `InputError` for a document with no inputs,
    and where nobody says what it makes.
    """
    takes, gives = _halves(document)
    fields = takes.get("properties")
    if not isinstance(fields, dict) or not fields:
        message = f"There is no input schema of {model} in the document."
        raise InputError(message, action="Give the vendor's OpenAPI document of this model.")
    schema = {"type": "object", "properties": {name: _field(name, fields[name]) for name in fields}}
    if isinstance(required := takes.get("required"), list):
        schema["required"] = [name for name in required if name in fields]
    made = output or _output(gives)
    if made is None:
        message = f"The schema of {model} does not say which kind of media it makes."
        kinds = ", ".join(kind.value for kind in MediaKind)
        raise InputError(message, action=f"Say it with --output, one of {kinds}.")
    lip_sync = made is MediaKind.VIDEO and _LIP_SYNC.search(model.lower()) is not None
    return ModelCard(
        id=f"{provider}/{model}",
        provider=provider,
        kind=StepKind.LIPSYNC if lip_sync else _KINDS[made],
        task=Task.LIP_SYNC if lip_sync else None,
        output=made,
        inputs_schema=schema,
        description=_about(document),
    )


def _halves(document: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schemas of what goes in and what comes out, without references."""
    if not isinstance(document, dict):
        return {}, {}
    if isinstance(inner := document.get("openapi_schema"), dict):
        document = inner
    if isinstance(takes := document.get("input_schema"), dict):
        gives = document.get("output_schema")
        return inlined(takes, takes), inlined(gives, gives)
    components = document.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    if not isinstance(schemas, dict):
        return {}, {}
    return tuple(inlined(_named(schemas, end), document) for end in ("Input", "Output"))  # type: ignore[return-value]


def _named(schemas: dict[str, Any], end: str) -> Any:
    return schemas.get(end) or next((schemas[name] for name in schemas if name.endswith(end)), {})


def _field(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    if (port := as_port(name, schema)) is not None:
        return port
    # A text that is an address to something else than media stays a text.
    return {key: value for key, value in schema.items() if key not in {"format", "x-media"}}


def _output(gives: dict[str, Any]) -> MediaKind | None:
    fields = gives.get("properties")
    if isinstance(fields, dict):
        found = {output_kind(name, each) for name, each in fields.items()}
        return next((kind for kind in _OUTPUTS if kind in found), None)
    inner = gives.get("items") if isinstance(gives.get("items"), dict) else gives
    plain = isinstance(inner, dict) and inner.get("type") == "string" and "format" not in inner
    return MediaKind.TEXT if plain else None


def _about(document: Any) -> str:
    for place in (document, document.get("info")):
        if isinstance(place, dict) and isinstance(text := place.get("description"), str):
            return text[:300]
    return ""
