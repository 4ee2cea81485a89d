"""How long until 10,000 imported facts can be listed and searched by keyword.

    uv run python -m tests.benchmarks.ingest [--json] [--facts 10000] [--runs 3]

The real command imports a JSON Lines file while another program has the home open, as a dashboard
has: the clock runs from the start of the command until that program lists every fact and finds the
last one by a word. Journal and keyword indexes included; vectors follow later, by the index process
that the command starts (it competes for the machine as it does for a person). Then one undo takes
all of it back. The peer writes the same lines into a bare SQLite table with one keyword index.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from backend import Backend, open_backend
from backend.types import Actor
from tests.benchmarks.homes import drafts, end_index
from tests.benchmarks.report import Figure, Report, arguments, median, tell

LIMIT_SECONDS = 3.0
_POLL_SECONDS = 0.01
_SESSION = 25
_WORDS_ONLY = {"BOTERNITY_EMBEDDER_ENGINE": "none"}


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds: until all was listed and found, until the command ended, of its processor; and of
    the undo; and megabytes that the command held at most."""

    usable: float
    command: float
    cpu: float
    megabytes: float
    undo: float
    undo_cpu: float
    peer: float


def write_lines(path: Path, count: int) -> None:
    """Write facts with sessions, tags and dates, as another program would export them."""
    with path.open("w", encoding="utf-8") as file:
        for number, draft in enumerate(drafts(count)):
            line = {
                "fact": draft.fact,
                "category": draft.category,
                "importance": draft.importance,
                "tags": list(draft.tags),
                "session": f"session {number // _SESSION}",
                "created_at": draft.created_at.isoformat() if draft.created_at else None,
            }
            file.write(json.dumps(line) + "\n")


async def measure(count: int, folder: Path) -> Run:
    """Import into a new home under `folder` and take it back."""
    home, file = folder / "home", folder / "facts.jsonl"
    write_lines(file, count)
    async with open_backend(home, environ=_WORDS_ONLY) as watcher:
        await watcher.bots.add("Ana", actor=Actor.user())
        importing = ["memory", "import", str(file), "-b", "ana", "--accept", "--no-wait"]
        began = time.perf_counter()
        command = asyncio.create_task(asyncio.to_thread(_run, importing, home))
        await _until_usable(watcher, count)
        usable = time.perf_counter() - began
        seconds, used = await command
        undone, undo_used = await asyncio.to_thread(_run, ["history", "undo"], home)
        left = await watcher.memories.count(None)
    if left:
        raise RuntimeError(f"the undo left {left} facts")
    end_index(home)
    return Run(
        usable=usable,
        command=seconds,
        cpu=used.ru_utime + used.ru_stime,
        megabytes=used.ru_maxrss / 1024,
        undo=undone,
        undo_cpu=undo_used.ru_utime + undo_used.ru_stime,
        peer=_bare_sqlite(file, folder / "bare.db"),
    )


async def _until_usable(watcher: Backend, count: int) -> None:
    seen = await watcher.change_counter()
    while await watcher.memories.count(None) < count:
        while (counter := await watcher.change_counter()) == seen:  # noqa: ASYNC110
            await asyncio.sleep(_POLL_SECONDS)  # as a dashboard does
        seen = counter
    rows = await watcher.memories.keys(None)
    shown = await watcher.memories.lines(rows[:40])
    found = await watcher.memories.keys(None, f"M{count - 1:06}")
    if (len(rows), len(shown), len(found)) != (count, min(40, count), 1):
        raise RuntimeError("not every fact is listed and found")


def _run(arguments: Sequence[str], home: Path) -> tuple[float, resource.struct_rusage]:
    """Run the real command; return its seconds and what it used, without what it started."""
    began = time.perf_counter()
    words = [sys.executable, "-m", "tui", *arguments, "--home", str(home)]
    silence = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    process = os.posix_spawn(sys.executable, words, os.environ, file_actions=silence)
    _, status, used = os.wait4(process, 0)
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(
            f"“{' '.join(arguments)}” ended with {os.waitstatus_to_exitcode(status)}"
        )
    return time.perf_counter() - began, used


def _bare_sqlite(file: Path, database: Path) -> float:
    """Return the seconds that SQLite alone needs for the same lines with one keyword index."""
    began = time.perf_counter()
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE facts (id INTEGER PRIMARY KEY, fact TEXT) STRICT")
        connection.execute("CREATE VIRTUAL TABLE words USING fts5 (fact)")
        with file.open(encoding="utf-8") as lines:
            facts = [(json.loads(line)["fact"],) for line in lines]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO facts (fact) VALUES (?)", facts)
        connection.executemany("INSERT INTO words (fact) VALUES (?)", facts)
        connection.execute("COMMIT")
    return time.perf_counter() - began


def main() -> int:
    parser = arguments(__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--facts", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    runs = []
    for _ in range(given.runs):
        with tempfile.TemporaryDirectory(prefix="boternity-bench-") as folder:
            runs.append(asyncio.run(measure(given.facts, Path(os.path.realpath(folder)))))
    limit = LIMIT_SECONDS * given.facts / 10_000
    report = Report(
        "ingest",
        [
            Figure(
                "usable", median([run.usable for run in runs]), "s", limit=limit,
                peer=median([run.peer for run in runs]),
                note=f"{given.facts:,} facts listed and found; the peer is bare SQLite with FTS5",
            ),
            Figure("command", median([run.command for run in runs]), "s", note="to its end"),
            Figure("cpu", median([run.cpu for run in runs]), "s", note="of the command"),
            Figure("memory", max(run.megabytes for run in runs), "MB", note="of the command"),
            Figure("undo", median([run.undo for run in runs]), "s", note="the whole command"),
            Figure("undo_cpu", median([run.undo_cpu for run in runs]), "s"),
        ],
        note=f"Median of {given.runs} runs.",
    )  # fmt: skip
    return tell(report, as_json=given.json)


if __name__ == "__main__":
    sys.exit(main())
