"""Reads answers in YAML as the JSON they mean: no tags, no aliases, no times, no sexagesimals."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_LINE = re.compile(
    r"^(?:---\s*$|steps\s*:|plan\s*:|title\s*:|- +\w+\s*:|\w+\s*:\s*$)", re.MULTILINE
)
_MOST_CHARACTERS = 200_000


def looks_like_yaml(text: str) -> bool:
    """Tell whether a text has lines that only YAML has, and does not begin as JSON."""
    return text.lstrip()[:1] not in {"{", "["} and bool(_LINE.search(text))


def read_yaml(text: str) -> dict[str, Any] | list[Any] | None:
    """Return the mapping or list a YAML text says, or None.

    Prose before the first YAML line, and behind the last one, is left out.
    """
    if len(text) > _MOST_CHARACTERS:
        return None
    lines = text.replace("\t", "  ").splitlines()
    first = next((at for at, line in enumerate(lines) if _LINE.match(line)), None)
    if first is None:
        return None
    last = len(lines)
    while (
        last > first
        and lines[last - 1][:1] not in {"", " ", "-", "#"}
        and not re.match(r"[\w\"']+\s*:", lines[last - 1])
    ):
        last -= 1
    return _load("\n".join(lines[first:last]))


def _load(text: str) -> dict[str, Any] | list[Any] | None:
    from yaml import YAMLError

    try:
        value = _loader()(text).get_single_data()
    except (YAMLError, ValueError, RecursionError, TypeError):
        return None
    return value if isinstance(value, (dict, list)) else None


@cache
def _loader() -> Any:
    """Return a loader of YAML's JSON part: texts stay texts, `16:9` and dates included."""
    import yaml

    class Loader(yaml.SafeLoader):
        """Knows null, booleans and numbers, and refuses aliases, which can grow without end."""

        yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the library's own form

        def compose_node(  # type: ignore[explicit-override]  # typing.override comes with 3.12
            self, parent: Any, index: Any
        ) -> Any:
            """Compose a node that is not an alias."""
            if self.check_event(yaml.AliasEvent):
                message = "aliases are refused"
                raise yaml.YAMLError(message)
            return super().compose_node(parent, index)

    rules = {
        "null": (r"^(?:null|Null|NULL|~|)$", ["n", "N", "~", ""]),
        "bool": (r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
        "int": (r"^[-+]?(?:0|[1-9]\d*)$", list("-+0123456789")),
        "float": (r"^[-+]?(?:\d+\.\d*|\.\d+)(?:[eE][-+]?\d+)?$", list("-+.0123456789")),
    }
    for name, (pattern, firsts) in rules.items():
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{name}", re.compile(pattern), firsts)
    return Loader
