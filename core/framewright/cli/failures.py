"""The command that says what a provider's error means: explain-error."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from framewright.cli.places import AsJson  # noqa: TC001 - Typer reads the annotations

if TYPE_CHECKING:
    from framewright.failures.classify import Diagnosis

MOST_BYTES = 1_000_000
"""Of a file that is read; no error says more after that."""


def explain_error(
    body: Annotated[
        str,
        typer.Argument(
            metavar="BODYFILE", help="File with what the provider answered; - reads stdin."
        ),
    ],
    provider: Annotated[
        str, typer.Option("--provider", metavar="NAME", help="Who answered: replicate, fal, …")
    ] = "",
    status: Annotated[
        int | None,
        typer.Option(
            "--status", metavar="N", min=0, max=999, help="The HTTP status, where there was one."
        ),
    ] = None,
    header: Annotated[
        list[str] | None,
        typer.Option(
            "--header", metavar="'NAME: VALUE'", help="A header of the answer; may be repeated."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what a provider's error means: whose fault, whether to try again, and what to do."""
    from framewright.cli.answer import say_json
    from framewright.cli.outputs import ExplainErrorData
    from framewright.failures.answer import Answer
    from framewright.failures.classify import classify
    from framewright.protocols import SystemClock

    answer = Answer(provider, status, _headers(header or ()), _read(body))
    found = classify(answer, now_ms=SystemClock().now_ms())
    if as_json:
        names = ExplainErrorData.model_fields
        say_json(ExplainErrorData(**{name: getattr(found, name) for name in names}))
    else:
        _print(found)


def _read(name: str) -> str:
    """Return what stands in a file or on standard input, whatever bytes they are."""
    from framewright.errors import InputError, NotFoundError

    if name == "-":
        return sys.stdin.buffer.read(MOST_BYTES).decode("utf-8", "replace")
    try:
        with Path(name).open("rb") as file:
            return file.read(MOST_BYTES).decode("utf-8", "replace")
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {name}.") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{name} can not be read: {error}.") from error


def _headers(given: list[str] | tuple[()]) -> dict[str, str]:
    from framewright.errors import InputError

    found = {}
    for each in given:
        name, colon, value = each.partition(":")
        if not colon or not name.strip():
            raise InputError(f"“{each}” is no header.", action="Write it as 'Retry-After: 30'.")
        found[name.strip()] = value.strip()
    return found


def _print(found: Diagnosis) -> None:
    from rich.text import Text

    from framewright.cli.answer import console

    again = "it may help" if found.retryable else "it does not help"
    if found.retryable and found.retry_after_seconds is not None:
        again += f", after {found.retry_after_seconds:g} s"
    rows = {
        "Kind": found.category.value + (", urgent" if found.urgent else ""),
        "Try again": again,
        "Fault": found.fault.value,
        "Field": found.field or "",
        "Code": found.code,
    }
    console().print(Text(found.message, "bold"))
    for name, value in rows.items():
        if value:
            console().print(Text.assemble((f"{name:<11}", "bright_black"), value))
    console().print(Text(found.action, "cyan"))
