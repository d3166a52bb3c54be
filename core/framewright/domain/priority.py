"""Whose jobs go first."""

from __future__ import annotations

from enum import StrEnum


class Priority(StrEnum):
    """Which jobs go first, of those of one tenant for one model."""

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"
