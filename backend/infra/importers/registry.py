"""The formats that can be imported. A new one is one file here and one line below."""

from __future__ import annotations

from backend.core.memory.importing import Importer
from backend.infra.importers.export_file import ExportImporter
from backend.infra.importers.jsonl import JsonlImporter
from backend.infra.importers.markdown import MarkdownImporter

IMPORTERS: tuple[Importer, ...] = (
    ExportImporter(),  # before JSON Lines: it too begins with a brace
    JsonlImporter(),
    MarkdownImporter(),  # last: any text without a name is Markdown
)
"""In the order in which they are asked whether they recognise a text."""
