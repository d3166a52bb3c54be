"""What a person is told of each kind of failure: what happened, and what to do."""

from __future__ import annotations

import re

from framewright.domain.job import ErrorCategory as Category
from framewright.failures.redaction import redacted

NAMES = {
    "fal": "FAL",
    "openai": "OpenAI",
    "elevenlabs": "ElevenLabs",
    "comfyui": "ComfyUI",
    "openai-compatible": "The server",
    "huggingface": "Hugging Face",
    "minimax": "MiniMax",
    "bfl": "Black Forest Labs",
}
_MOST_QUOTED = 180
_GENERAL = 50
"""Longer headings say something by themselves."""
_SAYS_NOTHING = re.compile(
    r"validation|invalid (?:request|input)|bad request|unprocessable", re.IGNORECASE
)

_HAPPENED = {
    Category.BILLING: "The credit, quota or plan you have at {who} is not enough for this.",
    Category.RATE_LIMIT: "{who} takes no more for now: it was asked too often or too much.",
    Category.CAPACITY: "{who} has no room for this job at the moment.",
    Category.OUTAGE: "{who} had a fault of its own, or could not be reached.",
    Category.CONTENT_POLICY: "{who} will not make this: its content rules refuse it{field}.",
    Category.INPUT_MEDIA: "{who} can not use a file that was given{field}{quote}.",
    Category.INVALID_PARAMETERS: "{who} does not take the inputs as they are{field}{quote}.",
    Category.AUTHENTICATION: "{who} does not accept the key, or the key may not do this{quote}.",
    Category.NOT_FOUND: "{who} does not have what was asked for{quote}.",
    Category.CANCELLED: "The job was called off at {who}.",
    Category.UNKNOWN: "{who} failed for a reason that is not known here{quote}.",
}
_NEXT = {
    Category.BILLING: "Add credit or raise the limit in your account at {who}, then go on.",
    Category.RATE_LIMIT: "Wait{wait}{again}. Fewer jobs at once help.",
    Category.CAPACITY: "Wait{wait}{again}. A smaller size or another model may go at once.",
    Category.OUTAGE: "Wait{wait}{again}. If it stays, ask {who}, or use another model.",
    Category.CONTENT_POLICY: "Change the words or pictures it is made from, or the model.",
    Category.INPUT_MEDIA: "Give another file, or write it anew in a common format and size.",
    Category.INVALID_PARAMETERS: "Change {what} to what the model takes: `framewright models`.",
    Category.AUTHENTICATION: "Check the key of {who}, and what its account may use.",
    Category.NOT_FOUND: "Check the name of the model, voice or file, or choose another one.",
    Category.CANCELLED: "Run the step again if you still want it.",
    Category.UNKNOWN: "Look into the log for what {who} sent, then try again or elsewhere.",
}


def name_of(provider: str) -> str:
    """Return what people call a provider."""
    clean = re.sub(r"[^\w .\-]", "", provider)[:40].strip()
    return NAMES.get(clean.lower(), clean[:1].upper() + clean[1:]) or "The provider"


def happened(category: Category, provider: str, field: str | None, said: str) -> str:
    """Return what happened in one sentence; `said` are the provider's words on an input."""
    quote = quotable(said)
    return _HAPPENED[category].format(
        who=name_of(provider),
        field=f" ({field})" if field else "",
        quote=f": “{quote}”" if quote else "",
    )


def next_action(
    category: Category, provider: str, field: str | None, wait: float | None, *, again: bool
) -> str:
    """Return what a person can do next in one sentence; `again` says that a retry may help."""
    told = ""
    if wait is not None and wait >= 1:
        told = f" {wait:.0f} seconds" if wait < 120 else f" {wait / 60:.0f} minutes"
    return _NEXT[category].format(
        who=name_of(provider),
        wait=told or " a little",
        again=": it is tried again by itself" if again else " before you try again",
        what=field or "the inputs",
    )


def telling(texts: list[str]) -> str:
    """Return the words of a provider that say most: not that validation failed, but of what."""
    if len(texts) > 1 and len(texts[0]) < _GENERAL and _SAYS_NOTHING.search(texts[0]):
        return texts[1]
    return texts[0] if texts else ""


def quotable(said: str) -> str:
    """Return a provider's words as they may be shown: one line, short, nothing secret in it."""
    clean = redacted(said[:2_000])
    clean = re.sub(r"https?://\S+", "its page", clean)
    clean = "".join(each if each.isprintable() else " " for each in clean)
    clean = (
        " ".join(clean.split()).removeprefix("- ").replace("“", "'").replace("”", "'").strip(" .:")
    )
    if len(clean) > _MOST_QUOTED:
        clean = clean[:_MOST_QUOTED].rsplit(" ", 1)[0] + " …"
    return clean
