"""The planner that needs no model: a compiler from words to a graph, the same every time."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from framewright.agents.offline.account.audit import audit
from framewright.agents.offline.account.made import made_of
from framewright.agents.offline.account.notes import left_out, not_given, unclear, unsaid
from framewright.agents.offline.account.parts import parts_of
from framewright.agents.offline.account.telling import missed_of, one_line, plan_title, said_of
from framewright.agents.offline.clauses.changes import read_change
from framewright.agents.offline.clauses.clauses import split
from framewright.agents.offline.clauses.intents import Content, Effect, Music, Speak, Use
from framewright.agents.offline.clauses.reading import read
from framewright.agents.offline.clauses.retouches import changes_picture, take_retouches
from framewright.agents.offline.clauses.settings import Whole, take_whole
from framewright.agents.offline.interpretation import Clause, Interpretation
from framewright.agents.offline.script.characters import (
    characters,
    described_alike,
    introduces,
)
from framewright.agents.offline.script.own_styles import Said, with_own_styles
from framewright.agents.offline.script.script import script
from framewright.agents.offline.steps.assemble import assemble
from framewright.agents.offline.steps.board import Board
from framewright.agents.offline.steps.draft import Draft
from framewright.agents.offline.steps.pool import Pool
from framewright.agents.offline.steps.voices import Cast
from framewright.agents.offline.words.lexicon import lexicon
from framewright.agents.offline.words.normalise import normalise
from framewright.agents.offline.words.spelling import corrected, is_foreign
from framewright.agents.offline.words.voices import who_speaks
from framewright.agents.offline.words.wording import reworded
from framewright.domain.media import MediaKind
from framewright.errors import BriefError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.clauses.clauses import Part
    from framewright.agents.offline.clauses.intents import Intent
    from framewright.agents.offline.words.lexicon import Lexicon
    from framewright.agents.offline.words.normalise import Brief
    from framewright.catalog.catalog import Catalog
    from framewright.domain.upload import Upload


_SEEN = re.compile(
    r"(?<!radio )\b(?:ads?|adverts?|commercials?|clips?|videos?|films?|shots?|scenes?|trailers?"
    r"|images?|pictures?|photos?|logo (?:sting|animation))\b",
    re.IGNORECASE,
)
_ORDERS_OWN = r"(?:please )?(?:take|use|animate|turn|convert|edit|resize|crop|trim|cut) (?:my|our) "
"""How a brief begins that is about a file of the person's own."""


_KNOWN = {
    MediaKind.VIDEO: (
        "A video can be trimmed, resized, reversed, looped, played faster or slower, set with"
        " words, music or a voice, brought to a loudness, joined with others; a frame, a filmstrip"
        " or a proxy can be made of it."
    ),
    MediaKind.IMAGE: (
        "A picture can be animated, changed in words, resized, enlarged, compressed, or become a"
        " 3D model."
    ),
    MediaKind.AUDIO: (
        "A sound can lie under a film or a picture, be brought to a loudness, or be drawn as a"
        " waveform."
    ),
}


def interpret(brief: str, catalog: Catalog, uploads: Sequence[Upload] = ()) -> Interpretation:
    """Return the plan for a brief, and what of it was and was not understood.

    The same brief, catalog and uploads give the same plan. Raises `BriefError` when the brief
    is empty, too long, or asks for nothing that can be made.
    """
    words = lexicon()
    plain = normalise(brief)
    foreign = is_foreign(plain.text, words)
    notes = ["This brief seems not to be in English, the only language known here."] * foreign
    mended = corrected(plain.text, words)
    form = reworded(mended, words)
    text = form.text
    whole = Whole(audio_only=_is_only_heard(text, words))
    pool = Pool(uploads)
    said: list[Said] = []
    clauses: list[Clause] = []
    for part in split(text, words):
        before = whole
        head, retouches = take_retouches(part.text, plain, words)
        whole, styles, rest, found = _read(replace(part, text=head), whole, plain, words)
        if retouches and changes_picture([*(each for each, _ in said), *found], uploads):
            found = (*found, *retouches)
        elif retouches:
            whole, styles, rest, found = _read(part, before, plain, words)
        found = _given(found, part.text, pool, words)
        said.extend((each, styles) for each in found)
        understood = said_of(found, before, whole)
        missed = missed_of(rest, found, words)
        clauses.append(Clause(text=plain.spelled(part.text), understood=understood, missed=missed))
    intents, whole = with_own_styles(said, whole)
    beats, whole, left = script(intents, whole, bool(uploads), words)
    known = characters(plain.text)
    beats = described_alike(beats, known)
    speakers = {who_speaks(beat.speaker) for beat in beats if isinstance(beat, Speak)}
    left = tuple(
        each
        for each in left
        if not introduces(each, known) and not set(each.split(" and ")) <= speakers
    )
    board = Board(Draft(catalog, whole), whole, pool, words, Cast(words, known))
    assemble(beats, board)
    board.draft.notes.extend(f"“{words}” changed nothing." for words in left)
    draft = board.draft
    if missing := not_given(text, uploads):
        if not draft.steps or re.match(_ORDERS_OWN, text, re.IGNORECASE):
            message = f"The brief speaks of “{missing[0]}”, and no such file was given."
            raise BriefError(message, action="Give it: --upload FILE.")
        draft.notes.extend(f"“{own}” was not given: add it with --upload." for own in missing)
    draft.notes.extend(unclear(draft.plan(""), whole))
    if draft.steps:
        passed = [word for clause in clauses for word in clause.missed]
        told = [*notes, *left_out(form), *draft.notes, *passed]
        draft.notes.extend(
            unsaid(audit(plain, mended, made_of(board), words, told), draft.notes, form)
        )
    if not draft.steps:
        why = " ".join(dict.fromkeys([*notes, *left_out(form), *draft.notes]))
        message = (
            "This brief asks for nothing that can be made: no image, video, voice, music or sound."
        )
        say = "Say it in English" if foreign else "Say what to make"
        action = f'{say}, for example: "an image of a red kite, animate it".'
        if uploads and not foreign:
            message = f"What is to be done with “{uploads[0].name}” is nothing that is known here."
            action = _KNOWN.get(uploads[0].kind, action)
        raise BriefError(f"{message} {why}".strip(), action=action)
    plan = draft.plan(plan_title(beats, plain))
    return Interpretation(
        plan=plan,
        understood=one_line(plan, board),
        clauses=tuple(clauses),
        parts=parts_of(plain, made_of(board), words),
        notes=tuple(dict.fromkeys([*notes, *left_out(form), *draft.notes])),
    )


def _read(
    part: Part, whole: Whole, brief: Brief, lexicon: Lexicon
) -> tuple[Whole, tuple[str, ...], str, tuple[Intent, ...]]:
    """Return the settings with a clause's, its styles, the clause without these, and its wishes."""
    change = read_change(part.text, brief, lexicon)
    # "Turn my photo into a watercolour": here the style is the order itself.
    edits = change is not None and change.what == "edit"
    bare, rest = replace(whole, styles=()), part.text
    bare, rest = (bare, rest) if edits else take_whole(rest, bare, lexicon)
    styles = bare.styles
    whole = replace(bare, styles=tuple(dict.fromkeys([*whole.styles, *styles])))
    return whole, styles, rest, read(replace(part, text=rest), brief, lexicon) if rest else ()


def _is_only_heard(text: str, words: Lexicon) -> bool:
    """Tell whether nothing is to be seen; an ad with a jingle is seen all the same."""
    heard = {found[0].lower() for found in words.audio_only.finditer(text)}
    return bool(heard - {"jingle"}) or ("jingle" in heard and not _SEEN.search(text))


def _given(
    found: tuple[Intent, ...], phrase: str, pool: Pool, words: Lexicon
) -> tuple[Intent, ...]:
    """Let "my song" and "interview.wav" be the file that was given, not something to make."""
    names_file = any(pool.named(phrase, kind) for kind in MediaKind)
    own_sound = bool(pool.speaks_of(phrase, MediaKind.AUDIO, words))
    made = [
        intent
        for intent in found
        if not (isinstance(intent, Content) and names_file)
        and not (isinstance(intent, (Music, Effect)) and own_sound)
        and not (isinstance(intent, Speak) and own_sound and intent.text is None)
    ]
    return tuple(made) if len(made) == len(found) else (*made, Use(phrase))
