"""Pictures of Google's Gemini models: `:generateContent`, with pictures in base64 both ways.

As its Python client 3.4.0 has it. An answer may go well and hold no picture: then its words, or
the reason it gives, say why.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from framewright.domain.job import ErrorCategory
from framewright.failures.answer import Answer
from framewright.failures.failure import failure
from framewright_providers.http_job.download import suffix_of
from framewright_providers.http_job.media_in import contents_in_base64, media_files, media_type

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.protocols import MediaFile, ProviderFailure
    from framewright_providers.http_job.lifting import Lifted

MOST_INLINE = 70_000_000
"""Largest file that is sent within a question; all of one may have 100 MB, in base64."""
_OF_IMAGE = {
    "aspect_ratio": "aspectRatio",
    "image_size": "imageSize",
    "person_generation": "personGeneration",
}
_OWN = frozenset({"prompt", *_OF_IMAGE})


async def image_question(inputs: dict[str, Any], seed: int, title: str) -> dict[str, Any]:
    """Return what a picture is asked for with; raises `SubmitError` for a file too large."""
    parts: list[dict[str, Any]] = [{"text": str(inputs.get("prompt", ""))}]
    for file in media_files(inputs):
        data = await contents_in_base64(file, MOST_INLINE, title)
        parts.append({"inlineData": {"data": data, "mimeType": media_type(file)}})
    config: dict[str, Any] = {"responseModalities": ["IMAGE"], "seed": seed}
    for name, value in inputs.items():
        if value is not None and name not in _OWN and not any(media_files({name: value})):
            config[_camel(name)] = value
    shape = {
        theirs: inputs[ours] for ours, theirs in _OF_IMAGE.items() if inputs.get(ours) is not None
    }
    if shape:
        config["imageConfig"] = shape
    return {"contents": [{"parts": parts, "role": "user"}], "generationConfig": config}


def image_files(told: Lifted, folder: Path) -> tuple[Path, ...]:
    """Write the pictures of an answer into a folder; touches the disk."""
    files: list[Path] = []
    for part in _parts(told):
        inline = part.get("inlineData") or part.get("inline_data")
        # A model that thinks draws drafts, which are no result.
        if part.get("thought") or not isinstance(inline, dict):
            continue
        kind = str(inline.get("mimeType") or inline.get("mime_type") or "image/png")
        path = folder / f"result{len(files) + 1}{suffix_of(kind, '') or '.png'}"
        if told.decode(inline.get("data"), path):
            files.append(path)
    return tuple(files)


def refused(told: Lifted, provider: str) -> ProviderFailure:
    """Return why an answer that went well holds no picture.

    Words instead of a picture are a refusal: a model that was asked for a picture only has no
    other reason to speak.
    """
    said = "".join(told.text(part.get("text")) for part in _parts(told) if not part.get("thought"))
    feedback, candidates = told.fields.get("promptFeedback"), told.fields.get("candidates")
    first = candidates[0] if isinstance(candidates, list) and candidates else {}
    reasons = {
        "blockReason": feedback.get("blockReason") if isinstance(feedback, dict) else None,
        "finishReason": first.get("finishReason") if isinstance(first, dict) else None,
        "message": said,
    }
    body = json.dumps({name: each for name, each in reasons.items() if each})
    found = failure(Answer(provider, None, {}, body))
    if (said or reasons["blockReason"]) and found.category is not ErrorCategory.CONTENT_POLICY:
        body = json.dumps({"code": "content_policy_violation", "message": said})
        found = failure(Answer(provider, None, {}, body))
    return found


def _parts(told: Lifted) -> list[dict[str, Any]]:
    candidates = told.fields.get("candidates")
    found: list[dict[str, Any]] = []
    for each in candidates if isinstance(candidates, list) else ():
        content = each.get("content") if isinstance(each, dict) else None
        parts = content.get("parts") if isinstance(content, dict) else None
        found += [part for part in parts or () if isinstance(part, dict)]
    return found


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(each.title() for each in rest)


def only_files(inputs: dict[str, Any], *names: str) -> list[MediaFile]:
    """Return the files that stand under some names, in order."""
    return list(media_files([inputs[name] for name in names if name in inputs]))
