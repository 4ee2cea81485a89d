"""What a search or a recall answers."""

from __future__ import annotations

from backend.types.base import Value, Word
from backend.types.memory import RankedMemory, ScoreParts


class RecallLegs(Word):
    """Which legs a search asks; one alone orders by its own score, to measure what it is worth."""

    BOTH = "both"
    KEYWORDS = "keywords"
    MEANING = "meaning"


class WhyNot(Word):
    """Why a near miss was not handed over."""

    BELOW_THRESHOLD = "below threshold"
    BEYOND_LIMIT = "beyond the number asked for"
    TWIN = "nearly the same as another result"
    OVER_BUDGET = "over the token budget"


class NearMiss(Value):
    """A memory that was considered and left out."""

    memory: RankedMemory
    why: WhyNot


class RecallTimings(Value):
    """Milliseconds: what the query's vector, the vector leg and the keyword leg took, and the rest.

    The legs run at the same time; `ours` is joining, authorising and ranking.
    """

    embedding: float = 0.0
    vectors: float = 0.0
    keywords: float = 0.0
    ours: float = 0.0


class RecallAnswer(Value):
    """Ranked memories, best first. `vectors` is "ready", "starting", "off" or "failed": anything
    but ready means that the words alone decided; `pending` counts memories not yet in the index."""

    query: str
    bot: str
    results: tuple[RankedMemory, ...]
    near_misses: tuple[NearMiss, ...] = ()
    vectors: str
    pending: int = 0
    message: str = ""
    timings: RecallTimings = RecallTimings()


class RankedRow(Value):
    """A row of a list with its score in [0, 1] (the classic profile's may pass 1)."""

    row: int
    score: float
    parts: ScoreParts


class RankedRows(Value):
    """Rows of a list, best first; `vectors` and `pending` as in `RecallAnswer`."""

    rows: tuple[RankedRow, ...]
    vectors: str
    pending: int = 0
    message: str = ""
