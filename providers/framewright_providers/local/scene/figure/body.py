"""Bodies in clothes: trunk, limbs, and what is worn, around posed joints."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.figure.head import head, shaded
from framewright_providers.local.scene.figure.pose import POSES, Pose, joints
from framewright_providers.local.scene.figure.props import held_prop, seat
from framewright_providers.local.scene.figure.solid import Cone, Egg, Slab, Stuff

if TYPE_CHECKING:
    from framewright_providers.local.scene.figure.pose import Joints
    from framewright_providers.local.scene.figure.solid import Solid, Vector
    from framewright_providers.local.scene.looks import Look

_LONG = {"coat": 0.62, "robe": 0.96, "dress": 0.60}
"""How far down the legs a garment's skirt reaches, as a part of them."""
_WIDE = {"coat": 1.08, "robe": 1.12, "suit": 1.03, "jacket": 1.10, "hoodie": 1.13, "vest": 1.08}
"""How much wider than the body a garment is."""


def body(look: Look, pose: str | Pose = "standing", prop: str = "") -> list[Solid]:
    """Return the solids of a person in a pose; a seat stands under those who sit."""
    held = pose if isinstance(pose, Pose) else POSES[pose]
    held = replace(held, lean=held.lean + look.build.stoop, nod=held.nod - look.build.stoop * 0.5)
    at = joints(held, look.build)
    cloth = Stuff(look.top_colour, _gloss(look), melt=0.03, kind="top")
    solids = [*_trunk(look, at, cloth), *_arms(look, at, cloth), *_legs(look, at)]
    if look.top in _LONG or look.bottom == "skirt":
        solids += _skirt(look, at, seated=held.seat)
    solids += [*_collar(look, at), *_marks(look, at)]
    solids += head(look, at)
    if held.seat:
        solids += seat(at)
    if prop:
        solids += held_prop(prop, at)
    return solids


def _gloss(look: Look) -> float:
    return {"armour": 0.95, "jacket": 0.22, "dress": 0.18}.get(look.top, 0.06)


def _trunk(look: Look, at: Joints, cloth: Stuff) -> list[Solid]:
    build = look.build
    thick = build.girth * _WIDE.get(look.top, 1.0)
    trousers = Stuff(look.bottom_colour, 0.05, melt=0.03, kind="bottom")
    lower = cloth if look.top in {"dress", "robe", "coat"} else trousers
    skin = Stuff(look.skin, 0.12, melt=0.02, kind="skin")
    right = at.back[0]
    front = at.back[2]
    across = right * build.shoulders
    made: list[Solid] = []
    bust = look.sex == "woman" and look.age in {"adult", "teen", "elder"}
    waist = 0.066 if look.sex == "man" else 0.056
    for side in (-1, 1):
        made.append(
            Cone(
                at.waist + side * right * 0.034 * thick,
                at.chest + side * across * 0.48,
                waist * thick,
                0.070 * thick,
                cloth,
            )
        )
        made.append(
            Cone(
                at.chest + side * across * 0.42,
                at.neck + side * across * 0.52 - at.back[1] * 0.035,
                0.070 * thick,
                0.040 * thick,
                cloth,
            )
        )
        made.append(
            Cone(
                at.neck + side * across * 0.15 - at.back[1] * 0.012,
                at.shoulders[side > 0],
                0.034 * thick,
                0.044 * thick,
                cloth,
            )
        )
        if bust and look.top not in {"coat", "armour"}:
            made.append(
                Egg(
                    at.chest + side * right * 0.042 + front * 0.050 - at.back[1] * 0.008,
                    (0.042, 0.040, 0.040),
                    cloth,
                )
            )
        made.append(
            Cone(
                at.hip + side * right * build.hips * 0.62,
                at.waist + side * right * 0.032 * thick,
                (0.068 if lower is cloth else 0.058) * thick,
                waist * thick * 0.86,
                lower,
            )
        )
    if look.top in {"suit", "jacket", "hoodie", "armour", "shirt"}:
        low = {"suit": 0.085, "jacket": 0.055}.get(look.top, 0.040)
        for x in (-1.0, -0.35, 0.35, 1.0):
            hem = at.hip + right * x * build.hips * 1.02 * thick - np.array([0, low, -0.012])
            made.append(
                Cone(at.waist + right * x * 0.036 * thick, hem, waist * thick, 0.062 * thick, cloth)
            )
    made.append(
        Cone(
            at.neck - at.back[1] * 0.01,
            at.neck + (at.head - at.neck) * 0.55,
            0.036 * build.girth,
            0.033 * build.girth,
            skin,
        )
    )
    return made


def _arms(look: Look, at: Joints, cloth: Stuff) -> list[Solid]:
    thick = look.build.girth * (_WIDE.get(look.top, 1.0) * 1.04)
    skin = Stuff(look.skin, 0.12, melt=0.02, kind="skin")
    bare = look.top in {"tee", "dress", "vest"} and look.hat != "veil"
    made: list[Solid] = []
    for side in (0, 1):
        shoulder, elbow = at.shoulders[side], at.elbows[side]
        wrist, hand = at.wrists[side], at.hands[side]
        girth = look.build.girth
        if bare:
            short = shoulder + (elbow - shoulder) * (0.60 if look.top == "tee" else 0.12)
            made.append(Cone(shoulder, elbow, 0.036 * girth, 0.029 * girth, skin))
            made.append(Cone(elbow, wrist, 0.030 * girth, 0.020 * girth, skin))
            made.append(Cone(shoulder, short, 0.047 * girth, 0.045 * girth, cloth))
        else:
            made.append(Cone(shoulder, elbow, 0.044 * thick, 0.036 * thick, cloth))
            cuff = elbow + (wrist - elbow) * 0.96
            wide = 0.052 if look.top == "robe" else 0.031
            made.append(Cone(elbow, cuff, 0.037 * thick, wide * thick, cloth))
        made += _hand(look, wrist, hand, skin)
    return made


def _hand(look: Look, wrist: Vector, hand: Vector, skin: Stuff) -> list[Solid]:
    size = look.build.head
    way = hand - wrist
    palm = wrist + way * 0.50
    return [
        Cone(wrist, palm, 0.125 * size, 0.175 * size, skin),
        Cone(palm, hand, 0.165 * size, 0.085 * size, skin),
        Cone(
            palm, palm + way * 0.30 + np.array([0, 0, 0.20 * size]), 0.08 * size, 0.05 * size, skin
        ),
    ]


def _legs(look: Look, at: Joints) -> list[Solid]:
    build, girth = look.build, look.build.girth
    trousers = Stuff(look.bottom_colour, 0.05, melt=0.03, kind="bottom")
    if look.top == "armour":
        trousers = replace(trousers, shine=0.9)
    skin = Stuff(look.skin, 0.12, melt=0.02, kind="skin")
    leather = Stuff(look.shoes, 0.35, melt=0.02, kind="shoes")
    bare = look.bottom in {"skirt", "shorts"} or look.top == "dress"
    made: list[Solid] = []
    for side in (0, 1):
        hip, knee, ankle, toe = at.hips[side], at.knees[side], at.ankles[side], at.toes[side]
        wide = 1.0 if bare else 1.10
        stuff = skin if bare else trousers
        made.append(Cone(hip, knee, 0.066 * girth * wide, 0.045 * girth * wide, stuff))
        calf = knee + (ankle - knee) * 0.32
        made.append(Cone(knee, calf, 0.045 * girth * wide, 0.047 * girth * wide, stuff))
        made.append(
            Cone(calf, ankle, 0.047 * girth * wide, 0.030 * girth * (1.0 if bare else 1.25), stuff)
        )
        if look.bottom == "shorts":
            hem = hip + (knee - hip) * 0.72
            made.append(Cone(hip, hem, 0.074 * girth, 0.066 * girth, trousers))
        sole = build.ankle
        way = toe - ankle
        heel = ankle - way * 0.16
        made.append(
            Cone(ankle, heel - np.array([0, sole * 0.25, 0]), 0.034 * girth, sole * 0.70, leather)
        )
        made.append(
            Cone(heel - np.array([0, sole * 0.25, 0]), toe, sole * 0.72, sole * 0.48, leather)
        )
    return made


def _skirt(look: Look, at: Joints, *, seated: bool) -> list[Solid]:
    """Return the folds of a coat, dress, robe or skirt around the legs."""
    build = look.build
    long = _LONG.get(look.top, 0.0)
    colour = look.top_colour
    if look.bottom == "skirt" and long < 0.3:
        long, colour = 0.50, look.bottom_colour
    cloth = Stuff(
        colour, _gloss(look), melt=0.045, kind="top" if colour == look.top_colour else "skirt"
    )
    girth = build.girth * _WIDE.get(look.top, 1.02)
    flare = {"dress": 1.55, "robe": 1.50, "coat": 1.28}.get(look.top, 1.5)
    if seated:
        return _lap(at, girth, cloth)
    made: list[Solid] = []
    knees = (at.knees[0] + at.knees[1]) / 2
    # A skirt follows the legs a part of the way: where they stride, it spreads.
    along = np.array([0, -build.leg, 0]) + 0.25 * (knees - at.hip) * np.array([1, 0, 1])
    stride = 0.30 * float(abs(at.knees[0][2] - at.knees[1][2]))
    folds = 20
    for number in range(folds):
        turn = 2 * np.pi * number / folds
        x, z = np.sin(turn), np.cos(turn)
        fold = 1.0 + 0.05 * np.sin(turn * 5 + 1)
        waist = at.hip + np.array([x * 0.062 * girth, 0.055, z * 0.040 * girth])
        wide = np.array(
            [x * 0.098 * flare * girth * fold, 0, z * (0.078 * flare * girth * fold + stride)]
        )
        made.append(Cone(waist, at.hip + along * long + wide, 0.050 * girth, 0.020 * girth, cloth))
    for side in (0, 1):
        # Cloth over each leg, so that a knee does not come through.
        hip, knee, ankle = at.hips[side], at.knees[side], at.ankles[side]
        made.append(
            Cone(
                hip,
                knee if long > 0.5 else hip + (knee - hip) * (long / 0.51),
                0.086 * girth,
                0.068 * girth,
                cloth,
            )
        )
        if long > 0.55:
            end = knee + (ankle - knee) * min(0.95, (long - 0.51) / 0.49)
            made.append(Cone(knee, end, 0.068 * girth, 0.054 * girth, cloth))
    return made


def _lap(at: Joints, girth: float, cloth: Stuff) -> list[Solid]:
    """Return cloth that lies over the legs of somebody who sits."""
    made: list[Solid] = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        hip = at.hips[0] + (at.hips[1] - at.hips[0]) * share
        knee = at.knees[0] + (at.knees[1] - at.knees[0]) * share
        shin = at.ankles[0] + (at.ankles[1] - at.ankles[0]) * share
        over = knee + np.array([0, 0.012, 0.0])
        made.append(Cone(hip + np.array([0, 0.015, 0]), over, 0.070 * girth, 0.054 * girth, cloth))
        made.append(Cone(over, over + (shin - knee) * 0.45, 0.052 * girth, 0.050 * girth, cloth))
    return made


def _collar(look: Look, at: Joints) -> list[Solid]:
    """Return the open collar of a coat, jacket or suit, with a tie."""
    build = look.build
    right, up, front = at.back
    made: list[Solid] = []
    shirt = Stuff(look.under, 0.08)
    if look.top in {"suit", "jacket", "coat"}:
        # The open collar: a wedge of shirt, and lapels beside it.
        low = 0.115 if look.top == "suit" else 0.07
        deep = (0.062 if look.top != "suit" else 0.066) * build.girth * _WIDE[look.top]
        top = at.neck + front * 0.026 * build.girth
        base = at.chest + front * deep + up * (0.06 - low)
        made.append(Cone(top, base, 0.030, 0.012, shirt))
        lapel = Stuff(shaded(look.top_colour, 0.80), 0.1)
        made += [
            Cone(
                top + side * right * 0.040,
                base + side * right * 0.012 + front * 0.006,
                0.014,
                0.010,
                lapel,
            )
            for side in (-1, 1)
        ]
        if look.top == "suit" and look.sex == "man":
            tie = Stuff(shaded(look.hat_colour, 1.0) if look.hat else (0.45, 0.10, 0.12), 0.3)
            made.append(
                Cone(top + front * 0.020 - up * 0.012, base + front * 0.008, 0.009, 0.011, tie)
            )
    return made


def _marks(look: Look, at: Joints) -> list[Solid]:
    """Return scarf, apron, cape and pack."""
    build = look.build
    right, up, front = at.back
    made: list[Solid] = []
    if look.scarf is not None:
        wool = Stuff(look.scarf, 0.04, melt=0.012, kind="scarf")
        ring = [
            at.neck + 0.050 * build.girth * (np.sin(t) * right + np.cos(t) * front) + up * 0.004
            for t in np.linspace(0, 2 * np.pi, 11)
        ]
        made += [Cone(one, other, 0.026, 0.026, wool) for one, other in itertools.pairwise(ring)]
        made.append(
            Cone(
                ring[0] + right * 0.02,
                at.chest + front * 0.088 + right * 0.035 - up * 0.05,
                0.022,
                0.024,
                wool,
            )
        )
    if look.apron is not None:
        linen = Stuff(look.apron, 0.05, melt=0.02, kind="apron")
        wide = 0.058 * build.girth
        for x in (-1, -0.33, 0.33, 1):
            made.append(
                Cone(
                    at.chest + front * 0.052 + right * x * wide * 0.7,
                    at.hip + front * 0.062 + right * x * wide * 1.15 - np.array([0, 0.16, -0.01]),
                    0.030,
                    0.030,
                    linen,
                )
            )
    if look.cape is not None:
        velvet = Stuff(look.cape, 0.08, melt=0.02, kind="cape")
        for x in np.linspace(-1, 1, 7):
            top = at.neck + right * x * build.shoulders * 0.95 - front * 0.045 - up * 0.02
            made.append(
                Cone(
                    top,
                    np.array([top[0] * 1.0 + x * 0.07, 0.10, top[2] - 0.10]),
                    0.032,
                    0.036,
                    velvet,
                )
            )
    if look.pack:
        canvas = Stuff((0.36, 0.34, 0.22), 0.06, melt=0.02, kind="pack")
        made.append(Slab(at.chest - front * 0.115, (0.075, 0.105, 0.05), canvas, at.back))
        for side in (-1, 1):
            made.append(
                Cone(
                    at.neck + side * right * 0.065 + front * 0.035,
                    at.chest + side * right * 0.075 + front * 0.062 - up * 0.05,
                    0.012,
                    0.012,
                    canvas,
                )
            )
    return made
