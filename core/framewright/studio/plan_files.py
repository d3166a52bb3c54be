"""Plans as files: read with every check of form, written as people read them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import ValidationError

from framewright.domain.plan import Plan
from framewright.errors import InputError, PlanInvalidError, as_storage_error
from framewright.media.replacing import replacing
from framewright.studio.catalogs import read_json

if TYPE_CHECKING:
    from pathlib import Path


def read_plan(path: Path) -> Plan:
    """Return the plan in a file; raises `PlanInvalidError` naming the first wrong place."""
    content = read_json(path)
    if not isinstance(content, dict):
        kind = "a list" if isinstance(content, list) else "a single value"
        message = f"{path} is not a plan: it holds {kind}, and a plan is an object with steps."
        raise PlanInvalidError(message, action="`framewright schema plan` shows the form.")
    try:
        return Plan.model_validate(content)
    except ValidationError as error:
        found = error.errors(include_url=False)
        where = ".".join(map(str, found[0]["loc"])) or "the top"
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        message = f"{path} is not a plan: {found[0]['msg']} at {where}{more}."
        action = "`framewright schema plan` shows the form."
        raise PlanInvalidError(message, action=action) from error


def plan_text(plan: Plan) -> str:
    """Return a plan as JSON for people: indented, with its own letters."""
    return json.dumps(plan.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"


def write_plan(plan: Plan, path: Path, *, overwrite: bool = False) -> None:
    """Write a plan to a file, whole or not at all.

    Raises `StorageError`, and `InputError` where another plan would be lost.
    """
    if path.exists() and not overwrite:
        raise InputError(f"{path} is there already.", action="Choose another name, or --force.")
    write_text(plan_text(plan), path)


def write_text(text: str, path: Path) -> None:
    """Write a text file, whole or not at all; raises `StorageError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as draft:
            draft.write_text(text, "utf-8")
    except OSError as error:
        raise as_storage_error(error, path) from error
