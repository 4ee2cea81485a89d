"""How far the index of meanings is, and what it finds."""

from __future__ import annotations

from uuid import UUID

from backend.types.base import Value, Word


class IndexState(Word):
    """Whether search by meaning can be asked."""

    READY = "ready"
    STARTING = "starting"
    OFF = "off"
    FAILED = "failed"


class VectorHit(Value):
    """A memory near a text; `similarity` is the cosine of the two vectors, in [-1, 1]."""

    memory_id: UUID
    similarity: float


class VectorHits(Value):
    """The nearest memories, best first; empty unless `state` is ready."""

    hits: tuple[VectorHit, ...] = ()
    state: IndexState
    pending: int = 0
    """Jobs of this bot that were still to do; 0 when the index could not be asked."""
    embedding_ms: float = 0.0
    """Time to turn the text into a vector; 0 when it was remembered."""
    search_ms: float = 0.0
    message: str = ""
    """A sentence for a person when `state` is failed or off; empty otherwise."""


class IndexStatus(Value):
    """How far the index is. Without a process the counts are the last ones heard."""

    state: IndexState
    pending: int = 0
    """Jobs not yet done, the failing ones included."""
    done: int = 0
    """Live memories whose vector is in the index."""
    total: int = 0
    """Live memories."""
    model: str | None = None
    message: str = ""


class ReconcileReport(Value):
    """Rows against vectors, both ways; what already waits as a job is not counted.

    All three are 0 in a healthy home. When `state` is not ready nothing was compared.
    """

    state: IndexState
    checked: int = 0
    """Vectors that were found and compared."""
    without_vector: int = 0
    """Live memories that have no vector of their present text and model, and no job to get one."""
    lost: int = 0
    """Vectors that the store believes in and the index does not have."""
    stray: int = 0
    """Vectors that no live memory has; they cost space and never surface."""
    repaired: bool = False
    """Whether a job was made for each of them."""
    message: str = ""
