"""Which move a prompt asks for."""

from __future__ import annotations

import re

import numpy as np

_DOLLY = "doll(?:y|ies|ying)"
_SIDE = f"(?:truck|track|slide|sliding|{_DOLLY})(?:s|ing)?(?: to the)?"
_JIB = "(?:crane|craning|boom|jib)(?:s|ing)?"
_TOLD = (
    ("rack-focus", ("rack(?:s|ing)?[ -]focus", "focus pull", "pull(?:s|ing)? focus")),
    ("handheld", ("hand[ -]?held", "shaky", "documentary camera", "shoulder cam")),
    ("zoom-out", ("zoom(?:s|ing)? out",)),
    ("zoom-in", ("zoom(?:s|ing)? in", "slow zoom", "crash zoom")),
    ("push-in", ("push(?:es|ing)?[ -]?in", f"{_DOLLY} (?:in|forward)", "closer")),
    (
        "pull-out",
        ("pull(?:s|ing)?[ -]?(?:out|back)", f"{_DOLLY} (?:out|back)", "reveal", "aerial"),
    ),
    ("pull-out", ("flying over",)),
    ("truck-left", (f"{_SIDE} left",)),
    ("truck-right", (f"{_SIDE} right", "tracking shot", "slider shot", "parallax")),
    ("crane-up", (f"{_JIB} up", "rises? up", "crane shot")),
    ("crane-down", (f"{_JIB} down",)),
    ("pan-left", ("pan(?:s|ning)?(?: to the)? left",)),
    ("pan-right", ("pan(?:s|ning)?(?: to the)? right", "camera pans?")),
    ("tilt-up", ("tilt(?:s|ing)? up",)),
    ("tilt-down", ("tilt(?:s|ing)? down",)),
    ("orbit", ("orbit", "circl(?:es|ing)", "arc shot", "around the")),
    ("still", ("static", "locked", "tripod", "no camera movement")),
)
"""The first that stands in the prompt; zooms and pushes before pans, as they say more."""
_GENTLE = ("push-in", "push-in", "pull-out", "orbit", "truck-right", "truck-left")


def choose_move(prompt: str, seed: int) -> str:
    """Return the move a prompt asks for, or a gentle one by chance."""
    for move, words in _TOLD:
        if re.search(rf"\b(?:{'|'.join(words)})", prompt[:4_000], re.IGNORECASE):
            return move
    return _GENTLE[int(np.random.Generator(np.random.PCG64(seed)).integers(len(_GENTLE)))]
