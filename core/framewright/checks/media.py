"""Does each output fit the field it feeds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.checks.codes import Code, finding, place, short
from framewright.domain import refs
from framewright.domain.media import MediaKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from framewright.catalog.catalog import Catalog
    from framewright.catalog.ports import Port
    from framewright.domain.finding import Finding
    from framewright.domain.plan import Plan, Step

    Kinds = Mapping[str, MediaKind]

_ADDRESS = re.compile(
    r"^(?:[a-z][a-z0-9+.-]*://|data:|/|\.{1,2}/|~|[a-z]:\\)|\.\w{2,5}$", re.IGNORECASE
)


def check_media(
    plan: Plan, catalog: Catalog, uploads: Kinds | None, assets: Kinds | None
) -> Iterator[Finding]:
    """Yield the wires that join what does not fit, and addresses where references belong."""
    gives = {
        step.id: card.output
        for step in plan.steps
        if (card := catalog.cards.get(step.model or "")) is not None
    }
    for step in plan.steps:
        known = catalog.ports.get(step.model or "")
        if known is None:
            continue
        for path, text in refs.strings(step.inputs):
            port = known.get(str(path[0]))
            found = refs.parse(text)
            if found is None:
                yield from _literal(step, text, place(path), port, gives)
            elif not isinstance(found, refs.Malformed):
                yield from _wire(step, found, place(path), port, (gives, uploads, assets))


def _literal(
    step: Step, text: str, field: str, port: Port | None, gives: Kinds
) -> Iterator[Finding]:
    if port is not None:
        if _ADDRESS.search(text):
            message = f"{step.id}: {field} holds an address, {short(text)}, not a reference."
            fix = "Upload the file and write $upload.<id>."
            yield finding(Code.INPUT_URL_INSTEAD_OF_REF, message, step, field, fix)
        else:
            message = f"{step.id}: {field} needs {_a(port.media)}, not the text {short(text)}."
            yield finding(Code.MEDIA_MISMATCH, message, step, field, "Write $step.output.")
        return
    for ref in refs.templates(text):
        kind = gives.get(ref.step, MediaKind.TEXT)
        if kind is not MediaKind.TEXT:
            message = f"{step.id}: {ref.step} gives {_a(kind)}, which can not stand in a text."
            yield finding(Code.MEDIA_MISMATCH, message, step, field)


def _wire(
    step: Step,
    found: refs.Ref,
    field: str,
    port: Port | None,
    kinds: tuple[Kinds, Kinds | None, Kinds | None],
) -> Iterator[Finding]:
    kind, source = _kind_of(found, *kinds)
    if kind is None:
        return
    if port is None:
        if kind is not MediaKind.TEXT:
            message = f"{step.id}: {field} takes no media, but {source} gives {_a(kind)}."
            yield finding(Code.MEDIA_MISMATCH, message, step, field)
    elif port.media is not kind:
        message = f"{step.id}: {field} needs {_a(port.media)}, but {source} gives {_a(kind)}."
        still = kind is MediaKind.VIDEO and port.media is MediaKind.IMAGE
        fix = "Put an extract-frame step in between." if still else ""
        yield finding(Code.MEDIA_MISMATCH, message, step, field, fix)


def _kind_of(
    found: refs.Ref, gives: Kinds, uploads: Kinds | None, assets: Kinds | None
) -> tuple[MediaKind | None, str]:
    match found:
        case refs.StepRef(name):
            return gives.get(name), name
        case refs.UploadRef(name):
            return (uploads or {}).get(name), f"the upload {name}"
        case refs.AssetRef(name):
            return (assets or {}).get(name), f"the asset {name[:12]}"


def _a(kind: MediaKind) -> str:
    names = {MediaKind.IMAGE: "an image", MediaKind.AUDIO: "sound", MediaKind.TEXT: "text"}
    return names.get(kind, f"a {kind}")
