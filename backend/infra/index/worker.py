"""Drains the outbox: eight memories at a time, searches first, whatever fails again later.

A job is deleted only after its point is stored, so a kill at any moment repeats work and loses
none. Jobs that failed are tried one by one, so that a bad one cannot hold back its batch; when
everything fails the worker pauses, longer each time, instead of hurrying through all jobs.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from backend.infra.index.engine import Engine
from backend.infra.index.log import where
from backend.infra.index.threads import Outbox, came
from backend.infra.sqlite import index_jobs
from backend.infra.sqlite.index_jobs import Job
from backend.infra.sqlite.values import micros
from backend.types.errors import BoternityError

BATCH = 8
"""Facts embedded at once: 32 doubles the memory for no speed with the offline model."""
POLL_SECONDS = 0.3
LONGEST_PAUSE_SECONDS = 60.0
LONGEST_RETRY = timedelta(minutes=5)

_log = logging.getLogger("boternity.index")


class Worker:
    """Makes the index agree with the rows, forever."""

    def __init__(self, engine: Engine, outbox: Outbox, *, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._outbox = outbox
        self._now = now
        self._wanted: list[UUID] = []
        self._searches = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._progress = asyncio.Event()
        self._never = asyncio.Event()
        self._seen = 0
        self._failures = 0
        """Batches of new jobs that failed one after the other."""
        self.troubles = ""
        """Why the last batch failed, as a sentence; empty when it did not."""
        self.resting = False
        """No job can be done at present."""

    async def run(self) -> None:
        """Drain until cancelled."""
        while True:
            try:
                # Read before the jobs: what is committed after this read wakes us.
                self._seen = await self._outbox.data_version()
                worked = await self._batch()
            except Exception as error:  # noqa: BLE001  (the store may be busy or full: later)
                _log.warning("the outbox could not be read or written: %s", where(error))
                self._trouble(error)
                worked = True
            self._tell_progress()
            if self._failures > 1:
                await self._pause(min(LONGEST_PAUSE_SECONDS, 2.0 ** min(self._failures - 3, 10)))
            elif not worked:
                await self._wait_for_jobs()

    async def settle(self, bot_id: UUID, seconds: float) -> None:
        """Do this bot's jobs first; return when they are done, or cannot be, or time is up."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        self._wanted.append(bot_id)
        try:
            while not self._failures and (left := until - loop.time()) > 0:
                progress = self._progress
                if not await self._outbox.run(index_jobs.due_count, bot_id, now=self._micros()):
                    return
                self._outbox.news.set()
                await came(progress, left)
        finally:
            self._wanted.remove(bot_id)

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Begin no batch while a search runs: it waits for one batch at most."""
        self._searches += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._searches -= 1
            if not self._searches:
                self._quiet.set()

    async def _batch(self) -> bool:
        """Do a few jobs; return False when there are none that may be tried now."""
        await self._quiet.wait()
        async with self._engine.writing:
            jobs = await self._next_jobs()
            if not jobs:
                return False
            self.resting = False
            try:
                if await self._engine.apply(jobs):
                    await self._outbox.run(index_jobs.finish, jobs, model=self._engine.model)
            except Exception as error:  # noqa: BLE001  (the jobs keep the reason)
                _log.warning("%d jobs failed: %s", len(jobs), where(error))
                self._trouble(error, alone=jobs[0].attempts > 0)
                await self._put_off(jobs, error)
            else:
                self._failures, self.troubles = 0, ""
        return True

    async def _next_jobs(self) -> Sequence[Job]:
        jobs: list[Job] = []
        for bot_id in [*self._wanted[:1], None]:
            jobs = jobs or await self._outbox.run(
                index_jobs.due,
                model=self._engine.model,
                now=self._micros(),
                limit=BATCH,
                bot_id=bot_id,
            )
        fresh = [job for job in jobs if not job.attempts]
        return fresh or jobs[:1]

    async def _put_off(self, jobs: Sequence[Job], error: Exception) -> None:
        reason = str(error) if isinstance(error, BoternityError) else type(error).__name__
        for job in jobs:
            delay = min(LONGEST_RETRY, timedelta(seconds=1) * 2.0 ** min(job.attempts, 20))
            later = micros(self._now() + delay)
            await self._outbox.run(index_jobs.fail, job, error=reason, not_before=later)

    async def _wait_for_jobs(self) -> None:
        """Return when another program has committed, someone poked, or a failed job may be due."""
        waiting = await self._outbox.run(index_jobs.pending) > 0
        if not self.resting:
            self.resting = True
            await self._engine.rest()
        while not await came(self._outbox.news, POLL_SECONDS):
            if waiting or await self._outbox.data_version() != self._seen:
                break
        self._outbox.news.clear()

    async def _pause(self, seconds: float) -> None:
        self.resting = True
        await came(self._never, seconds)

    def _trouble(self, error: Exception, *, alone: bool = False) -> None:
        if not alone:  # a job that fails again says nothing about the others
            self._failures += 1
        self.troubles = (
            str(error)
            if isinstance(error, BoternityError)
            else "The index could not take some memories in; it tries again by itself. "
            "The file index.log in the home says more."
        )

    def _tell_progress(self) -> None:
        self._progress.set()
        self._progress = asyncio.Event()

    def _micros(self) -> int:
        return micros(self._now())
