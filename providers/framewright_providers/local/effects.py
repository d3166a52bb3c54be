"""The scratch effects by name, and which of them a prompt asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.noises import (
    animals,
    design,
    devices,
    people,
    things,
    vehicles,
    water,
    weather,
)
from framewright_providers.local.words import places, sound_words

if TYPE_CHECKING:
    from framewright_providers.local.synth import Samples

Effect = Callable[[int, np.random.Generator], "Samples"]

EFFECTS: dict[str, Effect] = {
    "waves": water.waves,
    "drip": water.drip,
    "water": water.water,
    "splash": water.splash,
    "wind": weather.wind,
    "rain": weather.rain,
    "thunder": weather.thunder,
    "fire": weather.fire,
    "footsteps": people.footsteps,
    "footsteps-run": people.running,
    "footsteps-gravel": people.on_gravel,
    "footsteps-snow": people.on_snow,
    "footsteps-wood": people.on_wood,
    "footsteps-leaves": people.on_leaves,
    "crowd": people.crowd,
    "applause": people.applause,
    "cheer": people.cheer,
    "heartbeat": people.heartbeat,
    "birds": animals.birds,
    "gulls": animals.gulls,
    "crickets": animals.crickets,
    "bees": animals.bees,
    "dog": animals.dog,
    "cat": animals.cat,
    "horse": animals.horse,
    "owl": animals.owl,
    "wolf": animals.wolf,
    "engine": vehicles.engine,
    "engine-pass": vehicles.car,
    "traffic": vehicles.traffic,
    "train": vehicles.train,
    "train-horn": vehicles.train_horn,
    "helicopter": vehicles.helicopter,
    "jet": vehicles.jet,
    "alarm": devices.alarm,
    "siren": devices.siren,
    "phone": devices.phone,
    "notification": devices.notification,
    "typing": devices.typing,
    "click": devices.click,
    "shutter": devices.shutter,
    "clock": devices.ticking,
    "hum": devices.hum,
    "door": things.door,
    "door-open": things.opening,
    "door-close": things.closing,
    "door-creak": things.creak,
    "door-knock": things.knock,
    "doorbell": things.doorbell,
    "bell": things.bell,
    "glass": things.glass,
    "impact": things.impact,
    "gunshot": things.gunshot,
    "explosion": things.explosion,
    "whoosh": design.whoosh,
    "riser": design.riser,
    "laser": design.laser,
    "spaceship": design.spaceship,
    "sparkle": design.sparkle,
}
"""By the names that `lexicons/sound.toml` gives its word lists: `effect`, or `effect-variant`."""


def asked_effects(prompt: str) -> tuple[str, ...]:
    """Return the effects a prompt names, in its order, each in the variant it asks for."""
    lists = sound_words()
    found = []
    for name in places(prompt, lists["effect"]):
        variants = places(prompt, lists["variant"].get(name, {}))
        # A door that creaks open and falls shut is the whole door.
        found.append(f"{name}-{variants[0]}" if len(variants) == 1 else name)
    return tuple(found)
