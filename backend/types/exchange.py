"""What an import did, and what a check of the home found."""

from __future__ import annotations

from backend.types.base import Value


class RejectedLine(Value):
    """A part of an import that could not become a memory; `line` counts from 1."""

    line: int
    why: str


class ImportReport(Value):
    """What an import added, found known already, queued for review, and could not read.

    With a dry run nothing was written and the numbers say what would be.
    """

    added: int
    repeated: int
    queued: int = 0
    rejected: tuple[RejectedLine, ...] = ()
    format: str
    event: int | None = None


class Check(Value):
    """One check of the doctor; `repaired` says what was mended, and `ok` how it is now."""

    name: str
    ok: bool
    found: str
    repaired: str = ""


class HealthReport(Value):
    """All checks; `ok` when every one of them is."""

    ok: bool
    checks: tuple[Check, ...]
