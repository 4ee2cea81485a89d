"""What every importer promises, over each one that is registered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backend.core.memory.facts import check_fact, check_tags
from backend.core.memory.importing import (
    NO_BOT,
    ImportedFact,
    Importer,
    Rejected,
    decode,
    detect,
    named,
)
from backend.infra.importers.registry import IMPORTERS
from backend.types.errors import Invalid
from backend.types.memory import MAX_FACT_BYTES, SourceKind

_TIMES = '"created_at": "2026-11-22T09:00:00Z", "updated_at": "2026-11-22T09:00:00Z"'
_HEADER = '{"boternity": {"format": "memories", "version": 1}, "memories": [\n'
_ID = "6f9619ff-8b86-4d01-b42d-00cf4fc964f"


def _exported(*facts: str) -> str:
    lines = [
        f'{{"id": "{_ID}{number}", "fact": "{fact}", {_TIMES}, '
        '"source": {"kind": "import", "name": "export", "where": "x:1"}}'
        for number, fact in enumerate(facts)
    ]
    return _HEADER + ",\n".join(lines) + "\n]}\n"


def _jsonl(*facts: str) -> str:
    return "".join(f'{{"fact": "{fact}"}}\n' for fact in facts)


def _markdown(*facts: str) -> str:
    return "".join(f"- {fact}\n" for fact in facts)


WRITERS = {"export": _exported, "jsonl": _jsonl, "markdown": _markdown}
FILES = {"export": "ana.json", "jsonl": "facts.jsonl", "markdown": "docs/CLAUDE.md"}


@pytest.fixture(params=IMPORTERS, ids=lambda importer: importer.name)
def importer(request: pytest.FixtureRequest) -> Importer:
    found: Importer = request.param
    return found


def _facts(items: Iterator[ImportedFact | Rejected]) -> list[str]:
    return [item.draft.fact for item in items if isinstance(item, ImportedFact)]


def test_facts_come_in_the_order_of_the_text_with_their_lines(importer: Importer) -> None:
    text = WRITERS[importer.name]("Prefers dark mode", "Wants short answers", "Lives in Lyon")

    items = list(importer.read(text, where="x"))

    assert _facts(iter(items)) == ["Prefers dark mode", "Wants short answers", "Lives in Lyon"]
    for item in items:
        assert isinstance(item, ImportedFact)
        assert item.draft.fact in text.split("\n")[item.line - 1]


def test_a_fact_tells_where_it_came_from(importer: Importer) -> None:
    text = WRITERS[importer.name]("Prefers dark mode")

    [item] = importer.read(text, where="x")

    assert isinstance(item, ImportedFact)
    assert item.draft.source.kind is SourceKind.IMPORT
    assert item.draft.source.name == importer.name
    assert item.draft.source.where.startswith("x:")


def test_an_entry_that_comes_whole_has_no_bot_and_no_vector_yet(importer: Importer) -> None:
    for item in importer.read(WRITERS[importer.name]("Prefers dark mode"), where="x"):
        assert isinstance(item, ImportedFact)
        if item.entry is not None:
            assert item.entry.bot_id == NO_BOT
            assert item.entry.embedding_model is None
            assert item.entry.fact == item.draft.fact


def test_a_fact_over_the_limit_is_rejected_and_the_others_go_on(importer: Importer) -> None:
    text = WRITERS[importer.name]("First", "x" * (MAX_FACT_BYTES + 1), "Last")

    items = list(importer.read(text, where="x"))

    assert _facts(iter(items)) == ["First", "Last"]
    [rejected] = [item for item in items if isinstance(item, Rejected)]
    assert "Split it into facts" in rejected.why


def test_the_same_text_gives_the_same_drafts(importer: Importer) -> None:
    text = WRITERS[importer.name]("Prefers dark mode", "Wants short answers")

    assert list(importer.read(text, where="x")) == list(importer.read(text, where="x"))


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_byte_order_mark_and_windows_line_ends_change_nothing(
    importer: Importer, mark: str, end: str
) -> None:
    text = WRITERS[importer.name]("Prefers dark mode", "Wants short answers")

    items = list(importer.read(mark + text.replace("\n", end), where="x"))

    assert items == list(importer.read(text, where="x"))


def test_a_line_separator_inside_a_fact_does_not_break_it(importer: Importer) -> None:
    fact = (
        "one\u2028two\u2029three\x85four\vfive" if importer.name == "markdown" else "one\u2028two"
    )

    assert _facts(importer.read(WRITERS[importer.name](fact), where="x")) == [fact]


def test_its_own_text_is_recognised_by_name_and_head(importer: Importer) -> None:
    text = WRITERS[importer.name]("Prefers dark mode")

    assert detect(IMPORTERS, FILES[importer.name], text) is importer


def test_its_own_text_is_recognised_without_a_name(importer: Importer) -> None:
    text = WRITERS[importer.name]("Prefers dark mode")

    assert detect(IMPORTERS, "-", "\ufeff" + text) is importer


def test_what_it_reads_may_be_kept_as_a_memory(importer: Importer) -> None:
    heading = "# " + "Very long heading " * 20 + "\n"
    text = WRITERS[importer.name]("Prefers dark mode")
    text = heading + text if importer.name == "markdown" else text

    for item in importer.read(text, where="x"):
        assert isinstance(item, ImportedFact)
        assert check_fact(item.draft.fact) == item.draft.fact
        assert check_tags(item.draft.tags) == item.draft.tags


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("photo.png", "\x89PNG\0"),
        ("notes.md", "PK\0\0"),
        ("package.json", '{"name": "x"}'),
        ("-", "[1, 2]"),
        ("-", '{"type": "entity", "name": "Ana"}\n'),
    ],
)
def test_an_unknown_format_is_refused_with_what_is_expected(name: str, head: str) -> None:
    with pytest.raises(Invalid) as caught:
        detect(IMPORTERS, name, head)

    for importer in IMPORTERS:
        assert importer.expects in str(caught.value)


def test_an_empty_input_without_a_name_is_refused_as_empty() -> None:
    with pytest.raises(Invalid, match="The input is empty"):
        detect(IMPORTERS, "-", "\ufeff \n")


def test_a_format_can_be_asked_for_by_its_name(importer: Importer) -> None:
    assert named(IMPORTERS, importer.name) is importer


def test_an_unknown_format_word_is_refused_with_the_words_there_are() -> None:
    with pytest.raises(Invalid, match="jsonl: JSON Lines"):
        named(IMPORTERS, "csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_decoded_from_what_editors_write(encoding: str) -> None:
    assert decode("Prefers naïve 日本\n".encode(encoding), where="x") == "Prefers naïve 日本\n"


def test_bytes_that_are_no_text_are_refused_with_their_line() -> None:
    with pytest.raises(Invalid, match="line 2 has a byte that is no character"):
        decode(b"one\ntwo \xff\n", where="x")
