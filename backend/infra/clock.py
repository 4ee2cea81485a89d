"""The only place that asks the machine for time and chance."""

from __future__ import annotations

import os
import uuid
from datetime import UTC, datetime


class SystemClock:
    """The machine's wall clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SystemEntropy:
    """The operating system's random source."""

    def uuid(self) -> uuid.UUID:
        return uuid.uuid4()

    def token(self, size: int) -> bytes:
        return os.urandom(size)
