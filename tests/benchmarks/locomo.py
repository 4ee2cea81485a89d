"""LoCoMo through the façade: does recall find what answers a question?

    uv run python -m tests.benchmarks.locomo FILE [--json]

Per kind of memory (turns, observations) and leg: R@5 and R@10 (share of the gold among the first,
averaged over questions) and MRR, over categories 1-4; with category 5 under "all". "keyword" and
"dense" are the bare legs; "words" is what a home without an embedder answers.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from backend import Backend, open_backend
from backend.types import Actor, RecallLegs
from tests.benchmarks.locomo_data import (
    ADVERSARIAL,
    Dialogue,
    Question,
    fact_key,
    read_observations,
    read_turns,
)

DEPTH = 50
Search = Callable[[UUID, str], Awaitable[list[str]]]
Scores = dict[str, float]


async def measure(dialogues: list[Dialogue], home: Path) -> dict[str, list[list[Scores]]]:
    """Return leg → dialogue → question → scores; the first leg leaves out the embedder."""
    found: dict[str, list[list[Scores]]] = {"words": [], "keyword": [], "dense": [], "hybrid": []}
    environ = {"BOTERNITY_EMBEDDER_ENGINE": "none"}
    async with open_backend(home, environ=environ) as backend:
        bots = [await _bot(backend, each) for each in dialogues]
        found["words"] = await _ask(_search(backend, RecallLegs.BOTH), bots, dialogues)
    async with open_backend(home, wait_for_index=60.0) as backend:
        await _indexed(backend)
        for leg, legs in (
            ("keyword", RecallLegs.KEYWORDS),
            ("dense", RecallLegs.MEANING),
            ("hybrid", RecallLegs.BOTH),
        ):
            found[leg] = await _ask(_search(backend, legs, vectors=True), bots, dialogues)
    return found


async def _bot(backend: Backend, dialogue: Dialogue) -> UUID:
    bot = await backend.bots.add(dialogue.name, actor=Actor.user())
    await backend.exchange.import_drafts(bot.id, dialogue.drafts, actor=Actor.user())
    return bot.id


async def _indexed(backend: Backend) -> None:
    while True:
        status = await backend.index.status()
        if status.state == "failed":
            raise SystemExit(f"The index failed: {status.message}")
        if status.state == "ready" and status.pending == 0 and status.done == status.total:
            return
        await asyncio.sleep(0.5)


def _search(backend: Backend, legs: RecallLegs, *, vectors: bool = False) -> Search:
    async def search(bot: UUID, question: str) -> list[str]:
        answer = await backend.recall.search(bot, question, k=DEPTH, legs=legs)
        if vectors and answer.vectors != "ready":
            raise SystemExit(f"The index is {answer.vectors}: {answer.message}")
        return [fact_key(each.entry.fact) for each in answer.results]

    return search


async def _ask(search: Search, bots: list[UUID], dialogues: list[Dialogue]) -> list[list[Scores]]:
    return [
        [_scores(await search(bot, each.text), each) for each in dialogue.questions]
        for bot, dialogue in zip(bots, dialogues, strict=True)
    ]


def _scores(found: list[str], question: Question) -> Scores:
    first = next((place for place, fact in enumerate(found, 1) if fact in question.gold), None)
    return {
        "r5": len(question.gold & set(found[:5])) / len(question.gold),
        "r10": len(question.gold & set(found[:10])) / len(question.gold),
        "mrr": 1 / first if first else 0.0,
    }


def _mean(scores: list[Scores]) -> Scores:
    return {
        key: round(sum(each[key] for each in scores) / len(scores), 4)
        for key in ("r5", "r10", "mrr")
    }


def report(dialogues: list[Dialogue], found: dict[str, list[list[Scores]]]) -> dict[str, object]:
    """Return leg → means over categories 1-4, the same over all, and R@10 by dialogue."""
    judged = [
        [place for place, each in enumerate(dialogue.questions) if each.category != ADVERSARIAL]
        for dialogue in dialogues
    ]
    means: dict[str, Any] = {}
    means["all"] = {
        leg: _mean([each for scores in by_dialogue for each in scores])
        for leg, by_dialogue in found.items()
    }
    kept = {
        leg: [
            [scores[place] for place in places] for scores, places in zip(by, judged, strict=True)
        ]
        for leg, by in found.items()
    }
    means["dialogues"] = {
        dialogue.name: {leg: _mean(by[place])["r10"] for leg, by in kept.items()}
        for place, dialogue in enumerate(dialogues)
    }
    for leg, by in kept.items():
        means[leg] = _mean([each for scores in by for each in scores])
    return means


async def run(path: Path) -> dict[str, dict[str, Any]]:
    """Return the figures of turns and of observations."""
    figures = {}
    for kind, read in (("turns", read_turns), ("observations", read_observations)):
        dialogues = read(path)
        with tempfile.TemporaryDirectory(prefix="locomo-") as home:
            figures[kind] = report(dialogues, await measure(dialogues, Path(home)))
    return figures


def main() -> None:
    """Print the figures, as a table or as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = asyncio.run(run(options.file))
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    for kind, means in figures.items():
        print(f"{kind:<14}{'R@5':>8}{'R@10':>8}{'MRR':>8}")
        for leg in ("keyword", "dense", "hybrid", "words"):
            mean = means[leg]
            print(f"  {leg:<12}" + "".join(f"{mean[key]:8.3f}" for key in ("r5", "r10", "mrr")))


if __name__ == "__main__":
    main()
