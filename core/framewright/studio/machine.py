"""The machine's side of the diagnosis: folders, space, memory, processors, fences, terminal."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
import tempfile
from pathlib import Path

from framewright.errors import FramewrightError
from framewright.isolation import Isolation
from framewright.studio.diagnosis import Item, State

LITTLE_DISK, TOO_LITTLE_DISK = 2_000_000_000, 200_000_000
LITTLE_MEMORY = 1_000_000_000
"""In bytes: a clip of 1080p with all its sound is made in well under this."""
NETWORK_FILESYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs"})


def _standing(place: Path) -> Path:
    """Return the folder itself, or the nearest above it that exists."""
    return next(folder for folder in (place, *place.parents) if folder.exists())


def workspace(place: Path) -> Item:
    """Tell whether the workspace's folder can be written."""
    folder = _standing(place)
    problem = ""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        problem = error.strerror or str(error)
    new = "" if folder == place else " (to be made)"
    quoted = shlex.quote(str(folder))
    return Item(
        name="Workspace",
        state="missing" if problem else "ok",
        found=f"{place}{new}" + (f": {folder}: {problem}" if problem else ""),
        meaning="The folder that keeps your projects; Framewright has to write in it.",
        remedy=f"sudo chown -R $(id -u) {quoted} && chmod u+rwx {quoted}" if problem else "",
    )


def filesystem(place: Path) -> Item:
    """Tell whether the folder lies on a disk of this machine."""
    kind = _filesystem_kind(_standing(place))
    far = kind in NETWORK_FILESYSTEMS
    return Item(
        name="File system",
        state="warning" if far else "ok",
        found=kind or "not known",
        meaning="SQLite shares memory between processes, which network file systems do not allow:"
        " keep the workspace on a disk of this machine.",
        remedy="framewright init ~/framewright" if far else "",
    )


def _filesystem_kind(folder: Path) -> str:
    """Return what Linux calls the file system under a folder; empty where nobody says."""
    try:
        lines = Path("/proc/self/mounts").read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    mounts = [line.split(" ")[1:3] for line in lines]
    # Later mounts hide earlier ones; /proc writes a blank as \040.
    kinds = {Path(point.replace("\\040", " ")): kind for point, kind in mounts}
    real = folder.resolve()
    return next((kinds[each] for each in (real, *real.parents) if each in kinds), "")


def disk(place: Path) -> Item:
    """Tell how much space is left at the folder."""
    folder = _standing(place)
    free = shutil.disk_usage(folder).free
    state: State = "ok"
    if free < LITTLE_DISK:
        state = "missing" if free < TOO_LITTLE_DISK else "warning"
    return Item(
        name="Free space",
        state=state,
        found=f"{free / 1e9:.1f} GB at {folder}",
        meaning="A minute of film with its parts takes about 100 MB; with less than 2 GB it gets"
        " tight.",
        remedy="" if state == "ok" else f"du -xh --max-depth=1 {shlex.quote(str(folder))}",
    )


def temporary_folder() -> Item:
    """Tell where temporary files go."""
    try:
        found = tempfile.gettempdir()
    except FileNotFoundError:
        found = ""
    return Item(
        name="Temporary folder",
        state="ok" if found else "missing",
        found=found or "none that can be written",
        meaning="Clips are put together there before they are stored.",
        remedy="" if found else "sudo chmod 1777 /tmp",
    )


def isolation() -> Item:
    """Tell what keeps a file that somebody gave from doing harm here."""
    meaning = "Uploads and results are read in processes that can not do more than that."
    try:
        with Isolation(1) as opened:
            fences = opened.fences()
    except FramewrightError as error:
        remedy = f"{shlex.quote(sys.executable)} -m framewright.isolation.worker < /dev/null"
        found = error.message
        return Item(name="Isolation", state="missing", found=found, meaning=meaning, remedy=remedy)
    have = {
        "a process for each file": fences.forks,
        "no network": fences.offline,
        "no other files": fences.fence > 0,
    }
    lacking = [name for name, there in have.items() if not there]
    found = ", ".join(name for name, there in have.items() if there) or "processes with limits"
    if not lacking:
        return Item(name="Isolation", state="ok", found=found, meaning=meaning)
    return Item(
        name="Isolation",
        state="warning",
        found=f"{found}; not to be had here: {', '.join(lacking)}",
        meaning=f"{meaning} Linux 6.7 with Landlock and user namespaces can keep them from all.",
        remedy="sysctl kernel.unprivileged_userns_clone; cat /sys/kernel/security/lsm",
    )


def processors() -> Item:
    """Tell how many processors this process may use."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return Item(
        name="Processors",
        state="ok",
        found=str(count or "not known"),
        meaning="Steps that do not need each other run side by side on them.",
    )


def memory() -> Item:
    """Tell how much memory is free."""
    free = _available_memory()
    little = free is not None and free < LITTLE_MEMORY
    return Item(
        name="Free memory",
        state="warning" if little else "ok",
        found="not known" if free is None else f"{free / 1e9:.1f} GB",
        meaning="With less than 1 GB, long clips may be stopped by the operating system.",
        remedy="ps -eo rss,pid,comm --sort=-rss | head" if little else "",
    )


def _available_memory() -> int | None:
    """Return the bytes this process may still take; None where nobody says."""
    amounts = []
    try:
        told = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text("ascii"))
        amounts.extend([int(told[1]) * 1_024] if told else [])
        # Containers: the limit of control groups, version 2; "max" says there is none.
        limits = Path("/sys/fs/cgroup")
        most = (limits / "memory.max").read_text("ascii").strip()
        if most.isdecimal():
            amounts.append(int(most) - int((limits / "memory.current").read_text("ascii")))
    except OSError:
        pass
    return min(amounts, default=None)


def terminal() -> Item:
    """Tell whether what is printed is UTF-8."""
    encoding = (getattr(sys.stdout, "encoding", None) or "unknown").lower()
    good = encoding.replace("-", "") == "utf8"
    return Item(
        name="Terminal",
        state="ok" if good else "warning",
        found=encoding,
        meaning="Names and progress are shown in UTF-8; another encoding shows question marks.",
        remedy="" if good else "export PYTHONUTF8=1 LC_ALL=C.UTF-8",
    )
