"""What a plan in the making has so far, and what it is made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from framewright.agents.offline.steps.film import Film

if TYPE_CHECKING:
    from framewright.agents.offline.clauses.intents import Change
    from framewright.agents.offline.clauses.settings import Whole
    from framewright.agents.offline.steps.draft import Draft
    from framewright.agents.offline.steps.pool import Pool
    from framewright.agents.offline.steps.voices import Cast
    from framewright.agents.offline.words.lexicon import Lexicon

USUAL_SECONDS = 5.0
"""How long a clip is when nobody says."""


@dataclass(slots=True)
class Board:
    """What there is so far; the last of each kind is what "it" means."""

    draft: Draft
    whole: Whole
    pool: Pool
    lexicon: Lexicon
    cast: Cast
    """Who speaks."""
    pictures: list[tuple[str, str]] = field(default_factory=list)
    """Reference and subject of images not yet animated."""
    moved: bool = False
    """Whether an image became a clip."""
    film: Film = field(default_factory=Film)
    after: list[Change] = field(default_factory=list)
    """What is done to the whole film once it is there."""
    shown: set[str] = field(default_factory=set)
    """Pictures that are for looking at, and none that move."""
