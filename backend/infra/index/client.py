"""The index as the programs see it: a socket to the home's one index process.

It loads neither numpy nor Qdrant nor a model. The first call starts the process, in the
background; when it dies it is started again, at once and then after pauses that double. A process
that went because nobody needed it is started by the next call that does.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from backend.infra.index.link import Link, LinkLost
from backend.infra.index.protocol import (
    IDLE,
    IDLE_SECONDS,
    REPLACED,
    Ask,
    Hello,
    Leave,
    Nearest,
    Poke,
    Reconcile,
    Search,
    Similarities,
    SimilaritiesFound,
    Status,
    Welcome,
    code_digest,
    key_digest,
    settings_digest,
    socket_path,
)
from backend.infra.index.spawn import Starter
from backend.types.base import Value
from backend.types.config import Settings
from backend.types.errors import IndexUnavailable
from backend.types.index import (
    IndexState,
    IndexStatus,
    ReconcileReport,
    VectorHits,
)

V = TypeVar("V", bound=Value)

_HELLO_SECONDS = 10.0
_ANSWER_SECONDS = 30.0
"""Enough to open a large collection for the first time."""
_RECONCILE_SECONDS = 600.0
_STEADY_SECONDS = 5.0
"""A process that lived this long did not die of its start."""
_LONGEST_PAUSE = 60.0
_MOST_REPLACEMENTS = 3
"""Processes that a program sends away before it takes the difference as somebody's will."""
_PAUSE_WHEN_REPLACED = 5
"""As many failures as make a pause of 4 s."""

_SILENT = (
    "The index process does not answer. Search by keywords goes on; if it stays like this, the "
    "file index.log in the home may say why."
)
_OTHERS = (
    "Another program on this home runs a different version of Boternity or different embedder "
    "settings: end it, or restart this program. Search by keywords goes on."
)


class SocketVectorIndex:
    """A `VectorIndex` in a process of its own, shared by all programs on a home.

    A call that comes before the process is ready answers "starting" at once, or waits up to
    `wait_for_start` seconds: 0 suits a dashboard, some seconds suit a command that asks once.
    """

    def __init__(
        self,
        home: Path,
        settings: Settings,
        *,
        wait_for_start: float = 0.0,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._home = home
        self._settings = settings
        self._wait_for_start = wait_for_start
        self._starter = Starter(home, settings, idle_seconds=idle_seconds)
        self._link: Link | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self._failures = 0
        self._trouble = ""
        self._gave_up = asyncio.Event()
        """Set while connecting keeps failing: who asks then need not wait."""
        self._replacements = _MOST_REPLACEMENTS
        self._rested = False
        self._last_status = IndexStatus(state=IndexState.STARTING)

    async def search(self, bot_id: UUID, text: str, *, limit: int, wait: float = 0.0) -> VectorHits:
        ask = Search(bot_id=bot_id, text=_sendable(text), limit=limit, wait=wait)
        return await self._hits(ask, seconds=wait + _ANSWER_SECONDS)

    async def similarities(
        self, bot_id: UUID, text: str, memory_ids: Sequence[UUID]
    ) -> dict[UUID, float]:
        ask = Similarities(bot_id=bot_id, text=_sendable(text), memory_ids=tuple(memory_ids))
        try:
            found = await self._ask(ask, SimilaritiesFound, seconds=_ANSWER_SECONDS)
        except IndexUnavailable:
            return {}
        return {} if found is None else found.similarities

    async def nearest(self, bot_id: UUID, memory_id: UUID, *, limit: int) -> VectorHits:
        ask = Nearest(bot_id=bot_id, memory_id=memory_id, limit=limit)
        return await self._hits(ask, seconds=_ANSWER_SECONDS)

    def poke(self) -> None:
        if self._link is not None:
            self._link.send(Poke())
        else:
            self._start_connecting()  # a new process looks for jobs by itself

    async def status(self) -> IndexStatus:
        if self._rests():
            return self._last_status
        try:
            status = await self._ask(Status(), IndexStatus, seconds=_ANSWER_SECONDS)
        except IndexUnavailable as error:
            return self._absent_status(IndexState.FAILED, str(error))
        if self._rests():
            return self._last_status
        if status is None:
            return self._absent_status(self._state(), self._told())
        self._last_status = status
        return status

    async def reconcile(self, *, repair: bool = False) -> ReconcileReport:
        ask = Reconcile(repair=repair)
        try:
            report = await self._ask(ask, ReconcileReport, seconds=_RECONCILE_SECONDS)
        except IndexUnavailable as error:
            return ReconcileReport(state=IndexState.FAILED, message=str(error))
        return report or ReconcileReport(state=self._state(), message=self._told())

    async def close(self) -> None:
        self._closing.set()
        self._starter.stop()
        link, self._link = self._link, None
        if self._connecting is not None:
            self._connecting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._connecting
        if link is not None:
            await link.close()

    def _rests(self) -> bool:
        """Say whether the process went because all was done and nobody asked."""
        self._notice_end()
        return self._rested and self._last_status.state is IndexState.READY

    async def _hits(self, ask: Ask, *, seconds: float) -> VectorHits:
        try:
            hits = await self._ask(ask, VectorHits, seconds=seconds)
        except IndexUnavailable as error:
            return VectorHits(state=IndexState.FAILED, message=str(error))
        return hits or VectorHits(state=self._state(), message=self._told())

    async def _ask(self, ask: Ask, kind: type[V], *, seconds: float) -> V | None:
        """Return the answer, or None while there is no process to ask.

        Raises IndexUnavailable with a sentence when the process refuses or is silent.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self._wait_for_start
        while True:
            link = await self._linked(until - loop.time())
            if link is None:
                return None
            patience = max(0.0, until - loop.time())
            try:
                answer = await link.request(
                    ask, seconds=seconds + patience, wait_for_start=patience
                )
                return kind.model_validate(answer, strict=False)
            except LinkLost:
                await asyncio.wait([link.ended])  # its last line may say why it went
                self._lost(link)
                if isinstance(ask, Status) and self._rests():
                    return None
                if loop.time() >= until:
                    self._start_connecting()
                    return None
            except TimeoutError as error:
                raise IndexUnavailable(_SILENT) from error

    async def _linked(self, patience: float) -> Link | None:
        self._notice_end()
        if self._link is None:
            self._start_connecting()
            if self._connecting is not None:
                await self._wait_for(self._connecting, patience)
        return self._link

    async def _wait_for(self, connecting: asyncio.Task[None], patience: float) -> None:
        """Wait until connected or failing; gives way to other tasks even without patience."""
        gave_up = asyncio.create_task(self._gave_up.wait())
        await asyncio.wait(
            [connecting, gave_up],
            timeout=0.0 if self._gave_up.is_set() else max(0.0, patience),
            return_when=asyncio.FIRST_COMPLETED,
        )
        gave_up.cancel()

    def _start_connecting(self) -> None:
        self._rested = False
        if self._closing.is_set() or self._link is not None:
            return
        if self._connecting is None or self._connecting.done():
            self._connecting = asyncio.create_task(self._connect())

    async def _connect(self) -> None:
        """Connect, starting a process when there is none, until it works or we are closed."""
        while not self._closing.is_set():
            if self._failures > 1:
                pause = min(_LONGEST_PAUSE, 0.5 * 2.0 ** min(self._failures - 2, 10))
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._closing.wait()
                        return
            try:
                link = await self._reach()
            except IndexUnavailable as error:
                self._fail(self._failures + 1, str(error))
            else:
                self._link = link
                self._gave_up.clear()
                link.ended.add_done_callback(partial(self._ended, link))
                return

    async def _reach(self) -> Link:
        """Return a connection to a process that does what this program wants."""
        try:
            path, mine = await asyncio.to_thread(self._prepare)
        except OSError as error:
            raise IndexUnavailable(
                f"The index cannot be reached ({error.strerror}): check the permissions of the "
                "home and of the temporary folder. Search by keywords goes on."
            ) from error
        for _ in range(_MOST_REPLACEMENTS + 1):
            link = await Link.open(path)
            if link is None:
                await asyncio.to_thread(self._starter.start)
                link = await Link.open(path)
            if link is None:
                raise IndexUnavailable(_SILENT)
            try:
                if await self._suits(link, mine):
                    return link
            except BaseException:
                await link.close()
                raise
        raise IndexUnavailable(_OTHERS)

    async def _suits(self, link: Link, mine: Welcome) -> bool:
        """Say whether a process may be used; one that may not is told to leave."""
        try:
            answer = await link.request(Hello(), seconds=_HELLO_SECONDS)
            theirs = Welcome.model_validate(answer)
        except (LinkLost, TimeoutError, ValueError) as error:
            raise IndexUnavailable(_SILENT) from error
        if (
            theirs.code == mine.code
            and theirs.settings == mine.settings
            and (not mine.key or theirs.key == mine.key)
        ):
            return True
        if not self._replacements:
            raise IndexUnavailable(_OTHERS)
        self._replacements -= 1
        link.send(Leave())
        await asyncio.wait([link.ended], timeout=_HELLO_SECONDS)
        await link.close()
        return False

    def _prepare(self) -> tuple[Path, Welcome]:
        """Return what reading files tells: where to ask, and what the process must be."""
        mine = Welcome(
            code=code_digest(),
            settings=settings_digest(self._settings),
            key=key_digest(self._settings),
            pid=0,
        )
        return socket_path(self._home), mine

    def _notice_end(self) -> None:
        """Do what `_ended` is about to do, when its turn on the loop has not come yet."""
        if self._link is not None and self._link.ended.done():
            self._lost(self._link)

    def _ended(self, link: Link, _: asyncio.Task[None]) -> None:
        self._lost(link)

    def _lost(self, link: Link) -> None:
        """Notice a connection's end, and connect again at once unless nobody needs it."""
        if self._link is not link:
            return
        self._link = None
        lived = asyncio.get_running_loop().time() - link.since
        if link.goodbye == IDLE:
            self._rested = True
            if link.last_status is not None:
                self._last_status = IndexStatus.model_validate(link.last_status)
            return
        if link.goodbye == REPLACED:
            # The program that came later decides. It must also be the first to start a process.
            self._replacements = 0
            self._fail(_PAUSE_WHEN_REPLACED, _OTHERS)
        elif link.goodbye or lived >= _STEADY_SECONDS:
            self._failures = 0
        else:
            self._fail(self._failures + 1, _SILENT)
        self._start_connecting()

    def _fail(self, failures: int, trouble: str) -> None:
        self._failures, self._trouble = failures, trouble
        if failures > 1:  # the first may be chance: it is tried again at once
            self._gave_up.set()

    def _state(self) -> IndexState:
        return IndexState.FAILED if self._gave_up.is_set() else IndexState.STARTING

    def _told(self) -> str:
        return self._trouble if self._gave_up.is_set() else ""

    def _absent_status(self, state: IndexState, message: str) -> IndexStatus:
        return self._last_status.model_copy(update={"state": state, "message": message})


def _sendable(text: str) -> str:
    """Replace halves of characters, which no JSON can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")
