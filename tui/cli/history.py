"""`boternity history`: who did what, taking it back, and whether the record is whole."""

from __future__ import annotations

import json
from typing import Any

import click
from pydantic import JsonValue

from backend.types import ActOutcome, EventDetail, JournalChange, JournalEvent
from tui.cli.base import Command, Group, act_on_home, session, utf8
from tui.cli.memories import SHORT_ID
from tui.cli.output import Column, fields, json_out, moment, note, out, table
from tui.person import PERSON

_HERE = "tui.cli.history"
_CHANGES_TOLD = 20

history = Group(
    "history",
    places={
        "list": f"{_HERE}:list_events",
        "show": f"{_HERE}:show",
        "undo": f"{_HERE}:undo",
        "redo": f"{_HERE}:redo",
        "verify": f"{_HERE}:verify",
    },
    examples=["boternity history list", "boternity history undo"],
    help="Read the journal of all acts, and undo and redo them.",
)


@click.command(
    "list",
    cls=Command,
    examples=["boternity history list --limit 10", "boternity history list --actor ana --json"],
)
@click.option(
    "--limit", type=click.IntRange(1, 100_000), default=50, metavar="N", show_default=True
)
@click.option(
    "--before", type=click.IntRange(1), metavar="EVENT", help="Only acts before this one."
)
@click.option("--actor", type=utf8, metavar="A", help="Only acts of user, system or a bot's slug.")
def list_events(limit: int, before: int | None, actor: str | None) -> None:
    """List the acts, newest first."""
    events = act_on_home(
        lambda backend: backend.history.events(limit=limit, before=before, actor=actor)
    )
    if session().json:
        items: list[JsonValue] = [event.model_dump(mode="json") for event in events]
        json_out({"items": items})
        return
    if not events:
        note("Nothing has been done yet.")
        return
    columns = [
        Column("EVENT", align="right"),
        Column("WHEN"),
        Column("WHO"),
        Column("ACT"),
        Column("WHAT"),
    ]
    rows = [
        (str(event.sequence), moment(event.at), event.actor, event.act.value, _what(event))
        for event in events
    ]
    table(columns, rows)
    if len(events) == limit and events[-1].sequence > 1:
        note(f"Older ones: --before {events[-1].sequence}")


@click.command(cls=Command, examples=["boternity history show 42"])
@click.argument("event", type=click.IntRange(1))
def show(event: int) -> None:
    """Show an act with before and after of everything it changed."""
    detail = act_on_home(lambda backend: backend.history.show(event))
    if session().json:
        json_out(detail.model_dump(mode="json"))
        return
    _print_detail(detail)


@click.command(
    cls=Command,
    examples=["boternity history undo", "boternity history undo --id 42 --together"],
)
@click.option("--id", "event", type=click.IntRange(1), metavar="EVENT", help="Undo this act.")
@click.option("--together", is_flag=True, help="Also undo the later acts that stand in the way.")
def undo(event: int | None, together: bool) -> None:
    """Take back your last act, or the one given, as a new act."""
    outcome = act_on_home(
        lambda backend: backend.history.undo(actor=PERSON, event=event, together=together)
    )
    _tell(outcome, "redo")


@click.command(cls=Command, examples=["boternity history redo"])
def redo() -> None:
    """Do again what was undone last."""
    _tell(act_on_home(lambda backend: backend.history.redo(actor=PERSON)), "undo")


@click.command(cls=Command, examples=["boternity history verify --json"])
@click.pass_context
def verify(ctx: click.Context) -> None:
    """Check every seal of the journal; the exit code is 1 when one is broken."""
    report = act_on_home(lambda backend: backend.history.verify(), busy="Verifying")
    if session().json:
        json_out(report.model_dump(mode="json"))
    else:
        since = f" from event {report.verified_from} on" if report.verified_from > 1 else ""
        if report.ok:
            out(f"The journal is whole: {report.events:,} events verified{since}.")
        for problem in report.problems:
            out(problem)
    if not report.ok:
        note("The journal is broken. “boternity doctor” says what else is affected.")
        ctx.exit(1)


def _tell(outcome: ActOutcome, way_back: str) -> None:
    if session().json:
        json_out(outcome.model_dump(mode="json"))
        return
    out(f"{outcome.summary[:1].upper()}{outcome.summary[1:]}")
    note(f"To take this back: boternity history {way_back}")


def _what(event: JournalEvent) -> str:
    return f"{event.summary} (undone)" if event.undone else event.summary


def _print_detail(detail: EventDetail) -> None:
    event = detail.event
    fields(
        [
            ("event", str(event.sequence)),
            ("when", moment(event.at)),
            ("who", event.actor),
            ("act", event.act.value),
            ("what", _what(event)),
            ("undoes", str(event.undo_of or "")),
            ("touched", f"{event.size:,}"),
        ]
    )
    for change in detail.changes[:_CHANGES_TOLD]:
        out("")
        _print_change(change)
    if (more := len(detail.changes) - _CHANGES_TOLD) > 0:
        note(f"and {more:,} more; --json shows them all")


def _print_change(change: JournalChange) -> None:
    title = f"{change.kind.value} {change.entity_id[:SHORT_ID]}"
    if change.forgotten:
        out(f"{title}: forgotten for good")
        return
    before, after = change.before or {}, change.after or {}
    if not before or not after:
        out(f"{title}: {'added' if after else 'removed'}")
        fields([(name, _shown(value)) for name, value in (after or before).items()])
        return
    out(f"{title}: changed")
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if changed:
        fields(
            [
                (f, f"{_shown(before.get(f)) or '–'} → {_shown(after.get(f)) or '–'}")
                for f in changed
            ]
        )


def _shown(value: Any) -> str:
    match value:
        case None | "" | [] | {}:
            return ""
        case str():
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)
