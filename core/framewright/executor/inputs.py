"""Wires a step: references become the results of the steps they point to."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from framewright.domain import refs
from framewright.domain.media import MediaKind
from framewright.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright.catalog.ports import Port
    from framewright.domain.asset import Output
    from framewright.domain.plan import Step

    Outputs = Mapping[str, tuple[Output, ...]]


def wired(
    step: Step,
    outputs: Outputs,
    uploads: Mapping[str, str],
    ports: Mapping[str, Port] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return the step's inputs as a job carries them: literals, and media as `$asset.<hash>`.

    `outputs` holds the results of finished steps, `uploads` the hash behind each upload id,
    `ports` the media fields of the step's model. A media field gets the result that is of its
    kind, as it was found to be when somebody looked into it; where the one pointed to is of
    another kind, the first that fits. Raises `InputError` for a reference to a result that is
    not there, or where none fits.
    """
    return {
        field: _wired(step, field, value, outputs, uploads, ports.get(field))
        for field, value in step.inputs.items()
    }


def _wired(
    step: Step,
    field: str,
    value: Any,
    outputs: Outputs,
    uploads: Mapping[str, str],
    port: Port | None,
) -> Any:
    def change(text: str) -> str:
        found = refs.parse(text)
        if isinstance(found, refs.StepRef):
            output = _output(found, outputs)
            if port is not None and output.kind is not port.media:
                output = _fitting(step, field, found, outputs, port)
            return _value(output)
        if isinstance(found, refs.UploadRef):
            if found.upload not in uploads:
                raise InputError(f"Step {step.id} needs the upload {found.upload}, not given here.")
            return refs.write(refs.AssetRef(uploads[found.upload]))
        if isinstance(found, refs.AssetRef):
            return text
        return refs.fill(text, lambda ref: _text(ref, outputs))

    return refs.replace(value, change)


def _fitting(step: Step, field: str, ref: refs.StepRef, outputs: Outputs, port: Port) -> Output:
    given = outputs.get(ref.step, ())
    for output in given:
        if output.kind is port.media:
            return output
    kinds = " and ".join(dict.fromkeys(output.kind.value for output in given))
    message = f"{step.id}: {field} takes {port.media}, and {ref.step} gave {kinds}."
    raise InputError(message, action="Put a step between that makes one of the other.")


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
