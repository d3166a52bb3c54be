"""A workspace's side of the diagnosis: its settings, and the database that replicas share."""

from __future__ import annotations

import shlex
from pathlib import Path

from framewright.catalog.own.card import PROVIDER
from framewright.catalog.own.described import INDEX
from framewright.errors import FramewrightError, SettingsError, StoreUnreachableError
from framewright.settings import FILE_NAME, PASSWORD, load_settings, store_url
from framewright.store.place import PostgresUrl
from framewright.studio.catalogs import load_catalog, own_catalogs
from framewright.studio.diagnosis import Item, State
from framewright.studio.installed_providers import installed_names
from framewright.studio.readiness import readiness_here
from framewright.studio.settings_names import unknown_names

_SETTINGS = "What a person changed about the workspace: limits, budgets, catalogs, the store."
_OWN = "Models of yours that run on this machine's GPU."
_STORE = "The PostgreSQL database that replicas share, in place of workspace.db."


def settings(place: Path) -> Item:
    """Tell whether the settings can be read, and whether what they name is here."""
    file = place / FILE_NAME
    edit = f"${{EDITOR:-nano}} {shlex.quote(str(file))}"
    try:
        found = load_settings(place)
        store_url(place)
        catalog = load_catalog([*own_catalogs(place), *found.catalogs])
    except FramewrightError as error:
        told = _words(error)
        return Item(name="Settings", state="missing", found=told, meaning=_SETTINGS, remedy=edit)
    odd = " ".join(unknown_names(found, catalog.cards, installed_names()))
    return Item(
        name="Settings",
        state="warning" if odd else "ok",
        found=odd or (str(file) if file.exists() else "none: all as it comes"),
        meaning=_SETTINGS,
        remedy=edit if odd else "",
    )


def own_models(place: Path) -> Item:
    """Tell whether the models of a person's own can run here; without any, nothing is needed."""
    try:
        found = load_settings(place)
        lack = readiness_here(found).lacks.get(PROVIDER)
        cards = load_catalog([*own_catalogs(place), *found.catalogs]).cards
    except FramewrightError:
        # The item on the settings says so.
        return Item(name="Own models", state="ok", found="not known", meaning=_OWN)
    models = [card for card in cards.values() if card.provider == PROVIDER and card.weights]
    gone = [card for card in models if not Path(card.weights or "", INDEX).is_file()]
    told = ", ".join(card.id for card in models)
    if models and lack is not None:
        told, remedy = f"{told}: {lack.message}", lack.action
    elif gone:
        told = f"{gone[0].id}: its weights are no longer in {gone[0].weights}"
        remedy = "framewright models add-local FOLDER"
    else:
        told, remedy = told or "none (framewright models add-local FOLDER adds one)", ""
    state: State = "warning" if remedy else "ok"
    return Item(name="Own models", state=state, found=told, meaning=_OWN, remedy=remedy)


def shared_store(place: Path) -> Item | None:
    """Tell whether the database that replicas share can be used; None where there is none."""
    try:
        url = store_url(place)
    except SettingsError:
        # The item on the settings says so.
        return None
    if url is None:
        return None
    state: State
    try:
        # Nobody who keeps to SQLite needs the driver.
        from framewright.store.postgres_checkup import examined

        seen = examined(PostgresUrl(url))
    except (FramewrightError, ImportError) as error:
        state, told = "missing", _words(error)
    else:
        state = "missing" if seen.problem else "warning" if seen.doubt else "ok"
        told = f"{seen.found}. {seen.problem or seen.doubt}".removesuffix(". ")
    # As whom it is reached, and never with what password.
    plain = PASSWORD.sub(lambda found: (found[1] or found[2])[:-1], url)
    remedy = "" if state == "ok" else f"psql {shlex.quote(plain)}"
    return Item(name="Store", state=state, found=told, meaning=_STORE, remedy=remedy)


def _words(error: Exception) -> str:
    if isinstance(error, StoreUnreachableError):
        # What to do about runs is not what is asked here.
        return error.message
    if isinstance(error, FramewrightError):
        return f"{error.message} {error.action}".strip()
    return "Its driver is not usable. pip install 'framewright[postgres]'"
