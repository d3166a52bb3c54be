"""Whatever is written, the answer is a sound plan or a plain refusal."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from framewright.agents.offline.planner import interpret
from framewright.domain import refs
from framewright.domain.plan import STEP_ID_PATTERN
from framewright.errors import InputError
from unit.offline.offline_graphs import briefs, shipped, upload

CATALOG = shipped()
UPLOADS = [upload("u1 image a.jpg"), upload("u2 video b.mp4 12"), upload("u3 audio c.wav")]
PIECES = [
    piece
    for case in briefs()
    for piece in re.split(r"(?<=[,.:;])\s|\s(?=and |with )", case["text"])
]
SPOKEN = (
    st.text(
        st.characters(
            codec="utf-8", exclude_characters='"“”„‟«»', exclude_categories=["Cc", "Cs", "Co", "Cn"]
        ),
        min_size=1,
        max_size=60,
    )
    .map(str.strip)
    .filter(lambda words: words and "{{" not in words)
)


def check(brief, uploads=()):
    try:
        found = interpret(brief, CATALOG, uploads)
    except InputError:
        return None
    done: set[str] = set()
    for step in found.plan.steps:
        assert re.fullmatch(STEP_ID_PATTERN, step.id)
        assert step.id not in done | refs.RESERVED
        # Each step names only steps before it, so there is no cycle and nothing is missing.
        assert set(refs.parents(step)) <= done
        assert all(
            not isinstance(refs.parse(text), refs.Malformed)
            for _, text in refs.strings(step.inputs)
        )
        done.add(step.id)
    assert found == interpret(brief, CATALOG, uploads)
    return found.plan


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.booleans())
def test_any_text(brief, given_files):
    check(brief, UPLOADS if given_files else ())


@settings(max_examples=250, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=6),
    st.booleans(),
    st.sampled_from([" ", ", ", ". ", "\n"]),
)
def test_any_order_of_real_pieces(pieces, given_files, joint):
    check(joint.join(pieces), UPLOADS if given_files else ())


@settings(max_examples=150, deadline=None)
@given(SPOKEN)
def test_spoken_words_survive_to_the_letter(words):
    plan = check(f'An image of a fox, animate it, add a voice-over saying "{words}" and soft music')
    assert plan is not None
    assert refs.literal(plan.step("voice").inputs["text"]) == words
