"""The command that compares two runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from framewright.cli.places import AsJson, WorkspaceOption, opened
from framewright.cli.places import run as wait

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framewright.domain.difference import Difference
    from framewright.studio.run_diff import RunDiff, StepDiff

_SHOWN = 60
"""Most characters of a value that are printed."""


def diff(
    first: Annotated[str, typer.Argument(metavar="RUN", help="Id of a run.")],
    second: Annotated[str, typer.Argument(metavar="RUN", help="Id of another run.")],
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Compare two runs step by step, their media measured."""

    async def work() -> None:
        from framewright.cli.answer import say_json

        async with opened(workspace) as studio:
            found = await studio.diff(first, second)
        if as_json:
            say_json(found)
        else:
            _print(found)

    wait(work())


def _print(found: RunDiff) -> None:
    from rich.text import Text

    from framewright.cli.answer import console

    styles = {"same": "bright_black", "changed": "yellow"}
    for step in found.steps:
        words = step.change.replace("-", " ")
        console().print(Text.assemble(f"{step.id:<14}", (words, styles.get(step.change, "cyan"))))
        for line in _told(step):
            console().print(Text(f"              {line}", "bright_black"))
    changed = sum(step.change != "same" for step in found.steps)
    console().print()
    console().print(f"{changed} of {len(found.steps)} steps differ.")


def _told(step: StepDiff) -> Iterator[str]:
    if step.models is not None:
        yield f"model  {step.models[0]} → {step.models[1]}"
    if step.states is not None:
        yield f"state  {step.states[0]} → {step.states[1]}"
    for change in step.inputs:
        yield f"{change.field}  {_short(change.first)} → {_short(change.second)}"
    for output in step.outputs:
        if output.texts is not None:
            yield f"text  {_short(output.texts[0])} → {_short(output.texts[1])}"
        if output.difference is not None:
            yield from _measured(output.difference)


def _measured(found: Difference) -> Iterator[str]:
    if found.psnr_db is not None:
        yield f"picture  {found.psnr_db:g} dB alike ({_seen(found.psnr_db)})"
    if found.size is not None and found.size[0] != found.size[1]:
        (wide, high), (other_wide, other_high) = found.size
        yield f"size  {wide} x {high} → {other_wide} x {other_high}"
    if found.seconds is not None and found.seconds[0] != found.seconds[1]:
        yield f"length  {found.seconds[0]:g} s → {found.seconds[1]:g} s"
    if found.loudness_db is not None:
        yield f"loudness  {found.loudness_db[0]:g} dB → {found.loudness_db[1]:g} dB"


def _seen(psnr_db: float) -> str:
    """Return what a peak signal-to-noise ratio means to an eye."""
    if psnr_db >= 45:
        return "no difference to see"
    return (
        "hardly to see" if psnr_db >= 35 else "plain to see" if psnr_db >= 20 else "another picture"
    )


def _short(value: object) -> str:
    text = "none" if value is None else str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
