"""Commands about keys with which programs ask the server."""

from __future__ import annotations

from typing import Annotated

import typer

from framewright.cli.places import AsJson, WorkspaceOption, opened
from framewright.cli.places import run as wait

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def api() -> None:
    """Keys with which programs ask `framewright serve`, each for one tenant."""


@app.command()
def create(
    tenant: Annotated[str, typer.Option("--tenant", help="Whose runs and files it sees.")],
    rate: Annotated[
        str, typer.Option("--rate", metavar="RATE", help="How often it may ask.")
    ] = "600/minute",
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and show it once; nothing tells it again."""

    async def work() -> None:
        from framewright.cli.answer import console, say_json
        from framewright.cli.outputs import ApiKeyData

        async with opened(workspace) as studio:
            key, secret = await studio.create_api_key(tenant, rate)
        if as_json:
            say_json(ApiKeyData(key=key, secret=secret))
            return
        out = console()
        out.print(secret, soft_wrap=True)
        words = "Keep it now: only its digest is stored. It is sent as `Authorization: Bearer …`."
        console(errors=True).print(words)

    wait(work())


@app.command(name="list")
def list_keys(workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """List the keys of all tenants, and which were revoked."""

    async def work() -> None:
        from framewright.cli.answer import say_json
        from framewright.cli.library import table
        from framewright.cli.outputs import ApiKeysData

        async with opened(workspace) as studio:
            found = await studio.api_keys()
        if as_json:
            say_json(ApiKeysData(keys=found))
            return
        rows = [
            (each.id, each.tenant, each.rate, "revoked" if each.revoked_ms else "")
            for each in found
        ]
        table(("Key", "Tenant", "Rate", ""), rows, "No API keys.")

    wait(work())


@app.command()
def revoke(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Id of a key.")],
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Let a key be of no use from now on, also at a server that runs."""

    async def work() -> None:
        from framewright.cli.answer import console, say_json
        from framewright.cli.outputs import ApiKeysData

        async with opened(workspace) as studio:
            await studio.revoke_api_key(key)
            found = tuple(each for each in await studio.api_keys() if each.id == key)
        if as_json:
            say_json(ApiKeysData(keys=found))
        else:
            console().print(f"{key} is revoked.")

    wait(work())
