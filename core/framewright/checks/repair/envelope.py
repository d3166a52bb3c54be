"""Finds the plan among the values of an answer, whatever it was wrapped in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright.checks.repair.text.reading import read_inner

if TYPE_CHECKING:
    from framewright.checks.repair.record import Record
    from framewright.checks.repair.text.reading import Reading

_MOST_DEPTH = 8
_STEP_LISTS = (
    "steps", "plan_steps", "step_list", "nodes", "tasks", "plan", "workflow", "pipeline", "graph",
    "stages", "actions", "operations", "sequence", "jobs", "items", "shots", "scenes", "list",
)  # fmt: skip
_STEP_WORDS = frozenset({
    "id", "step_id", "stepid", "kind", "type", "model", "model_id", "modelid", "inputs", "input",
    "params", "parameters", "args", "arguments", "depends_on", "dependson", "dependencies",
    "deps", "title", "name", "tool", "task", "requires", "after", "node_id", "settings", "label",
    "media_type", "modelname", "model_name", "engine", "needs",
})  # fmt: skip
_TELLING = frozenset({
    "model", "model_id", "modelid", "model_name", "inputs", "kind", "depends_on", "dependson",
    "dependencies", "params", "parameters", "tool", "input", "engine",
})  # fmt: skip
_TITLES = ("title", "name", "plan_title", "project")
_FRAME = frozenset({"title", "steps", "groups"})


@dataclass(slots=True)
class Found:
    """A plan as it was found: its steps as they are written, not yet as they should be."""

    steps: list[Any]
    title: str
    groups: list[Any]
    codes: dict[str, str]
    """Defects of the frame, each with what was done."""


def find_plan(reading: Reading, record: Record) -> Found | None:
    """Return the one plan of an answer; where there is none or more than one, say so."""
    plans: list[Found] = []
    loose: list[dict[str, Any]] = []
    for value in reading.values:
        found = _search(value, reading, 0)
        if found is not None:
            plans.append(found)
        elif isinstance(value, dict) and _is_step(value):
            loose.append(value)
    if not plans and loose:
        codes = {"env_bare_list": "Took the steps, which stood one by one, as a plan."}
        plans = [Found(list(loose), "", [], codes)]
    with_steps = [plan for plan in plans if plan.steps] or plans[:1]
    different = [plan for at, plan in enumerate(with_steps) if not _repeated(plan, with_steps[:at])]
    if not different:
        _say_none(reading, record)
        return None
    if len(different) > 1:
        sizes = [f"plan {at}: {len(plan.steps)} steps" for at, plan in enumerate(different, 1)]
        message = f"The answer holds {len(different)} different plans."
        record.ask_person("json_concatenated", message, *sizes)
        return None
    if len(reading.values) > 1:
        record.read("json_concatenated", "Took the one plan among several values.")
    for code, message in different[0].codes.items():
        record.read(code, message)
    if reading.cut_off:
        message = "The plan inside the answer is cut off. Write the whole plan again."
        record.ask_model("json_truncated", message)
    return different[0]


def _repeated(plan: Found, before: list[Found]) -> bool:
    return any(plan.steps == other.steps for other in before)


def _say_none(reading: Reading, record: Record) -> None:
    if any(_is_schema(value) for value in reading.values):
        message = "The answer repeats the schema. Write the plan itself: an object with `steps`."
        record.ask_model("env_schema_echo", message)
    else:
        message = "The answer holds no plan. Write one JSON object with `title` and `steps`."
        record.ask_model("env_not_a_plan", message)


def _search(value: Any, reading: Reading, depth: int) -> Found | None:
    """Look for a plan in a value and in what it wraps."""
    if depth > _MOST_DEPTH:
        return None
    if isinstance(value, str):
        return _inside_text(value, reading, depth)
    if isinstance(value, list):
        return _bare_list(value, reading, depth)
    if not isinstance(value, dict) or _is_schema(value):
        return None
    return _inside_object(value, reading, depth)


def _inside_text(text: str, reading: Reading, depth: int) -> Found | None:
    inner = read_inner(text)
    if inner is None:
        return None
    for value in inner.values:
        found = _search(value, reading, depth + 1)
        if found is not None:
            reading.cut_off = reading.cut_off or inner.cut_off
            reading.conflicts.extend(inner.conflicts)
            said = {"json_double_encoded": "Read the plan out of a text."}
            found.codes = said | dict.fromkeys(inner.codes, "Mended the text inside.") | found.codes
            return found
    return None


def _bare_list(value: list[Any], reading: Reading, depth: int) -> Found | None:
    if value and all(isinstance(each, dict) and _is_step(each) for each in value):
        return Found(value, "", [], {"env_bare_list": "Put the bare list of steps into a plan."})
    found = [inner for each in value if (inner := _search(each, reading, depth + 1)) is not None]
    if len(found) != 1:
        return None
    found[0].codes = {"env_nested": "Took the plan out of a list."} | found[0].codes
    return found[0]


def _inside_object(value: dict[str, Any], reading: Reading, depth: int) -> Found | None:
    lowered = {str(key).strip().lower().replace("-", "_").replace(" ", "_"): key for key in value}
    for name in _STEP_LISTS:
        if name not in lowered:
            continue
        key = lowered[name]
        steps = _as_steps(value[key], reading, anything=name == "steps")
        if steps is not None:
            return _framed(value, key, steps)
    if _is_step_map(value):
        return Found(_from_map(value), "", [], {"env_step_map": "Made the map of steps a list."})
    if _is_step(value) and "steps" not in lowered:
        return None if depth == 0 and len(reading.values) > 1 else _single(value, depth)
    for key, inner in value.items():
        found = _search(inner, reading, depth + 1)
        if found is not None:
            found.codes = {"env_nested": f"Took the plan out of {key!r}."} | found.codes
            found.title = found.title or _title(value)
            return found
    return None


def _single(value: dict[str, Any], depth: int) -> Found | None:
    """Take a lone step as a plan of one; an object that only resembles a step is none."""
    if depth > 1 or not {"model", "inputs"} & {str(key).lower() for key in value}:
        return None
    return Found([value], "", [], {"env_bare_list": "Put the one step into a plan."})


def _framed(value: dict[str, Any], key: str, steps: tuple[list[Any], dict[str, str]]) -> Found:
    listed, codes = steps
    if key != "steps":
        codes = {"env_wrong_key": f"Took the steps from {key!r}."} | codes
    extra = [str(name) for name in value if name not in _FRAME and name != key]
    if extra:
        codes["env_extra_field"] = f"Left out what a plan does not have: {', '.join(extra[:8])}."
    groups = value.get("groups")
    return Found(listed, _title(value), groups if isinstance(groups, list) else [], codes)


def _as_steps(
    value: Any, reading: Reading, *, anything: bool
) -> tuple[list[Any], dict[str, str]] | None:
    """Return a list of steps, or None where the value is none."""
    if isinstance(value, str):
        inner = read_inner(value)
        if inner is not None and len(inner.values) == 1:
            found = _as_steps(inner.values[0], reading, anything=anything)
            if found is not None:
                reading.cut_off = reading.cut_off or inner.cut_off
                return found[0], {"json_double_encoded": "Read the steps out of a text."} | found[1]
        return None
    if isinstance(value, list):
        if value and all(isinstance(each, str) for each in value):
            read = [read_inner(each) for each in value]
            if all(each is not None and len(each.values) == 1 for each in read):
                listed = [each.values[0] for each in read if each is not None]
                return listed, {"json_double_encoded": "Read each step out of a text."}
        stepwise = [each for each in value if isinstance(each, dict) and _is_step(each)]
        if anything or (value and len(stepwise) == len(value)):
            return value, {}
        return None
    if isinstance(value, dict) and value and _is_step_map(value):
        return _from_map(value), {"env_step_map": "Made the map of steps a list."}
    return ([], {}) if value == {} and anything else None


def _is_step(value: dict[str, Any]) -> bool:
    words = {str(key).lower().replace("-", "_") for key in value} & _STEP_WORDS
    return len(words) >= 2 and bool(words & _TELLING) and not _is_schema(value)


def _is_step_map(value: dict[str, Any]) -> bool:
    return bool(value) and all(
        isinstance(inner, dict) and _is_step(inner) for inner in value.values()
    )


def _from_map(value: dict[str, Any]) -> list[Any]:
    return [{"id": key, **inner} for key, inner in value.items()]


def _is_schema(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    if "$schema" in value or "$defs" in value:
        return True
    described = value.get("properties")
    return isinstance(described, dict) and ("required" in value or value.get("type") == "object")


def _title(value: dict[str, Any]) -> str:
    return next((value[key] for key in _TITLES if isinstance(value.get(key), str)), "")
