"""The commands of `framewright`, in the order people meet them."""

from __future__ import annotations

from typing import Annotated

import typer

from framewright import __version__
from framewright.cli import (
    about,
    api_keys,
    diff,
    edit,
    estimate,
    failures,
    files,
    jobs,
    keys,
    letters,
    library,
    models,
    plans,
    queue,
    repair,
    runs,
    serve,
    steering,
)

app = typer.Typer(
    help="From a sentence to a finished, editable film, on your own machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    # Help drawn by rich would double the time until it shows.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 good, 1 the work failed, 2 the input is wrong, 3 not found, "
    "130 cancelled.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"framewright {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_version, is_eager=True),
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose", help="Tell what is done, line by line, with the ids of run, step and job."
        ),
    ] = False,
) -> None:
    del version
    if verbose:
        from framewright.cli.logs import tell_all

        tell_all()


app.command()(runs.make)
app.command()(plans.plan)
app.command()(plans.check)
app.command()(repair.repair)
app.command()(edit.edit)
app.command()(estimate.estimate)
app.command()(runs.run)
app.command()(runs.resume)
app.command()(runs.rerun)
app.command()(steering.cancel)
app.command()(steering.approve)
app.command()(steering.replan)
app.command()(library.init)
app.command(name="runs")(library.list_runs)
app.command()(library.show)
app.command()(diff.diff)
jobs.app.command("cancel")(letters.cancel_job)
jobs.app.command("retry")(letters.retry_job)
jobs.app.command("redrive")(letters.redrive)
jobs.app.command("purge")(letters.purge)
app.add_typer(jobs.app, name="jobs")
app.command()(queue.queue)
app.command()(library.assets)
app.add_typer(models.app, name="models")
app.command()(keys.providers)
keys.app.add_typer(api_keys.app, name="api")
app.add_typer(keys.app, name="keys")
app.command()(serve.serve)
app.command()(library.export)
app.command()(files.probe)
app.command()(files.inspect)
app.command()(files.frames)
app.command()(files.merge)
app.command()(files.subtitle)
app.command()(failures.explain_error)
app.command()(about.schema)
app.command()(about.doctor)
