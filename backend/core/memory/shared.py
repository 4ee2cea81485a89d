"""The port to memories that bots share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from backend.types.bots import Actor
from backend.types.memory import RankedMemory, SharedMemoryEntry, TrustLevel

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy as np
    from numpy.typing import NDArray


class SharedMemoryStore(Protocol):
    """Memories that carry a grant, as sealed views of the rows they belong to.

    A bot reads what is public, what is trusted and written by a bot it trusts, and its own.
    Only the author changes a grant; who that is, is compared inside the transaction. Each writing
    method is one act with one event in the journal; `actor` is who does it. All raise
    RepositoryError and nothing else. Embeddings are as in `VectorMemoryStore`.
    """

    async def add(
        self, entry: SharedMemoryEntry, embedding: NDArray[np.float32], *, actor: Actor
    ) -> None:
        """Store a memory and grant it at its trust level. Raises Conflict if the id is taken."""
        ...

    async def search(
        self,
        reading_bot_id: UUID,
        trusted_bot_ids: Collection[UUID],
        query_embedding: NDArray[np.float32],
        limit: int,
        min_similarity: float,
    ) -> list[RankedMemory]:
        """Return what the reader may see and is at least that similar, best first.

        At most `limit`; each says in `provenance` who wrote it. What no longer matches its seal
        is left out.
        """
        ...

    async def delete(self, memory_id: UUID, author_bot_id: UUID, *, actor: Actor) -> None:
        """End the grant and put the memory in the trash. Raises NotFound (also for a stranger)."""
        ...

    async def share(self, memory_id: UUID, level: TrustLevel, *, actor: Actor) -> None:
        """Let others read a memory at that level; the same level again changes nothing.

        The actor must be its author, or the person. Raises NotFound.
        """
        ...

    async def revoke(self, memory_id: UUID, author_bot_id: UUID, *, actor: Actor) -> None:
        """Make a memory private again; a private one stays as it is. Raises NotFound."""
        ...

    async def count_by_author(self, author_bot_id: UUID) -> int:
        """Return how many memories of that bot carry a grant."""
        ...

    async def verify_integrity(self, memory_id: UUID) -> bool:
        """Return whether the memory still matches its seal. Raises NotFound."""
        ...
