"""Runs the set-up script and the Makefile on machines made of a few programs and stand-ins."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLAIN_TOOLS = [
    "cat",
    "cut",
    "dirname",
    "env",
    "flock",
    "mkdir",
    "rm",
    "sed",
    "sh",
    "dash",
    "sha256sum",
    "sort",
    "awk",
    "find",
    "make",
    "chmod",
    "cp",
]
UV = """#!/bin/sh
[ "$1" = --version ] && { echo "uv VERSION (x)"; exit; }
where="downloads=$UV_PYTHON_DOWNLOADS venv=$UV_PROJECT_ENVIRONMENT"
echo "uv $* python=$UV_PYTHON $where" >>"$CALLS"
mkdir -p .venv/bin && printf '#!/bin/sh\\n' >.venv/bin/python && chmod +x .venv/bin/python
"""
PYTHON = """#!/bin/sh
case "$1 $2" in
"-c import sys; sys.exit"*) exit TOO_OLD ;;
"-c import sys; print"*) echo "$0" ;;
"-m pip")
    [ PIP = yes ] || [ -e "$CALLS.pip" ] || exit 1
    [ "$3" = --version ] && exit 0
    echo "pip $*" >>"$CALLS"
    mkdir -p .tools/bin && cp "$FRESH_UV" .tools/bin/uv ;;
esac
"""


@dataclass(frozen=True)
class Machine:
    """A checkout, a folder of programs, and what they were called with."""

    checkout: Path
    programs: Path
    calls: Path

    def has(self, name: str, text: str) -> None:
        path = self.programs / name
        path.write_text(text, "utf-8")
        path.chmod(0o755)

    def has_python(self, name: str = "python3.11", *, old: bool = False, pip: bool = True) -> None:
        text = PYTHON.replace("TOO_OLD", "1" if old else "0")
        self.has(name, text.replace("PIP", "yes" if pip else "no"))

    def has_uv(self, version: str = "0.13.0") -> None:
        self.has("uv", UV.replace("VERSION", version))

    def has_packages(self, *, installed: bool, root: bool) -> None:
        status = "install ok installed" if installed else "unknown ok not-installed"
        self.has("dpkg-query", f"#!/bin/sh\necho '{status}'\n")
        self.has("apt-get", '#!/bin/sh\necho "apt-get $*" >>"$CALLS"\n')
        self.has("id", f"#!/bin/sh\necho {0 if root else 1000}\n")

    def set_up(self, **more: str) -> subprocess.CompletedProcess[str]:
        return self.run("sh", "packaging/set_up.sh", **more)

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": str(self.programs),
            "HOME": str(Path.home()),
            "CALLS": str(self.calls),
            "FRESH_UV": str(self.programs / "fresh-uv"),
        }
        return subprocess.run(
            command,
            cwd=self.checkout,
            env=environment | more,
            executable=str(self.programs / command[0]),
            capture_output=True,
            text=True,
            timeout=60,
        )

    def called(self, program: str) -> list[str]:
        if not self.calls.exists():
            return []
        lines = self.calls.read_text("utf-8").splitlines()
        return [line for line in lines if line.startswith(f"{program} ")]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    checkout, programs = tmp_path / "my films", tmp_path / "programs"
    checkout.mkdir()
    programs.mkdir()
    (checkout / "packaging").mkdir()
    for name in ("packaging/set_up.sh", "packaging/system_packages.txt", "Makefile"):
        shutil.copy(ROOT / name, checkout / name)
    for name in ("uv.lock", "pyproject.toml"):
        (checkout / name).write_text("one\n", "utf-8")
    for name in PLAIN_TOOLS:
        if found := shutil.which(name):
            (programs / name).symlink_to(found)
    made = Machine(checkout, programs, tmp_path / "calls")
    made.has("fresh-uv", UV.replace("VERSION", "0.13.0"))
    made.has_packages(installed=True, root=True)
    return made


def test_packages_come_from_the_lock_into_this_folder_with_the_python_that_is_there(
    machine: Machine,
) -> None:
    machine.has_python()
    machine.has_uv()
    done = machine.set_up()
    assert done.returncode == 0, done.stderr
    assert machine.called("uv") == [
        f"uv sync --frozen --quiet python={machine.programs}/python3.11 downloads=never venv=.venv"
    ]
    assert machine.called("pip") == machine.called("apt-get") == []


def test_a_second_time_does_nothing_and_says_nothing(machine: Machine) -> None:
    machine.has_python()
    machine.has_uv()
    machine.set_up()
    before = machine.calls.read_bytes()
    (machine.programs / "uv").unlink()
    (machine.programs / "python3.11").unlink()
    again = machine.set_up()
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert machine.calls.read_bytes() == before


@pytest.mark.parametrize(
    "changed", ["uv.lock", "pyproject.toml", "packaging/set_up.sh", "packaging/system_packages.txt"]
)
def test_a_change_of_what_is_wanted_sets_up_again(machine: Machine, changed: str) -> None:
    machine.has_python()
    machine.has_uv()
    machine.set_up()
    with (machine.checkout / changed).open("a", encoding="utf-8") as file:
        file.write("# two\n")
    machine.set_up()
    assert len(machine.called("uv")) == 2


def test_a_folder_that_moved_is_set_up_anew(machine: Machine) -> None:
    machine.has_python()
    machine.has_uv()
    machine.set_up()
    (machine.checkout / ".venv" / "of-the-old-place").touch()
    moved = Machine(
        machine.checkout.rename(machine.checkout.with_name("moved")),
        machine.programs,
        machine.calls,
    )
    moved.set_up()
    assert len(moved.called("uv")) == 2
    assert not (moved.checkout / ".venv" / "of-the-old-place").exists()


def test_without_uv_pip_puts_it_into_the_folder(machine: Machine) -> None:
    machine.has_python()
    done = machine.set_up()
    assert done.returncode == 0, done.stderr
    (call,) = machine.called("pip")
    assert re.search(r" install .*--target \.tools uv>=0\.\d+\.0$", call)
    assert len(machine.called("uv")) == 1


def test_a_uv_that_is_too_old_is_left_alone(machine: Machine) -> None:
    machine.has_python()
    machine.has_uv("0.4.30")
    assert machine.set_up().returncode == 0
    assert len(machine.called("pip")) == 1


@pytest.mark.parametrize("name", ["python3.12", "python3.13", "python3"])
def test_a_newer_python_serves_too(machine: Machine, name: str) -> None:
    machine.has_python("python3.11", old=True)
    machine.has_python(name)
    machine.has_uv()
    assert machine.set_up().returncode == 0
    assert f"python={machine.programs}/{name} " in machine.called("uv")[0]


def test_a_person_may_name_the_python(machine: Machine) -> None:
    machine.has_python()
    machine.has_python("my python")
    machine.has_uv()
    named = str(machine.programs / "my python")
    assert machine.set_up(PYTHON=named).returncode == 0
    assert f"python={named} " in machine.called("uv")[0]


def test_without_python_a_sentence_says_what_to_do(machine: Machine) -> None:
    machine.has_python("python3", old=True)
    done = machine.set_up()
    assert done.returncode == 1
    assert "no Python 3.11 or newer was found" in done.stderr
    assert "apt-get install" in done.stderr


def test_without_pip_and_rights_the_command_is_told(machine: Machine) -> None:
    machine.has_python(pip=False)
    machine.has_packages(installed=True, root=False)
    done = machine.set_up()
    assert done.returncode == 1
    assert "apt-get install python3-pip" in done.stderr


def test_without_pip_root_installs_it(machine: Machine) -> None:
    machine.has_python(pip=False)
    machine.has("apt-get", '#!/bin/sh\necho "apt-get $*" >>"$CALLS"\n: >"$CALLS.pip"\n')
    done = machine.set_up()
    assert "Installing with apt-get: python3-pip" in done.stdout
    assert machine.called("apt-get")[0].endswith("--no-install-recommends python3-pip")
    assert (done.returncode, len(machine.called("uv"))) == (0, 1)


def test_root_installs_missing_system_packages(machine: Machine) -> None:
    machine.has_python()
    machine.has_uv()
    machine.has_packages(installed=False, root=True)
    done = machine.set_up()
    assert done.returncode == 0
    assert "Installing with apt-get: fonts-dejavu-core postgresql" in done.stdout
    (call,) = machine.called("apt-get")
    assert call.endswith("install -y --no-install-recommends fonts-dejavu-core postgresql")


@pytest.mark.parametrize("why", ["no rights", "apt-get fails", "not Debian"])
def test_missing_system_packages_are_no_failure(machine: Machine, why: str) -> None:
    machine.has_python()
    machine.has_uv()
    machine.has_packages(installed=False, root=why != "no rights")
    if why == "apt-get fails":
        machine.has("apt-get", "#!/bin/sh\nexit 100\n")
    if why == "not Debian":
        (machine.programs / "dpkg-query").unlink()
    done = machine.set_up()
    assert done.returncode == 0
    told = "system_packages.txt" if why == "not Debian" else "apt-get install fonts-dejavu-core"
    assert told in done.stderr
    assert machine.set_up().stdout == ""


def test_a_failed_installation_is_tried_again(machine: Machine) -> None:
    machine.has_python()
    machine.has("uv", UV.replace("VERSION", "0.13.0").replace("mkdir -p .venv", "exit 2; mkdir"))
    first = machine.set_up()
    assert first.returncode == 1
    assert "uv could not install the packages" in first.stderr
    machine.has_uv()
    assert machine.set_up().returncode == 0


def test_make_alone_lists_every_command(machine: Machine) -> None:
    listed = machine.run("make").stdout
    for command in ("setup", "demo", "test", "lint", "bench", "format", "clean"):
        assert re.search(rf"^  make {command} +[A-Z]\S", listed, re.MULTILINE), command


@pytest.mark.parametrize("brief", [None, 'it\'s "5 $dollars" $(PATH) `x` #1; ok'])
def test_demo_hands_the_brief_over_as_one_argument(machine: Machine, brief: str | None) -> None:
    machine.has_python()
    machine.has_uv()
    machine.set_up()
    program = machine.checkout / ".venv" / "bin" / "framewright"
    program.write_text('#!/bin/sh\nfor each in "$@"; do echo "<$each>"; done\n', "utf-8")
    program.chmod(0o755)
    given = () if brief is None else (f"BRIEF={brief}",)
    done = machine.run("make", "-j4", "demo", *given)
    assert done.returncode == 0, done.stderr
    *_, command, said, place, workspace, option, folder = done.stdout.splitlines()
    assert command == "<make>"
    assert (place, workspace) == ("<--workspace>", "<out/workspace>")
    assert (option, folder) == ("<-o>", "<out>")
    if brief is None:
        assert "add a voice-over saying 'Wake up slowly' and soft music>" in said
    else:
        assert said == f"<{brief}>"


def test_ci_runs_lint_and_test_and_fails_with_either(machine: Machine) -> None:
    (machine.checkout / ".ci").mkdir()
    script = shutil.copy(ROOT / ".ci" / "run", machine.checkout / ".ci" / "run")
    assert os.access(script, os.X_OK)
    machine.has_python()
    machine.has_uv()
    machine.set_up()
    programs = machine.checkout / ".venv" / "bin"
    for name in ("ruff", "mypy", "lint-imports", "pytest"):
        (programs / name).write_text(f'#!/bin/sh\necho "{name} $*" >>"$CALLS"\nexit 1\n', "utf-8")
        (programs / name).chmod(0o755)
    done = machine.run("sh", ".ci/run")
    assert done.returncode != 0
    for name in ("ruff check", "ruff format --check", "mypy", "lint-imports", "pytest"):
        assert any(
            call.startswith(name) for call in machine.calls.read_text("utf-8").splitlines()
        ), name


def test_every_system_package_has_its_reason() -> None:
    text = (ROOT / "packaging" / "system_packages.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines
    for line in lines:
        assert re.fullmatch(r"[a-z0-9][a-z0-9+.-]+  # \S.*", line), line
