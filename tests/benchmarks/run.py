"""Runs the benchmarks, prints their rows as a table and writes them to `out/benchmarks.json`.

A benchmark is a file `bench_<name>.py` beside this one with a function `measure()` that returns
its rows: dictionaries with `name`, `value`, `unit`, `peer` (what it is measured against), `ratio`
(ours to the peer's) and `n` (repetitions); with `limit`, the ratio may be no more than that.
Where it has a function `skipped()` that returns a reason, there is nothing to measure here.
Exit codes: 0 within the limits, 1 a limit was exceeded, 2 a benchmark is wrong or not there.
"""
# ruff: noqa: T201 - a program of its own, which prints

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent
TARGET = HERE.parents[1] / "out" / "benchmarks.json"

KINDS: dict[str, type | tuple[type, ...]] = {
    "name": str,
    "value": (int, float),
    "unit": str,
    "peer": str,
    "ratio": (int, float),
    "n": int,
}
"""Fields of a row and what they hold."""
COLUMNS = ("name", "value", "unit", "peer", "ratio", "limit", "n")

Row = dict[str, Any]


class BenchmarkError(Exception):
    """A benchmark can not be used as it is."""


def find(folder: Path, names: Sequence[str]) -> list[Path]:
    """Return the benchmark files of a folder, all or those named; raises `BenchmarkError`."""
    there = {path.stem.removeprefix("bench_"): path for path in sorted(folder.glob("bench_*.py"))}
    unknown = [name for name in names if name not in there]
    if unknown:
        known = ", ".join(there) or "none"
        raise BenchmarkError(f"There is no benchmark {', '.join(unknown)}; there are: {known}.")
    return [path for name, path in there.items() if not names or name in names]


def measure(path: Path) -> list[Row]:
    """Run one benchmark and return its checked rows; raises `BenchmarkError`."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Benchmarks that start processes or hold dataclasses look their own module up.
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    if not callable(getattr(module, "measure", None)):
        raise BenchmarkError(f"{path.name} has no function measure().")
    if why := getattr(module, "skipped", str)():
        print(f"Skipped {path.stem.removeprefix('bench_')}: {why}.", file=sys.stderr, flush=True)
        return []
    rows = module.measure()
    if not isinstance(rows, list) or not rows:
        raise BenchmarkError(f"{path.name} measured nothing.")
    for row in rows:
        if problem := fault(row):
            raise BenchmarkError(f"{path.name}: {problem} in {row!r}.")
    return rows


def fault(row: object) -> str:
    """Return what is wrong with a row, or nothing."""
    if not isinstance(row, dict):
        return "no dictionary"
    kinds = KINDS | ({"limit": (int, float)} if "limit" in row else {})
    if unlike := kinds.keys() ^ row.keys():
        return f"fields missing or unknown: {', '.join(sorted(map(str, unlike)))}"
    for name, kind in kinds.items():
        value = row[name]
        if not isinstance(value, kind) or isinstance(value, bool):
            return f"{name} is of the wrong kind"
        if isinstance(value, int | float) and not math.isfinite(value):
            return f"{name} is not a finite number"
    return "n is below 1" if row["n"] < 1 else ""


def exceeded(rows: Sequence[Row]) -> list[str]:
    """Return a sentence for each row whose ratio is above its limit."""
    return [
        f"{row['name']}: the ratio {row['ratio']:g} is above its limit of {row['limit']:g}."
        for row in rows
        if "limit" in row and row["ratio"] > row["limit"]
    ]


def table(rows: Sequence[Row]) -> str:
    """Return the rows under their headings; numbers stand to the right."""
    cells = [COLUMNS, *(tuple(_cell(row.get(name, "")) for name in COLUMNS) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    right = [name in ("value", "ratio", "limit", "n") for name in COLUMNS]
    lines = (
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(line, widths, right, strict=True)
        )
        for line in cells
    )
    return "\n".join(line.rstrip() for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        # Four digits that matter, and never an exponent.
        digits = max(0, 3 - math.floor(math.log10(abs(value)))) if value else 0
        return f"{value:,.{digits}f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def write(rows: Sequence[Row], target: Path) -> None:
    """Write the rows as JSON, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=target.parent, prefix=f".{target.name}-", delete=False
    ) as file:
        try:
            json.dump(rows, file, indent=2, ensure_ascii=False)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(0o644)
            Path(file.name).replace(target)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def main(arguments: Sequence[str] | None = None, folder: Path = HERE) -> int:
    """Run the benchmarks that are named, or all, and return the exit code."""
    parser = argparse.ArgumentParser(description="Measure Framewright against its peers.")
    parser.add_argument("names", nargs="*", help="benchmarks to run, for example: checks")
    parser.add_argument("--list", action="store_true", help="name the benchmarks and end")
    parser.add_argument("--output", type=Path, default=TARGET, help="file for the rows")
    options = parser.parse_args(arguments)
    rows: list[Row] = []
    try:
        paths = find(folder, options.names)
        if options.list:
            print(*(path.stem.removeprefix("bench_") for path in paths), sep="\n")
            return 0
        for path in paths:
            print(f"Measuring {path.stem.removeprefix('bench_')} …", file=sys.stderr, flush=True)
            rows.extend(measure(path))
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 2
    write(rows, options.output)
    print(table(rows))
    too_slow = exceeded(rows)
    print(*too_slow, sep="\n", end="\n" if too_slow else "", file=sys.stderr)
    return 1 if too_slow else 0


if __name__ == "__main__":
    sys.exit(main())
