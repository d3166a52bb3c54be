"""The vocabulary of findings on plans: stable codes and how much each matters."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from framewright.domain.finding import Finding, Severity

if TYPE_CHECKING:
    from framewright.domain.plan import Step


class Code(StrEnum):
    """Every code a check can give; a code's meaning never changes."""

    STEP_EMPTY_PLAN = "step_empty_plan"
    """The plan has no steps."""
    STEP_TOO_MANY = "step_too_many"
    STEP_DUPLICATE_ID = "step_duplicate_id"
    STEP_RESERVED_ID = "step_reserved_id"
    """The id would make references mean something else."""
    STEP_GROUP_UNKNOWN = "step_group_unknown"
    REF_BAD_SYNTAX = "ref_bad_syntax"
    REF_DANGLING = "ref_dangling"
    """It names a step that is not there."""
    REF_SELF = "ref_self"
    REF_CYCLE = "ref_cycle"
    REF_UPLOAD_MISSING = "ref_upload_missing"
    REF_ASSET_MISSING = "ref_asset_missing"
    MODEL_MISSING = "model_missing"
    """The step names no model yet."""
    MODEL_UNKNOWN_NEAR = "model_unknown_near"
    MODEL_UNKNOWN = "model_unknown"
    MODEL_UNAVAILABLE = "model_unavailable"
    MODEL_PROVIDER_MISSING = "model_provider_missing"
    """Nobody here runs it: a plan may be made on one machine and run on another."""
    MODEL_KIND_MISMATCH = "model_kind_mismatch"
    MODEL_TASK_MISMATCH = "model_task_mismatch"
    INPUT_MISSING_REQUIRED = "input_missing_required"
    INPUT_UNKNOWN_FIELD = "input_unknown_field"
    INPUT_UNKNOWN_FIELD_NEAR = "input_unknown_field_near"
    INPUT_ENUM = "input_enum"
    INPUT_RANGE = "input_range"
    INPUT_TYPE_STRING_NUMBER = "input_type_string_number"
    INPUT_TYPE_WRONG = "input_type_wrong"
    INPUT_SCALAR_FOR_ARRAY = "input_scalar_for_array"
    INPUT_ARRAY_FOR_SCALAR = "input_array_for_scalar"
    INPUT_NULL = "input_null"
    INPUT_MIN_ITEMS = "input_min_items"
    INPUT_MAX_ITEMS = "input_max_items"
    INPUT_TOO_LONG = "input_too_long"
    INPUT_TOO_SHORT = "input_too_short"
    INPUT_INVALID = "input_invalid"
    """Against another rule of the model's own schema."""
    INPUT_URL_INSTEAD_OF_REF = "input_url_instead_of_ref"
    INPUT_INCONSISTENT = "input_inconsistent"
    MEDIA_MISMATCH = "media_mismatch"
    UTILITY_MERGE_SINGLE = "utility_merge_single"
    CONDITION_NO_RESULT = "condition_no_result"
    """The condition looks at something that is no step's result."""
    CONDITION_NOT_TEXT = "condition_not_text"
    """It compares words with a result that has none."""


_MILD = {
    Code.STEP_GROUP_UNKNOWN: Severity.WARNING,
    Code.MODEL_PROVIDER_MISSING: Severity.WARNING,
}


def finding(
    code: Code,
    message: str,
    step: Step | str | None = None,
    field: str | None = None,
    fix: str = "",
) -> Finding:
    """Return a finding of a code with its own severity; empty parts are left out."""
    parts: dict[str, Any] = {}
    if step is not None:
        parts["step"] = step if isinstance(step, str) else step.id
    if field is not None:
        parts["field"] = field
    if fix:
        parts["fix"] = fix
    severity = _MILD.get(code, Severity.ERROR)
    return Finding(code=code.value, severity=severity, message=message, **parts)


def place(path: tuple[str | int, ...]) -> str:
    """Return a path into a step's inputs as people write it: `videos[1]`."""
    written = ""
    for part in path:
        written += f"[{part}]" if isinstance(part, int) else f".{part}" if written else part
    return written


def short(value: object, most: int = 40) -> str:
    """Return a value as it can stand in a sentence."""
    text = repr(value) if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= most else text[: most - 1] + "…"
