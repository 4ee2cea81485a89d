"""The port to a bot's own memories and their vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from backend.types.bots import Actor
from backend.types.memory import RankedMemory, VectorMemoryEntry

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class VectorMemoryStore(Protocol):
    """A bot's memories, found by meaning.

    An embedding is a unit-length float32 vector of shape (dimension,), as `Embedder` makes it.
    Similarities are cosines in [-1, 1]. Each writing method is one act with one event in the
    journal, whole or absent; `actor` is who does it. All raise RepositoryError and nothing else.
    """

    async def search(
        self,
        bot_id: UUID,
        query_embedding: NDArray[np.float32],
        limit: int,
        min_similarity: float,
    ) -> list[RankedMemory]:
        """Return the bot's live memories at least that similar, best first, at most `limit`.

        Equal scores are in order of writing. An unknown bot has none. While the index is away the
        list is empty; a search leaves access counts alone.
        """
        ...

    async def add(
        self, entry: VectorMemoryEntry, embedding: NDArray[np.float32], *, actor: Actor
    ) -> None:
        """Store a memory with its vector. Raises Conflict if the id is taken."""
        ...

    async def delete(self, bot_id: UUID, memory_id: UUID, *, actor: Actor) -> None:
        """Put a memory in the trash. Raises NotFound (unknown, deleted, or another bot's)."""
        ...

    async def delete_all(self, bot_id: UUID, *, actor: Actor) -> int:
        """Put all live memories of a bot in the trash, as one act, and return how many."""
        ...

    async def count(self, bot_id: UUID) -> int:
        """Return how many live memories the bot has."""
        ...

    async def check_duplicate(
        self, bot_id: UUID, embedding: NDArray[np.float32], threshold: float
    ) -> VectorMemoryEntry | None:
        """Return the bot's most similar live memory at or above `threshold`, else None."""
        ...

    async def get_all_for_reembedding(
        self, bot_id: UUID, current_model: str
    ) -> list[VectorMemoryEntry]:
        """Return the live memories without a vector of `current_model`, oldest first."""
        ...

    async def update_embedding(
        self,
        memory_id: UUID,
        embedding: NDArray[np.float32],
        model_name: str,
        *,
        actor: Actor,
    ) -> None:
        """Give a memory the vector of another model; its text stays. Raises NotFound."""
        ...
