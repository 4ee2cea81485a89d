"""What all commands share: options, examples, lazily loaded groups, and one act on one home."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from backend import Backend, open_backend
from backend.types import Bot, Invalid, NotFound
from tui.cli.output import note
from tui.cli.progress import shown
from tui.widgets.safe_text import safe_line

T = TypeVar("T")

ALL_BOTS = "all"
INDEX_PATIENCE = 30.0
"""Seconds that a command which asks the index waits for it to start."""


@dataclass(slots=True)
class Session:
    """What the shared options of one call say; the innermost option wins."""

    home: str | None = None
    json: bool = False
    bot: str | None = None
    opened: Path | None = None
    """The home that was really opened."""


def session() -> Session:
    """Return what the shared options of the running command say."""
    return click.get_current_context().ensure_object(Session)


def act_on_home(
    act: Callable[[Backend], Awaitable[T]],
    *,
    wait_for_index: float = 0.0,
    busy: str = "Working",
    warn: bool = True,
) -> T:
    """Open the home, do one act, let go of it, and return what the act returned.

    After a second a terminal shows that the command is `busy`; "" leaves that to the act. `warn`
    tells settings that cannot be understood, which keep their defaults.
    """
    backend = _opened(wait_for_index)
    if warn:
        for problem in backend.config.problems():
            note(f"{problem.sentence} The default is used.")

    async def whole() -> T:
        async with backend:
            return await shown(act(backend), busy)

    return asyncio.run(whole())


def look_at_home(look: Callable[[Backend], T]) -> T:
    """Open the home for what needs no waiting: its configuration."""
    backend = _opened()
    try:
        return look(backend)
    finally:
        asyncio.run(backend.close())


def _opened(wait_for_index: float = 0.0) -> Backend:
    current = session()
    backend = open_backend(current.home, wait_for_index=wait_for_index)
    current.opened = backend.home
    return backend


async def chosen_bot(backend: Backend) -> Bot:
    """Return the bot of --bot, else the current or only one; raises NotFound that lists them."""
    name = session().bot
    if name == ALL_BOTS:
        raise Invalid("“all” is a view for reading lists: name one bot with -b SLUG.")
    if name is not None:
        return await backend.bots.get(name)
    current = await backend.bots.current()
    if current is not None:
        return current
    slugs = ", ".join(summary.bot.slug for summary in await backend.bots.summaries())
    if not slugs:
        raise NotFound("There are no bots yet: add the first one.", kind="bot")
    raise NotFound(
        f"Which bot? Give one with -b SLUG, or choose one for all commands with "
        f"“boternity bot use SLUG”. The bots are: {slugs}.",
        kind="bot",
    )


async def viewed_bot(backend: Backend) -> Bot | None:
    """Return the bot to read; None is the view of all bots (-b all)."""
    return None if session().bot == ALL_BOTS else await chosen_bot(backend)


def utf8(value: str) -> str:
    """Take a text as it was typed: click's type for texts; bytes that are no UTF-8 are refused."""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise click.BadParameter("it is not UTF-8 text: check the terminal's encoding.") from error
    return value


def _keep(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
        session = ctx.ensure_object(Session)
        if value == "":  # a script's variable that is not set: never take it for “the default”
            raise click.BadParameter("it is empty.", ctx, param)
        if value:
            setattr(session, name, value)

    return keep


def _shared_options(*, bot: bool) -> list[click.Parameter]:
    options: list[click.Parameter] = []
    if bot:
        options.append(
            click.Option(
                ["-b", "--bot", "bot_"],
                metavar="SLUG",
                type=utf8,
                expose_value=False,
                callback=_keep("bot"),
                help="The bot; without it the current one, or the only one.",
            )
        )
    options.append(
        click.Option(
            ["--json", "json_"],
            is_flag=True,
            expose_value=False,
            callback=_keep("json"),
            help="Print one JSON value and nothing else on stdout.",
        )
    )
    options.append(
        click.Option(
            ["--home", "home_"],
            metavar="DIR",
            expose_value=False,
            callback=_keep("home"),
            help="The home to work on [default: $BOTERNITY_HOME, else the platform's folder].",
        )
    )
    return options


class Command(click.Command):
    """A command with examples and the shared options; `bot` gives it -b/--bot.

    `on_home=False` is for a command that has no home and no result to print.
    """

    def __init__(
        self,
        name: str | None,
        *,
        examples: Sequence[str],
        bot: bool = False,
        on_home: bool = True,
        **attrs: Any,
    ) -> None:
        super().__init__(name, **attrs)
        self.examples = tuple(examples)
        if on_home:
            self.params.extend(_shared_options(bot=bot))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_examples(self.examples, formatter)
        super().format_epilog(ctx, formatter)


class TextCommand(Command):
    """A command whose arguments are texts: they may begin with a dash ("- likes tea").

    With `filters` a single dashed word is a text too, for "-accessed" is a term of a filter.
    """

    def __init__(self, name: str | None, *, filters: bool = False, **attrs: Any) -> None:
        super().__init__(name, **attrs)
        self._filters = filters

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, self._texts_last(ctx, args))

    def _texts_last(self, ctx: click.Context, args: Sequence[str]) -> list[str]:
        """Put the texts, in their order, behind "--", where click takes them as they are."""
        options = {
            name: param
            for param in self.get_params(ctx)
            if isinstance(param, click.Option)
            for name in (*param.opts, *param.secondary_opts)
        }
        kept: list[str] = []
        texts: list[str] = []
        rest = deque(args)
        while rest:
            arg = rest.popleft()
            option = options.get(arg)
            if arg == "--":
                texts.extend(rest)
                break
            if option is not None:
                kept.append(arg)
                if not option.is_flag and rest:
                    kept.append(rest.popleft())
            elif self._is_text(arg, options):
                texts.append(arg)
            else:
                kept.append(arg)
        return [*kept, "--", *texts] if texts else kept

    def _is_text(self, arg: str, options: Mapping[str, click.Option]) -> bool:
        if not arg.startswith("-") or arg == "-":
            return True
        spaced = any(char.isspace() for char in arg)
        if arg.startswith("--"):
            return spaced and arg.partition("=")[0] not in options
        if arg[:2] in options:  # -bana is the option -b; "-by:user" and "-best of all" are not
            return re.fullmatch(r"[\w-]+", arg[2:]) is None
        return spaced or self._filters


class Group(click.Group):
    """A group whose commands are imported when they are used; typos get the nearest name."""

    def __init__(
        self,
        name: str | None,
        *,
        places: Mapping[str, str],
        examples: Sequence[str],
        **attrs: Any,
    ) -> None:
        super().__init__(
            name,
            callback=click.pass_context(self._without_command),
            invoke_without_command=True,
            subcommand_metavar="COMMAND …",
            **attrs,
        )
        self.places = dict(places)
        self.examples = tuple(examples)
        self.params.extend(_shared_options(bot=True))

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.places:
            return None
        module, _, attribute = self.places[cmd_name].partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in self.places and not ctx.resilient_parsing:
            raise click.UsageError(self._unknown(ctx, name), ctx)
        return super().resolve_command(ctx, args)

    def _unknown(self, ctx: click.Context, name: str) -> str:
        near = get_close_matches(name, self.places, n=1, cutoff=0.5)
        advice = f"Did you mean “{ctx.command_path} {near[0]}”?" if near else ""
        known = f"The commands are: {', '.join(self.places)}."
        return f"There is no command “{safe_line(name, 60)}”. {advice or known}"

    def _without_command(self, ctx: click.Context) -> None:
        if ctx.invoked_subcommand is None:
            self.alone(ctx)

    def alone(self, ctx: click.Context) -> NoReturn:
        """Answer to the name of the group alone: wrong usage, and its help."""
        click.echo(ctx.get_help(), err=True)
        ctx.exit(2)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_examples(self.examples, formatter)
        super().format_epilog(ctx, formatter)


def write_examples(examples: Sequence[str], formatter: click.HelpFormatter) -> None:
    """Write the examples of a command as they are typed, never wrapped."""
    with formatter.section("Examples" if len(examples) > 1 else "Example"):
        for example in examples:
            formatter.write(f"{'':>{formatter.current_indent}}{example}\n")
