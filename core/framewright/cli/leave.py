"""How the process ends: an exit code and one clear sentence, never a traceback."""

from __future__ import annotations

import io
import logging
import os
import sys
import traceback
from contextlib import suppress
from typing import NoReturn, TextIO

from framewright.cli.logs import keep_log
from framewright.errors import FramewrightError, InputError, StorageError

CANCELLED = 130


def run_and_leave() -> NoReturn:
    """Run the command line of this process; every way out leads through here."""
    from framewright.cli.app import app

    keep_log()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a letter shows a question mark for it.
            stream.reconfigure(errors="replace")
    sys.exit(_outcome(app))


def _outcome(app: object) -> int:
    assert callable(app)
    try:
        try:
            # A program that asks for JSON gets it for a wrong option too.
            alone = "--json" not in sys.argv
            code = app(prog_name="framewright", standalone_mode=alone)
        finally:
            sys.stdout.flush()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except FramewrightError as error:
        return _report(error)
    except KeyboardInterrupt:
        return CANCELLED
    except BrokenPipeError:
        # Whoever read our output has gone, as in `framewright models | head -1`.
        _send_nowhere(sys.stdout)
        return 0
    except Exception as error:  # noqa: BLE001 - the last door: a person gets a sentence, the log the rest
        return _report(_wrong_usage(error) or _unforeseen(error))
    return code if isinstance(code, int) else 0


def _report(error: FramewrightError) -> int:
    """Tell a person or a program what went wrong; return the exit code that says so."""
    from framewright.cli.answer import report_error

    try:
        report_error(error, as_json="--json" in sys.argv)
        sys.stdout.flush()
    except OSError:
        # Standard output itself is what failed: what is left is one line on the other one.
        _send_nowhere(sys.stdout)
        with suppress(OSError):
            sys.stderr.write(f"Error: {error.message}\n")
    return error.exit_code


def _wrong_usage(error: Exception) -> InputError | None:
    """Return what the parser of the command line has to say, where it is that that speaks."""
    said = getattr(error, "format_message", None)
    if said is None:
        return None
    return InputError(f"{str(said()).rstrip('.')}.", action="`--help` shows how it is used.")


def _send_nowhere(stream: TextIO) -> None:
    """Let what is still to be written vanish, so that leaving does not stumble over it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _unforeseen(error: Exception) -> FramewrightError:
    if os.environ.get("FRAMEWRIGHT_DEBUG"):
        traceback.print_exception(error)
    log = logging.getLogger("framewright")
    log.error("unforeseen", exc_info=error)
    where = next(
        (str(h.baseFilename) for h in log.handlers if isinstance(h, logging.FileHandler)), ""
    )
    if isinstance(error, OSError) and error.strerror:
        # Nobody's mistake in here: a folder that may not even be looked into, a full pipe.
        where = error.filename or "What was asked for"
        return StorageError(f"{where} can not be read or written: {error.strerror}.")
    action = f"Please report it with {where}." if where else "Set FRAMEWRIGHT_DEBUG=1 to see more."
    return FramewrightError(f"Something went wrong inside Framewright: {error!r}.", action=action)
