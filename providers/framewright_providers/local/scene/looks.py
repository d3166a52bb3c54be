"""What a person looks like: build, face, hair and clothes; pure values."""

# ruff: noqa: E501 - tables: one body a line

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framewright_providers.local.scene.colour import Colour


@dataclass(frozen=True, slots=True)
class Build:
    """Lengths of a body in units: a standing adult is one unit tall."""

    leg: float
    torso: float
    neck: float
    head: float
    """From chin to crown."""
    arm: float
    shoulders: float
    """Half their width."""
    hips: float
    """Half the distance of the hip joints."""
    foot: float
    ankle: float
    girth: float
    """How thick limbs and trunk are; 1 is usual."""
    stoop: float = 0.0

    @property
    def height(self) -> float:
        """The standing height."""
        return self.leg + self.ankle + self.torso + self.neck + self.head * 1.02


BUILDS = {
    ("man", "adult"): Build(0.465, 0.300, 0.040, 0.142, 0.312, 0.100, 0.047, 0.105, 0.040, 0.90),
    ("woman", "adult"): Build(0.458, 0.278, 0.042, 0.140, 0.288, 0.080, 0.048, 0.092, 0.036, 0.76),
    ("man", "teen"): Build(0.440, 0.270, 0.038, 0.142, 0.292, 0.084, 0.042, 0.100, 0.036, 0.76),
    ("woman", "teen"): Build(0.430, 0.258, 0.038, 0.140, 0.276, 0.074, 0.044, 0.090, 0.034, 0.72),
    ("man", "child"): Build(0.290, 0.205, 0.024, 0.140, 0.205, 0.064, 0.034, 0.078, 0.030, 0.64),
    ("woman", "child"): Build(0.290, 0.203, 0.024, 0.140, 0.203, 0.060, 0.034, 0.074, 0.030, 0.62),
    ("man", "toddler"): Build(0.170, 0.165, 0.014, 0.135, 0.140, 0.060, 0.034, 0.060, 0.024, 0.74),
    ("woman", "toddler"): Build(0.170, 0.165, 0.014, 0.135, 0.140, 0.060, 0.034, 0.060, 0.024, 0.74),
    ("man", "elder"): Build(0.445, 0.285, 0.034, 0.142, 0.305, 0.096, 0.048, 0.102, 0.040, 0.92, 9.0),
    ("woman", "elder"): Build(0.425, 0.265, 0.034, 0.140, 0.280, 0.084, 0.050, 0.090, 0.036, 0.86, 9.0),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """One person as they are drawn; the same in every shot."""

    name: str
    """A proper name, or the noun that stands for the person."""
    sex: str
    """`man` or `woman`."""
    age: str
    """`toddler`, `child`, `teen`, `adult` or `elder`."""
    skin: Colour
    hair: str
    """`short`, `crop`, `curly`, `long`, `bob`, `ponytail`, `bun`, `bald`."""
    hair_colour: Colour
    eyes: Colour
    top: str
    """`coat`, `jacket`, `suit`, `shirt`, `tee`, `hoodie`, `dress`, `robe`, `armour`, `vest`."""
    top_colour: Colour
    under: Colour
    """What shows at the collar, and an apron's or tie's colour."""
    bottom: str
    """`trousers`, `shorts` or `skirt`."""
    bottom_colour: Colour
    shoes: Colour
    hat: str = ""
    hat_colour: Colour = (0.2, 0.2, 0.22)
    scarf: Colour | None = None
    apron: Colour | None = None
    cape: Colour | None = None
    beard: bool = False
    glasses: bool = False
    pack: bool = False
    mood: str = ""
    """`smile`, `sad`, `angry`, `surprised` or nothing."""

    @property
    def build(self) -> Build:
        """The body's lengths."""
        return BUILDS[self.sex, self.age]

    @property
    def palette(self) -> tuple[Colour, ...]:
        """The colours that tell this person apart: skin, hair, clothes from top to shoes."""
        kept = [self.skin, self.hair_colour, self.top_colour, self.under, self.bottom_colour]
        marks = [self.scarf, self.apron, self.cape, self.hat_colour if self.hat else None]
        return (*kept, self.shoes, *(mark for mark in marks if mark is not None))
