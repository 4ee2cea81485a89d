"""From relevance to the final score: importance, use and age, each bounded, none able to take over.

`tests/properties/test_ranking.py` holds the bounds and directions.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import NamedTuple

from backend.types.memory import MemoryCategory

HALF_LIVES = {
    MemoryCategory.PREFERENCE: timedelta(days=365),
    MemoryCategory.FACT: timedelta(days=365),
    MemoryCategory.CORRECTION: timedelta(days=365),
    MemoryCategory.DECISION: timedelta(days=180),
    MemoryCategory.CONTEXT: timedelta(days=14),
}
"""How long until half of a memory's freshness is gone; our own judgement of how long each holds."""

_RELEVANCE, _IMPORTANCE, _REINFORCEMENT, _TIME = 0.85, 0.06, 0.03, 0.06
_MANY_USES = 20
_CLASSIC_HALF_LIFE = timedelta(days=30)


class Standing(NamedTuple):
    """What a memory is worth whatever is asked. `fresh_at`: last confirmed, recalled by an agent,
    or else written."""

    category: MemoryCategory
    importance: int
    pinned: bool
    uses: int
    fresh_at: datetime


def time_weight(at: datetime, half_life: timedelta, *, now: datetime, floor: float = 0.5) -> float:
    """Return what age leaves of a score, in [floor, 1]; each `half_life` halves the way to `floor`.

    A time in the future (an import, a clock set back) counts as fresh.
    """
    age = max(now - at, timedelta(0))
    return floor + (1 - floor) * math.exp2(-(age / half_life))


def importance_part(importance: int) -> float:
    """Return 0 for importance 1, 1 for importance 5."""
    return (importance - 1) / 4


def reinforcement_part(uses: int) -> float:
    """Return 0 for a memory never recalled, 1 from 19 recalls on; each further one adds less."""
    return min(math.log1p(uses) / math.log1p(_MANY_USES), 1.0)


def time_part(standing: Standing, *, now: datetime) -> float:
    """Return what age leaves, in [0.5, 1]; a pinned memory does not age."""
    if standing.pinned:
        return 1.0
    return time_weight(standing.fresh_at, HALF_LIVES[standing.category], now=now)


def bounded_score(relevance: float, standing: Standing, *, now: datetime) -> float:
    """Return the weighted sum of relevance, importance, use and age, in [0, 1].

    Relevance has 0.85 of it: everything else together decides between near equals only.
    """
    return (
        _RELEVANCE * relevance
        + _IMPORTANCE * importance_part(standing.importance)
        + _REINFORCEMENT * reinforcement_part(standing.uses)
        + _TIME * time_part(standing, now=now)
    )


def classic_score(similarity: float, standing: Standing, *, now: datetime) -> float:
    """Return the product that the reference implementation ranks by; not bounded by 1.

    similarity × 0.5^(days/30) × (1 + 0.1·ln(1 + uses)) × (0.6 + 0.1·(importance − 1)). It leaves a
    critical one-year-old fact at 0.0002, which is why it is not the default (memory.md).
    """
    age = max(now - standing.fresh_at, timedelta(0))
    return (
        max(similarity, 0.0)
        * math.exp2(-(age / _CLASSIC_HALF_LIFE))
        * (1 + 0.1 * math.log1p(standing.uses))
        * (0.6 + 0.1 * (standing.importance - 1))
    )
