"""Takes things away from the machine, one at a time, and looks whether the doctor misses them."""

from __future__ import annotations

import io
import shutil
import sqlite3
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import pytest

from framewright.isolation import Isolation
from framewright.isolation.pool import Fences
from framewright.studio import doctor, machine
from framewright.studio.doctor import Diagnosis, Item, examine


def item(name: str, workspace: Path) -> Item:
    found = {each.name: each for each in examine(workspace).items}
    return found[name]


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_remedy_is_named_exactly_where_something_is_not_well(tmp_path: Path) -> None:
    for each in examine(tmp_path).items:
        assert bool(each.remedy) is (each.state != "ok"), each
        assert each.found
        assert each.meaning.endswith(".")


def test_a_checkout_that_was_set_up_lacks_nothing(tmp_path: Path) -> None:
    missing = [each for each in examine(tmp_path).items if each.state == "missing"]
    assert missing == []
    assert examine(tmp_path).ok


def test_names_are_unique_and_their_order_is_settled(tmp_path: Path) -> None:
    names = [each.name for each in examine(tmp_path).items]
    assert len(set(names)) == len(names)
    assert names == [each.name for each in examine(tmp_path).items]


def test_warnings_do_not_spoil_a_diagnosis_but_lacks_do() -> None:
    fine = Item(name="a", state="ok", found="1", meaning="A.")
    less = fine.model_copy(update={"state": "warning"})
    none = fine.model_copy(update={"state": "missing"})
    assert Diagnosis(items=(fine, less)).ok
    assert not Diagnosis(items=(fine, none)).ok


def test_examining_leaves_nothing_behind(tmp_path: Path) -> None:
    examine(tmp_path / "deep" / "workspace")
    assert list(tmp_path.iterdir()) == []


def test_without_a_workspace_the_current_folder_is_examined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = {each.name: each.found for each in examine(None).items}
    assert found["Workspace"] == str(tmp_path)


def test_a_workspace_that_is_still_to_be_made_is_examined_where_it_will_be(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "workspace"
    assert item("Workspace", place).found == f"{place} (to be made)"
    assert item("Free space", place).found.endswith(str(tmp_path))


def test_old_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LEAST_PYTHON", (99, 0))
    found = item("Python", tmp_path)
    assert found.state == "missing"
    assert "apt-get install" in found.remedy


def test_a_package_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = metadata.version

    def version(name: str) -> str:
        if name == "rich":
            raise metadata.PackageNotFoundError(name)
        return honest(name)

    monkeypatch.setattr(metadata, "version", version)
    found = item("Libraries", tmp_path)
    assert (found.state, found.found) == ("missing", "not usable: rich")
    assert " setup" in found.remedy


def test_a_package_whose_binary_part_does_not_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # None in sys.modules makes an import fail as it does for a broken package.
    monkeypatch.setitem(sys.modules, "numpy", None)
    found = item("Libraries", tmp_path)
    assert found.state == "missing"
    assert "numpy" in found.found


def test_a_codec_that_results_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "WRITTEN", ("libx264", "no-such-codec"))
    found = item("Writing media", tmp_path)
    assert (found.state, found.found) == ("missing", "no no-such-codec")
    assert " setup" in found.remedy


def test_a_codec_that_only_uploads_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "READ", ("h264", "no-such-codec"))
    found = item("Reading media", tmp_path)
    assert (found.state, found.found) == ("warning", "no no-such-codec")


def test_no_pyav_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "framewright.media.codecs", None)
    assert item("Writing media", tmp_path).found == "no libx264, aac"
    assert item("Reading media", tmp_path).state == "warning"


@pytest.mark.parametrize("lack", ["package", "library", "voices"])
def test_no_speech(lack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import espeakng_loader

    if lack == "package":
        monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    elif lack == "library":
        monkeypatch.setattr(espeakng_loader, "get_library_path", lambda: str(tmp_path / "no.so"))
    else:
        monkeypatch.setattr(espeakng_loader, "get_data_path", lambda: str(tmp_path))
    found = item("Speech", tmp_path)
    assert found.state == "missing"
    assert " setup" in found.remedy


def test_no_dejavu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from framewright.media import fonts

    fonts.load_font.cache_clear()
    monkeypatch.setattr(fonts, "DEJAVU", ())
    found = item("Fonts", tmp_path)
    fonts.load_font.cache_clear()
    assert found.state == "warning"
    assert found.found.endswith("instead of DejaVu Sans")
    assert found.remedy == "sudo apt-get install fonts-dejavu-core"


def test_no_font_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "framewright.media.fonts", None)
    assert item("Fonts", tmp_path).state == "missing"


def test_no_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "entry_points", lambda group: ())
    found = item("Providers", tmp_path)
    assert (found.state, found.found) == ("missing", "none")


def test_a_provider_that_can_not_be_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = metadata.EntryPoint("good", "json:loads", "framewright.providers")
    bad = metadata.EntryPoint("bad", "no_such_module:provider", "framewright.providers")
    monkeypatch.setattr(metadata, "entry_points", lambda group: (good, bad))
    found = item("Providers", tmp_path)
    assert found.state == "warning"
    assert found.found.startswith("good, bad is not usable")


@pytest.mark.parametrize(
    ("version", "state", "told"),
    [
        ((3, 36, 0), "missing", ""),
        ((3, 40, 1), "ok", "WAL-reset"),
        ((3, 51, 2), "ok", "WAL-reset"),
        ((3, 51, 3), "ok", ""),
    ],
)
def test_sqlite(
    version: tuple[int, int, int],
    state: str,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    monkeypatch.setattr(sqlite3, "sqlite_version", ".".join(map(str, version)))
    found = item("SQLite", tmp_path)
    assert found.state == state
    assert ("WAL-reset" in found.found) is bool(told)
    assert ("holds a lock" in found.meaning) is bool(told)
    assert ("libsqlite3-0" in found.remedy) is (state == "missing")


def test_a_workspace_that_can_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**where: Path) -> None:
        raise PermissionError(13, "Permission denied", str(where["dir"]))

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    spaced = tmp_path / "my films"
    spaced.mkdir()
    found = item("Workspace", spaced)
    assert found.state == "missing"
    assert "Permission denied" in found.found
    assert f"'{spaced}'" in found.remedy


def test_a_file_where_the_workspace_should_be(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    found = item("Workspace", tmp_path / "taken" / "workspace")
    assert found.state == "missing"
    assert "Not a directory" in found.found


@pytest.mark.parametrize(
    ("free", "state"), [(10**8, "missing"), (10**9, "warning"), (10**10, "ok")]
)
def test_free_space(free: int, state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10**12, 10**12 - free, free))
    found = item("Free space", tmp_path)
    assert found.state == state
    assert found.remedy.startswith("du ") is (state != "ok")


def test_a_workspace_on_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    escaped = str(tmp_path).replace(" ", "\\040")
    mounts = f"overlay / overlay rw 0 0\nserver:/films {escaped} nfs4 rw 0 0\n"
    monkeypatch.setattr(Path, "read_text", lambda path, *_: mounts)
    found = machine.filesystem(tmp_path / "workspace")
    assert (found.state, found.found) == ("warning", "nfs4")
    assert found.remedy.startswith("framewright init ")
    assert machine.filesystem(tmp_path.parent).state == "ok"


@pytest.mark.parametrize(
    ("fences", "state", "words"),
    [
        (Fences(forks=True, offline=True, fence=4), "ok", "no other files"),
        (Fences(forks=True, offline=False, fence=4), "warning", "be had here: no network"),
        (Fences(forks=False, offline=False, fence=0), "warning", "processes with limits"),
    ],
)
def test_what_keeps_files_from_doing_harm(
    fences: Fences, state: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Isolation, "fences", lambda self: fences)
    found = machine.isolation()
    assert (found.state, words in found.found) == (state, True)


def test_no_process_that_reads_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("framewright.isolation.process._COMMAND", ("/nowhere/python",))
    found = machine.isolation()
    assert found.state == "missing"
    assert "can not be started" in found.found


def test_no_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", refuse)
    found = item("Temporary folder", tmp_path)
    assert found.state == "missing"
    assert "chmod" in found.remedy


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"/proc/meminfo": "MemTotal: 9 kB\nMemAvailable:   2000000 kB\n"}, 2_048_000_000),
        (
            {
                "/proc/meminfo": "MemAvailable: 2000000 kB\n",
                "/sys/fs/cgroup/memory.max": "500000000\n",
                "/sys/fs/cgroup/memory.current": "100000000\n",
            },
            400_000_000,
        ),
        (
            {
                "/proc/meminfo": "MemAvailable: 2000000 kB\n",
                "/sys/fs/cgroup/memory.max": "max\n",
            },
            2_048_000_000,
        ),
        ({}, None),
    ],
)
def test_memory(
    files: dict[str, str], expected: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(path: Path, *_: str) -> str:
        if str(path) not in files:
            raise FileNotFoundError(str(path))
        return files[str(path)]

    monkeypatch.setattr(Path, "read_text", read)
    found = machine.memory()
    assert found.found == ("not known" if expected is None else f"{expected / 1e9:.1f} GB")
    assert (found.state == "warning") is (expected == 400_000_000)


def test_a_terminal_of_another_encoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="latin-1"))
    found = item("Terminal", tmp_path)
    assert (found.state, found.found) == ("warning", "latin-1")
    assert "UTF-8" in found.remedy
