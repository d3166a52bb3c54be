"""Whoever waits for a picture hears how far it is before every heavy piece of it, never less."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from framewright.media.probe import probe
from framewright.protocols import MediaFile, silent
from framewright_providers.local import edits, pictures
from framewright_providers.local.models import defaults
from framewright_providers.local.motion import clips, compose, stage
from framewright_providers.local.scene import finish, people, still, turnaround

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEAVY = (
    (still, "paint_place"),
    (still, "defocused"),
    (people, "_standing"),
    (turnaround, "_laid"),
    (stage, "_styled"),
    (compose, "softened"),
)
"""What may take about half a second each for a picture of full size."""
CROWD = "a crowd of people in a street at night, cyberpunk, watercolour"
CLOSE = "over the shoulder of a man, a woman in a kitchen, medium shot"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[str | float]:
    """What was told, and the names of the heavy pieces, in order."""
    found: list[str | float] = []

    def watched(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def begun(*given: Any, **named: Any) -> Any:
            found.append(name)
            return work(*given, **named)

        return begun

    for module, name in HEAVY:
        monkeypatch.setattr(module, name, watched(name, getattr(module, name)))
    for style, work in tuple(finish._STYLES.items()):
        monkeypatch.setitem(finish._STYLES, style, watched(style, work))
    monkeypatch.setitem(still.SIZES, "16:9", (320, 180))
    return found


def _inputs(model: str, **inputs: Any) -> dict[str, Any]:
    return defaults()[f"local/{model}"] | inputs


def _own_still(folder: Path) -> MediaFile:
    path = pictures.still(_inputs("previz-still", prompt=CROWD), 1, folder, silent)
    return MediaFile(path, probe(path), "0" * 64)


@pytest.mark.parametrize("prompt", [CROWD, CLOSE])
@pytest.mark.parametrize("job", ["still", "scene", "focus", "camera", "character"])
def test_every_heavy_piece_is_told_of_first(
    log: list[str | float], tmp_path: Path, job: str, prompt: str
) -> None:
    if job == "still":
        inputs = _inputs("previz-still", prompt=prompt)
        pictures.still(inputs, 1, tmp_path, log.append)
    elif job == "character":
        edits.character({"prompt": prompt}, 1, tmp_path, log.append)
    elif job == "camera":
        given = _own_still(tmp_path)
        log.clear()
        inputs = _inputs("previz-camera", first_frame=given, duration=0.2)
        clips.camera(inputs, 1, tmp_path, log.append)
    else:
        move = "rack-focus" if job == "focus" else "push-in"
        inputs = _inputs("previz-scene", prompt=prompt, duration=0.2, camera=move)
        clips.scene(inputs, 1, tmp_path, log.append)
    assert sum(isinstance(each, str) for each in log) > 2, "nothing heavy was seen"
    # All steps of one plate out of focus are one piece.
    untold = [
        pair
        for pair in pairwise(log)
        if all(isinstance(each, str) for each in pair) and pair != ("softened", "softened")
    ]
    assert not untold
    told = [each for each in log if isinstance(each, float)]
    assert told == sorted(told)
    assert told[-1] <= 1
    # What has begun is not nearly over.
    assert told[0] < 0.05
