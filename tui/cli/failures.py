"""Errors as a person reads them: one sentence on stderr, and never a traceback unless asked for.

What nobody foresaw goes into `last-errors.log` in the home (0600), or onto the screen when
BOTERNITY_DEBUG is set.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from backend.types.errors import BoternityError, NotFound, UndoBlocked
from tui.widgets.safe_text import safe_line, safe_text

LOG_NAME = "last-errors.log"
_LOG_BYTES = 1024 * 1024
_DEBUG = "BOTERNITY_DEBUG"


def tell(error: BaseException, home: str | Path | None) -> int:
    """Say on stderr what went wrong and return the exit code, 1."""
    if isinstance(error, BoternityError):
        sys.stderr.write(f"boternity: {safe_text(str(error))}{_advice(error)}\n")
    else:
        sys.stderr.write(f"boternity: {unforeseen(error, home)}\n")
    return 1


def _advice(error: BoternityError) -> str:
    """Return the command that is the next step, where the sentence leaves it to us."""
    match error:
        case UndoBlocked(event=event):
            return f" All of them: boternity history undo --id {event} --together"
        case NotFound(kind="bot") if "add the first one" in str(error):
            return " For example: boternity bot add Ana"
        case _:
            return ""


def unforeseen(error: BaseException, home: str | Path | None) -> str:
    """Write an error that nobody foresaw into the log and return what a person reads of it."""
    name = type(error).__name__
    if os.environ.get(_DEBUG):
        return safe_text("".join(traceback.format_exception(error)))
    log = _written(error, home)
    where = f"The details are in {safe_line(str(log))}" if log else f"Set {_DEBUG}=1 to see where"
    return (
        f"Something went wrong that should not have ({name}). {where}; "
        "“boternity doctor” checks that your data is sound."
    )


def _written(error: BaseException, home: str | Path | None) -> Path | None:
    """Append the traceback to the log of a home that exists; None where that cannot be."""
    place = home or os.environ.get("BOTERNITY_HOME")
    if not place or not (folder := Path(place).expanduser()).is_dir():
        return None
    log = folder / LOG_NAME
    lines = "".join(traceback.format_exception(error)) + "\n"
    try:
        fresh = os.O_TRUNC if log.exists() and log.stat().st_size > _LOG_BYTES else 0
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | fresh, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(lines.encode("utf-8", "backslashreplace"))
    except OSError:
        return None  # the disk may be what went wrong
    return log
