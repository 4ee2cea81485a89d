"""What every type here shares: frozen values, UTC times, and words that refuse politely."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, NoReturn

from pydantic import AfterValidator, BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value; two with the same fields are equal. Unknown fields are refused.

    Schemas are built on first use (`defer_build`): the dashboard imports far more types
    than its first frame needs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Word(StrEnum):
    """A closed list of words; anything else is refused with the list of allowed ones."""

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        allowed = ", ".join(word.value for word in cls)
        raise ValueError(f"“{value}” is not one of: {allowed}")


def as_utc(at: datetime) -> datetime:
    """Return `at` in UTC; a time without a zone is refused, for nobody can know what it means."""
    if at.tzinfo is None:
        raise ValueError("a time needs a zone, for example 2026-11-22T09:00:00Z")
    return at.astimezone(UTC)


UtcDatetime = Annotated[datetime, AfterValidator(as_utc)]
