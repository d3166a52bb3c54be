"""Brings each step into its form: the right fields under their names, with values of their type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from framewright.catalog.ports import properties
from framewright.checks.repair.text.lenient_json import NotANumber
from framewright.checks.repair.text.reading import read_inner
from framewright.domain.plan import StepKind, Task

if TYPE_CHECKING:
    from framewright.catalog.catalog import Catalog
    from framewright.checks.repair.draft import StepDict
    from framewright.checks.repair.record import Record

FIELDS = (
    "id",
    "title",
    "kind",
    "model",
    "task",
    "inputs",
    "depends_on",
    "group",
    "approval",
    "when",
)
_ALIASES = {
    "id": ("step_id", "node_id", "key", "uid", "identifier", "slug", "ref", "step"),
    "title": ("label", "name", "summary", "heading", "description", "purpose"),
    "kind": ("type", "media_type", "media", "output_type", "category", "step_type", "modality"),
    "model": (
        "model_id", "model_name", "tool", "engine", "uses", "tool_name", "tool_id", "function",
    ),
    "inputs": (
        "input", "params", "parameters", "args", "arguments", "settings", "config", "options",
        "inputs_values", "with", "payload",
    ),
    "depends_on": (
        "dependencies", "depends", "deps", "requires", "needs", "after", "dependson", "dependency",
        "depends_upon", "parents", "prerequisites", "wait_for", "inputs_from", "upstream",
    ),
}  # fmt: skip
_KINDS = {kind.value for kind in StepKind}
_TASKS = {task.value for task in Task}


def shaped(raw: Any, number: int, catalog: Catalog, record: Record) -> StepDict | None:
    """Return a step of the right form, or None where nothing can be made of it.

    Its id, its references and its model's fields are mended later.
    """
    if isinstance(raw, str) and (inner := read_inner(raw)) and len(inner.values) == 1:
        record.read("json_double_encoded", "Read a step out of a text.")
        raw = inner.values[0]
    if not isinstance(raw, dict):
        message = f"Step {number} is not an object. Write it as one with id, model and inputs."
        record.ask_model("step_missing_field", message)
        return None
    raw = _unwrapped(raw, record)
    step = _named(raw, number, record)
    _complete(step, raw, number, catalog, record)
    return step


def _unwrapped(raw: dict[str, Any], record: Record) -> dict[str, Any]:
    """Take a step out of an object that holds nothing else: `{"step": {…}}`."""
    if len(raw) == 1:
        ((key, inner),) = raw.items()
        if isinstance(inner, dict) and ("model" in inner or "inputs" in inner):
            record.read("env_nested", f"Took a step out of {key!r}.")
            return {"id": key, **inner} if key not in {"step", "node", "task"} else inner
    return raw


def _normal(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[\s-]+", "_", spaced).lower()


def _named(raw: dict[str, Any], number: int, record: Record) -> StepDict:
    """Return the step with its fields under their own names."""
    step: StepDict = {}
    rest: dict[str, Any] = {}
    for key, value in raw.items():
        normal = _normal(str(key))
        if normal in FIELDS and normal not in step:
            step[normal] = value
            if key != normal:
                _say_alias(record, number, str(key), normal)
        else:
            rest[str(key)] = value
    for name, others in _ALIASES.items():
        for key in list(rest):
            if name in step or _normal(key) not in others or not _may_stand(name, rest[key]):
                continue
            step[name] = rest.pop(key)
            _say_alias(record, number, key, name)
    step["rest"] = rest
    return step


def _may_stand(name: str, value: Any) -> bool:
    """Tell whether a value can be what a field of that name holds."""
    if name == "inputs":
        return isinstance(value, (dict, str))
    if name == "depends_on":
        return isinstance(value, (list, str)) or value is None
    if name == "kind":
        return isinstance(value, str) and value.strip().lower() in _KINDS
    if name == "id":
        return isinstance(value, (str, int)) and not isinstance(value, bool)
    return isinstance(value, str)


def _say_alias(record: Record, number: int, found: str, name: str) -> None:
    message = f"Step {number}: read {found!r} as {name}."
    record.change("env_field_alias", message, "rename", path=name, before=found, after=name)


def _complete(
    step: StepDict, raw: dict[str, Any], number: int, catalog: Catalog, record: Record
) -> None:
    """Give every field a value of its type, and put what is left over where it belongs."""
    rest = step.pop("rest")
    model = step.get("model")
    if isinstance(model, dict):
        model = model.get("id") or model.get("name")
    step["model"] = model.strip() if isinstance(model, str) else None
    _take_inputs(step, number, record)
    _place_rest(step, rest, number, catalog, record)
    if step.get("id") == "":
        step["id"] = None
    step.setdefault("id", None)
    title = step.get("title")
    step["title"] = title if isinstance(title, str) else "" if title is None else str(title)
    for name in ("title", "depends_on"):
        if name not in raw and not any(_normal(str(key)) in _ALIASES[name] for key in raw):
            step.setdefault("missing", []).append(name)
    _take_depends(step, number, record)
    _take_optional(step, number, record)


def _take_inputs(step: StepDict, number: int, record: Record) -> None:
    given = step.get("inputs")
    if isinstance(given, str) and (inner := read_inner(given)) and len(inner.values) == 1:
        record.read("json_double_encoded", "Read inputs out of a text.")
        given = inner.values[0]
    if isinstance(given, list):
        given = _from_pairs(given)
        if given is not None:
            message = f"Step {number}: made the list of inputs an object."
            record.change("env_field_alias", message, "set", path="inputs")
    if not isinstance(given, dict):
        if "inputs" not in step:
            step.setdefault("missing", []).append("inputs")
        given = {}
    step["inputs"] = {str(key): value for key, value in given.items()}


def _from_pairs(given: list[Any]) -> dict[str, Any] | None:
    """Read `[{"name": …, "value": …}]` as an object."""
    made: dict[str, Any] = {}
    for each in given:
        if not isinstance(each, dict) or not {"name", "value"} <= each.keys():
            return None
        made[str(each["name"])] = each["value"]
    return made


def _place_rest(
    step: StepDict, rest: dict[str, Any], number: int, catalog: Catalog, record: Record
) -> None:
    """Move fields of the model that stand beside the inputs into them; leave out the others."""
    card = catalog.cards.get(step["model"] or "")
    fields = properties(card) if card is not None else {}
    for key, value in rest.items():
        if key in fields and key not in step["inputs"]:
            step["inputs"][key] = value
            message = f"Step {number}: moved {key} into the inputs."
            record.change("env_field_alias", message, "set", path=f"inputs.{key}")
        else:
            message = f"Step {number}: left out {key!r}, which a step does not have."
            record.change("step_extra_field", message, "unset", path=key)


def _take_depends(step: StepDict, number: int, record: Record) -> None:
    given = step.get("depends_on")
    if given is None:
        if "depends_on" in step and "depends_on" not in step.get("missing", ()):
            message = f"Step {number}: depends_on was null."
            record.change("step_missing_field", message, "set", path="depends_on")
        step["depends_on"] = []
        return
    if isinstance(given, str):
        given = [each for each in re.split(r"[,;\s]+(?![^\[]*\])", given.strip()) if each]
        record.change(
            "input_scalar_for_array", f"Step {number}: made depends_on a list.", "set",
            path="depends_on", after=given,
        )  # fmt: skip
    if isinstance(given, dict):
        given = list(given)
    step["depends_on"] = list(given) if isinstance(given, list) else [given]


def _take_optional(step: StepDict, number: int, record: Record) -> None:
    wrong = []
    if "task" in step and step["task"] not in _TASKS:
        wrong.append("task")
    if "group" in step and not isinstance(step["group"], str):
        wrong.append("group")
    if "approval" in step and not isinstance(step["approval"], bool):
        wrong.append("approval")
    when = step.get("when")
    if "when" in step and not (isinstance(when, dict) and isinstance(when.get("ref"), str)):
        wrong.append("when")
    for name in wrong:
        del step[name]
        message = f"Step {number}: left out {name}, which had no value of its kind."
        record.change("step_extra_field", message, "unset", path=name)


def plain(value: Any) -> Any:
    """Return a value with what is not a number replaced by null."""
    if isinstance(value, NotANumber):
        return None
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value
