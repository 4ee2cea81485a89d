"""`boternity recall` and `boternity memory search`: what a bot knows about something, and why."""

from __future__ import annotations

from collections.abc import Sequence

import click
from pydantic import JsonValue

from backend import Backend
from backend.types import RankedMemory, RecallAnswer, ScoreParts
from tui.cli.base import INDEX_PATIENCE, TextCommand, act_on_home, chosen_bot, session, utf8
from tui.cli.memories import short
from tui.cli.output import Column, json_out, note, out, table

_PART_TITLES = {"importance": "IMP", "reinforcement": "USE"}
_RESULTS = "At most N [default: the setting recall.results]."


@click.command(
    cls=TextCommand,
    bot=True,
    examples=[
        'boternity memory search "which port" -b ana',
        "boternity memory search tea -k 3 --json",
    ],
    epilog="Words and meaning both count. What a filter decides stands in “memory list”.",
)
@click.argument("query_words", metavar="QUERY", nargs=-1, required=True, type=utf8)
@click.option("-k", "count", type=int, metavar="N", help=_RESULTS)
@click.option(
    "--min-similarity", type=click.FloatRange(-1, 1), metavar="X", help="Least similarity."
)
@click.option("--explain", is_flag=True, help="Show the parts of each score.")
def search(
    query_words: Sequence[str], count: int | None, min_similarity: float | None, explain: bool
) -> None:
    """Find the memories that fit a few words best, with their scores."""

    async def act(backend: Backend) -> RecallAnswer:
        bot = await chosen_bot(backend)
        return await backend.recall.search(
            bot, " ".join(query_words), k=count, min_similarity=min_similarity
        )

    answer = act_on_home(act, wait_for_index=INDEX_PATIENCE, busy="Searching")
    if session().json:
        json_out(
            {
                "query": answer.query,
                "bot": answer.bot,
                "results": [_result_json(each) for each in answer.results],
                **_index_json(answer),
            }
        )
        return
    _print_results(answer, explain=explain)
    if not answer.results:
        note(f"{answer.bot} knows nothing about this.")
    _tell_index(answer)


@click.command(
    cls=TextCommand,
    bot=True,
    examples=['boternity recall "Book me a table for tonight" -b ana --explain'],
)
@click.argument("prompt_words", metavar="PROMPT", nargs=-1, required=True, type=utf8)
@click.option("-k", "count", type=int, metavar="N", help=_RESULTS)
@click.option(
    "--min-similarity", type=click.FloatRange(-1, 1), metavar="X", help="Least similarity."
)
@click.option("--budget", type=click.IntRange(1), metavar="TOKENS", help="Hand over no more.")
@click.option("--explain", is_flag=True, help="Show the parts of each score, and the near misses.")
def recall(
    prompt_words: Sequence[str],
    count: int | None,
    min_similarity: float | None,
    budget: int | None,
    explain: bool,
) -> None:
    """Show what the bot would be given for a prompt. Looking does not count as use."""

    async def act(backend: Backend) -> RecallAnswer:
        bot = await chosen_bot(backend)
        return await backend.recall.recall(
            bot,
            " ".join(prompt_words),
            k=count,
            min_similarity=min_similarity,
            budget_tokens=budget,
            explain=True,
        )

    answer = act_on_home(act, wait_for_index=INDEX_PATIENCE, busy="Recalling")
    if session().json:
        json_out(
            {
                "bot": answer.bot,
                "prompt": answer.query,
                "results": [_result_json(each) for each in answer.results],
                "near_misses": [
                    {**_result_json(miss.memory), "why": miss.why.value}
                    for miss in answer.near_misses
                ],
                **_index_json(answer),
            }
        )
        return
    _print_results(answer, explain=explain)
    if not answer.results:
        note(f"{answer.bot} would be given nothing.")
    if explain and answer.near_misses:
        out("\nNear misses")
        columns = [Column("ID"), Column("SCORE", align="right"), Column("WHY"), Column("FACT")]
        rows = [
            (
                short(miss.memory.entry.id),
                f"{miss.memory.relevance_score:.2f}",
                miss.why.value,
                miss.memory.entry.fact,
            )
            for miss in answer.near_misses
        ]
        table(columns, rows)
    _tell_index(answer)


def _result_json(memory: RankedMemory) -> dict[str, JsonValue]:
    entry = memory.entry.model_dump(mode="json")
    return {
        "id": entry["id"],
        "fact": entry["fact"],
        "category": entry["category"],
        "importance": entry["importance"],
        "relevance_score": memory.relevance_score,
        "distance": memory.distance,
        "parts": memory.parts.model_dump(mode="json"),
        "provenance": memory.provenance,
        "tags": entry["tags"],
        "pinned": entry["pinned"],
        "session_id": entry["session_id"],
        "created_at": entry["created_at"],
    }


def _index_json(answer: RecallAnswer) -> dict[str, JsonValue]:
    return {"vectors": answer.vectors, "pending": answer.pending, "message": answer.message}


def _print_results(answer: RecallAnswer, *, explain: bool) -> None:
    if not answer.results:
        return
    names = [_PART_TITLES.get(name, name.upper()) for name in ScoreParts.model_fields]
    parts = [Column(name, align="right") for name in names]
    written = any(memory.provenance for memory in answer.results)
    columns = [Column("ID"), Column("SCORE", align="right"), *(parts if explain else [])]
    columns += [Column("FROM", 30)] if written else []
    rows = []
    for memory in answer.results:
        row = [short(memory.entry.id), f"{memory.relevance_score:.2f}"]
        row += [f"{part:.2f}" for part in dict(memory.parts).values()] if explain else []
        row += [memory.provenance or ""] if written else []
        rows.append([*row, memory.entry.fact])
    table([*columns, Column("FACT")], rows)


def _tell_index(answer: RecallAnswer) -> None:
    """Say when the words alone decided, or when newer memories could be missing."""
    if answer.vectors != "ready":
        reason = answer.message or f"The index of meanings is {answer.vectors}."
        note(f"Found by words alone. {reason}")
    elif answer.pending:
        note(f"{answer.pending:,} memories are not in the index yet; words found them all.")
