"""The images API of OpenAI, which many servers speak: generations in JSON, edits in multipart.

As OpenAI's Python client 3.52.0 has it. A file of the inputs makes it an edit; the fields `mask`
and `markup` are sent under their names, every other file as `image`, or as `image[]` of a list.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from framewright.protocols import MediaFile
from framewright_providers.http_job.answering import Made
from framewright_providers.http_job.media_in import contents, media_files, media_type
from framewright_providers.http_job.media_out import MOST_FILES, is_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from framewright_providers.http_job.answering import AnsweringProvider
    from framewright_providers.http_job.lifting import Lifted

_MOST_UPLOAD = 50_000_000
"""Largest picture that is taken, by the client's description of an edit."""
_OWN_PARTS = frozenset({"mask", "markup"})
_STREAMED = ("stream", "partial_images", "stream_format")
"""Fields that would have the answer come as events; here it is waited for as a whole."""
_SUFFIXES = {"png": ".png", "jpeg": ".jpg", "webp": ".webp", "gif": ".gif", "svg": ".svg"}


def plain_inputs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs that a vendor is asked with, and what is not given left out."""
    return {
        name: value
        for name, value in inputs.items()
        if name not in _STREAMED and value not in (None, [])
    }


async def pictures(
    provider: AnsweringProvider,
    model: str,
    inputs: dict[str, Any],
    folder: Path,
    headers: Mapping[str, str] | None = None,
) -> Made:
    """Have pictures made of inputs, and write them into a folder; raises as `make` does."""
    asked = plain_inputs(inputs)
    if any(media_files(asked)):
        where, content = "images/edits", await edit(model, asked, provider.connection.vendor.title)
    else:
        where, content = "images/generations", {"json": {"model": model, **asked}}
    async with provider.answer(where, headers=headers, **content) as answer:
        told = await provider.lifted(answer, folder)
        if told.fields.get("error") and not told.fields.get("data"):
            # Some servers say that it went well, and then that it did not.
            raise provider.said(told)
        made = await asyncio.to_thread(_kept, told, asked, folder)
    if not made.files and not made.urls:
        raise provider.nothing()
    return made


async def edit(model: str, inputs: dict[str, Any], title: str) -> dict[str, Any]:
    """Return the parts of an edit, as httpx takes them; raises `SubmitError` for large files."""
    data: dict[str, Any] = {}
    files: list[tuple[str, tuple[str, bytes, str]]] = []
    for name, value in {"model": model, **inputs}.items():
        if not any(media_files({name: value})):
            for part, text in fields(name, value):
                data.setdefault(part, []).append(text)
            continue
        part = name if name in _OWN_PARTS else "image"
        for file in media_files({name: value}):
            body = await contents(file, _MOST_UPLOAD, title)
            called = part if isinstance(value, MediaFile) else f"{part}[]"
            file_name = f"{file.hash[:16]}{file.path.suffix}"
            files.append((called, (file_name, body, media_type(file))))
    return {"data": data, "files": files}


def fields(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the parts of a form that say a value: `svg[model]` and `tags[]` where it is nested."""
    if isinstance(value, dict):
        for inner, each in value.items():
            yield from fields(f"{name}[{inner}]", each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from fields(f"{name}[]", each)
    elif isinstance(value, bool):
        yield name, "true" if value else "false"
    elif value is not None:
        yield name, str(value)


def _kept(told: Lifted, asked: Mapping[str, Any], folder: Path) -> Made:
    """Write the pictures of an answer into a folder."""
    answer = told.fields
    listed = answer.get("data")
    form = answer.get("output_format") or asked.get("output_format")
    suffix = _SUFFIXES.get(str(form), ".png")
    files, urls = [], []
    for number, each in enumerate(listed[:MOST_FILES] if isinstance(listed, list) else (), 1):
        if not isinstance(each, dict):
            continue
        path, url = folder / f"result{number}{suffix}", told.text(each.get("url"))
        if told.decode(each.get("b64_json"), path) or (
            url.startswith("data:") and told.decode(each.get("url"), path)
        ):
            files.append(path)
        elif is_address(url):
            urls.append(url)
    told.drop()
    return Made(tuple(files), tuple(urls), notes=_notes(answer, asked, len(files) + len(urls)))


def _notes(answer: Mapping[str, Any], asked: Mapping[str, Any], made: int) -> tuple[str, ...]:
    """Return what a person should know: which wishes the answer says were not met."""
    notes = []
    wanted = asked.get("n", 1)
    if isinstance(wanted, int) and made < wanted:
        notes.append(f"It made {made} of the {wanted} pictures that were asked for.")
    for name in ("size", "quality", "background"):
        wish, got = asked.get(name), answer.get(name)
        if isinstance(wish, str) and isinstance(got, str) and wish not in (got, "auto"):
            notes.append(f"It was made with {name} {got[:40]}, where {wish} was asked for.")
    return tuple(notes)
