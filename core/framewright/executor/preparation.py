"""The second pass, right before a step runs: values and media as its model takes them.

Until now a value may have stood in another step's answer and a file may not have existed. What
is changed is said in a finding on the step; what can not be mended ends the step before anybody
is asked to work, or paid.
"""

from __future__ import annotations

import asyncio
import json
import math
import shutil
import uuid
from typing import TYPE_CHECKING, Any

from framewright.catalog.limits import media_limits, plain_format
from framewright.catalog.ports import ports, properties
from framewright.checks.near import nearest
from framewright.checks.rules import field_rules, found_by
from framewright.domain import refs
from framewright.domain.asset import Provenance
from framewright.domain.finding import Finding, Severity
from framewright.domain.media import MediaKind, suffix
from framewright.errors import InputError
from framewright.store import assets
from framewright.store.assets import StoredFile

if TYPE_CHECKING:
    from framewright.catalog.limits import MediaLimits
    from framewright.domain.model_card import ModelCard
    from framewright.domain.plan import Step
    from framewright.store.blobs import Blobs
    from framewright.store.database import Database


def settled_values(
    step: Step, card: ModelCard, inputs: dict[str, Any]
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Return the inputs with each text another step gave as the value its field takes.

    "16 : 9" for one of a list of ratios becomes "16:9", "7" for a number 7, "yes" for true.
    Raises `InputError` for a text that is no such value.
    """
    fields = _from_steps(step, card)
    if not fields:
        return inputs, ()
    changed = dict(inputs)
    notes: list[Finding] = []
    rules = field_rules(card)
    for field in fields:
        schema, value = properties(card)[field], changed.get(field)
        if not isinstance(value, str):
            continue
        read = _as_field(refs.literal(value), schema)
        if found_by(rules[field].validator, read):
            message = (
                f"{step.id}: {field} got {refs.literal(value)[:60]!r}, which it does not take."
            )
            raise InputError(message, action="Let the step before give a value that fits.")
        if read != refs.literal(value):
            changed[field] = refs.escape(read) if isinstance(read, str) else read
            words = f"{field} {refs.literal(value)[:60]!r} became {json.dumps(read)}."
            notes.append(_note("value_normalised", words, step.id, field))
    return changed, tuple(notes)


def _from_steps(step: Step, card: ModelCard) -> list[str]:
    """Return the literal fields that are one step's whole text answer, and are no free text."""
    answers = [
        field
        for field, value in step.inputs.items()
        if isinstance(value, str)
        and value[:1] == "$"
        and isinstance(refs.parse(value), refs.StepRef)
    ]
    if not answers:
        return answers
    known = properties(card)
    return [
        field
        for field in answers
        if field in known
        and known[field].get("format") != "media-ref"
        and (known[field].get("type") != "string" or "enum" in known[field])
    ]


def _as_field(text: str, schema: dict[str, Any]) -> Any:
    said = text.strip().strip("\"'").rstrip(".")
    choices = schema.get("enum")
    if isinstance(choices, list):
        return _choice(said, choices)
    if schema.get("type") == "boolean" and said.lower() in {"true", "yes", "false", "no"}:
        return said.lower() in {"true", "yes"}
    if schema.get("type") in {"integer", "number"}:
        return _number(said, schema)
    return text


def _choice(said: str, choices: list[Any]) -> Any:
    plain = {"".join(str(each).lower().split()): each for each in choices}
    close = plain.get("".join(said.lower().split()))
    if close is not None:
        return close
    near = nearest(said, [str(each) for each in choices])
    return next((each for each in choices if str(each) == near), said)


def _number(said: str, schema: dict[str, Any]) -> Any:
    words = said.split()
    try:
        value = float(words[0].rstrip("s,")) if words else math.nan
    except ValueError:
        return said
    if not math.isfinite(value):
        # The field's own rule refuses it.
        return said
    value = min(max(value, schema.get("minimum", value)), schema.get("maximum", value))
    whole = schema.get("type") == "integer" or value.is_integer()
    return round(value) if whole else value


async def prepared_media(
    step: Step,
    card: ModelCard,
    inputs: dict[str, Any],
    tenant: str,
    database: Database,
    blobs: Blobs,
    images: MediaLimits | None = None,
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Return the inputs with files that their model takes, made from those it would refuse.

    `images` are limits for every image besides, whatever the model's card says of them.
    Raises `InputError` for a file that is not taken and can not be made to be.
    """
    limited = media_limits(card)
    if images is not None:
        pictures = [port.field for port in ports(card) if port.media is MediaKind.IMAGE]
        limited |= dict.fromkeys(pictures, images)
    changed = dict(inputs)
    notes: list[Finding] = []
    for field, limits in limited.items():
        for _, text in tuple(refs.strings(inputs.get(field))):
            found = refs.parse(text)
            if not isinstance(found, refs.AssetRef):
                continue
            known = await database.read(assets.find(tenant, [found.asset]))
            file = known.get(found.asset)
            why = None if file is None else _unfit(file, limits)
            if file is None or why is None:
                continue
            made, words = await asyncio.to_thread(_made_fit, file, limits, why, step.id, blobs)
            origin = f"prepared:{found.asset}:{made.hash}"
            came = Provenance(step=step.id, model=card.id, parents=(found.asset,))
            await database.write(assets.insert(tenant, [made], origin, came))
            here = refs.write(refs.AssetRef(made.hash))
            changed[field] = _instead(changed[field], text, here)
            notes.append(_note("media_prepared", words, step.id, field))
    return changed, tuple(notes)


def _instead(value: Any, old: str, new: str) -> Any:
    return refs.replace(value, lambda each: new if each == old else each)


def _unfit(file: StoredFile, limits: MediaLimits) -> str | None:
    """Return what keeps a file from being taken, in words; None where nothing does."""
    info = file.info
    form = plain_format(file.suffix)
    if limits.formats and form not in limits.formats:
        return f"is {form}"
    if limits.max_bytes is not None and info.bytes > limits.max_bytes:
        return f"has {info.bytes:,} bytes"
    if info.width is None or info.height is None:
        return None
    sides = (info.width, info.height)
    too_large = limits.max_side is not None and max(sides) > limits.max_side
    too_many = limits.max_pixels is not None and sides[0] * sides[1] > limits.max_pixels
    too_small = limits.min_side is not None and min(sides) < limits.min_side
    return f"is {sides[0]} x {sides[1]}" if too_large or too_many or too_small else None


def _made_fit(
    file: StoredFile, limits: MediaLimits, why: str, step: str, blobs: Blobs
) -> tuple[StoredFile, str]:
    from framewright.media.digest import sha256_of
    from framewright.media.prepare import prepare_image
    from framewright.media.probe import probe

    if file.info.kind is not MediaKind.IMAGE:
        message = f"{step}: its {file.info.kind} {why}, which its model does not take."
        wanted = " or ".join(limits.formats) or "a smaller file"
        raise InputError(message, action=f"Give {wanted}.")
    # A name of its own: two runs may prepare the same picture at the same time.
    folder = blobs.incoming(f"prepare-{uuid.uuid4().hex}")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        draft = folder / "image"
        form, size = prepare_image(
            blobs.path(file.hash, file.suffix),
            draft,
            formats=limits.formats,
            max_bytes=limits.max_bytes,
            max_pixels=limits.max_pixels,
            max_side=limits.max_side,
            min_side=limits.min_side,
        )
        info = probe(draft)
        made = StoredFile(sha256_of(draft), suffix(info), info)
        blobs.adopt(draft, made.hash, made.suffix)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    words = f"The image {why}; it was made {form}, {size[0]} x {size[1]}, {info.bytes:,} bytes."
    return made, words


def _note(code: str, message: str, step: str, field: str) -> Finding:
    return Finding(code=code, severity=Severity.NOTE, message=message, step=step, field=field)
