"""Who speaks: a voice of espeak-ng for a language, an age, a sex and a manner told in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from framewright_providers.local.words import first_of, places, sound_words, words_of

LANGUAGES = {
    "en-us": "gmw/en-US", "en-gb": "gmw/en", "de": "gmw/de", "fr": "roa/fr", "es": "roa/es",
    "it": "roa/it", "pt": "roa/pt", "nl": "gmw/nl", "pl": "zlw/pl", "sv": "gmq/sv",
    "af": "gmw/af", "ar": "sem/ar", "bg": "zls/bg", "bn": "inc/bn", "ca": "roa/ca",
    "cs": "zlw/cs", "cy": "cel/cy", "da": "gmq/da", "el": "grk/el", "en-scotland":
    "gmw/en-GB-scotland", "eo": "art/eo", "es-419": "roa/es-419", "et": "urj/et", "eu": "eu",
    "fa": "ira/fa", "fi": "urj/fi", "fr-be": "roa/fr-BE", "fr-ch": "roa/fr-CH", "ga": "cel/ga",
    "he": "sem/he", "hi": "inc/hi", "hr": "zls/hr", "hu": "urj/hu", "hy": "ine/hy",
    "id": "poz/id", "is": "gmq/is", "ja": "jpx/ja", "ka": "ccs/ka", "ko": "ko", "la": "itc/la",
    "lt": "bat/lt", "lv": "bat/lv", "mk": "zls/mk", "ms": "poz/ms", "nb": "gmq/nb",
    "pt-br": "roa/pt-BR", "ro": "roa/ro", "ru": "zle/ru", "sk": "zlw/sk", "sl": "zls/sl",
    "sq": "ine/sq", "sr": "zls/sr", "sw": "bnt/sw", "ta": "dra/ta", "te": "dra/te",
    "th": "tai/th", "tr": "trk/tr", "uk": "zle/uk", "ur": "inc/ur", "vi": "aav/vi",
    "yue": "sit/yue", "zh": "sit/cmn",
}  # fmt: skip
"""The voice file of each language and dialect in the catalog."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How espeak-ng is to speak, and what is made of it after that."""

    file: str
    """The library's name of it: a language's voice file, and a variant behind a `+`."""
    speed: float = 1.0
    pitch: int = 0
    """What is added to the pitch of 0 to 99."""
    shift: float = 1.0
    """By which factor pitch and formants are moved up together, as a shorter throat does."""


_PEOPLE: dict[tuple[str, str], tuple[str, float, int, float]] = {
    ("man", "grown"): ("m3", 1.0, 0, 1.0),
    ("man", "young"): ("m3", 1.06, 8, 1.06),
    ("man", "old"): ("grandpa", 0.8, -6, 0.96),
    ("man", "teen"): ("m3", 1.08, 22, 1.12),
    ("man", "child"): ("f2", 1.0, 8, 1.2),
    ("woman", "grown"): ("f2", 1.0, 0, 1.0),
    ("woman", "young"): ("f2", 1.06, 8, 1.05),
    ("woman", "old"): ("grandma", 0.8, -24, 0.96),
    ("woman", "teen"): ("f2", 1.08, 12, 1.1),
    ("woman", "child"): ("f2", 1.0, 14, 1.26),
}
"""Sex and age to variant, speed, pitch and shift; each checked by measuring what comes out."""
_WHISPERS = {"man": "whisper", "woman": "whisperf"}


def voice_for(speaker: str, language: str) -> Voice:
    """Return the voice of a speaker told in words; without any, a language's plain voice.

    A language among the words wins. What is no language of the catalog is taken as the name of a
    voice file.
    """
    lists = sound_words()["voice"]
    spoken = next(iter(places(speaker, lists["language"])), language)
    file = LANGUAGES.get(spoken, spoken)
    sex, age = (next(iter(places(speaker, lists[each])), "") for each in ("sex", "age"))
    manner: dict[str, Any] = lists["manner"]
    changes = [manner[word] for word in dict.fromkeys(words_of(speaker)) if word in manner]
    speed, pitch, shift = 1.0, 0, 1.0
    if sex or age:
        # A child that is neither boy nor girl sounds as one of both; others are men by default,
        # as the plain voice is.
        sex = sex or ("woman" if age == "child" else "man")
        variant, speed, pitch, shift = _PEOPLE[sex, age or "grown"]
        file = f"{file}+{variant}"
    if first_of(words_of(speaker), {"whisper": 1, "whispers": 1, "whispering": 1, "whispered": 1}):
        file = f"{file.split('+')[0]}+{_WHISPERS[sex or 'man']}"
    for change in changes:
        speed *= change.get("speed", 1.0)
        pitch += change.get("pitch", 0)
        shift *= change.get("shift", 1.0)
    return Voice(file, speed, pitch, shift)


def unknown_words(speaker: str) -> tuple[str, ...]:
    """Return the words of a description that change nothing."""
    lists = sound_words()["voice"]
    known = {*lists["heard"], *lists["manner"]}
    for table in ("language", "sex", "age"):
        for said in lists[table].values():
            known.update(" ".join(said).split())
    return tuple(dict.fromkeys(word for word in words_of(speaker) if word not in known))
