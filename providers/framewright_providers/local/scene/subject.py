"""Puts a thing into a scene: shaped by the light, with its shadow and its reflection."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.creatures import CREATURES
from framewright_providers.local.scene.raster import Layer, blurred, fractal, mix, smooth
from framewright_providers.local.scene.shapes import Part, Pen, Thing
from framewright_providers.local.scene.things import THINGS

if TYPE_CHECKING:
    from framewright_providers.local.scene.grounds import Place
    from framewright_providers.local.scene.light import Light
    from framewright_providers.local.scene.raster import Pixels
    from framewright_providers.local.scene.words import Colour, SceneWords

_ALL = {**THINGS, **CREATURES}
_IN_THE_AIR = frozenset({"balloon", "kite", "bird", "dragon", "rocket"})


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a thing is in the frame, in pixels."""

    left: int
    top: int
    width: int
    height: int
    ground: int
    """The row its feet or its shadow touch."""


def subject_layers(
    words: SceneWords,
    place: Place,
    light: Light,
    height: int,
    width: int,
    random: np.random.Generator,
) -> tuple[Layer, ...]:
    """Return shadow, reflection and the thing itself; nothing where no thing is named."""
    if words.subject is None and not (words.thing and words.near):
        return ()
    thing = _ALL[words.subject]() if words.subject else _sculpture(words.thing)
    stand = _stand(words, thing, place, height, width, random)
    colour, mask = _painted(thing, words.colour, light, stand, random)
    full_colour = np.zeros((height, width, 3), np.float32)
    full_mask = np.zeros((height, width), np.float32)
    stand = _on_its_feet(stand, mask)
    _place(full_colour, colour, stand.left, stand.top)
    _place(full_mask, mask, stand.left, stand.top)
    near = 0.85 if words.near else 0.72
    layers = [Layer(full_colour, full_mask, near)]
    if stand.ground < height and not place.floats and thing.rises < 0.5:
        layers.insert(0, _shadow(full_mask, stand, light, near))
        if place.mirror:
            layers.insert(0, _reflection(full_colour, full_mask, stand, place.mirror, near))
    return tuple(layers)


def _stand(
    words: SceneWords,
    thing: Thing,
    place: Place,
    height: int,
    width: int,
    random: np.random.Generator,
) -> Stand:
    tall = thing.tall * (1.55 if words.near else 1.0)
    tall = min(tall, 0.78, 0.72 * width / height / max(0.2, thing.aspect))
    rows = max(16, round(tall * height))
    columns = max(16, round(rows * thing.aspect))
    if words.near:
        centre = 0.5 + float(random.uniform(-0.03, 0.03))
    else:
        centre = float(random.choice((0.36, 0.5, 0.64))) + float(random.uniform(-0.03, 0.03))
    ground = round((place.stand + (0.01 if words.near else 0.0)) * height)
    bottom = ground
    if place.floats:
        bottom = round(0.5 * height + rows * 0.5)
    elif thing.rises >= 0.5 or (words.subject in _IN_THE_AIR and words.subject != "rocket"):
        bottom = round(max(0.12 * height + rows, place.horizon * height * 0.78))
    left = round(centre * width - columns / 2)
    return Stand(left, bottom - rows, columns, rows, ground)


def _on_its_feet(stand: Stand, mask: Pixels) -> Stand:
    """Return the stand lowered so that the lowest pixel of the thing touches the ground."""
    rows = np.flatnonzero((mask > 0.5).any(axis=1))
    gap = mask.shape[0] - 1 - int(rows[-1]) if rows.size else 0
    return replace(stand, top=stand.top + gap)


def _painted(
    thing: Thing,
    tint: Colour | None,
    light: Light,
    stand: Stand,
    random: np.random.Generator,
) -> tuple[Pixels, Pixels]:
    colour = np.zeros((stand.height, stand.width, 3), np.float32)
    whole = np.zeros((stand.height, stand.width), np.float32)
    for number, part in enumerate(thing.parts):
        pen = Pen(stand.height, stand.width)
        part.draw(pen)
        mask = pen.mask()
        own = tint if tint is not None and number in thing.tinted else part.colour
        lit = _lit(part, own, mask, light, random)
        # Where one part stands before another it takes a little of its light.
        contact = blurred(mask, max(1.0, stand.height * 0.014)) * whole * (1 - mask) * 0.38
        colour = mix(colour * (1 - contact)[..., None], lit, mask)
        whole = np.maximum(whole, mask)
    return np.clip(colour, 0, 1), whole


def _lit(
    part: Part, colour: Colour, mask: Pixels, light: Light, random: np.random.Generator
) -> Pixels:
    """Return a part's colour under the light: Lambert, a highlight, a bright edge."""
    normal = _normals(part, mask)
    towards = light.direction.astype(np.float32)
    facing = np.clip(normal @ towards, 0, 1)
    half = towards + np.asarray((0, 0, 1), np.float32)
    half /= np.linalg.norm(half)
    gloss = np.clip(normal @ half, 0, 1) ** (10 + 26 * part.shine) * part.shine
    sun, shade = np.asarray(light.sun, np.float32), np.asarray(light.ambient, np.float32)
    # Light from the sky falls from above; a little comes back from the ground.
    sky = 0.72 + 0.28 * np.clip(-normal[..., 1], -0.6, 1)
    body = np.asarray(colour, np.float32)
    falls = 1.25 * shade * sky[..., None] + 0.95 * light.strength * sun * facing[..., None]
    grain = 1 + 0.05 * (
        fractal(mask.shape[0], mask.shape[1], random, max(4.0, mask.shape[0] * 0.05)) - 0.5
    )
    lit = body * falls * grain[..., None] + 0.34 * gloss[..., None] * (0.4 * sun + 0.6)
    edge = np.clip(1 - normal[..., 2], 0, 1) ** 2.2 * np.clip(normal @ towards + 0.25, 0, 1)
    lit += (0.50 * light.strength * edge)[..., None] * sun
    if part.glow:
        lit = lit * (1 - part.glow) + body * part.glow * 1.1
    shown: Pixels = np.clip(lit, 0, 1.1).astype(np.float32)
    return shown


def _normals(part: Part, mask: Pixels) -> Pixels:
    """Return unit normals (x right, y down, z to the viewer) that give a silhouette its form."""
    height, width = mask.shape
    if part.form == "flat":
        tilted = np.zeros((height, width, 3), np.float32)
        tilted[..., 1], tilted[..., 2] = -0.5, 0.866
        return tilted
    if part.form == "round":
        inside = mask > 0.5
        columns = np.arange(width, dtype=np.float32)[None, :]
        left = np.where(inside.any(1), inside.argmax(1), 0)[:, None]
        right = np.where(inside.any(1), width - 1 - inside[:, ::-1].argmax(1), width)[:, None]
        across = np.clip((columns - (left + right) / 2) / np.maximum(1, (right - left) / 2), -1, 1)
        x = across * 0.98
        z = np.sqrt(np.clip(1 - x * x, 0.02, 1))
        return np.stack([x, np.full_like(x, -0.12), z], axis=-1).astype(np.float32)
    swollen = np.zeros_like(mask)
    for reach, share in ((0.015, 0.2), (0.05, 0.35), (0.12, 0.45)):
        swollen += share * blurred(mask, max(1.0, height * reach)) * mask
    down, across = np.gradient(swollen)
    slope = height * 0.055
    z = np.ones_like(mask)
    normal = np.stack([-across * slope, -down * slope, z * 0.55], axis=-1)
    unit: Pixels = (normal / np.linalg.norm(normal, axis=-1, keepdims=True)).astype(np.float32)
    return unit


def _shadow(mask: Pixels, stand: Stand, light: Light, near: float) -> Layer:
    """Return the shadow on the ground: the silhouette laid down, away from the light."""
    height, width = mask.shape
    flat = 0.16 + 0.30 * max(0.0, 0.6 - light.sun_y)
    lean = (0.5 - light.sun_x) * 2.4 * (0.5 + light.sun_y)
    rows = np.arange(height)
    back = (rows - stand.ground) / flat
    source = np.clip(stand.ground - back, 0, height - 1).astype(int)
    shift = ((rows - stand.ground) * lean / flat * 0.55).astype(int)
    columns = np.arange(width)[None, :] - shift[:, None]
    laid = mask[source[:, None], np.clip(columns, 0, width - 1)]
    laid = laid * ((rows >= stand.ground - 1) & (back < stand.height))[:, None]
    fade = np.exp(-np.clip(back, 0, None) / (stand.height * 0.9))[:, None]
    soft = blurred((laid * fade).astype(np.float32), height * 0.008)
    # Right under the thing no light comes at all.
    contact = np.zeros_like(mask)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    middle = stand.left + stand.width / 2
    oval = ((x - middle) / (stand.width * 0.46)) ** 2 + (
        (y - stand.ground) / (stand.height * 0.055)
    ) ** 2
    contact = np.exp(-oval * 1.4).astype(np.float32)
    dark = np.clip(0.62 * (0.4 + 0.6 * light.strength) * soft + 0.62 * contact, 0, 0.85)
    colour = np.ones((height, width, 3), np.float32) * np.asarray(light.ambient, np.float32) * 0.28
    return Layer(colour, dark.astype(np.float32), near)


def _reflection(colour: Pixels, mask: Pixels, stand: Stand, clear: float, near: float) -> Layer:
    height, _ = mask.shape
    rows = np.arange(height)
    source = np.clip(2 * stand.ground - rows - 1, 0, height - 1)
    below = (rows >= stand.ground - 1).astype(np.float32)
    fade = below * np.exp(-np.clip(rows - stand.ground, 0, None) / (stand.height * 0.5))
    alpha = blurred((mask[source] * fade[:, None] * clear).astype(np.float32), 2.0)
    return Layer(colour[source] * 0.85, alpha, near)


def _sculpture(name: str) -> Thing:
    """Return a turned form of its own for a thing we have no drawing of, seeded by its name."""
    random = np.random.Generator(np.random.PCG64(int.from_bytes(name.encode()[:8], "big")))
    levels = np.linspace(0.03, 0.97, 7)
    half = 0.16 + 0.30 * random.random(7)
    half[-1] = max(half[-1], 0.26)
    right = [(0.5 + float(w), float(y)) for y, w in zip(levels, half, strict=True)]
    left = [(0.5 - float(w), float(y)) for y, w in zip(levels, half, strict=True)][::-1]
    hue = random.random()
    tone = tuple(float(0.45 + 0.3 * np.cos(2 * np.pi * (hue + part / 3))) for part in range(3))

    def draw(pen: Pen) -> None:
        pen.curve(*right, *left)

    return Thing((Part(draw, tone, "round", 0.7),), aspect=0.7, tall=0.34)  # type: ignore[arg-type]


def _place(target: Pixels, piece: Pixels, left: int, top: int) -> None:
    """Copy a piece into a frame; what reaches over its edges is left out."""
    height, width = target.shape[:2]
    y0, x0 = max(0, top), max(0, left)
    y1, x1 = min(height, top + piece.shape[0]), min(width, left + piece.shape[1])
    if y1 > y0 and x1 > x0:
        target[y0:y1, x0:x1] = piece[y0 - top : y1 - top, x0 - left : x1 - left]


def softened(layer: Layer, radius: float) -> Layer:
    """Return a layer out of focus."""
    if radius < 0.6:
        return layer
    colour = np.stack([blurred(layer.colour[..., part], radius) for part in range(3)], axis=-1)
    return Layer(colour, smooth(0.0, 1.0, blurred(layer.alpha, radius)), layer.near)
