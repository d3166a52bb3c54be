"""What was asked for comes out: every thing named, as many as named, in one piece where asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.catalog.ports import properties
from framewright.checks.repair.brief.clips import generated, merges, takes
from framewright.checks.repair.draft import remove_step, written
from framewright.checks.repair.plan.order import is_frame_of
from framewright.checks.repair.wishes import wishes
from framewright.domain import refs
from framewright.domain.media import MediaKind
from framewright.domain.plan import StepKind, Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright.checks.repair.draft import Case, StepDict
    from framewright.domain.model_card import ModelCard

_SCENES = {"scene", "shot", "clip", "video", "take"}
_PICTURES = {
    "image", "picture", "photo", "still", "sketch", "logo", "poster", "illustration", "portrait",
}  # fmt: skip
_SPEAKING = {Task.TEXT_TO_SPEECH, Task.LIP_SYNC}
_SOUNDING = {Task.TEXT_TO_MUSIC, Task.TEXT_TO_SOUND}
_ALTERNATIVES = {"variant", "variation", "version", "option"}


def settle_counts(case: Case) -> None:
    """Compare how many there are with how many were asked for."""
    for count, thing in wishes(case.brief).counts:
        if not 2 <= count <= 60:
            continue
        videos, images = generated(case, MediaKind.VIDEO), generated(case, MediaKind.IMAGE)
        if thing in _SCENES:
            made = videos or images
        elif thing in _PICTURES:
            made = images
        elif thing in _ALTERNATIVES:
            made = (
                videos
                or images
                or generated(case, MediaKind.AUDIO)
                or generated(case, MediaKind.TEXT)
            )
        else:
            continue
        if not made or _pieces(case, made) == count:
            continue
        if len(made) == 1 and thing not in _SCENES and _several(case, made[0], count):
            continue
        message = f"{count} {thing}s were asked for, and the plan makes {_pieces(case, made)}."
        case.record.ask_model("sem_wrong_count", message)


def _pieces(case: Case, made: list[StepDict]) -> int:
    total = 0
    for step in made:
        number = step["inputs"].get("num_images", 1)
        total += number if isinstance(number, int) and number > 0 else 1
    return total


def _several(case: Case, step: StepDict, count: int) -> bool:
    """Let one step make several, where its model can and nothing takes the one it made."""
    card = case.card(step)
    schema = properties(card).get("num_images") if card is not None else None
    if schema is None or not takes(schema, count) or list(case.consumers(step["id"])):
        return False
    before = step["inputs"].get("num_images")
    step["inputs"]["num_images"] = count
    message = f"{step['id']}: you asked for {count}."
    case.record.change(
        "sem_wrong_count", message, "set", step["id"], "inputs.num_images", before, count
    )
    return True


def settle_whole(case: Case) -> None:
    """Join what belongs together, take out what nobody asked for, and miss what is not there."""
    _miss(case)
    _join_clips(case)
    _join_sound(case)
    _drop_unasked(case)


def _miss(case: Case) -> None:
    asked = wishes(case.brief)
    tasks = {card.task for step in case.draft.steps if (card := case.card(step)) is not None}
    outputs = {case.output(step) for step in case.draft.steps}
    if None in outputs or not case.brief.strip():
        return
    silent = MediaKind.AUDIO not in (case.uploads or {}).values()
    video = asked.says("wants-video") and not asked.says("image")
    pictures = {MediaKind.MODEL3D, MediaKind.IMAGE, MediaKind.VIDEO} & outputs
    missing = (
        ("a voice", asked.says("wants-voice") and silent and not tasks & _SPEAKING),
        ("music", asked.says("wants-music") and silent and not tasks & _SOUNDING),
        ("a video", video and MediaKind.VIDEO not in outputs),
        ("a 3D model", asked.says("mesh") and not pictures),
    )
    for what, absent in missing:
        if absent:
            message = f"The brief asks for {what}, and no step makes any. Add one."
            case.record.ask_model("sem_missing_deliverable", message)
    for step in case.draft.steps:
        card = case.card(step)
        if card is None or card.task is not Task.TEXT_TO_MUSIC:
            continue
        if asked.says("sung") and "instrumental" in card.description.lower():
            message = f"{card.id} makes music without voices, and you asked for singing."
            case.record.ask_person("sem_capability_gap", message, "instrumental music", "no music")


def _join_clips(case: Case) -> None:
    """Put clips that nothing takes into the film they belong to."""
    asked = wishes(case.brief)
    if not asked.says("merge"):
        return
    users = case.users()
    loose = [
        clip["id"]
        for clip in generated(case, MediaKind.VIDEO)
        if all(is_frame_of(case, user["id"]) for user, _ in users.get(clip["id"], ()))
    ]
    films = merges(case)
    if len(films) == 1:
        merge, field, names = films[0]
        count = next((n for n, thing in asked.counts if thing in _SCENES), 0)
        if loose and (count == len(names) + len(loose) or (not count and len(loose) == 1)):
            position = {step["id"]: at for at, step in enumerate(case.draft.steps)}
            full = sorted([*names, *loose], key=lambda name: position[name])
            if [name for name in full if name in names] != names:
                return
            after = [refs.write(refs.StepRef(name)) for name in full]
            before = merge["inputs"][field]
            merge["inputs"][field] = after
            message = f"{merge['id']}: added {', '.join(loose)}, which nothing used."
            case.record.change(
                "sem_unreachable_step",
                message,
                "set",
                merge["id"],
                written((field,)),
                before,
                after,
            )
    elif not films and len(loose) >= 2 and len(loose) == len(generated(case, MediaKind.VIDEO)):
        _new_merge(case, loose)


def _new_merge(case: Case, clips: list[str]) -> None:
    able = case.catalog.utilities(Task.MERGE_VIDEOS)
    if len(able) != 1 or wishes(case.brief).says("variants"):
        return
    port = next(port for port in case.known.ports[able[0].id].values() if port.many)
    _add(case, able[0], "film", "Film", {port.field: [f"${name}.output" for name in clips]},
         "Joined the clips into one film.")  # fmt: skip


def _terminals(case: Case, media: MediaKind) -> list[StepDict]:
    users = case.users()
    return [
        step for step in case.draft.steps if case.output(step) is media and step["id"] not in users
    ]


def _join_sound(case: Case) -> None:
    """Lay sound that nothing takes under the one film, where the brief puts them together."""
    asked = wishes(case.brief)
    loose = [step["id"] for step in _terminals(case, MediaKind.AUDIO) if _asked_sound(case, step)]
    films = _terminals(case, MediaKind.VIDEO)
    if asked.says("apart"):
        return
    if (
        not loose
        or len(films) != 1
        or not (asked.says("added") or asked.says("merge"))
        or asked.says("variants")
    ):
        return
    film = films[0]
    card = case.card(film)
    mux, mix = case.catalog.utilities(Task.MUX_AUDIO), case.catalog.utilities(Task.MIX_AUDIO)
    if card is not None and card.task is Task.MUX_AUDIO:
        _more_sound(case, film, loose, mix)
        return
    if card is None or len(mux) != 1 or card.task is Task.LIP_SYNC:
        return
    track = loose[0]
    if len(loose) > 1:
        if len(mix) != 1:
            return
        track = _new_mix(case, mix[0], loose)
    ports = {
        port.media: port.field for port in case.known.ports[mux[0].id].values() if port.required
    }
    if set(ports) != {MediaKind.VIDEO, MediaKind.AUDIO}:
        return
    inputs = {
        ports[MediaKind.VIDEO]: f"${film['id']}.output",
        ports[MediaKind.AUDIO]: f"${track}.output",
    }
    _add(case, mux[0], "final", "Film with sound", inputs, f"Laid {track} under {film['id']}.")


def _asked_sound(case: Case, step: StepDict) -> bool:
    asked, card = wishes(case.brief), case.card(step)
    if card is None:
        return False
    speech = card.task is Task.TEXT_TO_SPEECH
    return (
        asked.says("voice")
        if speech
        else asked.says("music") or asked.says("sound") or card.kind is StepKind.UTILITY
    )


def _more_sound(case: Case, film: StepDict, loose: list[str], mix: tuple[ModelCard, ...]) -> None:
    """Add tracks to what a film already plays."""
    field = next(
        (port.field for port in case.ports(film).values() if port.media is MediaKind.AUDIO), ""
    )
    now = film["inputs"].get(field)
    source = refs.parse(now) if isinstance(now, str) else None
    if not isinstance(source, refs.StepRef):
        return
    playing = case.draft.step(source.step)
    card = None if playing is None else case.card(playing)
    if playing is not None and card is not None and card.task is Task.MIX_AUDIO:
        tracks = next(port.field for port in case.ports(playing).values() if port.many)
        before = playing["inputs"].get(tracks)
        if isinstance(before, list):
            after = [*before, *(f"${name}.output" for name in loose)]
            playing["inputs"][tracks] = after
            message = f"{playing['id']}: added {', '.join(loose)}, which nothing used."
            case.record.change(
                "sem_unreachable_step",
                message,
                "set",
                playing["id"],
                written((tracks,)),
                before,
                after,
            )
        return
    if len(mix) == 1:
        track = _new_mix(case, mix[0], [source.step, *loose])
        film["inputs"][field] = f"${track}.output"
        message = f"{film['id']} plays {track}."
        case.record.change(
            "sem_unreachable_step",
            message,
            "set",
            film["id"],
            written((field,)),
            now,
            f"${track}.output",
        )


def _new_mix(case: Case, mix: ModelCard, tracks: list[str]) -> str:
    position = {step["id"]: at for at, step in enumerate(case.draft.steps)}
    port = next(port for port in case.known.ports[mix.id].values() if port.many)
    ordered = sorted(tracks, key=lambda name: position[name])
    inputs = {port.field: [f"${name}.output" for name in ordered]}
    return _add(case, mix, "mix", "Sound", inputs, f"Mixed {', '.join(ordered)}.")


def _add(
    case: Case, card: ModelCard, wish: str, title: str, inputs: Mapping[str, object], message: str
) -> str:
    made: StepDict = {
        "id": case.draft.new_id(wish),
        "title": title,
        "kind": card.kind.value,
        "model": card.id,
        "inputs": dict(inputs),
        "depends_on": [],
    }
    made["depends_on"] = case.needs(made)
    films = [step for step in case.draft.steps
             if (task := case.card(step)) is not None and task.task is Task.MUX_AUDIO]  # fmt: skip
    case.draft.insert(made, films[0] if card.task is Task.MIX_AUDIO and films else None)
    case.record.change("sem_missing_deliverable", message, "add", made["id"], after=dict(made))
    return str(made["id"])


def _drop_unasked(case: Case) -> None:
    """Take out what feeds nothing and nobody asked for, where one finished piece is wanted."""
    asked = wishes(case.brief)
    finished = [
        step
        for step in _terminals(case, MediaKind.VIDEO)
        if (card := case.card(step)) is not None
        and card.kind in {StepKind.UTILITY, StepKind.LIPSYNC}
    ]
    if len(finished) != 1 or not case.brief.strip():
        return
    wanted = {
        MediaKind.IMAGE: asked.says("image"),
        MediaKind.AUDIO: asked.says("voice") or asked.says("music") or asked.says("sound"),
        MediaKind.TEXT: asked.says("writing"),
        MediaKind.MODEL3D: asked.says("mesh"),
        MediaKind.VIDEO: asked.says("variants"),
    }
    users = case.users()
    waited = {name for step in case.draft.steps for name in step["depends_on"]}
    for step in list(case.draft.steps):
        output = case.output(step)
        if step is finished[0] or output is None or wanted[output] or step["id"] in users:
            continue
        if output is MediaKind.VIDEO and any(thing in _SCENES for _, thing in asked.counts):
            continue
        if step["id"] in waited:
            continue
        remove_step(case, step["id"])
        message = f"Took out {step['id']}: nothing uses it, and nobody asked for it."
        case.record.change("sem_unreachable_step", message, "remove", step["id"], before=dict(step))
