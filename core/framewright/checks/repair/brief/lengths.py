"""Lengths and shapes the person named are what comes out, or the person is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.checks.finite import is_finite
from framewright.checks.repair.brief.clips import (
    LENGTH_FIELDS,
    field_of,
    generated,
    merges,
    shape_of,
    takes,
    value_of,
)
from framewright.checks.repair.draft import written
from framewright.checks.repair.wishes import wishes
from framewright.domain.media import MediaKind
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from framewright.checks.repair.draft import Case, StepDict


def settle_lengths(case: Case) -> None:
    """Give clips the length the brief names, where there is one way to do it."""
    asked = wishes(case.brief)
    clips = [
        clip for clip in generated(case, MediaKind.VIDEO) if field_of(case, clip, LENGTH_FIELDS)
    ]
    others = [clip for clip in generated(case, MediaKind.VIDEO) if clip not in clips]
    if others or not clips or not asked.seconds or _is_cut(case):
        return
    lengths = list(dict.fromkeys(asked.seconds))
    if len(lengths) == len(clips) > 1 and not asked.says("each"):
        for clip, seconds in zip(clips, lengths, strict=True):
            _set_length(case, clip, seconds)
    elif len(lengths) == 1 and (asked.says("each") or len(clips) == 1):
        for clip in clips:
            _set_length(case, clip, lengths[0])
    elif len(lengths) == 1 and merges(case):
        _share(case, clips, lengths[0])


def _is_cut(case: Case) -> bool:
    return any((card := case.card(step)) and card.task is Task.TRIM for step in case.draft.steps)


def _set_length(case: Case, clip: StepDict, seconds: float) -> None:
    found = field_of(case, clip, LENGTH_FIELDS)
    now = value_of(case, clip, LENGTH_FIELDS)
    if (
        found is None
        or now == seconds
        or any(q.code == "input_enum" for q in case.record.questions)
    ):
        return
    field, schema = found
    wanted = int(seconds) if seconds == int(seconds) else seconds
    if takes(schema, wanted):
        clip["inputs"][field] = wanted
        message = f"{clip['id']}: you asked for {wanted:g} seconds."
        case.record.change(
            "sem_duration_mismatch", message, "set", clip["id"], written((field,)), now, wanted
        )
        return
    message = f"{clip['id']} can not last the {wanted:g} seconds you asked for."
    case.record.ask_person("sem_duration_mismatch", message, *_offers(schema, field, wanted))


def _offers(schema: dict[str, object], field: str, wanted: float) -> list[str]:
    allowed = schema.get("enum")
    if isinstance(allowed, list):
        numbers = sorted(each for each in allowed if is_finite(each))
    else:
        ends = (schema.get("minimum"), schema.get("maximum"))
        numbers = sorted(each for each in ends if is_finite(each))
    longer = [each for each in numbers if each > wanted]
    shorter = [each for each in numbers if each < wanted]
    offers = [f"{field} {shorter[-1]:g}"] if shorter else []
    if longer:
        offers += [f"{field} {longer[0]:g}", f"{field} {longer[0]:g}, then trimmed to {wanted:g}"]
    return offers


def _share(case: Case, clips: list[StepDict], total: float) -> None:
    """Make the clips of a merge add up to the length of the whole."""
    now = [value_of(case, clip, LENGTH_FIELDS) for clip in clips]
    if not all(is_finite(each) for each in now) or sum(now) == total:
        return
    share = total / len(clips)
    whole = int(share) if share == int(share) else share
    found = [field_of(case, clip, LENGTH_FIELDS) for clip in clips]
    if all(each is not None and takes(each[1], whole) for each in found):
        for clip in clips:
            _set_length(case, clip, share)
        return
    message = f"{len(clips)} clips add up to {sum(now):g} seconds, and you asked for {total:g}."
    case.record.ask_person(
        "sem_duration_mismatch", message, f"{sum(now):g} seconds", "another number of clips",
        f"trimmed to {total:g}" if sum(now) > total else "a longer last clip",
    )  # fmt: skip


def settle_shapes(case: Case) -> None:
    """Give pictures the shape the brief names, and clips that are joined one shape."""
    asked = wishes(case.brief)
    for merge, _, names in merges(case):
        shapes = [shape_of(case, name) for name in names]
        known = {shape for shape, step, _ in shapes if shape is not None and step is not None}
        if len(known) < 2:
            continue
        said = {shape for shape, _, explicit in shapes if explicit}
        shape = asked.shape or (next(iter(said)) if len(said) == 1 else None)
        if shape is not None:
            for _, step, explicit in shapes:
                if step is not None and (not explicit or asked.shape is not None):
                    _set_shape(case, step, shape, "sem_mixed_aspect_merge")
            continue
        message = (
            f"{merge['id']} joins clips of different shapes: {', '.join(sorted(map(str, known)))}."
        )
        case.record.ask_person("sem_mixed_aspect_merge", message, *sorted(map(str, known)))
    if asked.shape is not None:
        for step in case.draft.steps:
            _set_shape(case, step, asked.shape, "input_inconsistent")


def _set_shape(case: Case, step: StepDict, shape: str, code: str) -> None:
    found = field_of(case, step, ("aspect_ratio",))
    if found is None or not takes(found[1], shape):
        return
    now = step["inputs"].get("aspect_ratio", found[1].get("default"))
    if now == shape:
        return
    step["inputs"]["aspect_ratio"] = shape
    message = f"{step['id']}: the shape is {shape}."
    case.record.change(code, message, "set", step["id"], "inputs.aspect_ratio", now, shape)
