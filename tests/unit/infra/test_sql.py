"""Every SQL constant is explained against the migrated schema; hot ones may not read whole tables.

A wrong column fails here in a millisecond. What reads everything on purpose says why in
`READS_EVERYTHING`; the list only shrinks.
"""

from __future__ import annotations

import re
import sqlite3
from importlib import import_module
from pathlib import Path

import pytest

from backend.infra.sqlite import views
from backend.types.memory import MemorySort

FOLDER = Path(views.__file__).parent
_SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s", re.IGNORECASE)
_PREFIX_OF_ANOTHER = {"memories.WITH_HASH": " (?, ?)"}
"""Constants that are completed where they are used, and how."""

READS_EVERYTHING = {
    "bots.ALL": "all bots are asked for: there are tens",
    "bots.COUNTS": "the counts of all bots",
    "filters.ALL": "all saved filters are asked for",
    "health.FAILING": "the doctor; jobs are short-lived",
    "health.LAST_IMAGES": "the doctor compares every row",
    "health.RETRY": "the doctor; jobs are short-lived",
    "health.UNKNOWN_ROWS": "the doctor compares every row",
    "index_jobs.BOTS_WITH_VECTORS": "all bots, once a start of the index process",
    "index_jobs.BOT_IDS": "all bots, once a start of the index process",
    "index_jobs.DUE": "reads the queue in its order, up to a limit",
    "index_jobs.LIVE": "counts the memories of all bots",
    "index_jobs.LIVE_WITHOUT_VECTOR": "reconciling compares every row",
    "index_jobs.LIVE_WITH_JOB": "counts the queue; it is short",
    "index_jobs.PENDING": "counts the queue",
    "index_jobs.VECTOR_WITHOUT_LIVE": "reconciling compares every row",
    "journal.HEAD": "the table has one row",
    "journal.LAST": "ends at the first row",
    "journal.VERIFY_EVENTS": "verifying reads the whole journal",
    "journal.VERIFY_PAYLOADS": "verifying reads the whole journal",
    "recall_reads.ALL": "counts the home's memories, for the rarity of a word; 0.1 ms at 10,000",
    "store.PENDING_JOBS": "counts the queue; it is short",
    "views.BY_CATEGORY": "statistics",
    "views.BY_IMPORTANCE": "statistics",
    "views.BY_MONTH": "statistics",
    "views.BY_STATUS": "statistics",
    "views.COUNT": "also counts all bots; an index alone answers it",
    "views.INDEXED": "statistics",
    "views.PENDING": "counts the queue; it is short",
    "views.TOTALS": "statistics",
}
_HARMLESS = re.compile(
    r"SCAN (json_each|\w+ VIRTUAL TABLE|\(?subquery|CONSTANT ROW|\d+ CONSTANT ROWS)", re.IGNORECASE
)


def constants() -> dict[str, str]:
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        module = import_module(f"backend.infra.sqlite.{path.stem}")
        for name, value in vars(module).items():
            key = f"{path.stem}.{name}"
            public = name.isupper() and not name.startswith("_")
            if public and isinstance(value, str) and _SQL.match(value) and "{" not in value:
                found[key] = value + _PREFIX_OF_ANOTHER.get(key, "")
    return found


def plan(connection: sqlite3.Connection, sql: str) -> list[str]:
    rows = connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters(sql))
    return [str(row[3]) for row in rows]


def parameters(sql: str) -> dict[str, None] | tuple[None, ...]:
    names = re.findall(r":([a-z_]\w*)", sql)
    return dict.fromkeys(names) if names else (None,) * sql.count("?")


def scans(connection: sqlite3.Connection, sql: str) -> list[str]:
    return [
        step
        for step in plan(connection, sql)
        if step.startswith("SCAN") and not _HARMLESS.match(step)
    ]


SQL = constants()


def test_the_constants_are_found_in_every_module_that_has_some() -> None:
    assert {key.partition(".")[0] for key in SQL} == {
        "bots", "filters", "health", "index_jobs", "journal", "memories", "recall_reads", "store",
        "views",
    }  # fmt: skip
    assert len(SQL) > 60


@pytest.mark.parametrize("name", SQL)
def test_each_statement_fits_the_migrated_schema(name: str, connection: sqlite3.Connection) -> None:
    assert connection.execute(f"EXPLAIN {SQL[name]}", parameters(SQL[name])).fetchall()


@pytest.mark.parametrize("name", sorted(SQL.keys() - READS_EVERYTHING.keys()))
def test_no_hot_statement_reads_a_whole_table(name: str, connection: sqlite3.Connection) -> None:
    assert scans(connection, SQL[name]) == []


@pytest.mark.parametrize("name", sorted(READS_EVERYTHING))
def test_an_exemption_is_still_needed(name: str, connection: sqlite3.Connection) -> None:
    assert scans(connection, SQL[name]) != []


@pytest.mark.parametrize("sort", MemorySort)
def test_a_list_of_one_bot_reads_the_rows_of_that_bot_alone(
    sort: MemorySort, connection: sqlite3.Connection
) -> None:
    sql = views.KEYS.format(
        bot="m.bot_id = :bot", where="m.status = 'live'", order=views._ORDERS[sort]
    )

    assert scans(connection, sql) == []


@pytest.mark.parametrize("sort", [MemorySort.NEWEST, MemorySort.OLDEST])
def test_a_list_by_age_is_read_in_the_order_of_its_index(
    sort: MemorySort, connection: sqlite3.Connection
) -> None:
    sql = views.KEYS.format(
        bot="m.bot_id = :bot", where="m.status = 'live'", order=views._ORDERS[sort]
    )

    assert [step for step in plan(connection, sql) if "USE TEMP B-TREE" in step] == []
