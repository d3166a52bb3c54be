"""The planner that needs no model: a compiler from words to a graph, the same every time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from framewright.agents.offline.assemble import assemble
from framewright.agents.offline.clauses import split
from framewright.agents.offline.draft import Draft
from framewright.agents.offline.interpretation import Clause, Interpretation
from framewright.agents.offline.lexicon import lexicon, words_of
from framewright.agents.offline.normalise import normalise, without_marks
from framewright.agents.offline.settings import read_settings
from framewright.agents.offline.spelling import corrected
from framewright.agents.offline.telling import one_line, plan_title, said_of
from framewright.agents.offline.wishes import Intent, wish_of
from framewright.errors import BriefError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.lexicon import Lexicon
    from framewright.agents.offline.wishes import Wish
    from framewright.catalog.catalog import Catalog
    from framewright.domain.upload import Upload

_VISUAL = {Intent.IMAGE, Intent.VIDEO, Intent.ANIMATE}


def interpret(brief: str, catalog: Catalog, uploads: Sequence[Upload] = ()) -> Interpretation:
    """Return the plan for a brief, and what of it was and was not understood.

    The same brief, catalog and uploads give the same plan. Raises `BriefError` when the brief
    is empty, too long, or asks for nothing that can be made.
    """
    words = lexicon()
    plain = normalise(brief)
    settings, text = read_settings(corrected(plain.text, words), words)
    wishes = _described([wish_of(clause, plain, words) for clause in split(text, words)], words)
    if settings.parts and not any(wish.intent in _VISUAL for wish in wishes):
        wishes = [wish_of("a film", plain, words), *wishes]
    wishes = _with_default(wishes, uploads)
    draft = Draft(catalog, settings.ratio, settings.style, settings.without)
    film = assemble(wishes, settings, uploads, draft)
    if not draft.steps:
        notes = " ".join(draft.notes)
        raise BriefError(f"Nothing in this brief can be made. {notes}".strip())
    plan = draft.plan(plan_title(wishes, plain))
    return Interpretation(
        plan=plan,
        understood=one_line(plan, film, settings),
        clauses=tuple(
            Clause(text=plain.spelled(wish.clause), understood=said_of(wish), missed=wish.missed)
            for wish in wishes
        ),
        notes=tuple(dict.fromkeys(draft.notes)),
    )


def _described(wishes: list[Wish], words: Lexicon) -> list[Wish]:
    """Give sentences that only describe to the picture they follow: "The fox runs."."""
    kept: list[Wish] = []
    for wish in wishes:
        pictures = [
            at for at, each in enumerate(kept) if each.intent in {Intent.IMAGE, Intent.VIDEO}
        ]
        describes = (
            wish.intent is Intent.NOTHING and not wish.quotes and _is_description(wish, words)
        )
        if not (describes and pictures):
            kept.append(wish)
            continue
        at = pictures[-1]
        whole = ", ".join(part for part in (kept[at].subject, wish.clause) if part)
        kept[at] = replace(kept[at], subject=whole, clause=f"{kept[at].clause}. {wish.clause}")
    return kept


def _is_description(wish: Wish, words: Lexicon) -> bool:
    spoken = words_of(without_marks(wish.clause))
    return len(spoken) >= 2 and spoken[0] not in words.verbs


def _with_default(wishes: list[Wish], uploads: Sequence[Upload]) -> list[Wish]:
    """Make an image of a brief that names a thing and no kind of media; refuse one without."""
    kinds = Counter(wish.intent for wish in wishes)
    if set(kinds) - {Intent.NOTHING}:
        return wishes
    thing = next((wish for wish in wishes if _names_a_thing(wish)), None)
    if thing is None or uploads:
        message = (
            "This brief asks for nothing that can be made: no image, video, voice, music or sound."
        )
        raise BriefError(message)
    picture = replace(thing, intent=Intent.IMAGE, subject=thing.clause, missed=())
    return [picture if wish is thing else wish for wish in wishes]


def _names_a_thing(wish: Wish) -> bool:
    spoken = words_of(wish.clause)
    return len(spoken) >= 2 and spoken[0] in {"a", "an", "the", "two", "three", "some"}
