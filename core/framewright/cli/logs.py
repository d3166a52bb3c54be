"""Where the log of a command goes: to a file, and to standard error where a person asks for it."""

from __future__ import annotations

import logging

from framewright.correlation import FORMAT, LogFilter


def keep_log() -> None:
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
    _mark(kept)
    log.addHandler(kept)


def tell_all() -> None:
    """Let what is logged of all work go to standard error too, and more of it to the file."""
    told = logging.StreamHandler()
    _mark(told)
    log = logging.getLogger("framewright")
    log.addHandler(told)
    log.setLevel(logging.INFO)


def _mark(handler: logging.Handler) -> None:
    """Let a handler write with each line which work it belongs to."""
    handler.addFilter(LogFilter())
    handler.setFormatter(logging.Formatter(FORMAT))
