"""A plan file and its edits: every change can be undone, also after a restart.

The edits lie beside the plan, in `<name>.history.json`. A plan file that was changed by hand in
between is taken as it is, and that change is one more edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from framewright.edits.apply import difference
from framewright.edits.concurrent import merge
from framewright.edits.history import History
from framewright.errors import EditError, InputError
from framewright.store.locks import FileLock
from framewright.studio.plan_files import plan_text, read_plan, write_plan, write_text

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.domain.plan import Plan


def history_file(path: Path) -> Path:
    """Return where the edits of a plan file lie."""
    return path.with_name(f"{path.stem}.history.json")


def read_history(path: Path) -> History:
    """Return a plan file with its edits; raises `InputError` for a history that is none."""
    plan = read_plan(path)
    beside = history_file(path)
    if not beside.exists():
        return History(plan=plan)
    try:
        history = History.model_validate_json(beside.read_bytes())
    except (ValidationError, OSError) as error:
        message = f"{beside} is not the history of a plan."
        raise InputError(message, action="Move it away to begin a new one.") from error
    if plan_text(history.plan) == plan_text(plan):
        return history
    return history.done((difference(history.plan, plan),), "changed by hand")


def write_history(history: History, path: Path, base: Plan) -> History:
    """Write the plan, and its edits beside it, each whole or not at all; return what was written.

    `base` is the plan the edit began with. What somebody else has written meanwhile goes
    together with it, field by field; raises `EditError` where both changed the same.

    The plan goes first: should the second write fail, the next reading finds a change by hand.
    """
    lock = FileLock(path.with_name(f".{path.name}.lock"))
    lock.acquire()
    try:
        theirs = read_history(path)
        if plan_text(theirs.plan) != plan_text(base):
            history = _together(history, path, base, theirs)
        write_plan(history.plan, path, overwrite=True)
        write_text(history.model_dump_json(), history_file(path))
    finally:
        lock.release(remove=True)
    return history


def _together(history: History, path: Path, base: Plan, theirs: History) -> History:
    found = merge(base, history.plan, theirs.plan)
    if found.plan is None:
        places = [".".join(filter(None, (each.step, each.field))) for each in found.conflicts]
        message = f"{path} was changed meanwhile, in the same places: {', '.join(places[:6])}."
        raise EditError(message, action="Look at it as it is now, then say the edit again.")
    said = history.edits[history.at - 1].said if history.at else ""
    return theirs.done((difference(theirs.plan, found.plan),), said)
