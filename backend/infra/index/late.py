"""An index whose client is loaded when somebody first asks it: a first frame does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from uuid import UUID

from backend.core.memory.vector_index import VectorIndex
from backend.infra.index.off import OffVectorIndex
from backend.types.index import IndexStatus, ReconcileReport, VectorHits


class LateVectorIndex:
    """The `VectorIndex` that `make` returns, made with the first call."""

    def __init__(self, make: Callable[[], VectorIndex]) -> None:
        self._make = make

    @cached_property
    def _index(self) -> VectorIndex:
        return self._make()

    async def search(self, bot_id: UUID, text: str, *, limit: int, wait: float = 0.0) -> VectorHits:
        return await self._index.search(bot_id, text, limit=limit, wait=wait)

    async def similarities(
        self, bot_id: UUID, text: str, memory_ids: Sequence[UUID]
    ) -> dict[UUID, float]:
        return await self._index.similarities(bot_id, text, memory_ids)

    async def nearest(self, bot_id: UUID, memory_id: UUID, *, limit: int) -> VectorHits:
        return await self._index.nearest(bot_id, memory_id, limit=limit)

    def poke(self) -> None:
        self._index.poke()

    async def status(self) -> IndexStatus:
        return await self._index.status()

    async def reconcile(self, *, repair: bool = False) -> ReconcileReport:
        return await self._index.reconcile(repair=repair)

    async def close(self) -> None:
        if "_index" not in self.__dict__:
            self._make = OffVectorIndex  # nobody asked; whoever asks now comes too late
        await self._index.close()
