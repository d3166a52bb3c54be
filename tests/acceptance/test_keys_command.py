"""Keys of providers by the command line: into the keyring, out of it, and never shown."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command import COMMAND, run

if TYPE_CHECKING:
    from command import Answer

SECRET = "r8_verysecret0123456789"
TESTS = Path(__file__).parents[1]
KEYRING = {
    "PYTHONPATH": str(TESTS),
    "PYTHON_KEYRING_BACKEND": "file_keyring.FileKeyring",
}


def _keys(*words: str, cwd: Path, stdin: bytes = b"", **more: str) -> Answer:
    return run("keys", *words, "--json", cwd=cwd, stdin=stdin, **KEYRING, **more)


def _source(answer: Answer, provider: str = "replicate") -> str | None:
    (found,) = [each for each in answer.data["keys"] if each["provider"] == provider]
    return found["source"]


def test_a_key_goes_into_the_keyring_and_out_again(tmp_path: Path) -> None:
    assert _source(_keys(cwd=tmp_path)) is None
    put = _keys("set", "replicate", cwd=tmp_path, stdin=f"{SECRET}\n".encode())
    assert (put.code, _source(put)) == (0, "keyring")
    listed = _keys(cwd=tmp_path)
    assert _source(listed) == "keyring"
    assert SECRET not in put.out + put.err + listed.out
    held = json.loads((Path.home() / "keyring.json").read_text("utf-8"))
    assert held == {"framewright replicate": SECRET}
    assert _source(_keys(cwd=tmp_path, REPLICATE_API_TOKEN="other")) == "REPLICATE_API_TOKEN"
    assert _source(_keys("forget", "replicate", cwd=tmp_path)) is None
    assert json.loads((Path.home() / "keyring.json").read_text("utf-8")) == {}
    assert _keys("forget", "replicate", cwd=tmp_path).code == 3


@pytest.mark.parametrize("said", [b"", b"  \n", b"two words\n", b"\xff\xfe \x00", b"x" * 9_000])
def test_what_is_no_key_is_not_kept(tmp_path: Path, said: bytes) -> None:
    answer = _keys("set", "replicate", cwd=tmp_path, stdin=said)
    assert (answer.code, answer.json["error"]["message"]) == (2, "That is no key.")
    assert not (Path.home() / "keyring.json").exists()


@pytest.mark.parametrize("provider", ["local", "nobody"])
def test_a_provider_without_keys_gets_none(tmp_path: Path, provider: str) -> None:
    answer = _keys("set", provider, cwd=tmp_path, stdin=SECRET.encode())
    assert answer.code == 3
    assert SECRET not in answer.out + answer.err


def test_a_key_typed_at_a_terminal_is_not_echoed(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "keys", "set", "replicate"],
        cwd=tmp_path,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**os.environ, **KEYRING},
    ) as process:
        os.close(theirs)
        shown = b""
        while b"not shown" not in shown:
            shown += os.read(ours, 1_000)
        os.write(ours, SECRET.encode() + b"\n")
        while True:
            try:
                shown += os.read(ours, 1_000)
            except OSError:  # It has left.
                break
        assert process.wait(30) == 0
    os.close(ours)
    assert b"is in the keyring" in shown
    assert SECRET.encode() not in shown


def test_providers_tell_what_they_lack(tmp_path: Path) -> None:
    def listed(**more: str) -> dict[str, dict[str, object]]:
        found = run("providers", "--json", cwd=tmp_path, **more).data["providers"]
        return {each["name"]: each for each in found}

    bare = listed()
    assert bare["local"]["ready"]
    assert bare["local"]["key"] is None
    assert not bare["replicate"]["ready"]
    assert "REPLICATE_API_TOKEN" in str(bare["replicate"]["action"])
    assert listed(REPLICATE_API_TOKEN=SECRET)["replicate"]["ready"]
    table = run("providers", cwd=tmp_path)
    assert "REPLICATE_API_TOKEN" in table.out


def test_a_provider_that_can_not_be_loaded_is_listed_as_that(tmp_path: Path) -> None:
    package = tmp_path / "broken-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text("[framewright.providers]\nbroken = nowhere:it\n")
    answer = run("providers", "--json", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    (broken,) = [each for each in answer.data["providers"] if each["name"] == "broken"]
    assert (broken["ready"], broken["lacks"]) == (False, "It can not be loaded.")
