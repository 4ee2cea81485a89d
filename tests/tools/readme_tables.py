"""Writes the README's tables of keys, filters, commands and settings from the program itself.

    uv run python -m tests.tools.readme_tables

`tests/unit/test_readme.py` fails while they differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click

from backend.core.memory.filter_keys import KEYS
from backend.infra import config
from backend.types import Settings
from tui.cli.root import root
from tui.keys import GROUPS

README = Path(__file__).parents[2] / "README.md"
_SHOWN = {"question_mark": "?", "slash": "/", "number_sign": "#", "asterisk": "*", "minus": "-",
          "plus": "+", "escape": "esc"}  # fmt: skip
_EXAMPLES = (
    ("`dark mode`", "have both words; the last one may be a beginning"),
    ('`"dark mode"`', "have exactly these words in this order"),
    ("`-tag:draft`, `-accessed`", "do not: a minus turns any term around"),
    ("`tag:home or (cat:fact imp>=4)`", "match either side"),
)


def keys_table() -> Iterator[str]:
    """Yield the table of keys, by group; the digits share a line."""
    yield "| key | act | what it does |"
    yield "| --- | --- | --- |"
    yield "| `1`–`8` | go | Providers, Memory, Triage, Recall, Sharing, Files, Keys, History |"
    for group in GROUPS.values():
        for key in group:
            if key.verb in {"providers", "memory", "triage", "recall", "sharing", "files",
                            "keys", "history"}:  # fmt: skip
                continue
            names = " ".join(f"`{_SHOWN.get(k, k)}`" for k in key.key.split(","))
            yield f"| {names} | {key.label} | {key.help} |".replace("`|`", "`\\|`")


def filter_table() -> Iterator[str]:
    """Yield the rows of the filter language."""
    yield "| write | to find memories that, or by |"
    yield "| --- | --- |"
    yield from (f"| {example} | {meaning} |" for example, meaning in _EXAMPLES)
    for key in KEYS.values():
        choices = f": {', '.join(key.choices)}" if key.choices else ""
        yield f"| `{key.example}` | {key.meaning}{choices} |"


def commands_table() -> Iterator[str]:
    """Yield every command with its one line of help."""
    yield "| command | what it does |"
    yield "| --- | --- |"
    yield from _commands(root, "boternity")


def _commands(command: click.Command, path: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _commands(found, f"{path} {name}")
        return
    yield f"| `{path}` | {command.get_short_help_str(120)} |"


def config_table() -> Iterator[str]:
    """Yield every setting with its default and meaning."""
    yield "| key | default | meaning |"
    yield "| --- | --- | --- |"
    for line in config.explain(Settings(), Path("/nowhere/config.toml"), {}):
        default = f"`{line.default}`" if str(line.default) else ""
        yield f"| `{line.key}` | {default} | {line.meaning} |"


TABLES: dict[str, Callable[[], Iterable[str]]] = {
    "keys": keys_table,
    "filter": filter_table,
    "commands": commands_table,
    "config": config_table,
}


def with_tables(text: str) -> str:
    """Return the README's text with every generated table as the program has it now."""
    for name, rows in TABLES.items():
        begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        table = "".join(f"{row}\n" for row in rows())
        text = f"{before}{begin}{table}{end}{after}"
    return text


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
