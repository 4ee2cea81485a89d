"""The port to search by meaning: one index a home, shared by all programs on it.

The index never decides what may be seen: its hits are candidates that the store confirms (live,
of this revision, permitted). It may be absent at any moment. No method says so by raising: the
answer's `state` does, and search by keywords goes on. `tests/contracts/test_vector_index.py`
holds these promises for every implementation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from backend.types.index import IndexState as IndexState
from backend.types.index import IndexStatus as IndexStatus
from backend.types.index import ReconcileReport as ReconcileReport
from backend.types.index import VectorHit as VectorHit
from backend.types.index import VectorHits as VectorHits


class VectorIndex(Protocol):
    """Finds memories by meaning. Calls may run at the same time; cancelling one is always safe."""

    async def search(self, bot_id: UUID, text: str, *, limit: int, wait: float = 0.0) -> VectorHits:
        """Return at most `limit` memories of the bot, nearest to `text` first.

        First lets the index do the bot's pending jobs for at most `wait` seconds; what is then
        left is told in `pending`. A blank text has no hits. Never raises IndexUnavailable.
        """
        ...

    async def similarities(
        self, bot_id: UUID, text: str, memory_ids: Sequence[UUID]
    ) -> dict[UUID, float]:
        """Return the exact cosine of each of these memories to `text`.

        What has no vector is left out; an index that is not ready knows none. After a search for
        the same text this costs no second embedding.
        """
        ...

    async def nearest(self, bot_id: UUID, memory_id: UUID, *, limit: int) -> VectorHits:
        """Return the bot's other memories nearest to a stored one; no hits if it has no vector."""
        ...

    def poke(self) -> None:
        """Hint that there are new jobs; never blocks and never fails. Call it on a running loop."""
        ...

    async def status(self) -> IndexStatus:
        """Return the state and the progress over all bots; does not keep an idle index alive."""
        ...

    async def reconcile(self, *, repair: bool = False) -> ReconcileReport:
        """Compare the rows of all bots with the vectors, both ways; opens every collection.

        With `repair` each difference becomes a job, so a later `status` reaches pending = 0.
        """
        ...

    async def close(self) -> None:
        """Let go of the connection; the index itself lives on. A second call does nothing."""
        ...
