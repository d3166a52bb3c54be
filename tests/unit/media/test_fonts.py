"""Every letter of a caption is drawn, or it is said which one can not be."""

from pathlib import Path

import pytest

from framewright.errors import MediaError
from framewright.media import fonts


def test_the_usual_font_has_the_letters_of_europe():
    assert len(fonts.typeface("Größe, Привет, αβγ", 20, bold=True).fonts) == 1


def test_a_letter_no_font_has_is_refused_with_the_package_that_has_it(tmp_path: Path):
    with pytest.raises(MediaError, match="冬") as caught:
        fonts.typeface("Winter 冬", 20, bold=False, folders=(tmp_path,))
    assert "apt-get install" in caught.value.action


def test_another_font_sets_what_the_usual_one_lacks(monkeypatch: pytest.MonkeyPatch):
    usual = fonts.load_font(20, bold=False)
    lacks = fonts.missing_from

    def without_umlauts(font: fonts.Font, text: str) -> tuple[str, ...]:
        found = lacks(font, text)
        return (*found, *(each for each in "äöü" if each in text)) if font is usual else found

    monkeypatch.setattr(fonts, "missing_from", without_umlauts)
    face = fonts.typeface("süß", 20, bold=False)
    assert [piece for _, piece in face.runs("süß")] == ["s", "ü", "ß"]
    assert len({id(font) for font, _ in face.runs("süß")}) == 2
    assert face.getlength("süß") == pytest.approx(usual.getlength("süß"), abs=3)


def test_what_draws_nothing_is_not_missing():
    assert fonts.missing_from(fonts.load_font(20, bold=False), "a b\u200d\ufe0f\n") == ()
