"""Examines this machine: what Framewright needs, what is there, and what installs the rest.

Everything heavy is imported where it is examined, because what can not be imported is a finding.
"""

from __future__ import annotations

import ctypes
import platform
import re
import shlex
import sqlite3
import sys
from importlib import import_module, metadata
from pathlib import Path
from typing import Literal

from framewright import __version__
from framewright.studio import checkup, machine
from framewright.studio.diagnosis import Diagnosis, Item

__all__ = ["Diagnosis", "Item", "examine"]

LEAST_PYTHON = (3, 11)
WRITTEN = ("libx264", "aac")
"""Codecs that results are written with."""
READ = ("h264", "aac", "mp3", "hevc", "vp9", "av1", "opus")
"""Codecs that uploads often have."""
IMPORTED = ("numpy", "PIL", "av", "pydantic", "sqlmodel", "alembic", "jsonschema", "rapidfuzz")
"""Libraries whose binary parts are tried; that one is installed does not mean that it loads."""


def examine(workspace: Path | None) -> Diagnosis:
    """Examine this machine for work in a workspace, which need not exist, or else right here."""
    place = (workspace or Path.cwd()).absolute()
    store = checkup.shared_store(place)
    return Diagnosis(
        items=(
            _python(),
            _framewright(),
            _libraries(),
            _encoders(),
            _decoders(),
            _speech(),
            _fonts(),
            _providers(),
            _sqlite(),
            machine.workspace(place),
            checkup.settings(place),
            checkup.own_models(place),
            *((machine.filesystem(place),) if store is None else (store,)),
            machine.disk(place),
            machine.temporary_folder(),
            machine.isolation(),
            machine.processors(),
            machine.memory(),
            machine.terminal(),
        )
    )


def _python() -> Item:
    enough = sys.version_info >= LEAST_PYTHON
    return Item(
        name="Python",
        state="ok" if enough else "missing",
        found=f"{platform.python_version()} at {sys.executable}",
        meaning="Framewright needs Python 3.11 or newer.",
        remedy="" if enough else "sudo apt-get install python3.11",
    )


def _framewright() -> Item:
    return Item(
        name="Framewright",
        state="ok",
        found=f"{__version__} at {Path(__file__).parents[1]}",
        meaning="The version to name when you report something.",
    )


def _libraries() -> Item:
    found, lacking = [], []
    for name in _required_distributions():
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            lacking.append(name)
    for module in IMPORTED:
        try:
            import_module(module)
        except ImportError as error:
            lacking.append(f"{module} ({error})")
    return Item(
        name="Libraries",
        state="missing" if lacking else "ok",
        found=f"not usable: {', '.join(lacking)}" if lacking else ", ".join(found),
        meaning="The Python packages that Framewright is built on.",
        remedy=_install_again() if lacking else "",
    )


def _required_distributions() -> list[str]:
    """Return the names Framewright itself says it needs, extras left out."""
    try:
        wanted = metadata.requires("framewright") or []
    except metadata.PackageNotFoundError:
        return []
    names = (re.match(r"[\w.-]+", each) for each in wanted if "extra ==" not in each)
    return sorted(name.group() for name in names if name)


def _install_again() -> str:
    """Return the command that installs the Python packages afresh."""
    checkout = Path(__file__).parents[3]
    if (checkout / "packaging" / "set_up.sh").is_file():
        folder = shlex.quote(str(checkout))
        return f"rm -rf {folder}/.venv && make -C {folder} setup"
    return f"{shlex.quote(sys.executable)} -m pip install --force-reinstall framewright"


def _encoders() -> Item:
    lacking, version = _lacking_codecs(WRITTEN, "w")
    return Item(
        name="Writing media",
        state="missing" if lacking else "ok",
        found=f"no {', '.join(lacking)}" if lacking else f"{', '.join(WRITTEN)} ({version})",
        meaning="Results are H.264 video with AAC sound; PyAV has to bring both codecs.",
        remedy=_install_again() if lacking else "",
    )


def _decoders() -> Item:
    lacking, version = _lacking_codecs(READ, "r")
    return Item(
        name="Reading media",
        state="warning" if lacking else "ok",
        found=f"no {', '.join(lacking)}" if lacking else f"{', '.join(READ)} ({version})",
        meaning="Uploads in a codec that is not there can not be opened.",
        remedy=_install_again() if lacking else "",
    )


def _lacking_codecs(names: tuple[str, ...], mode: Literal["r", "w"]) -> tuple[list[str], str]:
    """Return which codecs PyAV does not bring, and what version it is; without PyAV, all."""
    try:
        from framewright.media.codecs import UnknownCodecError, av
    except ImportError:
        return list(names), ""
    lacking = []
    for name in names:
        try:
            av.Codec(name, mode)
        except UnknownCodecError:
            lacking.append(name)
    return lacking, f"PyAV {av.__version__}, FFmpeg {av.ffmpeg_version_info}"


def _speech() -> Item:
    try:
        version = _espeak_version()
        problem = ""
    except (ImportError, OSError, AttributeError) as error:
        version, problem = "", str(error)
    return Item(
        name="Speech",
        state="missing" if problem else "ok",
        found=f"not usable: {problem}" if problem else f"espeak-ng {version}",
        meaning="Voice-over of the local provider is spoken by espeak-ng.",
        remedy=_install_again() if problem else "",
    )


def _espeak_version() -> str:
    import espeakng_loader

    library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
    if not Path(espeakng_loader.get_data_path(), "phontab").is_file():
        raise OSError("its voices are not there")
    library.espeak_Info.restype = ctypes.c_char_p
    version = library.espeak_Info(ctypes.byref(ctypes.c_char_p()))
    return bytes(version).decode("utf-8", "replace")


def _fonts() -> Item:
    remedy = "sudo apt-get install fonts-dejavu-core"
    meaning = "Captions are set in DejaVu Sans; letters it lacks come from another font here."
    try:
        from framewright.errors import MediaError
        from framewright.media.fonts import PACKAGE, load_font, typeface

        name = " ".join(filter(None, getattr(load_font(16, bold=False), "getname", tuple)()))
    except (ImportError, OSError):
        return Item(name="Fonts", state="missing", found="none", meaning=meaning, remedy=remedy)
    if not name.startswith("DejaVu"):
        found = f"{name} instead of DejaVu Sans"
        return Item(name="Fonts", state="warning", found=found, meaning=meaning, remedy=remedy)
    try:
        typeface("冬かな한", 16, bold=False)
    except MediaError:
        found = f"{name}; none for East Asian letters (sudo apt-get install {PACKAGE})"
        return Item(name="Fonts", state="ok", found=found, meaning=meaning)
    return Item(name="Fonts", state="ok", found=name, meaning=meaning)


def _providers() -> Item:
    from framewright.studio.installed_providers import GROUP

    names, lacking = [], []
    for entry in metadata.entry_points(group=GROUP):
        try:
            entry.load()
        except (ImportError, AttributeError) as error:
            lacking.append(f"{entry.name} is not usable ({error})")
        else:
            names.append(entry.name)
    good = bool(names) and not lacking
    return Item(
        name="Providers",
        state="ok" if good else "warning" if names else "missing",
        found=", ".join(names + lacking) or "none",
        meaning="Those who make the pictures, clips and sounds.",
        remedy="" if good else _install_again(),
    )


def _sqlite() -> Item:
    version = sqlite3.sqlite_version_info
    old = version < (3, 37, 0)
    defect = (3, 7, 0) <= version < (3, 51, 3)
    guarded = " (its WAL-reset defect can not strike here)" if defect else ""
    why = (
        "SQLite 3.7.0 to 3.51.2 can damage a database when two connections write or checkpoint at"
        " once; Framewright holds a lock of the operating system around every write and"
        " checkpoint, so that two processes never do."
    )
    return Item(
        name="SQLite",
        state="missing" if old else "ok",
        found=f"{sqlite3.sqlite_version}{'' if old else guarded}",
        meaning=why if defect and not old else "The workspace's database; 3.37 or newer is needed.",
        remedy="sudo apt-get install --only-upgrade libsqlite3-0" if old else "",
    )
