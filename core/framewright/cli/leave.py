"""How the process ends: an exit code and one clear sentence, never a traceback."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from typing import NoReturn

from framewright.errors import FramewrightError

CANCELLED = 130


def run_and_leave() -> NoReturn:
    """Run the command line of this process; every way out leads through here."""
    from framewright.cli.app import app

    _keep_log()
    sys.exit(_outcome(app))


def _keep_log() -> None:
    """Let warnings, providers' raw words among them, go to a file that begins when needed."""
    from logging.handlers import RotatingFileHandler

    from platformdirs import user_log_path

    log = logging.getLogger("framewright")
    log.propagate = False
    try:
        folder = user_log_path("framewright", ensure_exists=True)
    except OSError:
        log.addHandler(logging.NullHandler())
        return
    kept = RotatingFileHandler(
        folder / "framewright.log", maxBytes=1_000_000, backupCount=2, delay=True, encoding="utf-8"
    )
    kept.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    log.addHandler(kept)


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
    log = logging.getLogger("framewright")
    log.error("unforeseen", exc_info=error)
    where = next(
        (str(h.baseFilename) for h in log.handlers if isinstance(h, logging.FileHandler)), ""
    )
    action = f"Please report it with {where}." if where else "Set FRAMEWRIGHT_DEBUG=1 to see more."
    return FramewrightError(f"Something went wrong inside Framewright: {error!r}.", action=action)
