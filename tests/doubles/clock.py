"""A clock that moves only when a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class FixedClock:
    """A `Clock` that tells `START` until it is moved."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta = timedelta(minutes=1)) -> datetime:
        """Move on, or back where `by` is negative; return the new time."""
        self._now += by
        return self._now
