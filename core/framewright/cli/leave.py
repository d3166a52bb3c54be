"""How the process ends: an exit code and one clear sentence, never a traceback."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from typing import TYPE_CHECKING, NoReturn

from framewright.errors import FramewrightError

if TYPE_CHECKING:
    from pathlib import Path

CANCELLED = 130


def run_and_leave() -> NoReturn:
    """Run the command line of this process; every way out leads through here."""
    from framewright.cli.app import app

    logging.getLogger("framewright").addHandler(logging.NullHandler())
    sys.exit(_outcome(app))


def _outcome(app: object) -> int:
    from framewright.cli.answer import report_error

    assert callable(app)
    wants_json = "--json" in sys.argv
    try:
        app(prog_name="framewright", standalone_mode=True)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except FramewrightError as error:
        report_error(error, as_json=wants_json)
        return error.exit_code
    except KeyboardInterrupt:
        return CANCELLED
    except BrokenPipeError:
        # Whoever read our output has gone, as in `framewright models | head -1`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the last door: a person gets a sentence, the log the rest
        report_error(_unforeseen(error), as_json=wants_json)
        return 1
    return 0


def _unforeseen(error: Exception) -> FramewrightError:
    if os.environ.get("FRAMEWRIGHT_DEBUG"):
        traceback.print_exception(error)
    where = _write_down(error)
    action = f"Please report it with {where}." if where else "Set FRAMEWRIGHT_DEBUG=1 to see more."
    return FramewrightError(f"Something went wrong inside Framewright: {error!r}.", action=action)


def _write_down(error: Exception) -> Path | None:
    from platformdirs import user_log_path

    try:
        folder = user_log_path("framewright")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "errors.log"
        with path.open("a", encoding="utf-8") as log:
            log.writelines(traceback.format_exception(error))
    except OSError:
        return None
    return path
