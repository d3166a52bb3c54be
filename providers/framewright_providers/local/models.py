"""Which function does which model; imported only when a job asks for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

from framewright.domain.media import MediaKind
from framewright.protocols import ProviderOutput, ProviderRequest, Tell

Make = Callable[[dict[str, Any], int, Path, Tell], Path]
"""Takes complete inputs, the seed and a folder; writes one file there and returns it."""
Work = Callable[[ProviderRequest, Path, Tell], tuple[ProviderOutput, ...]]

MODELS: dict[str, tuple[str, str, MediaKind]] = {
    "local/previz-still": ("pictures", "still", MediaKind.IMAGE),
    "local/previz-character": ("edits", "character", MediaKind.IMAGE),
    "local/previz-edit": ("edits", "edit", MediaKind.IMAGE),
    "local/upscale": ("edits", "upscale", MediaKind.IMAGE),
    "local/previz-camera": ("motion.clips", "camera", MediaKind.VIDEO),
    "local/previz-scene": ("motion.clips", "scene", MediaKind.VIDEO),
    "local/animatic": ("animatic.job", "animatic", MediaKind.VIDEO),
    "local/lip-sync": ("face.job", "lip_sync", MediaKind.VIDEO),
    "local/text-to-3d": ("solid.job", "text_to_3d", MediaKind.MODEL3D),
    "local/image-to-3d": ("solid.job", "image_to_3d", MediaKind.MODEL3D),
    "local/speech": ("speech", "speech", MediaKind.AUDIO),
    "local/music": ("music", "music", MediaKind.AUDIO),
    "local/sound": ("sound_effects", "sound", MediaKind.AUDIO),
    "local/extract-frame": ("utilities", "extract_frame", MediaKind.IMAGE),
    "local/merge-videos": ("utilities", "merge_videos", MediaKind.VIDEO),
    "local/trim": ("utilities", "trim_video", MediaKind.VIDEO),
    "local/mux-audio": ("utilities", "mux_audio", MediaKind.VIDEO),
    "local/mix-audio": ("utilities", "mix_audio", MediaKind.AUDIO),
    "local/resize": ("utilities", "resize", MediaKind.VIDEO),
    "local/resize-image": ("utilities", "resize_picture", MediaKind.IMAGE),
    "local/caption": ("utilities", "caption_video", MediaKind.VIDEO),
    "local/best-frame": ("utilities", "best_frame", MediaKind.IMAGE),
    "local/subtitle": ("utilities", "subtitle_video", MediaKind.VIDEO),
    "local/reverse": ("utilities", "reverse_video", MediaKind.VIDEO),
    "local/change-speed": ("utilities", "change_speed", MediaKind.VIDEO),
    "local/loop": ("utilities", "loop_video", MediaKind.VIDEO),
    "local/normalize-loudness": ("utilities", "normalize_sound", MediaKind.AUDIO),
    "local/normalize-video-loudness": ("utilities", "normalize_video", MediaKind.VIDEO),
    "local/compress-image": ("utilities", "compress_image", MediaKind.IMAGE),
    "local/filmstrip": ("utilities", "draw_filmstrip", MediaKind.IMAGE),
    "local/waveform": ("utilities", "draw_sound", MediaKind.IMAGE),
    "local/proxy": ("utilities", "make_small", MediaKind.VIDEO),
}
"""Module here, its function, and what comes out."""


_REMARKS = {"local/previz-still", "local/previz-scene"}


def remarks_for(request: ProviderRequest) -> tuple[str, ...]:
    """Return what a person should know of a result: which words had no effect."""
    if request.model == "local/text-to-3d":
        from framewright_providers.local.solid.job import solid_remarks

        return solid_remarks(str(request.inputs.get("prompt", "")))
    if request.model == "local/previz-edit":
        from framewright_providers.local.edits import edit_remarks

        source = request.inputs.get("image")
        path = getattr(source, "path", None)
        return () if path is None else edit_remarks(str(request.inputs.get("prompt", "")), path)
    if request.model == "local/music":
        from framewright_providers.local.sound_remarks import music_remarks

        return music_remarks(str(request.inputs.get("prompt", "")))
    if request.model == "local/speech":
        from framewright_providers.local.sound_remarks import speech_remarks

        return speech_remarks(str(request.inputs.get("speaker") or ""))
    if request.model == "local/sound":
        from framewright_providers.local.sound_remarks import effect_remarks

        return effect_remarks(str(request.inputs.get("prompt", "")))
    if request.model not in _REMARKS:
        return ()
    from framewright_providers.local.scene.remarks import remarks

    return remarks(str(request.inputs.get("prompt", "")))


def prepared(request: ProviderRequest, tell: Tell) -> ProviderRequest:
    """Return a request with what has to be done for it in the owner's process, before the job."""
    if request.model == "local/lip-sync":
        from framewright_providers.local.face.words import with_marks

        inputs = with_marks({**defaults()[request.model], **request.inputs}, tell)
        return replace(request, inputs=inputs)
    return request


def work_for(model: str) -> Work:
    """Return the function that does a model's jobs, with the catalog's defaults filled in."""
    module, name, kind = MODELS[model]
    make: Make = getattr(import_module(f"framewright_providers.local.{module}"), name)

    def work(request: ProviderRequest, folder: Path, tell: Tell) -> tuple[ProviderOutput, ...]:
        inputs = {**defaults()[model], **request.inputs}
        return (ProviderOutput(kind, path=make(inputs, request.seed, folder, tell)),)

    return work


@cache
def defaults() -> dict[str, dict[str, Any]]:
    """Return for each model the defaults its catalog entry declares; absent ones are None."""
    folder = files("framewright_assets") / "catalog"
    cards = (
        card
        for file in folder.iterdir()
        if file.name.startswith("local")
        for card in json.loads(file.read_text("utf-8"))["models"]
    )
    return {
        card["id"]: {
            field: schema.get("default")
            for field, schema in card["inputs_schema"]["properties"].items()
        }
        for card in cards
    }
