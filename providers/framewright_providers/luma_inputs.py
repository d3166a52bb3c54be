"""What Luma wants of a job: which endpoint, fields in its own shapes, files at public addresses.

From the request types of `lumaai` 1.21.0. A field that has its vendor's shape already stays: so a
frame can be that of an earlier generation, `{"type": "generation", "id": …}`.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framewright.domain.job import ErrorCategory
from framewright.protocols import MediaFile, ProviderFailure, SubmitError

if TYPE_CHECKING:
    from framewright.protocols import ProviderRequest

_ENDPOINTS = {
    ("ray", ""): ("video", ""),
    ("ray", "modify"): ("video/modify", "modify_video"),
    ("ray", "reframe"): ("video/reframe", "reframe_video"),
    ("photon", ""): ("image", ""),
    ("photon", "reframe"): ("image/reframe", "reframe_image"),
}
"""Family and manner of a model to where it is, and the type that some endpoints want said."""
_ONE = frozenset({"media", "first_frame", "modify_image_ref"})
_SEVERAL = frozenset({"image_ref", "style_ref"})


def asked(request: ProviderRequest) -> tuple[str, dict[str, Any]]:
    """Return the endpoint of a job and its body, files still in it; raises `SubmitError`.

    A manner stands behind the model, as in `luma/ray-2/modify`, or follows from the inputs.
    """
    model, _, told = request.model.removeprefix("luma/").partition("/")
    manner = told if told in {"modify", "reframe"} else ""
    if not manner and "media" in request.inputs:
        manner = "modify"
    family = model.partition("-")[0]
    # A picture is changed where pictures are made.
    found = _ENDPOINTS.get((family, "" if family == "photon" and manner == "modify" else manner))
    if found is None:
        words = f"Framewright does not know what Luma's {model} is to do."
        action = "Models of Luma's first API are ray-… for clips and photon-… for pictures."
        raise SubmitError(ProviderFailure(ErrorCategory.INVALID_PARAMETERS, words, action))
    endpoint, type_ = found
    body: dict[str, Any] = {"model": model}
    if type_:
        body["generation_type"] = type_
    frames = {}
    for name, value in request.inputs.items():
        if name in {"frame0", "frame1"}:
            frames[name] = {"type": "image", "url": value} if _is_plain(value) else value
        else:
            body[name] = _shaped(name, value)
    return f"generations/{endpoint}", {**body, "keyframes": frames} if frames else body


async def published(file: MediaFile, folder: str, url: str) -> str:
    """Put a file where the web sees it, as a person said, and return its address there.

    Luma takes no files, and nothing is put anywhere without a person's word: without a folder and
    its address this raises `SubmitError`.
    """
    if not folder or not url:
        words = (
            "Luma takes pictures and clips from a public web address only, and this is a file on "
            "this machine."
        )
        action = (
            "Set public_folder and public_url below [providers.luma] in settings.toml to a folder "
            "that the web sees, or take a model of another provider."
        )
        raise SubmitError(ProviderFailure(ErrorCategory.INPUT_MEDIA, words, action))
    name = f"{file.hash}{file.path.suffix}"
    try:
        await asyncio.to_thread(_copy, file.path, folder, name)
    except OSError as error:
        words = f"An input can not be put into {folder}: {error.strerror}."
        action = "See that public_folder below [providers.luma] is there and may be written."
        raise SubmitError(ProviderFailure(ErrorCategory.INPUT_MEDIA, words, action)) from None
    return f"{url.rstrip('/')}/{name}"


def _copy(path: Path, folder: str, name: str) -> None:
    target = Path(folder).expanduser() / name
    if target.exists():
        return
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(path, beside)
    beside.replace(target)


def _shaped(name: str, value: Any) -> Any:
    if name in _ONE and _is_plain(value):
        return {"url": value}
    if name in _SEVERAL and isinstance(value, (list, tuple)):
        return [{"url": each} if _is_plain(each) else each for each in value]
    if name == "character_ref" and isinstance(value, (list, tuple)):
        return {"identity0": {"images": list(value)}}
    return value


def _is_plain(value: Any) -> bool:
    return isinstance(value, (MediaFile, str))
