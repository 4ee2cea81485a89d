"""`boternity memory import|export`: memories in from files, and out without loss."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path

import click

from backend import Backend
from backend.types import ImportReport, Invalid
from tui.cli.base import Command, act_on_home, chosen_bot, session, utf8
from tui.cli.memories import stdin_bytes
from tui.cli.output import json_out, note, out
from tui.cli.progress import shown, wait_for_vectors
from tui.person import PERSON
from tui.words import counted

_MAX_BYTES = 256 * 1024 * 1024
"""Our own limit: 20,000 facts are 2 MB, and the whole file is read at once."""
_LINES_TOLD = 20


@click.command(
    "import",
    cls=Command,
    bot=True,
    examples=[
        "boternity memory import CLAUDE.md -b ana --accept",
        "boternity memory import - --format jsonl -b ana --accept --json < facts.jsonl",
    ],
    epilog="A JSONL line is {“fact”, “category”?, “importance”?, “tags”?, “session”?, "
    "“created_at”?, “pinned”?}. One undo takes a whole import back.",
)
@click.argument("path", metavar="PATH|-")
@click.option("--format", "format_name", metavar="F", type=utf8, help="markdown, jsonl or export.")
@click.option("--accept", is_flag=True, help="Take the facts in at once, without review.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--no-wait", is_flag=True, help="Do not wait for the index of meanings.")
@click.pass_context
def import_memories(
    ctx: click.Context,
    path: str,
    format_name: str | None,
    accept: bool,
    dry_run: bool,
    no_wait: bool,
) -> None:
    """Import facts from Markdown, JSONL or an export as one act; “-” reads stdin."""
    data = _read(path)
    name = os.fsencode(path).decode("utf-8", "replace")

    async def act(backend: Backend) -> tuple[ImportReport, str]:
        bot = await chosen_bot(backend)
        work = backend.exchange.import_text(
            bot.id,
            data,
            name=name,
            actor=PERSON,
            accept=accept,
            format_name=format_name,
            dry_run=dry_run,
        )
        report = await shown(work, "Importing")
        if (
            report.added
            and not (dry_run or no_wait)
            and (late := await wait_for_vectors(backend.index))
        ):
            note(late)
        return report, bot.slug

    report, slug = act_on_home(act, busy="")
    if session().json:
        json_out(report.model_dump(mode="json"))
    else:
        _tell(report, slug, dry_run=dry_run)
    if report.rejected and not (report.added or report.repeated or report.queued):
        ctx.exit(1)


@click.command(
    cls=Command,
    bot=True,
    examples=[
        "boternity memory export -b ana ana.json",
        "boternity memory export -b ana | gzip > ana.json.gz",
    ],
)
@click.argument("path", metavar="[PATH|-]", default="-")
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
def export(path: str, force: bool) -> None:
    """Write all memories of a bot, the trash included, as lossless JSON (0600)."""

    async def act(backend: Backend) -> tuple[str, str, int]:
        bot = await chosen_bot(backend)
        stats = await backend.memories.stats(bot.id)
        total = stats.live + stats.deleted + stats.superseded + stats.merged
        return await backend.exchange.export_text(bot.id), bot.slug, total

    text, slug, total = act_on_home(act, busy="Exporting")
    if path == "-":
        _write_stdout(text)
        return
    target = Path(path)
    write_private(target, text, replace=force)
    if session().json:
        json_out({"bot": slug, "path": str(target), "memories": total})
        return
    out(str(target))
    note(f"Wrote {counted(total)} of {slug}.")


def _read(path: str) -> bytes:
    if path == "-":
        return stdin_bytes(_MAX_BYTES)
    try:
        with Path(path).open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise Invalid(
            f"“{path}” cannot be read ({error.strerror}): give the path of a file, or - for stdin."
        ) from error
    if len(data) > _MAX_BYTES:
        raise Invalid(f"“{path}” has more than {_MAX_BYTES:,} bytes: import it in parts.")
    return data


def _tell(report: ImportReport, slug: str, *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    parts = [f"{counted(report.added)} {would}added to {slug}"]
    parts += [f"{report.repeated:,} known already"] if report.repeated else []
    parts += [f"{report.queued:,} queued for review"] if report.queued else []
    parts += [f"{len(report.rejected):,} rejected"] if report.rejected else []
    out(", ".join(parts))
    for rejected in report.rejected[:_LINES_TOLD]:
        note(f"line {rejected.line}: {rejected.why}")
    if len(report.rejected) > _LINES_TOLD:
        note(f"and {len(report.rejected) - _LINES_TOLD:,} more; --json lists them all")


def _write_stdout(text: str) -> None:
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    stream.write(text.encode())
    stream.flush()


def write_private(target: Path, text: str, *, replace: bool) -> None:
    """Write a file whole or not at all, readable by its owner alone (0600).

    Raises Invalid, with nothing changed: there is one already and not `replace`, or it cannot be
    written.
    """
    reserved = False
    temporary = ""
    try:
        if not replace:  # takes the name, so that nobody else's file can come to stand there
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            reserved = True
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name[:40]}-", dir=target.parent)
        with os.fdopen(handle, "wb") as file:  # mkstemp makes it 0600
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException as error:
        for leftover in ([temporary] if temporary else []) + ([str(target)] if reserved else []):
            with contextlib.suppress(OSError):
                Path(leftover).unlink()
        if isinstance(error, FileExistsError):
            raise Invalid(
                f"“{target}” is there already: nothing was written. Choose another name, or "
                "replace it with --force."
            ) from error
        if isinstance(error, OSError):
            raise Invalid(
                f"“{target}” cannot be written ({error.strerror}): choose another place."
            ) from error
        raise
