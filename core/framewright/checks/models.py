"""Is there a model for each step, and is it one that does what the step says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.checks.codes import Code, finding, short
from framewright.checks.near import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from framewright.catalog.catalog import Catalog
    from framewright.domain.finding import Finding
    from framewright.domain.model_card import ModelCard
    from framewright.domain.plan import Plan, Step, StepKind


def check_models(plan: Plan, catalog: Catalog) -> Iterator[Finding]:
    """Yield what is wrong with the steps' models."""
    unknown: dict[tuple[str, str], str | None] = {}
    for step in plan.steps:
        if not step.model:
            yield _missing(step, catalog)
        elif (card := catalog.cards.get(step.model)) is not None:
            yield from _known(step, card, catalog)
        else:
            # The same wrong name often stands in many steps: its neighbour is looked up once.
            name = (step.model, step.kind)
            if name not in unknown:
                unknown[name] = _meant(step.model, step.kind, catalog)
            yield _unknown(step, unknown[name])


def _meant(model: str, kind: StepKind, catalog: Catalog) -> str | None:
    """Return the model that was probably meant, one that can be used here before others."""
    cards = [card for card in catalog.cards.values() if card.kind is kind]
    versions = [card.id for card in cards if card.id.startswith(f"{model}:")]
    if len(versions) == 1:
        return versions[0]
    usable = [card.id for card in cards if card.available]
    return nearest(model, usable) or nearest(model, [card.id for card in cards])


def check_providers(plan: Plan, catalog: Catalog, installed: Collection[str]) -> Iterator[Finding]:
    """Yield a warning for each step whose model nobody runs here."""
    for step in plan.steps:
        card = catalog.cards.get(step.model or "")
        if card is not None and card.provider not in installed:
            message = f"{step.id}: {card.id} needs the provider {card.provider}, which is not here."
            fix = f"Install it, or use a model of {', '.join(sorted(installed)) or 'another'}."
            yield finding(Code.MODEL_PROVIDER_MISSING, message, step, "model", fix)


def missing_providers(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return those findings that say that nobody here runs a step's model."""
    return tuple(each for each in findings if each.code == Code.MODEL_PROVIDER_MISSING.value)


def _missing(step: Step, catalog: Catalog) -> Finding:
    if step.task is None:
        message = f"{step.id} names no model and no task."
        return finding(Code.MODEL_MISSING, message, step, fix="Name a model.")
    able = catalog.for_task(step.task)
    if not able:
        message = f"{step.id} needs a model for {step.task}, and none is available here."
        return finding(Code.MODEL_MISSING, message, step, fix="Add a catalog that has one.")
    message = f"{step.id} names no model for {step.task}."
    return finding(Code.MODEL_MISSING, message, step, fix=f"Use {able[0].id}")


def _known(step: Step, card: ModelCard, catalog: Catalog) -> Iterator[Finding]:
    if not card.available:
        why = catalog.lacks.get(card.provider, "")
        message = f"{step.id}: {card.id} is not available here. {why}".rstrip()
        others = [] if card.task is None else catalog.for_task(card.task)
        fix = f"Use {others[0].id}" if others else ""
        yield finding(Code.MODEL_UNAVAILABLE, message, step, "model", fix)
    if card.kind is not step.kind:
        message = f"{step.id} is of the kind {step.kind}, but {card.id} is of the kind {card.kind}."
        yield finding(Code.MODEL_KIND_MISMATCH, message, step, "kind", f"Write {card.kind}")
    if step.task is not None and card.task is not None and step.task is not card.task:
        message = f"{step.id} wants {step.task}, but {card.id} does {card.task}."
        yield finding(Code.MODEL_TASK_MISMATCH, message, step, "task", f"Write {card.task}")


def _unknown(step: Step, near: str | None) -> Finding:
    message = f"{step.id}: there is no model {short(step.model or '', 60)}."
    if near is None:
        fix = "`framewright models` lists them."
        return finding(Code.MODEL_UNKNOWN, message, step, "model", fix)
    return finding(Code.MODEL_UNKNOWN_NEAR, message, step, "model", f"Use {near}")
