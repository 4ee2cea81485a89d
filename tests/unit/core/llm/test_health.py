"""A provider's circuit, told in single steps; `tests/properties/test_breaker.py` mixes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from backend.core import (
    CircuitState,
    Closed,
    HalfOpen,
    Open,
    Permit,
    PermitAlreadyFinished,
    ProviderHealth,
    Rejected,
    RejectionReason,
)
from backend.types import (
    CircuitStateName,
    InvalidRequest,
    LlmError,
    ProviderError,
    ProviderFailure,
    ProviderStatusInfo,
    RateLimited,
)

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
OUTAGE = ProviderError("openai", failure=ProviderFailure.SERVER_ERROR, status=503)
OUR_FAULT = InvalidRequest("openai", reason="no messages", status=400)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def circuit(health: ProviderHealth) -> CircuitState:
    return health.state  # a call: a type checker would take an attribute for unchanged


def permit(health: ProviderHealth, seconds: float) -> Permit:
    taken = health.acquire(at(seconds))
    assert isinstance(taken, Permit)
    return taken


def fail(health: ProviderHealth, seconds: float, error: LlmError = OUTAGE) -> None:
    permit(health, seconds).failure(error, now=at(seconds))


def succeed(health: ProviderHealth, seconds: float) -> None:
    permit(health, seconds).success(now=at(seconds), latency_ms=120.0)


def opened_at(seconds: float, jitter: Callable[[], float] = lambda: 0.0) -> ProviderHealth:
    health = ProviderHealth("openai", 0, jitter=jitter)
    for _ in range(3):
        fail(health, seconds)
    return health


def refusal(health: ProviderHealth, seconds: float) -> Rejected:
    rejected = health.acquire(at(seconds))
    assert isinstance(rejected, Rejected)
    return rejected


def test_three_failures_in_a_row_open_the_circuit_for_exactly_thirty_seconds() -> None:
    health = opened_at(0, jitter=lambda: 1.0)

    assert circuit(health) == Open(at(0), timedelta(seconds=30))
    assert refusal(health, 29.9) == Rejected(RejectionReason.OPEN, at(30))
    assert isinstance(health.acquire(at(30)), Permit)


def test_a_success_between_failures_keeps_the_circuit_closed() -> None:
    health = ProviderHealth("openai", 0)

    for second in (0, 1):
        fail(health, second)
    succeed(health, 2)
    for second in (3, 4):
        fail(health, second)

    assert circuit(health) == Closed(2)


def test_a_provider_that_fails_every_other_call_is_cut_off_too() -> None:
    health = ProviderHealth("openai", 0)

    for second in range(0, 8, 2):
        succeed(health, second)
        fail(health, second + 1)
    assert circuit(health) == Closed(1)
    succeed(health, 8)
    fail(health, 9)

    assert circuit(health) == Open(at(9), timedelta(seconds=30))


def test_failures_of_more_than_a_minute_ago_are_forgiven() -> None:
    health = ProviderHealth("openai", 0)

    for second in range(0, 8, 2):
        succeed(health, second)
        fail(health, second + 1)
    succeed(health, 62)
    fail(health, 63)

    assert circuit(health) == Closed(1)


def test_a_provider_that_came_back_is_not_blamed_for_calls_before_the_outage() -> None:
    health = ProviderHealth("openai", 0)
    for second in range(0, 10, 2):
        succeed(health, second)
        fail(health, second + 1)
    succeed(health, 39)

    fail(health, 40)

    assert circuit(health) == Closed(1)


@pytest.mark.parametrize("error", [OUR_FAULT, RateLimited("openai", retry_after_ms=1000)])
def test_a_failure_that_is_not_the_providers_is_counted_but_opens_nothing(error: LlmError) -> None:
    health = ProviderHealth("openai", 0)

    for second in range(20):
        fail(health, second, error)

    assert circuit(health) == Closed(0)
    assert (health.total_calls, health.total_failures) == (20, 20)
    assert health.last_error == str(error)


def test_of_fifty_callers_at_half_open_exactly_one_goes_through() -> None:
    health = opened_at(0)

    answers = [health.acquire(at(30)) for _ in range(50)]

    assert [type(answer) for answer in answers] == [Permit] + [Rejected] * 49
    assert answers[1] == Rejected(RejectionReason.PROBING, at(90))
    assert circuit(health) == HalfOpen()


def test_a_successful_probe_closes_the_circuit() -> None:
    health = opened_at(0)

    succeed(health, 30)

    assert circuit(health) == Closed(0)
    assert health.uptime_since == at(30)


def test_more_than_one_success_can_be_asked_for() -> None:
    health = ProviderHealth("openai", 0, failure_threshold=1, success_threshold=2)
    fail(health, 0)

    succeed(health, 30)
    assert circuit(health) == HalfOpen()
    succeed(health, 31)

    assert circuit(health) == Closed(0)


def test_each_failed_probe_doubles_the_wait_up_to_five_minutes() -> None:
    health, now, waits = opened_at(0), 0.0, []

    for _ in range(6):
        assert isinstance(health.state, Open)
        waits.append(health.state.wait_duration.total_seconds())
        now += waits[-1]
        fail(health, now)

    assert waits == [30, 60, 120, 240, 300, 300]


@pytest.mark.parametrize(("jitter", "waits"), [(1.0, [66, 132, 264]), (-1.0, [54, 108, 216])])
def test_later_waits_vary_by_a_tenth_without_adding_up(jitter: float, waits: list[float]) -> None:
    health, now, seen = opened_at(0, jitter=lambda: jitter), 30.0, []

    for _ in range(3):
        fail(health, now)
        assert isinstance(health.state, Open)
        seen.append(health.state.wait_duration.total_seconds())
        now += seen[-1]

    assert seen == waits


@pytest.mark.parametrize(("jitter", "wait"), [(1.0, 300), (-1.0, 270)])
def test_the_longest_wait_varies_downwards_only(jitter: float, wait: float) -> None:
    health, now = opened_at(0, jitter=lambda: jitter), 0.0

    for _ in range(8):
        now += 300
        fail(health, now)

    assert circuit(health) == Open(at(now), timedelta(seconds=wait))


def test_looking_at_a_provider_that_may_be_tried_does_not_try_it() -> None:
    health = opened_at(0)

    assert health.is_available(at(30))
    health.to_status_info(at(30))

    assert circuit(health) == Open(at(0), timedelta(seconds=30))


def test_after_a_recovery_the_next_outage_begins_with_thirty_seconds_again() -> None:
    health = opened_at(0)
    fail(health, 30)
    succeed(health, 90)

    for _ in range(3):
        fail(health, 100)

    assert circuit(health) == Open(at(100), timedelta(seconds=30))


def test_a_cancelled_probe_gives_its_slot_back() -> None:
    health = opened_at(0)
    probe = permit(health, 30)
    assert isinstance(health.acquire(at(30.1)), Rejected)

    probe.release()

    assert isinstance(health.acquire(at(30.2)), Permit)
    assert circuit(health) == HalfOpen()


def test_a_probe_with_a_wrong_request_gives_its_slot_back() -> None:
    health = opened_at(0)

    fail(health, 30, OUR_FAULT)

    assert circuit(health) == HalfOpen()
    assert isinstance(health.acquire(at(30.1)), Permit)


def test_a_stuck_probe_is_replaced_and_its_late_answer_changes_only_statistics() -> None:
    health = opened_at(0)
    stuck = permit(health, 30)
    second = permit(health, 90)

    stuck.failure(OUTAGE, now=at(91))

    assert circuit(health) == HalfOpen()
    assert isinstance(health.acquire(at(91)), Rejected)
    assert health.total_failures == 4
    second.success(now=at(92))
    assert circuit(health) == Closed(0)


def test_answers_to_calls_made_before_the_outage_do_not_close_the_circuit() -> None:
    health = ProviderHealth("openai", 0)
    early = permit(health, 0)
    for _ in range(3):
        fail(health, 1)

    early.success(now=at(2), latency_ms=900.0)

    assert circuit(health) == Open(at(1), timedelta(seconds=30))
    assert (health.total_calls, health.last_success) == (4, at(2))
    assert health.uptime_since is None


def test_a_permit_is_finished_once() -> None:
    health = ProviderHealth("openai", 0)
    taken = permit(health, 0)
    taken.success(now=at(1))

    with pytest.raises(PermitAlreadyFinished):
        taken.release()

    assert health.total_calls == 1


def test_an_isolated_provider_stays_off_until_somebody_closes_it() -> None:
    health = ProviderHealth("openai", 0)
    in_flight = permit(health, 0)
    health.isolate(now=at(1))
    in_flight.success(now=at(2))

    assert circuit(health) == Open(at(1), timedelta(seconds=30))
    assert refusal(health, 999_999) == Rejected(RejectionReason.ISOLATED, None)
    assert health.to_status_info(at(3)).isolated
    assert health.to_status_info(at(3)).opens_again_at is None
    health.close()

    assert circuit(health) == Closed(0)
    assert isinstance(health.acquire(at(4)), Permit)


def test_a_disabled_provider_is_not_asked_and_keeps_its_circuit() -> None:
    health = opened_at(0)

    health.disable()
    assert refusal(health, 60) == Rejected(RejectionReason.DISABLED, None)
    health.enable()

    assert circuit(health) == Open(at(0), timedelta(seconds=30))


def test_a_rate_limit_blocks_calls_until_it_ends_and_leaves_the_circuit_alone() -> None:
    health = ProviderHealth("openai", 0)

    worth_waiting = health.set_rate_limited(60_000, 5_000, now=at(0))

    assert not worth_waiting
    assert refusal(health, 59.9) == Rejected(RejectionReason.RATE_LIMITED, at(60))
    assert isinstance(health.acquire(at(60)), Permit)
    assert circuit(health) == Closed(0)


@pytest.mark.parametrize(
    ("retry_after_ms", "until", "worth_waiting"),
    [(4_999, 4.999, True), (5_000, 5, True), (5_001, 5.001, False), (10**12, 3600, False)],
)
def test_a_limit_is_worth_queueing_for_up_to_the_longest_wait_and_lasts_an_hour_at_most(
    retry_after_ms: int, until: float, worth_waiting: bool
) -> None:
    health = ProviderHealth("openai", 0)

    assert health.set_rate_limited(retry_after_ms, 5_000, now=at(0)) is worth_waiting
    assert health.rate_limit_until == at(until)


def test_a_shorter_limit_does_not_end_a_longer_one() -> None:
    health = ProviderHealth("openai", 0)
    health.set_rate_limited(60_000, 5_000, now=at(0))

    assert not health.set_rate_limited(1_000, 5_000, now=at(1))

    assert health.rate_limit_until == at(60)


def test_a_negative_limit_is_none_at_all() -> None:
    health = ProviderHealth("openai", 0)

    assert health.set_rate_limited(-1_000, 5_000, now=at(0))

    assert health.is_available(at(0))


def test_of_two_obstacles_the_one_that_lasts_longer_is_named() -> None:
    health = opened_at(0)
    health.set_rate_limited(10_000, 5_000, now=at(0))
    assert refusal(health, 1) == Rejected(RejectionReason.OPEN, at(30))

    health.set_rate_limited(50_000, 5_000, now=at(1))

    assert refusal(health, 2) == Rejected(RejectionReason.RATE_LIMITED, at(51))


def test_a_clock_that_is_set_back_by_a_day_does_not_keep_a_provider_off_for_a_day() -> None:
    health = opened_at(0)
    health.set_rate_limited(60_000, 5_000, now=at(0))

    assert health.is_available(at(-86_400))


def test_the_status_tells_how_a_provider_fares() -> None:
    health = ProviderHealth("openai", 0)
    succeed(health, 0)
    for _ in range(3):
        fail(health, 60)
    health.set_rate_limited(90_000, 5_000, now=at(60))

    status = health.to_status_info(at(125))

    assert status == ProviderStatusInfo(
        name="openai",
        circuit_state=CircuitStateName.OPEN,
        last_error="openai failed (HTTP 503). Try again, or check its address and your network.",
        last_success_ago="2m ago",
        total_calls=4,
        total_failures=3,
        uptime_since=None,
        rate_limited_until=at(150),
        opens_again_at=at(90),
        latency=120.0,
    )


@pytest.mark.parametrize(
    ("seconds", "ago"),
    [
        (-5, "0s ago"),
        (59.9, "59s ago"),
        (60, "1m ago"),
        (3_599, "59m ago"),
        (7_200, "2h ago"),
        (172_800, "2d ago"),
    ],
)
def test_the_last_success_is_told_in_the_largest_whole_unit(seconds: float, ago: str) -> None:
    health = ProviderHealth("openai", 0)
    succeed(health, 0)

    status = health.to_status_info(at(seconds))

    assert status.last_success_ago == ago
    assert status.uptime_since == "2026-11-22T12:00:00+00:00"
