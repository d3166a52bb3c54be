"""`framewright explain-error` says what a provider's error means, whatever file it stands in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from framewright.cli.app import app
from framewright.cli.outputs import ExplainErrorData
from framewright.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from pathlib import Path

THROTTLED = json.dumps({"detail": "Request was throttled.", "status": 429})


def test_a_program_gets_every_field(tmp_path: Path) -> None:
    file = tmp_path / "body.json"
    file.write_text(THROTTLED, "utf-8")
    args = ["explain-error", "--provider", "replicate", "--status", "429", str(file), "--json"]
    done = CliRunner().invoke(app, [*args, "--header", "Retry-After: 7"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["ok"]
    assert set(said["data"]) == set(ExplainErrorData.model_fields)
    assert said["data"]["category"] == "rate-limit"
    assert said["data"]["retryable"] is True
    assert said["data"]["retry_after_seconds"] == 7


def test_a_person_gets_words(tmp_path: Path) -> None:
    file = tmp_path / "body.json"
    file.write_text('{"error": "You do not have enough credits to run this task."}', "utf-8")
    args = ["explain-error", "--provider", "runway", "--status", "400", str(file)]
    done = CliRunner().invoke(app, args)
    assert done.exit_code == 0, done.output
    assert "billing, urgent" in done.stdout
    assert "it does not help" in done.stdout
    assert "Add credit" in done.stdout


def test_any_bytes_from_standard_input_are_read() -> None:
    broken = b"\xff\xfe CUDA out of memory \x00\x1b[31m"
    done = CliRunner().invoke(app, ["explain-error", "-", "--json"], input=broken)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["data"]["category"] == "capacity"


def test_a_file_that_is_not_there_and_a_header_that_is_none(tmp_path: Path) -> None:
    args = ["explain-error", str(tmp_path / "nothing")]
    assert isinstance(CliRunner().invoke(app, args).exception, NotFoundError)
    file = tmp_path / "body.json"
    file.write_text("x", "utf-8")
    wrong = CliRunner().invoke(app, ["explain-error", str(file), "--header", "nonsense"])
    assert isinstance(wrong.exception, InputError)
    folder = CliRunner().invoke(app, ["explain-error", str(tmp_path)])
    assert isinstance(folder.exception, InputError)


@pytest.mark.parametrize("status", ["-1", "many"])
def test_a_status_that_is_none_is_refused(status: str) -> None:
    done = CliRunner().invoke(app, ["explain-error", "-", "--status", status], input="x")
    assert done.exit_code == 2
