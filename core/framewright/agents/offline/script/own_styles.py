"""Whose a style is: the picture's it is said of where there are several, else everything's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from framewright.agents.offline.clauses.intents import Create, Intent, Scene

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.clauses.settings import Whole

Said = tuple[Intent, tuple[str, ...]]
"""What a clause asks for, and the styles the clause names."""


def with_own_styles(said: Sequence[Said], whole: Whole) -> tuple[list[Intent], Whole]:
    """Return what is asked for with the styles that are its own, and the settings without those.

    "A flat drawing of a bus; then a claymation image of a cow" are two looks. A style that is said
    of one of several scenes is the film's, unless another scene has another.
    """
    made = [(intent, styles) for intent, styles in said if _is_made(intent)]
    scenes = {styles for intent, styles in said if isinstance(intent, Scene) and styles}
    owns = tuple(
        kind for kind, several in ((Create, len(made) > 1), (Scene, len(scenes) > 1)) if several
    )
    own = [
        bool(styles)
        and isinstance(intent, owns)
        and (_is_made(intent) or isinstance(intent, Scene))
        for intent, styles in said
    ]
    shared = {
        style for (_, styles), mine in zip(said, own, strict=True) if not mine for style in styles
    }
    taken = {style for (_, styles), mine in zip(said, own, strict=True) if mine for style in styles}
    kept = tuple(style for style in whole.styles if style in shared or style not in taken)
    intents = [
        _styled(intent, styles) if mine else intent
        for (intent, styles), mine in zip(said, own, strict=True)
    ]
    return intents, replace(whole, styles=kept)


def _is_made(intent: Intent) -> bool:
    return isinstance(intent, Create) and intent.kind in {"image", "video"} and bool(intent.subject)


def _styled(intent: Intent, styles: tuple[str, ...]) -> Intent:
    if isinstance(intent, Scene):
        return replace(
            intent, subject=", ".join(part for part in (intent.subject, *styles) if part)
        )
    return replace(intent, styles=styles) if isinstance(intent, Create) else intent
