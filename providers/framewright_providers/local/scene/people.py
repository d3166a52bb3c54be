"""Puts people into a scene: how large, where, turned which way, lit and standing on the ground."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from framewright.protocols import Tell, silent
from framewright_providers.local.scene.figure.body import body
from framewright_providers.local.scene.figure.lit import lit
from framewright_providers.local.scene.figure.pose import POSES, joints
from framewright_providers.local.scene.figure.solid import Cone
from framewright_providers.local.scene.figure.view import Seen, View, extent, look, turned
from framewright_providers.local.scene.raster import Layer, blurred, defocused, fractal, grained
from framewright_providers.local.scene.standing import (
    Stand,
    aired,
    put,
    reflection,
    shadow,
    uncovered,
)

if TYPE_CHECKING:
    from framewright_providers.local.scene.cast import Member
    from framewright_providers.local.scene.grounds import Place
    from framewright_providers.local.scene.light import Light
    from framewright_providers.local.scene.raster import Lips, Pixels
    from framewright_providers.local.scene.words import SceneWords

_MOST_FINE = 760
"""Pixels a unit up to which bodies are drawn at twice the size and shrunk, for soft edges."""
_SHOWS_LIPS = 50.0
"""Degrees that a face may be turned away and still be seen to speak."""
_HEADROOM = {"knees": 0.10, "medium": 0.12, "chest": 0.10, "close": 0.045}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one person is in the frame."""

    member: Member
    middle: float
    """Pixels from the left."""
    ground: float
    """The row of the feet, which may lie below the frame."""
    scale: float
    """Pixels a unit."""
    view: View
    near: float


def people_layers(
    words: SceneWords,
    place: Place,
    light: Light,
    height: int,
    width: int,
    random: np.random.Generator,
    *,
    beside: float | None = None,
    tell: Tell = silent,
) -> tuple[Layer, ...]:
    """Return the people of a scene with shadow and reflection, from far to near.

    `beside` is the middle of a thing they stand next to, as a part of the width.
    """
    light = _key(words, light)
    if words.framing.shoulder:
        return _over_the_shoulder(words, place, light, height, width, tell)
    layers: list[Layer] = []
    spots = _spots(words, place, height, width, random, beside)
    for number, spot in enumerate(spots):
        tell(number / len(spots))
        layers += _standing(words, spot, place, light, (height, width), random)
    return tuple(layers)


def _key(words: SceneWords, light: Light) -> Light:
    """Return the light on people: at night lamps and windows light them, and a set its faces."""
    dark = light.stars > 0.2 or light.strength < 0.6
    if dark and words.setting in {"street", "alley", "city", "room", "village"}:
        ambient = tuple(0.75 * part + 0.08 for part in light.ambient)
        return replace(
            light,
            sun=(1.0, 0.76, 0.50),
            strength=max(0.78, light.strength),
            sun_y=0.15,
            ambient=(ambient[0], ambient[1], ambient[2]),
        )
    if light.stars > 0.5 and words.framing.close:
        return replace(light, strength=light.strength * 1.5)
    return light


def _spots(
    words: SceneWords,
    place: Place,
    height: int,
    width: int,
    random: np.random.Generator,
    beside: float | None,
) -> list[Spot]:
    members, framing = words.cast, words.framing
    # Chance is drawn before anything depends on the words, so that it stays the same.
    side, jitter = float(random.random()), float(random.uniform(-0.03, 0.03))
    turns = [float(random.uniform(16, 34)) for _ in members]
    usual = 0.72 if framing.angle == "low" else 0.54 if len(members) == 1 else 0.50
    if beside is not None and not framing.size:
        usual = 0.60 if framing.angle == "low" else 0.44
    scale = (framing.tall or usual) * height
    ground = _ground(words, place, height, scale)
    middle = (0.36 if side < 0.5 else 0.64) + jitter
    if framing.size in {"close", "chest", "eyes"} or len(members) > 1:
        middle = 0.5 + (jitter if framing.size != "eyes" else 0.0)
        middle += 0.06 * (1 if side < 0.5 else -1) * (len(members) == 1 and framing.size == "chest")
    if beside is not None:
        middle = 0.70 if beside < 0.5 else 0.30
    apart = {"medium": 0.34, "chest": 0.26, "close": 0.20, "eyes": 0.2}.get(framing.size, 0.40)
    apart = min(apart * scale, 0.84 * width / max(1, len(members)))
    spots: list[Spot] = []
    for number, member in enumerate(members):
        at = middle * width + (number - (len(members) - 1) / 2) * apart
        inward = 1.0 if at <= width / 2 else -1.0
        back = (number % 2) * 0.035 if len(members) > 2 else 0.0
        spots.append(
            Spot(
                member=member,
                middle=at,
                ground=ground - back * height * (0.6 if not framing.close else 0.0),
                scale=scale * (1 - back),
                view=_view(words, member, inward, turns[number], len(members)),
                near=(0.86 if words.near else 0.74) - 0.01 * (number % 2) - 0.002 * number,
            )
        )
    return sorted(spots, key=lambda spot: spot.near)


def _ground(words: SceneWords, place: Place, height: int, scale: float) -> float:
    """Return the row of the feet: on the ground, or where the frame cuts as its size says."""
    framing, first = words.framing, words.cast[0]
    if not framing.close:
        stand = place.stand
        if framing.size == "full" or framing.angle == "low":
            stand = max(stand, 0.93)
        if framing.size == "extreme-wide":
            stand = min(stand, place.horizon + 0.62 * (stand - place.horizon))
        if place.floats:
            return 0.48 * height + scale * 0.5
        return stand * height
    build = first.look.build
    held = POSES[first.pose]
    middle = float(joints(replace(held, lean=held.lean + build.stoop), build).head[1])
    if framing.size == "eyes":
        return 0.47 * height + middle * scale
    hat = 0.22 if first.look.hat in {"fedora", "chef", "pointed", "crown"} else 0.0
    crown = middle + (0.55 + hat) * build.head
    return _HEADROOM.get(framing.size, 0.10) * height + crown * scale


def _view(words: SceneWords, member: Member, inward: float, turn: float, many: int) -> View:
    pitch = {"low": -16.0, "high": 32.0, "overhead": 80.0}.get(words.framing.angle, 4.0)
    depth = {"low": 0.55, "high": 0.40, "overhead": 0.5}.get(words.framing.angle, 0.0)
    yaw = inward * turn
    if member.pose in {"walking", "running"}:
        yaw = inward * (58 if not words.framing.close else 34)
    elif member.pose in {"typing", "working", "reading"}:
        yaw = inward * 44
    elif many > 1 and member.pose in {"talking", "fighting", "crossed", "listening"}:
        yaw = inward * (62 if not words.framing.close else 50)
    if words.framing.size in {"close", "eyes"}:
        yaw = inward * min(abs(yaw), 24)
    yaw = {"front": 0.0, "side": inward * 88, "back": 180 - inward * 14}.get(member.facing, yaw)
    return View(yaw, pitch if not words.framing.close else pitch * 0.8, depth, 0.5)


def _over_the_shoulder(
    words: SceneWords,
    place: Place,
    light: Light,
    height: int,
    width: int,
    tell: Tell,
) -> tuple[Layer, ...]:
    """Return somebody who looks at us past the dark shoulder of another."""
    seen = words.cast[0]
    listener = (
        words.cast[1]
        if len(words.cast) > 1
        else replace(
            seen,
            look=replace(
                seen.look,
                hair="short",
                hat="",
                top="jacket",
                top_colour=(0.20, 0.21, 0.25),
                hair_colour=(0.12, 0.09, 0.08),
            ),
        )
    )
    scale = (words.framing.tall or 1.62) * height * (1.25 if not words.framing.size else 1.0)
    crown = float(joints(POSES[seen.pose], seen.look.build).head[1]) + 0.55 * seen.look.build.head
    first = Spot(
        replace(seen, facing=""),
        0.60 * width,
        0.11 * height + crown * scale,
        scale,
        View(-22, 3),
        0.84,
    )
    large = scale * 1.75
    high = (
        float(joints(POSES["standing"], listener.look.build).head[1])
        + 0.5 * listener.look.build.head
    )
    other = Spot(
        replace(listener, pose="standing", prop=""),
        0.15 * width,
        0.04 * height + high * large,
        large,
        View(152, 3),
        0.97,
    )
    random = np.random.Generator(np.random.PCG64(1))
    tell(0.0)
    far = _standing(words, first, place, light, (height, width), random)
    tell(0.5)
    close = _standing(words, other, place, light, (height, width), random)[-1]
    dark = replace(close, colour=close.colour * 0.55)
    return (*far, defocused(dark, height * 0.012))


def _standing(
    words: SceneWords,
    spot: Spot,
    place: Place,
    light: Light,
    frame: tuple[int, int],
    random: np.random.Generator,
) -> list[Layer]:
    height, _ = frame
    colour, mask, box = drawn(spot, light, frame)
    full_colour = np.zeros((*frame, 3), np.float32)
    full_mask = np.zeros(frame, np.float32)
    put(full_colour, colour, box[1], box[0])
    put(full_mask, mask, box[1], box[0])
    tall = mask.shape[0]
    stand = Stand(box[1], round(spot.ground) - tall, mask.shape[1], tall, round(spot.ground))
    shown: Pixels = full_mask
    whole = spot.ground < height and not place.floats
    if whole:
        cover = place.cover if not words.near or place.cover == "grass" else ""
        shown = full_mask * uncovered(stand, cover, frame, random)
    lips = _lips(spot, frame)
    layers = [Layer(aired(full_colour, light, words.near), shown, spot.near, mouth=lips)]
    if whole and mask.shape[0] > 4:
        layers.insert(0, shadow(full_mask, stand, 0.0, light, spot.near))
        if place.mirror:
            layers.insert(
                0, reflection(full_colour, full_mask, stand, 0.0, place.mirror, spot.near)
            )
    return layers


def _lips(spot: Spot, frame: tuple[int, int]) -> Lips | None:
    """Return where a person shows the lips; None for who looks away, or out of the frame."""
    if abs(spot.view.yaw) > _SHOWS_LIPS or spot.view.pitch > _SHOWS_LIPS:
        return None
    solids = turned(body(spot.member.look, spot.member.pose, spot.member.prop), spot.view)
    lips = [each for each in solids if isinstance(each, Cone) and each.stuff.kind == "lips"]
    if not lips:
        return None
    height, width = frame
    base = extent(solids)[2] if spot.view.pitch != 0 or spot.view.depth else 0.0
    ends = np.array([end for each in lips for end in (each.a, each.b)])
    x = spot.middle + float(ends[:, 0].mean()) * spot.scale
    y = spot.ground + (base - float(np.mean([each.a[1] for each in lips]))) * spot.scale
    wide = float(np.ptp(ends[:, 0])) * spot.scale
    inside = wide / 2 < x < width - wide / 2 and 0 < y < height
    return (x / width, y / height, wide / width) if inside else None


def drawn(
    spot: Spot, light: Light, frame: tuple[int, int]
) -> tuple[Pixels, Pixels, tuple[int, int]]:
    """Return a person's colour and cover where the frame shows them, and that window's corner."""
    height, width = frame
    solids = turned(body(spot.member.look, spot.member.pose, spot.member.prop), spot.view)
    left, right, low, high = extent(solids)
    base = low if spot.view.pitch != 0 or spot.view.depth else 0.0
    scale = spot.scale
    foot = spot.ground + base * scale
    c0 = max(0, int(spot.middle + left * scale) - 2)
    c1 = min(width, int(spot.middle + right * scale) + 3)
    r0 = max(0, int(foot - high * scale) - 2)
    r1 = min(height, int(foot - low * scale) + 3)
    if c1 <= c0 or r1 <= r0:
        return np.zeros((1, 1, 3), np.float32), np.zeros((1, 1), np.float32), (0, 0)
    fine = 2 if scale <= _MOST_FINE else 1
    seen = look(
        solids,
        (c0 - spot.middle) / scale,
        (foot - r0) / scale,
        scale * fine,
        (r1 - r0) * fine,
        (c1 - c0) * fine,
    )
    mask = seen.mask
    if fine == 2:
        seen, mask = _halved(seen), _mean(mask)
    else:
        mask = np.clip(blurred(mask, 0.9) * 1.6 - 0.6, 0, 1).astype(np.float32)
    colour = lit(_clothed(seen, scale), light, scale, close=scale > height)
    return _filled(colour, seen.mask), mask, (r0, c0)


def _clothed(seen: Seen, scale: float) -> Seen:
    """Return what is seen with threads and soft folds where there is cloth."""
    if scale < 150:
        return seen
    rows, columns = seen.depth.shape
    # Cloth has its own chance: it falls the same in every picture.
    random = np.random.Generator(np.random.PCG64(11))
    thread = grained(rows, columns, random, 3.0) - 0.5
    fold = blurred(fractal(rows, columns, random, 0.11 * scale, 0.5), 0.014 * scale)
    down, across = np.gradient(fold)
    deep = (seen.woven * 0.020 * scale)[..., None]
    bent = seen.normal + np.stack([across, down, np.zeros_like(fold)], axis=-1) * deep
    bent /= np.sqrt((bent**2).sum(-1, keepdims=True)) + 1e-6
    # Cloth swallows a part of the light that skin gives back.
    colour = seen.colour * (1 + (0.12 * thread - 0.13) * seen.woven)[..., None]
    return replace(seen, normal=bent.astype(np.float32), colour=colour.astype(np.float32))


def _mean(field: Pixels) -> Pixels:
    rows, columns = field.shape[0] // 2, field.shape[1] // 2
    parts = field.reshape(rows, 2, columns, 2, *field.shape[2:])
    mean: Pixels = parts.mean(axis=(1, 3), dtype=np.float32)
    return mean


def _halved(seen: Seen) -> Seen:
    """Return what is seen at half the size: normals and colours are the mean of what is there."""
    mask = seen.mask
    cover = _mean(mask)
    share = (1 / np.maximum(cover, 1e-3))[..., None]
    rows, columns = cover.shape
    depth = seen.depth.reshape(rows, 2, columns, 2).max(axis=(1, 3))
    normal = _mean(seen.normal * mask[..., None])
    normal /= np.sqrt((normal**2).sum(-1, keepdims=True)) + 1e-6
    colour = _mean(seen.colour * mask[..., None]) * share
    rest = [_mean(part * mask) * share[..., 0] for part in (seen.shine, seen.glow, seen.woven)]
    return Seen(depth, normal, colour, *rest)


def _filled(colour: Pixels, mask: Pixels) -> Pixels:
    """Return the colour with what stands beside it where there is nothing: no dark edge then."""
    inner = blurred(mask, 2.0)
    spread = np.stack(
        [blurred(np.clip(colour[..., part], 0, 1) * mask, 2.0) for part in range(3)], -1
    )
    around = spread / np.maximum(inner, 1e-2)[..., None]
    filled: Pixels = np.where(mask[..., None] > 0, colour, around).astype(np.float32)
    return filled
