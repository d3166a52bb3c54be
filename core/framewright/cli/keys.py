"""Commands about keys of providers, and which providers there are."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from framewright.cli.places import AsJson, WorkspaceOption, folder_of

app = typer.Typer(rich_markup_mode=None)
MOST_LETTERS = 10_000
"""More than this no key has: the rest of what comes in is not read."""


@app.callback(invoke_without_command=True)
def keys(context: typer.Context, as_json: AsJson = False) -> None:
    """List where providers' keys come from, and set or forget one."""
    if context.invoked_subcommand is not None:
        return
    from framewright.cli.answer import say_json
    from framewright.cli.library import table
    from framewright.cli.outputs import KeysData
    from framewright.studio.provider_list import key_places

    found = key_places()
    if as_json:
        say_json(KeysData(keys=found))
        return
    rows = [
        (each.provider, each.source or "none", f"{each.variables[0]}, or `keys set`")
        for each in found
    ]
    table(("Provider", "Key from", "Comes from"), rows, "No installed provider wants a key.")


@app.command(name="set")
def set_key(
    provider: Annotated[str, typer.Argument(metavar="PROVIDER", help="Whose key it is.")],
    as_json: AsJson = False,
) -> None:
    """Put a provider's key, typed unseen or from standard input, into the system's keyring."""
    from framewright import keys as kept
    from framewright.studio.provider_list import keyed

    keyed(provider)
    kept.keep(provider, _typed(provider))
    _tell(provider, "is in the keyring.", as_json=as_json)


@app.command(name="forget")
def forget_key(
    provider: Annotated[str, typer.Argument(metavar="PROVIDER", help="Whose key it is.")],
    as_json: AsJson = False,
) -> None:
    """Take a provider's key out of the system's keyring."""
    from framewright import keys as kept

    # Also of one that is not installed any more.
    kept.forget(provider)
    _tell(provider, "is no longer in the keyring.", as_json=as_json)


def providers(workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """List the installed providers: which can work here, and what the others lack."""
    from framewright.cli.answer import say_json
    from framewright.cli.library import table
    from framewright.cli.outputs import ProvidersData
    from framewright.settings import load_settings
    from framewright.studio.provider_list import provider_list

    found = provider_list(load_settings(folder_of(workspace)))
    if as_json:
        say_json(ProvidersData(providers=found))
        return
    rows = [
        (
            each.name,
            "yes" if each.ready else "no",
            "" if each.key is None else each.key.source or "none",
            f"{each.lacks} {each.action or ''}".strip() if each.lacks else "",
        )
        for each in found
    ]
    table(("Provider", "Ready", "Key from", "Lacks"), rows, "No provider is installed.")


def _typed(provider: str) -> str:
    if sys.stdin.isatty():
        from getpass import getpass

        return getpass(f"Key of {provider} (is not shown): ")
    return sys.stdin.buffer.read(MOST_LETTERS).decode("utf-8", "replace")


def _tell(provider: str, words: str, *, as_json: bool) -> None:
    from framewright.cli.answer import console, say_json
    from framewright.cli.outputs import KeysData
    from framewright.studio.provider_list import key_places

    if as_json:
        say_json(KeysData(keys=tuple(e for e in key_places() if e.provider == provider)))
        return
    out = console()
    out.print(f"The key of {provider} {words}")
    place = next((each for each in key_places() if each.provider == provider), None)
    if place is not None and place.source not in {None, "keyring"}:
        out.print(f"{place.source} is set too, and wins.", style="yellow")
