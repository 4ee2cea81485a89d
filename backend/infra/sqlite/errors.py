"""Turns SQLite's errors into ours, by class and error name, never by words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.types.errors import (
    Busy,
    Conflict,
    Corrupt,
    HomeUnusable,
    Invalid,
    OutOfSpace,
    RepositoryError,
)

_BUSY = "Another program is writing to this home and did not finish within 10 seconds: try again."
_FULL = "The disk is full: nothing was saved. Free some space, then repeat what you did."
_READ_ONLY = "This home cannot be written to: check the folder's permissions and its disk."
_CORRUPT = (
    "The database of this home is damaged. Stop all programs on it, move boternity.db and "
    "boternity.db-wal out of it, copy the newest file of its folder “backups” to boternity.db, and "
    "run “boternity doctor”."
)
_RULE = (
    "The store refused this, for it would break one of its rules: nothing was changed. Run "
    "“boternity doctor”."
)
_TAKEN = (
    "Something else has this name by now: nothing was changed. Rename or remove that first, then "
    "repeat what you did."
)
_ORPHANED = (
    "The bot of this memory has been removed: nothing was changed. Bring the bot back first "
    "(“boternity history list” shows its removal)."
)

_BY_NAME: dict[str, tuple[type[RepositoryError], str]] = {
    "SQLITE_BUSY": (Busy, _BUSY),
    "SQLITE_LOCKED": (Busy, _BUSY),
    "SQLITE_FULL": (OutOfSpace, _FULL),
    "SQLITE_READONLY": (HomeUnusable, _READ_ONLY),
    "SQLITE_CANTOPEN": (HomeUnusable, _READ_ONLY),
    "SQLITE_PERM": (HomeUnusable, _READ_ONLY),
    "SQLITE_AUTH": (HomeUnusable, _READ_ONLY),
    "SQLITE_IOERR_SHMSIZE": (OutOfSpace, _FULL),  # seen on a full disk, where a WAL begins
    "SQLITE_IOERR": (
        HomeUnusable,
        "The disk of this home reported an error: check it and its space.",
    ),
    "SQLITE_CORRUPT": (Corrupt, _CORRUPT),
    "SQLITE_NOTADB": (Corrupt, _CORRUPT),
    "SQLITE_CONSTRAINT": (Invalid, _RULE),
    "SQLITE_CONSTRAINT_UNIQUE": (Conflict, _TAKEN),
    "SQLITE_CONSTRAINT_FOREIGNKEY": (Conflict, _ORPHANED),
    "SQLITE_TOOBIG": (Invalid, "This is larger than the store can hold: split it."),
}


def translate(error: sqlite3.Error) -> RepositoryError:
    """Return our error for one of SQLite's; an extended name falls back to its primary one."""
    name: str = getattr(error, "sqlite_errorname", "") or ""
    while name:
        if name in _BY_NAME:
            kind, sentence = _BY_NAME[name]
            return kind(sentence)
        name = name.rpartition("_")[0]
    if isinstance(error, sqlite3.IntegrityError):
        return Invalid(_BY_NAME["SQLITE_CONSTRAINT"][1])
    return RepositoryError(
        f"The store could not do this ({type(error).__name__}): run “boternity doctor”."
    )


@contextmanager
def translated(backups: Path | None = None) -> Iterator[None]:
    """Let no error of SQLite pass; a damaged database names the newest of its `backups`."""
    try:
        yield
    except sqlite3.Error as error:
        ours = translate(error)
        if isinstance(ours, Corrupt) and backups is not None:
            from backend.infra.sqlite.backups import way_out

            ours = Corrupt(way_out(backups))
        raise ours from error
    except UnicodeEncodeError as error:
        raise Invalid(
            "This text has half of a character in it (a lone surrogate) and cannot be stored or "
            "looked for: copy it again from its source."
        ) from error
    except OverflowError as error:
        raise Invalid(
            "This number is larger than the store can hold: give a smaller one."
        ) from error
