"""The moments at which a program can die: around each statement, fsync, rename, link and upsert.

`install` is for a forked process that will be killed or end soon: nothing is put back. The moment
before a statement comes from SQLite itself, so those of triggers, of keyword indexes and of each
row of an `executemany` are moments too.
"""

from __future__ import annotations

import itertools
import os
import signal
import sqlite3
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class CrashPoints:
    """Counts the moments that are reached, from 0, and dies with SIGKILL at `kill_at`."""

    def __init__(self, kill_at: int | None = None) -> None:
        self.names: list[str] = []
        self._kill_at = kill_at
        self._numbers = itertools.count()

    def reach(self, name: str) -> None:
        if next(self._numbers) == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.names.append(name)

    def around(self, name: str, call: Callable[P, T]) -> Callable[P, T]:
        """Return `call` with a moment before and one after it."""

        def called(*args: P.args, **kwargs: P.kwargs) -> T:
            self.reach(f"before {name}")
            result = call(*args, **kwargs)
            self.reach(f"after {name}")
            return result

        return called


def install(points: CrashPoints) -> None:
    """Make every database connection and every durable step of files tell `points`."""
    for name in ("fsync", "replace", "rename", "link"):
        setattr(os, name, points.around(name, getattr(os, name)))
    plain_connect = sqlite3.connect

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
            cursor = super().execute(sql, *parameters)
            points.reach(f"after {_short(sql)}")
            return cursor

        def executemany(self, sql: str, parameters: Any, /) -> sqlite3.Cursor:
            cursor = super().executemany(sql, parameters)
            points.reach(f"after all of {_short(sql)}")
            return cursor

    def connect(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        points.reach("before connect")
        connection = plain_connect(*args, **kwargs, factory=Connection)
        connection.set_trace_callback(lambda sql: points.reach(f"before {_short(sql)}"))
        return connection

    setattr(sqlite3, "connect", connect)  # noqa: B010  (the real one has overloads)


def _short(sql: str) -> str:
    return " ".join(sql.split())[:50]
