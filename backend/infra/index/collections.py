"""The vectors themselves: one Qdrant collection a bot and model.

Local collections are one folder each, because a client loads all collections of its folder when
it opens. They are opened on first use and closed, least recently used first, above `most_points`
points. Whatever happens to a folder, the rows of the store can fill it again: so a damaged one is
thrown away. Everything here blocks and must run on one thread.

Points carry no payload: filters over payloads are Python loops in local mode, and whether a
memory may be seen is for SQL to say.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
from qdrant_client import QdrantClient, models

from backend.infra.index.memory import give_back_memory

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_POINTS_OPEN = 30_000
_PAGE = 10_000
_PASSING = ("SQLITE_BUSY", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY")
"""Errors of the machine, not of the file: waiting may cure them, deleting would not."""


class Collections:
    """The collections of one model, under `root` or on the server at `url`."""

    def __init__(
        self,
        root: Path,
        *,
        model: str,
        dimension: int,
        url: str = "",
        most_points: int = MOST_POINTS_OPEN,
    ) -> None:
        self._root = root
        self._key = hashlib.sha256(f"{model}\0{dimension}".encode()).hexdigest()[:12]
        self._dimension = dimension
        self._most_points = most_points
        self._server = QdrantClient(url=url, timeout=10) if url else None
        self._open: OrderedDict[UUID, QdrantClient] = OrderedDict()
        self._sizes: dict[UUID, int] = {}

    @property
    def open_points(self) -> int:
        """How many points are held in memory."""
        return sum(self._sizes.values())

    def upsert(self, bot_id: UUID, ids: Sequence[UUID], vectors: NDArray[np.float32]) -> None:
        """Store rows of `vectors`, shape (len(ids), dimension), under these ids; durable on return.

        Local mode commits each point (1–4 ms), so a batch is no cheaper than its points.
        """
        client = self._client(bot_id, create=True)
        assert client is not None
        points = models.Batch(ids=[str(each) for each in ids], vectors=vectors.tolist())
        client.upsert(self._name(bot_id), points=points)
        self._measure(bot_id, client)

    def delete(self, bot_id: UUID, ids: Sequence[UUID]) -> None:
        """Remove these points; unknown ones are fine."""
        client = self._client(bot_id)
        if client is not None:
            selector = models.PointIdsList(points=[str(each) for each in ids])
            client.delete(self._name(bot_id), points_selector=selector)

    def search(
        self, bot_id: UUID, vector: NDArray[np.float32], limit: int
    ) -> list[tuple[UUID, float]]:
        """Return at most `limit` (memory, cosine), best first."""
        client = self._client(bot_id)
        if client is None or limit == 0:
            return []
        found = client.query_points(
            self._name(bot_id), query=vector.tolist(), limit=limit, with_payload=False
        )
        return [(UUID(str(point.id)), float(point.score)) for point in found.points]

    def vectors(self, bot_id: UUID, ids: Sequence[UUID]) -> dict[UUID, NDArray[np.float32]]:
        """Return the unit-length vectors of those ids that have one."""
        client = self._client(bot_id)
        if client is None or not ids:
            return {}
        records = client.retrieve(
            self._name(bot_id),
            ids=[str(each) for each in ids],
            with_payload=False,
            with_vectors=True,
        )
        return {UUID(str(each.id)): _unit(each.vector) for each in records}

    def ids(self, bot_id: UUID) -> set[UUID]:
        """Return all ids of a bot's collection; about 10 µs each."""
        client = self._client(bot_id)
        found: set[UUID] = set()
        offset: models.ExtendedPointId | None = None
        while client is not None:
            records, offset = client.scroll(
                self._name(bot_id),
                limit=_PAGE,
                offset=offset,
                with_payload=False,
                with_vectors=False,
            )
            found.update(UUID(str(each.id)) for each in records)
            if offset is None:
                break
        return found

    def drop(self, bot_id: UUID) -> None:
        """Remove a bot's collection; a missing one is fine."""
        if self._server is not None:
            self._server.delete_collection(self._name(bot_id))
        else:
            self._close(bot_id)
            shutil.rmtree(self._folder(bot_id), ignore_errors=True)

    def exists(self, bot_id: UUID) -> bool:
        """Say whether a bot has a collection, without opening it."""
        if self._server is not None:
            return self._server.collection_exists(self._name(bot_id))
        return self._folder(bot_id).is_dir()

    def clear_others(self, bots: set[UUID], *, keep_models: bool) -> None:
        """Remove folders of bots that are not among `bots`, and of other models unless kept.

        Does nothing on a server: other homes may live there.
        """
        if self._server is not None:
            return
        known = {str(bot_id) for bot_id in bots}
        for folder in self._root.iterdir():
            bot, _, key = folder.name.rpartition("-")
            if folder.is_dir() and (bot not in known or (key != self._key and not keep_models)):
                shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Close all collections; a second call does nothing."""
        for bot_id in list(self._open):
            self._close(bot_id)
        if self._server is not None:
            self._server.close()

    def _client(self, bot_id: UUID, *, create: bool = False) -> QdrantClient | None:
        if self._server is not None:
            if create or self._server.collection_exists(self._name(bot_id)):
                return self._with_collection(self._server, bot_id)
            return None
        if bot_id in self._open:
            self._open.move_to_end(bot_id)
            return self._open[bot_id]
        if not create and not self._folder(bot_id).is_dir():
            return None
        client = self._load(bot_id)
        give_back_memory()
        self._open[bot_id] = client
        self._measure(bot_id, client)
        return client

    def _load(self, bot_id: UUID) -> QdrantClient:
        folder = self._folder(bot_id)
        try:
            return self._with_collection(QdrantClient(path=str(folder)), bot_id)
        except Exception as error:
            if not _is_damage(error):
                raise
            shutil.rmtree(folder)
            return self._with_collection(QdrantClient(path=str(folder)), bot_id)

    def _with_collection(self, client: QdrantClient, bot_id: UUID) -> QdrantClient:
        name = self._name(bot_id)
        if not client.collection_exists(name):
            size = models.VectorParams(size=self._dimension, distance=models.Distance.COSINE)
            client.create_collection(name, vectors_config=size)
        return client

    def _measure(self, bot_id: UUID, client: QdrantClient) -> None:
        if self._server is not None:
            return
        self._sizes[bot_id] = client.count(self._name(bot_id)).count
        while self.open_points > self._most_points and len(self._open) > 1:
            self._close(next(iter(self._open)))

    def _close(self, bot_id: UUID) -> None:
        client = self._open.pop(bot_id, None)
        self._sizes.pop(bot_id, None)
        if client is not None:
            client.close()

    def _name(self, bot_id: UUID) -> str:
        return f"boternity-{bot_id}-{self._key}"

    def _folder(self, bot_id: UUID) -> Path:
        return self._root / f"{bot_id}-{self._key}"


def _unit(vector: object) -> NDArray[np.float32]:
    values = np.asarray(vector, dtype=np.float32)
    length = float(np.linalg.norm(values))
    return values if length == 0.0 else values / np.float32(length)


def _is_damage(error: Exception) -> bool:
    """Say whether an error while opening speaks of the folder's content.

    Unpickling garbage can raise nearly anything, so the exceptions are what is listed: the
    machine's own troubles, and RuntimeError, by which Qdrant says that a folder is in use.
    """
    if isinstance(error, sqlite3.Error):
        return not getattr(error, "sqlite_errorname", "").startswith(_PASSING)
    return not isinstance(error, (OSError, RuntimeError, MemoryError))
