"""The filter language and the keyword queries against real rows and the real schema."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import files

import pytest

from backend.core.memory.query import MAX_DEPTH, MAX_TERMS, parse_filter
from backend.infra.sqlite.filter_sql import compile_filter, fts_string

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


ROWS: dict[str, dict[str, object]] = {
    "dark": {
        "fact": "Prefers dark mode while dancing",
        "category": "preference",
        "importance": 4,
        "tags": ["home", "Two Words"],
        "pinned": 1,
    },
    "light": {"fact": "Light mode, dark coffee", "source_kind": "bot", "source_name": "ana"},
    "host": {
        "fact": "The staging host is heron:5432 (see /etc/hosts)",
        "category": "correction",
        "importance": 5,
        "tags": ["work"],
        "source_kind": "import",
        "source_name": "markdown",
        "source_where": "docs/CLAUDE.md:31",
    },
    "cafe": {"fact": "Meets Élodie at the CAFÉ", "tags": ["Öl", 'say "hi"']},
    "tokyo": {"fact": "東京の天気は雨", "tags": ["旅行"], "session_id": "4f21-b"},
    "emoji": {"fact": "Drinks ☕ → twice a day", "session_id": "4f21"},
    "cpp": {"fact": "Writes C++ and C# for the user_id service", "access_count": 7},
    "old": {"fact": "Moved to Graz", "created_at": datetime(2025, 5, 31, 23, 30, tzinfo=UTC)},
    "twice": {"fact": "Runs marathons", "seen_count": 3, "importance": 1},
    "gone": {"fact": "Deleted dark secret", "status": "deleted", "pinned": 1},
    "stale": {"fact": "Used the falcon host", "status": "superseded"},
    "hostile": {"fact": 'NUL\0inside "quoted" * NEAR(a b)'},
}


@pytest.fixture(scope="module")
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    migrations = files("backend.infra.sqlite") / "migrations"
    connection.executescript((migrations / "0001_initial.sql").read_text(encoding="utf-8"))
    connection.execute(
        "INSERT INTO bots (id, slug, name, status, created_at, updated_at, revision)"
        " VALUES ('b', 'ana', 'Ana', 'active', 0, 0, 1)"
    )
    for name, given in ROWS.items():
        row = {
            "id": name,
            "bot_id": "b",
            "fact_hash": name.encode(),
            "category": "fact",
            "importance": 3,
            "status": "live",
            "source_kind": "user",
            "created_at": NOW - timedelta(days=1),
            "updated_at": _micros(NOW),
            "revision": 1,
            "written_on": "9 May 2026, Saturday",
            **given,
            "tags": json.dumps(given.get("tags", []), ensure_ascii=False),
        }
        created_at = row["created_at"]
        assert isinstance(created_at, datetime)
        row["created_at"] = _micros(created_at)
        names = ", ".join(f":{column}" for column in row)
        connection.execute(f"INSERT INTO memories ({', '.join(row)}) VALUES ({names})", row)
    yield connection
    connection.close()


def _admitted(
    database: sqlite3.Connection, text: str, *, typing: bool = False, now: datetime = NOW
) -> set[str]:
    condition = compile_filter(parse_filter(text), now=now, typing=typing)
    query = f"SELECT m.id FROM memories AS m WHERE m.bot_id = :bot AND {condition.where}"
    return {row[0] for row in database.execute(query, {**condition.parameters, "bot": "b"})}


LIVE = set(ROWS) - {"gone", "stale"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", LIVE),
        ("cat:preference,correction", {"dark", "host"}),
        ("imp>=4", {"dark", "host"}),
        ("imp:1,5", {"twice", "host"}),
        ("imp<3", {"twice"}),
        ("tag:home", {"dark"}),
        ("tag:HOME,work", {"dark", "host"}),
        ("tag:hom", set()),
        ('tag:"two words"', {"dark"}),
        ("tag:öl", {"cafe"}),
        ('tag:"say ""HI"""', {"cafe"}),
        ('tag:", "', set()),
        ("by:ana", {"light"}),
        ("by:bot|import", {"light", "host"}),
        ("by:markdown", {"host"}),
        ("source:claude.MD", {"host"}),
        ("source=CLAUDE.md", set()),
        ("source=docs/claude.md:31", {"host"}),
        ("session:4f2", {"tokyo", "emoji"}),
        ("session=4F21", {"emoji"}),
        ("-session:4f2", LIVE - {"tokyo", "emoji"}),
        ("accessed", {"cpp"}),
        ("-accessed", LIVE - {"cpp"}),
        ("uses>3", {"cpp"}),
        ("seen>1", {"twice"}),
        ("is:pinned", {"dark"}),
        ("is:imported", {"host"}),
        ("is:shared", set()),
        ("-is:candidate", LIVE),
        ("dark or tag:work", {"dark", "light", "host"}),
        ("dark -(coffee or secret)", {"dark"}),
    ],
)
def test_a_filter_admits(database: sqlite3.Connection, text: str, expected: set[str]) -> None:
    assert _admitted(database, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dark", {"dark", "light"}),
        ("dark is:deleted", {"gone"}),
        ("is:deleted,superseded", {"gone", "stale"}),
        ("is:pinned|deleted", {"dark", "gone"}),
        ("coffee or is:deleted", {"light", "gone"}),
        ("(coffee or is:superseded) -falcon", {"light"}),
        ("dark (is:live or is:deleted)", {"dark", "light", "gone"}),
        ("-is:live", {"gone", "stale"}),
    ],
)
def test_live_memories_are_meant_wherever_no_status_is_named(
    database: sqlite3.Connection, text: str, expected: set[str]
) -> None:
    assert _admitted(database, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dancing", {"dark"}),
        ("dance", {"dark"}),
        ("danci", set()),
        ("run", {"twice"}),
        ('"run"', set()),
        ('"dark mode"', {"dark"}),
        ('"dark light"', set()),
        ('"light mode dark"', {"light"}),
        ('"home two"', set()),
        ("work", {"host"}),
        ("cafe", {"cafe"}),
        ("ÉLODIE", {"cafe"}),
        ("heron:5432", {"host"}),
        ("/etc/hosts", {"host"}),
        ("user_id", {"cpp"}),
        ("may", set()),
        ("C++", {"cpp"}),
        ("c#", {"cpp"}),
        ("☕", {"emoji"}),
        ("→", {"emoji"}),
        ("天気は", {"tokyo"}),
        ("天気", {"tokyo"}),
        ("旅", {"tokyo"}),
        ('"東京"', {"tokyo"}),
        ("-天気", LIVE - {"tokyo"}),
        ("near", {"hostile"}),
        ("[", set()),
    ],
)
def test_free_words_find_what_a_person_means(
    database: sqlite3.Connection, text: str, expected: set[str]
) -> None:
    assert _admitted(database, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("danci", {"dark"}), ("da mo", {"dark", "light"}), ("d", {"dark", "light", "emoji"})],
)
def test_while_typing_each_word_may_be_a_beginning(
    database: sqlite3.Connection, text: str, expected: set[str]
) -> None:
    assert _admitted(database, text, typing=True) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("age>30d", {"old"}),
        ("age>1y", {"old"}),
        ("age<24h", set()),
        ("age<=24h", LIVE - {"old"}),
        ("age>99999y", set()),
        ("created:2025", {"old"}),
        ("created:2025-05", {"old"}),
        ("created:2025-05-31", {"old"}),
        ("created:2025-06", set()),
        ("created<2025-06", {"old"}),
        ("created<=2025-05-31", {"old"}),
        ("created<2025-05-31", set()),
        ("created>2025-05-31", LIVE - {"old"}),
        ("created>=2025-05-31", LIVE),
        ("updated:2026-11-22", LIVE),
    ],
)
def test_ages_and_dates_select(database: sqlite3.Connection, text: str, expected: set[str]) -> None:
    assert _admitted(database, text) == expected


def test_days_begin_where_the_asker_is(database: sqlite3.Connection) -> None:
    vienna = NOW.astimezone(timezone(timedelta(hours=2)))

    assert _admitted(database, "created:2025-06-01", now=vienna) == {"old"}


@pytest.mark.parametrize(
    "word",
    ['"', "*", "a*", "NEAR", "AND", "OR", "NOT", "fact:", "^a", "{fact}", "a\0b", "\0", "'", ";--"],
)
@pytest.mark.parametrize("typing", [True, False])
def test_the_syntax_of_fts_and_sql_is_only_text(
    database: sqlite3.Connection, word: str, typing: bool
) -> None:
    quoted = '"' + word.replace('"', '""') + '"'

    _admitted(database, f"{quoted} -{quoted} tag:{quoted} source:{quoted}", typing=typing)
    if '"' not in word and word not in ("AND", "OR"):
        _admitted(database, word, typing=typing)
    for text in (word, quoted):
        query = fts_string(text)
        database.execute("SELECT 1 FROM memories_stem WHERE memories_stem MATCH ?", (query,))


@pytest.mark.parametrize(
    "text",
    [
        "w " * MAX_TERMS,
        " or ".join(["öl"] * MAX_TERMS),
        "tag:" + ",".join(f"ö{n}" for n in range(MAX_TERMS)),
        "a -(b or " * MAX_DEPTH + "c" + ")" * MAX_DEPTH,
    ],
    ids=["words", "alternatives", "values", "parentheses"],
)
def test_the_largest_filter_still_runs(database: sqlite3.Connection, text: str) -> None:
    _admitted(database, text, typing=True)


def test_two_conditions_never_share_a_parameter() -> None:
    condition = compile_filter(parse_filter("a b cat:fact tag:a tag:a imp>1"), now=NOW, alias="x")

    assert sorted(condition.parameters) == [f"filter_{n}" for n in range(9)]
    assert all(condition.where.count(f":{name}") == 1 for name in condition.parameters)
    assert "m." not in condition.where
