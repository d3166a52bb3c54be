"""What is refused outright: addresses, paths, commands, and orders copied from foreign text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.checks.repair.draft import written
from framewright.domain import refs

if TYPE_CHECKING:
    from framewright.checks.repair.draft import Case, StepDict

_PATH = re.compile(
    r"^(?:file:|/(?:etc|home|root|usr|var|tmp|proc|dev|opt|mnt|users)\b|~[/\\]|[a-z]:[/\\]\w|\\\\\w)"
    r"|(?:^|[/\\])\.\.[/\\]",
    re.IGNORECASE,
)
_URL = re.compile(
    r"\b(?:https?|ftps?|s3|gs|ssh|smb|data|javascript|file|blob|gopher)\s*:(?://|[\w/+;,]{3})",
    re.IGNORECASE,
)
_COMMAND = re.compile(
    r"\b(?:rm\s+-rf?|curl\s+\S|wget\s+\S|chmod\s+[0-7+]|sudo\s+\w|bash\s+-c|sh\s+-c|powershell"
    r"|os\.system|subprocess\.|eval\(|exec\(|__import__|nc\s+-[el]|drop\s+table|cat\s+/etc"
    r"|base64\s+-d|mkfs|> ?/dev/)"
    r"|(?:^|\s)(?:/etc/\w|/root/\w|/home/\w+/\w|/var/\w+/\w|~/\.\w|[a-z]:\\users\\)",
    re.IGNORECASE,
)
_TOOLS = re.compile(
    r"^(?:shell|bash|exec|python|system|os|terminal|cmd|http|curl|fetch|browser|code)\b[/:._-]?"
    r"|/(?:shell|bash|exec|run-command|python|http-get|fetch-url|download|eval)\b",
    re.IGNORECASE,
)
_ORDERS = re.compile(
    r"(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+|the\s+|your\s+|these\s+)*"
    r"(?:previous|prior|above|earlier|system|other|original)\s*"
    r"(?:instructions?|prompts?|rules?|messages?|orders?|directions?)?"
    r"|(?:ignore|disregard)\s+(?:what\s+)?(?:the\s+)?user(?:'s|\u2019s)?\s*(?:request|brief|wishes|said|asked)?"
    r"|\b(?:system prompt|developer message|you are now|new instructions?\s*:|api[_ -]?keys?"
    r"|jailbreak|do anything now|as an ai|exfiltrat\w*"
    r"|reveal (?:your|the) (?:prompt|instructions|secrets?|key))\b"
    r"|\bsend\b.{0,40}\b(?:to|at)\b\s+(?:https?:|\S+@\S+\.\w+)",
    re.IGNORECASE,
)


def is_path(text: str) -> bool:
    """Tell whether a text names a place on this machine, which no plan may."""
    return bool(_PATH.search(text.strip()))


def refuse_hostile(case: Case) -> None:
    """Refuse a plan that reaches outside, runs commands, or follows orders nobody here gave."""
    for step in case.draft.steps:
        _tool(case, step)
        ports = case.ports(step)
        for path, text in refs.strings(step["inputs"]):
            _text(case, step, written(path), text, media=str(path[0]) in ports)
        _orders(case, step, "title", step["title"])


def _tool(case: Case, step: StepDict) -> None:
    model = str(step["model"] or "")
    if case.card(step) is None and _TOOLS.search(model):
        message = f"{step['id']} would run {model[:60]!r}: steps call models and utilities only."
        case.record.refuse("sec_path_or_url", message, step["id"], "model")


def _text(case: Case, step: StepDict, place: str, text: str, *, media: bool) -> None:
    if isinstance(refs.parse(text), (refs.StepRef, refs.UploadRef, refs.AssetRef)):
        return
    if media and refs.parse(text) is None:
        if _said_by_person(case, text):
            return
        if is_path(text) or _URL.search(text):
            message = (
                f"{step['id']}: {place} holds {text[:80]!r}. Addresses and paths are never opened."
            )
            case.record.refuse("sec_path_or_url", message, step["id"], place)
        return
    if _said_by_person(case, text):
        return
    if _is_address(text):
        message = (
            f"{step['id']}: {place} holds {text[:80]!r}. Addresses and paths are never opened."
        )
        case.record.refuse("sec_path_or_url", message, step["id"], place)
    elif _COMMAND.search(text) and not _said_by_person(case, _COMMAND.findall(text)[0]):
        message = f"{step['id']}: {place} holds a command, which is never run."
        case.record.refuse("sec_path_or_url", message, step["id"], place)
    else:
        _orders(case, step, place, text)


def _is_address(text: str) -> bool:
    """Tell whether a whole text is an address or a path."""
    bare = text.strip()
    if " " in bare or "\n" in bare:
        return False
    return bool(_URL.match(bare) or (_PATH.match(bare) and len(bare) > 3))


def _orders(case: Case, step: StepDict, place: str, text: str) -> None:
    """Refuse words that order a model about, unless the person wrote them."""
    found = _ORDERS.search(text)
    if found is not None and not _said_by_person(case, found[0]):
        message = (
            f"{step['id']}: {place} says {found[0][:60]!r}, which you did not ask for:"
            " it looks copied from foreign text."
        )
        case.record.refuse("sec_prompt_injection", message, step["id"], place)


def _said_by_person(case: Case, text: str) -> bool:
    return " ".join(text.lower().split()) in " ".join(case.brief.lower().split())
