"""The breaker under any order of calls, answers, pauses and hands-on acts.

The oracle knows little on purpose: which permits are out, which of them still count, the circuit
it expects, and the wait it expects next. What the breaker says must follow from that.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from backend.core import (
    Closed,
    HalfOpen,
    Open,
    Permit,
    PermitAlreadyFinished,
    ProviderHealth,
    Rejected,
)
from backend.types import (
    AuthenticationFailed,
    InvalidRequest,
    LlmError,
    Overloaded,
    ProviderError,
    ProviderFailure,
    QuotaExhausted,
    RateLimited,
    StreamError,
)

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
# Whole milliseconds, so that the oracle meets every boundary exactly.
FIRST, CAP, LEASE = 30_000, 300_000, 60_000
WINDOW, HOUR = 60_000, 3_600_000

OUTAGES: list[LlmError] = [
    ProviderError("p", failure=ProviderFailure.RESET),
    StreamError("p", committed=True),
    Overloaded("p"),
]
NEUTRAL: list[LlmError] = [
    RateLimited("p", retry_after_ms=1),
    QuotaExhausted("p"),
    AuthenticationFailed("p"),
    InvalidRequest("p", reason=""),
]
PAUSES = st.sampled_from([0, 1, 5_000, 29_999, 30_000, 59_999, 60_000, 270_000, 330_000, HOUR])
WHICH = st.sampled_from([-1, -1, -2, 0, 1])
"""Mostly the latest permit, else an old one."""


class Breaker(RuleBasedStateMachine):
    """One provider, many callers that come and go, and a person who intervenes."""

    @initialize(jitter=st.sampled_from([-1, 0, 1]), outage=st.booleans())
    def begin(self, jitter: int, outage: bool) -> None:
        self.now, self.jitter = 0, jitter
        self.health = ProviderHealth("p", 0, jitter=lambda: jitter)
        # The oracle.
        self.circuit = "closed"
        self.failures, self.recent = 0, list[tuple[int, bool]]()
        self.ends, self.doublings, self.limited = 0, 0, 0
        self.counting: list[Permit] = []  # results that must count
        self.stale: list[Permit] = []  # results that must change statistics only
        self.probe: tuple[Permit, int] | None = None  # with the end of its lease
        self.calls = self.failed = 0
        self.enabled, self.isolated = True, False
        if outage:
            self.calls_follow_one_another([False] * 3, pause=0)

    # What the oracle expects

    def blocked_until(self) -> int:
        waits = [self.limited]
        if self.circuit == "open":
            waits.append(self.ends)
        if self.probe is not None:
            waits.append(self.probe[1])
        return max(waits)

    def blocked(self) -> bool:
        return not self.enabled or self.isolated or self.now < self.blocked_until()

    def change(self, circuit: str) -> None:
        self.circuit, self.failures, self.recent, self.probe = circuit, 0, [], None
        self.stale += self.counting
        self.counting = []

    def open_for(self, wait: int) -> None:
        self.change("open")
        self.ends = self.now + wait

    def next_wait(self) -> int:
        self.doublings += 1
        steady = min(FIRST << self.doublings, CAP)
        return min(steady + self.jitter * steady // 10, CAP)

    def too_often(self) -> bool:
        kept = [failed for at, failed in self.recent if self.now - at < WINDOW]
        return len(kept) >= 10 and sum(kept) * 2 >= len(kept)

    def finish(self, which: int) -> tuple[Permit, bool]:
        permits = self.stale + self.counting
        permit = permits[which % len(permits)]
        counts = permit in self.counting
        (self.counting if counts else self.stale).remove(permit)
        if self.probe is not None and self.probe[0] is permit:
            self.probe = None
        return permit, counts

    # What callers do

    @rule(pause=PAUSES)
    def time_passes(self, pause: int) -> None:
        self.now += pause

    def time_passes_until_a_probe_may_go(self) -> None:
        self.now = max(self.now, self.blocked_until())

    @precondition(lambda self: self.circuit == "open" and self.enabled and not self.isolated)
    @rule(callers=st.integers(1, 3))
    def a_probe_goes(self, callers: int) -> None:
        self.time_passes_until_a_probe_may_go()
        self.callers_come_at_once(callers)

    @rule(callers=st.integers(1, 3))
    def callers_come_at_once(self, callers: int) -> None:
        for _ in range(callers):
            self.somebody_calls()

    def somebody_calls(self) -> None:
        blocked = self.blocked()

        answer = self.health.acquire(at(self.now))

        assert isinstance(answer, Rejected) is blocked
        if isinstance(answer, Rejected):
            by_hand = not self.enabled or self.isolated
            assert answer.retry_at == (None if by_hand else at(self.blocked_until()))
            return
        if self.circuit == "open":
            self.change("half_open")
        elif self.circuit == "half_open" and self.probe is not None:
            self.change("half_open")  # the stuck probe before it no longer counts
        self.counting.append(answer)
        if self.circuit == "half_open":
            self.probe = (answer, self.now + LEASE)
            assert answer.lease_until == at(self.now + LEASE)

    @precondition(lambda self: self.counting or self.stale)
    @rule(which=WHICH)
    def a_call_succeeds(self, which: int) -> None:
        permit, counts = self.finish(which)

        permit.success(now=at(self.now), latency_ms=1.0)

        self.calls += 1
        if counts and self.circuit == "half_open":
            self.change("closed")
            self.doublings = 0
        elif counts:
            self.failures = 0
            self.recent.append((self.now, False))

    @precondition(lambda self: self.counting or self.stale)
    @rule(which=WHICH, error=st.sampled_from(OUTAGES))
    def a_call_fails(self, which: int, error: LlmError) -> None:
        permit, counts = self.finish(which)

        permit.failure(error, now=at(self.now))

        self.calls, self.failed = self.calls + 1, self.failed + 1
        if counts and self.circuit == "half_open":
            self.open_for(self.next_wait())
        elif counts:
            self.failures += 1
            self.recent.append((self.now, True))
            if self.failures == 3 or self.too_often():
                self.doublings = 0
                self.open_for(FIRST)

    @rule(
        outcomes=st.lists(st.booleans(), min_size=1, max_size=24),
        pause=st.sampled_from([0, 5_000, 11_000]),
    )
    def calls_follow_one_another(self, outcomes: list[bool], pause: int) -> None:
        for succeeds in outcomes:
            self.now += pause
            if self.blocked():
                return
            self.somebody_calls()
            (self.a_call_succeeds(-1) if succeeds else self.a_call_fails(-1, OUTAGES[0]))
            self.the_circuit_is_the_expected_one()

    @precondition(lambda self: self.circuit == "open" and self.enabled and not self.isolated)
    @rule(probes=st.sampled_from([1, 2, 6]))
    def the_outage_goes_on(self, probes: int) -> None:
        for _ in range(probes):
            self.time_passes_until_a_probe_may_go()
            self.somebody_calls()
            self.a_call_fails(-1, OUTAGES[0])
            self.the_circuit_is_the_expected_one()

    @precondition(lambda self: self.probe is not None and self.enabled)
    @rule(fails=st.booleans())
    def a_stuck_probe_is_replaced_and_answers_late(self, fails: bool) -> None:
        self.time_passes_until_a_probe_may_go()
        self.somebody_calls()
        late = len(self.stale) - 1
        (self.a_call_fails(late, OUTAGES[0]) if fails else self.a_call_succeeds(late))

    @precondition(lambda self: self.counting or self.stale)
    @rule(which=WHICH, error=st.sampled_from(NEUTRAL))
    def a_call_fails_through_no_fault_of_the_provider(self, which: int, error: LlmError) -> None:
        permit, _ = self.finish(which)

        permit.failure(error, now=at(self.now))

        self.calls, self.failed = self.calls + 1, self.failed + 1

    @precondition(lambda self: self.counting or self.stale)
    @rule(which=WHICH)
    def a_caller_leaves(self, which: int) -> None:
        permit, _ = self.finish(which)

        permit.release()

        try:
            permit.release()
        except PermitAlreadyFinished:
            return
        raise AssertionError("a permit was finished twice")

    @rule(retry_after=st.sampled_from([-1, 0, 3_000, 5_001, 10_000_000]))
    def a_rate_limit_is_announced(self, retry_after: int) -> None:
        worth_waiting = self.health.set_rate_limited(retry_after, 5000, now=at(self.now))

        self.limited = max(self.limited, self.now + min(max(retry_after, 0), HOUR))
        assert worth_waiting is (self.limited - self.now <= 5000)

    # What a person does

    @rule(act=st.sampled_from(["isolate", "disable", "close", "enable"]))
    def a_person_intervenes(self, act: str) -> None:
        if not self.blocked():
            self.somebody_calls()  # in flight meanwhile
        match act:
            case "isolate":
                self.health.isolate(now=at(self.now))
                self.open_for(FIRST)
                self.isolated = True
            case "close":
                self.health.close()
                self.change("closed")
                self.doublings, self.isolated = 0, False
            case _:
                self.health.enable() if act == "enable" else self.health.disable()
                self.enabled = act == "enable"

    @precondition(lambda self: self.isolated or not self.enabled)
    @rule()
    def a_person_relents(self) -> None:
        if self.isolated:
            self.a_person_intervenes("close")
        if not self.enabled:
            self.a_person_intervenes("enable")

    # What always holds

    @invariant()
    def the_circuit_is_the_expected_one(self) -> None:
        match self.health.state:
            case Closed(failures):
                assert (self.circuit, self.failures) == ("closed", failures)
            case Open(opened_at, wait):
                assert self.circuit == "open"
                assert opened_at + wait == at(self.ends)
                assert timedelta(milliseconds=FIRST) <= wait <= timedelta(milliseconds=CAP)
            case HalfOpen():
                assert self.circuit == "half_open"

    @invariant()
    def every_finished_call_is_counted_once(self) -> None:
        assert (self.health.total_calls, self.health.total_failures) == (self.calls, self.failed)

    @invariant()
    def reading_says_what_a_call_would_find_and_changes_nothing(self) -> None:
        before = {**vars(self.health), "_recent": list(self.health._recent)}

        available = self.health.is_available(at(self.now))
        for later in (0, 100_000):
            self.health.is_available(at(self.now + later))
            self.health.to_status_info(at(self.now + later))
        status = self.health.to_status_info(at(self.now))

        assert {**vars(self.health), "_recent": list(self.health._recent)} == before
        assert available is not self.blocked()
        assert (status.circuit_state, status.isolated) == (self.circuit, self.isolated)


def at(milliseconds: int) -> datetime:
    return START + timedelta(milliseconds=milliseconds)


TestBreaker = Breaker.TestCase
TestBreaker.settings = settings(max_examples=300, stateful_step_count=40, deadline=None)
