"""The dashboard with a watch on its loop: how long does each single callback hold it?

    python -m tests.benchmarks.watched_dashboard HOME OUT

Written to OUT at the end, as JSON: [began, held, busy, what] of every callback of at least 1 ms.
`began` is time.perf_counter(), which all processes of a machine share; `held` is wall time minus
the time for which the kernel let other processes go first; `busy` is the loop's own CPU time.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from asyncio import Handle, Task
from pathlib import Path

from tui.cli import open_dashboard

_SHORTEST = 0.001
_SEEN: list[tuple[float, float, float, str]] = []


def watch() -> None:
    """Measure every callback of this thread's loop from now on."""
    run = Handle._run
    schedule = os.open(f"/proc/self/task/{threading.get_native_id()}/schedstat", os.O_RDONLY)

    def waited() -> float:
        return int(os.pread(schedule, 80, 0).split()[1]) / 1e9

    def measured(handle: Handle) -> None:
        others, busy, began = waited(), time.thread_time(), time.perf_counter()
        run(handle)
        wall, own = time.perf_counter() - began, time.thread_time() - busy
        if wall >= _SHORTEST:
            held = wall - (waited() - others)
            _SEEN.append((began, held, own, _name(handle)))

    setattr(Handle, "_run", measured)  # noqa: B010  (no other way; a type checker refuses to)


def _name(handle: Handle) -> str:
    callback = getattr(handle, "_callback", None)
    task = getattr(callback, "__self__", None)
    return str(task.get_name() if isinstance(task, Task) else callback)[:100]


def main(home: str, out: str) -> int:
    """Run the dashboard and write what was seen."""
    watch()
    code = open_dashboard(home)
    Path(out).write_text(json.dumps(_SEEN))
    return code


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
