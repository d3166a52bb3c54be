import time

import pytest

from framewright.agents.offline.planner import interpret
from framewright.checks.check import check_plan
from framewright.domain import refs
from framewright.domain.finding import Severity
from unit.offline.offline_graphs import briefs, graph, shipped, upload

CATALOG = shipped()
CASES = [pytest.param(case, id=case["text"][:50].replace("\n", " ")) for case in briefs()]


def read(case):
    return interpret(case["text"], CATALOG, [upload(each) for each in case.get("uploads", ())])


def test_there_are_enough_briefs():
    assert len(CASES) >= 30


@pytest.mark.parametrize("case", CASES)
def test_gives_the_graph_its_author_expects(case):
    assert graph(read(case).plan, CATALOG) == case["graph"].strip().split("\n")


@pytest.mark.parametrize("case", CASES)
def test_says_in_a_line_what_it_understood(case):
    found = read(case)
    assert found.understood == case["understood"]
    assert all(clause.understood or clause.missed or clause.text for clause in found.clauses)


@pytest.mark.parametrize("case", CASES)
def test_depends_on_is_what_the_inputs_name(case):
    for step in read(case).plan.steps:
        assert step.depends_on == tuple(dict.fromkeys(ref.step for ref in refs.step_refs(step)))


@pytest.mark.parametrize("case", CASES)
def test_passes_the_checks_unless_no_model_does_it(case):
    found = read(case)
    errors = [each for each in check_plan(found.plan, CATALOG) if each.severity is Severity.ERROR]
    missing = any(note.startswith("No available model") for note in found.notes)
    assert bool(errors) == missing


def test_assembled_films_end_in_one_step_called_film():
    for case in briefs():
        plan = read(case).plan
        if any(step.id == "film" for step in plan.steps):
            assert plan.step("film").title == "Film"
            after = [step.id for step in plan.steps[plan.steps.index(plan.step("film")) + 1 :]]
            assert all(each.startswith("resize") for each in after)


def test_is_quick():
    read(briefs()[0])
    begin = time.perf_counter()
    for case in briefs():
        read(case)
    assert (time.perf_counter() - begin) / len(CASES) < 0.02
