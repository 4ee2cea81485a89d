"""`boternity memory`: what the bots know."""

from __future__ import annotations

from tui.cli.base import Group

memory = Group(
    "memory",
    places={
        "add": "tui.cli.memory_write:add",
        "list": "tui.cli.memory_read:list_memories",
        "search": "tui.cli.recall:search",
        "show": "tui.cli.memory_read:show",
        "edit": "tui.cli.memory_write:edit",
        "delete": "tui.cli.memory_marks:delete",
        "restore": "tui.cli.memory_marks:restore",
        "pin": "tui.cli.memory_marks:pin",
        "unpin": "tui.cli.memory_marks:unpin",
        "tag": "tui.cli.memory_marks:tag",
        "import": "tui.cli.memory_exchange:import_memories",
        "export": "tui.cli.memory_exchange:export",
        "stats": "tui.cli.memory_read:stats",
        "filters": "tui.cli.memory_filters:filters",
    },
    examples=[
        'boternity memory add "Prefers dark mode" -b ana --category preference',
        'boternity memory list "cat:decision imp>=4" -b ana',
        'boternity memory search "which port" -b ana',
    ],
    help="Add, find, correct, delete and restore memories.",
)
