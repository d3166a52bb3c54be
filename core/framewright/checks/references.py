"""Does every reference point to something that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.checks.codes import Code, finding, place, short
from framewright.checks.near import nearest
from framewright.domain import refs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from framewright.domain.finding import Finding
    from framewright.domain.plan import Plan, Step


def check_references(
    plan: Plan, uploads: Collection[str] | None, assets: Collection[str] | None
) -> Iterator[Finding]:
    """Yield the references that point nowhere; uploads and assets of None are not judged."""
    steps = {step.id for step in plan.steps}
    for step in plan.steps:
        for need in step.depends_on:
            yield from _step_ref(step, need, "depends_on", steps)
        for path, text in refs.strings(step.inputs):
            if "$" not in text and "{{" not in text:
                continue
            field = place(path)
            yield from _text(step, text, field, steps, uploads, assets)
        if step.when is not None:
            yield from _text(step, step.when.ref, "when.ref", steps, uploads, assets)


def _text(
    step: Step,
    text: str,
    field: str,
    steps: set[str],
    uploads: Collection[str] | None,
    assets: Collection[str] | None,
) -> Iterator[Finding]:
    match refs.parse(text):
        case refs.Malformed():
            message = f"{step.id}: {short(text)} in {field} looks like a reference but is none."
            fix = "Write $step.output, $upload.<id> or $asset.<id>; $$ begins a literal dollar."
            yield finding(Code.REF_BAD_SYNTAX, message, step, field, fix)
        case refs.StepRef(name):
            yield from _step_ref(step, name, field, steps)
        case refs.UploadRef(name) if uploads is not None and name not in uploads:
            message = f"{step.id}: there is no upload {name}."
            near = nearest(name, uploads)
            fix = f"Use $upload.{near}" if near else "Upload the file first."
            yield finding(Code.REF_UPLOAD_MISSING, message, step, field, fix)
        case refs.AssetRef(name) if assets is not None and name not in assets:
            message = f"{step.id}: there is no asset {name[:16]} in this workspace."
            yield finding(Code.REF_ASSET_MISSING, message, step, field)
        case None:
            for ref in refs.templates(text):
                yield from _step_ref(step, ref.step, field, steps)


def _step_ref(step: Step, name: str, field: str, steps: set[str]) -> Iterator[Finding]:
    if name == step.id:
        yield finding(Code.REF_SELF, f"{step.id} feeds itself in {field}.", step, field)
    elif name not in steps:
        message = f"{step.id}: {field} points to the step {name}, which the plan does not have."
        near = nearest(name, steps - {step.id})
        yield finding(Code.REF_DANGLING, message, step, field, f"Use {near}" if near else "")
