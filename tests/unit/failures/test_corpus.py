"""Real errors of many vendors, shortened: what each is, and that no retry is ever in vain.

The patterns were written with most of these in view, so all must be right. New ones of a vendor
are best measured before they are added: that says how well errors are read that nobody has met.
"""

from __future__ import annotations

import json
from pathlib import Path

from framewright.domain.job import ErrorCategory as Category
from framewright.failures.answer import Answer
from framewright.failures.classify import classify

CORPUS = Path(__file__).parent / "errors.jsonl"
LEAST = 0.99
MENDED_BY_A_PERSON = {
    Category.BILLING,
    Category.CONTENT_POLICY,
    Category.INPUT_MEDIA,
    Category.INVALID_PARAMETERS,
    Category.AUTHENTICATION,
    Category.NOT_FOUND,
}


def _rows() -> list[tuple[Category, Answer]]:
    rows = []
    for line in CORPUS.read_text("utf-8").splitlines():
        row = json.loads(line)
        body = row["body"] if isinstance(row["body"], str) else json.dumps(row["body"])
        answer = Answer(row["provider"], row["status"], row.get("headers", {}), body)
        rows.append((Category(row["category"]), answer))
    return rows


def test_errors_of_many_vendors_are_read_right() -> None:
    rows = _rows()
    wrong = [(is_, found, of) for is_, of in rows if (found := classify(of).category) is not is_]
    assert len(wrong) <= (1 - LEAST) * len(rows), wrong
    assert set(Category) == {category for category, _ in rows}


def test_what_a_person_must_mend_is_never_tried_again() -> None:
    vain = [of for is_, of in _rows() if is_ in MENDED_BY_A_PERSON and classify(of).retryable]
    assert vain == []
