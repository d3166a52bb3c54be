"""Studio: the wiring of the rooms, and the one service that every front door calls."""

from framewright.studio.studio import Studio
from framewright.studio.sync import StudioSync

__all__ = ["Studio", "StudioSync"]
