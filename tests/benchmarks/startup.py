"""How long until ten facts of the chosen bot can be read, beside a minimal Textual app.

    uv run python -m tests.benchmarks.startup [--json] [--pairs 7] [--memories 10000]

Each start is a fresh process on a terminal of 120x40, the dashboard on a home without a running
index process. The peer shows ten lines of text and a cursor glyph and does nothing else; the two
take turns, so that both meet the same load.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.benchmarks.homes import dashboard, end_index, home_with, is_readable
from tests.benchmarks.pty_session import PtyProgram
from tests.benchmarks.report import Figure, Report, arguments, median, tell

LIMIT_SECONDS = 0.25
FIRST_FRAME_SECONDS = 30.0
FOREIGN = ("numpy", "qdrant_client", "onnxruntime")
"""What only the index process may load."""

_MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("\\n".join(f"▌ M{n:06} fact" for n in range(12)))
Minimal().run()
"""
# The dashboard's own start, and at its end the names of all modules that it has loaded.
_TELLING = """
import sys
from tui.cli import main
main(["--home", sys.argv[1]])
with open(sys.argv[2], "w") as out:
    out.write("\\n".join(sys.modules))
"""


def _minimal() -> tuple[float, float]:
    with PtyProgram([sys.executable, "-c", _MINIMAL]) as program:
        wall = program.wait_for(is_readable, seconds=FIRST_FRAME_SECONDS)
        return wall, program.cpu()


def _ours(home: Path) -> tuple[float, float, str]:
    end_index(home)
    with PtyProgram(dashboard(home)) as program:
        wall = program.wait_for(is_readable, seconds=FIRST_FRAME_SECONDS)
        return wall, program.cpu(), program.loaded()


def _modules(home: Path) -> list[str]:
    """Return what the dashboard has imported by the time the index has started and it is left."""
    out = home.parent / "modules.txt"
    with PtyProgram([sys.executable, "-c", _TELLING, str(home), str(out)]) as program:
        program.wait_for(is_readable, seconds=FIRST_FRAME_SECONDS)
        program.settle()
        program.leave("\x11")  # ctrl+q
    return out.read_text().split("\n")


def measure(pairs: int, memories: int) -> Report:
    """Start both `pairs` times in turn, after one unmeasured start each."""
    with home_with(memories) as home:
        _minimal(), _ours(home)
        theirs, ours = [], []
        for _ in range(pairs):
            theirs.append(_minimal())
            ours.append(_ours(home))
        imported = _modules(home)
    wall, cpu = median([run[0] for run in ours]), median([run[1] for run in ours])
    wall_peer, cpu_peer = median([run[0] for run in theirs]), median([run[1] for run in theirs])
    extra = median([our[0] - their[0] for our, their in zip(ours, theirs, strict=True)])
    mapped = "\n".join(run[2] for run in ours)
    figures = [
        Figure("time until readable", wall, "s", wall_peer + LIMIT_SECONDS, peer=wall_peer),
        Figure("CPU until readable", cpu, "s", cpu_peer + LIMIT_SECONDS, peer=cpu_peer),
        Figure("more time, pair by pair", extra, "s", note="median of the differences"),
    ]
    facts = {f"{name} is not mapped": f"/{name}" not in mapped for name in FOREIGN}
    facts |= {f"{name} is not imported": name not in imported for name in FOREIGN}
    note = f"{pairs} pairs, {memories:,} memories, 120x40; peer: a minimal Textual app"
    return Report("startup", figures, facts, note)


def main() -> int:
    """Read the command line."""
    parser = arguments("Time until ten facts can be read, beside a minimal Textual app.")
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--memories", type=int, default=10_000)
    given = parser.parse_args()
    return tell(measure(given.pairs, given.memories), as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
