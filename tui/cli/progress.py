"""What a person sees on stderr while a command works for longer than a second.

Only on a terminal; Rich is imported when there is something to show.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Awaitable
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from backend.types import IndexState, IndexStatus

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

T = TypeVar("T")

_SILENT_SECONDS = 1.0
_POLL_SECONDS = 0.1
_STALL_SECONDS = 30.0
"""An index that gets no further for so long has failing jobs or a silent endpoint."""


class Indexing(Protocol):
    """The part of the index that is waited for."""

    async def status(self) -> IndexStatus: ...


async def shown(work: Awaitable[T], busy: str) -> T:
    """Return what `work` gives; after a second a terminal shows `busy` and a moving sign."""
    task = asyncio.ensure_future(work)
    try:
        if busy and sys.stderr.isatty():
            done, _ = await asyncio.wait([task], timeout=_SILENT_SECONDS)
            if not done:
                from rich.console import Console

                with Console(stderr=True).status(f"{busy} …"):
                    return await task
        return await task
    finally:
        task.cancel()


async def wait_for_vectors(
    index: Indexing, *, patience: float = _STALL_SECONDS, pause: float = _POLL_SECONDS
) -> str:
    """Wait until every memory has its vector and return "".

    Returns a sentence instead, and waits no longer, when the index is off or failed, or when it
    got no further for `patience` seconds.
    """
    loop = asyncio.get_running_loop()
    begun = moved = loop.time()
    last: tuple[IndexState, int, int] | None = None
    never = asyncio.Event()
    with Bar("Indexing") as bar:
        while True:
            status = await index.status()
            match status.state:
                case IndexState.OFF:
                    return ""
                case IndexState.FAILED:
                    return f"{status.message} The vectors follow by themselves.".strip()
                case IndexState.READY if status.pending == 0:
                    return ""
            now = loop.time()
            if (status.state, status.pending, status.done) != last:
                last, moved = (status.state, status.pending, status.done), now
            if now - moved >= patience:
                return (
                    f"{status.message} {status.pending:,} memories have no vector yet; they "
                    "follow by themselves, and “boternity doctor” tells why if they do not."
                ).strip()
            if now - begun >= _SILENT_SECONDS:
                bar.show(status.pending)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await never.wait()


class Bar:
    """A progress bar that appears when first told how much is left; it leaves nothing behind."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._total = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, left: int) -> None:
        """Show how far it is when `left` is still to do."""
        if not sys.stderr.isatty():
            return
        if self._bar is None or self._task is None:
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task(self._title, total=None)
            self._bar.start()
        self._total = max(self._total, left)
        total = self._total or None
        self._bar.update(self._task, total=total, completed=self._total - left)
