"""Markdown such as CLAUDE.md or MEMORY.md: one bullet or paragraph is one fact.

- The heading path becomes tags ("Code style > Python" gives `code-style`, `python`).
- The words stay as they were written, emphasis and links included; wrapped lines are joined.
- A nested bullet is a fact of its own. A text that ends with a colon and has a list below it is
  no fact but the beginning of each of its items: "Tests:" over "run with uv" is "Tests: run with
  uv". Nothing else is carried down.
- A code block belongs to the fact before it; directly under a heading, the heading begins it.
- A row of a table is a fact: "Command: make; Use: builds all".
- Front matter, comments, rules, HTML tags (not the text between them) and link definitions are
  skipped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backend.core.memory.facts import check_fact
from backend.core.memory.importing import ImportedFact, Rejected
from backend.types.errors import Invalid
from backend.types.memory import (
    MAX_TAG_LENGTH,
    MAX_TAGS,
    MemoryDraft,
    MemorySource,
    SourceKind,
)

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

_SUFFIXES = (".md", ".markdown", ".mdc", ".mdx", ".txt")
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?=[\w.-]+[ \t]*:)(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_CODE_OR_COMMENT = re.compile(
    r"(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))|[ \t]*<!--.*?-->", re.S
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_HTML_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_MAX_NESTING = 100
"""markdown-it drops what is nested deeper; its own default of 20 is ten levels of bullets."""


class MarkdownImporter:
    """Reads Markdown and plain text."""

    name = "markdown"
    expects = "Markdown or plain text (.md, .txt), one bullet or paragraph a fact"

    def recognises(self, name: str, head: str) -> bool:
        if "\0" in head:
            return False
        file_name = name.lower().replace("\\", "/").rpartition("/")[2]
        if file_name.endswith(_SUFFIXES):
            return True
        start = head.lstrip("\ufeff \t\r\n")[:1]
        return "." not in file_name.lstrip(".") and start not in ("", "{", "[")

    def read(self, text: str, *, where: str) -> Iterator[ImportedFact | Rejected]:
        from markdown_it.tree import SyntaxTreeNode

        plain = _without_front_matter(text.removeprefix("\ufeff"))
        reader = _Reader(_parser())
        reader.container(SyntaxTreeNode(reader.parser.parse(plain)), label="")
        for passage in reader.passages:
            try:
                yield ImportedFact(passage.draft(where), passage.line)
            except Invalid as error:
                yield Rejected(passage.line, str(error))


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Inline rules stay off: a fact keeps its source, and blocks alone are several times faster.
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable("table")
    return parser.disable("inline")


def _without_front_matter(text: str) -> str:
    """Return `text` with its front matter as empty lines, so that line numbers stay."""
    text = text.replace("\r\n", "\n")
    found = _FRONT_MATTER.match(text)
    return "\n" * found[0].count("\n") + text[found.end() :] if found else text


@dataclass(slots=True)
class _Passage:
    """A fact in the making: `path` are the headings above it."""

    text: str
    line: int
    path: tuple[str, ...]
    label: str = ""

    @property
    def whole(self) -> str:
        return f"{self.label} {self.text}" if self.label else self.text

    @property
    def introduces(self) -> bool:
        return self.text.rstrip("*_ ").endswith((":", "："))

    def draft(self, where: str) -> MemoryDraft:
        return MemoryDraft(
            fact=check_fact(self.whole),
            tags=_tags(self.path),
            source=MemorySource(
                kind=SourceKind.IMPORT, name=MarkdownImporter.name, where=f"{where}:{self.line}"
            ),
        )


@dataclass(slots=True)
class _Reader:
    """Walks the tree of blocks and collects passages in the order of the text."""

    parser: MarkdownIt
    passages: list[_Passage] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    """Level and text of the headings that are open at this point."""
    line: int = 1
    """The line that the tree's first line is in the file: an HTML block is parsed by itself."""

    def container(self, node: SyntaxTreeNode, *, label: str, item: bool = False) -> None:
        """Read the children of a document, quote or list item; `label` begins each fact.

        In a list item, paragraphs that follow each other are one fact.
        """
        current: _Passage | None = None
        bare_heading = ""
        for child in node.children:
            match child.type:
                case "paragraph":
                    text = _joined(child.children[0].content)
                    if item and current and text:
                        current.text += "\n" + text
                    elif text:
                        current = self._begin(text, child, label)
                case "fence" | "code_block":
                    code = child.content.rstrip()
                    if current and code:
                        current.text += "\n" + code
                    elif code:
                        current = self._begin(code, child, label or _with_colon(bare_heading))
                case "bullet_list" | "ordered_list":
                    self._list(child, label, current)
                    current = None
                case "heading":
                    self._heading(child)
                    current = None
                case "table":
                    self._table(child, label)
                    current = None
                case "html_block":
                    if self._is_comment(child):
                        continue
                    self._html(child, label)
                    current = None
                case "blockquote":
                    self.container(child, label=label)
                    current = None
                case _:  # a rule between two parts
                    current = None
            bare_heading = self.headings[-1][1] if child.type == "heading" else ""

    def _begin(self, text: str, node: SyntaxTreeNode, label: str) -> _Passage:
        passage = _Passage(text, self._line_of(node), self._path(), label)
        self.passages.append(passage)
        return passage

    def _line_of(self, node: SyntaxTreeNode) -> int:
        return self.line + (node.map[0] if node.map else 0)

    def _path(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.headings)

    def _heading(self, node: SyntaxTreeNode) -> None:
        level = int(node.tag[1:])
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        self.headings.append((level, _joined(node.children[0].content)))

    def _list(self, node: SyntaxTreeNode, label: str, before: _Passage | None) -> None:
        introduced = before is not None and before.introduces
        if before and introduced:
            self.passages.pop()  # it is the last one
            label = before.whole
        count = len(self.passages)
        for entry in node.children:
            self.container(entry, label=label, item=True)
        if before and introduced and len(self.passages) == count:
            self.passages.append(before)  # nothing but empty items below it

    def _table(self, node: SyntaxTreeNode, label: str) -> None:
        head, *body = node.children
        names = [_cell(cell) for cell in head.children[0].children]
        for row in (row for part in body for row in part.children):
            cells = zip(names, (_cell(cell) for cell in row.children), strict=False)
            text = "; ".join(f"{name}: {cell}" if name else cell for name, cell in cells if cell)
            if text:
                self._begin(text, row, label)

    def _is_comment(self, node: SyntaxTreeNode) -> bool:
        return not _bare(node.content).strip()

    def _html(self, node: SyntaxTreeNode, label: str) -> None:
        """Read the text between the tags of a block."""
        from markdown_it.tree import SyntaxTreeNode

        # The second parser takes tags that are left for text, so this cannot go deeper.
        parser = _parser().disable("html_block")
        inner = _Reader(parser, self.passages, self.headings, self._line_of(node))
        inner.container(SyntaxTreeNode(parser.parse(_bare(node.content))), label=label)


def _bare(html: str) -> str:
    """Return a block of HTML without comments and tags, its lines where they were."""
    return _HTML_TAG.sub(_line_feeds, _COMMENT.sub(_line_feeds, html))


def _line_feeds(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _joined(source: str) -> str:
    """Return an inline source in one line, without its comments; code spans are kept whole."""
    text = _CODE_OR_COMMENT.sub(lambda found: found["code"] or "", source)
    return " ".join(part for line in text.split("\n") if (part := line.strip()))


def _cell(node: SyntaxTreeNode) -> str:
    return _joined(node.children[0].content) if node.children else ""


def _with_colon(heading: str) -> str:
    return heading if not heading or heading.endswith(":") else f"{heading}:"


def _tags(path: tuple[str, ...]) -> tuple[str, ...]:
    tags = dict.fromkeys(tag for text in path if (tag := _slug(text)))
    return tuple(tags)[:MAX_TAGS]


def _slug(text: str) -> str:
    """Return lower-case words joined by hyphens, cut between words at MAX_TAG_LENGTH."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    # Marks too: the vowel signs of Indic scripts are neither letters nor digits.
    words = "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in plain).split()
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:MAX_TAG_LENGTH]
        if len(longer) > MAX_TAG_LENGTH:
            break
        slug = longer
    return slug
