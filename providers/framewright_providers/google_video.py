"""Clips at Google, in the two forms that its API has had: interactions, and long operations.

As its Python clients 3.4.0 (interactions) and 1.56.0 (operations) have them. What an interaction
holds in the end is read from the client's types: no real answer has been seen.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from framewright.domain.job import ErrorCategory
from framewright.failures.answer import Answer
from framewright.failures.failure import failure
from framewright.protocols import Finished, ProviderFailure, Working
from framewright_providers.google_image import MOST_INLINE, only_files
from framewright_providers.http_job.media_in import contents_in_base64, media_files, media_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright.protocols import MediaFile, Status
    from framewright_providers.http_job.lifting import Lifted

_TASKS = {
    "text-to-video": "text_to_video",
    "image-to-video": "image_to_video",
    "video-to-video": "edit",
    "upscale": "upscale",
}
_OVER = ("completed", "incomplete", "failed", "cancelled", "budget_exceeded")
"""States that an interaction ends in."""
_REFERENCES = ("reference_images", "references")
_FIRST = ("image", "first_frame", "images")
_LAST = ("last_frame", "last_image", "end_image")
_OF_OPERATION = {
    "duration": "durationSeconds",
    "duration_seconds": "durationSeconds",
    "aspect_ratio": "aspectRatio",
    "resolution": "resolution",
    "negative_prompt": "negativePrompt",
    "person_generation": "personGeneration",
}


async def interaction(
    model: str, use: str, task: str, inputs: dict[str, Any], title: str
) -> dict[str, Any]:
    """Return what an interaction is created with; `use` is what it is called there, if known.

    No seed is sent that the inputs do not name: the older form refused them for clips.
    """
    files = list(media_files(inputs))
    words = str(inputs.get("prompt", ""))
    given: Any = words
    if files:
        content: list[dict[str, str]] = [{"type": "text", "text": words}] if words else []
        content += [await _content(file, title) for file in files]
        given = [{"type": "user_input", "content": content}]
    shape: dict[str, Any] = {"type": "video", "delivery": "uri"}
    shape |= {
        name: inputs[name]
        for name in ("aspect_ratio", "resolution")
        if inputs.get(name) is not None
    }
    if (seconds := inputs.get("duration", inputs.get("duration_seconds"))) is not None:
        shape["duration"] = seconds if isinstance(seconds, str) else f"{seconds:g}s"
    known = use or ("reference_to_video" if only_files(inputs, *_REFERENCES) else "")
    config: dict[str, Any] = {"video_config": {"task": known or _TASKS.get(task, "text_to_video")}}
    if inputs.get("seed") is not None:
        config["seed"] = inputs["seed"]
    return {
        "model": model,
        "background": True,
        "generation_config": config,
        "input": given,
        "response_format": shape,
    }


async def operation(inputs: dict[str, Any], title: str) -> dict[str, Any]:
    """Return what a long operation is begun with."""
    instance: dict[str, Any] = {"prompt": str(inputs.get("prompt", ""))}
    for name, fields in {"image": _FIRST, "lastFrame": _LAST, "video": ("video",)}.items():
        if found := only_files(inputs, *fields):
            instance[name] = await _bytes(found[0], title)
    if references := only_files(inputs, *_REFERENCES):
        instance["referenceImages"] = [
            {"image": await _bytes(file, title), "referenceType": "ASSET"} for file in references
        ]
    parameters: dict[str, Any] = {"sampleCount": 1}
    for ours, theirs in _OF_OPERATION.items():
        if (value := inputs.get(ours)) is not None:
            parameters[theirs] = value
    return {"instances": [instance], "parameters": parameters}


def of_interaction(told: Lifted, provider: str) -> Status:
    """Return how an interaction stands; one whose state nobody knows goes on."""
    state = told.fields.get("status")
    if state not in _OVER:
        return Working(phase="queued" if state == "queued" else "")
    if state == "cancelled":
        return ProviderFailure(ErrorCategory.CANCELLED, "It was cancelled at Google.")
    if state in {"completed", "incomplete"} and interaction_clips(told):
        notes = ("Google says that it is incomplete.",) if state == "incomplete" else ()
        return Finished(None, notes)
    faults = [told.fields.get("errors"), *(each.get("error") for each in _steps(told))]
    said = "".join(
        told.text(each.get("text")) for each in _contents(told) if each.get("type") == "text"
    )
    code = state if state not in {"completed", "failed"} else None
    return _nothing(provider, [each for each in faults if each], code, said)


def of_operation(told: Mapping[str, Any], provider: str) -> Status:
    """Return how a long operation stands."""
    if not told.get("done"):
        return Working()
    if told.get("error"):
        return failure(Answer(provider, None, {}, json.dumps({"error": told["error"]})))
    if operation_clips(told):
        return Finished(None)
    reasons = _made(told).get("raiMediaFilteredReasons")
    said = " ".join(map(str, reasons)) if isinstance(reasons, list) else ""
    if not said and _made(told).get("raiMediaFilteredCount"):
        said = "filtered"
    return _nothing(provider, [], None, said)


def interaction_clips(told: Lifted) -> list[dict[str, Any]]:
    """Return the clips of an interaction: each has a `uri`, or `data` in base64."""
    found = [each for each in _contents(told) if each.get("type") == "video"]
    return [each for each in found if each.get("uri") or each.get("data")]


def operation_clips(told: Mapping[str, Any]) -> list[str]:
    """Return where the clips of a long operation lie."""
    samples = _made(told).get("generatedSamples")
    videos = [
        each.get("video")
        for each in (samples if isinstance(samples, list) else ())
        if isinstance(each, dict)
    ]
    return [str(each["uri"]) for each in videos if isinstance(each, dict) and each.get("uri")]


def _nothing(provider: str, faults: list[Any], code: object, said: str) -> ProviderFailure:
    """Return why there is no clip: what was said of faults, or a refusal in words."""
    body = {"errors": faults, "status": code, "message": said}
    found = failure(Answer(provider, None, {}, json.dumps({k: v for k, v in body.items() if v})))
    if said and not faults and not code and found.category is not ErrorCategory.CONTENT_POLICY:
        policy = {"code": "content_policy_violation", "message": said}
        return failure(Answer(provider, None, {}, json.dumps(policy)))
    return found


def _made(told: Mapping[str, Any]) -> dict[str, Any]:
    answer = told.get("response")
    made = answer.get("generateVideoResponse") if isinstance(answer, dict) else None
    return made if isinstance(made, dict) else {}


def _steps(told: Lifted) -> list[dict[str, Any]]:
    steps = told.fields.get("steps")
    found = [each for each in (steps if isinstance(steps, list) else ()) if isinstance(each, dict)]
    return [each for each in found if each.get("type") == "model_output"]


def _contents(told: Lifted) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for step in _steps(told):
        content = step.get("content")
        found += [each for each in (content if isinstance(content, list) else ())
                  if isinstance(each, dict)]  # fmt: skip
    return found


async def _content(file: MediaFile, title: str) -> dict[str, str]:
    kind = media_type(file)
    data = await contents_in_base64(file, MOST_INLINE, title)
    return {"type": kind.partition("/")[0], "data": data, "mime_type": kind}


async def _bytes(file: MediaFile, title: str) -> dict[str, str]:
    data = await contents_in_base64(file, MOST_INLINE, title)
    return {"bytesBase64Encoded": data, "mimeType": media_type(file)}
