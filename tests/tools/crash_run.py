"""Kills an act at each of its moments and looks at what a restart finds.

    python -m tests.tools.crash_run SCENARIO [--kinds points|bytes|names] [--most N] [--stride N]

prints a `CrashReport` as JSON, or the names of the moments. Each kill is a process of its own,
forked from this small one, which has imported everything and started nothing. With `bytes` the
kernel ends the process (SIGXFSZ) when one of its files would grow past a size: so it dies inside
of SQLite's own writes, in the middle of a commit or a checkpoint, with half a page on the disk.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

from backend.infra.sqlite import memories, store
from tests.tools.crash_acts import ACKNOWLEDGED, SCENARIOS
from tests.tools.crash_points import CrashPoints, install

INDEX_JOBS = "index jobs"

_BYTE_STEP = 2060
"""Half a WAL frame, nearly: so that limits fall on all places of a frame."""
_MEMORY_DISK = Path("/dev/shm")
"""Its fsync costs nothing, and what a killed process wrote is there as on any disk."""


@dataclass
class CrashReport:
    """`moments`: how many there are; `asked`: how many were to be killed at; `killed`: that died
    there. `acknowledged`: kills after the program had said "done"."""

    moments: int = 0
    asked: int = 0
    killed: int = 0
    acknowledged: int = 0
    failures: list[str] = field(default_factory=list)


@dataclass
class _Ended:
    signal: int
    said: bytes


def forked(work: Callable[[int], None]) -> _Ended:
    """Run `work` in a forked process that gets the writing end of a pipe; return how it ended."""
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        code = 1
        try:
            os.close(reading)
            work(writing)
            code = 0
        except Exception as error:  # noqa: BLE001  (told to who waits for this process)
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(process, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError(f"the child ended with exit code {os.WEXITSTATUS(status)}")
    return _Ended(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, said)


class Subject(Protocol):
    """What is killed. `act_out` tells the pipe when a person was told that it is done."""

    async def prepare(self, home: Path) -> None: ...
    async def act_out(self, home: Path, pipe: int | None, points: CrashPoints) -> None: ...
    async def looked_at(self, home: Path) -> tuple[str, list[str]]: ...


def subject(name: str) -> Subject:
    """Return what a scenario's name means."""
    if name != INDEX_JOBS:
        return SCENARIOS[name]
    from tests.tools.crash_index import IndexJobs

    return IndexJobs()


class Runs:
    """The kills of one subject: each in a fresh copy of the home as it was before the act."""

    def __init__(self, subject: Subject, folder: Path) -> None:
        self._subject = subject
        self._begin = folder / "begin"
        self._home = folder / "home"
        store._READERS = 1  # two would connect in whichever order they come
        memories._ROWS_AT_ONCE = 50  # an import is several statements
        self._warm_up(folder / "warm")
        forked(lambda _: asyncio.run(subject.prepare(self._begin)))
        self.names = self._dry_run()
        self._after = self._look()[0]
        self._restore()
        self._before = self._look()[0]
        self._restore()
        self.report = CrashReport(moments=len(self.names))

    def kill_at(self, number: int) -> None:
        self._try(number, f"at {number} ({self.names[number]})", signal.SIGKILL)

    def limit(self, size: int) -> bool:
        """End the process when a file grows past `size` bytes; False when none does."""
        return self._try(None, f"past {size:,} bytes", signal.SIGXFSZ, size)

    def _try(self, kill_at: int | None, where: str, wanted: int, size: int = -1) -> bool:
        self._restore()
        ended = forked(lambda pipe: self._child(pipe, CrashPoints(kill_at), size))
        if ended.signal == wanted:
            self.report.killed += 1
        acknowledged = ended.said.startswith(ACKNOWLEDGED)
        self.report.acknowledged += acknowledged and ended.signal == wanted
        state, problems = self._look()
        if state not in (self._before, self._after):
            problems.append("the act is half done")
        if acknowledged and state != self._after:
            problems.append("the acknowledged act is lost")
        self.report.failures += [f"killed {where}: {problem}" for problem in problems]
        return ended.signal == wanted

    def _warm_up(self, home: Path) -> None:
        """Build here, once, what every child would build for itself: imports and schemas."""
        asyncio.run(self._subject.prepare(home))
        asyncio.run(self._subject.act_out(home, None, CrashPoints()))
        asyncio.run(self._subject.looked_at(home))
        assert threading.active_count() == 1, "a process with threads cannot be forked safely"
        gc.freeze()

    def _dry_run(self) -> list[str]:
        self._restore()

        def work(pipe: int) -> None:
            points = CrashPoints()
            install(points)
            asyncio.run(self._subject.act_out(self._home, None, points))
            _say(pipe, json.dumps(points.names).encode())

        names: list[str] = json.loads(forked(work).said)
        return names

    def _child(self, pipe: int, points: CrashPoints, size: int) -> None:
        if size < 0:
            install(points)
        else:
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        asyncio.run(self._subject.act_out(self._home, pipe, points))

    def _look(self) -> tuple[str, list[str]]:
        """Open the home again, as a person would, and return its state and what is wrong."""

        def work(pipe: int) -> None:
            found = asyncio.run(self._subject.looked_at(self._home))
            _say(pipe, json.dumps(found).encode())

        state, problems = json.loads(forked(work).said)
        return state, problems

    def _restore(self) -> None:
        shutil.rmtree(self._home, ignore_errors=True)
        if self._begin.exists():
            shutil.copytree(self._begin, self._home)


def spread(count: int, most: int | None) -> list[int]:
    """Return at most `most` of 0…count-1: half of them at both ends, the others even between."""
    if most is None or count <= most:
        return list(range(count))
    edge = most // 4
    inner = most - 2 * edge
    between = [edge + (count - 2 * edge) * step // inner for step in range(inner)]
    return [*range(edge), *between, *range(count - edge, count)]


def names_of(name: str) -> list[str]:
    """Return the moments of a scenario, in their order."""
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        return Runs(subject(name), Path(folder)).names


def run(name: str, *, kinds: str, most: int | None, stride: int) -> CrashReport:
    """Kill the act `name` at all its moments, or at `most` of them."""
    place = _MEMORY_DISK if os.access(_MEMORY_DISK, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="crash-", dir=place) as folder:
        runs = Runs(subject(name), Path(folder))
        if kinds == "points":
            numbers = spread(len(runs.names), most)
            runs.report.asked = len(numbers)
            for number in numbers:
                runs.kill_at(number)
        else:
            size, step = 0, _BYTE_STEP * stride
            while runs.limit(size):
                size += step
            runs.report.asked = runs.report.moments = runs.report.killed
    return runs.report


def _say(pipe: int, data: bytes) -> None:
    while data:
        data = data[os.write(pipe, data) :]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("scenario", choices=[*SCENARIOS, INDEX_JOBS])
    parser.add_argument("--kinds", choices=("points", "bytes", "names"), default="points")
    parser.add_argument("--most", type=int, help="kill at so many moments, spread over all")
    parser.add_argument("--stride", type=int, default=1, help="leave out sizes between")
    given = parser.parse_args()
    if given.kinds == "names":
        print(json.dumps(names_of(given.scenario)))
        return
    report = run(given.scenario, kinds=given.kinds, most=given.most, stride=given.stride)
    print(json.dumps(asdict(report), ensure_ascii=False))


if __name__ == "__main__":
    main()
