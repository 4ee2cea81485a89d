"""Times as SQLite keeps them: integer microseconds since 1970, UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Return a time as microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def moment(micros_since_1970: int) -> datetime:
    """Return the time of `micros`; exact."""
    return _EPOCH + timedelta(microseconds=micros_since_1970)


def micros_or_none(at: datetime | None) -> int | None:
    return None if at is None else micros(at)


def moment_or_none(value: int | None) -> datetime | None:
    return None if value is None else moment(value)
