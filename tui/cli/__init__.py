"""The command line. `main` is where every program called `boternity` begins.

Opening the dashboard must not wait for what only commands need: without a command nothing but
this module is read first, and click not at all. `tests/unit/cli/test_start.py` holds that.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

COMPLETE_VARIABLE = "_BOTERNITY_COMPLETE"
"""Set by the shell when it asks for completions; click's own mechanism answers it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the arguments say and return the exit code.

    0 done, 1 refused or failed, 2 wrong usage, 130 interrupted.
    """
    _open_closed_streams()
    try:
        return _done(list(sys.argv[1:] if argv is None else argv))
    except KeyboardInterrupt:
        return 130


def _done(arguments: list[str]) -> int:
    if COMPLETE_VARIABLE not in os.environ:
        match arguments:
            case []:
                return open_dashboard(None)
            case ["demo"]:
                return open_dashboard(None, demo=True)
            case ["--home", home] if not home.startswith("-"):
                return open_dashboard(home)
            case [word] if word.startswith("--home=") and len(word) > len("--home="):
                return open_dashboard(word.removeprefix("--home="))
    from tui.cli.root import run

    return run(arguments)


def _open_closed_streams() -> None:
    """Put nothing where the caller closed a standard stream: no database may get its number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(nowhere, "w" if number else "r", encoding="utf-8"))


def open_dashboard(home: str | None, *, demo: bool = False, seed: int | None = None) -> int:
    """Open the dashboard on a home, or on the demo made from `seed`; return the exit code."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        sys.stderr.write(
            "boternity: The dashboard needs a terminal. “boternity --help” lists the commands "
            "that work without one.\n"
        )
        return 1
    gc.disable()  # nothing that a start makes is garbage; the app enables it with its first frame
    try:
        if demo:
            from tui.demo.run import run_demo

            return run_demo(seed)
        from tui.start import run_dashboard

        return run_dashboard(home)
    except Exception as error:  # noqa: BLE001  (the last one who can say it in a sentence)
        from tui.cli.failures import tell

        return tell(error, home)
