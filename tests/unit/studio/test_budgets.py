"""A budget stops what would be spent, and nothing else; what an estimate promises holds."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framewright import Plan, Studio
from framewright.cli.outputs import run_data
from framewright.cli.report import report
from framewright.domain.job import ErrorCategory, JobRequest
from framewright.domain.run import RunState, StepState
from framewright.errors import InputError, SettingsError
from framewright.protocols import (
    FakeProvider,
    Finished,
    HandClock,
    ProviderFailure,
    ProviderRequest,
    Status,
)
from framewright.router.router import request_hash

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framewright.projection.run_view import RunView

PRICES = {"fake/free": 0, "fake/cheap": 0.1, "fake/dear": 2.5, "fake/mystery": None}


@dataclass
class Shop(FakeProvider):
    """Asks for money: what its list says, or something else."""

    bills: dict[str, float] = field(default_factory=dict)
    troubled: set[str] = field(default_factory=set)
    """Models that are out of order."""

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        model = self.requests[int(remote_id)].model
        if model in self.troubled:
            return ProviderFailure(ErrorCategory.CONTENT_POLICY, "Not that.")
        status = await super().poll(remote_id, wait_seconds)
        if isinstance(status, Finished):
            return Finished(cost=self.bills.get(model, PRICES.get(model) or 0.0))
        return status

    @property
    def made(self) -> list[str]:
        return sorted(request.key.split(":")[1] for request in self.requests)


def _card(name: str, price: Any) -> dict[str, Any]:
    fields = {"prompt": {"type": "string"}}
    return {
        "id": name,
        "provider": "fake",
        "kind": "text",
        "task": "text-generation",
        "output": "text",
        "inputs_schema": {"type": "object", "properties": fields},
        **({} if price is None else {"price": price}),
    }


def _plan(steps: dict[str, tuple[str, Iterable[str]]]) -> Plan:
    """Return a plan of steps, each with what of `PRICES` it takes and the steps it needs."""
    written = [
        {
            "id": name,
            "title": name,
            "kind": "text",
            "model": f"fake/{model}",
            "inputs": {"prompt": f"{name} " + " ".join(f"{{{{{each}.output}}}}" for each in needs)},
        }
        for name, (model, needs) in steps.items()
    ]
    return Plan.model_validate({"title": "T", "steps": written})


def _open(
    folder: Path, provider: FakeProvider, budgets: str = "", clock: HandClock | None = None
) -> Any:
    (folder / "ws").mkdir(exist_ok=True)
    (folder / "ws" / "settings.toml").write_text(budgets and f"[budgets]\n{budgets}")
    cards = [
        _card(name, None if each is None else {"amount": each}) for name, each in PRICES.items()
    ]
    letters = {"amount": 1.0, "per": "1000 characters"}
    (folder / "fake.json").write_text(json.dumps([*cards, _card("fake/letters", letters)]))
    catalogs = [folder / "fake.json"]
    return Studio.open(
        folder / "ws", catalogs=catalogs, providers={"fake": provider}, clock=clock or HandClock()
    )


async def _ran(studio: Studio, plan: Plan, **how: Any) -> RunView:
    run = ""
    async for event in studio.run(plan, **how):
        run = event.run or ""
    return await studio.show(run)


async def _resumed(studio: Studio, run: str, **how: Any) -> RunView:
    async for _ in studio.resume(run, **how):
        pass
    return await studio.show(run)


def _states(view: RunView) -> dict[str, str]:
    return {name: step.state.value for name, step in view.steps.items()}


BRANCHES = {
    "dear": ("dear", ()),
    "after": ("free", ("dear",)),
    "cheap": ("cheap", ()),
    "more": ("cheap", ("cheap",)),
    "free": ("free", ("more",)),
}


@pytest.mark.usefixtures("each_workspace")
def test_what_does_not_fit_is_not_begun_and_a_raise_goes_on_from_there(tmp_path: Path) -> None:
    async def work() -> None:
        shop = Shop()
        async with _open(tmp_path, shop) as studio:
            view = await _ran(studio, _plan(BRANCHES), budget=1.0)
            assert view.state is RunState.FAILED
            assert _states(view) == {
                "dear": "failed",
                "after": "blocked",
                "cheap": "succeeded",
                "more": "succeeded",
                "free": "succeeded",
            }
            error = view.steps["dear"].error
            assert error is not None
            assert (error.category, error.code) == (ErrorCategory.BILLING, "budget")
            said = "This may cost $2.50, and only $1.00 is left of the run's budget of $1.00."
            assert error.message == said
            told = f"Raise it and go on: framewright resume {view.run} --budget 2.50"
            assert error.action == told
            assert shop.made == ["cheap", "free", "more"]
            # Not enough yet, and then enough.
            view = await _resumed(studio, view.run, budget=2.6)
            assert view.steps["dear"].error is not None
            assert "only $2.40 is left" in view.steps["dear"].error.message
            assert view.steps["dear"].error.action.endswith("--budget 2.70")
            view = await _resumed(studio, view.run, budget=2.7)
            assert view.state is RunState.SUCCEEDED
            assert shop.made == ["after", "cheap", "dear", "free", "more"]
            assert view.cost == pytest.approx(2.7)

    asyncio.run(work())


@pytest.mark.usefixtures("each_workspace")
def test_what_failed_is_refunded(tmp_path: Path) -> None:
    async def work() -> None:
        shop = Shop(troubled={"fake/dear"})
        async with _open(tmp_path, shop, "project = 2.5") as studio:
            view = await _ran(studio, _plan({"a": ("dear", ())}))
            assert view.steps["a"].error is not None
            assert view.steps["a"].error.code == "content-policy"
            project, tenant = await studio.spending()
            assert (project.spent, project.reserved) == (tenant.spent, tenant.reserved) == (0, 0)
            shop.troubled.clear()
            view = await _resumed(studio, view.run)
            assert view.state is RunState.SUCCEEDED
            project, _ = await studio.spending()
            assert (project.spent, project.reserved, project.budget) == (2.5, 0, 2.5)

    asyncio.run(work())


@pytest.mark.parametrize(
    ("setting", "whose"),
    [("project = 0.15", "the workspace's"), ("tenants = { local = 0.15 }", "local's")],
)
@pytest.mark.usefixtures("each_workspace")
def test_the_settings_budgets_hold_over_all_runs_of_a_month(
    tmp_path: Path, setting: str, whose: str
) -> None:
    async def work() -> None:
        shop, clock = Shop(), HandClock()
        async with _open(tmp_path, shop, setting, clock) as studio:
            assert (await _ran(studio, _plan({"a": ("cheap", ())}))).state is RunState.SUCCEEDED
            view = await _ran(studio, _plan({"b": ("cheap", ())}), budget=100.0)
            error = view.steps["b"].error
            assert error is not None
            assert f"only $0.05 is left of {whose} budget of this month, $0.15." in error.message
            clock.at_ms += 31 * 86_400_000
            assert (await _resumed(studio, view.run)).state is RunState.SUCCEEDED
            assert shop.made == ["a", "b"]

    asyncio.run(work())


@pytest.mark.usefixtures("each_workspace")
def test_another_process_sees_what_one_has_spent(tmp_path: Path) -> None:
    async def work() -> None:
        shop = Shop()
        async with (
            _open(tmp_path, shop, "project = 0.15") as one,
            _open(tmp_path, shop, "project = 0.15") as other,
        ):
            await _ran(one, _plan({"a": ("cheap", ())}))
            view = await _ran(other, _plan({"b": ("cheap", ())}))
            assert view.steps["b"].state is StepState.FAILED

    asyncio.run(work())


@pytest.mark.usefixtures("each_workspace")
def test_two_processes_at_once_spend_one_budget(tmp_path: Path) -> None:
    async def work() -> None:
        shop = Shop()
        steps = {f"s{number}": ("cheap", ()) for number in range(6)}
        async with (
            _open(tmp_path, shop, "project = 0.75") as one,
            _open(tmp_path, shop, "project = 0.75") as other,
        ):
            views = await asyncio.gather(
                *(_ran(each, _plan(steps), reuse=False) for each in (one, other))
            )
            ends = Counter(state for view in views for state in _states(view).values())
            assert ends == {"succeeded": 7, "failed": 5}
            assert (await one.spending())[0].spent == pytest.approx(0.7)

    asyncio.run(work())


def test_a_job_is_the_same_whatever_it_may_cost(tmp_path: Path) -> None:
    @dataclass
    class Held(Shop):
        in_process: bool = False
        go: asyncio.Event = field(default_factory=asyncio.Event)
        begun: asyncio.Event = field(default_factory=asyncio.Event)

        async def poll(self, remote_id: str, wait_seconds: float) -> Status:
            self.begun.set()
            await self.go.wait()
            return await super().poll(remote_id, wait_seconds)

        async def cancel(self, remote_id: str) -> None:
            raise ConnectionResetError

    async def work() -> None:
        shop = Held()
        plan = _plan({"a": ("cheap", ())})
        async with _open(tmp_path, shop) as studio, asyncio.timeout(30):
            run = await studio.start(plan, budget=0.1)
            await shop.begun.wait()
        # Left there when the workspace was closed; and its model has become dearer since.
        (tmp_path / "dear.json").write_text(json.dumps([_card("fake/cheap", {"amount": 9})]))
        shop.go.set()
        cards = [tmp_path / "fake.json", tmp_path / "dear.json"]
        async with Studio.open(
            tmp_path / "ws", catalogs=cards, providers={"fake": shop}, clock=HandClock()
        ) as studio:
            view = await _resumed(studio, run)
            assert view.state is RunState.SUCCEEDED
            assert len(shop.requests) == 1
            assert (await studio.spending())[0].spent == pytest.approx(0.1)

    asyncio.run(work())


def test_what_a_job_may_cost_is_no_part_of_what_its_key_stands_for() -> None:
    asked = JobRequest(
        tenant="local",
        key="k",
        correlation="",
        provider="fake",
        model="fake/a",
        task="",
        inputs={},
        seed=1,
    )
    dearer = asked.model_copy(update={"reserve": 5})
    assert request_hash(dearer) == request_hash(asked)
    # A workspace of before knows the same jobs by the same hash.
    assert request_hash(asked).startswith("0e3012e66745")


@pytest.mark.usefixtures("each_workspace")
def test_what_costs_more_than_expected_is_booked_in_full_and_said(tmp_path: Path) -> None:
    async def work() -> None:
        shop = Shop(bills={"fake/cheap": 0.9, "fake/free": 0.05})
        async with _open(tmp_path, shop) as studio:
            plan = _plan({"a": ("cheap", ()), "b": ("free", ("a",)), "c": ("cheap", ("b",))})
            view = await _ran(studio, plan, budget=0.5)
            assert _states(view) == {"a": "succeeded", "b": "succeeded", "c": "failed"}
            notes = [view.steps[name].findings[0].message for name in "ab"]
            assert notes == [
                "It cost $0.90; $0.10 at most was expected.",
                "It cost $0.05; nothing was expected.",
            ]
            error = view.steps["c"].error
            assert error is not None
            assert "nothing is left" in error.message
            assert error.action.endswith("--budget 1.05")
            project, _ = await studio.spending()
            assert project.spent == pytest.approx(0.95)

    asyncio.run(work())


@pytest.mark.parametrize("bill", [float("nan"), float("inf"), -1_000.0, 1e300])
@pytest.mark.usefixtures("each_workspace")
def test_a_provider_that_lies_raises_no_budget(tmp_path: Path, bill: float) -> None:
    async def work() -> None:
        shop = Shop(bills={"fake/cheap": bill})
        async with _open(tmp_path, shop) as studio:
            plan = _plan({"a": ("cheap", ()), "b": ("cheap", ("a",)), "c": ("cheap", ("b",))})
            view = await _ran(studio, plan, budget=0.2)
            assert _states(view) == {"a": "succeeded", "b": "succeeded", "c": "failed"}
            assert view.cost == pytest.approx(0.2)
            # And what it said is not in the way of what learns from it.
            assert (await studio.estimate(plan, reuse=False)).cost.high == pytest.approx(0.3)

    asyncio.run(work())


@pytest.mark.usefixtures("each_workspace")
def test_what_nobody_knows_the_price_of_begins_while_anything_is_left(tmp_path: Path) -> None:
    async def work() -> None:
        shop = Shop(bills={"fake/mystery": 0.4})
        async with _open(tmp_path, shop) as studio:
            plan = _plan({"a": ("mystery", ()), "b": ("mystery", ("a",))})
            found = await studio.estimate(plan, budget=0.3)
            assert (found.unpriced, found.stops_at) == (("fake/mystery",), None)
            view = await _ran(studio, plan, budget=0.3)
            assert _states(view) == {"a": "succeeded", "b": "failed"}
            error = view.steps["b"].error
            assert error is not None
            assert error.message.startswith("Nobody knows what this costs, and nothing is left")
            # What it has cost here is known from now on.
            found = await studio.estimate(plan, reuse=False, budget=0.3)
            assert (found.unpriced, found.stops_at) == ((), "a")
            view = await _ran(studio, plan, budget=0.3, reuse=False)
            error = view.steps["a"].error
            assert error is not None
            assert "This may cost $0.40" in error.message
            assert (await studio.estimate(_plan({"z": ("cheap", ())}), budget=0)).stops_at == "z"

    asyncio.run(work())


@pytest.mark.usefixtures("each_workspace")
def test_the_rest_of_a_run_is_held_against_what_is_left_of_its_budget(tmp_path: Path) -> None:
    async def work() -> None:
        shop = Shop()
        async with _open(tmp_path, shop, "project = 10") as studio:
            view = await _ran(studio, _plan(BRANCHES), budget=1.0)
            rest = await studio.estimate_rest(view.run)
            assert (rest.budget, rest.stops_at) == (1.0, "dear")
            assert rest.stopped_by == "the run's budget"
            assert (await studio.estimate_rest(view.run, 2.6)).stops_at == "dear"
            assert (await studio.estimate_rest(view.run, 2.7)).stops_at is None
        async with _open(tmp_path, shop, "project = 2.6") as studio:
            rest = await studio.estimate_rest(view.run, 2.7)
            assert rest.stopped_by == "the workspace's budget of this month"

    asyncio.run(work())


@pytest.mark.usefixtures("each_workspace")
def test_a_cost_that_hangs_on_what_comes_before_is_said_to_be_open(tmp_path: Path) -> None:
    async def work() -> None:
        shop = Shop()
        async with _open(tmp_path, shop) as studio:
            plan = _plan({"a": ("free", ()), "b": ("letters", ("a",)), "c": ("letters", ())})
            found = await studio.estimate(plan)
            assert found.open_costs == ("b",)
            costs = {step.id: step.cost.high for step in found.steps}
            # Known to the letter, and guessed.
            assert costs == {"a": 0, "b": 2.0, "c": 0.002}

    asyncio.run(work())


@pytest.mark.usefixtures("each_workspace")
def test_a_dead_job_that_begins_anew_takes_its_money_anew(tmp_path: Path) -> None:
    async def work() -> None:
        shop = Shop(troubled={"fake/letters"})
        async with _open(tmp_path, shop) as studio:
            plan = _plan({"a": ("letters", ()), "b": ("cheap", ())})
            view = await _ran(studio, plan, budget=0.15)
            (dead,) = await studio.dead_jobs()
            shop.troubled.clear()
            steps = await studio.redrive([dead.id], {"prompt": "x" * 60})
            view = await _resumed(studio, view.run, failed=steps[view.run])
            error = view.steps["a"].error
            assert error is not None
            assert "This may cost $0.06, and only $0.05 is left" in error.message
            (again,) = await studio.dead_jobs()
            assert again.id == dead.id
            await studio.redrive([dead.id], {"prompt": "x" * 50})
            view = await _resumed(studio, view.run, failed=["a"])
            assert view.state is RunState.SUCCEEDED
            assert len(shop.requests[-1].inputs["prompt"]) == 50

    asyncio.run(work())


@pytest.mark.usefixtures("each_workspace")
def test_a_job_of_unknown_outcome_keeps_its_reservation_until_a_person_decides(
    tmp_path: Path,
) -> None:
    @dataclass
    class Cut(Shop):
        in_process: bool = False
        cut: bool = True

        async def submit(self, request: ProviderRequest) -> str:
            if self.cut:
                raise ConnectionResetError
            return await super().submit(request)

    async def work() -> None:
        shop = Cut()
        async with _open(tmp_path, shop) as studio:
            view = await _ran(
                studio, _plan({"a": ("dear", ()), "b": ("cheap", ("a",))}), budget=2.6
            )
            assert view.steps["a"].error is not None
            assert view.steps["a"].error.code == "unknown-outcome"
            project, _ = await studio.spending()
            assert (project.reserved, project.spent) == (2.5, 0)
            shop.cut = False
            # It may still be paid, and is not asked for a second time.
            assert (await studio.estimate_rest(view.run)).stops_at is None
            view = await _resumed(studio, view.run)
            assert (await studio.spending())[0].reserved == 2.5
            # A person lets it be paid twice: what the first may have cost counts as spent.
            view = await _resumed(studio, view.run, again=["a"], budget=5.1)
            assert view.state is RunState.SUCCEEDED
            project, _ = await studio.spending()
            assert (project.reserved, project.spent) == (0, 5.1)

    asyncio.run(work())


@pytest.mark.usefixtures("each_workspace")
def test_another_provider_is_asked_with_the_same_money(tmp_path: Path) -> None:
    @dataclass
    class Down(Shop):
        async def poll(self, remote_id: str, wait_seconds: float) -> Status:
            return ProviderFailure(ErrorCategory.CAPACITY, "Too busy.")

    async def at_once(_: float) -> None:
        pass

    async def work() -> None:
        down, up = Down(), Shop(name="other", bills={"other/cheap": 0.1})
        cards = [_card("fake/cheap", {"amount": 0.1})]
        cards += [_card("other/cheap", {"amount": 0.1}) | {"provider": "other"}]
        (tmp_path / "cards.json").write_text(json.dumps(cards))
        async with Studio.open(
            tmp_path / "ws",
            catalogs=[tmp_path / "cards.json"],
            providers={"fake": down, "other": up},
            pause=at_once,
        ) as studio:
            view = await _ran(studio, _plan({"a": ("cheap", ())}), budget=0.1)
            assert view.state is RunState.SUCCEEDED
            assert view.cost == pytest.approx(0.1)
            assert (await studio.spending())[0].spent == pytest.approx(0.1)

    asyncio.run(work())


@pytest.mark.usefixtures("each_workspace")
def test_accounts_are_proved_while_jobs_are_worked_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    @dataclass
    class Slow(Shop):
        go: asyncio.Event = field(default_factory=asyncio.Event)
        begun: asyncio.Event = field(default_factory=asyncio.Event)

        async def poll(self, remote_id: str, wait_seconds: float) -> Status:
            self.begun.set()
            await self.go.wait()
            return await super().poll(remote_id, wait_seconds)

    async def work() -> None:
        shop = Slow()
        async with _open(tmp_path, shop) as studio, asyncio.timeout(30):
            await studio.start(_plan({"a": ("cheap", ())}))
            await shop.begun.wait()
            wrong = "UPDATE account SET spent = 7000000 WHERE tenant = 'local'"
            await studio._database.write(lambda at: at.execute(wrong).rowcount)
            assert (await studio.spending())[1].spent == 7.0
            await studio._router.sweep()
            # Behind what the sweep still writes.
            await studio._database.write(lambda _: None)
            assert (await studio.spending())[1].spent == 0.0
            shop.go.set()

    with caplog.at_level("WARNING", "framewright.router"):
        asyncio.run(work())
    assert "of local on day 19675 said $0.00 reserved and $7.00 spent more" in caplog.text


@pytest.mark.parametrize("wrong", [-1.0, float("nan"), float("inf")])
@pytest.mark.usefixtures("each_workspace")
def test_a_budget_that_is_none_is_refused_before_anything_is_on_record(
    tmp_path: Path, wrong: float
) -> None:
    async def work() -> None:
        async with _open(tmp_path, Shop()) as studio:
            with pytest.raises(InputError):
                await _ran(studio, _plan({"a": ("free", ())}), budget=wrong)
            assert await studio.runs() == ()

    asyncio.run(work())


@pytest.mark.parametrize(
    "wrong", ["project = -1", "project = nan", "tenants = { a = inf }", 'per = "week"']
)
@pytest.mark.usefixtures("each_workspace")
def test_a_wrong_budget_in_the_settings_is_refused(tmp_path: Path, wrong: str) -> None:
    async def work() -> None:
        with pytest.raises(SettingsError, match="budgets"):
            async with _open(tmp_path, Shop(), wrong):
                pass

    asyncio.run(work())


@st.composite
def _plans(draw: st.DrawFn) -> dict[str, tuple[str, tuple[str, ...]]]:
    count = draw(st.integers(1, 8))
    names = [f"s{at}" for at in range(count)]
    return {
        name: (
            draw(st.sampled_from(["free", "cheap", "cheap", "dear"])),
            tuple(draw(st.lists(st.sampled_from(names[:at]), unique=True, max_size=2)))
            if at
            else (),
        )
        for at, name in enumerate(names)
    }


@settings(max_examples=25)
@given(
    _plans(),
    st.integers(0, 60),
    st.none() | st.integers(0, 60),
    st.none() | st.integers(0, 60),
    st.booleans(),
)
def test_where_the_estimate_says_it_fits_the_run_is_never_refused(
    drawn: dict[str, tuple[str, tuple[str, ...]]],
    dimes: int,
    project: int | None,
    tenant: int | None,
    half: bool,
) -> None:
    """And where it says that it stops, at full cost, it does."""
    said = f"project = {project / 10}\n" if project is not None else ""
    said += f"tenants = {{ local = {tenant / 10} }}" if tenant is not None else ""
    bills = {name: (price or 0) / 2 for name, price in PRICES.items()} if half else {}

    async def work() -> None:
        with tempfile.TemporaryDirectory() as folder:
            shop = Shop(bills=bills)
            async with _open(Path(folder), shop, said) as studio:
                plan = _plan(drawn)
                found = await studio.estimate(plan, budget=dimes / 10)
                view = await _ran(studio, plan, budget=dimes / 10)
                refused = [
                    name
                    for name, step in view.steps.items()
                    if step.error is not None and step.error.code == "budget"
                ]
                if found.stops_at is None:
                    assert refused == []
                    assert view.state is RunState.SUCCEEDED
                elif not half:
                    assert refused
                    rest = await studio.estimate_rest(view.run)
                    assert rest.stops_at is not None
                needed = sum(step.cost.high for step in found.steps)
                if project is None and tenant is None:
                    view = await _resumed(studio, view.run, budget=needed)
                    assert view.state is RunState.SUCCEEDED
                    assert set(Counter(shop.made).values()) == {1}

    asyncio.run(work())


def test_what_failed_and_cost_something_is_in_what_a_run_has_spent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Charges(Shop):
        async def poll(self, remote_id: str, wait_seconds: float) -> Status:
            if int(remote_id) == 0:
                return ProviderFailure(ErrorCategory.CONTENT_POLICY, "Not that.", cost=0.25)
            return await super().poll(remote_id, wait_seconds)

    async def work() -> None:
        async with _open(tmp_path, Charges()) as studio:
            view = await _ran(studio, _plan({"a": ("fake/dear", ())}))
            assert view.state is RunState.FAILED
            view = await _resumed(studio, view.run)
            assert view.state is RunState.SUCCEEDED
            assert view.cost == pytest.approx(2.5)
            assert await studio.spent_on(view.run) == pytest.approx(2.75)
            report(run_data(view, studio.workspace, spent=await studio.spent_on(view.run)))
            told = " ".join(capsys.readouterr().out.split())
            assert "$2.50 $2.75 spent, with what came to nothing" in told

    asyncio.run(work())
