"""A model card made from what a vendor publishes about a model."""

from __future__ import annotations

import json
import re
from typing import Any

from framewright.catalog.vendor.halves import category, described, halves
from framewright.catalog.vendor.media_fields import as_port, made_by
from framewright.catalog.vendor.purpose import purpose
from framewright.catalog.vendor.text_limits import text_limits
from framewright.domain.media import MediaKind
from framewright.domain.model_card import ModelCard
from framewright.domain.plan import Task
from framewright.errors import InputError

MOST_FIELDS = 300
"""Most inputs a model may have; the largest real one has 23."""
_PROVIDER = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.:-]*")
_MADE = {
    Task.TEXT_TO_IMAGE: MediaKind.IMAGE,
    Task.IMAGE_TO_IMAGE: MediaKind.IMAGE,
    Task.TEXT_TO_VIDEO: MediaKind.VIDEO,
    Task.IMAGE_TO_VIDEO: MediaKind.VIDEO,
    Task.VIDEO_TO_VIDEO: MediaKind.VIDEO,
    Task.TEXT_TO_SPEECH: MediaKind.AUDIO,
    Task.SPEECH_TO_TEXT: MediaKind.TEXT,
    Task.TEXT_TO_3D: MediaKind.MODEL3D,
    Task.IMAGE_TO_3D: MediaKind.MODEL3D,
}
"""What comes of the tasks that vendors name by the same words."""
_MOST_LETTERS = 200


def vendor_card(
    document: Any, provider: str, model: str, output: MediaKind | None = None
) -> ModelCard:
    """Return the card of a model whose schema a vendor publishes.

    `document` is an OpenAPI document with its `components` (Replicate's
    `latest_version.openapi_schema`, FAL's `openapi.json`), an object that holds one as
    `openapi_schema`, one with `input_schema` and `output_schema`, or the JSON Schema of the
    input alone. `output` says what the model makes where the schema does not. Raises
    `InputError` for a document with no inputs, one that can not be read to an end, and where
    nobody says what the model makes; never anything else, whatever the document.
    """
    _refuse_names(provider, model)
    takes, gives = halves(document)
    fields = {name: _field(name, each) for name, each in takes.get("properties", {}).items()}
    _refuse_fields(fields, model)
    task = _task((category(document), *reversed(model.split("/"))), output)
    made = output or made_by(gives) or (None if task is None else _MADE[task])
    if made is None:
        message = f"The schema of {model} does not say which kind of media it makes."
        kinds = ", ".join(kind.value for kind in MediaKind)
        raise InputError(message, action=f"Say it with --output, one of {kinds}.")
    about = described(document)
    kind, told = purpose(model, about, fields, made)
    schema = {"type": "object", "properties": fields, "required": takes.get("required", [])}
    entry = {
        "id": f"{provider}/{model}",
        "provider": provider,
        "kind": kind,
        "output": made,
        "inputs_schema": schema,
        "description": about,
    }
    _refuse_unwritable(entry, model)
    if task is not None and _MADE[task] is made:
        entry["task"] = task
    if told is not None:
        entry["task"] = told
    return ModelCard.model_validate(entry)


def _field(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    if (port := as_port(name, schema)) is not None:
        return port
    # A text that is an address to something else than media stays a text.
    plain = {key: value for key, value in schema.items() if key not in {"format", "x-media"}}
    return plain | text_limits(plain)


def _task(words: tuple[str, ...], output: MediaKind | None) -> Task | None:
    """Return the first task named by the vendor that is one of ours and not overruled."""
    named = (task for word in words for task in _MADE if task.value == word)
    return next((task for task in named if output in {None, _MADE[task]}), None)


def _refuse_names(provider: str, model: str) -> None:
    if _PROVIDER.fullmatch(provider) is None:
        message = f"{provider[:80]!r} is no name of a provider."
        raise InputError(message, action="Use small letters, digits, - and _, such as replicate.")
    parts = model.split("/")
    if len(model) > _MOST_LETTERS or any(_PART.fullmatch(part) is None for part in parts):
        message = f"{model[:80]!r} is no name of a model."
        raise InputError(message, action="Use the vendor's own name, such as owner/model.")


def _refuse_fields(fields: dict[str, Any], model: str) -> None:
    if not fields:
        message = f"There is no input schema of {model} in the document."
        raise InputError(message, action="Give the vendor's OpenAPI document of this model.")
    if len(fields) > MOST_FIELDS or any(len(name) > _MOST_LETTERS for name in fields):
        message = f"The inputs of {model} are more, or have longer names, than any model's."
        raise InputError(message, action=f"At most {MOST_FIELDS} inputs can be read.")


def _refuse_unwritable(entry: dict[str, Any], model: str) -> None:
    """Refuse what no file could hold, such as half of a surrogate pair."""
    try:
        json.dumps(entry, ensure_ascii=False, allow_nan=False).encode()
    except ValueError as error:
        message = f"The schema of {model} holds text that can not be written: {error}."
        raise InputError(message) from error
