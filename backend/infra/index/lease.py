"""Who may be a home's index process: the one that holds the lock, and where it listens."""

from __future__ import annotations

import fcntl
import os
import socket
import threading
from pathlib import Path

from backend.infra.index.protocol import socket_path

DATABASE = "boternity.db"
_PATIENCE_SECONDS = 10.0
_STEP_SECONDS = 0.05


class Lease:
    """The lock of a home's `vectors/` folder and the listening socket, held until the end.

    The kernel takes the lock back however the process ends, so a lock file left behind means
    nothing. It is inherited by a fork.
    """

    def __init__(self, home: Path, lock: int, listener: socket.socket, path: Path) -> None:
        self.listener = listener
        self._database = home / DATABASE
        self._database_inode = self._database.stat().st_ino
        self._lock = lock
        self._lock_path = home / "vectors" / ".lock"
        self._path = path
        self._inode = path.stat().st_ino

    @classmethod
    def take(cls, home: Path, *, patience: float = _PATIENCE_SECONDS) -> Lease | None:
        """Return the lease, or None when another process listens for this home.

        Waits for a holder that does not listen (it is starting or leaving). Raises OSError when
        the home cannot be written to, and when such a holder stays for longer than `patience`.
        """
        path = socket_path(home)
        lock_path = home / "vectors" / ".lock"
        lock_path.parent.mkdir(mode=0o700, exist_ok=True)
        for _ in range(max(1, round(patience / _STEP_SECONDS))):
            lock = os.open(lock_path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                if _somebody_listens(path):
                    return None
                threading.Event().wait(_STEP_SECONDS)
                continue
            return cls(home, lock, _listen(path), path)
        raise TimeoutError(f"{lock_path} is held by a process that does not listen")

    def holds(self) -> bool:
        """Say whether database, lock and socket are still the ones that were taken."""
        try:
            return (
                self._database.stat().st_ino == self._database_inode
                and self._lock_path.stat().st_ino == os.fstat(self._lock).st_ino
                and self._path.stat().st_ino == self._inode
            )
        except OSError:
            return False

    def stop_listening(self) -> None:
        """Take the socket away; the lock stays until the process ends."""
        self.listener.close()
        try:
            if self._path.stat().st_ino == self._inode:
                self._path.unlink()
        except FileNotFoundError:
            return


def _listen(path: Path) -> socket.socket:
    """Listen at a path; whatever lies there is stale, for the caller holds the lock."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    os.chmod(path, 0o600)
    listener.listen(64)
    return listener


def _somebody_listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
