"""One connection to an index process: requests out, answers back by their number."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from pydantic import JsonValue

from backend.infra.index.protocol import (
    GOODBYE,
    MAX_LINE_BYTES,
    Ask,
    Request,
    line_of,
    read_reply,
)
from backend.types.errors import IndexUnavailable


class LinkLost(Exception):
    """The other end has gone; the request may or may not have been heard."""


class Link:
    """A connection that is open until `ended`; `goodbye` then says why, if the process did."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.goodbye = ""
        self.last_status: JsonValue = None
        """What the process said of its progress when it went; None when it did not."""
        self.since = asyncio.get_running_loop().time()
        self._reader = reader
        self._writer = writer
        self._last_id = GOODBYE
        self._waiting: dict[int, asyncio.Future[JsonValue]] = {}
        self.ended = asyncio.create_task(self._listen())

    @classmethod
    async def open(cls, path: Path) -> Link | None:
        """Return a connection, or None when nobody listens at `path`."""
        try:
            return cls(*await asyncio.open_unix_connection(path, limit=MAX_LINE_BYTES))
        except OSError:
            return None

    async def request(self, ask: Ask, *, seconds: float, wait_for_start: float = 0.0) -> JsonValue:
        """Return the answer's JSON.

        Raises LinkLost, TimeoutError after `seconds`, and IndexUnavailable with the sentence of a
        process that cannot answer this.
        """
        number = self._last_id = self._last_id + 1
        line = line_of(Request(id=number, wait_for_start=wait_for_start, ask=ask))
        if self.ended.done():
            raise LinkLost
        answer: asyncio.Future[JsonValue] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            async with asyncio.timeout(seconds):
                self._writer.write(line)
                await self._writer.drain()
                return await answer
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            raise LinkLost from error
        finally:
            self._waiting.pop(number, None)
            if answer.done() and not answer.cancelled():
                answer.exception()  # when sending failed too, nobody awaited this

    def send(self, ask: Ask) -> None:
        """Say something whose answer does not matter."""
        if not self.ended.done():
            self._last_id += 1
            self._writer.write(line_of(Request(id=self._last_id, ask=ask)))

    async def close(self) -> None:
        """Hang up; whoever waits for an answer gets LinkLost."""
        self.ended.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.ended

    async def _listen(self) -> None:
        try:
            while line := await self._reader.readline():
                self._take(line)
        except (OSError, ValueError):  # ends as if the other side had gone
            return
        finally:
            self._writer.close()
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(LinkLost())

    def _take(self, line: bytes) -> None:
        reply = read_reply(line)
        if reply.id == GOODBYE:
            self.goodbye, self.last_status = reply.refused, reply.answer
            return
        answer = self._waiting.get(reply.id)
        if answer is None or answer.done():  # whoever asked was cancelled
            return
        if reply.refused:
            answer.set_exception(IndexUnavailable(reply.refused))
        else:
            answer.set_result(reply.answer)
