"""Real errors of many vendors, shortened: what each is, and that no retry is ever in vain.

`seen.jsonl` was looked at while the patterns were written; `unseen.jsonl` was not, and so says
how well errors are read that nobody here has met yet.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from framewright.domain.job import ErrorCategory as Category
from framewright.failures.answer import Answer
from framewright.failures.classify import classify

CORPUS = Path(__file__).parent / "corpus"
LEAST = {"seen": 0.99}
MENDED_BY_A_PERSON = {
    Category.BILLING,
    Category.CONTENT_POLICY,
    Category.INPUT_MEDIA,
    Category.INVALID_PARAMETERS,
    Category.AUTHENTICATION,
    Category.NOT_FOUND,
}


def _rows(name: str) -> list[tuple[Category, Answer]]:
    rows = []
    for line in (CORPUS / f"{name}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        body = row["body"] if isinstance(row["body"], str) else json.dumps(row["body"])
        answer = Answer(row["provider"], row["status"], row.get("headers", {}), body)
        rows.append((Category(row["category"]), answer))
    return rows


@pytest.mark.parametrize("name", LEAST)
def test_most_errors_are_read_right(name: str) -> None:
    rows = _rows(name)
    wrong = [(is_, found, of) for is_, of in rows if (found := classify(of).category) is not is_]
    assert len(wrong) <= (1 - LEAST[name]) * len(rows), wrong
    assert len(Counter(category for category, _ in rows)) >= 10


@pytest.mark.parametrize("name", LEAST)
def test_what_a_person_must_mend_is_hardly_ever_tried_again(name: str) -> None:
    rows = _rows(name)
    vain = [of for is_, of in rows if is_ in MENDED_BY_A_PERSON and classify(of).retryable]
    assert len(vain) <= (0 if name == "seen" else 0.01) * len(rows), vain
