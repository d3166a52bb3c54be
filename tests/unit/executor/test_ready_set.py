from __future__ import annotations

from framewright.executor.ready_set import in_order, ready_set

DIAMOND = {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")}


def test_a_finished_step_releases_its_dependents_at_once() -> None:
    waiting = ready_set(DIAMOND)
    assert waiting.take_ready() == ("a",)
    assert waiting.succeed("a") == ("b", "c")
    assert waiting.succeed("c") == ()
    assert waiting.succeed("b") == ("d",)


def test_a_failure_takes_only_its_descendants() -> None:
    waiting = ready_set({**DIAMOND, "x": ()})
    assert waiting.take_ready() == ("a", "x")
    waiting.succeed("a")
    assert waiting.fail("b") == ("d",)
    assert waiting.succeed("c") == ()


def test_what_was_done_before_is_not_done_again() -> None:
    waiting = ready_set(DIAMOND, done={"a", "b"})
    assert waiting.take_ready() == ("c",)
    assert waiting.succeed("c") == ("d",)


def test_a_need_named_twice_counts_once() -> None:
    waiting = ready_set({"a": (), "b": ("a", "a")})
    assert waiting.take_ready() == ("a",)
    assert waiting.succeed("a") == ("b",)


def test_a_long_chain_has_an_order() -> None:
    chain = {f"s{at}": (f"s{at - 1}",) if at else () for at in range(20_000)}
    assert in_order(dict(reversed(chain.items()))) == tuple(chain)


def test_steps_on_a_cycle_have_none() -> None:
    assert in_order({"a": ("b",), "b": ("a",), "c": ()}) == ("c",)
