"""How much of what is asked for has room in one plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.agents.offline.clauses.clauses import without_asking
from framewright.agents.offline.clauses.intents import Animate, Caption, Effect, Music, Speak
from framewright.agents.offline.clauses.opening import opening
from framewright.agents.offline.script.shots import Shots
from framewright.agents.offline.words.measures import take_seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.clauses.intents import Create
    from framewright.agents.offline.clauses.settings import Whole
    from framewright.agents.offline.script.beats import Beat
    from framewright.agents.offline.steps.draft import Draft
    from framewright.agents.offline.words.lexicon import Lexicon

_MOST_SOUNDS = 600
"""Steps that voices, sounds and words may take; the others are pictures and clips."""
_LAID = 5
"""Two mixes, the sound under the film, a clip of a lone picture, moving lips."""
_NAMES: dict[type, str] = {Speak: "voice", Effect: "sound", Caption: "caption"}


def sounds_that_fit(beats: Sequence[Beat], draft: Draft) -> Sequence[Beat]:
    """Return the beats without voices, sounds and words over the most there may be."""
    taken = 0
    kept: list[Beat] = []
    costs = _costs(beats)
    for beat, cost in zip(beats, costs, strict=True):
        taken += cost
        if cost and taken > _MOST_SOUNDS:
            draft.leave_out(_NAMES.get(type(beat), "sound"))
        else:
            kept.append(beat)
    return kept


def steps_of_the_end(beats: Sequence[Beat], whole: Whole) -> int:
    """Return the most steps that come behind the pictures and clips."""
    sounds = sum(_costs(beats))
    heard = any(isinstance(beat, (Speak, Music, Effect)) for beat in beats)
    filmed = heard or whole.merge or any(_films(beat) for beat in beats)
    return sounds + (_LAID if heard else 0) + filmed + len(whole.also)


def asked_too_many(make: Create, lexicon: Lexicon) -> str | None:
    """Return a note where a brief asks for more at once than are made."""
    _, phrase = take_seconds(make.phrase, lexicon)
    about = opening(without_asking(phrase, lexicon), lexicon)
    inside = lexicon.patterns["inside_scenes"].search(phrase)
    number = lexicon.number(inside["number"]) if inside else None
    asked = number or (about.asked if about is not None else 0)
    if make.count == 1 or asked <= make.count:
        return None
    return f"{asked:,} are asked for at once; {make.count} are made, the most there can be."


def _films(beat: Beat) -> bool:
    return isinstance(beat, Animate) or (isinstance(beat, Shots) and beat.make.kind == "video")


def _costs(beats: Sequence[Beat]) -> list[int]:
    """Return how many steps each beat takes as a sound or as words on the picture."""
    lines = [beat for beat in beats if isinstance(beat, Speak)]
    apart = any(line.scene for line in lines)
    # Lines that belong to no scene are spoken in one step, or in one for each piece.
    pieces = len(lines[0].lines) if len(lines) == 1 else 1
    together = min(max(1, pieces), _MOST_SOUNDS)
    costs = []
    for beat in beats:
        cost = int(isinstance(beat, (Music, Effect, Caption)))
        if isinstance(beat, Speak):
            cost = 1 if apart else together if beat is lines[0] else 0
        costs.append(cost)
    return costs
