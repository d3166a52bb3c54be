"""Says in a line what was understood."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from framewright.agents.offline.wishes import Intent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.finish import Film
    from framewright.agents.offline.normalise import Brief
    from framewright.agents.offline.settings import Settings
    from framewright.agents.offline.wishes import Wish
    from framewright.domain.plan import Plan

_NAMES = {
    Intent.IMAGE: "an image",
    Intent.VIDEO: "a clip",
    Intent.ANIMATE: "set in motion",
    Intent.VOICE: "a voice",
    Intent.MUSIC: "music",
    Intent.SOUND: "a sound",
    Intent.CAPTION: "words on the picture",
    Intent.MERGE: "joined into one film",
    Intent.TRIM: "cut to length",
    Intent.EXTRACT: "a frame",
    Intent.RESIZE: "another shape",
    Intent.UPSCALE: "enlarged",
    Intent.MODEL3D: "a 3D model",
    Intent.TEXT: "a text",
}
_PARTS = (
    ("voice", "voice-over"),
    ("music", "music"),
    ("sound", "sound effects"),
    ("caption", "words"),
)
_MOST_TITLE = 80


def one_line(plan: Plan, film: Film, settings: Settings) -> str:
    """Return what will be made, in one line."""
    bases = Counter(re.sub(r"_\d+$", "", step.id) for step in plan.steps)
    said: list[str] = []
    if stills := bases["still"]:
        shape = f" ({settings.ratio or '16:9'})"
        said.append(f"{_many(stills, 'image')}{shape}")
    if clips := bases["clip"]:
        length = film.clips[0].seconds if film.clips else 0.0
        words = _many(clips, f"{length:g} s clip")
        said.append(f"animated into {words}" if stills else words)
    joined = any((step.model or "").endswith("merge-videos") for step in plan.steps)
    if joined:
        said.append(f"joined into a film of {film.seconds:g} s")
    for base, words in (("trim", "trimmed"), ("resize", "resized"), ("frame", "single frames")):
        if bases[base] and not (base == "frame" and settings.chain):
            said.append(words)
    sounds = [words for base, words in _PARTS if bases[base]]
    captioned = any("text" in step.inputs and "video" in step.inputs for step in plan.steps)
    if captioned and "words" not in sounds:
        sounds.append("words on screen")
    line = ", ".join(said)
    if sounds:
        listed = (
            " and ".join([", ".join(sounds[:-1]), sounds[-1]]) if len(sounds) > 1 else sounds[0]
        )
        line = f"{line}, with {listed}" if line else listed
    return line or ", ".join(step.title for step in plan.steps[:4])


def said_of(wish: Wish) -> str:
    """Return what a clause was taken for."""
    name = _NAMES.get(wish.intent, "")
    return f"{wish.count} x {name}" if wish.count > 1 and name else name


def plan_title(wishes: Sequence[Wish], brief: Brief) -> str:
    """Return a short title for the plan, from its first subject."""
    subject = next((wish.subject for wish in wishes if wish.subject), "") or brief.spelled(
        brief.text
    )
    plain = re.sub(r"\s+", " ", subject).strip(' ".,')
    plain = plain[: _MOST_TITLE - 1].rstrip(" ,") + "…" if len(plain) > _MOST_TITLE else plain
    return plain[:1].upper() + plain[1:] or "Untitled"


def _many(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"
