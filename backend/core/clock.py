"""The ports to time and chance: what is not determined by its input comes through here."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    """Tells the time, in UTC with microseconds."""

    def now(self) -> datetime: ...


class Entropy(Protocol):
    """Makes what nobody can guess."""

    def uuid(self) -> UUID:
        """Return a random (version 4) id."""
        ...

    def token(self, size: int) -> bytes:
        """Return `size` random bytes."""
        ...
