"""Which steps need not run again: their model, inputs, seed and parents equal a finished one's.

A step's key is built from its own inputs and its parents' keys, so it is known before anything
runs, and all keys of a plan cost time linear in it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import TYPE_CHECKING, Any

from framewright.catalog.ports import properties
from framewright.domain import refs
from framewright.domain.media import suffix
from framewright.executor.ready_set import in_order
from framewright.store import runs

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from framewright.catalog.catalog import Catalog
    from framewright.domain.asset import Output
    from framewright.domain.event import StepOutline
    from framewright.domain.model_card import ModelCard
    from framewright.domain.plan import Plan, Step
    from framewright.store.blobs import Blobs
    from framewright.store.database import Database

Outputs = tuple["Output", ...]


def reuse_keys(plan: Plan, catalog: Catalog, uploads: Mapping[str, str]) -> dict[str, str]:
    """Return the key of each step; `uploads` holds the hash of the file behind each upload id.

    The plan has passed its checks, so that it has an order.
    """
    needs = {step.id: tuple(ref.step for ref in refs.step_refs(step)) for step in plan.steps}
    steps = {step.id: step for step in plan.steps}
    keys: dict[str, str] = {}
    for name in in_order(needs):
        card = catalog.cards[steps[name].model or ""]
        keys[name] = _key(steps[name], card, keys, uploads)
    return keys


def _key(step: Step, card: ModelCard, keys: Mapping[str, str], uploads: Mapping[str, str]) -> str:
    def point(text: str) -> str:
        match refs.parse(text):
            case refs.StepRef(name, index):
                return f"$({keys[name]})[{index}]"
            case refs.UploadRef(name):
                return f"$asset.{uploads.get(name, name)}"
        return refs.fill(text, lambda ref: f"$({keys[ref.step]})")

    fields = properties(card)
    inputs: dict[str, Any] = {
        name: refs.replace(value, point)
        for name, value in step.inputs.items()
        if "default" not in fields.get(name, {}) or fields[name]["default"] != value
    }
    # Without a seed of its own, a step's seed follows from its id: see `seed_for`.
    seed = step.inputs.get("seed", step.id)
    body = [card.provider, card.id, card.task, inputs, seed]
    if card.recipe is not None:
        # The same model by name, and yet another one once its recipe was changed.
        body.append(card.recipe)
    if step.when is not None:
        # Whether it runs at all is part of what comes of it.
        body.append([point(step.when.ref), step.when.equals, step.when.contains])
    written = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


async def reusable(
    tenant: str,
    steps: Collection[StepOutline],
    keys: Mapping[str, str],
    again: Collection[str],
    database: Database,
    blobs: Blobs,
    *,
    alone: bool = False,
) -> dict[str, Outputs]:
    """Return the steps that are done already, each with its outputs, whose files are all there.

    The steps of `again` are never among these, nor are those that take from them, unless
    `alone`: then what follows keeps the results it has.
    """
    renewed = set(again) if alone else with_descendants(steps, again)
    wanted = {step.id: keys[step.id] for step in steps if step.id not in renewed}
    found = await database.read(runs.finished(tenant, wanted))
    return await asyncio.to_thread(_with_files, found, blobs)


def with_descendants(steps: Collection[StepOutline], again: Collection[str]) -> set[str]:
    """Return these steps and all that take from them; `steps` stand in an order that can run."""
    renewed = set(again)
    if not renewed:
        return renewed
    for step in steps:
        if renewed.intersection(step.needs):
            renewed.add(step.id)
    return renewed


def _with_files(found: Mapping[str, Outputs], blobs: Blobs) -> dict[str, Outputs]:
    return {
        step: outputs
        for step, outputs in found.items()
        if all(
            output.asset is None
            or (output.info is not None and blobs.path(output.asset, suffix(output.info)).is_file())
            for output in outputs
        )
    }
