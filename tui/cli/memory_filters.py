"""`boternity memory filters`: filter lines that were given a name."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

import click
from pydantic import JsonValue

from tui.cli.base import Command, Group, TextCommand, act_on_home, session, utf8
from tui.cli.output import Column, json_out, note, out, table
from tui.person import PERSON

_HERE = "tui.cli.memory_filters"

filters = Group(
    "filters",
    places={
        "list": f"{_HERE}:list_filters",
        "save": f"{_HERE}:save",
        "remove": f"{_HERE}:remove",
    },
    examples=[
        'boternity memory filters save urgent "imp>=4 -accessed"',
        "boternity memory list --saved urgent -b ana",
    ],
    help="Keep filter lines under a name.",
)


@click.command("list", cls=Command, examples=["boternity memory filters list --json"])
def list_filters() -> None:
    """List the saved filters."""
    saved = act_on_home(lambda backend: backend.workspace.filters())
    if session().json:
        items: list[JsonValue] = [each.model_dump(mode="json") for each in saved]
        json_out({"total": len(items), "items": items})
        return
    if not saved:
        note("No filter is saved yet. Save one: boternity memory filters save urgent 'imp>=4'")
        return
    table([Column("NAME"), Column("FILTER")], [(each.name, each.text) for each in saved])


@click.command(
    cls=TextCommand,
    filters=True,
    examples=['boternity memory filters save urgent "imp>=4 -accessed"'],
)
@click.argument("name", type=utf8)
@click.argument("filter_words", metavar="FILTER", nargs=-1, required=True, type=utf8)
def save(name: str, filter_words: Sequence[str]) -> None:
    """Save a filter line under a name, replacing what had it."""
    saved = act_on_home(
        lambda backend: backend.workspace.save_filter(name, " ".join(filter_words), actor=PERSON)
    )
    if session().json:
        json_out(saved.model_dump(mode="json"))
        return
    out(saved.name)
    note(f"Saved. Use it: boternity memory list --saved {quote(saved.name)}")


@click.command(cls=Command, examples=["boternity memory filters remove urgent"])
@click.argument("name", type=utf8)
def remove(name: str) -> None:
    """Remove a saved filter; “boternity history undo” brings it back."""
    act_on_home(lambda backend: backend.workspace.remove_filter(name, actor=PERSON))
    if session().json:
        json_out({"removed": name})
        return
    out(name)
    note("Removed. To take it back: boternity history undo")
