"""The index of a home that searches by keywords alone."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from backend.types.index import IndexState, IndexStatus, ReconcileReport, VectorHits

NO_EMBEDDER = "Search by meaning is off: set embedder.engine in the configuration to turn it on."


class OffVectorIndex:
    """A `VectorIndex` that is off and says why."""

    def __init__(self, message: str = NO_EMBEDDER) -> None:
        self._message = message

    async def search(self, bot_id: UUID, text: str, *, limit: int, wait: float = 0.0) -> VectorHits:
        return VectorHits(state=IndexState.OFF, message=self._message)

    async def similarities(
        self, bot_id: UUID, text: str, memory_ids: Sequence[UUID]
    ) -> dict[UUID, float]:
        return {}

    async def nearest(self, bot_id: UUID, memory_id: UUID, *, limit: int) -> VectorHits:
        return VectorHits(state=IndexState.OFF, message=self._message)

    def poke(self) -> None:
        """Nobody waits for jobs here; they stay for the day the index is turned on."""

    async def status(self) -> IndexStatus:
        return IndexStatus(state=IndexState.OFF, message=self._message)

    async def reconcile(self, *, repair: bool = False) -> ReconcileReport:
        return ReconcileReport(state=IndexState.OFF, message=self._message)

    async def close(self) -> None:
        """There is nothing to let go of."""
