"""JSON Lines: the fields of the command contract, and a clear reason for each line refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.core.memory.importing import ImportedFact, Rejected
from backend.infra.importers.jsonl import JsonlImporter
from backend.types.memory import MemoryCategory, MemoryDraft, MemorySource, SourceKind


def _draft(line: str) -> MemoryDraft:
    [item] = JsonlImporter().read(line, where="f.jsonl")
    assert isinstance(item, ImportedFact), item
    return item.draft


def _why(line: str) -> str:
    [item] = JsonlImporter().read(line, where="f.jsonl")
    assert isinstance(item, Rejected), item
    return item.why


def test_a_line_may_say_everything_that_the_contract_names() -> None:
    draft = _draft(
        '{"fact": "Prefers dark mode", "category": "preference", "importance": 4, '
        '"tags": ["ui", "editor"], "session": "4f21", "created_at": "2023-05-09T10:00:00+02:00", '
        '"pinned": true}'
    )

    assert draft == MemoryDraft(
        fact="Prefers dark mode",
        category=MemoryCategory.PREFERENCE,
        importance=4,
        tags=("ui", "editor"),
        pinned=True,
        session_id="4f21",
        source=MemorySource(kind=SourceKind.IMPORT, name="jsonl", where="f.jsonl:1"),
        created_at=datetime(2023, 5, 9, 8, tzinfo=UTC),
    )


def test_a_fact_alone_gets_the_defaults_of_a_new_memory() -> None:
    draft = _draft('{"fact": "Lives in Lyon"}')

    assert (draft.category, draft.importance, draft.tags) == (MemoryCategory.FACT, 3, ())
    assert (draft.session_id, draft.created_at, draft.pinned) == (None, None, False)


def test_null_is_the_same_as_leaving_a_field_out() -> None:
    assert _draft('{"fact": "x", "category": null, "session": null, "tags": null}') == _draft(
        '{"fact": "x"}'
    )


def test_a_session_may_be_a_whole_number() -> None:
    assert _draft('{"fact": "x", "session": 7}').session_id == "7"


def test_a_fact_is_kept_exactly() -> None:
    assert _draft('{"fact": " \\u0000\\u001b[31m \\ud83d\\ude00\\u2028 "}').fact == (
        " \0\x1b[31m 😀\u2028 "
    )


def test_blank_lines_are_passed_over_and_counted() -> None:
    items = JsonlImporter().read('\n  \n{"fact": "x"}\n\r\n{"fact": "y"}', where="f")

    assert [item.line for item in items] == [3, 5]


def test_a_bad_line_does_not_stop_the_others() -> None:
    text = '{"fact": "one"}\n{"fact": \n{"fact": "three"}\n'

    kinds = [type(item) for item in JsonlImporter().read(text, where="f")]

    assert kinds == [ImportedFact, Rejected, ImportedFact]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{}", "“fact” is missing"),
        ('{"fact": null}', "“fact” is missing"),
        ('{"fact": "  "}', "needs a text"),
        ('{"fact": 5}', "“fact” must be a text"),
        ('{"fact": "\\ud800"}', "lone surrogate"),
        ('{"fact": "x", "session": "\\uDFFF\\ud83d"}', "lone surrogate"),
        ('{"fact": "x", "tag": ["a"]}', "“tag” is not a field of a memory: the nearest is “tags”"),
        ('{"fact": "x", "zzzz": 1}', "the fields are fact, category, importance, tags"),
        ('{"fact": "x", "category": "opinion"}', "one of preference, fact, decision, context"),
        ('{"fact": "x", "importance": 6}', "“importance” must be a whole number from 1 to 5"),
        ('{"fact": "x", "importance": "3"}', "“importance” must be a whole number"),
        ('{"fact": "x", "importance": 3.0}', "“importance” must be a whole number"),
        ('{"fact": "x", "importance": true}', "“importance” must be a whole number"),
        ('{"fact": "x", "importance": NaN}', "NaN is not a JSON number"),
        ('{"fact": "x", "importance": 1e999}', "“importance” must be a whole number"),
        ('{"fact": "x", "tags": "ui"}', "“tags” must be a list of texts"),
        ('{"fact": "x", "tags": [1]}', "“tags” must be a list of texts"),
        ('{"fact": "x", "tags": ["' + "y" * 65 + '"]}', "at most 64 characters"),
        ('{"fact": "x", "tags": ["\\ud800"]}', "lone surrogate"),
        ('{"fact": "x", "pinned": "yes"}', "“pinned” must be true or false"),
        ('{"fact": "x", "session": []}', "“session” must be a text or a whole number"),
        ('{"fact": "x", "session": true}', "“session” must be a text or a whole number"),
        ('{"fact": "x", "created_at": "2023-05-09T10:00:00"}', "a time with a zone"),
        ('{"fact": "x", "created_at": "9 May"}', "a time with a zone"),
        ('{"fact": "x", "created_at": 1700000000}', "a time with a zone"),
        ('{"fact": "x", "fact": "y"}', "the key “fact” stands twice"),
        ('{"fact": "x"} {"fact": "y"}', "one object a line"),
        ('{"fact": "x"', "not JSON"),
        ('{"fact": "a\tb"}', "not JSON: invalid control character at (column 12)"),
        ('["x"]', "a line must be an object"),
        ('"x"', "a line must be an object"),
        ("[" * 100_000, "nested too deeply"),
        ('{"fact": "x", "importance": ' + "9" * 5000 + "}", "a number that is too long"),
    ],
)
def test_a_refused_line_says_what_would_be_right(line: str, why: str) -> None:
    assert why in _why(line)
