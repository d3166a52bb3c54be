"""The type of a colour."""

from __future__ import annotations

Colour = tuple[float, float, float]
"""Red, green and blue, 0 to 1."""
