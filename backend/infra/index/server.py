"""The index process: answers over the socket, loads in the background, leaves when not needed.

It listens before it has loaded anything, so a program that asks early hears "starting" at once.
Status answers while memories are embedded or stored: all that blocks runs on other threads.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import assert_never

from pydantic import ValidationError

from backend.infra.clock import SystemClock
from backend.infra.index.engine import Engine
from backend.infra.index.lease import DATABASE, Lease
from backend.infra.index.loading import load_engine
from backend.infra.index.log import where
from backend.infra.index.protocol import (
    GOODBYE,
    IDLE,
    MAX_LINE_BYTES,
    REPLACED,
    Done,
    Hello,
    Leave,
    Nearest,
    Poke,
    Reconcile,
    Reply,
    Request,
    Search,
    Similarities,
    SimilaritiesFound,
    Status,
    Welcome,
    code_digest,
    key_digest,
    line_of,
    read_request,
    settings_digest,
)
from backend.infra.index.threads import OneThread, Outbox, came
from backend.infra.index.worker import Worker
from backend.infra.sqlite import index_jobs
from backend.types.base import Value
from backend.types.config import Settings
from backend.types.errors import BoternityError
from backend.types.index import (
    IndexState,
    IndexStatus,
    ReconcileReport,
    VectorHits,
)

WATCH_SECONDS = 0.3
MOST_REQUESTS = 64
"""Requests of one connection that run at once; further lines wait in the socket."""
_SHUTDOWN_SECONDS = 2.0

_log = logging.getLogger("boternity.index")


def serve(home: Path, settings_json: str, lease: Lease, *, idle_seconds: float) -> None:
    """Serve a home until nobody needs it, someone replaces this process, or the home is gone."""
    settings = Settings.model_validate_json(settings_json)
    server = IndexServer(home, settings, lease, idle_seconds=idle_seconds, now=SystemClock().now)
    asyncio.run(server.run())


class IndexServer:
    """One home's index."""

    def __init__(
        self,
        home: Path,
        settings: Settings,
        lease: Lease,
        *,
        idle_seconds: float,
        now: Callable[[], datetime],
    ) -> None:
        self._home = home
        self._settings = settings
        self._lease = lease
        self._idle_seconds = idle_seconds
        self._now = now
        self._welcome = Welcome(
            code=code_digest(),
            settings=settings_digest(settings),
            key=key_digest(settings),
            pid=os.getpid(),
        )
        self._thread = OneThread("qdrant")
        self._outbox = Outbox(home / DATABASE)
        self._parts: tuple[Engine, Worker] | None = None
        self._trouble = ""
        self._changed = asyncio.Event()
        """Set when loading has ended, well or not."""
        self._leaving = asyncio.Event()
        self._goodbye = REPLACED
        self._running = 0
        self._last_asked = 0.0
        self._writers: set[asyncio.StreamWriter] = set()

    async def run(self) -> None:
        """Serve until it is time to leave, then say goodbye and close."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._leaving.set)
        self._last_asked = loop.time()
        server = await asyncio.start_unix_server(
            self._converse, sock=self._lease.listener, limit=MAX_LINE_BYTES
        )
        _log.info("listening")
        work = asyncio.create_task(self._load_and_work())
        await self._watch()
        _log.info("leaving: %s", self._goodbye)
        server.close()
        self._lease.stop_listening()
        await self._say_goodbye()
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError, TimeoutError):
            async with asyncio.timeout(_SHUTDOWN_SECONDS):
                await self._close(work)

    async def _watch(self) -> None:
        """Return when it is time to leave."""
        loop = asyncio.get_running_loop()
        while not await came(self._leaving, WATCH_SECONDS):
            if not await asyncio.to_thread(self._lease.holds):
                self._goodbye = "the home, its lock or its socket is gone"
                return
            if self._running or self._busy():
                self._last_asked = loop.time()
            if loop.time() - self._last_asked >= self._idle_seconds:
                self._goodbye = IDLE
                return

    def _busy(self) -> bool:
        """Say whether there is work that does not wait for a person: loading, or jobs."""
        if self._parts is None:
            return not self._trouble
        return not self._parts[1].resting

    async def _load_and_work(self) -> None:
        delay = 2.0
        while True:
            try:
                engine = await load_engine(self._home, self._settings, self._thread, self._outbox)
            except Exception as error:  # noqa: BLE001  (told to whoever asks, tried again)
                _log.warning("could not load: %s", where(error))
                self._trouble = _sentence(error)
                self._changed.set()
                await came(self._leaving, delay)
                delay = min(60.0, delay * 2)
                continue
            worker = Worker(engine, self._outbox, now=self._now)
            self._parts, self._trouble = (engine, worker), ""
            self._changed.set()
            _log.info("ready")
            await worker.run()

    async def _close(self, work: asyncio.Task[None]) -> None:
        await asyncio.wait([work])
        if self._parts is not None:
            await self._parts[0].close()
        await self._outbox.close()
        self._thread.close()

    async def _say_goodbye(self) -> None:
        status = None
        if self._goodbye == IDLE:  # what nobody asks about any more still shows on their screens
            state = IndexState.FAILED if self._trouble else IndexState.STARTING
            status = (await self._status(state)).model_dump(mode="json")
        for writer in list(self._writers):
            writer.write(line_of(Reply(id=GOODBYE, answer=status, refused=self._goodbye)))
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the lines of one connection until it ends; requests run side by side."""
        self._writers.add(writer)
        places = asyncio.Semaphore(MOST_REQUESTS)
        tasks: set[asyncio.Task[None]] = set()
        try:
            while line := await reader.readline():
                await places.acquire()
                task = asyncio.create_task(self._reply(line, writer))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
                task.add_done_callback(lambda _: places.release())
        except (OSError, ValueError) as error:  # a broken connection, a line that is too long
            _log.info("a connection ended: %s", where(error))
        finally:
            for task in tasks:
                task.cancel()
            self._writers.discard(writer)
            writer.close()

    async def _reply(self, line: bytes, writer: asyncio.StreamWriter) -> None:
        try:
            request = read_request(line)
        except ValidationError:
            reply = Reply(id=GOODBYE, refused="This process does not understand the request.")
        else:
            reply = await self._answer(request)
        with contextlib.suppress(OSError):  # whoever asked has gone
            writer.write(line_of(reply))
            await writer.drain()

    async def _answer(self, request: Request) -> Reply:
        counts = not isinstance(request.ask, Hello | Status)  # looking on keeps nobody awake
        self._running += counts
        try:
            answer = await self._dispatch(request)
        except Exception as error:  # noqa: BLE001  (one request must not end the others)
            _log.warning("%s failed: %s", request.ask.op, where(error))
            return Reply(id=request.id, refused=_sentence(error))
        finally:
            self._running -= counts
            if counts:
                self._last_asked = asyncio.get_running_loop().time()
        return Reply(id=request.id, answer=answer.model_dump(mode="json"))

    async def _dispatch(self, request: Request) -> Value:
        ask = request.ask
        match ask:
            case Hello():
                return self._welcome
            case Leave():
                self._leaving.set()
                return Done()
            case Poke():
                self._outbox.news.set()
                return Done()
            case _:
                if self._parts is None and request.wait_for_start:
                    await came(self._changed, request.wait_for_start)
        state = IndexState.FAILED if self._trouble else IndexState.STARTING
        match ask:
            case Search():
                return await self._search(ask, state)
            case Nearest():
                if self._parts is None:
                    return VectorHits(state=state, message=self._trouble)
                with self._parts[1].held_back():
                    return await self._parts[0].nearest(ask.bot_id, ask.memory_id, ask.limit)
            case Similarities():
                if self._parts is None:
                    return SimilaritiesFound(similarities={})
                with self._parts[1].held_back():
                    found = await self._parts[0].similarities(ask.bot_id, ask.text, ask.memory_ids)
                return SimilaritiesFound(similarities=found)
            case Status():
                return await self._status(state)
            case Reconcile():
                if self._parts is None:
                    return ReconcileReport(state=state, message=self._trouble)
                return await self._parts[0].reconcile(repair=ask.repair)
            case _:
                assert_never(ask)

    async def _search(self, ask: Search, state: IndexState) -> VectorHits:
        if self._parts is None:
            pending = await self._outbox.run(index_jobs.pending, ask.bot_id)
            return VectorHits(state=state, pending=pending, message=self._trouble)
        engine, worker = self._parts
        if ask.wait:
            await engine.compare_once(ask.bot_id)
            await worker.settle(ask.bot_id, ask.wait)
        try:
            with worker.held_back():
                hits = await engine.search(ask.bot_id, ask.text, ask.limit)
        except BoternityError as error:
            hits = VectorHits(state=IndexState.FAILED, message=str(error))
        pending = await self._outbox.run(index_jobs.pending, ask.bot_id)
        return hits.model_copy(update={"pending": pending})

    async def _status(self, state: IndexState) -> IndexStatus:
        if self._parts is None:
            pending = await self._outbox.run(index_jobs.pending)
            return IndexStatus(state=state, pending=pending, message=self._trouble)
        engine, worker = self._parts
        return await engine.status(worker.troubles)


def _sentence(error: Exception) -> str:
    if isinstance(error, BoternityError):
        return str(error)
    return (
        f"The index failed in a way that nobody foresaw ({type(error).__name__}): search by "
        "keywords goes on, and the file index.log in the home says where it happened."
    )
