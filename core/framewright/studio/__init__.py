"""Studio: the wiring of the rooms, and the one service that every front door calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framewright.studio.studio import Studio
    from framewright.studio.sync import StudioSync

__all__ = ["Studio", "StudioSync"]


def __getattr__(name: str) -> object:
    """Import the service on first use: the doctor must work where it can not be imported."""
    from importlib import import_module

    homes = {"Studio": "framewright.studio.studio", "StudioSync": "framewright.studio.sync"}
    if name not in homes:
        message = f"module 'framewright.studio' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(homes[name]), name)
