"""All the things we can draw that are no creatures, by the names of the word lists."""

from __future__ import annotations

from framewright_providers.local.scene.afield import AFIELD
from framewright_providers.local.scene.belongings import BELONGINGS
from framewright_providers.local.scene.crafts import CRAFTS
from framewright_providers.local.scene.landmarks import LANDMARKS
from framewright_providers.local.scene.vehicles import VEHICLES
from framewright_providers.local.scene.vessels import VESSELS

THINGS = {**VESSELS, **LANDMARKS, **VEHICLES, **CRAFTS, **BELONGINGS, **AFIELD}
