"""Framewright's engine: from a brief to a checked plan, from a plan to finished media.

`Studio` is the door for programs; `framewright` on the command line is the same door for people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framewright.domain.plan import Plan, Step
    from framewright.studio import Studio, StudioSync

__all__ = ["Plan", "Step", "Studio", "StudioSync", "__version__"]
__version__ = "0.1.0"

_HOMES = {
    "Plan": "framewright.domain.plan",
    "Step": "framewright.domain.plan",
    "Studio": "framewright.studio",
    "StudioSync": "framewright.studio",
}


def __getattr__(name: str) -> object:
    """Import the public names on first use, so that `import framewright` stays instant."""
    if name not in _HOMES:
        message = f"module 'framewright' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
