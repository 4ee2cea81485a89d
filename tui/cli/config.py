"""`boternity config`: every setting, where it comes from, and changing it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import click
from pydantic import JsonValue

from backend import Backend
from backend.types import (
    ConfigError,
    ConfigLine,
    ConfigOrigin,
    ConfigProblem,
    Invalid,
    Settings,
)
from tui.cli.base import Command, Group, TextCommand, look_at_home, session, utf8
from tui.cli.output import Column, json_out, note, out, table
from tui.editor import editor_command

_HERE = "tui.cli.config"

config = Group(
    "config",
    places={
        "show": f"{_HERE}:show",
        "path": f"{_HERE}:path",
        "set": f"{_HERE}:set_value",
        "edit": f"{_HERE}:edit",
        "check": f"{_HERE}:check",
    },
    examples=["boternity config show", "boternity config set recall.results 20"],
    help="Show, set and check the configuration.",
)


@click.command(
    cls=Command, examples=["boternity config show", "boternity config show recall.results"]
)
@click.argument("key", required=False, type=utf8)
def show(key: str | None) -> None:
    """Show every setting, or one, with its default, where it comes from, and its meaning."""

    place, lines = look_at_home(_settings)
    if key is not None:
        lines = _named(lines, key)
    if session().json:
        settings: list[JsonValue] = [line.model_dump(mode="json") for line in lines]
        json_out({"path": str(place), "settings": settings})
        return
    columns = [
        Column("KEY"),
        Column("VALUE"),
        Column("DEFAULT"),
        Column("FROM", 60),
        Column("MEANING"),
    ]
    rows = [
        (
            line.key,
            _written(line.value),
            _written(line.default),
            _from(line, place),
            line.meaning,
        )
        for line in lines
    ]
    table(columns, rows)


@click.command(cls=Command, examples=["boternity config path"])
def path() -> None:
    """Print where the configuration file is, or would be."""

    place = look_at_home(lambda backend: backend.config.path)
    if session().json:
        json_out({"path": str(place), "exists": place.exists()})
        return
    out(str(place))
    if not place.exists():
        note("The file does not exist: every setting has its default.")


@click.command(
    "set",
    cls=TextCommand,
    examples=[
        "boternity config set embedder.engine none",
        "boternity config set recall.results 20",
    ],
)
@click.argument("key", type=utf8)
@click.argument("value", type=utf8)
def set_value(key: str, value: str) -> None:
    """Write one setting into the file; programs read it at their next start."""
    from tui.themes import theme_problem

    if key == "interface.theme" and (unknown := theme_problem(value)):
        raise ConfigError(unknown)
    line = look_at_home(lambda backend: backend.config.set(key, value))
    if session().json:
        json_out(line.model_dump(mode="json"))
        return
    out(f"{line.key} = {_written(line.value)}")
    if line.origin is ConfigOrigin.ENVIRONMENT:
        note(f"Written, but {line.where} is set and outranks the file.")


@click.command(cls=Command, examples=["boternity config edit"])
@click.pass_context
def edit(ctx: click.Context) -> None:
    """Open the configuration file in $EDITOR and check it afterwards."""

    place, lines = look_at_home(_settings)
    _open_editor(place, _template(lines))
    _check(ctx)


@click.command(cls=Command, examples=["boternity config check"])
@click.pass_context
def check(ctx: click.Context) -> None:
    """Say what the file and the environment mean and cannot; the exit code is 1 if anything."""
    _check(ctx)


def _check(ctx: click.Context) -> None:
    place, problems = look_at_home(_problems)
    if session().json:
        found: list[JsonValue] = [problem.model_dump(mode="json") for problem in problems]
        json_out({"ok": not problems, "path": str(place), "problems": found})
    elif not problems:
        out("Every setting is understood.")
    else:
        for problem in problems:
            out(problem.sentence)
    if problems:
        note("What is wrong keeps its default. Correct it: boternity config edit")
        ctx.exit(1)


def _settings(backend: Backend) -> tuple[Path, list[ConfigLine]]:
    return backend.config.path, backend.config.show()


def _problems(backend: Backend) -> tuple[Path, list[ConfigProblem]]:
    return backend.config.path, [*backend.config.problems(), *_of_interface(backend.settings)]


def _of_interface(settings: Settings) -> list[ConfigProblem]:
    """Check what only the dashboard can: the theme's name, and the keys."""
    from tui.keymap import check_keymap
    from tui.themes import theme_problem

    _, sentences = check_keymap(settings.keymap)
    unknown = theme_problem(settings.interface.theme)
    if unknown is not None:
        sentences = [unknown, *sentences]
    return [ConfigProblem(line=None, sentence=sentence) for sentence in sentences]


def _named(lines: Sequence[ConfigLine], key: str) -> list[ConfigLine]:
    found = [line for line in lines if key in (line.key, line.key.partition(".")[0])]
    if found:
        return found
    keys = [line.key for line in lines]
    by_name = {name.rpartition(".")[2]: name for name in keys}
    near = get_close_matches(key, keys, n=1) or [
        by_name[name] for name in get_close_matches(key.rpartition(".")[2], by_name, n=1)
    ]
    advice = f"the nearest is “{near[0]}”" if near else "“boternity config show” lists them all"
    raise ConfigError(f"“{key}” is not a setting: {advice}.")


def _written(value: str | int) -> str:
    return str(value) if value != "" else "–"


def _from(line: ConfigLine, place: Path) -> str:
    """Return what set a line; the file that everybody knows is left out."""
    if line.origin is ConfigOrigin.DEFAULT:
        return "default"
    where = line.where.removeprefix(f"{place}:")
    return f"file, line {where}" if where != line.where else line.where


def _template(lines: Sequence[ConfigLine]) -> str:
    """Return a file in which every setting stands with its default, commented out."""
    text = ["# Boternity. Take the “# ” off a line to change it.", ""]
    section = ""
    for line in lines:
        head, _, name = line.key.partition(".")
        if head != section:
            text += ["", f"# [{head}]"] if section else [f"# [{head}]"]
            section = head
        default = line.default if isinstance(line.default, int) else f'"{line.default}"'
        text += [f"# {name} = {default}    # {line.meaning}"] if name else [f"# # {line.meaning}"]
    return "\n".join(text) + "\n"


def _open_editor(place: Path, template: str) -> None:
    """Let the person edit the file, made from `template` where there is none; raises Invalid."""
    command = editor_command()
    if not command or shutil.which(command[0]) is None:
        raise Invalid(f"There is no editor to open: set EDITOR to yours, or edit {place}.")
    fresh = not place.exists()
    try:
        if fresh:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                file.write(template.encode())
        done = subprocess.run([*command, str(place)], check=False)
        if fresh and place.exists() and place.read_bytes() == template.encode():
            place.unlink()
    except OSError as error:
        raise Invalid(f"{place} cannot be edited ({error.strerror}): check its folder.") from error
    if done.returncode != 0:
        raise Invalid(f"The editor ({command[0]}) ended with an error: look at {place} again.")
