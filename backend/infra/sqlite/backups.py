"""Copies of the database in the home's `backups/`, and the way out that they offer.

Today's copy is made soon after the first write of a day, and renewed hourly by a program that
stays open and writes; a week of days is kept. It costs 0.1 s of processor for 10,000 memories
(20 MB), on a thread that only the end of the program waits for. A copy is whole and checked before
it gets its name, so neither a kill nor a damaged database ever takes the place of a good one
(`tests/faults/test_damage.py`).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backend.infra.sqlite.connection import connect

KEPT_DAYS = 7
RENEWED = timedelta(hours=1)

_DAMAGED = "The database of this home is damaged. Stop all programs on it, then "
_COPY = (
    "move boternity.db and boternity.db-wal out of the home, copy {backup} of its folder “backups” "
    "to boternity.db, and run “boternity doctor”."
)
_NO_COPY = (
    "rescue what can be read with “sqlite3 boternity.db .recover”, or choose a new home with "
    "--home DIR: its folder “backups” is still empty."
)


class DailyBackups:
    """Keeps `folder` filled with copies of `database`; `now` is the time, with a zone."""

    def __init__(self, database: Path, folder: Path, now: Callable[[], datetime]) -> None:
        self._database = database
        self._folder = folder
        self._now = now
        self._opened = now()
        self._tried: datetime | None = None

    def due(self) -> bool:
        """Return whether a copy should be made now; about 10 µs."""
        now = self._now()
        if self._tried is not None and now - self._tried < RENEWED:
            return False
        try:
            made = datetime.fromtimestamp(self._target(now).stat().st_mtime, UTC)
        except OSError:
            return True
        return now - max(made, self._opened) >= RENEWED

    def make(self) -> None:
        """Make today's copy, unless the disk or the database do not let us.

        Nobody waits for it and nothing depends on it: it is tried again in an hour.
        """
        self._tried = now = self._now()
        with suppress(OSError, sqlite3.Error):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            with closing(connect(self._database, read_only=True)) as connection:
                copy_database(connection, self._target(now))
            os.utime(self._target(now), (now.timestamp(), now.timestamp()))
            for old in sorted(self._folder.glob("daily-*.db"))[:-KEPT_DAYS]:
                old.unlink(missing_ok=True)
            for left in self._folder.glob("*.new*"):  # of a program that was killed meanwhile
                if now.timestamp() - left.stat().st_mtime > RENEWED.total_seconds():
                    left.unlink(missing_ok=True)

    def _target(self, now: datetime) -> Path:
        return self._folder / f"daily-{now.astimezone(UTC):%Y%m%d}.db"


def copy_database(connection: sqlite3.Connection, target: Path) -> None:
    """Put a sound copy of a database at `target`, whole or not at all.

    Writers go on meanwhile. Raises sqlite3.DatabaseError when what was copied is damaged.
    """
    fresh = target.with_suffix(f".{os.getpid()}.new")
    try:
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        with closing(sqlite3.connect(fresh)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a WAL beside it
            ((verdict,),) = copy.execute("PRAGMA quick_check(1)").fetchall()
        if verdict != "ok":
            raise sqlite3.DatabaseError(f"the copy is not sound: {verdict}")
        os.replace(fresh, target)
    finally:
        fresh.unlink(missing_ok=True)


def way_out(backups: Path) -> str:
    """Return what a person with a damaged database can do: never a backup that is not there."""
    with suppress(OSError):
        copies = sorted(backups.glob("*.db"), key=lambda path: path.stat().st_mtime)
        if copies:
            return _DAMAGED + _COPY.format(backup=copies[-1].name)
    return _DAMAGED + _NO_COPY
