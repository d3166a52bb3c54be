"""The command that serves a workspace over the network."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from framewright.cli.places import AsJson, CatalogOption, WorkspaceOption, opened
from framewright.cli.places import run as wait

if TYPE_CHECKING:
    from framewright.server.serving import Begun

MEGABYTE = 1_000_000


def serve(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen at; others than loopback need keys.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65_535, help="Port; 0 for one that is free.")
    ] = 8_400,
    public_url: Annotated[
        str | None,
        typer.Option(
            "--public-url",
            metavar="URL",
            help="Where the world reaches this server: providers then call back.",
            show_default=False,
        ),
    ] = None,
    max_upload: Annotated[
        int, typer.Option("--max-upload", metavar="MB", min=1, help="Largest file, in megabytes.")
    ] = 2_000,
    workspace: WorkspaceOption = None,
    catalog: CatalogOption = None,
    as_json: AsJson = False,
) -> None:
    """Serve the workspace: a direct API, events as they happen, providers' webhooks."""
    _refuse_without_extra()

    async def work() -> None:
        from framewright.cli.answer import console, say_json
        from framewright.cli.outputs import ServeData
        from framewright.server.serving import Address, serve, until_signalled

        async with opened(workspace, catalogs=catalog) as studio:
            place = studio.workspace.folder

            def tell(begun: Begun) -> None:
                data = ServeData(
                    url=begun.url,
                    workspace=place,
                    needs_keys=begun.needs_keys,
                    calling_back=begun.calling_back,
                )
                if as_json:
                    say_json(data)
                    sys.stdout.flush()
                    return
                out = console()
                out.print(f"Serving {place}", soft_wrap=True)
                out.print(f"  {begun.url}/docs", soft_wrap=True)
                who = "whoever has an API key" if begun.needs_keys else "programs of this machine"
                out.print(f"  for {who}; Ctrl-C stops it, and what runs goes on at the next start")
                if begun.calling_back:
                    out.print(f"  called back by {', '.join(begun.calling_back)}")

            where = Address(host, port, public_url)
            with until_signalled() as stopping:
                await serve(studio, where, max_upload * MEGABYTE, tell, stopping)

    wait(work())


def _refuse_without_extra() -> None:
    """Say what is missing where the extra is not installed."""
    from importlib.util import find_spec

    from framewright.errors import InputError

    absent = [n for n in ("starlette", "uvicorn", "python_multipart") if find_spec(n) is None]
    if absent:
        message = f"A server needs {', '.join(absent)}, which is not installed."
        raise InputError(message, action="pip install 'framewright[serve]'")
