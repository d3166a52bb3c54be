"""Says which words of a prompt for sound had no effect, so that nobody listens for them."""

from __future__ import annotations

from framewright_providers.local.words import places, sound_words, words_of


def music_remarks(prompt: str) -> tuple[str, ...]:
    """Return a sentence for what the score can not play, and where it took a mood by itself."""
    lists = sound_words()
    words = words_of(prompt)
    found = []
    missing = [word for word in dict.fromkeys(words) if word in lists["unplayed"]["words"]]
    if missing:
        named = ", ".join(f"“{word}”" for word in missing)
        found.append(f"The scratch score can not play {named}: it goes without.")
    if not places(prompt, {name: mood["words"] for name, mood in lists["mood"].items()}):
        found.append("No mood the scratch score knows is named: it is calm.")
    return tuple(found)
