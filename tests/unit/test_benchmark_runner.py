from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parents[1] / "benchmarks" / "run.py"
GOOD = {"name": "a", "value": 1.5, "unit": "ms", "peer": "b", "ratio": 0.5, "n": 3}


def load() -> Any:
    spec = importlib.util.spec_from_file_location("benchmark_runner", SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


runner = load()


def bench(folder: Path, name: str, *rows: object) -> None:
    text = f"def measure():\n    return {list(rows)!r}\n"
    (folder / f"bench_{name}.py").write_text(text, "utf-8")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out" / "benchmarks.json"


def run(folder: Path, output: Path, *names: str) -> int:
    code = runner.main([*names, "--output", str(output)], folder)
    assert isinstance(code, int)
    return code


def test_rows_of_all_benchmarks_are_printed_and_written(
    tmp_path: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench(tmp_path, "b", GOOD | {"name": "second", "value": 12345.678})
    bench(tmp_path, "a", GOOD | {"name": "first", "limit": 0.5})
    assert run(tmp_path, output) == 0
    assert [row["name"] for row in json.loads(output.read_text("utf-8"))] == ["first", "second"]
    assert [path.name for path in output.parent.iterdir()] == [output.name]
    heading, first, second = capsys.readouterr().out.splitlines()
    assert heading.index("unit") == first.index("ms") == second.index("ms")
    assert "12,346" in second


def test_what_can_not_be_measured_here_is_skipped_with_its_reason(
    tmp_path: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench(tmp_path, "a", GOOD)
    text = "def measure():\n    raise AssertionError\ndef skipped():\n    return 'no GPU'\n"
    (tmp_path / "bench_b.py").write_text(text, "utf-8")
    assert run(tmp_path, output) == 0
    assert "Skipped b: no GPU.\n" in capsys.readouterr().err
    assert len(json.loads(output.read_text("utf-8"))) == 1


def test_some_can_be_chosen(tmp_path: Path, output: Path) -> None:
    bench(tmp_path, "a", GOOD)
    bench(tmp_path, "b", GOOD | {"name": "b"})
    assert run(tmp_path, output, "b") == 0
    assert [row["name"] for row in json.loads(output.read_text("utf-8"))] == ["b"]


def test_an_unknown_name_is_answered_with_the_known_ones(
    tmp_path: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench(tmp_path, "checks", GOOD)
    assert run(tmp_path, output, "cheks") == 2
    assert "cheks; there are: checks." in capsys.readouterr().err
    assert not output.exists()


def test_a_ratio_above_its_limit_fails_and_is_named_but_written(
    tmp_path: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench(tmp_path, "a", GOOD, GOOD | {"name": "slow", "ratio": 2, "limit": 1.5})
    assert run(tmp_path, output) == 1
    assert "slow: the ratio 2 is above its limit of 1.5." in capsys.readouterr().err
    assert len(json.loads(output.read_text("utf-8"))) == 2


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (GOOD, ""),
        (GOOD | {"limit": 1}, ""),
        ([], "no dictionary"),
        ({"name": "a"}, "fields missing or unknown: n, peer, ratio, unit, value"),
        (GOOD | {"note": ""}, "fields missing or unknown: note"),
        (GOOD | {"value": "1"}, "value is of the wrong kind"),
        (GOOD | {"n": True}, "n is of the wrong kind"),
        (GOOD | {"ratio": float("nan")}, "ratio is not a finite number"),
        (GOOD | {"limit": None}, "limit is of the wrong kind"),
        (GOOD | {"n": 0}, "n is below 1"),
    ],
)
def test_what_a_row_must_be(row: object, fault: str) -> None:
    assert runner.fault(row) == fault


def test_a_wrong_row_keeps_the_old_results(tmp_path: Path, output: Path) -> None:
    bench(tmp_path, "a", GOOD)
    run(tmp_path, output)
    before = output.read_bytes()
    bench(tmp_path, "a", {"name": "a"})
    assert run(tmp_path, output) == 2
    assert output.read_bytes() == before


@pytest.mark.parametrize("text", ["", "def measure(): return []"])
def test_a_benchmark_without_rows_is_wrong(text: str, tmp_path: Path, output: Path) -> None:
    (tmp_path / "bench_a.py").write_text(text, "utf-8")
    assert run(tmp_path, output) == 2


@pytest.mark.parametrize(
    ("value", "cell"),
    [(0.0, "0"), (0.01234, "0.01234"), (1.5, "1.500"), (123456.7, "123,457"), (12000, "12,000")],
)
def test_numbers_have_four_digits_that_matter(value: float, cell: str) -> None:
    assert runner._cell(value) == cell
