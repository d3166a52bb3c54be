"""What each clause asks for."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from framewright.agents.offline.clauses import changes, spoken
from framewright.agents.offline.clauses.clauses import without_asking
from framewright.agents.offline.clauses.heard import (
    Told,
    effect,
    effects,
    new_sound,
    scene_of,
    under_speech,
)
from framewright.agents.offline.clauses.intents import (
    Animate,
    BurnIn,
    Content,
    Create,
    Effect,
    Merge,
    Music,
    OneOf,
    Scene,
    Settings,
    Use,
    Write,
)
from framewright.agents.offline.clauses.labelled import burnt_in, by_label, negation, not_burnt_in
from framewright.agents.offline.clauses.opening import MOST_AT_ONCE, opening
from framewright.agents.offline.clauses.settings import take_camera
from framewright.agents.offline.clauses.subjects import (
    is_ambience,
    motion_subject,
    picture_subject,
    sound_subject,
)
from framewright.agents.offline.words.measures import take_seconds
from framewright.agents.offline.words.normalise import MARK
from framewright.agents.offline.words.people import is_person
from framewright.agents.offline.words.placing import take_moment

if TYPE_CHECKING:
    from framewright.agents.offline.clauses.clauses import Part
    from framewright.agents.offline.clauses.intents import Intent
    from framewright.agents.offline.clauses.opening import Opening
    from framewright.agents.offline.words.lexicon import Lexicon
    from framewright.agents.offline.words.normalise import Brief

_MARKED = re.compile(MARK)
_EACH = re.compile(r",? (?:each|both|all)(?=$|,)", re.IGNORECASE)
_ADJUST = re.compile(
    r"^(?:(?:make|keep|it|should|be|is|total|length|duration|the|whole|video|film|clip|all|of"
    r"|them|they|format|in|this|that|for|and|please|about|long|only|each|lasting|lasts?|must"
    r"|total|shape|style|look|result|everything|colou?rs?|mood|feel|slowly|gently|camera|with"
    r"|a|has to|have to|needs to|need to|will|run|runs|running|time|movement|move"
    r"|shot|picture|image|end)\b[ ,.]*)*$",
    re.IGNORECASE,
)

_LOOSE_END = re.compile(r"[ ,]+(?:and|but|with)$", re.IGNORECASE)
"""What a length or a setting leaves behind when it is taken out."""
_BOARD = re.compile(r"^(?:an?|the|make|create|draw)?(?: an?)? ?storyboard\b", re.IGNORECASE)
_SHOWING = re.compile(r"^(?:of|showing|about) ", re.IGNORECASE)
_IS_SAID = re.compile(
    r"^(?:the|it|this|my|our|total)\b.*\b(?:should|must|is|be|lasts?|runs?|takes?|needs|has|to|will)\b",
    re.IGNORECASE,
)


def read(part: Part, brief: Brief, lexicon: Lexicon) -> tuple[Intent, ...]:
    """Return what a clause asks for; empty when no word of it is known."""
    if part.label and (labelled := by_label(part, brief, lexicon)):
        return labelled
    if (burnt := not_burnt_in(part.text)) is not None:
        return (BurnIn(burnt),)
    if unwanted := negation(part.text, lexicon):
        return (unwanted,)
    said = spoken.read_speech(part.text, part.aside, brief, lexicon)
    if said is not None:
        before, turns = said
        start, _, _ = take_moment(part.text)
        turns = tuple(
            replace(
                speech,
                scene=scene_of(part.text, lexicon),
                start=start,
                at_end=bool(lexicon.patterns["at_end"].search(part.text)),
            )
            for speech in turns
        )
        shown = _plain(part, before, brief, lexicon) if before else ()
        if shown and is_person(before) and not any(turn.on_lips for turn in turns):
            turns = tuple(replace(turn, seen=True) for turn in turns)
        seconds, _ = take_seconds(take_moment(_MARKED.sub(" ", part.text))[2], lexicon)
        told = seconds is not None and take_seconds(before, lexicon)[0] is None
        length = (Settings(seconds=seconds),) if told else ()
        return (*shown, *turns, *length, *under_speech(part.text, brief, lexicon))
    return _plain(part, part.text, brief, lexicon)


def _plain(part: Part, text: str, brief: Brief, lexicon: Lexicon) -> tuple[Intent, ...]:
    if text.lower().startswith("lengths in turn"):
        return (
            Settings(lengths=tuple(float(each) for each in re.findall(r"\d+(?:\.\d+)?", text))),
        )
    if parts := burnt_in(text, lexicon):
        return (BurnIn(parts),)
    caption = spoken.read_caption(text, brief, lexicon)
    if caption is not None:
        before, words = caption
        scene = scene_of(text, lexicon)
        words = tuple(
            replace(each, scene=part.within if scene is None else scene) for each in words
        )
        return (*_plain(part, before, brief, lexicon), *words) if before else words
    patterns = lexicon.patterns
    about = opening(without_asking(text, lexicon), lexicon)
    if about is not None and about.kind == "sound":
        start, _, text = take_moment(text)
        if start is not None:
            return tuple(
                replace(each, start=start) if isinstance(each, Effect) else each
                for each in _plain(part, text, brief, lexicon)
            )
    seconds_said, _ = take_seconds(text, lexicon)
    told = Told(
        seconds_said,
        None,
        bool(patterns["each_seconds"].search(text)),
        bool(patterns["total"].search(text)),
    )
    if (one := patterns["one_of"].match(text)) is not None:
        return (_one_of(one, brief, lexicon),)
    if patterns["one_lasts"].match(text):
        timed = list(patterns["one_lasts"].finditer(text))
        return tuple(
            OneOf(
                lexicon.ordinals[one["number"].lower()], "", take_seconds(one["length"], lexicon)[0]
            )
            for one in timed
        )
    change = changes.read_change(text, brief, lexicon)
    if change is not None and change.what == "replace-sound":
        return (change, *new_sound(text, brief, lexicon))
    if change is not None:
        return (change,)
    seconds, rest = take_seconds(text, lexicon)
    camera, rest = take_camera(re.sub(r"^ ?of ", "", rest), lexicon)
    told = Told(seconds, camera, told.each, told.total)
    rest = patterns["total"].sub("", rest) if told.seconds else rest
    rest = _LOOSE_END.sub("", rest) if told.seconds or rest != text else rest
    made = _media(part, rest.strip(" ,.:"), told, brief, lexicon)
    return tuple(made)


def _one_of(found: re.Match[str], brief: Brief, lexicon: Lexicon) -> OneOf:
    seconds, rest = take_seconds(found["what"], lexicon)
    camera, rest = take_camera(rest, lexicon)
    number = lexicon.ordinals[found["number"].lower()]
    return OneOf(number, brief.spelled(rest.strip(" ,.")), seconds, camera)


def _media(part: Part, rest: str, told: Told, brief: Brief, lexicon: Lexicon) -> list[Intent]:
    patterns = lexicon.patterns
    bare = without_asking(rest, lexicon)
    if part.scene is not None:
        scene = _scene(part.scene, rest, bare, told, brief, lexicon)
        if not told.each:
            return [scene]
        alike = Settings(seconds=told.seconds, each=True)
        subject = _EACH.sub("", scene.subject)
        return [replace(scene, subject=subject, seconds=None), alike]
    word = bare.split(" ", 1)[0].lower().strip(",.:;")
    if word in lexicon.verbs["animate"] or patterns["to_life"].search(rest):
        return [_animate(part.text, rest, told, brief, lexicon)]
    if told.seconds and patterns["each_is"].fullmatch(bare):
        return [Settings(seconds=told.seconds, each=True, camera=told.camera)]
    if told.seconds and told.each and bare.lower() in {"both", "each", "all", "each of them"}:
        return [Settings(seconds=told.seconds, each=True, camera=told.camera)]
    if (told.seconds or told.camera) and _IS_SAID.match(bare) and _ADJUST.match(bare):
        return [_adjusted(told)]
    about = opening(bare, lexicon)
    if word in lexicon.verbs["merge"] and len(bare.split()) <= 3:
        return [Merge(part.text), *_lengths(told)]
    if patterns["together"].search(rest) and (
        about is None or about.kind != "video" or word in lexicon.verbs["merge"]
    ):
        return [Merge(part.text), *_lengths(told)]
    if about is not None:
        return _named(part, rest, about, told, brief, lexicon)
    return _unnamed(part, rest, bare, told, brief, lexicon)


def _lengths(told: Told) -> list[Settings]:
    return [Settings(seconds=told.seconds, each=told.each)] if told.seconds else []


def _scene(number: int, rest: str, bare: str, told: Told, brief: Brief, lexicon: Lexicon) -> Scene:
    about = opening(bare, lexicon)
    pictured = about is not None and about.kind in {"image", "video"}
    subject = picture_subject(rest, about, lexicon) if pictured else bare
    return Scene(brief.spelled(subject), number, told.seconds, told.camera)


def _unnamed(
    part: Part, rest: str, bare: str, told: Told, brief: Brief, lexicon: Lexicon
) -> list[Intent]:
    """Return what a clause asks for that names no kind of media."""
    own = lexicon.patterns["own"]
    uses = bare.split(" ", 1)[0].lower() in lexicon.verbs["use"]
    if _ADJUST.match(bare):
        return [_adjusted(told)] if told.seconds or told.camera else []
    if (uses and own.search(rest)) or own.match(bare):
        return [Use(part.text)]
    if rest.lower().startswith("write"):
        return [Write(brief.spelled(bare))]
    if is_ambience(rest, lexicon):
        return [effect(part.text, rest, told, brief, lexicon)]
    showing = _SHOWING.match(part.text) is not None
    said = [Content(brief.spelled(bare), told.seconds, told.camera, showing)]
    return list(said) if re.search(r"\w", bare) else []


def _named(
    part: Part, rest: str, about: Opening, told: Told, brief: Brief, lexicon: Lexicon
) -> list[Intent]:
    if about.kind in {"music", "sound"} and told.each:
        alone = Told(None, told.camera, False, False)
        each = Settings(seconds=told.seconds, each=True)
        return [*_named(part, _EACH.sub("", rest), about, alone, brief, lexicon), each]
    if about.kind == "music":
        return [Music(brief.spelled(sound_subject(rest, lexicon)), told.seconds)]
    if about.kind == "sound":
        return list(effects(part.text, rest, told, brief, lexicon))
    if about.kind == "text":
        return [Write(brief.spelled(without_asking(rest, lexicon)))]
    if about.kind in {"image", "video", "model3d"}:
        made: list[Intent] = [_create(part.text, rest, about, told, brief, lexicon)]
        if about.kind == "image" and told.each and told.seconds:
            # A picture has no length: this is how long each is shown.
            made.append(Settings(seconds=told.seconds, each=True))
        return made
    return []


def _create(
    phrase: str, rest: str, about: Opening, told: Told, brief: Brief, lexicon: Lexicon
) -> Create:
    count, variants, series = about.count, about.variants, about.noun in lexicon.series
    inside = lexicon.patterns["inside_scenes"].search(rest)
    number = lexicon.number(inside["number"]) if inside else None
    total = told.total
    if inside is not None and number:
        count = min(number, MOST_AT_ONCE)
        variants = inside["noun"] in lexicon.variants
        series = not variants
        total = series
        rest = f"{rest[: inside.start()]}{rest[inside.end() :]}"
    rest = _EACH.sub("", rest) if told.each else rest
    subject = picture_subject(
        rest, opening(without_asking(rest, lexicon), lexicon) or about, lexicon
    )
    return Create(
        kind=about.kind,
        subject=brief.spelled(subject),
        count=count,
        noun=about.noun,
        seconds=told.seconds,
        camera=told.camera,
        series=series if about.kind == "video" else _BOARD.match(rest) is not None,
        variants=variants,
        total=total and not told.each,
        phrase=phrase,
    )


def _animate(phrase: str, rest: str, told: Told, brief: Brief, lexicon: Lexicon) -> Animate:
    motion = motion_subject(lexicon.patterns["each_seconds"].sub("each", rest), lexicon)
    return Animate(phrase, brief.spelled(motion), told.seconds, told.camera)


def _adjusted(told: Told) -> Settings:
    return Settings(seconds=told.seconds, each=told.each, camera=told.camera)
