"""The person's own editor on a private temporary file."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

_FALLBACK = "nano"


def editor_command() -> list[str]:
    """Return $VISUAL, else $EDITOR, else nano, split as a shell would."""
    return shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or _FALLBACK)


def edited(text: str) -> str | None:
    """Return `text` after the editor; None when it could not run, failed, or left no UTF-8 text.

    One line end that the editor added is taken away again.
    """
    with tempfile.TemporaryDirectory(prefix="boternity-") as folder:  # mode 0700
        path = Path(folder) / "memory.md"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
        try:
            done = subprocess.run([*editor_command(), str(path)], check=False)
        except (OSError, ValueError):  # a quote that is never closed
            return None
        if done.returncode != 0:
            return None
        try:
            changed = path.read_bytes().decode()
        except (OSError, UnicodeDecodeError):
            return None
    if changed.endswith("\n") and not text.endswith("\n"):
        changed = changed.removesuffix("\n")
    return changed
