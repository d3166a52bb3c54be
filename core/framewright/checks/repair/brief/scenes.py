"""Scenes follow each other as the person said: in order, each once, each from the one before."""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING, Any

from framewright.catalog.ports import properties
from framewright.checks.repair.brief.clips import generated, merges
from framewright.checks.repair.draft import remove_step, repoint, written
from framewright.checks.repair.plan.names import same_field
from framewright.checks.repair.plan.order import is_frame_of
from framewright.checks.repair.wishes import wishes
from framewright.domain import refs
from framewright.domain.media import MediaKind
from framewright.domain.plan import StepKind, Task

if TYPE_CHECKING:
    from framewright.checks.repair.draft import Case, StepDict
    from framewright.domain.model_card import ModelCard

_NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
    "opening": 0, "intro": 0, "ending": 999, "outro": 999, "finale": 999,
}  # fmt: skip
_SEQUENCE = re.compile(
    r"\bfirst\b.*\bthen\b|\bthen\b|\bfollowed by\b|\bafter (?:that|which)\b|\bfinally\b"
)
_STARTS = frozenset({"image", "image_url", "start_image", "start_image_url"})
_COMMON = frozenset({
    "clip", "scene", "shot", "video", "part", "step", "image", "img", "the", "and", "with", "final",
    "film", "animate", "animated", "animation", "make", "into", "from", "frame", "last", "first",
})  # fmt: skip


def settle_duplicates(case: Case) -> None:
    """Let the same work be done once, and each clip stand once in a film."""
    asked = wishes(case.brief)
    seen: dict[str, StepDict] = {}
    for step in list(case.draft.steps):
        card = case.card(step)
        if card is None:
            continue
        work = json.dumps([step["model"], step["inputs"]], sort_keys=True, default=str)
        first = seen.setdefault(work, step)
        if first is step or _wanted_twice(case, step, card):
            continue
        repoint(case, step["id"], first["id"])
        remove_step(case, step["id"])
        message = f"Took out {step['id']}: it does the same as {first['id']}."
        case.record.change("sem_duplicate_step", message, "remove", step["id"], before=dict(step))
    if not asked.says("repeats"):
        for merge, field, names in merges(case):
            _once_each(case, merge, field, names)


def _wanted_twice(case: Case, step: StepDict, card: ModelCard) -> bool:
    """Tell whether the person asked for several of the same."""
    asked = wishes(case.brief)
    many = asked.says("variants") or any(count > 1 for count, _ in asked.counts)
    return many and card.kind is not StepKind.UTILITY and not list(case.consumers(step["id"]))


def _once_each(case: Case, merge: StepDict, field: str, names: list[str]) -> None:
    if len(set(names)) == len(names):
        return
    unused = [
        clip["id"]
        for clip in generated(case, MediaKind.VIDEO)
        if clip["id"] not in names and not _used_by_clip(case, clip["id"])
    ]
    changed: list[str] = []
    for name in names:
        if name not in changed:
            changed.append(name)
        elif len(unused) == len(names) - len(set(names)):
            changed.append(unused.pop(0))
    after = [refs.write(refs.StepRef(name)) for name in changed]
    before = merge["inputs"][field]
    merge["inputs"][field] = after
    message = f"{merge['id']}: each clip stands once."
    case.record.change(
        "sem_duplicate_step", message, "set", merge["id"], written((field,)), before, after
    )


def _used_by_clip(case: Case, name: str) -> bool:
    """Tell whether anything but a frame of a clip is taken from it."""
    return any(is_frame_of(case, user["id"]) is None for user, _ in case.consumers(name))


def settle_merge_order(case: Case) -> None:
    """Put joined clips into the order the plan and the brief both tell."""
    if wishes(case.brief).says("reversed"):
        return
    for merge, field, names in merges(case):
        if len(set(names)) != len(names):
            continue
        ordered = _by_chain(case, names) or _by_number(case, names) or _by_brief(case, names)
        if ordered is None or ordered == names:
            continue
        before = merge["inputs"][field]
        after = [refs.write(refs.StepRef(name)) for name in ordered]
        merge["inputs"][field] = after
        message = f"{merge['id']}: put the clips into their order: {', '.join(ordered)}."
        case.record.change(
            "sem_wrong_order_merge", message, "set", merge["id"], written((field,)), before, after
        )


def _by_chain(case: Case, names: list[str]) -> list[str] | None:
    """Order clips of which each begins with the last frame of the one before."""
    before: dict[str, str] = {}
    for name in names:
        step = case.draft.step(name)
        for need in case.needs(step) if step is not None else ():
            source = is_frame_of(case, need)
            if source in names:
                before[name] = str(source)
    starts = [name for name in names if name not in before]
    if len(starts) != 1 or len(before) != len(names) - 1:
        return None
    after = {source: name for name, source in before.items()}
    chain = [starts[0]]
    while chain[-1] in after and len(chain) <= len(names):
        chain.append(after[chain[-1]])
    return chain if len(chain) == len(names) else None


def _by_number(case: Case, names: list[str]) -> list[str] | None:
    """Order clips by the one number each has in its id, or else in its title."""
    for field in ("id", "title"):
        numbers = [_number(str((case.draft.step(name) or {}).get(field, ""))) for name in names]
        known = [number for number in numbers if number is not None]
        if len(known) == len(names) == len(set(known)):
            return [name for _, name in sorted(zip(known, names, strict=True))]
    return None


def _number(text: str) -> int | None:
    found = re.findall(r"(?<![\d.])\d{1,3}(?![\d.])", text.replace("_", " "))
    if len(found) == 1:
        return int(found[0])
    words = [_NUMBER_WORDS[w] for w in re.findall(r"[a-z]+", text.lower()) if w in _NUMBER_WORDS]
    return words[0] if len(words) == 1 and not found else None


def _by_brief(case: Case, names: list[str]) -> list[str] | None:
    """Order clips by where the brief speaks of each, when the plan lists them in that order too."""
    brief = case.brief.lower()
    words = {name: _telling_words(case, name) for name in names}
    places: dict[str, int] = {}
    for name in names:
        others = set().union(*(words[other] for other in names if other != name))
        found = [
            match.start()
            for word in words[name] - others
            if (match := re.search(rf"\b{re.escape(word)}", brief))
        ]
        if not found:
            return None
        places[name] = min(found)
    told = sorted(names, key=lambda name: places[name])
    position = {step["id"]: at for at, step in enumerate(case.draft.steps)}
    planned = sorted(names, key=lambda name: position.get(name, 0))
    distinct = len(set(places.values())) == len(names)
    return told if distinct and (told == planned or _SEQUENCE.search(brief)) else None


def _telling_words(case: Case, name: str) -> set[str]:
    step = case.draft.step(name) or {}
    text = f"{name.replace('_', ' ')} {step.get('title', '')}".lower()
    return {word for word in re.findall(r"[a-zäöüß]{3,}", text) if word not in _COMMON}


def settle_continuity(case: Case) -> None:
    """Let each scene begin with the last frame of the one before, where the brief says so."""
    if not wishes(case.brief).says("continues"):
        return
    clips = [clip["id"] for clip in generated(case, MediaKind.VIDEO)]
    joined = [names for _, _, names in merges(case) if set(names) <= set(clips)]
    if joined and not wishes(case.brief).says("reversed"):
        clips = joined[0]
    for before, name in itertools.pairwise(clips):
        step = case.draft.step(name)
        if step is not None and before != name:
            _continue_from(case, step, before)


def _continue_from(case: Case, step: StepDict, before: str) -> None:
    """Make a clip begin with the last frame of another."""
    card = case.card(step)
    frames = [need for need in case.needs(step) if is_frame_of(case, need) == before]
    if frames:
        _last(case, frames[0])
        return
    target = card if card is not None and _start_field(case, card) else _animator(case, step)
    able = case.catalog.utilities(Task.EXTRACT_FRAME)
    if target is None or len(able) != 1:
        message = f"{step['id']} is to begin with the last frame of {before}. Wire it so."
        case.record.ask_model("sem_continuity_broken", message, step["id"])
        return
    field = _start_field(case, target)
    assert field is not None
    frame = _frame_step(case, step, before, able[0])
    if step["model"] != target.id:
        known = properties(target)
        renamed = {same_field(name, known): value for name, value in step["inputs"].items()}
        step["inputs"] = {str(name): value for name, value in renamed.items() if name in known}
        message = f"{step['id']}: {target.id} can begin with a picture."
        case.record.change(
            "sem_continuity_broken", message, "set", step["id"], "model", step["model"], target.id
        )
        step["model"], step["kind"] = target.id, target.kind.value
    ref = refs.write(refs.StepRef(frame))
    was = step["inputs"].get(field)
    step["inputs"][field] = ref
    step["depends_on"] = [each for each in step["depends_on"] if each != before]
    message = f"{step['id']} begins with the last frame of {before}."
    case.record.change(
        "sem_continuity_broken", message, "set", step["id"], written((field,)), was, ref
    )


def _last(case: Case, name: str) -> None:
    frame = case.draft.step(name)
    card = None if frame is None else case.card(frame)
    if frame is None or card is None or "position" not in properties(card):
        return
    now = frame["inputs"].get("position")
    if now == "last":
        return
    frame["inputs"]["position"] = "last"
    frame["inputs"].pop("time_seconds", None)
    message = f"{name}: a scene continues from the last frame."
    case.record.change(
        "sem_continuity_broken", message, "set", name, "inputs.position", now, "last"
    )


def _start_field(case: Case, card: ModelCard) -> str | None:
    """Return the field in which a video model takes its first picture."""
    if card.output is not MediaKind.VIDEO or card.kind is not StepKind.VIDEO:
        return None
    able = [port for port in case.known.ports[card.id].values()
            if port.media is MediaKind.IMAGE and not port.many]  # fmt: skip
    required = [port for port in able if port.required]
    if len(required) == 1:
        return required[0].field
    named = [port.field for port in able if "first" in port.field or port.field in _STARTS]
    return named[0] if named else None


def _animator(case: Case, step: StepDict) -> ModelCard | None:
    """Return the model that animates pictures and belongs to the one the step has."""
    able = [card for card in case.catalog.for_task(Task.IMAGE_TO_VIDEO) if _start_field(case, card)]
    family = str(step["model"]).split("/", 1)[0]
    in_plan = {other["model"] for other in case.draft.steps}
    for choice in (
        [card for card in able if card.id.split("/", 1)[0] == family],
        [card for card in able if card.id in in_plan],
        able,
    ):
        if len(choice) == 1:
            return choice[0]
    return None


def _frame_step(case: Case, step: StepDict, before: str, extract: ModelCard) -> str:
    """Return the step that takes the last frame of a clip, a new one where there is none."""
    port = next(iter(case.known.ports[extract.id].values()))
    inputs: dict[str, Any] = {port.field: refs.write(refs.StepRef(before))}
    if "position" in properties(extract):
        inputs["position"] = "last"
    for other in case.draft.steps:
        if other["model"] == extract.id and other["inputs"] == inputs:
            return str(other["id"])
    made = {
        "id": case.draft.new_id(f"{before}_last"),
        "title": f"Last frame of {before}",
        "kind": StepKind.UTILITY.value,
        "model": extract.id,
        "inputs": inputs,
        "depends_on": [before],
    }
    case.draft.insert(made, step)
    message = f"Put {made['id']} in: {step['id']} continues from the last frame of {before}."
    case.record.change("sem_continuity_broken", message, "add", str(made["id"]), after=dict(made))
    return str(made["id"])
