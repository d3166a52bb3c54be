"""Reads the description of a model in the form of the diffusers library. Pure.

`model_index.json` names the class of the pipeline and, for each of its parts, the library and the
class that load it; each part has a folder with a `config.json` of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright.catalog.own.families import Family, family_of
from framewright.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

INDEX = "model_index.json"
_LIBRARY = re.compile(r"^[a-z0-9_]{1,60}$")
_CLASS = re.compile(r"^[A-Za-z][A-Za-z0-9_]{0,99}$")
_DENOISERS = ("unet", "transformer", "prior", "decoder")
_NATIVE = 1024
"""Pixels a side where no description says what a model was made for."""
_MOST_NATIVE = 2048
_WHAT_IT_IS = "Give the folder of a model in the form of diffusers: it holds a model_index.json."


@dataclass(frozen=True, slots=True)
class Described:
    """A model as its description tells of it."""

    pipeline: str
    """Name of its class in diffusers."""
    components: Mapping[str, str]
    """Parts that it is made of: name to class; those it does without are left out."""
    family: Family
    width: int
    """Pixels across that it was made for."""
    height: int


def described(index: Any, configs: Mapping[str, Any], name: str) -> Described:
    """Return what a model is; raises `InputError` for one that can not be used here.

    `index` is what its model_index.json holds, `configs` what the `config.json` of its parts hold,
    `name` says in errors which model it is.
    """
    pipeline = index.get("_class_name") if isinstance(index, dict) else None
    if isinstance(pipeline, list):
        raise brings_code(name)
    if not isinstance(pipeline, str) or not _CLASS.match(pipeline):
        raise InputError(f"{name} does not say which pipeline it is.", action=_WHAT_IT_IS)
    components = _components(index, name)
    family = family_of(pipeline, frozenset(components))
    if family is None:
        message = f"{name} is a {pipeline}, which does none of the tasks there are for own models."
        action = "Add one that makes or changes pictures, or makes videos of words or a picture."
        raise InputError(message, action=action)
    width, height = _native(family, configs)
    return Described(pipeline, components, family, width, height)


def _components(index: dict[str, Any], name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part, where in index.items():
        if part.startswith("_") or not isinstance(where, list) or len(where) != 2:
            continue
        library, kind = where
        if library is None or kind is None:
            continue
        if not (isinstance(library, str) and isinstance(kind, str)):
            raise brings_code(name)
        if not _LIBRARY.match(library) or not _CLASS.match(kind):
            raise brings_code(name)
        found[part] = kind
    return found


def brings_code(name: str) -> InputError:
    """Return what is said of a model that can only be loaded by running a program of its own."""
    message = f"{name} brings program code of its own, which is never run here."
    return InputError(message, action="Use a model whose parts are all of diffusers' own classes.")


def _native(family: Family, configs: Mapping[str, Any]) -> tuple[int, int]:
    """Return the size in pixels that a model was made for."""
    if family.width is not None and family.height is not None:
        return family.width, family.height
    size = next((_size(configs[part]) for part in _DENOISERS if part in configs), None)
    factor = _factor(configs.get("vae"))
    if size is None:
        return _NATIVE, _NATIVE
    height, width = (_whole(side * factor, family.sides) for side in size)
    return width, height


def _size(config: Any) -> tuple[int, int] | None:
    """Return the latent height and width that a part says it was made for."""
    size = config.get("sample_size") if isinstance(config, dict) else None
    sides = size if isinstance(size, list) else [size, size]
    if len(sides) != 2 or not all(type(each) is int and each > 0 for each in sides):
        return None
    height, width = map(int, sides)
    return height, width


def _factor(vae: Any) -> int:
    """Return how many pixels stand for one latent: each block but the last halves the sides."""
    blocks = vae.get("block_out_channels") if isinstance(vae, dict) else None
    return int(2 ** (len(blocks) - 1)) if isinstance(blocks, list) and 0 < len(blocks) < 8 else 8


def _whole(side: int, step: int) -> int:
    return max(step, min(side, _MOST_NATIVE) // step * step)
