"""Words on the picture: where and how long they stand, what they say, and new ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from framewright.agents.offline.editing import edit_lengths
from framewright.agents.offline.editing.edit_workshop import (
    Workshop,
    amount,
    clips_in_order,
    free_id,
    nth,
    plain,
    points_to,
)
from framewright.agents.offline.steps.captions import TITLE_SECONDS
from framewright.agents.offline.steps.choose import SPOKEN, choose, field_of, media_for, words_for
from framewright.agents.offline.words.measures import plain_number
from framewright.catalog.ports import properties
from framewright.domain import refs
from framewright.domain.media import MediaKind
from framewright.domain.plan import Step, Task
from framewright.edits import operation as ops
from framewright.edits.apply import takers
from framewright.errors import EditError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright.agents.offline.editing.edit_rules import Words
    from framewright.domain.model_card import ModelCard

_PLACES = {
    "lower-third": r"\blower[ -]third\b",
    "bottom": r"\bbottom\b",
    "top": r"\btop\b",
    "center": r"\b(?:cent(?:er|re)|middle)\b",
}
_MIDDLE = "center"
_LATEST = 86_400.0


def change(shop: Workshop, words: Words) -> None:
    """Change the words on the picture."""
    captions = shop.of_task(Task.CAPTION)
    if len(captions) > 1:
        names = ", ".join(step.id for step in captions)
        raise EditError(f"Several steps set words on the picture: {names}.", action="Select one.")
    for step in captions:
        shop.write(step, words["quote"], SPOKEN)


def place(shop: Workshop, steps: list[Step], rest: str) -> None:
    """Put words at another place on the picture, or at the start or end of the film."""
    where = _place_in(rest)
    for step in steps:
        if where is not None:
            shop.set(step, "position", where)
        elif re.search(r"\b(?:start|beginning)\b", rest):
            shop.set(step, "end_seconds", plain_number(TITLE_SECONDS))
            _unset(shop, step, "start_seconds")
        elif re.search(r"\bend\b", rest) and (film := edit_lengths.film_seconds(shop)):
            shop.set(step, "start_seconds", plain_number(max(0.0, film - TITLE_SECONDS)))
            _unset(shop, step, "end_seconds")


def _unset(shop: Workshop, step: Step, field: str) -> None:
    if field in step.inputs:
        shop.do(ops.UnsetInput(step=step.id, field=field))


def _place_in(rest: str) -> str | None:
    named = (name for name, words in _PLACES.items() if re.search(words, rest, re.IGNORECASE))
    return next(named, None)


def length(shop: Workshop, seconds: float) -> None:
    """Set how long words stand on the picture."""
    for step in shop.of_task(Task.CAPTION):
        start = amount(step.inputs.get("start_seconds", 0)) or 0.0
        shop.set(step, "end_seconds", plain_number(start + seconds))


def add(shop: Workshop, words: Words) -> None:
    """Set new words on the picture of the film, of a scene, or of the selected step."""
    card = choose(shop.catalog, Task.CAPTION)
    if card is None or not (said := words_for(card, words["quote"], SPOKEN)):
        raise EditError("No available model sets words on a picture.")
    field = field_of(card, SPOKEN) or ""
    if refs.literal(said[field]) != plain(words["quote"]):
        raise EditError(f"The words are too long: {card.id} takes fewer.", action="Say less.")
    source, joins = _place_for(shop)
    placed = _placed(shop, card, words)
    if not shop.target.scene:
        _refuse_over_others(shop, placed)
    taken = shop.plan.step("caption")
    name = "caption" if taken is None else free_id(shop, "caption")
    inputs = {**media_for(card, shop.catalog, MediaKind.VIDEO, [source]), **said, **placed}
    parents = [found.step] if isinstance(found := refs.parse(source), refs.StepRef) else []
    step = Step(
        id=name,
        title=f"Words: {words['quote']}"[:60],
        kind=card.kind,
        model=card.id,
        inputs=inputs,
        depends_on=tuple(parents),
    )
    at = next((n for n, each in enumerate(shop.plan.steps, 1) if each.id in parents), 0)
    shop.do(ops.AddStep(step=step, at=at))
    for join in joins:
        _lead_into(shop, join, source, name)


def _lead_into(shop: Workshop, join: Step, source: str, name: str) -> None:
    """Let a step take the one with the words in place of what it took."""
    now = refs.write(refs.StepRef(name))
    inputs = refs.replace(join.inputs, lambda text: now if text == source else text)
    inner = refs.parse(source)
    waits = [each for each in join.depends_on if not points_to(source, each)]
    kept = dict.fromkeys([*waits, name])
    changed = join.model_copy(update={"inputs": inputs, "depends_on": tuple(kept)})
    if isinstance(inner, refs.StepRef) and inner.step in {r.step for r in refs.step_refs(changed)}:
        changed = changed.model_copy(update={"depends_on": (*join.depends_on, name)})
    shop.do(ops.ReplaceStep(step=join.id, by=changed))


def _place_for(shop: Workshop) -> tuple[str, list[Step]]:
    """Return what the words are set on, and the steps that are to take it with the words."""
    if shop.target.scenes or shop.target.spared:
        raise EditError("Words are set on one scene at a time.", action="Name one scene.")
    if shop.target.scene:
        scenes = clips_in_order(shop)
        made = shop.plan.step(scenes[nth(scenes, shop.target.scene)])
        if made is None or not shop.may_change(made.id):
            raise EditError(f"Scene {shop.target.scene} is no step that may be changed.")
        return _after(shop, made)
    films = [step for step in shop.scope() if _shows(shop, step)]
    if shop.selection or shop.target.step:
        if len(films) != 1:
            raise EditError("Which clip are the words for?", action="Select one that is a video.")
        return _after(shop, films[0])
    ends = [step for step in films if not any(takers(shop.plan, step.id))]
    if not ends:
        raise EditError("The plan has no video to set words on.")
    if len(ends) > 1:
        names = ", ".join(step.id for step in ends)
        raise EditError(f"There are several videos: {names}.", action="Select one of them.")
    return _under_sound(shop, ends[0])


def _shows(shop: Workshop, step: Step) -> bool:
    card = shop.card(step)
    return card is not None and card.output is MediaKind.VIDEO


def _after(shop: Workshop, step: Step) -> tuple[str, list[Step]]:
    """Return a step's video, and what joins it; what goes on from its last frame takes none."""
    if shop.task(step) is Task.MUX_AUDIO:
        return _under_sound(shop, step)
    joining = {Task.MERGE_VIDEOS, Task.MUX_AUDIO, Task.CAPTION, Task.RESIZE, Task.TRIM}
    joins = [each for each in takers(shop.plan, step.id) if shop.task(each) in joining]
    return refs.write(refs.StepRef(step.id)), joins


def _under_sound(shop: Workshop, film: Step) -> tuple[str, list[Step]]:
    """Return the picture that sound is laid under, so that the words are set before that."""
    if shop.task(film) is Task.MUX_AUDIO:
        for field, port in shop.catalog.ports[film.model or ""].items():
            value = film.inputs.get(field)
            known = isinstance(value, str) and isinstance(
                refs.parse(value), (refs.StepRef, refs.UploadRef, refs.AssetRef)
            )
            if port.media is MediaKind.VIDEO and known:
                return str(value), [film]
    return refs.write(refs.StepRef(film.id)), []


def _placed(shop: Workshop, card: ModelCard, words: Words) -> dict[str, Any]:
    """Return where and when new words stand; inputs that the model does not know are left out."""
    rest = f"{words.get('before', '')} {words.get('rest', '')}"
    film = None if shop.target.scene else edit_lengths.film_seconds(shop)
    seconds = float(words["seconds"]) if "seconds" in words else None
    wanted: dict[str, Any] = {"position": _place_in(rest) or _MIDDLE}
    lasting = seconds or TITLE_SECONDS
    if re.search(r"\bend\b", rest, re.IGNORECASE):
        if film is None:
            raise EditError("How long the film is shows only later: the end is not known yet.")
        wanted["start_seconds"] = plain_number(max(0.0, film - lasting))
    elif seconds or (film is not None and film > lasting and words["kind"].lower() in _SHORT):
        wanted["end_seconds"] = plain_number(lasting)
    return {name: value for name, value in wanted.items() if field_of(card, (name,))}


_SHORT = frozenset({"title", "titles", "headline"})
"""What stands at the start of a film, not over all of it."""


def _refuse_over_others(shop: Workshop, placed: Mapping[str, Any]) -> None:
    """Refuse words that would lie over others."""
    for step in shop.of_task(Task.CAPTION, list(shop.plan.steps)):
        card = shop.card(step)
        usual = properties(card).get("position", {}).get("default", _MIDDLE) if card else _MIDDLE
        here = step.inputs.get("position", usual) == placed.get("position", _MIDDLE)
        begin, end = _times(step.inputs)
        new_begin, new_end = _times(placed)
        if here and begin < new_end and new_begin < end:
            raise EditError(
                f"{step.id} sets words there at that time.",
                action='Change them with "change the title to …", or add these at the end.',
            )


def _times(inputs: Mapping[str, Any]) -> tuple[float, float]:
    end = amount(inputs.get("end_seconds", _LATEST))
    return amount(inputs.get("start_seconds", 0)) or 0.0, _LATEST if end is None else end
