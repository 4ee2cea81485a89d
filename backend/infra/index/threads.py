"""Waiting without blocking the loop: blocking calls on threads of their own, events with limits."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from backend.infra.sqlite.connection import connect

P = ParamSpec("P")
T = TypeVar("T")


class OneThread:
    """Runs calls one after the other on one thread; cancelling a waiter does not stop a call."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what the call returns, raise what it raises."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, partial(call, *args, **kwargs))

    def close(self) -> None:
        """Take no more calls and do not wait for the one that runs."""
        self._executor.shutdown(wait=False, cancel_futures=True)


class Outbox:
    """The process's own connection to the store, on its own thread.

    `news` is set when there may be jobs that this connection made itself, which SQLite's
    `data_version` does not tell.
    """

    def __init__(self, database: Path) -> None:
        self._thread = OneThread("outbox")
        self._database = database
        self._connection: sqlite3.Connection | None = None
        self.news = asyncio.Event()

    async def run(
        self,
        call: Callable[Concatenate[sqlite3.Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Return what `call(connection, …)` returns."""
        return await self._thread.run(
            self._call, lambda connection: call(connection, *args, **kwargs)
        )

    async def data_version(self) -> int:
        """Return a number that differs when any other connection has committed since."""
        return await self.run(_data_version)

    async def close(self) -> None:
        """Close the connection after the call that runs."""
        if self._connection is not None:
            await self._thread.run(self._connection.close)
        self._thread.close()

    def _call(self, call: Callable[[sqlite3.Connection], T]) -> T:
        """Open the connection on first use and call."""
        if self._connection is None:
            self._connection = connect(self._database)
        return call(self._connection)


async def came(event: asyncio.Event, seconds: float) -> bool:
    """Wait at most `seconds` and return whether the event came."""
    try:
        async with asyncio.timeout(max(seconds, 0.0)):
            await event.wait()
    except TimeoutError:
        return event.is_set()
    return True


def _data_version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return version
