"""How a body stands, sits, walks: the angles of its limbs, and where its joints then are."""

# ruff: noqa: E501 - tables: one body a line

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from framewright_providers.local.scene.figure.solid import Vector
    from framewright_providers.local.scene.looks import Build

Angles = tuple[float, float]
"""Forward and outward from hanging straight down, in degrees."""


@dataclass(frozen=True, slots=True)
class Pose:
    """Angles of limbs: each an upper and a lower part; left is the viewer's left from before."""

    left_arm: tuple[Angles, Angles] = ((4, 11), (14, 5))
    right_arm: tuple[Angles, Angles] = ((-2, 12), (10, 7))
    left_leg: tuple[Angles, Angles] = ((2, 3), (-3, 2))
    right_leg: tuple[Angles, Angles] = ((6, 7), (-3, 5))
    lean: float = 0.0
    """Degrees the back leans forward."""
    sway: float = 1.5
    """Degrees the back leans to the viewer's right."""
    nod: float = 0.0
    """Degrees the head looks down."""
    turn: float = 0.0
    """Degrees the head turns to the viewer's right."""
    seat: bool = False
    """Whether something has to stand under it."""
    twist: float = 0.0
    """Degrees the shoulders turn against the hips."""


POSES = {
    "standing": Pose(),
    "walking": Pose(((-24, 8), (-6, 4)), ((24, 8), (44, 2)), ((25, 2), (4, 1)), ((-15, 2), (-42, 2)), 4, twist=8),
    "running": Pose(((-52, 12), (32, 6)), ((40, 10), (112, -6)), ((62, 2), (-22, 1)), ((-24, 3), (-82, 2)), 16, twist=12),
    "sitting": Pose(((14, 9), (62, -6)), ((18, 9), (66, -8)), ((84, 6), (3, 2)), ((86, 5), (-4, 3)), 3, seat=True),
    "typing": Pose(((22, 8), (84, -6)), ((22, 8), (84, -6)), ((84, 6), (3, 2)), ((86, 5), (-4, 3)), 7, nod=14, seat=True),
    "talking": Pose(((6, 11), (18, 4)), ((24, 20), (104, 18)), turn=-6, nod=-2, sway=2.5),
    "listening": Pose(((14, 12), (70, -52)), ((14, 12), (66, -50)), turn=5, nod=3),
    "working": Pose(((34, 8), (82, -12)), ((38, 10), (88, -10)), lean=6, nod=16),
    "reading": Pose(((28, 6), (104, -20)), ((28, 6), (104, -20)), nod=20),
    "phone": Pose(((6, 10), (18, 5)), ((26, 12), (138, -12)), turn=4, nod=4),
    "pointing": Pose(((4, 10), (14, 5)), ((84, 26), (86, 24)), turn=10),
    "cheering": Pose(((150, 26), (166, 12)), ((152, 28), (168, 14)), ((4, 6), (-2, 3)), ((4, 8), (-4, 5)), -4, nod=-10),
    "dancing": Pose(((20, 82), (50, 112)), ((30, 96), (60, 132)), ((2, 2), (-2, 0)), ((18, 34), (-52, 22)), -2, 5, nod=-6, twist=10),
    "kneeling": Pose(((16, 8), (52, -4)), ((16, 8), (52, -4)), ((84, 6), (2, 3)), ((2, 6), (-86, 2)), 6, nod=10),
    "crossed": Pose(((16, 13), (62, -66)), ((18, 13), (68, -64)), nod=2),
    "hips": Pose(((-8, 40), (2, -34)), ((4, 11), (12, 5)), sway=3),
    "fighting": Pose(((48, 14), (122, -8)), ((36, 18), (118, -4)), ((24, 8), (-6, 4)), ((-22, 10), (-30, 6)), 8, nod=6, twist=16),
    "carrying": Pose(((20, 14), (86, -20)), ((20, 14), (86, -20)), lean=-2),
    "jumping": Pose(((120, 36), (140, 20)), ((126, 34), (146, 18)), ((58, 8), (-42, 2)), ((20, 10), (-70, 4)), 4, nod=-8),
    "arms-up": Pose(((158, 22), (170, 6)), ((4, 12), (14, 6)), nod=-8),
    "sad": Pose(((8, 6), (18, -4)), ((8, 6), (18, -4)), lean=12, nod=24),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Joints:
    """Where the joints of a posed body are, in units; feet touch y = 0."""

    hip: Vector
    waist: Vector
    chest: Vector
    neck: Vector
    head: Vector
    frame: Vector
    """Rows: the head's right, up and front."""
    back: Vector
    """Rows: the chest's right, up and front."""
    shoulders: tuple[Vector, Vector]
    elbows: tuple[Vector, Vector]
    wrists: tuple[Vector, Vector]
    hands: tuple[Vector, Vector]
    hips: tuple[Vector, Vector]
    knees: tuple[Vector, Vector]
    ankles: tuple[Vector, Vector]
    toes: tuple[Vector, Vector]


def about_x(degrees: float) -> Vector:
    """Return a turn forward, as a matrix for points on its right."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def about_y(degrees: float) -> Vector:
    """Return a turn to the viewer's right."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def about_z(degrees: float) -> Vector:
    """Return a lean to the viewer's right."""
    c, s = np.cos(np.radians(-degrees)), np.sin(np.radians(-degrees))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def _down(angles: Angles, side: int) -> Vector:
    forward, out = np.radians(angles[0]), np.radians(angles[1])
    return np.array(
        [side * np.sin(out), -np.cos(out) * np.cos(forward), np.cos(out) * np.sin(forward)]
    )


def joints(pose: Pose, build: Build) -> Joints:
    """Return the joints of a body of a build in a pose."""
    hip = np.zeros(3)
    spine = about_z(pose.sway) @ about_x(pose.lean)
    back = spine @ about_y(pose.twist)
    waist = spine @ np.array([0, build.torso * 0.34, 0])
    chest = spine @ np.array([0, build.torso * 0.74, 0])
    neck = spine @ np.array([0, build.torso, 0.0])
    frame = about_y(pose.turn) @ about_x(pose.nod + pose.lean * 0.35)
    head = neck + frame @ np.array([0, build.neck + build.head * 0.52, build.head * 0.07])
    shoulders, elbows, wrists, hands = [], [], [], []
    hips, knees, ankles, toes = [], [], [], []
    for side, (upper, lower) in ((-1, pose.left_arm), (1, pose.right_arm)):
        shoulder = neck + back @ np.array([side * build.shoulders, -0.035 * build.torso / 0.3, 0.0])
        elbow = shoulder + build.arm * 0.54 * (back @ _down(upper, side))
        way = back @ _down(lower, side)
        wrist = elbow + build.arm * 0.46 * way
        shoulders.append(shoulder)
        elbows.append(elbow)
        wrists.append(wrist)
        hands.append(wrist + build.head * 0.42 * way)
    for side, (upper, lower) in ((-1, pose.left_leg), (1, pose.right_leg)):
        top = hip + np.array([side * build.hips, -0.01, 0])
        knee = top + build.leg * 0.51 * _down(upper, side)
        ankle = knee + build.leg * 0.49 * _down(lower, side)
        hips.append(top)
        knees.append(knee)
        ankles.append(ankle)
        # A foot that is lifted behind hangs down; one on the ground lies flat.
        hang = np.radians(min(0.0, lower[0] + 12) * 0.85)
        foot = np.array([side * 0.18, -0.20 + np.sin(hang) * 0.9, max(0.25, np.cos(hang))])
        toes.append(ankle + build.foot * foot / np.linalg.norm(foot))
    lift = min(min(a[1] for a in ankles) - build.ankle, min(t[1] for t in toes) - build.ankle * 0.5)
    up = np.array([0, -lift, 0])

    def both(points: list[Vector]) -> tuple[Vector, Vector]:
        return points[0] + up, points[1] + up

    return Joints(
        hip + up,
        waist + up,
        chest + up,
        neck + up,
        head + up,
        frame.T,
        back.T,
        both(shoulders),
        both(elbows),
        both(wrists),
        both(hands),
        both(hips),
        both(knees),
        both(ankles),
        both(toes),
    )
