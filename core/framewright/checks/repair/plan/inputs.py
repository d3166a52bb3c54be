"""Brings each step's inputs under the names its model knows, and fills what only one thing fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.catalog.ports import properties
from framewright.checks.repair.draft import written
from framewright.checks.repair.plan.names import same_field
from framewright.checks.repair.text.lenient_json import NotANumber
from framewright.domain import refs
from framewright.domain.media import MediaKind

if TYPE_CHECKING:
    from framewright.catalog.ports import Port
    from framewright.checks.repair.draft import Case, StepDict
    from framewright.domain.model_card import ModelCard


def settle_names(case: Case) -> None:
    """Rename, move and leave out inputs until each is one its model has."""
    for step in case.draft.steps:
        card = case.card(step)
        if card is None:
            continue
        known = properties(card)
        if card.inputs_schema.get("additionalProperties", False) is not False or not known:
            continue
        for field in [each for each in step["inputs"] if each not in known]:
            _place(case, step, card, field)
        _drop_empty(case, step, card)


def _place(case: Case, step: StepDict, card: ModelCard, field: str) -> None:
    known = properties(card)
    value = step["inputs"][field]
    if isinstance(value, dict) and value and all(key in known for key in value):
        del step["inputs"][field]
        for key, inner in value.items():
            step["inputs"].setdefault(key, inner)
        message = f"{step['id']}: took the inputs out of {field!r}."
        case.record.change("env_nested", message, "set", step["id"], "inputs", field)
        return
    meant = _fitting_field(case, step, card, field, value)
    del step["inputs"][field]
    if meant is not None and meant not in step["inputs"]:
        step["inputs"][meant] = value
        message = f"{step['id']}: {card.id} calls {field!r} {meant}."
        case.record.change(
            "input_unknown_field_near",
            message,
            "rename",
            step["id"],
            f"inputs.{field}",
            field,
            meant,
        )
        return
    message = f"{step['id']}: left out {field!r}, which {card.id} does not take."
    case.record.change(
        "input_unknown_field", message, "unset", step["id"], f"inputs.{field}", _sayable(value)
    )


def _fitting_field(
    case: Case, step: StepDict, card: ModelCard, field: str, value: Any
) -> str | None:
    """Return the field that is meant: for media, one of that medium."""
    ports = case.ports(step)
    kinds = {kind for _, text in refs.strings(value) if (kind := case.kind_of(text)) is not None}
    if len(kinds) == 1 and kinds != {MediaKind.TEXT}:
        kind = kinds.pop()
        open_ports = [
            p for p in ports.values() if p.media is kind and p.field not in step["inputs"]
        ]
        named = same_field(field, {port.field: port for port in open_ports})
        if named is not None:
            return named
        required = [port for port in open_ports if port.required]
        for choice in (required, open_ports):
            if len(choice) == 1:
                return choice[0].field
        return None
    return same_field(
        field, {name: rule for name, rule in properties(card).items() if name not in ports}
    )


def _drop_empty(case: Case, step: StepDict, card: ModelCard) -> None:
    """Leave out what is null or not a number, where the model can do without."""
    required = set(card.inputs_schema.get("required") or ())
    for field, value in list(step["inputs"].items()):
        if isinstance(value, list) and any(_is_empty(each) for each in value):
            kept = [each for each in value if not _is_empty(each)]
            step["inputs"][field] = kept
            message = f"{step['id']}: left out nulls in {field}."
            case.record.change("input_null", message, "set", step["id"], f"inputs.{field}")
            continue
        if not _is_empty(value) or _takes_null(properties(card).get(field, {})):
            continue
        del step["inputs"][field]
        code = "json_nan" if isinstance(value, NotANumber) else "input_null"
        what = "not a number" if isinstance(value, NotANumber) else "null"
        if field not in required:
            message = f"{step['id']}: left out {field}, which was {what}."
            case.record.change(code, message, "unset", step["id"], f"inputs.{field}")


def _is_empty(value: Any) -> bool:
    return value is None or isinstance(value, NotANumber)


def _takes_null(schema: dict[str, Any]) -> bool:
    kinds = schema.get("type")
    return isinstance(kinds, list) and "null" in kinds


def fill_required(case: Case) -> None:
    """Give required inputs that are missing the one value they can have."""
    for step in case.draft.steps:
        card = case.card(step)
        if card is None:
            continue
        ports = case.ports(step)
        for field in card.inputs_schema.get("required") or ():
            if not isinstance(field, str) or field in step["inputs"]:
                continue
            value = _default(card, field)
            if value is None and field in ports:
                value = _only_source(case, step, ports[field])
            if value is None:
                continue
            step["inputs"][field] = value
            message = f"{step['id']}: {field} was missing; only {value!r} fits."
            case.record.change(
                "input_missing_required", message, "set", step["id"], f"inputs.{field}", None, value
            )


def _default(card: ModelCard, field: str) -> Any:
    schema = properties(card).get(field, {})
    if schema.get("default") is not None:
        return schema["default"]
    allowed = schema.get("enum")
    return allowed[0] if isinstance(allowed, list) and len(allowed) == 1 else None


def _only_source(case: Case, step: StepDict, port: Port) -> Any:
    """Return the one thing that can feed a port: what it waits for, what nobody uses, an upload."""
    after = _descendants(case, step["id"])
    fitting = [
        other
        for other in case.draft.steps
        if other is not step and other["id"] not in after and case.output(other) is port.media
    ]
    used = set(case.needs(step))
    waited = [
        other for other in fitting if other["id"] in step["depends_on"] and other["id"] not in used
    ]
    users = case.users()
    unused = [other for other in fitting if other["id"] not in used and other["id"] not in users]
    uploads = [name for name, kind in (case.uploads or {}).items() if kind is port.media]
    for choice in (waited, unused, fitting if not uploads else []):
        if len(choice) == 1:
            ref = refs.write(refs.StepRef(choice[0]["id"]))
            return [ref] if port.many else ref
        if len(choice) > 1:
            if port.many:
                return [refs.write(refs.StepRef(other["id"])) for other in choice]
            return None
    if len(uploads) == 1 and not fitting:
        ref = refs.write(refs.UploadRef(uploads[0]))
        return [ref] if port.many else ref
    return None


def _descendants(case: Case, name: str) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    users: dict[str, list[str]] = {}
    for step in case.draft.steps:
        for need in {*case.needs(step), *step["depends_on"]}:
            users.setdefault(need, []).append(step["id"])
    while waiting:
        for after in users.get(waiting.pop(), ()):
            if after not in found:
                found.add(after)
                waiting.append(after)
    return found


def _sayable(value: Any) -> Any:
    return value.written if isinstance(value, NotANumber) else value


def place_of(field: str, number: int | None = None) -> str:
    """Return the place of an input, or of one of its items, as operations name it."""
    return written((field,) if number is None else (field, number))
