"""The card of a person's own model: what may be asked of it, and what it was made for. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.catalog.own.families import MOVING, Mode
from framewright.domain.media import MediaKind
from framewright.domain.model_card import ModelCard, Price
from framewright.domain.plan import StepKind, Task

if TYPE_CHECKING:
    from framewright.catalog.own.described import Described

PROVIDER = "gpu"
_SHAPES = ("16:9", "9:16", "1:1", "4:3", "3:4", "21:9")
_WORDS = {"type": "string", "minLength": 1, "maxLength": 4000}
_SEED = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
_LEAST_SIDE, _MOST_SIDE = 64, 4096
_USUAL_SECONDS = 4.0


def own_card(model: Described, mode: Mode, name: str, weights: str) -> ModelCard:
    """Return the card of a model in one of its family's modes.

    `name` is what stands behind `gpu/` in its id, `weights` where it lies.
    """
    properties, required = _fields(model, mode)
    moves = mode in MOVING
    return ModelCard(
        id=f"{PROVIDER}/{name}",
        provider=PROVIDER,
        kind=StepKind.VIDEO if moves else StepKind.IMAGE,
        task=Task.IMAGE_TO_IMAGE if mode is Mode.INPAINT else Task(mode),
        output=MediaKind.VIDEO if moves else MediaKind.IMAGE,
        description=f"Your own model: {model.pipeline}, run on this machine's GPU ({mode})",
        inputs_schema={
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        },
        limits=_limits(model, mode),
        price=Price(amount=0),
        weights=weights,
    )


def _limits(model: Described, mode: Mode) -> dict[str, Any]:
    family = model.family
    found: dict[str, Any] = {
        "mode": mode.value,
        "pipeline": model.pipeline,
        "width": model.width,
        "height": model.height,
        "sides": family.sides,
    }
    if mode in MOVING:
        found |= {"fps": family.fps, "frames": family.frames, "most_frames": family.most_frames}
    return found


def _fields(model: Described, mode: Mode) -> tuple[dict[str, Any], list[str]]:
    """Return the fields of a model, and the names of those it can not do without."""
    family = model.family
    fields: dict[str, Any] = {}
    required: list[str] = []
    if family.prompt:
        fields |= {"prompt": _WORDS, "negative_prompt": {"type": "string", "maxLength": 4000}}
        if mode is not Mode.UPSCALE:
            required.append("prompt")
    if mode not in {Mode.TEXT_TO_IMAGE, Mode.TEXT_TO_VIDEO}:
        fields["image"] = _picture(model, "What it is made of")
        required.append("image")
    if mode is Mode.INPAINT:
        fields["mask"] = _picture(model, "White where the picture is painted anew")
        required.append("mask")
    if mode in {Mode.IMAGE_TO_IMAGE, Mode.INPAINT}:
        fields["strength"] = {
            "type": "number",
            "minimum": 0.01,
            "maximum": 1,
            "description": "How far it may go from the picture that is given",
        }
    elif mode is not Mode.UPSCALE:
        side = {"type": "integer", "minimum": _LEAST_SIDE, "maximum": _MOST_SIDE}
        fields |= {"aspect_ratio": {"type": "string", "enum": list(_SHAPES)}}
        fields |= {"width": side, "height": side}
    if mode in MOVING:
        fields |= _length(model)
    fields["steps"] = {"type": "integer", "minimum": 1, "maximum": 200}
    if family.prompt:
        fields["guidance"] = {"type": "number", "minimum": 0, "maximum": 50}
    fields["seed"] = _SEED
    return fields, required


def _length(model: Described) -> dict[str, Any]:
    family = model.family
    most = family.most_frames / family.fps
    return {
        "duration": {
            "type": "number",
            "minimum": 0.2,
            "maximum": most,
            "default": min(most, _USUAL_SECONDS),
            "description": "Seconds",
        },
        "fps": {"type": "integer", "minimum": 1, "maximum": 60, "default": family.fps},
    }


def _picture(model: Described, meaning: str) -> dict[str, Any]:
    """Return a field for a picture; what has more pixels is made to fit before it is given."""
    return {
        "type": "string",
        "format": "media-ref",
        "x-media": "image",
        "x-max-pixels": model.width * model.height,
        "description": meaning,
    }
