"""What a part of a thing is, and the colours of what things are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framewright_providers.local.scene.colour import Colour
    from framewright_providers.local.solid.mesh import Mesh

    Part = tuple[Mesh, str, Colour | None]
    """A mesh, the kind of its stuff, and its own colour; None takes the colour that is asked."""

WOOD, STONE, LEAF = (0.52, 0.34, 0.18), (0.55, 0.54, 0.52), (0.20, 0.44, 0.16)
STEEL, DARK, WHITE = (0.72, 0.73, 0.76), (0.08, 0.08, 0.09), (0.92, 0.91, 0.88)
GLASS, GLOW, RED = (0.45, 0.62, 0.72), (1.0, 0.84, 0.45), (0.75, 0.12, 0.10)
