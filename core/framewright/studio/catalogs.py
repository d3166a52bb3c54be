"""Reads the catalogs a workspace uses: what ships with Framewright, and further files."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from framewright.catalog.catalog import Catalog, build_catalog, read_cards
from framewright.errors import InputError, NotFoundError
from framewright.studio.readiness import readiness_here

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from framewright.domain.model_card import ModelCard
    from framewright.studio.readiness import Readiness

FOLDER = "catalog"
"""Folder of a workspace that holds its own catalogs, such as imported models."""
MOST_BYTES = 64_000_000
"""Largest JSON file that is read."""


def load_catalog(further: Iterable[Path] = (), readiness: Readiness | None = None) -> Catalog:
    """Return the shipped models and those of further files; a later id wins.

    What can not be used here is not available; without `readiness` that of the installed
    providers counts.
    """
    stands = readiness or readiness_here()
    own: list[ModelCard] = []
    for path in further:
        own.extend(read_cards(read_json(path), path.name))
    shipped = build_catalog(_shipped())
    named = build_catalog(own)
    cards = {
        **{name: _marked(card, stands, shipped=True) for name, card in shipped.cards.items()},
        **{name: _marked(card, stands, shipped=False) for name, card in named.cards.items()},
    }
    wants = {name: f"{lack.message} {lack.action}" for name, lack in stands.lacks.items()}
    return Catalog(cards, wants)


def _shipped() -> Iterable[ModelCard]:
    folder = files("framewright_assets") / "catalog"
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".json"):
            yield from read_cards(json.loads(file.read_text("utf-8")), file.name)


def _marked(card: ModelCard, stands: Readiness, *, shipped: bool) -> ModelCard:
    if stands.usable(card, shipped=shipped):
        return card
    return card.model_copy(update={"available": False})


def own_catalogs(folder: Path) -> tuple[Path, ...]:
    """Return the catalog files that lie in a workspace folder, by name."""
    return tuple(sorted((folder / FOLDER).glob("*.json")))


def read_json(path: Path) -> Any:
    """Return what a JSON file holds; raises an error that says what is wrong, and where."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path} is larger than {MOST_BYTES // 1_000_000} MB.")
        return json.loads(path.read_text("utf-8-sig"), parse_constant=_refuse)
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {path}.") from error
    except OSError as error:
        raise InputError(f"{path} can not be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        message = f"{path} is not UTF-8 text (byte {error.start + 1})."
        raise InputError(message, action="Save it as UTF-8.") from error
    except json.JSONDecodeError as error:
        message = f"{path} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        raise InputError(message) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not JSON that can be used: {error}.") from error


def _refuse(constant: str) -> float:
    message = f"{constant} is not a JSON number"
    raise ValueError(message)
