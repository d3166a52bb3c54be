"""P1 to P10: what holds of the router whatever happens, looked at behind every commit.

The laws look from outside, at rows and at what the provider sees, and count by themselves.
Each names itself where it is broken, so that a seeded fault is known to be found by its own.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from framewright.errors import BusyError, InputError
from framewright.store import budget_audit, queue
from framewright.store.queue_limits import Live
from router_world.process import Killed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from framewright.domain.job import JobResult
    from framewright.store.engine import Connection
    from router_world.far import Call, Work
    from router_world.process import Ask, Process
    from router_world.world import World

ENDS = {"succeeded", "dead", "cancelled"}
LATE_SECONDS = 60.0
"""Whoever has not renewed its lease for so long may be taken for dead."""
STALE_MS = 7 * 3_600_000
MOST_ATTEMPTS = {"rate-limit": 6, "capacity": 5, "outage": 4}
BEGINS_WITHIN_SECONDS = 75.0
"""A living process that says nothing for a minute may hold a place free for so long."""
_COLUMNS = """id, tenant, key, request_hash, provider, model, state, phase, remote_id, owner, epoch,
    attempt, run_at_ms, result, updated_ms, request, wish,
    started_ms, created_ms"""
_JOBS = f"SELECT {_COLUMNS} FROM job ORDER BY id"
_ATTEMPTS = "SELECT job, number, error FROM attempt ORDER BY job, number"
_HEALTH = "SELECT provider, model, open_until_ms, open_ms, throttled_until_ms FROM health"
_LEASES = "SELECT name, until_ms FROM lease WHERE name = owner"
_MATTERS = ("state", "phase", "remote_id", "result", "attempt", "run_at_ms")

Row = dict[str, Any]


@dataclass
class _Seen:
    """The store as one commit left it."""

    jobs: dict[str, Row] = field(default_factory=dict)
    attempts: dict[str, dict[int, str]] = field(default_factory=dict)
    health: dict[str, tuple[int | None, int, int | None]] = field(default_factory=dict)
    """By model: until when its breaker is open, for how long, until when it is throttled."""


def _read(at: Connection) -> _Seen:
    names = [each.strip() for each in _COLUMNS.split(",")]
    seen = _Seen({row[0]: dict(zip(names, row, strict=True)) for row in at.execute(_JOBS)})
    for job, number, error in at.execute(_ATTEMPTS):
        seen.attempts.setdefault(job, {})[number] = error
    seen.health = {model: tuple(rest) for _, model, *rest in at.execute(_HEALTH)}
    return seen


class Laws:
    """Looks on; `broken` says what did not hold."""

    def __init__(self, world: World, names: Collection[str]) -> None:
        self.broken: list[str] = []
        self.redriven: set[str] = set()
        """Jobs that a person lets begin anew just now."""
        self.given_up: set[str] = set()
        """Jobs that a person gives up just now."""
        self._world = world
        self._names = names
        self._seen = _Seen()
        self._holder: dict[str, str | None] = {}
        """By job: the process whose writes count."""
        self._sent: dict[str, list[str]] = defaultdict(list)
        """By job: the keys it was submitted under in its present cycle."""
        self._pauses: dict[str, list[float]] = defaultdict(list)
        self._paused: dict[str, tuple[float, float]] = {}
        """By job: since when and for how long it backs off."""
        self._kept: dict[str, list[str]] = defaultdict(list)
        """By job: how it ended, cycle after cycle."""
        self._ready: dict[str, float] = {}
        self._renewed: dict[str, tuple[int, float]] = {}
        """By process: its lease, and since when it is so."""
        self.jumps = 0
        """How often the clock was set."""
        self._jumps_then: dict[str, int] = {}
        self._news = False
        self._story: list[tuple[str, str]] = []

    @property
    def jobs(self) -> dict[str, Row]:
        return self._seen.jobs

    def must(self, name: str, so: object, message: str) -> None:
        """Hold that something is so."""
        if not so and name in self._names:
            told = [line for about, line in self._story if not about or about in message]
            self.broken.append("\n".join([f"{name}: {message}", *told]))

    def tell(self, job: str, what: str) -> None:
        """Note what happens to a job, or to all, for whoever has to find out why a law broke."""
        self._story.append((job, f"  {self._world.loop.now - 1_000:.2f} {what}"))

    # ---- behind every commit

    def committed(self, process: Process) -> None:
        before, now_ms = self._seen, self._world.clock.now_ms()
        self._news = True
        after = self._world.store.engine.ask(_read)
        self._seen = after
        self._renewals()
        for job, old in before.jobs.items():
            new = after.jobs.get(job)
            self.must("P1", new is not None, f"{job} is gone")
            if new is not None and new != old:
                self.tell(job, _words(process, old, new))
                self._changed(process, old, new)
        for job, new in after.jobs.items():
            if job not in before.jobs:
                self._holder[job] = process.name
                self.tell(
                    job, f"{process.name} accepts {new['key']} {new['model']}: {new['state']}"
                )
                twins = [
                    each
                    for each in after.jobs.values()
                    if (each["tenant"], each["key"]) == (new["tenant"], new["key"])
                ]
                self.must("P8", len(twins) == 1, f"{new['key']} has several jobs")
        begun = [
            new
            for job, new in after.jobs.items()
            if new["state"] == "leased"
            and before.jobs.get(job, {}).get("state") in {None, "queued"}
        ]
        self._caps(begun, after, now_ms)
        self._doors(begun, before, after, now_ms)
        self._histories(before, after)

    def _renewals(self) -> None:
        """Note who says that it is at work."""
        leases = self._world.store.engine.ask(lambda at: at.execute(_LEASES).fetchall())
        now = self._world.loop.now
        known = self._renewed
        self._renewed = {
            name: known[name] if name in known and known[name][0] == until else (until, now)
            for name, until in leases
        }

    def _is_late(self, name: str) -> bool:
        since = self._renewed.get(name, (0, self._world.loop.now))[1]
        return self._world.loop.now - since >= LATE_SECONDS

    def _changed(self, process: Process, old: Row, new: Row) -> None:
        job, name = new["id"], process.name
        what = f"{job} {_words(process, old, new)}"
        fixed = ("tenant", "key", "request_hash", "provider", "model")
        self.must("P8", all(old[each] == new[each] for each in fixed), f"{what}: other request")
        if new["state"] in ENDS and new["result"] is not None:
            self._kept[job].append(new["result"])
        self._ends_once(old, new, what)
        self._has_stopped(old, new, what)
        if new["epoch"] > old["epoch"]:
            self._changes_hands(process, old, new, what)
        elif any(old[each] != new[each] for each in _MATTERS):
            self.must("P2", new["epoch"] == old["epoch"], f"{what}: its epoch went back")
            mine = name in {self._holder[job], new["owner"]}
            lets_go = new["state"] in {"cancelled", "unknown"} or job in self.given_up
            # Who submitted it may tell what the provider calls it, also when it comes late.
            lets_go |= (old["phase"], new["phase"]) == ("submitting", "submitted")
            # Who did it in itself, and was taken for dead, ends it where nobody began it again.
            nobodys = (old["state"], old["owner"]) == ("queued", None) and new["state"] in ENDS
            lets_go |= nobodys and old["provider"] == "near"
            self.must("P2", mine or lets_go, f"{what}: it is not its own ({self._holder[job]})")
        if new["state"] == "waiting" != old["state"]:
            self._backs_off(new)

    def _changes_hands(self, process: Process, old: Row, new: Row, what: str) -> None:
        job, holder = new["id"], self._holder[new["id"]]
        if process.name != old["owner"] and _is_given_its_turn(old, new):
            # It stays with whoever waits for it.
            return
        waits = new["state"] in {"queued", "waiting"} and new["owner"] == old["owner"]
        # Until its turn comes, whoever waits for it may call it off.
        self._holder[job] = new["owner"] if waits else process.name
        if holder in {None, process.name} or old["owner"] is None or old["state"] == "unknown":
            # An orphan is whoever's asks for it; of an unknown outcome its holder has let go.
            return
        assert holder is not None
        gone = holder not in self._world.living or self._is_late(holder)
        anew = job in self.redriven or old["state"] in ENDS
        self.must("P2", gone or anew, f"{what}: {holder} lives and holds it")

    def _has_stopped(self, old: Row, new: Row, what: str) -> None:
        """Hold that nobody works any more on what is over, as far as it was ever known."""
        work = self._world.far.works.get(new["remote_id"] or "")
        if work is None or new["state"] not in ENDS or old["state"] in ENDS:
            return
        over = work.is_over or work.told_failed or new["id"] in self.given_up
        self.must("stops", over, f"{what}: its provider works on it")

    def _ends_once(self, old: Row, new: Row, what: str) -> None:
        if old["state"] not in ENDS:
            return
        job = new["id"]
        ended = ("state", "result")
        if all(old[each] == new[each] for each in ended):
            return
        anew = old["state"] == "dead" and new["state"] in {"queued", "leased"}
        self.must("P7", anew and job in self.redriven, f"{what}: it had ended")
        self.redriven.discard(job)
        self._sent.pop(job, None)
        self._pauses.pop(job, None)
        self.must("P9", new["attempt"] == 1, f"{what}: begun anew with attempt {new['attempt']}")

    def _caps(self, begun: list[Row], after: _Seen, now_ms: int) -> None:
        limits = self._world.limits
        live = [row for row in after.jobs.values() if _is_live(row, now_ms)]
        for row in begun:
            pair = (row["tenant"], row["model"])
            for kind, cap, same in (
                ("provider", limits.providers.get(row["provider"]), ("provider",)),
                ("model", limits.models.get(row["model"]), ("model",)),
                ("tenant", limits.tenants.get(row["tenant"]), ("tenant",)),
                ("tenant x model", limits.tenant_models.get(pair), ("tenant", "model")),
            ):
                count = sum(all(each[name] == row[name] for name in same) for each in live)
                within = cap is None or count <= cap
                self.must("P3", within, f"{count} live of {kind} {row['model']}, over {cap}")

    def _doors(self, begun: list[Row], before: _Seen, after: _Seen, now_ms: int) -> None:
        for model in {row["model"] for row in begun}:
            if model not in before.health or model not in after.health:
                # Well, or well again in the same commit.
                continue
            until, open_ms, throttled = before.health[model]
            many = sum(row["model"] == model for row in begun)
            shut = until is not None and now_ms < until <= now_ms + open_ms
            probing = after.health[model][0] == now_ms + open_ms != until
            self.must("P10", not shut or after.health[model][0] != until, f"{model} is shut")
            if until is not None and not shut:
                self.must("P10", many == 1 and probing, f"{many} at half-open {model}")
            held = throttled is not None and now_ms < throttled <= now_ms + 3_600_000
            same = after.health[model][2] == throttled
            self.must("P10", not (held and same), f"{model} asked to be left alone")

    def _backs_off(self, row: Row) -> None:
        job = row["id"]
        error = json.loads(list(self._seen.attempts[job].values())[-1])
        pause = (row["run_at_ms"] - row["updated_ms"]) / 1_000
        failed, told = row["attempt"] - 1, error["retry_after_seconds"]
        most = _most(error)
        self.must("P10", failed < most, f"{job} backs off behind {failed} of {most} attempts")
        self.must("P10", pause >= (told or 0.0), f"{job} waits {pause} s, and was told {told}")
        if told is None:
            earlier = self._pauses[job]
            self.must("P10", not earlier or pause >= earlier[-1], f"{job}: {earlier} then {pause}")
            earlier.append(pause)
        self._paused[job] = (self._world.loop.now, pause)
        self._jumps_then[job] = self.jumps

    def _histories(self, before: _Seen, after: _Seen) -> None:
        for job, known in before.attempts.items():
            now = after.attempts.get(job, {})
            kept = all(now.get(number) == error for number, error in known.items())
            self.must("P9", kept, f"{job} lost a part of its history")

    # ---- what the provider sees

    def submitted(self, call: Call) -> None:
        """Look at a submission that leaves a process."""
        job = call.request.job
        self.tell(job, f"{call.process.name} submits {call.request.submission}")
        sent = self._sent[job]
        if call.request.submission in sent:
            return
        errors = list(self._seen.attempts.get(job, {}).values())
        if sent:
            most = _most(json.loads(errors[-1])) if errors else 1
            self.must("P10", len(sent) < most, f"{job} is submitted once more than {most} times")
        sent.append(call.request.submission)
        since, pause = self._paused.pop(job, (0.0, 0.0))
        if self._jumps_then.get(job) == self.jumps:
            passed = self._world.loop.now - since
            self.must("P10", passed >= pause - 0.01, f"{job} waited {passed} of {pause} s")

    def hurried(self, job: str) -> None:
        self._paused.pop(job, None)

    def arrived(self, call: Call, works: Iterable[Work]) -> None:
        """Hold that nothing is paid for twice, above all."""
        self.tell(call.request.job, f"{call.request.submission} of {call.process.name} arrives")
        for work in works:
            if work.request.job == call.request.job:
                # A person may say that one shall begin anew though another is somewhere.
                over = work.told_failed or work.cancelled or work.given_up or call.given_up
                again = work.request.submission == call.request.submission
                name = f"{call.request.job} as {call.request.submission}"
                new = not again or work.given_up or call.given_up
                self.must("once", over and new, f"{name} arrives beside {work.id}")

    # ---- what those who ask hear

    def answered(self, ask: Ask) -> None:
        """Look at how a call of `submit` ended."""
        assert ask.task is not None
        row = self.by_key(ask.request.tenant, ask.request.key)
        if row is not None and not ask.task.cancelled():
            heard = ask.task.exception() or ask.task.result()
            self.tell(row["id"], f"{ask.process.name} hears {heard!r}")
        if ask.process.dead or ask.task.cancelled():
            return
        error, name = ask.task.exception(), ask.request.key
        if row is None:
            self.must("P1", error is not None, f"{name} was answered, and is not on record")
            return
        if isinstance(error, BusyError):
            return
        other = json.loads(row["request"])["inputs"] != ask.request.inputs
        if isinstance(error, InputError) or other:
            conflict = isinstance(error, InputError) and other
            self.must("P8", conflict, f"{name}: {error!r}, and its request is another: {other}")
            return
        if error is not None:
            known = isinstance(error, (asyncio.CancelledError, Killed))
            self.must("P1", known, f"{name}: {error!r}")
            return
        self._same_for_all(ask, row, ask.task.result())

    def _same_for_all(self, ask: Ask, row: Row, result: JobResult) -> None:
        if result.state not in {"succeeded", "dead"}:
            # That it was called off is told at once.
            return
        if ask.request.provider == "near":
            # What ends with its process need not be on disk when it is told.
            return
        told, kept = result.model_dump_json(), self._kept[row["id"]]
        # One that hung may hear of a cycle that is over, and of none that never was.
        self.must("P8", told in kept, f"{row['id']} ended as {kept}, and {told} is told")

    def by_key(self, tenant: str, key: str) -> Row | None:
        found = (row for row in self.jobs.values() if (row["tenant"], row["key"]) == (tenant, key))
        return next(found, None)

    # ---- whenever nothing moves

    def still(self) -> None:
        """Look at what is to hold while nothing moves."""
        if self._news:
            self._news = False
            self._counters()
        self._starving()

    def _counters(self) -> None:
        now_ms = self._world.clock.now_ms()
        ask = self._world.store.engine.ask
        naive = Counter(
            (row["provider"], row["model"], row["tenant"])
            for row in self.jobs.values()
            if _is_live(row, now_ms)
        )
        stale_ms = now_ms - STALE_MS
        rows = ask(lambda at: at.execute(queue._LIVE, (stale_ms, stale_ms)).fetchall())
        counted, recount = Live(rows, self._world.limits), Live((), self._world.limits)
        for (provider, model, tenant), many in naive.items():
            recount.add(queue.Group(tenant, provider, model), many)
        for name in ("_providers", "_models", "_tenants", "_tenant_models"):
            one, other = getattr(counted, name), getattr(recount, name)
            self.must("P4", +one == +other, f"{name} says {one}, and there are {other}")
        by_state = Counter(
            (row["tenant"], row["provider"], row["model"], row["state"])
            for row in self.jobs.values()
            if row["state"] not in ENDS
        )
        shown: Counter[tuple[str, ...]] = Counter()
        for w in ask(queue.waiting()):
            shown[w.tenant, w.provider, w.model, w.state] += w.count
        self.must("P4", shown == by_state, f"the queue shows {shown}, and there are {by_state}")

    def accounts(self) -> None:
        found = self._world.store.engine.ask(budget_audit.audit())
        so = not found.drifts and not found.still_held
        self.must("P4", so, f"the accounts drifted: {found}")

    def _starving(self) -> None:
        """Hold that what could begin does, before long."""
        now, world = self._world.loop.now, self._world
        ready: dict[str, float] = {}
        for job, row in self.jobs.items():
            unheard = row["state"] == "leased" and row["phase"] == "none"
            may_begin = unheard or (row["state"] == "queued" and self._has_room(row))
            if may_begin and world.is_waited_for(row):
                ready[job] = self._ready.get(job, now)
        self._ready = ready
        for job, since in ready.items():
            late = now - since > BEGINS_WITHIN_SECONDS
            self.must("P6", not late, f"{job} could have begun {now - since} s ago")

    def starve_anew(self) -> None:
        """Count from now on: the clock was set."""
        self._ready = {}
        self.jumps += 1

    def _has_room(self, row: Row) -> bool:
        limits, now_ms = self._world.limits, self._world.clock.now_ms()
        live = [each for each in self.jobs.values() if _is_live(each, now_ms)]
        if row["model"] in self._seen.health:
            return False

        def below(cap: int | None, *names: str) -> bool:
            count = sum(all(each[name] == row[name] for name in names) for each in live)
            return cap is None or count < cap

        pair = (row["tenant"], row["model"])
        return (
            below(limits.providers.get(row["provider"]), "provider")
            and below(limits.models.get(row["model"]), "model")
            and below(limits.tenants.get(row["tenant"]), "tenant")
            and below(limits.tenant_models.get(pair), "tenant", "model")
        )


def _words(process: Process, old: Row, new: Row) -> str:
    told = [
        f"{name} {old[name]} -> {new[name]}"
        for name in ("state", "phase", "owner", "epoch", "attempt", "remote_id", "wish")
        if old[name] != new[name]
    ]
    return f"{process.name} writes {', '.join(told)}"


def _is_given_its_turn(old: Row, new: Row) -> bool:
    """Tell whether another process let a job begin, and changed nothing else of it."""
    same = all(old[each] == new[each] for each in ("owner", "phase", "remote_id", "attempt"))
    begins = (old["state"], new["state"]) == ("queued", "leased")
    return begins and same and old["owner"] is not None


def _is_live(row: Row, now_ms: int) -> bool:
    if row["state"] == "unknown":
        return bool((row["started_ms"] or row["created_ms"]) > now_ms - STALE_MS)
    fresh = row["phase"] == "none" or row["updated_ms"] > now_ms - STALE_MS
    return row["state"] == "leased" and fresh


def _most(error: dict[str, Any]) -> int:
    """Return how often a job may be submitted in all whose last failure was this one."""
    if error["category"] == "unknown" and error["retryable"]:
        return 3
    return MOST_ATTEMPTS.get(error["category"], 1)
