"""What a brief wants done, one thing after the other."""

from __future__ import annotations

from framewright.agents.offline.clauses.intents import (
    Animate,
    BurnIn,
    Caption,
    Change,
    Effect,
    Merge,
    Music,
    Speak,
    Use,
    Write,
)
from framewright.agents.offline.script.shots import Shots

Beat = Shots | Animate | Speak | Music | Effect | Caption | BurnIn | Merge | Change | Use | Write
"""One thing to do, in order."""
