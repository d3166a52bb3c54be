"""What a process that works on an errand gives up before it begins."""

from __future__ import annotations

import ctypes
import importlib
import math
import os
import signal
import sys
import sysconfig
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framewright.isolation import landlock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framewright.isolation.errand import Limits

resource: Any = importlib.import_module("resource") if os.name == "posix" else None

_DIES_WITH_PARENT = 1
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")
_SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/share", "/lib", "/lib64", "/etc/fonts")
_SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/sys/devices/system/cpu")


def without_network() -> bool:
    """Leave the network for good, all of it, where the system lets a process do so.

    A network of its own has nothing in it, not even a way to itself. Belongs to a process
    without other threads.
    """
    if not sys.platform.startswith("linux"):
        return False
    library = ctypes.CDLL(None, use_errno=True)
    if library.unshare(_NEW_NETWORK) == 0:
        return True
    # Without privileges one needs a user of one's own too; files still belong to the old one.
    user, group = os.getuid(), os.getgid()
    if library.unshare(_NEW_USER | _NEW_NETWORK) != 0:
        return False
    with suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    return True


def die_with(parent: int) -> None:
    """End when the parent ends, even where it was killed; at once where it already has."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(0)


def first_to_go() -> None:
    """Where memory runs out, let the system end this process and no other."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def limit(limits: Limits, seconds: float, *, for_good: bool) -> None:
    """Keep to the limits from now on; `seconds` are those of the clock on the wall.

    Unless it is `for_good`, the process may set others later.
    """
    if resource is None:
        return
    # Several threads use up several seconds in one.
    processor = math.ceil(seconds * (os.cpu_count() or 1)) + 5
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, processor),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # The softer limit of time is told apart from a plain kill by its signal.
        last = hard if not for_good else allowed + (what == resource.RLIMIT_CPU)
        # macOS refuses some of them.
        with suppress(OSError, ValueError):
            resource.setrlimit(what, (allowed, last))


def fence(reads: tuple[Path, ...], writes: tuple[Path, ...], code: tuple[Path, ...]) -> bool:
    """Open nothing from now on but these files, these folders, and what programs are made of.

    `code` are further folders with modules and their data. False where nothing fences it in.
    """
    try:
        return landlock.fence([*reads, *_SYSTEM_FILES], [*_SYSTEM, *code], writes, _DEVICES)
    except OSError:
        return False


def code_of(modules: Iterable[str]) -> tuple[Path, ...]:
    """Return the folders of Python itself, its packages, and these packages of ours."""
    kinds = ("stdlib", "platstdlib", "purelib", "platlib")
    specs = (find_spec(name) for name in modules)
    ours = [each for spec in specs if spec for each in spec.submodule_search_locations or ()]
    return tuple(Path(each) for each in sorted({*map(sysconfig.get_path, kinds), *ours}))
