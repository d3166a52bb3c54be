"""Heads: skull, face, hair and hats around one middle, in the head's own axes."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.figure.solid import Cone, Egg, Stuff

if TYPE_CHECKING:
    from framewright_providers.local.scene.colour import Colour
    from framewright_providers.local.scene.figure.pose import Joints
    from framewright_providers.local.scene.figure.solid import Solid, Vector
    from framewright_providers.local.scene.looks import Look

Triple = tuple[float, float, float]


def shaded(colour: Colour, share: float) -> Colour:
    """Return a colour so much darker, or lighter above 1."""
    red, green, blue = (min(1.0, part * share) for part in colour)
    return red, green, blue


class Bust:
    """Places solids in a head's own axes: right, up, front, in head heights from its middle."""

    def __init__(self, joints: Joints, size: float) -> None:
        self._middle, self._axes, self._size = joints.head, joints.frame, size
        self.solids: list[Solid] = []

    def at(self, place: Triple) -> Vector:
        """Return a place of the head in model space."""
        spot: Vector = self._middle + self._size * (np.asarray(place) @ self._axes)
        return spot

    def egg(self, place: Triple, radii: Triple, stuff: Stuff) -> None:
        """Add an ellipsoid along the head's axes."""
        x, y, z = (radius * self._size for radius in radii)
        self.solids.append(Egg(self.at(place), (x, y, z), stuff, self._axes))

    def cone(self, a: Triple, b: Triple, ra: float, rb: float, stuff: Stuff) -> None:
        """Add a round cone."""
        size = self._size
        self.solids.append(Cone(self.at(a), self.at(b), ra * size, rb * size, stuff))

    def pair(self, a: Triple, b: Triple, ra: float, rb: float, stuff: Stuff) -> None:
        """Add a round cone and its mirror image."""
        for side in (-1, 1):
            self.cone((side * a[0], a[1], a[2]), (side * b[0], b[1], b[2]), ra, rb, stuff)


def head(look: Look, joints: Joints) -> list[Solid]:
    """Return the solids of a person's head with face, hair and hat."""
    bust = Bust(joints, look.build.head)
    _skull(bust, look)
    _face(bust, look)
    _HAIR[look.hair](bust, _strands(look), look.hat not in {"", "crown"})
    if look.beard:
        _beard(bust, _strands(look))
    if look.hat:
        _HATS[look.hat](
            bust, Stuff(look.hat_colour, 0.12, melt=0.012 * look.build.head, kind="hat")
        )
    return bust.solids


def _strands(look: Look) -> Stuff:
    return Stuff(look.hair_colour, 0.35, melt=0.10 * look.build.head, kind="hair")


def _skull(bust: Bust, look: Look) -> None:
    skin = Stuff(look.skin, 0.12, melt=0.16 * look.build.head, kind="skin")
    wide = 1.0 if look.sex == "man" else 0.94
    young = look.age in {"child", "toddler"}
    bust.egg((0, 0.10, -0.05), (0.360 * wide, 0.40, 0.43), skin)
    bust.egg((0, -0.16, 0.10), (0.285 * wide, 0.31, 0.30), skin)
    if not young:
        jaw, full = (0.235, 0.078) if look.sex == "man" else (0.17, 0.066)
        bust.pair((jaw * 0.82, -0.27, 0.02), (0.05, -0.43, 0.25), full, full * 0.95, skin)
        bust.egg((0, -0.418, 0.265), (0.085 * wide, 0.070, 0.080), skin)
    soft = 0.13 if young else 0.10
    bust.egg((-0.185, -0.13, 0.235), (soft, 0.12, 0.12), skin)
    bust.egg((0.185, -0.13, 0.235), (soft, 0.12, 0.12), skin)
    nose = Stuff(shaded(look.skin, 0.98), 0.2, melt=0.05 * look.build.head, kind="skin")
    long = 0.075 if young else 0.105
    bust.cone((0, 0.05, 0.345), (0, -0.12, 0.350 + long), 0.030, 0.044, nose)
    bust.pair((0.046, -0.138, 0.385), (0.026, -0.142, 0.42), 0.029, 0.029, nose)
    ear = Stuff(shaded(look.skin, 0.95), 0.1, melt=0.02 * look.build.head, kind="skin")
    for side in (-1, 1):
        bust.egg((side * 0.362 * wide, 0.0, -0.03), (0.05, 0.12, 0.085), ear)


def _face(bust: Bust, look: Look) -> None:
    large = 1.45 if look.age in {"child", "toddler"} else 1.26 if look.sex == "woman" else 1.14
    white = Stuff((0.93, 0.92, 0.90), 0.5)
    iris = Stuff(look.eyes, 0.8)
    pupil = Stuff((0.03, 0.03, 0.03), 0.9)
    glint = Stuff((1.0, 1.0, 1.0), 0.2, 0.7)
    lid = Stuff(shaded(look.skin, 0.86), 0.15, melt=0.02 * look.build.head, kind="skin")
    lash = Stuff((0.09, 0.07, 0.06), 0.1)
    wide = 0.022 if look.mood == "surprised" else 0.0
    for side in (-1, 1):
        x = side * 0.158
        bust.egg((x, 0.035, 0.318), (0.074 * large, (0.044 + wide) * large, 0.046), white)
        bust.egg((x, 0.035, 0.350), (0.034 * large, 0.037 * large, 0.018), iris)
        bust.egg((x, 0.035, 0.362), (0.017 * large, 0.018 * large, 0.010), pupil)
        bust.egg((x + 0.012, 0.050, 0.370), (0.008, 0.008, 0.005), glint)
        up = 0.035 + (0.040 + wide) * large
        bust.cone((x - 0.066, up - 0.018, 0.318), (x + 0.066, up - 0.018, 0.318), 0.016, 0.016, lid)
        bust.cone((x - 0.070, up, 0.346), (x + 0.070, up, 0.346), 0.022, 0.022, lid)
        reach = 0.013 if look.sex == "woman" else 0.008
        bust.cone(
            (x - 0.068, up - 0.020, 0.352), (x + 0.068, up - 0.020, 0.352), reach, reach, lash
        )
        bust.cone((x - 0.055, -0.016, 0.338), (x + 0.055, -0.016, 0.338), 0.014, 0.014, lid)
    _brows(bust, look)
    _mouth(bust, look)
    if look.glasses:
        _glasses(bust)


def _brows(bust: Bust, look: Look) -> None:
    dark = shaded(look.hair_colour, 0.75 if look.hair != "bald" else 0.6)
    brow = Stuff(dark, 0.05)
    thick = 0.028 if look.sex == "man" else 0.020
    inner, outer = {
        "sad": (0.205, 0.160),
        "angry": (0.140, 0.200),
        "surprised": (0.235, 0.240),
    }.get(look.mood, (0.182, 0.178))
    bust.pair((0.075, inner, 0.372), (0.160, outer + 0.012, 0.360), thick, thick * 0.9, brow)
    bust.pair(
        (0.160, outer + 0.012, 0.360), (0.235, outer - 0.012, 0.305), thick * 0.9, thick * 0.6, brow
    )


def _mouth(bust: Bust, look: Look) -> None:
    red = shaded((look.skin[0], look.skin[1] * 0.80, look.skin[2] * 0.80), 0.84)
    if look.sex == "woman" and look.age in {"adult", "teen"}:
        red = shaded((look.skin[0], look.skin[1] * 0.52, look.skin[2] * 0.56), 0.92)
    lips = Stuff(red, 0.35, melt=0.012 * look.build.head, kind="lips")
    line = Stuff(shaded(red, 0.45), 0.1)
    bend = {"smile": 0.040, "sad": -0.030, "angry": -0.016}.get(look.mood, 0.008)
    if look.mood == "surprised":
        bust.egg((0, -0.285, 0.375), (0.050, 0.058, 0.03), line)
        return
    half = 0.140 if look.mood == "smile" else 0.118
    bust.pair((0, -0.252, 0.392), (half, -0.262 + bend, 0.335), 0.020, 0.010, lips)
    bust.pair((0, -0.292, 0.388), (half * 0.92, -0.278 + bend, 0.335), 0.026, 0.012, lips)
    bust.pair((0, -0.270, 0.410), (half * 1.03, -0.268 + bend, 0.345), 0.0065, 0.005, line)


def _glasses(bust: Bust) -> None:
    rim = Stuff((0.07, 0.06, 0.06), 0.7)
    for side in (-1, 1):
        ring = [
            (side * 0.165 + 0.125 * np.cos(t), 0.03 + 0.10 * np.sin(t), 0.415)
            for t in np.linspace(0, 2 * np.pi, 17)
        ]
        for one, other in itertools.pairwise(ring):
            bust.cone(one, other, 0.012, 0.012, rim)
    bust.cone((-0.045, 0.045, 0.43), (0.045, 0.045, 0.43), 0.012, 0.012, rim)
    bust.pair((0.29, 0.04, 0.41), (0.385, 0.03, 0.0), 0.012, 0.012, rim)


def _cap_of_hair(bust: Bust, hair: Stuff, *, full: float = 0.0, fringe: bool = True) -> None:
    bust.egg((0, 0.165, -0.095), (0.385 + full, 0.385 + full, 0.420 + full), hair)
    bust.egg((0, 0.03, -0.20), (0.355 + full, 0.36, 0.315 + full), hair)
    if fringe:
        bust.egg((-0.10, 0.405, 0.165), (0.245, 0.095, 0.16), hair)
        bust.egg((0.15, 0.375, 0.150), (0.19, 0.105, 0.15), hair)


def _short(bust: Bust, hair: Stuff, covered: bool) -> None:
    _cap_of_hair(bust, hair, fringe=not covered)
    bust.pair((0.345, 0.10, 0.06), (0.355, -0.06, 0.03), 0.062, 0.035, hair)


def _crop(bust: Bust, hair: Stuff, covered: bool) -> None:
    _cap_of_hair(bust, hair, fringe=False)
    if covered:
        return
    bust.egg((0, 0.385, 0.10), (0.27, 0.10, 0.19), hair)


def _curly(bust: Bust, hair: Stuff, covered: bool) -> None:
    random = np.random.Generator(np.random.PCG64(7))
    _cap_of_hair(bust, hair, full=0.045, fringe=False)
    for _ in range(64):
        turn, up = float(random.uniform(0, 2 * np.pi)), float(random.uniform(-0.25, 1.0))
        around = np.sqrt(max(0.0, 1 - up * up))
        x, z = around * np.sin(turn), around * np.cos(turn)
        if (z > 0.35 and up < 0.72) or (covered and up > 0.1):
            continue
        bust.egg((0.41 * x, 0.17 + 0.42 * up, -0.09 + 0.43 * z), (0.11, 0.11, 0.11), hair)


def _long(bust: Bust, hair: Stuff, covered: bool) -> None:
    _cap_of_hair(bust, hair, full=0.02, fringe=not covered)
    for x, z, low in (
        (0.34, 0.05, -0.86),
        (0.355, -0.06, -1.0),
        (0.32, -0.18, -1.08),
        (0.22, -0.30, -1.15),
        (0.07, -0.36, -1.18),
    ):
        bust.pair((x, 0.14, z), (x * 1.06, -0.40, z), 0.080, 0.105, hair)
        bust.pair((x * 1.06, -0.40, z), (x * 1.10, low, z - 0.02), 0.105, 0.030, hair)


def _bob(bust: Bust, hair: Stuff, covered: bool) -> None:
    _cap_of_hair(bust, hair, full=0.03, fringe=not covered)
    for x, z in ((0.375, 0.06), (0.36, -0.12), (0.26, -0.30), (0.09, -0.38)):
        bust.pair((x, 0.10, z), (x * 1.04, -0.40, z + 0.02), 0.095, 0.085, hair)


def _ponytail(bust: Bust, hair: Stuff, covered: bool) -> None:
    _cap_of_hair(bust, hair, fringe=not covered)
    bust.cone((0, 0.26, -0.47), (0.05, 0.02, -0.66), 0.095, 0.125, hair)
    bust.cone((0.05, 0.02, -0.66), (0.09, -0.55, -0.60), 0.125, 0.035, hair)


def _bun(bust: Bust, hair: Stuff, covered: bool) -> None:
    _cap_of_hair(bust, hair, fringe=not covered)
    if covered:
        return
    bust.egg((0, 0.44, -0.36), (0.185, 0.175, 0.175), hair)


def _bald(bust: Bust, hair: Stuff, covered: bool) -> None:
    del bust, hair, covered


def _beard(bust: Bust, hair: Stuff) -> None:
    bust.pair((0.325, -0.02, 0.04), (0.275, -0.27, 0.10), 0.045, 0.085, hair)
    bust.pair((0.275, -0.27, 0.10), (0.13, -0.42, 0.235), 0.085, 0.115, hair)
    bust.pair((0.13, -0.42, 0.235), (0.0, -0.50, 0.27), 0.115, 0.135, hair)
    bust.egg((0, -0.395, 0.315), (0.125, 0.075, 0.075), hair)
    bust.pair((0.015, -0.205, 0.395), (0.135, -0.262, 0.335), 0.034, 0.030, hair)
    bust.pair((0.135, -0.262, 0.335), (0.165, -0.36, 0.275), 0.030, 0.050, hair)


def _fedora(bust: Bust, felt: Stuff) -> None:
    band = Stuff(shaded(felt.colour, 0.45), 0.1)
    bust.egg((0, 0.265, -0.04), (0.64, 0.050, 0.66), felt)
    bust.egg((0, 0.42, -0.06), (0.375, 0.26, 0.415), felt)
    bust.egg((0, 0.52, -0.06), (0.30, 0.19, 0.36), felt)
    bust.egg((0, 0.325, -0.05), (0.388, 0.060, 0.43), band)


def _cap(bust: Bust, felt: Stuff) -> None:
    bust.egg((0, 0.24, -0.07), (0.40, 0.33, 0.44), felt)
    bust.egg((0, 0.265, 0.36), (0.27, 0.030, 0.27), felt)


def _beanie(bust: Bust, felt: Stuff) -> None:
    bust.egg((0, 0.27, -0.07), (0.405, 0.36, 0.44), felt)
    bust.egg((0, 0.215, -0.05), (0.415, 0.10, 0.46), Stuff(shaded(felt.colour, 0.82), 0.05))


def _hood(bust: Bust, felt: Stuff) -> None:
    bust.egg((0, 0.15, -0.16), (0.46, 0.46, 0.45), felt)
    bust.egg((0, -0.22, -0.20), (0.42, 0.34, 0.34), felt)
    bust.pair((0.40, 0.18, 0.02), (0.30, -0.44, 0.02), 0.075, 0.10, felt)
    bust.pair((0.0, 0.545, 0.03), (0.40, 0.18, 0.02), 0.065, 0.075, felt)


def _crown(bust: Bust, felt: Stuff) -> None:
    gold = Stuff(felt.colour, 0.9)
    for turn in np.linspace(0, 2 * np.pi, 13)[:-1]:
        x, z = 0.36 * float(np.sin(turn)), 0.40 * float(np.cos(turn)) - 0.06
        bust.cone((x, 0.34, z), (x * 1.06, 0.40, z * 1.06), 0.065, 0.060, gold)
        bust.cone((x * 1.06, 0.42, z * 1.06), (x * 1.12, 0.58, z * 1.12), 0.045, 0.015, gold)


def _helmet(bust: Bust, felt: Stuff) -> None:
    steel = Stuff(felt.colour, 0.8, melt=felt.melt, kind="hat")
    bust.egg((0, 0.20, -0.06), (0.43, 0.40, 0.47), steel)
    bust.egg((0, 0.14, -0.02), (0.455, 0.075, 0.51), steel)


def _chef(bust: Bust, felt: Stuff) -> None:
    bust.cone((0, 0.30, -0.05), (0, 0.52, -0.05), 0.37, 0.36, felt)
    for x, z in ((-0.22, 0.1), (0.22, 0.1), (0.0, 0.22), (-0.2, -0.25), (0.2, -0.25), (0, -0.05)):
        bust.egg((x, 0.86, z - 0.05), (0.27, 0.22, 0.27), felt)


def _pointed(bust: Bust, felt: Stuff) -> None:
    bust.egg((0, 0.27, -0.05), (0.62, 0.050, 0.64), felt)
    bust.cone((0, 0.30, -0.05), (0.06, 1.25, -0.22), 0.36, 0.03, felt)


def _straw(bust: Bust, felt: Stuff) -> None:
    bust.egg((0, 0.26, -0.04), (0.78, 0.055, 0.80), felt)
    bust.egg((0, 0.38, -0.06), (0.37, 0.24, 0.41), felt)
    bust.egg((0, 0.315, -0.05), (0.385, 0.055, 0.425), Stuff((0.42, 0.16, 0.12), 0.1))


def _veil(bust: Bust, felt: Stuff) -> None:
    _cap_of_hair(bust, felt, full=0.04, fringe=False)
    for x, z in ((0.38, -0.10), (0.28, -0.32), (0.1, -0.44)):
        bust.pair((x, 0.10, z), (x * 1.25, -1.35, z - 0.10), 0.08, 0.16, felt)


_HAIR = {
    "short": _short,
    "crop": _crop,
    "curly": _curly,
    "long": _long,
    "bob": _bob,
    "ponytail": _ponytail,
    "bun": _bun,
    "bald": _bald,
}
_HATS = {
    "fedora": _fedora,
    "cap": _cap,
    "beanie": _beanie,
    "hood": _hood,
    "crown": _crown,
    "helmet": _helmet,
    "chef": _chef,
    "pointed": _pointed,
    "straw": _straw,
    "veil": _veil,
}
