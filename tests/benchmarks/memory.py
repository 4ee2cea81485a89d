"""How much memory the dashboard and the index process take, and whether idle ones let go.

    uv run python -m tests.benchmarks.memory [--json] [--quick]

The dashboard visits every mode; the index process has embedded all memories and 200 more, and has
answered a search. Then nobody asks anything for 6 minutes: the index process leaves after 5. With
--quick it is told to leave after 20 seconds instead, and the home is smaller; the report says so.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from backend import Backend, open_backend
from backend.types import Actor
from tests.benchmarks.homes import BOT, dashboard, drafts, home_with, index_process, is_readable
from tests.benchmarks.pty_session import PtyProgram, resident
from tests.benchmarks.report import Figure, Report, arguments, tell

DASHBOARD_MB, INDEX_MB = 90.0, 450.0
_NEW_FACTS = 200
_PATIENCE_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How large and how long."""

    memories: int
    leaves_after: float | None
    """Seconds that the index process is told to wait for a request; None: its own 5 minutes."""
    idle: float


FULL = Plan(memories=10_000, leaves_after=None, idle=360.0)
QUICK = Plan(memories=1_000, leaves_after=20.0, idle=35.0)


async def _embedded(backend: Backend) -> None:
    """Wait until nothing is left to embed."""
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while True:
            status = await backend.index.status()
            if status.state == "ready" and not status.pending:
                return
            await asyncio.sleep(0.25)


async def _use_index(home: Path, memories: int) -> float:
    """Have everything embedded, then 200 facts more, and search; return the index's size."""
    async with open_backend(home, wait_for_index=30.0) as backend:
        bot = await backend.bots.get(BOT)
        await _embedded(backend)
        more = drafts(_NEW_FACTS, first=memories)
        await backend.exchange.import_drafts(bot.id, more, actor=Actor.user())
        await _embedded(backend)
        await backend.recall.search(bot.id, "when does the customer want the invoice?")
        pid = index_process(home)
        assert pid is not None, "the index process is gone before it was idle"
        return resident(pid)


def _start_index(home: Path, leaves_after: float) -> None:
    """Start the home's index process with another idle time than its own."""

    async def settings() -> str:
        async with open_backend(home) as backend:
            return backend.settings.model_dump_json(include={"embedder", "vectors"})

    command = [sys.executable, "-P", "-m", "backend.infra.index", "--home", str(home)]
    command += ["--idle-seconds", str(leaves_after)]
    subprocess.run(command, input=asyncio.run(settings()), text=True, check=True)


def measure(plan: Plan) -> Report:
    """Measure at work, then after a rest."""
    with home_with(plan.memories) as home:
        if plan.leaves_after is not None:
            _start_index(home, plan.leaves_after)
        index = asyncio.run(_use_index(home, plan.memories))
        with PtyProgram(dashboard(home)) as program:
            program.wait_for(is_readable, seconds=30.0)
            program.settle()
            first = program.resident()
            sizes = []
            for digit in "12345678" * 2:
                program.press(digit)
                program.settle()
                sizes.append(program.resident())
            program.press("2")
            began = time.monotonic()
            program.watch(plan.idle)
            rested, gone = program.resident(), index_process(home) is None
            waited = time.monotonic() - began
    figures = [
        Figure("dashboard, first mode", first, "MB"),
        Figure("dashboard, every mode", max(sizes), "MB", DASHBOARD_MB),
        Figure("dashboard, after idling", rested, "MB", DASHBOARD_MB),
        Figure("index process", index, "MB", INDEX_MB, note=f"{_NEW_FACTS} facts and a search"),
    ]
    note = f"{plan.memories:,} memories; idle for {waited:.0f} s"
    if plan.leaves_after is not None:
        note += f"; QUICK: the index process was told to leave after {plan.leaves_after:.0f} s"
    return Report("memory", figures, {"the idle index process has left": gone}, note)


def main() -> int:
    """Read the command line."""
    parser = arguments("Resident size of the dashboard and of the index process.")
    parser.add_argument("--quick", action="store_true", help="a small home and a short rest")
    given = parser.parse_args()
    return tell(measure(QUICK if given.quick else FULL), as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
