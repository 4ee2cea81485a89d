"""`python -m backend.infra.index --home DIR`: starts the index process of a home.

Reads the settings as JSON from standard input, so that nothing of them shows in a process list.
Returns as soon as somebody listens on the home's socket: this program's child, which lives on by
itself, or another process that was there first.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from backend.infra.index.lease import DATABASE, Lease
from backend.infra.index.log import open_log, redirect_output
from backend.infra.index.protocol import IDLE_SECONDS, LISTENING, NO_HOME, NOT_WRITABLE
from backend.types.errors import IndexUnavailable


def main(arguments: list[str] | None = None) -> int:
    """Return the exit code of the starter; the index process itself never returns."""
    parser = argparse.ArgumentParser(prog="python -m backend.infra.index")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--idle-seconds", type=float, default=IDLE_SECONDS)
    options = parser.parse_args(arguments)
    home = Path(os.path.realpath(options.home))
    if not (home / DATABASE).is_file():
        return NO_HOME
    os.umask(0o077)
    settings = sys.stdin.read()
    try:
        lease = Lease.take(home)
        if lease is None:
            return LISTENING
        open_log(home)
    except (OSError, IndexUnavailable):
        return NOT_WRITABLE
    # Only the standard library is loaded and there is one thread, so a fork is safe; the lock
    # and the socket go with the child.
    if os.fork():
        return LISTENING
    redirect_output(home)
    os.chdir("/")
    from backend.infra.index.server import serve

    serve(home, settings, lease, idle_seconds=options.idle_seconds)
    # Whatever thread still embeds or stores may be cut off: the job for it is still there.
    os._exit(0)


if __name__ == "__main__":
    raise SystemExit(main())
