"""Subtitles that are written are read again word for word, whatever the words are."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from framewright.errors import MediaError
from framewright.media.subtitles import Cue, read_subtitles, write_subtitles

PIECES = st.sampled_from(
    [
        *("<", ">", "&", "{", "}", "\\", "-->", "->", ";", "#", ":", "\n", " ", "\\N", "\\h"),
        *("<i>", "</b>", "<font color=red>", "<c.loud>", "{\\an8}", "&lt;", "&amp;", "&#123;"),
        *("42", "\n7", "00:00:01,000", "00:01.000", "WEBVTT", "NOTE x", "\n\n", "if a<b", "ü", "x"),
    ]
)
CHARACTERS = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t")
WORDS = st.one_of(st.lists(PIECES, max_size=8).map("".join), st.text(CHARACTERS, max_size=30))


def plain(text: str) -> str:
    return "\n".join(line if line.strip() else "" for line in text.split("\n")).strip()


@pytest.mark.parametrize("form", ["srt", "vtt"])
@given(words=st.lists(WORDS.filter(str.strip), min_size=1, max_size=4))
@example(words=["if a<b then c>d"])
@example(words=["{hello} there"])
@example(words=["one\n\nthree"])
@example(words=["The answer is\n42"])
@example(words=["- a --> b", "7"])
@example(words=["from 00:00:01,000 to 00:00:02,000"])
@example(words=["00:00:01,000 --> 00:00:02,000"])
@example(words=["C:\\New\\names, {\\i1}not italic{\\i0}, &lt; &amp;amp;"])
def test_words_come_back_as_they_were(form, words):
    cues = tuple(Cue(number, number + 0.75, plain(text)) for number, text in enumerate(words))
    assert read_subtitles(write_subtitles(cues, form)) == cues


@pytest.mark.parametrize(
    "head", ["1\n00:00:01,000 --> 00:00:02,000\n", "WEBVTT\n\n00:01.000 --> 00:02.000\n"]
)
def test_markup_is_left_out(head):
    text = "<i>Tom</i> &amp; <c.loud>Jerry</c>,\n{\\an8}<font face='x'>x</font>&#55296;"
    assert [cue.text for cue in read_subtitles(head + text)] == ["Tom & Jerry,\nx\ufffd"]


def test_what_is_no_words_in_a_web_file_is_left_out():
    cues = read_subtitles(
        "WEBVTT\n\nintro\n00:01.000 --> 00:02.000\n<v Bob>One\n\nNOTE a --> b is none\n\n"
        "end\n00:03.000 --> 00:04.000\n<00:03.500>Two"
    )
    assert [cue.text for cue in cues] == ["One", "Two"]


def test_nothing_but_markup_is_no_subtitle():
    with pytest.raises(MediaError):
        read_subtitles("1\n00:00:01,000 --> 00:00:02,000\n<i></i>\n")
