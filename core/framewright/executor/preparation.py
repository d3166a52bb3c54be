"""The second pass, right before a step runs: media as its model takes them.

Until now a file may not have existed. What is changed is said in a finding on the step; what can
not be made to fit ends the step before anybody is asked to work, or paid.
"""

from __future__ import annotations

import asyncio
import shutil
import threading
import uuid
from typing import TYPE_CHECKING, Any

from framewright.catalog.limits import media_limits
from framewright.catalog.ports import ports
from framewright.domain import refs
from framewright.domain.asset import Provenance
from framewright.domain.finding import Finding, Severity
from framewright.domain.media import MediaKind, suffix
from framewright.errors import CancelledByUserError, MediaError
from framewright.executor.fitness import taken, unfit, wrong_length
from framewright.isolation.desk import check_made
from framewright.store import assets
from framewright.store.assets import StoredFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from framewright.catalog.limits import MediaLimits
    from framewright.domain.model_card import ModelCard
    from framewright.domain.plan import Step
    from framewright.isolation import Isolation
    from framewright.media.errands import Prepare
    from framewright.protocols import Tell
    from framewright.store.blobs import Blobs
    from framewright.store.database import Database


async def prepared_media(
    step: Step,
    card: ModelCard,
    inputs: dict[str, Any],
    tenant: str,
    database: Database,
    blobs: Blobs,
    isolation: Isolation,
    images: MediaLimits | None = None,
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Return the inputs with files that their model takes, made from those it would refuse.

    `images` are limits for every image besides, whatever the model's card says of them.
    Raises `InputError` for a file that is not taken and can not be made to be; what is too long
    or too short is never cut or stretched.
    """
    limited = media_limits(card)
    if images is not None:
        pictures = [port.field for port in ports(card) if port.media is MediaKind.IMAGE]
        limited |= dict.fromkeys(pictures, images)
    given = [
        (field, text, file)
        for field in limited
        for text, file in await _files(inputs.get(field), tenant, database)
    ]
    for field, _, file in given:
        # Before the first of them is converted: that takes long.
        wrong_length(file.info, limited[field], step.id, field)
    changed = dict(inputs)
    notes: list[Finding] = []
    for field, text, file in given:
        why = unfit(file, limited[field])
        if why is None:
            continue
        made, words = await _made_fit(file, limited[field], why, step.id, blobs, isolation)
        origin = f"prepared:{file.hash}:{made.hash}"
        came = Provenance(step=step.id, model=card.id, parents=(file.hash,))
        await database.write(assets.insert(tenant, [made], origin, came))
        here = refs.write(refs.AssetRef(made.hash))
        changed[field] = _instead(changed[field], text, here)
        said = {"code": "media_prepared", "message": words, "step": step.id, "field": field}
        notes.append(Finding(severity=Severity.NOTE, **said))
    return changed, tuple(notes)


async def _files(value: Any, tenant: str, database: Database) -> list[tuple[str, StoredFile]]:
    """Return the stored files a value points to, with the text that does."""
    found = {text: refs.parse(text) for _, text in refs.strings(value)}
    hashes = {text: each.asset for text, each in found.items() if isinstance(each, refs.AssetRef)}
    known: Mapping[str, StoredFile] = {}
    if hashes:
        known = await database.read(assets.find(tenant, sorted(set(hashes.values()))))
    return [(text, known[each]) for text, each in hashes.items() if each in known]


def _instead(value: Any, old: str, new: str) -> Any:
    return refs.replace(value, lambda each: new if each == old else each)


async def _made_fit(
    file: StoredFile,
    limits: MediaLimits,
    why: str,
    step: str,
    blobs: Blobs,
    isolation: Isolation,
) -> tuple[StoredFile, str]:
    """Return a file that fits; making it ends soon after this is cancelled."""
    left = threading.Event()

    def tell(fraction: float) -> None:
        del fraction
        if left.is_set():
            message = f"Preparing the {file.info.kind} for {step} was stopped."
            raise CancelledByUserError(message)

    try:
        return await asyncio.to_thread(_make_fit, file, limits, why, step, blobs, isolation, tell)
    finally:
        left.set()


def _make_fit(
    file: StoredFile,
    limits: MediaLimits,
    why: str,
    step: str,
    blobs: Blobs,
    isolation: Isolation,
    tell: Tell,
) -> tuple[StoredFile, str]:
    from framewright.media.digest import sha256_of

    # A name of its own: two runs may prepare the same file at the same time.
    folder = blobs.incoming(f"prepare-{uuid.uuid4().hex}")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        draft = folder / "made"
        source = blobs.path(file.hash, file.suffix)
        try:
            form, info = isolation.run(_errand(file.info.kind, source, draft, limits), tell)
        except MediaError as error:
            message = f"{step}: its {file.info.kind} {why}, which its model does not take. {error}"
            raise MediaError(message, action=error.action) from error
        check_made(draft)
        made = StoredFile(sha256_of(draft), suffix(info), info)
        blobs.adopt(draft, made.hash, made.suffix)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    shape = f"{form}, {info.width} x {info.height}" if info.width else form
    if file.info.audio and info.audio and info.audio.channels < file.info.audio.channels:
        shape += f", {file.info.audio.channels} channels of sound as {info.audio.channels}"
    return made, f"The {info.kind} {why}; it was made {shape}, {info.bytes:,} bytes."


def _errand(kind: MediaKind, source: Path, draft: Path, limits: MediaLimits) -> Prepare:
    from framewright.media.errands import Prepare

    return Prepare(
        kind=kind,
        source=source,
        target=draft,
        formats=taken(kind, limits),
        max_bytes=limits.max_bytes,
        max_pixels=limits.max_pixels,
        max_side=limits.max_side,
        min_side=limits.min_side,
    )
