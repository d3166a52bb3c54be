"""Gives every step a model that is there, is available, and makes what the step says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.catalog.ports import properties
from framewright.checks.near import LIKENESS
from framewright.checks.repair.plan.names import same_field
from framewright.domain import refs
from framewright.domain.media import MediaKind
from framewright.domain.plan import StepKind, Task

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framewright.checks.repair.draft import Case, StepDict
    from framewright.domain.model_card import ModelCard

_KINDS = {
    "img": "image", "picture": "image", "photo": "image", "still": "image",
    "text-to-image": "image",
    "clip": "video", "movie": "video", "film": "video", "animation": "video", "animate": "video",
    "text-to-video": "video", "image-to-video": "video", "sound": "audio", "music": "audio",
    "voice": "audio", "speech": "audio", "tts": "audio", "voiceover": "audio", "sfx": "audio",
    "lip-sync": "lipsync", "lip_sync": "lipsync", "model3d": "3d", "mesh": "3d", "model": "3d",
    "script": "text", "copy": "text", "llm": "text", "tool": "utility", "util": "utility",
    "edit": "utility", "merge": "utility", "mix": "utility", "post": "utility",
}  # fmt: skip
_UTILITIES = (
    (Task.MUX_AUDIO, r"mux|add[-_ ]?(?:audio|sound|music|voice)|attach|set[-_ ]?audio"
                     r"|(?:combine|merge)[-_ ]?audio[-_ ]?video|replace[-_ ]?audio|dub"
                     r"|audio[-_ ]?(?:to|on|onto)[-_ ]?video"),
    (Task.MIX_AUDIO, r"mix|(?:merge|combine|blend|layer)[-_ ]?(?:audio|sound|track)"),
    (Task.EXTRACT_FRAME, r"frame|thumbnail|screenshot|grab|snapshot"),
    (Task.MERGE_VIDEOS, r"merge|concat|join|stitch|combine|append|assemble|sequence"),
    (Task.TRIM, r"trim|cut|clip|shorten|crop[-_ ]?time|slice"),
)  # fmt: skip
_MARGIN = 6.0


def settle_models(case: Case) -> None:
    """Mend the models and kinds of all steps; what can not be decided is left to others."""
    for step in case.draft.steps:
        card = case.card(step)
        if card is None:
            _unknown(case, step)
        elif case.catalog.cards.get(card.id) is None or not card.available:
            _unavailable(case, step, card)
    for step in case.draft.steps:
        if (card := case.card(step)) is not None:
            _kind(case, step, card)
        else:
            _kind_alone(case, step)


def _unknown(case: Case, step: StepDict) -> None:
    name = step["model"] or ""
    if not name:
        _missing(case, step)
        return
    near = _narrow(case, step, _near(case, name))
    if len(near) == 1:
        message = f"{step['id']}: there is no model {name[:60]!r}; {near[0].id} was meant."
        _swap(case, step, near[0], "model_unknown_near", message)
        return
    if len(near) > 1:
        message = f"{step['id']}: {name[:60]!r} can mean several models."
        case.record.ask_person("model_unknown_near", message, *(card.id for card in near))
        return
    if (utility := _utility(case, step, name)) is not None:
        message = f"{step['id']}: the utility for {name[:60]!r} is {utility.id}."
        _swap(case, step, utility, "utility_unsupported", message)
        return
    tool = step.get("kind") == "utility" or name.lower().startswith(("util", "ffmpeg", "tool"))
    code = "utility_unsupported" if tool else "model_unknown"
    _replace(case, step, code, f"{step['id']}: there is no model {name[:60]!r}")


def _missing(case: Case, step: StepDict) -> None:
    """Find the model of a step that names none: the only one that fits it."""
    able = [card for card in _fitting(case, step) if _does(card, step)]
    if len(able) == 1:
        message = f"{step['id']} named no model; only {able[0].id} fits it."
        _swap(case, step, able[0], "step_missing_field", message)
    elif step.get("task") is None or not able:
        message = f"{step['id']} names no model. Name one of the catalog's."
        case.record.ask_model("step_missing_field", message, step["id"], "model")


def _does(card: ModelCard, step: StepDict) -> bool:
    return step.get("task") is None or card.task == step["task"]


def _unavailable(case: Case, step: StepDict, card: ModelCard) -> None:
    _replace(
        case, step, "model_unavailable", f"{step['id']}: {card.id} is not available here", card
    )


def _replace(
    case: Case, step: StepDict, code: str, what: str, instead_of: ModelCard | None = None
) -> None:
    """Take the one model that can stand in; where the person named the old one, ask."""
    able = [
        card
        for card in _fitting(case, step)
        if instead_of is None or card.task is instead_of.task or card.task is None
    ]
    named = _words(str(step["model"])) & _words(case.brief)
    if named and not (named <= {"video", "image", "music", "voice", "audio", "text", "util"}):
        case.record.ask_person(code, f"{what}.", *(card.id for card in able))
    elif len(able) == 1:
        _swap(case, step, able[0], code, f"{what}; only {able[0].id} can stand in.")
    else:
        listed = ", ".join(card.id for card in able or case.catalog.cards.values())
        message = f"{what}. Use another of the catalog: {listed[:400]}."
        case.record.ask_model(code, message, step["id"], "model")


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{4,}", text.lower()))


def _swap(case: Case, step: StepDict, card: ModelCard, code: str, message: str) -> None:
    before = step["model"]
    step["model"] = card.id
    case.record.change(code, message, "set", step["id"], "model", before, card.id)


def _near(case: Case, name: str) -> list[ModelCard]:
    """Return the models whose names are most like this one, those about as near included."""
    from rapidfuzz import fuzz

    wanted = _bare(name)
    scored = []
    for card in case.known.cards.values():
        whole, tail = _bare(card.id), _bare(card.id.rsplit("/", 1)[-1])
        score = max(fuzz.ratio(wanted, whole), fuzz.ratio(_bare(name.rsplit("/", 1)[-1]), tail) - 2)
        scored.append((score, card))
    best = max((score for score, _ in scored), default=0.0)
    if best < LIKENESS:
        return []
    return [card for score, card in scored if score > best - _MARGIN and score >= LIKENESS]


def _bare(name: str) -> str:
    plain = re.sub(r"[\s_]+", "-", name.strip().lower())
    plain = re.sub(r":(?:latest|free|beta|preview|[0-9a-f]{40,})$|@[\w.]+$", "", plain)
    return re.sub(r"(\d)\.0\b", r"\1", plain)


def _narrow(case: Case, step: StepDict, near: list[ModelCard]) -> list[ModelCard]:
    """Among several near ones, keep those the step's own inputs and users fit."""
    if len(near) < 2:
        return near
    fitting = [card for card in near if _fits(case, step, card)]
    if len(fitting) == 1 or not near:
        return fitting
    wanted = _bare(str(step["model"]))
    exact = [card for card in fitting or near if _bare(card.id).startswith(wanted)]
    return exact if len(exact) == 1 else fitting or near


def _fitting(case: Case, step: StepDict) -> list[ModelCard]:
    """Return the available models that would take the step's inputs and make what it says."""
    return [
        card for card in case.catalog.cards.values() if card.available and _fits(case, step, card)
    ]


def _fits(case: Case, step: StepDict, card: ModelCard) -> bool:
    kind = _kind_word(step)
    if kind is not None and card.kind.value != kind and card.output.value != kind:
        return False
    wanted = wanted_media(case, step)
    if wanted and card.output not in wanted:
        return False
    known = properties(card)
    given = {field: same_field(field, known) for field in step["inputs"]}
    if not all(given.values()):
        return False
    required = {
        field for field in card.inputs_schema.get("required") or () if isinstance(field, str)
    }
    return required <= {name for name in given.values() if name} and _media_fit(
        case, step, card, given
    )


def _media_fit(case: Case, step: StepDict, card: ModelCard, given: dict[str, str | None]) -> bool:
    """Tell whether what feeds the step goes into fields of its medium."""
    known = case.known.ports.get(card.id, {})
    for field, name in given.items():
        port = known.get(name or "")
        for _, text in refs.strings(step["inputs"][field]):
            kind = case.kind_of(text)
            if kind is None:
                continue
            if (port.media if port is not None else MediaKind.TEXT) is not kind:
                return False
    return True


def wanted_media(case: Case, step: StepDict) -> set[MediaKind]:
    """Return the media that those who take a step's output ask for."""
    wanted = set()
    for user, path in case.consumers(step["id"]):
        port = case.ports(user).get(str(path[0]))
        if port is not None:
            wanted.add(port.media)
    return wanted


def _utility(case: Case, step: StepDict, name: str) -> ModelCard | None:
    """Return the utility that does what a made-up name says."""
    said = name.rsplit("/", 1)[-1].lower()
    if step.get("kind") not in {"utility", None} and not name.lower().startswith(
        ("util", "ffmpeg")
    ):
        return None
    for task, words in _UTILITIES:
        if not re.search(words, said):
            continue
        able = case.catalog.utilities(task)
        if len(able) != 1:
            continue
        known = properties(able[0])
        if all(same_field(field, known) for field in step["inputs"]):
            if task is Task.EXTRACT_FRAME and "position" in known:
                for position in ("first", "last"):
                    if position in said and "time_seconds" not in step["inputs"]:
                        step["inputs"].setdefault("position", position)
            return able[0]
    return None


def _kind_word(step: StepDict) -> str | None:
    kind = str(step.get("kind") or "").strip().lower()
    kind = _KINDS.get(kind, kind)
    return kind if kind in {each.value for each in StepKind} else None


def _kind(case: Case, step: StepDict, card: ModelCard) -> None:
    """Make kind and model agree; the one that the rest of the plan contradicts gives way."""
    said = step.get("kind")
    if said == card.kind.value:
        return
    word = _kind_word(step)
    if word is not None and word != card.kind.value and not _same_output(word, card):
        others = _fitting(case, step)
        if len(others) == 1 and not _fits_but_kind(case, step, card):
            message = f"{step['id']} is to be {word}, which {card.id} does not make."
            _swap(case, step, others[0], "model_kind_mismatch", message)
            _set_kind(case, step, others[0], said)
            return
        if not _fits_but_kind(case, step, card):
            message = f"{step['id']} is of the kind {word}, but {card.id} makes {card.output}."
            case.record.ask_model("model_kind_mismatch", message, step["id"], "model")
            return
    _set_kind(case, step, card, said)


def _same_output(word: str, card: ModelCard) -> bool:
    return word in {card.output.value, "utility"} or card.kind is StepKind.UTILITY


def _fits_but_kind(case: Case, step: StepDict, card: ModelCard) -> bool:
    return _fits(case, {**step, "kind": None}, card)


def _set_kind(case: Case, step: StepDict, card: ModelCard, said: object) -> None:
    if step.get("kind") == card.kind.value:
        return
    step["kind"] = card.kind.value
    code = "step_missing_field" if said is None else "step_wrong_kind"
    message = f"{step['id']}: {card.id} is of the kind {card.kind}."
    case.record.change(code, message, "set", step["id"], "kind", said, card.kind.value)


def _kind_alone(case: Case, step: StepDict) -> None:
    """Give a step without a known model the kind its words say."""
    said, word = step.get("kind"), _kind_word(step)
    if word is None:
        step["kind"] = StepKind.UTILITY.value
        message = f"{step['id']} has no kind and no model that tells it."
        case.record.ask_model("step_wrong_kind", message, step["id"], "kind")
    elif said != word:
        step["kind"] = word
        message = f"{step['id']}: the kind {said!r} is called {word}."
        case.record.change("step_wrong_kind", message, "set", step["id"], "kind", said, word)


def only(cards: Iterable[ModelCard]) -> ModelCard | None:
    """Return the one card there is, or None."""
    listed = list(cards)
    return listed[0] if len(listed) == 1 else None
