"""The command `boternity` itself: its groups, and what becomes of errors."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from tui.cli import COMPLETE_VARIABLE, open_dashboard
from tui.cli.base import Group, Session, TextCommand
from tui.cli.failures import tell
from tui.widgets.safe_text import safe_text

PROGRAM = "boternity"

_PLACES = {
    "bot": "tui.cli.bots:bot",
    "memory": "tui.cli.memory:memory",
    "recall": "tui.cli.recall:recall",
    "history": "tui.cli.history:history",
    "doctor": "tui.cli.doctor:doctor",
    "config": "tui.cli.config:config",
    "demo": "tui.cli.demo:demo",
}


class Root(Group):
    """Without a command: the dashboard."""

    def alone(self, ctx: click.Context) -> NoReturn:
        current = ctx.ensure_object(Session)
        if current.json:
            raise click.UsageError("--json belongs to a command: the dashboard has none.", ctx)
        if current.bot:
            raise click.UsageError(
                "--bot belongs to a command: in the dashboard b chooses it.", ctx
            )
        ctx.exit(open_dashboard(current.home))


def _print_version(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"{PROGRAM} {version(PROGRAM)}")
        ctx.exit(0)


root = Root(
    PROGRAM,
    places=_PLACES,
    examples=[
        "boternity                                   opens the dashboard",
        "boternity demo                              opens it on sample bots",
        'boternity memory add "Prefers tea" -b ana',
        "boternity memory import CLAUDE.md -b ana --accept --json",
    ],
    help="Look after the memories, providers and files of your AI bots. Without a command: "
    "the dashboard.",
    epilog="Results go to stdout, messages to stderr. Exit codes: 0 done, 1 refused or failed, "
    "2 wrong usage. Completion for bash (zsh and fish likewise): "
    f'eval "$({COMPLETE_VARIABLE}=bash_source boternity)"',
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_print_version,
            help="Print the version and leave.",
        )
    ],
)


def run(arguments: Sequence[str]) -> int:
    """Run one command in this process and return its exit code."""
    if COMPLETE_VARIABLE in os.environ:
        root.main(list(arguments), prog_name=PROGRAM, complete_var=COMPLETE_VARIABLE)
    current = Session()
    try:
        code = _invoked(arguments, current)
        sys.stdout.flush()
        return code
    except click.Abort:
        return 130
    except BrokenPipeError:
        _hush()
        return 0
    except click.ClickException as error:
        return _tell_usage(error)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            return tell(error, current.opened or current.home)
        sys.stderr.write(f"{PROGRAM}: The disk is full. Free some space, then run it again.\n")
        _hush()
        return 1
    except Exception as error:  # noqa: BLE001  (the last one who can say it in a sentence)
        return tell(error, current.opened or current.home)


def _invoked(arguments: Sequence[str], current: Session) -> int:
    try:
        with root.make_context(PROGRAM, list(arguments), obj=current) as ctx:
            root.invoke(ctx)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    return 0


def _tell_usage(error: click.ClickException) -> int:
    """Say how the command is used; what was typed may hold anything."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    lines = [] if context is None else [context.get_usage()]
    lines.append(f"{PROGRAM}: {error.format_message()}")
    if context is not None:
        if isinstance(error, click.NoSuchOption) and isinstance(context.command, TextCommand):
            lines.append("A text that begins with a dash goes after “--”.")
        lines.append(f"“{context.command_path} --help” explains it.")
    sys.stderr.write(safe_text("\n".join(lines)) + "\n")
    return error.exit_code


def _hush() -> None:
    """Let nothing more be written to a reader that is gone, not even when the program ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            try:
                os.dup2(nowhere, stream.fileno())
            except (OSError, ValueError):
                continue  # a stream without a file of its own
    os.close(nowhere)
