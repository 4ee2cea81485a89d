"""How long a search takes, part by part, beside numpy's brute force over vectors of the same shape.

    uv run python -m tests.benchmarks.recall [--sizes 1000,10000,50000] [--queries 60] [--json]

Memories of one bot; one row in twenty may not be answered (deleted, or another bot's). Median and
95th percentile in milliseconds. `without_embedding` is the whole search as the caller waits for it,
less the time that the model took for the question. The limits hold for 10,000 memories.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np

from backend import Backend, open_backend
from backend.types import Actor, MemoryDraft, RecallAnswer

LIMITS = {"without_embedding": (30.0, 60.0), "ours": (5.0, None)}
_SESSION = 25
_DIMENSION = 384
_WORDS = """
Ana Ben Chi Dan Eva Finn Gul Hana Ivo Jun Kaya Lev Mona Nils Olga Pia
likes avoids tested moved repaired ordered painted reviewed lost found sold learned
bicycle violin backup server garden kitchen contract invoice router camera recipe sofa ticket boat \
lamp keyboard printer novel translation budget passport window ladder heater compiler calendar \
festival puzzle telescope notebook suitcase curtain engine harbour museum orchard pillow quilt \
raincoat saddle teapot umbrella vineyard workshop zipper anchor basket candle
"""
_WHO, _DOES, _WHAT = (line.split() for line in _WORDS.strip().splitlines())
_HOW = (
    "in the morning",
    "before the deadline",
    "near the station",
    "with her sister",
    "after the storm",
    "for the annual report",
    "on the second floor",
    "without any help",
    "because of the noise",
    "at the old harbour",
    "during the long holiday",
    "under the red roof",
)


def facts(count: int, dice: random.Random) -> list[MemoryDraft]:
    """Return different facts of everyday length, in sessions of 25, over five years."""
    begun = datetime(2021, 11, 1, tzinfo=UTC)
    return [
        MemoryDraft(
            fact=(
                f"{dice.choice(_WHO)} {dice.choice(_DOES)} the {dice.choice(_WHAT)} and the "
                f"{dice.choice(_WHAT)} {dice.choice(_HOW)}, note {number}"
            ),
            session_id=f"session {number // _SESSION}",
            created_at=begun + timedelta(hours=number * 43_800 / count),
        )
        for number in range(count)
    ]


def questions(count: int, dice: random.Random) -> list[str]:
    """Return questions that share words with many facts."""
    return [
        f"What did {dice.choice(_WHO)} do with the {dice.choice(_WHAT)} {dice.choice(_HOW)}?"
        for _ in range(count)
    ]


async def measure(size: int, queries: int) -> dict[str, dict[str, float]]:
    """Return part → median and p95 in milliseconds, for a bot of `size` memories."""
    dice = random.Random(size)
    with tempfile.TemporaryDirectory(prefix="recall-") as home:
        async with open_backend(Path(home), wait_for_index=60.0) as backend:
            bot = await _filled(backend, size, dice)
            await _indexed(backend)
            asked = questions(queries + 5, dice)
            times: dict[str, list[float]] = {}
            for place, question in enumerate(asked):
                begun = time.perf_counter()
                answer = await backend.recall.search(bot, question)
                waited = (time.perf_counter() - begun) * 1000
                if place >= 5:  # the first few open files and collections
                    for part, took in _parts(answer, waited).items():
                        times.setdefault(part, []).append(took)
    times["numpy_brute_force"] = _brute_force(size, queries)
    return {part: _summary(took) for part, took in times.items()}


async def _filled(backend: Backend, size: int, dice: random.Random) -> UUID:
    """Add the memories; of twenty one goes to the trash or belongs to another bot."""
    mine = await backend.bots.add("Measured", actor=Actor.user())
    other = await backend.bots.add("Other", actor=Actor.user())
    drafts = facts(size + size // 20, dice)
    kept = size + size // 40
    await backend.exchange.import_drafts(mine.id, drafts[:kept], actor=Actor.user())
    await backend.exchange.import_drafts(other.id, drafts[kept:], actor=Actor.user())
    rows = await backend.memories.keys(mine.id)
    trash = await backend.memories.entries(rows[:: len(rows) // (kept - size)][: kept - size])
    await backend.memories.delete([entry.id for entry in trash], actor=Actor.user())
    return mine.id


async def _indexed(backend: Backend) -> None:
    while True:
        status = await backend.index.status()
        if status.state == "failed":
            raise SystemExit(f"The index failed: {status.message}")
        if status.state == "ready" and status.pending == 0 and status.done == status.total:
            return
        await asyncio.sleep(0.5)


def _parts(answer: RecallAnswer, waited: float) -> dict[str, float]:
    if answer.vectors != "ready":
        raise SystemExit(f"The index is {answer.vectors}: {answer.message}")
    timings = answer.timings
    return {
        "embedding": timings.embedding,
        "vectors": timings.vectors,
        "keywords": timings.keywords,
        "ours": timings.ours,
        "without_embedding": waited - timings.embedding,
    }


def _brute_force(size: int, queries: int) -> list[float]:
    """Return how long numpy alone takes for the cosines and the best 50."""
    dice = np.random.default_rng(size)
    vectors = dice.standard_normal((size, _DIMENSION), dtype=np.float32)
    took = []
    for query in dice.standard_normal((queries, _DIMENSION), dtype=np.float32):
        begun = time.perf_counter()
        scores = vectors @ query
        best = np.argpartition(-scores, 50)[:50]
        best[np.argsort(-scores[best])]
        took.append((time.perf_counter() - begun) * 1000)
    return took


def _summary(took: list[float]) -> dict[str, float]:
    p95 = statistics.quantiles(took, n=20)[-1]
    return {"median": round(statistics.median(took), 2), "p95": round(p95, 2)}


def main() -> None:
    """Print the figures, as a table or as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", default="1000,10000,50000")
    parser.add_argument("--queries", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures: dict[int, dict[str, dict[str, float]]] = {}
    for size in map(int, options.sizes.split(",")):
        figures[size] = asyncio.run(measure(size, options.queries))
        if not options.json:
            _print(size, figures[size])
    if options.json:
        print(json.dumps(figures, indent=2))


def _print(size: int, parts: dict[str, dict[str, float]]) -> None:
    print(f"{size:,} memories{'median':>14}{'p95':>9}   limit at 10,000 (ms)")
    for part, summary in parts.items():
        median, p95 = LIMITS.get(part, ("", ""))
        limit = f"{median} / {p95}" if p95 else str(median)
        print(f"  {part:<20}{summary['median']:9.2f}{summary['p95']:9.2f}   {limit}")


if __name__ == "__main__":
    main()
