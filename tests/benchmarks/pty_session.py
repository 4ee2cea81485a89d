"""A program on a real pseudo terminal: what it shows, what it costs, what it has loaded.

Headless runs skip the encoding and the writing, so everything about speed is measured here. The
CPU time of a program is that of all its threads, also of those that have ended.
"""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.cells import cell_len

COLUMNS, ROWS = 120, 40
_CHUNK = 1 << 16
_TOKEN = re.compile(
    r"\x1b\[(?P<private>[<=>?]?)(?P<numbers>[0-9;:]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)"  # titles, clipboard, device strings
    r"|\x1b[ -/]*[0-Z\\^-~]"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f])"
    r"|(?P<text>[^\x00-\x1f\x7f]+)"
)


class Screen:
    """What a terminal would show: cursor movements, erasing and text; styles are ignored."""

    def __init__(self, columns: int = COLUMNS, rows: int = ROWS) -> None:
        self._columns, self._rows = columns, rows
        self._cells = [[" "] * columns for _ in range(rows)]
        self._x = self._y = 0
        self._rest = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    @property
    def lines(self) -> list[str]:
        """The lines of the screen, from the top."""
        return ["".join(cells) for cells in self._cells]

    def feed(self, data: bytes) -> None:
        """Take in what a program wrote; a sequence may be cut anywhere."""
        text = self._rest + self._decoder.decode(data)
        at = 0
        while at < len(text):
            token = _TOKEN.match(text, at)
            if token is None:
                break  # a sequence whose end has not arrived
            at = token.end()
            if token["text"]:
                self._write(token["text"])
            elif token["control"]:
                self._control(token["control"])
            elif token["final"] and not token["private"]:
                self._command(token["final"], token["numbers"])
        self._rest = text[at:]

    def _write(self, text: str) -> None:
        for character in text:
            width = cell_len(character)
            if width and self._x + width <= self._columns:
                self._cells[self._y][self._x : self._x + width] = [character, ""][:width]
                self._x += width

    def _control(self, character: str) -> None:
        if character == "\r":
            self._x = 0
        elif character == "\n":
            self._y = min(self._y + 1, self._rows - 1)

    def _command(self, final: str, numbers: str) -> None:
        given = [int(number) if number.isdigit() else 0 for number in numbers.split(";")]
        if final in "Hf":
            row, column = (*given, 0)[:2]
            self._y = min(max(row, 1), self._rows) - 1
            self._x = min(max(column, 1), self._columns) - 1
        elif final == "J":
            self._cells = [[" "] * self._columns for _ in range(self._rows)]
        elif final == "K":
            self._cells[self._y][self._x :] = [" "] * (self._columns - self._x)


class PtyProgram:
    """A program on a terminal of its own; use it in a `with`, which ends it by its id."""

    def __init__(self, command: Sequence[str], *, environ: Mapping[str, str] | None = None) -> None:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("BOTERNITY_")}
        terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        self.screen = Screen()
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**clean, **terminal, **(environ or {})},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)
        self.pid = self._process.pid
        # clock_getcpuclockid(3): the kernel's number of the clock of another process.
        self._clock = (~self.pid << 3) | 2

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        os.close(self._master)

    # What it shows

    def press(self, keys: str) -> None:
        """Type these characters."""
        os.write(self._master, keys.encode())

    def read(self, seconds: float) -> bool:
        """Take in what is written within `seconds`; return at the first output, False without."""
        ready, _, _ = select.select([self._master], [], [], max(0.0, seconds))
        if not ready:
            return False
        with suppress(OSError):  # the program ended
            if data := os.read(self._master, _CHUNK):
                self.screen.feed(data)
                return True
        raise EOFError("the program ended; its last words:\n" + self._shown())

    def wait_for(self, condition: Callable[[Screen], bool], *, seconds: float) -> float:
        """Return after how many seconds since the start the screen was like that."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            if self.read(until - time.perf_counter()) and condition(self.screen):
                return time.perf_counter() - self.started
        raise TimeoutError(f"not on the screen within {seconds} s:\n" + self._shown())

    def settle(self, quiet: float = 0.5, *, most: float = 20.0) -> None:
        """Wait until nothing was written for `quiet` seconds, at most `most`."""
        until = time.perf_counter() + most
        while self.read(quiet) and time.perf_counter() < until:
            pass

    def watch(self, seconds: float) -> None:
        """Take in what is written during `seconds`."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self.read(left)

    def leave(self, keys: str, *, seconds: float = 10.0) -> None:
        """Type these keys and wait for the program's end."""
        self.press(keys)
        until = time.perf_counter() + seconds
        with suppress(EOFError):
            while time.perf_counter() < until:
                self.read(0.1)
        self._process.wait(max(0.1, until - time.perf_counter()))

    def _shown(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.lines if line.strip())

    # What it costs

    def cpu(self) -> float:
        """Return the seconds of CPU that the program has used, in all its threads."""
        return time.clock_gettime(self._clock)

    def resident(self) -> float:
        """Return the resident size in MB (10^6 bytes)."""
        return resident(self.pid)

    def loaded(self) -> str:
        """Return the files that are mapped into the program."""
        return Path(f"/proc/{self.pid}/maps").read_text()


def resident(pid: int) -> float:
    """Return the resident size of a process in MB (10^6 bytes), from smaps_rollup."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Rss:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise ValueError(f"process {pid} tells no resident size")
