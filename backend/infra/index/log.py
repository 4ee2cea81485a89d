"""The index process's log: small, for its owner alone, and without a word of any memory.

Messages of foreign errors may quote what they choked on, so only their class and the places in
the code are written.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
import warnings
from logging.handlers import RotatingFileHandler
from pathlib import Path

_MOST_BYTES = 256 * 1024


def where(error: BaseException) -> str:
    """Return an error's class and the last places it passed, without its message."""
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in _frames(error)]
    return " ".join([type(error).__name__, "at", *places[-4:]])


def open_log(home: Path) -> None:
    """Send the log and whatever native code prints to `index.log`; about 256 KiB and one old one.

    Raises OSError when the home cannot be written to.
    """
    path = home / "index.log"
    handler = RotatingFileHandler(path, maxBytes=_MOST_BYTES, backupCount=1, encoding="utf-8")
    os.chmod(path, 0o600)
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
    ours = logging.getLogger("boternity.index")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False
    logging.lastResort = None
    warnings.simplefilter("ignore")
    sys.excepthook = lambda kind, error, trace: ours.error("ended by %s", where(error))


def redirect_output(home: Path) -> None:
    """Make standard input empty and let output go to the log."""
    empty = os.open(os.devnull, os.O_RDWR)
    log = os.open(home / "index.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(empty, 0)
    os.dup2(empty, 1)
    os.dup2(log, 2)
    os.close(empty)
    os.close(log)


def _frames(error: BaseException) -> traceback.StackSummary:
    return traceback.extract_tb(error.__traceback__)
