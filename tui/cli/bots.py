"""`boternity bot`: the bots of a home, and which one is current."""

from __future__ import annotations

from typing import Any

import click
from pydantic import JsonValue

from backend import Backend
from backend.types import Bot, BotStatus, BotSummary
from tui.cli.base import (
    ALL_BOTS,
    Command,
    Group,
    act_on_home,
    chosen_bot,
    session,
    utf8,
)
from tui.cli.output import Column, day, fields, json_out, note, out, table
from tui.person import PERSON

_HERE = "tui.cli.bots"

bot = Group(
    "bot",
    places={
        "list": f"{_HERE}:list_bots",
        "add": f"{_HERE}:add",
        "show": f"{_HERE}:show",
        "rename": f"{_HERE}:rename",
        "archive": f"{_HERE}:archive",
        "unarchive": f"{_HERE}:unarchive",
        "remove": f"{_HERE}:remove",
        "use": f"{_HERE}:use",
    },
    examples=['boternity bot add Ana --description "Research"', "boternity bot list"],
    help="Add, list, rename, archive and remove bots.",
)


@click.command("list", cls=Command, examples=["boternity bot list --json"])
def list_bots() -> None:
    """List the bots with the counts of their memories."""

    async def act(backend: Backend) -> tuple[list[BotSummary], Bot | None]:
        return await backend.bots.summaries(), await backend.bots.current()

    summaries, current = act_on_home(act)
    if session().json:
        items: list[JsonValue] = [_summary_json(each, current) for each in summaries]
        json_out({"total": len(items), "items": items})
        return
    if not summaries:
        note("There are no bots yet. Add the first one: boternity bot add Ana")
        return
    columns = [
        Column("", 1),
        Column("BOT"),
        Column("NAME"),
        Column("MEMORIES", align="right"),
        Column("STATUS"),
        Column("DESCRIPTION"),
    ]
    rows = [
        (
            "*" if _is(each.bot, current) else "",
            each.bot.slug,
            each.bot.name,
            f"{each.live:,}",
            each.bot.status.value,
            each.bot.description,
        )
        for each in summaries
    ]
    table(columns, rows)


@click.command(
    cls=Command,
    examples=[
        "boternity bot add Ana",
        'boternity bot add "Night Watch" --description "Cron" --use',
    ],
)
@click.argument("name", type=utf8)
@click.option("--description", type=utf8, default="", metavar="T", help="What it is for.")
@click.option("--use", "use_it", is_flag=True, help="Make it the current bot at once.")
def add(name: str, description: str, use_it: bool) -> None:
    """Add a bot and print its slug, its name in commands."""

    async def act(backend: Backend) -> Bot:
        added = await backend.bots.add(name, actor=PERSON, description=description)
        if use_it:
            await backend.bots.set_current(added.slug)
        return added

    added = act_on_home(act)
    if session().json:
        json_out(_bot_json(added))
        return
    out(added.slug)
    note(f"Added the bot {added.name}.")


@click.command(cls=Command, bot=True, examples=["boternity bot show ana"])
@click.argument("name", type=utf8, required=False)
def show(name: str | None) -> None:
    """Show a bot: the one named, else the current one."""

    async def act(backend: Backend) -> tuple[BotSummary, Bot | None]:
        found = await backend.bots.get(name) if name else await chosen_bot(backend)
        summaries = {each.bot.id: each for each in await backend.bots.summaries()}
        return summaries[found.id], await backend.bots.current()

    summary, current = act_on_home(act)
    if session().json:
        json_out(_summary_json(summary, current))
        return
    shown = summary.bot
    fields(
        [
            ("bot", shown.slug),
            ("name", shown.name),
            ("description", shown.description),
            ("status", shown.status.value),
            ("memories", f"{summary.live:,}"),
            ("in the trash", f"{summary.deleted:,}" if summary.deleted else ""),
            ("added", day(shown.created_at)),
            ("current", "yes" if _is(shown, current) else "no"),
        ]
    )


@click.command(cls=Command, examples=['boternity bot rename ana "Ana the Second"'])
@click.argument("name", type=utf8)
@click.argument("new_name", type=utf8)
def rename(name: str, new_name: str) -> None:
    """Give a bot a new name. Its slug stays, so scripts go on working."""
    renamed = act_on_home(lambda backend: backend.bots.rename(name, new_name, actor=PERSON))
    _tell(renamed, f"{renamed.slug} is called {renamed.name} now.")


@click.command(cls=Command, examples=["boternity bot archive ana"])
@click.argument("name", type=utf8)
def archive(name: str) -> None:
    """Take a bot out of use; its memories stay and can be read."""
    _set_status(name, BotStatus.ARCHIVED)


@click.command(cls=Command, examples=["boternity bot unarchive ana"])
@click.argument("name", type=utf8)
def unarchive(name: str) -> None:
    """Take an archived bot back into use."""
    _set_status(name, BotStatus.ACTIVE)


@click.command(cls=Command, examples=["boternity bot remove ana"])
@click.argument("name", type=utf8)
def remove(name: str) -> None:
    """Remove a bot with all its memories; “boternity history undo” brings them back."""

    async def act(backend: Backend) -> tuple[Bot, dict[str, Any], str]:
        bot = await backend.bots.get(name)
        outcome = await backend.bots.remove(bot.slug, actor=PERSON)
        return bot, outcome.model_dump(mode="json"), outcome.summary

    removed, outcome, summary = act_on_home(act)
    if session().json:
        json_out({"slug": removed.slug, **outcome})
        return
    out(removed.slug)
    note(f"{summary[:1].upper()}{summary[1:]}. To take it back: boternity history undo")


@click.command(cls=Command, examples=["boternity bot use ana", "boternity bot use all"])
@click.argument("name", type=utf8)
def use(name: str) -> None:
    """Choose the current bot for all programs on this home; “all” chooses none."""
    chosen = act_on_home(
        lambda backend: backend.bots.set_current(None if name == ALL_BOTS else name)
    )
    if session().json:
        json_out({"current": chosen.slug if chosen else None})
        return
    out(chosen.slug if chosen else ALL_BOTS)
    note(f"The current bot is {chosen.name}." if chosen else "No bot is current: all are shown.")


def _set_status(name: str, status: BotStatus) -> None:
    changed = act_on_home(lambda backend: backend.bots.set_status(name, status, actor=PERSON))
    _tell(changed, f"{changed.slug} is {changed.status.value}.")


def _tell(changed: Bot, sentence: str) -> None:
    if session().json:
        json_out(_bot_json(changed))
        return
    out(changed.slug)
    note(sentence)


def _is(bot: Bot, current: Bot | None) -> bool:
    return current is not None and bot.id == current.id


def _bot_json(bot: Bot) -> dict[str, JsonValue]:
    return dict(bot.model_dump(mode="json"))


def _summary_json(summary: BotSummary, current: Bot | None) -> dict[str, JsonValue]:
    counts = {"live": summary.live, "deleted": summary.deleted}
    return {**_bot_json(summary.bot), **counts, "current": _is(summary.bot, current)}
