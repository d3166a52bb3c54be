"""Says which words of a prompt previz has no drawing for, so that nobody takes it for a choice."""

from __future__ import annotations

import re

from framewright_providers.local.scene.from_above import SEEN_FROM_ABOVE
from framewright_providers.local.scene.words import known_words, read

_PLACE = re.compile(
    r"\b(?:in|on|at|inside|near|across|through|under) (?:an? |the )"
    r"(?P<words>(?:[a-z-]+ ){0,2}?[a-z-]+)"
    r"(?=$|[,.;:]| (?:in|on|at|of|with|and|under|by|near|while|where|as|for|during)\b)"
)


def remarks(prompt: str) -> tuple[str, ...]:
    """Return a sentence for the subject and the place that are drawn as something plain."""
    said = read(prompt)
    found: list[str] = []
    if said.subject is None and said.thing:
        found.append(f"Previz has no drawing of “{said.thing}”: a plain form stands for it.")
    if said.subject is None and not (said.thing or said.also or said.cast):
        found.append("Previz can draw nothing these words name: it shows a plain landscape.")
    above = said.framing.angle == "overhead" and said.subject not in {None, *SEEN_FROM_ABOVE}
    if above:
        found.append(f"Previz has no drawing of a {said.subject} from above: it is left out.")
    for place in _PLACE.finditer(prompt.lower()[:4_000]):
        words = set(place["words"].split())
        name = place["words"].split()[-1]
        if name == said.thing or words & known_words():
            continue
        found.append(f"Previz has no drawing of “{place['words']}” as a place.")
    return tuple(dict.fromkeys(found))
