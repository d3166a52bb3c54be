"""Wires a step: references become the results of the steps they point to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.domain import refs
from framewright.domain.media import MediaKind
from framewright.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright.domain.asset import Output
    from framewright.domain.plan import Step

    Outputs = Mapping[str, tuple[Output, ...]]


def wired(step: Step, outputs: Outputs, uploads: Mapping[str, str]) -> dict[str, Any]:
    """Return the step's inputs as a job carries them: literals, and media as `$asset.<hash>`.

    `outputs` holds the results of finished steps, `uploads` the hash behind each upload id.
    Raises `InputError` for a reference to a result that is not there.
    """

    def change(text: str) -> str:
        found = refs.parse(text)
        if isinstance(found, refs.StepRef):
            return _value(_output(found, outputs))
        if isinstance(found, refs.UploadRef):
            if found.upload not in uploads:
                raise InputError(f"Step {step.id} needs the upload {found.upload}, not given here.")
            return refs.write(refs.AssetRef(uploads[found.upload]))
        if isinstance(found, refs.AssetRef):
            return text
        return refs.fill(text, lambda ref: _text(ref, outputs))

    changed: dict[str, Any] = refs.replace(step.inputs, change)
    return changed


def _value(output: Output) -> str:
    if output.kind is MediaKind.TEXT or output.asset is None:
        return refs.escape(output.text or "")
    return refs.write(refs.AssetRef(output.asset))


def _text(ref: refs.StepRef, outputs: Outputs) -> str:
    output = _output(ref, outputs)
    if output.kind is not MediaKind.TEXT:
        raise InputError(
            f"The result of {ref.step} is {output.kind}, so it can not stand in a text."
        )
    return output.text or ""


def _output(ref: refs.StepRef, outputs: Outputs) -> Output:
    found = outputs.get(ref.step, ())
    if ref.index >= len(found):
        message = (
            f"Step {ref.step} gave {len(found)} results; number {ref.index} is not among them."
        )
        raise InputError(message, action="Point to a result that exists.")
    return found[ref.index]
