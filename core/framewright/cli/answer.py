"""What a command answers: words for people, or one JSON object of a stable shape.

The object is `{"framewright": 1, "ok": true, "data": …}`, or with `"ok": false` an `"error"` of
`code`, `message` and `action`, beside the data where there is any. `framewright schema outputs`
gives the schema of each command's data.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel
    from rich.console import Console

    from framewright.errors import FramewrightError

VERSION = 1
"""Version of the JSON shape; it grows when a field changes its meaning or goes."""


@cache
def console(*, errors: bool = False) -> Console:
    """Return the console for people: standard output, or standard error."""
    from framewright.cli.terminal import SafeConsole

    return SafeConsole(highlight=False, markup=False, stderr=errors, soft_wrap=errors)


def say_json(data: BaseModel | dict[str, Any], *, ok: bool = True) -> None:
    """Print the answer object."""
    written = data if isinstance(data, dict) else data.model_dump(mode="json")
    _print({"framewright": VERSION, "ok": ok, "data": written})


def report_error(error: FramewrightError, *, as_json: bool) -> None:
    """Tell a person or a program what went wrong."""
    if as_json:
        told = {"code": error.code, "message": error.message, "action": error.action}
        _print({"framewright": VERSION, "ok": False, "error": told})
        return
    from rich.text import Text

    out = console(errors=True)
    out.print(Text("Error: ", "bold red") + Text(error.message, "default"))
    if error.action:
        out.print(Text(error.action, "dim"))


def _print(answer: dict[str, Any]) -> None:
    any_letter = sys.stdout.encoding.lower().replace("-", "") == "utf8"
    sys.stdout.write(json.dumps(answer, ensure_ascii=not any_letter, indent=2) + "\n")
