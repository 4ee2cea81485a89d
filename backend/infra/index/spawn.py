"""Starts a home's index process so that it outlives the program that needed it first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from backend.infra.index.memory import ENVIRONMENT
from backend.infra.index.protocol import (
    IDLE_SECONDS,
    LISTENING,
    NO_HOME,
    NOT_WRITABLE,
    settings_json,
)
from backend.types.config import Settings
from backend.types.errors import IndexUnavailable

_START_SECONDS = 20.0
"""The starter itself waits up to 10 s for a process that is leaving."""


class Starter:
    """Starts index processes of one home; `stop` ends a start that is under way."""

    def __init__(
        self, home: Path, settings: Settings, *, idle_seconds: float = IDLE_SECONDS
    ) -> None:
        # -P: a folder named “backend” where the person happens to be must not be taken for ours.
        self._command = [sys.executable, "-P", "-m", "backend.infra.index", "--home", str(home)]
        if idle_seconds != IDLE_SECONDS:
            self._command += ["--idle-seconds", str(idle_seconds)]
        self._settings = settings_json(settings).encode()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def start(self) -> None:
        """Return when a process listens on the home's socket; blocks, about 0.3 s.

        Raises IndexUnavailable with what a person can do about it.
        """
        if self._stopped:
            raise IndexUnavailable("The home was closed: open it again to search by meaning.")
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                env=os.environ | ENVIRONMENT,
            )
        except OSError as error:
            raise IndexUnavailable(
                f"No process for the index can be started ({error.strerror}): close other "
                "programs. Search by keywords goes on."
            ) from error
        with self._process as process:
            try:
                process.communicate(self._settings, timeout=_START_SECONDS)
            except subprocess.TimeoutExpired as error:
                process.kill()
                raise IndexUnavailable(
                    "The index process did not start in time. Search by keywords goes on, and "
                    "it is started again by itself."
                ) from error
        if process.returncode != LISTENING:
            raise IndexUnavailable(_reason(process.returncode))

    def stop(self) -> None:
        """End a start that is under way; a process that already listens is left alone."""
        self._stopped = True
        if self._process is not None and self._process.poll() is None:
            self._process.kill()


def _reason(code: int) -> str:
    if code == NO_HOME:
        return "This home has no database any more: open it again."
    if code == NOT_WRITABLE:
        return (
            "The index cannot be kept here: the home is not writable, or a process that does not "
            "answer holds it. Check the folder's permissions; search by keywords goes on."
        )
    return (
        f"The index process stopped while starting (exit code {code}). Search by keywords goes "
        "on; the file index.log in the home may say more."
    )
