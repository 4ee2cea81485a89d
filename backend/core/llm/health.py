"""How a provider fares: its circuit breaker, its rate-limit book and its statistics.

Pure: `now` (aware, UTC) and the jitter are handed in. Who wants to call takes a permit and
finishes it exactly once, whatever happens:

    match health.acquire(now):
        case Permit() as permit: ...  # then success, failure or release
        case Rejected() as rejected: ...  # then wait until retry_at, or ask another provider

Closed → open after 3 failures in a row, or when half of at least 10 calls within a minute failed.
Open → half-open when a permit is taken after the wait; one probe at a time. Half-open → closed
when the probe succeeds, → open for twice as long when it fails. Each change starts a new
generation: what a permit of an earlier one reports changes statistics only. Reading changes
nothing. Times are wall-clock times, for rows share them between programs; a clock set back can
delay a call, never block it for good. `tests/properties/test_breaker.py` holds all of this.

The numbers are those of the provider design: 3 failures, 30 s doubled up to 5 min with ±10 %,
10 calls and 50 % in 60 s, Retry-After up to 1 h.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.core.llm.errors import (
    PermitAlreadyFinished,
    is_failover_error,
    weighs_on_circuit,
)
from backend.types.base import Word
from backend.types.errors import LlmError
from backend.types.llm import CircuitStateName, ProviderStatusInfo

MAX_OPEN_DURATION = timedelta(minutes=5)
OPEN_JITTER = 0.1
RATE_WINDOW = timedelta(seconds=60)
RATE_MIN_CALLS = 10
RATE_THRESHOLD = 0.5
MAX_RATE_LIMIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Closed:
    """Calls go through."""

    consecutive_failures: int = 0


@dataclass(frozen=True, slots=True)
class Open:
    """No call goes through until `opened_at + wait_duration`; then one may try."""

    opened_at: datetime
    wait_duration: timedelta


@dataclass(frozen=True, slots=True)
class HalfOpen:
    """One call at a time tries whether the provider is back."""


CircuitState = Closed | Open | HalfOpen


class RejectionReason(Word):
    """Why no call may be made."""

    OPEN = "open"
    PROBING = "probing"
    RATE_LIMITED = "rate_limited"
    ISOLATED = "isolated"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Rejected:
    """No call now; `retry_at` is when to ask again, None if a person must act first."""

    reason: RejectionReason
    retry_at: datetime | None


class Permit:
    """The right to make one call; finished exactly once, by the first of the three methods.

    `lease_until` is set for a probe: after it another may try, and this one's result no longer
    counts. Finishing again raises PermitAlreadyFinished.
    """

    def __init__(
        self, health: ProviderHealth, generation: int, *, lease_until: datetime | None = None
    ) -> None:
        self._health = health
        self.generation = generation
        self.lease_until = lease_until
        self.finished = False

    def success(self, *, now: datetime, latency_ms: float | None = None) -> None:
        """The provider answered (a refusal is an answer too)."""
        self._health.record_success(self, now=now, latency_ms=latency_ms)

    def failure(self, error: LlmError, *, now: datetime) -> None:
        """The call failed; whether it weighs on the circuit depends on the error."""
        self._health.record_failure(self, error, now=now)

    def release(self) -> None:
        """The call says nothing about the provider: cancelled, or never made."""
        self._health.release(self)


def no_jitter() -> float:
    """Every wait is exactly as long as computed."""
    return 0.0


class ProviderHealth:
    """The breaker of one provider. Attributes are for reading; only the methods change them.

    `jitter` returns a number in [-1, 1] for each wait after the first of an outage. `probe_lease`
    is our own choice: longer than an answer takes to begin, short enough to wait for.
    """

    def __init__(
        self,
        name: str,
        priority: int,
        *,
        failure_threshold: int = 3,
        success_threshold: int = 1,
        open_duration: timedelta = timedelta(seconds=30),
        probe_lease: timedelta = timedelta(seconds=60),
        jitter: Callable[[], float] = no_jitter,
    ) -> None:
        self.name = name
        self.priority = priority
        self.failure_threshold = failure_threshold
        self.success_threshold = success_threshold
        self.open_duration = open_duration
        self.probe_lease = probe_lease
        self.state: CircuitState = Closed()
        self.enabled = True
        self.isolated = False
        self.last_error: str | None = None
        self.last_success: datetime | None = None
        self.last_latency_ms: float | None = None
        self.total_calls = 0
        self.total_failures = 0
        self.uptime_since: datetime | None = None
        self.rate_limit_until: datetime | None = None
        self._jitter = jitter
        self._generation = 0
        self._probe: Permit | None = None
        self._probe_successes = 0
        self._wait = open_duration
        self._recent: deque[tuple[datetime, bool]] = deque()  # when, and whether it failed

    # Asking

    def is_available(self, now: datetime) -> bool:
        """Whether `acquire` would give a permit now; changes nothing."""
        return self._rejection(now) is None

    def acquire(self, now: datetime) -> Permit | Rejected:
        """Take the right to make one call, or learn why not and until when."""
        rejection = self._rejection(now)
        if rejection is not None:
            return rejection
        if isinstance(self.state, Closed):
            return Permit(self, self._generation)
        if isinstance(self.state, Open):
            self._enter(HalfOpen())
        elif self._probe is not None:
            self._generation += 1  # its lease ran out: whatever it reports comes too late
        self._probe = Permit(self, self._generation, lease_until=now + self.probe_lease)
        return self._probe

    @staticmethod
    def is_failover_error(error: BaseException) -> bool:
        """Whether another provider may be asked instead; the table is in `core.llm.errors`."""
        return is_failover_error(error)

    # Reporting

    def record_success(
        self, permit: Permit, *, now: datetime, latency_ms: float | None = None
    ) -> None:
        """Finish a permit with an answer; `latency_ms` is how long its first piece took."""
        counts = self._finish(permit)
        self.total_calls += 1
        self.last_success = now
        if latency_ms is not None:
            self.last_latency_ms = latency_ms
        if not counts:
            return
        if isinstance(self.state, Closed):
            self.state = Closed()
            self._remember(now, failed=False)
        else:
            self._probe_successes += 1
            if self._probe_successes >= self.success_threshold:
                self._enter(Closed())
        if isinstance(self.state, Closed) and self.uptime_since is None:
            self.uptime_since = now

    def record_failure(self, permit: Permit, error: LlmError, *, now: datetime) -> None:
        """Finish a permit with an error; one that is neutral to the circuit is only counted."""
        counts = self._finish(permit)
        self.total_calls += 1
        self.total_failures += 1
        self.last_error = str(error)
        if not counts or not weighs_on_circuit(error):
            return
        if isinstance(self.state, Closed):
            self._remember(now, failed=True)
            failures = self.state.consecutive_failures + 1
            if failures >= self.failure_threshold or self._fails_too_often():
                self._wait = self.open_duration
                self._enter(Open(now, self._wait))
            else:
                self.state = Closed(failures)
        else:
            self._wait = min(2 * self._wait, MAX_OPEN_DURATION)
            jittered = self._wait * (1 + OPEN_JITTER * self._jitter())
            self._enter(Open(now, min(jittered, MAX_OPEN_DURATION)))

    def release(self, permit: Permit) -> None:
        """Finish a permit that says nothing about the provider; a probe's slot is free again."""
        self._finish(permit)

    def set_rate_limited(self, retry_after_ms: int, max_wait_ms: int, *, now: datetime) -> bool:
        """Let no call through for `retry_after_ms`; return whether that is worth queueing for.

        It is when it takes at most `max_wait_ms`. At most an hour is honoured; of two limits the
        later end holds. The circuit is left alone: a provider that counts calls is up.
        """
        until = now + min(timedelta(milliseconds=max(0, retry_after_ms)), MAX_RATE_LIMIT)
        booked = self._booked_until(now)
        self.rate_limit_until = until if booked is None else max(booked, until)
        return self.rate_limit_until - now <= timedelta(milliseconds=max_wait_ms)

    # By hand

    def isolate(self, *, now: datetime) -> None:
        """Force the circuit open until `close`."""
        self.isolated = True
        self._enter(Open(now, self.open_duration))

    def close(self) -> None:
        """Let calls through again, as if nothing had happened; rate limits stay."""
        self.isolated = False
        self._enter(Closed())

    def disable(self) -> None:
        """Ask this provider for nothing until `enable`; its circuit stays as it is."""
        self.enabled = False

    def enable(self) -> None:
        """Take `disable` back."""
        self.enabled = True

    # Reading

    def to_status_info(self, now: datetime) -> ProviderStatusInfo:
        """Return how it fares, for a person; changes nothing."""
        match self.state:
            case Closed():
                circuit = CircuitStateName.CLOSED
            case Open():
                circuit = CircuitStateName.OPEN
            case HalfOpen():
                circuit = CircuitStateName.HALF_OPEN
        opens_again_at = None
        if isinstance(self.state, Open) and not self.isolated:
            opens_again_at = self.state.opened_at + self.state.wait_duration
        return ProviderStatusInfo(
            name=self.name,
            circuit_state=circuit,
            last_error=self.last_error,
            last_success_ago=None if self.last_success is None else _ago(now - self.last_success),
            total_calls=self.total_calls,
            total_failures=self.total_failures,
            uptime_since=None if self.uptime_since is None else self.uptime_since.isoformat(),
            enabled=self.enabled,
            isolated=self.isolated,
            rate_limited_until=self._booked_until(now),
            opens_again_at=opens_again_at,
            latency=self.last_latency_ms,
        )

    # Inside

    def _rejection(self, now: datetime) -> Rejected | None:
        if not self.enabled:
            return Rejected(RejectionReason.DISABLED, None)
        if self.isolated:
            return Rejected(RejectionReason.ISOLATED, None)
        blocks: list[tuple[datetime, RejectionReason]] = []
        booked = self._booked_until(now)
        if booked is not None:
            blocks.append((booked, RejectionReason.RATE_LIMITED))
        if isinstance(self.state, Open):
            end = self.state.opened_at + self.state.wait_duration
            if _runs(end, self.state.wait_duration, now):
                blocks.append((end, RejectionReason.OPEN))
        lease_until = self._probe.lease_until if self._probe is not None else None
        if lease_until is not None and _runs(lease_until, self.probe_lease, now):
            blocks.append((lease_until, RejectionReason.PROBING))
        if not blocks:
            return None
        retry_at, reason = max(blocks)
        return Rejected(reason, retry_at)

    def _booked_until(self, now: datetime) -> datetime | None:
        until = self.rate_limit_until
        return until if until is not None and _runs(until, MAX_RATE_LIMIT, now) else None

    def _finish(self, permit: Permit) -> bool:
        """Take a permit back; return whether its result counts for the circuit."""
        if permit.finished:
            raise PermitAlreadyFinished(f"a permit of {self.name} was finished twice")
        permit.finished = True
        if self._probe is permit:
            self._probe = None
        return permit.generation == self._generation

    def _enter(self, state: CircuitState) -> None:
        self.state = state
        self._generation += 1
        self._probe = None
        self._probe_successes = 0
        self._recent.clear()
        if isinstance(state, Open):
            self.uptime_since = None

    def _remember(self, now: datetime, *, failed: bool) -> None:
        self._recent.append((now, failed))
        while not _runs(self._recent[0][0] + RATE_WINDOW, RATE_WINDOW, now):
            self._recent.popleft()

    def _fails_too_often(self) -> bool:
        failed = sum(failed for _, failed in self._recent)
        calls = len(self._recent)
        return calls >= RATE_MIN_CALLS and failed >= RATE_THRESHOLD * calls


def _runs(end: datetime, duration: timedelta, now: datetime) -> bool:
    """Whether a span of that length is still running.

    One that seems to begin further away than it lasts comes from a clock that was set back; it
    counts as over.
    """
    return timedelta(0) < end - now < 2 * duration


def _ago(age: timedelta) -> str:
    seconds = max(0, int(age.total_seconds()))
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= length:
            return f"{seconds // length}{unit} ago"
    return f"{seconds}s ago"
