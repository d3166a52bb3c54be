"""Joins only what fits: a converter where one is missing, no addresses, no merge of one clip."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.catalog.ports import properties
from framewright.checks.repair.draft import put, remove_step, repoint, written
from framewright.checks.repair.plan.ids import slug
from framewright.checks.repair.safety import is_path
from framewright.domain import refs
from framewright.domain.media import MediaKind
from framewright.domain.plan import StepKind, Task

if TYPE_CHECKING:
    from framewright.catalog.ports import Port
    from framewright.checks.repair.draft import Case, Path, StepDict

_ADDRESS = re.compile(
    r"^(?:[a-z][a-z0-9+.-]{1,15}:|//|/|\.{1,2}[/\\]|~|[a-z]:\\)|\.\w{2,5}$", re.IGNORECASE
)


def settle_addresses(case: Case) -> None:
    """Replace an address by the step or upload it stands for, where that is clear."""
    for step in case.draft.steps:
        for field, port in case.ports(step).items():
            for path, text in list(refs.strings(step["inputs"].get(field), (field,))):
                if refs.parse(text) is None and _ADDRESS.search(text.strip()):
                    _address(case, step, path, text.strip(), port)


def _address(case: Case, step: StepDict, path: Path, text: str, port: Port) -> None:
    stem = slug(re.split(r"[/\\]", text.split("?")[0].rstrip("/"))[-1].rsplit(".", 1)[0])
    uploads = case.uploads or {}
    named = [f"$upload.{name}" for name, kind in uploads.items()
             if kind is port.media and slug(name.rsplit(".", 1)[0]) == stem]  # fmt: skip
    steps = [
        f"${other['id']}.output"
        for other in case.draft.steps
        if other is not step and other["id"] == stem and case.output(other) is port.media
    ]
    found = [*named, *steps]
    if not found and text in case.brief:
        message = f"{step['id']}: {text[:80]!r} is an address; only uploads can be used."
        case.record.ask_person("input_url_instead_of_ref", message, "Upload the file.")
        return
    if not found and not is_path(text):
        found = _only_one(case, step, port)
    if len(found) == 1:
        put(step, path, found[0])
        message = f"{step['id']}: {text[:60]!r} is an address; {found[0]} is what it stands for."
        case.record.change(
            "input_url_instead_of_ref", message, "set", step["id"], written(path), text, found[0]
        )


def _only_one(case: Case, step: StepDict, port: Port) -> list[str]:
    """Return the one upload of the medium, or the one step this one waits for and does not use."""
    uploads = [name for name, kind in (case.uploads or {}).items() if kind is port.media]
    used = set(case.needs(step))
    waited = [
        name
        for name in step["depends_on"]
        if name not in used
        and (other := case.draft.step(name)) is not None
        and case.output(other) is port.media
    ]
    if len(waited) == 1:
        return [f"${waited[0]}.output"]
    return [f"$upload.{uploads[0]}"] if len(uploads) == 1 and not waited else []


def settle_wires(case: Case) -> None:
    """Insert the one converter between an output and a field it does not fit."""
    for step in list(case.draft.steps):
        for path, text in list(refs.strings(step["inputs"])):
            port = case.ports(step).get(str(path[0]))
            kind = case.kind_of(text)
            if port is None or kind is None or kind is port.media:
                continue
            _convert(case, step, path, text, kind, port)


def _convert(
    case: Case, step: StepDict, path: Path, text: str, kind: MediaKind, port: Port
) -> None:
    if kind is MediaKind.VIDEO and port.media is MediaKind.IMAGE:
        able = case.catalog.utilities(Task.EXTRACT_FRAME)
        source = refs.parse(text)
        if len(able) == 1 and isinstance(source, (refs.StepRef, refs.UploadRef)):
            _take_frame(case, step, path, text, able[0].id)
            return
    other = _moved_field(case, step, path, kind)
    if other is not None:
        step["inputs"][other] = step["inputs"].pop(str(path[0]))
        message = f"{step['id']}: {text} is {kind}; it belongs into {other}."
        case.record.change(
            "media_mismatch", message, "rename", step["id"], written(path), str(path[0]), other
        )


def _moved_field(case: Case, step: StepDict, path: Path, kind: MediaKind) -> str | None:
    """Return the one free field of that medium, where the value as a whole can move."""
    if len(path) != 1:
        return None
    able = [
        port.field
        for port in case.ports(step).values()
        if port.media is kind and not port.many and port.field not in step["inputs"]
    ]
    return able[0] if len(able) == 1 else None


def _take_frame(case: Case, step: StepDict, path: Path, text: str, model: str) -> None:
    """Put an extract-frame step between a clip and what takes a picture of it."""
    field = str(path[0])
    position = "last" if case.card(step) is not None and _continues(case, step, field) else "first"
    known = properties(case.known.cards[model])
    port = next(iter(case.known.ports[model].values()))
    source = refs.parse(text)
    name = source.step if isinstance(source, refs.StepRef) else ""
    inputs = {port.field: text}
    if "position" in known:
        inputs["position"] = position
    existing = next(
        (each for each in case.draft.steps if each["model"] == model and each["inputs"] == inputs),
        None,
    )
    if existing is None:
        existing = {
            "id": case.draft.new_id(f"{name or 'upload'}_{position}_frame"[:32]),
            "title": f"{position.capitalize()} frame",
            "kind": StepKind.UTILITY.value,
            "model": model,
            "inputs": inputs,
            "depends_on": [name] if name else [],
        }
        case.draft.insert(existing, step)
        message = f"Put {existing['id']} before {step['id']}: {field} takes a picture."
        case.record.change("media_mismatch", message, "add", existing["id"], after=existing)
    put(step, path, refs.write(refs.StepRef(existing["id"])))
    if name and name not in case.needs(step):
        step["depends_on"] = [
            existing["id"] if each == name else each for each in step["depends_on"]
        ]


def _continues(case: Case, step: StepDict, field: str) -> bool:
    """Tell whether a clip begins where another ends: a video made from its first picture."""
    card = case.card(step)
    return card is not None and card.output is MediaKind.VIDEO and card.task is Task.IMAGE_TO_VIDEO


def settle_lists(case: Case) -> None:
    """Mend merges and mixes of one: add what was forgotten, or take the step out."""
    for step in list(case.draft.steps):
        card = case.card(step)
        if card is None or card.kind is not StepKind.UTILITY:
            continue
        for field, port in case.ports(step).items():
            value = step["inputs"].get(field)
            schema = properties(card).get(field, {})
            least = schema.get("minItems", 2 if card.task is Task.MERGE_VIDEOS else 0)
            if not port.many or not isinstance(value, list) or not isinstance(least, int):
                continue
            if len(value) < least and len(value) <= 1:
                _too_few(case, step, field, port, value)


def _too_few(case: Case, step: StepDict, field: str, port: Port, value: list[object]) -> None:
    card = case.card(step)
    merge = card is not None and card.task is Task.MERGE_VIDEOS
    code = "utility_merge_single" if merge and value else "input_min_items"
    users = case.users()
    loose = [
        f"${other['id']}.output"
        for other in case.draft.steps
        if other is not step
        and case.output(other) is port.media
        and f"${other['id']}.output" not in value
        and other["id"] not in users
        and not _reaches(case, step["id"], other["id"])
    ]
    if loose and (value or len(loose) > 1):
        order = {f"${each['id']}.output": at for at, each in enumerate(case.draft.steps)}
        full = sorted([*value, *loose], key=lambda text: order.get(str(text), -1))
        step["inputs"][field] = full
        message = f"{step['id']}: added what nothing else used to {field}."
        case.record.change(code, message, "set", step["id"], written((field,)), value, full)
    elif len(value) == 1 and isinstance(value[0], str):
        source = refs.parse(value[0])
        if isinstance(source, refs.StepRef) and case.draft.step(source.step) is not None:
            repoint(case, step["id"], source.step)
            remove_step(case, step["id"])
            message = f"Took out {step['id']}: there is nothing to join {value[0]} with."
            case.record.change(code, message, "remove", step["id"], before=dict(step))


def _reaches(case: Case, start: str, end: str) -> bool:
    """Tell whether a step needs another, directly or not."""
    waiting, seen = [end], {end}
    while waiting:
        step = case.draft.step(waiting.pop())
        if step is None:
            continue
        for need in {*case.needs(step), *step["depends_on"]}:
            if need == start:
                return True
            if need not in seen:
                seen.add(need)
                waiting.append(need)
    return False
