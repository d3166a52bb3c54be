"""Landlock: Linux's own fence around a process, which it can put up and never take down.

The three system calls and their structures are those of `linux/landlock.h`; the numbers are the
same on all processors. https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    Some = Iterable[Path | str]

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_ABI_VERSION = 1
_BENEATH = 1
_NO_NEW_PRIVILEGES = 38
_EXECUTE, _WRITE, _READ, _LIST = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE, _MAKE = 1 << 5, 1 << 8
_ALL_OF_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_TRUNCATE = 1 << 14
_TCP = 0b11
_SCOPES = 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """Return which Landlock this kernel has; 0 without any."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(0, _call(_CREATE, None, 0, _ABI_VERSION))


def fence(files: Some, folders: Some, workshops: Some, devices: Some) -> bool:
    """Let this process open nothing but these from now on, and no TCP connection at all.

    `files` may be read; `folders` may be read with all that is below; in `workshops` files may
    also be made, written and removed, `devices` read and written. Running programs is over.
    Belongs to a process without other threads. False where the kernel has no Landlock.
    """
    abi = version()
    if not abi:
        return False
    every = _ALL_OF_ABI[max(each for each in _ALL_OF_ABI if each <= abi)]
    rules = _Ruleset(every, _TCP if abi >= 4 else 0, _SCOPES if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = _done(_call(_CREATE, ctypes.byref(rules), size, 0))
    work = (_READ | _LIST | _WRITE | _REMOVE | _MAKE | _TRUNCATE) & every
    try:
        for path in files:
            _allow(ruleset, str(path), _READ)
        for path in folders:
            _allow(ruleset, str(path), _READ | _LIST)
        for path in workshops:
            _allow(ruleset, str(path), work)
        for name in devices:
            _allow(ruleset, str(name), _READ | _WRITE)
        _done(ctypes.CDLL(None, use_errno=True).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
        _done(_call(_RESTRICT, ruleset, 0))
    finally:
        os.close(ruleset)
    return True


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        # What is not there needs no leave.
        return
    try:
        if not os.path.isdir(path):  # noqa: PTH112 - the name of a device or file is enough here
            rights &= _READ | _WRITE | _TRUNCATE
        rule = _Beneath(rights, place)
        _done(_call(_ADD, ruleset, _BENEATH, ctypes.byref(rule), 0))
    finally:
        os.close(place)


def _call(number: int, *arguments: object) -> int:
    long_arguments = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    call = ctypes.CDLL(None, use_errno=True).syscall
    call.restype = ctypes.c_long
    return int(call(ctypes.c_long(number), *long_arguments))


def _done(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
