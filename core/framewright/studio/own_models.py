"""Takes a model that a person has on this machine into the catalog of a workspace."""

from __future__ import annotations

import os
import re
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framewright.catalog.own.card import PROVIDER, own_card
from framewright.catalog.own.described import INDEX, Described, brings_code, described
from framewright.catalog.own.families import Mode
from framewright.errors import InputError, NotFoundError
from framewright.studio.catalogs import read_json
from framewright.studio.importing import ImportedModel, put_card

if TYPE_CHECKING:
    from collections.abc import Mapping

_HUB_NAME = re.compile(r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$")
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")


def add_own_model(
    folder: Path, source: str, mode: str | None = None, name: str | None = None
) -> ImportedModel:
    """Write the card of a model of one's own into the workspace's catalog.

    `source` is a folder in the form of the diffusers library, or the name of a model in the Hugging
    Face cache of this machine; nothing is fetched, and nothing but JSON is read. `mode` says what
    it is to do, where it can do more than one thing. Raises `NotFoundError` where there is no such
    model and `InputError` for one that can not be used; then nothing has changed.
    """
    place = weights_folder(source)
    model = described(read_json(place / INDEX), _configs(place), source)
    _refuse_programs(place, model, source)
    chosen = _mode(model, mode, source)
    called = name or _name(source, model, chosen)
    if not re.match(r"^[a-z0-9][a-z0-9._-]{0,63}$", called):
        message = f"A model can not be called {called}."
        raise InputError(message, action="Use small letters, digits, dots, - and _: --name NAME")
    return put_card(folder, own_card(model, chosen, called, str(place)), PROVIDER)


def weights_folder(source: str, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of a model; raises `NotFoundError`, and `InputError` for another form."""
    place = Path(source).expanduser()
    if place.is_dir():
        if (place / INDEX).is_file():
            return place.absolute()
        if (place / "modular_model_index.json").is_file():
            message = f"{source} is a modular pipeline, which is not supported yet."
            raise InputError(message, action=f"Use a version of it with a {INDEX}.")
        message = f"{source} is no model in the form of diffusers: it has no {INDEX}."
        raise InputError(message, action="Single files of weights are to be converted first.")
    if place.is_file():
        message = f"{source} is a single file; a model is a folder in the form of diffusers."
        raise InputError(message, action="Convert it with from_single_file and save_pretrained.")
    if _HUB_NAME.match(source):
        return _cached(source, _cache(environment))
    raise NotFoundError(f"There is no folder {source}.")


def _cached(name: str, cache: Path) -> Path:
    """Return where the Hugging Face cache keeps the newest version of a model."""
    kept = cache / f"models--{name.replace('/', '--')}"
    action = f"Get it first: hf download {name}"
    try:
        version = (kept / "refs" / "main").read_text("utf-8").strip()
    except OSError as error:
        message = f"{name} is neither a folder nor in the Hugging Face cache of this machine."
        raise NotFoundError(message, action=action) from error
    place = kept / "snapshots" / Path(version).name
    if not (place / INDEX).is_file():
        message = f"{name} is in the Hugging Face cache, but not whole or not of diffusers' form."
        raise NotFoundError(message, action=action)
    return place.absolute()


def _cache(environment: Mapping[str, str]) -> Path:
    """Return the Hugging Face cache, as its own variables say."""
    if given := environment.get("HF_HUB_CACHE"):
        return Path(given).expanduser()
    if home := environment.get("HF_HOME"):
        return Path(home).expanduser() / "hub"
    base = environment.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "huggingface" / "hub"


def _configs(place: Path) -> dict[str, Any]:
    """Return what the parts of a model say of themselves, by name."""
    parts = (each for each in sorted(place.iterdir()) if (each / "config.json").is_file())
    return {part.name: read_json(part / "config.json") for part in parts}


def _refuse_programs(place: Path, model: Described, source: str) -> None:
    """Raise `InputError` where a part brings code, or has its weights only where code may hide."""
    for part in model.components:
        inside = place / part
        if any(inside.glob("*.py")):
            raise brings_code(source)
        if any(inside.glob("*.safetensors")):
            continue
        if any(file for pattern in _PICKLES for file in inside.glob(pattern)):
            message = f"The weights of {part} are in a form that can run any program."
            raise InputError(message, action="Get the model as safetensors, or convert it.")


def _mode(model: Described, asked: str | None, source: str) -> Mode:
    able = model.family.modes
    if asked is None:
        return able[0]
    if asked in able:
        return Mode(asked)
    near = get_close_matches(asked, able, 1)
    action = f"Did you mean {near[0]}?" if near else f"It does: {', '.join(able)}."
    raise InputError(f"{source} ({model.pipeline}) does no {asked}.", action=action)


def _name(source: str, model: Described, mode: Mode) -> str:
    words = Path(source).expanduser().absolute().name
    plain = re.sub(r"[^a-z0-9._]+", "-", words.lower()).strip("-._")[:40] or "model"
    return plain if mode is model.family.mode else f"{plain}-{mode}"
