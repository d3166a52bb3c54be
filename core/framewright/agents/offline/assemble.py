"""From wishes to steps: what "it" and "them" mean, what follows what, and how a film comes together."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from framewright.agents.offline.finish import Film, finish
from framewright.agents.offline.wishes import Intent
from framewright.domain.media import MediaKind
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.draft import Draft
    from framewright.agents.offline.settings import Settings
    from framewright.agents.offline.wishes import Wish
    from framewright.domain.upload import Upload

USUAL_SECONDS = 5.0
"""How long a clip is when nobody says."""
_LONGEST_SCENE = 12.0
"""A length over this, said of several scenes, is meant for all of them together."""
_RANGE = re.compile(
    r"(?:from )?(\d+(?:\.\d+)?) ?(?:s|sec|seconds)? ?(?:to|-|until|and) ?(\d+(?:\.\d+)?)", re.IGNORECASE
)


@dataclass(slots=True)
class Scene:
    """What there is so far; the last of each kind is what "it" means."""

    pictures: list[tuple[str, str]] = field(default_factory=list)
    """Reference and subject of images not yet animated."""
    film: Film = field(default_factory=Film)


def assemble(
    wishes: Sequence[Wish], settings: Settings, uploads: Sequence[Upload], draft: Draft
) -> Film:
    """Add the steps for all wishes to the draft; return how the film came together."""
    scene = Scene()
    scene.film.merge = any(wish.intent is Intent.MERGE for wish in wishes)
    scene.film.crossfade = settings.crossfade
    own = list(uploads)
    for wish in wishes:
        _take_uploads(wish, wishes, own, scene)
        _VISUAL.get(wish.intent, _later)(wish, settings, scene, draft)
    finish(wishes, scene.film, draft)
    return scene.film


def _take_uploads(wish: Wish, wishes: Sequence[Wish], own: list[Upload], scene: Scene) -> None:
    """Let the first wish that works on something given have what fits it."""
    makes_anew = wish.intent in {Intent.IMAGE, Intent.VIDEO} and bool(wish.subject)
    if makes_anew and not _speaks_of_own(wish) and any(w is not wish for w in wishes):
        return
    for upload in tuple(own):
        reference = f"$upload.{upload.id}"
        if upload.kind is MediaKind.IMAGE and wish.intent is not Intent.MERGE:
            scene.pictures.append((reference, ""))
        elif upload.kind is MediaKind.VIDEO:
            scene.film.add_clip(reference, upload.seconds or USUAL_SECONDS, own=True)
        elif upload.kind is MediaKind.AUDIO:
            scene.film.tracks_given.append(reference)
        else:
            continue
        own.remove(upload)


def _speaks_of_own(wish: Wish) -> bool:
    return bool(re.search(r"\b(?:my|our|this|these|uploaded|attached)\b", wish.clause, re.IGNORECASE))


def _image(wish: Wish, settings: Settings, scene: Scene, draft: Draft) -> None:
    if scene.pictures and (wish.refers or _speaks_of_own(wish)) and _is_given(scene):
        if wish.subject and not _names_only_the_given(wish):
            source = scene.pictures.pop()[0]
            scene.pictures.append((draft.still(wish.subject, source), wish.subject))
        return
    for part in settings.parts_of(wish) or [wish.subject or "an image"] * wish.count:
        scene.pictures.append((draft.still(part), part))


def _is_given(scene: Scene) -> bool:
    return scene.pictures[-1][0].startswith("$upload.")


def _names_only_the_given(wish: Wish) -> bool:
    return bool(re.match(r"^(?:use |take )?(?:my|our|this|these|the)\b", wish.subject, re.IGNORECASE))


def _animate(wish: Wish, settings: Settings, scene: Scene, draft: Draft) -> None:
    if not scene.pictures:
        _video(wish, settings, scene, draft)
        return
    many = wish.many or wish.count > 1
    chosen = scene.pictures if many else scene.pictures[-1:]
    for reference, subject in chosen:
        words = ", ".join(part for part in (subject, wish.subject) if part)
        clip, length = draft.moving(
            reference, words, wish.seconds or USUAL_SECONDS, settings.camera
        )
        scene.film.add_clip(clip, length)
    scene.pictures = [] if many else scene.pictures[:-1]


def _video(wish: Wish, settings: Settings, scene: Scene, draft: Draft) -> None:
    if scene.pictures and (not wish.subject or wish.refers or _is_given(scene)):
        _animate(wish, settings, scene, draft)
        return
    if scene.film.clips and not wish.subject and wish.count == 1:
        return
    parts = settings.parts_of(wish) or _numbered(wish)
    together = len(parts) > 1 and not settings.are_variants(wish)
    scene.film.series |= together
    seconds = wish.seconds or USUAL_SECONDS
    if together and seconds > _LONGEST_SCENE:
        seconds /= len(parts)
    for number, part in enumerate(parts):
        if number and settings.chain:
            frame = draft.utility(
                "frame",
                "Last frame",
                Task.EXTRACT_FRAME,
                {MediaKind.VIDEO: [scene.film.clips[-1].reference]},
                position="last",
            )
            clip, length = draft.moving(frame, part, seconds, settings.camera)
        else:
            clip, length = draft.scene(part, seconds, settings.camera)
        scene.film.add_clip(clip, length)


def _numbered(wish: Wish) -> list[str]:
    subject = wish.subject or "a scene"
    if wish.count == 1 or wish.noun is None:
        return [subject] * wish.count
    return [f"{subject}, {number} of {wish.count}" for number in range(1, wish.count + 1)]


def _trim(wish: Wish, settings: Settings, scene: Scene, draft: Draft) -> None:
    del settings
    if not scene.film.clips:
        draft.notes.append("There is no video to trim.")
        return
    clip = scene.film.clips.pop()
    found = _RANGE.search(wish.clause)
    start, end = (
        (float(found[1]), float(found[2])) if found else (0.0, wish.seconds or clip.seconds)
    )
    trimmed = draft.utility(
        "trim",
        f"Trim: {start:g} to {end:g} s",
        Task.TRIM,
        {MediaKind.VIDEO: [clip.reference]},
        start_seconds=start,
        end_seconds=end,
    )
    scene.film.add_clip(trimmed, end - start, own=clip.own)


def _extract(wish: Wish, settings: Settings, scene: Scene, draft: Draft) -> None:
    del settings
    if not scene.film.clips:
        draft.notes.append("There is no video to take a frame from.")
        return
    clip = scene.film.clips[-1]
    source = {MediaKind.VIDEO: [clip.reference]}
    at = wish.seconds
    if at is not None:
        made = draft.utility(
            "frame", f"Frame at {at:g} s", Task.EXTRACT_FRAME, source, time_seconds=at
        )
    else:
        which = "last" if re.search(r"\b(?:last|final)\b", wish.clause, re.IGNORECASE) else "first"
        made = draft.utility(
            "frame", f"{which.title()} frame", Task.EXTRACT_FRAME, source, position=which
        )
    scene.pictures.append((made, ""))
    if clip.reference.startswith("$upload."):
        scene.film.clips.pop()


def _resize(wish: Wish, settings: Settings, scene: Scene, draft: Draft) -> None:
    shape = settings.ratio or "16:9"
    fit = "cover" if re.search(r"\bcrop\b", wish.clause, re.IGNORECASE) else "contain"
    if scene.film.clips:
        clip = scene.film.clips.pop()
        made = draft.utility(
            "resize",
            f"Resize to {shape}",
            Task.RESIZE,
            {MediaKind.VIDEO: [clip.reference]},
            aspect_ratio=shape,
            fit=fit,
        )
        scene.film.add_clip(made, clip.seconds, own=clip.own)
    elif scene.pictures:
        image, subject = scene.pictures.pop()
        made = draft.resized_image(image, shape, fit)
        scene.pictures.append((made, subject))
    else:
        draft.notes.append("There is nothing to resize.")


def _upscale(wish: Wish, settings: Settings, scene: Scene, draft: Draft) -> None:
    del wish, settings
    if not scene.pictures:
        draft.notes.append("There is no image to enlarge.")
        return
    image, subject = scene.pictures.pop()
    made = draft.made_from("upscale", "Enlarged", Task.UPSCALE, image, "")
    scene.pictures.append((made, subject))


def _model(wish: Wish, settings: Settings, scene: Scene, draft: Draft) -> None:
    del settings
    image = scene.pictures[-1][0] if scene.pictures else None
    task = Task.TEXT_TO_3D if image is None else Task.IMAGE_TO_3D
    draft.made_from("model", f"3D model: {wish.subject}", task, image, wish.subject)


def _text(wish: Wish, settings: Settings, scene: Scene, draft: Draft) -> None:
    del settings, scene
    draft.words(wish.subject or wish.clause)


def _later(wish: Wish, settings: Settings, scene: Scene, draft: Draft) -> None:
    """Sounds, captions and merging wait for the whole picture."""
    del wish, settings, scene, draft


_VISUAL = {
    Intent.IMAGE: _image,
    Intent.VIDEO: _video,
    Intent.ANIMATE: _animate,
    Intent.TRIM: _trim,
    Intent.EXTRACT: _extract,
    Intent.RESIZE: _resize,
    Intent.UPSCALE: _upscale,
    Intent.MODEL3D: _model,
    Intent.TEXT: _text,
}
