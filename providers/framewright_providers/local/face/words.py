"""The words of a recording, spoken by our own voice for their timing.

That starts a program, which a fenced process may not: it is done before the job goes there.
"""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from framewright_providers.local.espeak import synthesise
from framewright_providers.local.marks import Mark
from framewright_providers.local.voices import voice_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright.protocols import Tell

SAID = "said"
"""The input that holds the marks; no card has it."""


def with_marks(inputs: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Return a lip-sync job's inputs with the marks of its text, as JSON values.

    Raises `ProviderError` when the library or the voice is missing.
    """
    text = str(inputs["text"] or "")
    if not text.strip():
        return {**inputs, SAID: []}
    # How far it is says nothing of the job, which has not begun: this only hears a stop.
    voice = voice_for("", str(inputs["voice"]))
    spoken = synthesise(text, voice=voice, speed=1.0, pitch=50, tell=lambda _: tell(0.0))
    return {**inputs, SAID: [list(astuple(mark)) for mark in spoken.marks]}


def marks_in(inputs: Mapping[str, Any]) -> tuple[Mark, ...]:
    """Return the marks that were put into a job's inputs."""
    return tuple(Mark(float(at), str(kind), str(text)) for at, kind, text in inputs.get(SAID, ()))
