"""The demo: a dashboard on a sample fleet in a throwaway home, marked as a demo throughout."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path
from uuid import UUID

from backend import Backend, open_backend
from backend.types import Actor, BoternityError
from tui.demo.fleet import make_fleet

TRUTH_FILE = "truth.json"
_PREFIX = "boternity-demo-"


async def fill(backend: Backend, seed: int | None = None) -> None:
    """Write the sample fleet into an empty home, and beside it the truth of what was planted."""
    now = backend.now()
    fleet = make_fleet(now=now) if seed is None else make_fleet(now=now, seed=seed)
    actor = Actor.system()
    stored: dict[str, UUID] = {}
    for bot in fleet.bots:
        added = await backend.bots.add(bot.name, description=bot.description, actor=actor)
        mine = [memory for memory in fleet.memories if memory.bot == bot.name]
        await backend.exchange.import_drafts(
            added.id, [memory.draft for memory in mine], actor=actor
        )
        by_fact = {
            entry.fact: entry.id
            for entry in await backend.memories.entries(await backend.memories.keys(added.id))
        }
        stored.update({memory.key: by_fact[memory.draft.fact] for memory in mine})
    await backend.bots.set_current("ana")
    truth = fleet.truth.with_ids({key: str(memory_id) for key, memory_id in stored.items()})
    await asyncio.to_thread(_write, backend.home / TRUTH_FILE, truth.model_dump_json(indent=1))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)


def run_demo(seed: int | None = None) -> int:
    """Open the dashboard on a fresh demo, and remove its home afterwards; return the exit code."""
    from tui.app import BoternityApp

    async def session(backend: Backend) -> None:
        async with backend:
            await fill(backend, seed)
            await BoternityApp(backend, demo=True).run_async()

    home = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        asyncio.run(session(open_backend(home, environ={})))
    except BoternityError as error:
        sys.stderr.write(f"boternity demo: {error}\n")
        return 1
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return 0
