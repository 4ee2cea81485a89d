"""Whatever is typed, the filter line answers: with a filter that can be said again, or politely."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.core.memory.filter_terms import MemoryFilter
from backend.core.memory.keywords import content_words, exact_pieces, leans_to_keywords
from backend.core.memory.query import parse_filter, suggestions, word_start
from backend.infra.sqlite.filter_sql import compile_filter, fts_string
from backend.types.errors import InvalidFilter

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

signs = st.sampled_from('ab1 -"():,|<>=\\/.*é東☕\0\x1b\u0301\ud83d')
scraps = st.sampled_from(
    (
        *(
            "cat:",
            "fact",
            "imp>=3",
            "is:pinned",
            "age>",
            "30d",
            " or ",
            " and ",
            "-",
            "(",
            ")",
            '"',
        ),
        *(
            "tag:",
            "by:",
            "created:2026-05",
            "accessed",
            " ",
            "x",
            "-accessed",
            "imp:1,2",
            "->",
            "--x",
        ),
    )
)
typed = st.one_of(
    st.text(max_size=40),
    st.text(signs, max_size=30),
    st.lists(st.one_of(scraps, st.text(signs, max_size=3)), max_size=14).map("".join),
)

values = st.one_of(
    st.text("abé東1.", min_size=1, max_size=5),
    st.text('ab ,|()":<', max_size=5).map(lambda t: '"' + t.replace('"', '""') + 'z"'),
)
conditions = st.one_of(
    st.sampled_from(
        ["cat:fact", "cat:pref|dec", "is:pinned,deleted", "imp:3,4", "imp>2", "age<1y"]
    ),
    st.sampled_from(
        ["created:2026", "updated<=2026-02-28", "accessed", "uses>0", "a", "f(x)", ">x"]
    ),
    st.builds("{}{}".format, st.sampled_from(["tag:", "by:", "source=", "session:"]), values),
    values.filter(lambda value: value.startswith('"')),
)


def _joined(terms: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    groups = st.lists(terms, min_size=1, max_size=3)
    return st.one_of(
        groups.map(" ".join),
        groups.map(" or ".join),
        groups.map(" or ".join).map("({})".format),
        groups.map(" ".join).map("-({})".format),
    )


lines = st.one_of(conditions, _joined(conditions), _joined(_joined(conditions)))


def _answer(text: str) -> MemoryFilter | InvalidFilter:
    try:
        return parse_filter(text)
    except InvalidFilter as refusal:
        return refusal


@given(text=typed)
@example(text="-(>x)")
@example(text="-(-or)")
@example(text="a or or")
@example(text='tag:">x"')
def test_any_line_is_a_filter_or_a_polite_refusal_and_a_filter_can_be_said_again(text: str) -> None:
    answer = _answer(text)

    if isinstance(answer, InvalidFilter):
        assert 0 <= answer.position <= len(text)
        assert str(answer).isprintable()
    else:
        assert parse_filter(str(answer)) == answer


@given(line=lines)
def test_a_line_by_the_grammar_always_parses_and_comes_back_equal(line: str) -> None:
    filter = parse_filter(line)

    assert parse_filter(str(filter)) == filter


@given(text=typed, cursor=st.integers(-3, 60))
def test_completion_never_fails_and_extends_what_is_typed(text: str, cursor: int) -> None:
    start = word_start(text, cursor)

    for suggestion in suggestions(text, cursor):
        assert suggestion.casefold().startswith(text[start : max(cursor, 0)].casefold())


@pytest.fixture(scope="module")
def database() -> Iterator[sqlite3.Connection]:
    script = files("backend.infra.sqlite") / "migrations" / "0001_initial.sql"
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(script.read_text(encoding="utf-8"))
        connection.execute(
            "INSERT INTO bots (id, slug, name, status, created_at, updated_at, revision)"
            " VALUES ('b', 'ana', 'Ana', 'active', 0, 0, 1)"
        )
        connection.execute(
            "INSERT INTO memories (id, bot_id, fact, fact_hash, category, importance, status,"
            " source_kind, created_at, updated_at, revision, written_on)"
            " VALUES ('m', 'b', 'a fact é 東京 ☕', x'00', 'fact', 3, 'live', 'user', 0, 0, 1, '')"
        )
        yield connection


@given(text=st.one_of(typed, lines), typing=st.booleans())
def test_every_filter_runs_and_a_minus_admits_exactly_the_rest(
    database: sqlite3.Connection, text: str, typing: bool
) -> None:
    wanted, rest = _answer(f"is:live ({text})"), _answer(f"is:live -({text})")
    if isinstance(wanted, InvalidFilter) or isinstance(rest, InvalidFilter):
        return

    counts = []
    for filter in (wanted, rest):
        condition = compile_filter(filter, now=NOW, typing=typing)
        query = f"SELECT count(*) FROM memories AS m WHERE {condition.where}"
        counts.append(database.execute(query, condition.parameters).fetchone()[0])
    assert sorted(counts) in ([0, 1], [0, 0])


@given(text=st.one_of(typed, st.text()).filter(lambda text: text.isprintable() or "\0" in text))
def test_any_word_of_any_question_is_a_query_that_fts_accepts(
    database: sqlite3.Connection, text: str
) -> None:
    text = text.encode(errors="replace").decode()
    leans_to_keywords(text)

    for piece in (*content_words(text), *exact_pieces(text)):
        for table in ("memories_stem", "memories_trigram"):
            database.execute(
                f"SELECT rowid FROM {table} WHERE {table} MATCH ?", (fts_string(piece),)
            ).fetchall()
