"""Markdown: one bullet or paragraph is one fact, and nothing that a person wrote is lost."""

from __future__ import annotations

import pytest

from backend.core.memory.importing import ImportedFact
from backend.infra.importers.markdown import MarkdownImporter
from backend.types.memory import MAX_TAG_LENGTH, MemorySource, SourceKind


def _read(text: str) -> list[ImportedFact]:
    items = list(MarkdownImporter().read(text, where="CLAUDE.md"))
    assert all(isinstance(item, ImportedFact) for item in items)
    return [item for item in items if isinstance(item, ImportedFact)]


def _facts(text: str) -> list[str]:
    return [item.draft.fact for item in _read(text)]


def test_a_bullet_tells_its_file_line_and_headings() -> None:
    text = "# Project\n\n## Code style & tools\n\n- Use uv\n"

    [item] = _read(text)

    assert item.line == 5
    assert item.draft.tags == ("project", "code-style-tools")
    assert item.draft.source == MemorySource(
        kind=SourceKind.IMPORT, name="markdown", where="CLAUDE.md:5"
    )


def test_a_heading_ends_those_of_its_level_and_below() -> None:
    text = "# A\n## B\n### C\nx\n\n## D\ny\n\nE\n===\nz\n"

    assert [item.draft.tags for item in _read(text)] == [("a", "b", "c"), ("a", "d"), ("e",)]


def test_a_wrapped_paragraph_is_one_fact_in_one_line() -> None:
    assert _facts("The staging host\nis heron,\nnot falcon.\n") == [
        "The staging host is heron, not falcon."
    ]


def test_words_stay_as_they_were_written() -> None:
    fact = "**Always** run `make  check`, see [docs](https://x.example/a_b) & <kbd>q</kbd>"

    assert _facts(f"1. {fact}\n") == [fact]


def test_paragraphs_of_one_bullet_are_one_fact() -> None:
    assert _facts("- Use uv\n\n  It is faster.\n\n- Next\n") == ["Use uv\nIt is faster.", "Next"]


def test_a_nested_bullet_is_a_fact_of_its_own() -> None:
    assert _facts("- Use uv\n  - Never call pip\n    - Not even in CI\n- Next\n") == [
        "Use uv",
        "Never call pip",
        "Not even in CI",
        "Next",
    ]


@pytest.mark.parametrize("label", ["Tests:", "**Tests:**", "- Tests:", "テスト："])
def test_what_ends_with_a_colon_begins_each_item_below_it(label: str) -> None:
    indent = "  " if label.startswith("-") else ""
    begin = label.removeprefix("- ")

    facts = _facts(f"{label}\n{indent}- run with uv\n{indent}- never sleep\n")

    assert facts == [f"{begin} run with uv", f"{begin} never sleep"]


def test_labels_of_several_levels_stand_one_after_the_other() -> None:
    assert _facts("Tools:\n- Python:\n  - uv\n- make\n") == ["Tools: Python: uv", "Tools: make"]


def test_a_label_with_nothing_below_it_is_a_fact() -> None:
    assert _facts("To do:\n\n*\n\nNext\n") == ["To do:", "Next"]


def test_a_code_block_belongs_to_the_fact_before_it() -> None:
    after_a_paragraph = "Run the tests:\n\n```sh\nuv run pytest\n\nexit\n```\n\n"
    in_a_bullet = "- Build with\n  ```\n  make\n  ```\n"

    assert _facts(after_a_paragraph + in_a_bullet) == [
        "Run the tests:\nuv run pytest\n\nexit",
        "Build with\nmake",
    ]


def test_a_code_block_under_a_heading_is_begun_by_the_heading() -> None:
    assert _facts("## Commands\n\n```sh\nmake build\n```\n") == ["Commands: make build"]


def test_a_list_in_a_code_block_is_no_list() -> None:
    assert _facts("Like this\n\n```\n- not a fact\n# not a heading\n```\n") == [
        "Like this\n- not a fact\n# not a heading"
    ]


def test_front_matter_is_skipped_and_lines_stay_right() -> None:
    [item] = _read("---\nname: x\ntags:\n  - a\n---\n\n- Use uv\n")

    assert (item.draft.fact, item.line) == ("Use uv", 7)


def test_a_rule_at_the_top_is_not_front_matter() -> None:
    assert _facts("---\n\nFirst\n\n---\n\nSecond\n") == ["First", "Second"]


def test_comments_are_skipped_but_not_in_code_spans() -> None:
    text = "<!-- one\n- two\n-->\n\nUse uv <!-- or not --> and `<!-- this -->`\n"

    assert _facts(text) == ["Use uv and `<!-- this -->`"]


def test_a_comment_between_a_label_and_its_list_does_not_part_them() -> None:
    assert _facts("Tests:\n\n<!-- x -->\n\n- run\n") == ["Tests: run"]


def test_text_between_html_tags_is_read_as_markdown_with_its_lines() -> None:
    text = "# A\n\n<important>\n- Never push\n- Ask first\n</important>\n\n<b>\n\nAfter\n"

    assert [(item.draft.fact, item.line) for item in _read(text)] == [
        ("Never push", 4),
        ("Ask first", 5),
        ("After", 10),
    ]


def test_a_row_of_a_table_is_a_fact() -> None:
    text = "| Command | Use |\n|---|---|\n| make | builds all |\n| lint | |\n"

    assert [(item.draft.fact, item.line) for item in _read(text)] == [
        ("Command: make; Use: builds all", 3),
        ("Command: lint", 4),
    ]


def test_a_quote_is_read_like_the_rest() -> None:
    assert _facts("> - Use uv\n>\n> Said Ana\n") == ["Use uv", "Said Ana"]


def test_rules_link_definitions_and_empty_bullets_are_no_facts() -> None:
    assert _facts("* * *\n\n-\n- \n\n[x]: https://x.example\n") == []


def test_plain_text_is_paragraphs() -> None:
    assert _facts("Likes tea.\n\nLives in Lyon.") == ["Likes tea.", "Lives in Lyon."]


def test_a_long_heading_is_cut_between_words() -> None:
    [item] = _read("# " + "word " * 40 + "\nx\n")

    [tag] = item.draft.tags
    assert len(tag) <= MAX_TAG_LENGTH
    assert set(tag.split("-")) == {"word"}


def test_headings_of_any_script_become_tags() -> None:
    [item] = _read("# Überblick\n## 日本語 メモ\n### हिन्दी\n#### 🙂\nx\n")

    assert item.draft.tags == ("überblick", "日本語-メモ", "हिन्दी")


def test_bullets_nested_deeper_than_the_parser_likes_are_still_read() -> None:
    depth = 30

    facts = _facts("".join("  " * level + f"- level {level}\n" for level in range(depth)))

    assert facts == [f"level {level}" for level in range(depth)]


@pytest.mark.parametrize(
    "hostile", ["- " * 5000 + "x", "> " * 5000 + "x", "<" * 20_000, "`" * 9999]
)
def test_a_hostile_text_ends_in_facts_or_nothing(hostile: str) -> None:
    assert isinstance(list(MarkdownImporter().read(hostile, where="x")), list)
