"""What a key costs in a list of 100,000 memories, and whether typing a filter ever holds the loop.

    uv run python -m tests.benchmarks.keys [--json] [--memories 100000] [--keys 200]

The dashboard runs on a terminal of 120x40 with the detail pane on and gets 30 keys a second, like
from a held key; a key's cost is the CPU time of all threads. Everything is measured twice: with
the index switched off, and while the index process embeds what was just imported.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.homes import WORDS_ONLY, dashboard, end_index, home_with, is_readable
from tests.benchmarks.pty_session import PtyProgram, Screen
from tests.benchmarks.report import Figure, Report, arguments, median, quantile, tell

IN_VIEW_MS, SCROLLING_MS, HELD_MS = 6.0, 15.0, 16.0
_SECONDS = 30.0
_PER_SECOND = 30
_PAGE = 30
_TYPED = ("landlord", "train fri", "cat:pref imp>=4 tea", "M0999", "zebra")
_TYPING_SECONDS = 0.12
_IDLE_SECONDS = 10.0
_EMPTY = "from textual.app import App; App().run()"


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of one key."""

    in_view: float
    scrolling: float


@dataclass(frozen=True, slots=True)
class Typing:
    """Seconds: the longest that one callback held the loop, and from key to echo."""

    held: float
    busy: float
    what: str
    echoes: list[float]


def _opened(program: PtyProgram, *, indexing: bool) -> None:
    program.wait_for(is_readable, seconds=_SECONDS)
    if indexing:
        program.wait_for(lambda screen: "indexing" in screen.lines[0], seconds=_SECONDS)
        program.watch(1.0)
    else:
        program.settle()


def _cost(program: PtyProgram, keys: str) -> float:
    """Return the CPU seconds of one of these keys."""
    before = program.cpu()
    for key in keys:
        until = time.perf_counter() + 1 / _PER_SECOND
        program.press(key)
        program.watch(until - time.perf_counter())
    program.watch(0.03)  # the last one's, without what begins when a cursor rests
    return (program.cpu() - before) / len(keys)


def key_costs(home: Path, environ: Mapping[str, str], keys: int) -> Cost:
    """Measure keys that move within the view, then keys that scroll it."""
    with PtyProgram(dashboard(home), environ=environ) as program:
        _opened(program, indexing=not environ)
        there_and_back = ("j" * _PAGE + "k" * _PAGE) * (keys // (2 * _PAGE) + 1)
        in_view = _cost(program, there_and_back[:keys])
        program.press("g" + "j" * 40)
        program.watch(3.0)
        return Cost(in_view, _cost(program, "j" * keys))


def typing(home: Path, environ: Mapping[str, str]) -> Typing:
    """Type several filters, and take them away again."""
    out = home.parent / "held.json"
    module = "tests.benchmarks.watched_dashboard"
    with PtyProgram(
        [sys.executable, "-m", module, str(home), str(out)], environ=environ
    ) as program:
        _opened(program, indexing=not environ)
        program.press("/")
        program.watch(0.5)
        began = time.perf_counter()
        echoes: list[float] = []
        for words in _TYPED:
            for length in range(1, len(words) + 1):
                echoes.append(_echo(program, words[:length]))
            program.watch(0.6)  # the search by meaning joins
            program.press("\x7f" * len(words))
            program.watch(0.6)
        ended = time.perf_counter()
        program.leave("\x11")  # ctrl+q
    seen = [turn for turn in json.loads(out.read_text()) if began <= turn[0] <= ended]
    longest = max(seen, key=lambda turn: float(turn[1]), default=(0.0, 0.0, 0.0, ""))
    return Typing(longest[1], max((turn[2] for turn in seen), default=0.0), longest[3], echoes)


def _echo(program: PtyProgram, text: str) -> float:
    def is_shown(screen: Screen) -> bool:
        return f"/ {text}" in screen.lines[2]

    pressed = time.perf_counter()
    program.press(text[-1])
    program.wait_for(is_shown, seconds=_SECONDS)
    seconds = time.perf_counter() - pressed
    program.watch(_TYPING_SECONDS - seconds)
    return seconds


def idle(started: AbstractContextManager[PtyProgram]) -> float:
    """Return the CPU seconds that a second costs in which nothing happens."""
    with started as program:
        program.settle(2.0)
        before = program.cpu()
        program.watch(_IDLE_SECONDS)
        return (program.cpu() - before) / _IDLE_SECONDS


def measure(memories: int, keys: int) -> Report:
    """Measure everything, quiet first."""
    with home_with(memories) as home:
        empty = idle(PtyProgram([sys.executable, "-c", _EMPTY]))
        resting = idle(PtyProgram(dashboard(home), environ=WORDS_ONLY))
        quiet, quiet_typing = key_costs(home, WORDS_ONLY, keys), typing(home, WORDS_ONLY)
        busy = key_costs(home, {}, keys)
        end_index(home)
        busy_typing = typing(home, {})
    figures = [
        Figure("key in view", quiet.in_view * 1e3, "ms CPU", IN_VIEW_MS),
        Figure("key that scrolls", quiet.scrolling * 1e3, "ms CPU", SCROLLING_MS),
        Figure("key in view, indexing", busy.in_view * 1e3, "ms CPU", IN_VIEW_MS),
        Figure("key that scrolls, indexing", busy.scrolling * 1e3, "ms CPU", SCROLLING_MS),
        *_typing_figures("typing", quiet_typing),
        *_typing_figures("typing, indexing", busy_typing),
        Figure("idle second", resting * 1e3, "ms CPU", peer=empty * 1e3, note="an empty app"),
    ]
    note = f"{memories:,} memories, 120x40, {keys} keys at {_PER_SECOND} a second"
    return Report("keys", figures, note=note)


def _typing_figures(name: str, found: Typing) -> list[Figure]:
    echo, worst = median(found.echoes) * 1e3, quantile(found.echoes, 0.95) * 1e3
    what = found.what if found.held * 1e3 > HELD_MS else ""
    return [
        Figure(f"{name}: longest hold", found.held * 1e3, "ms", HELD_MS, note=what),
        Figure(f"{name}: most CPU at once", found.busy * 1e3, "ms", HELD_MS),
        Figure(f"{name}: key to echo", echo, "ms", note=f"median; 95 % within {worst:.0f} ms"),
    ]


def main() -> int:
    """Read the command line."""
    parser = arguments("CPU time a key in a list of 100,000 memories, and typing a filter.")
    parser.add_argument("--memories", type=int, default=100_000)
    parser.add_argument("--keys", type=int, default=200)
    given = parser.parse_args()
    return tell(measure(given.memories, given.keys), as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
