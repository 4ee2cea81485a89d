"""The home folder: made private, refused where SQLite's WAL cannot work."""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass
from pathlib import Path

from backend.types.errors import HomeUnusable, OutOfSpace

_NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.sshfs", "fuse.rclone",
     "fuse.glusterfs", "fuse.s3fs", "fuse.davfs", "davfs", "ncpfs", "lustre", "gpfs"}
)  # fmt: skip
_SYNCED = re.compile(
    "(Dropbox|OneDrive|Google ?Drive|iCloud ?Drive|Mobile Documents|Nextcloud|Syncthing)([ -].*)?"
)
"""Folders of programs that copy files while they change; firms and accounts stand behind a dash
or in brackets ("OneDrive - Example", "GoogleDrive-me@example.org", "Dropbox (Personal)")."""
_MOUNTS = Path("/proc/self/mounts")


@dataclass(frozen=True, slots=True)
class Home:
    """Where everything of one home lies."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / "boternity.db"

    @property
    def backups(self) -> Path:
        return self.path / "backups"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def vectors(self) -> Path:
        return self.path / "vectors"


def prepare_home(path: Path, *, mounts: Path = _MOUNTS) -> Home:
    """Return the home at `path`, made with mode 0700 where it is missing.

    Raises HomeUnusable for a network or synced folder and for one that cannot be written to, and
    OutOfSpace.
    """
    path = path.expanduser().absolute()
    _refuse_shared_disk(path, mounts)
    home = Home(path)
    try:
        for folder in (path, home.backups, home.keys, home.vectors):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.stat().st_mode & 0o077:
            path.chmod(0o700)
    except OSError as error:
        refuse_full_disk(error)
        raise HomeUnusable(
            f"The home {path} cannot be used ({error.strerror}). Choose a folder that you may "
            "write to with --home DIR or BOTERNITY_HOME."
        ) from error
    if not os.access(path, os.W_OK | os.X_OK) or _read_only_disk(path):
        raise HomeUnusable(
            f"The home {path} is read-only. Make it writable, or choose another folder with "
            "--home DIR or BOTERNITY_HOME."
        )
    return home


def refuse_full_disk(error: OSError) -> None:
    """Raise OutOfSpace from an error that says so."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        raise OutOfSpace(
            "The disk of this home is full: nothing was saved. Free some space, then open it again."
        ) from error


def _read_only_disk(path: Path) -> bool:
    return bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def _refuse_shared_disk(path: Path, mounts: Path) -> None:
    kind = _file_system(path, mounts)
    parts = (*path.parts, *Path(os.path.realpath(path)).parts)
    synced = next(filter(_SYNCED.fullmatch, parts), None)
    if kind in _NETWORK_FILE_SYSTEMS:
        where = f"on a network disk ({kind})"
    elif synced is not None:
        where = f"in a synced folder ({synced})"
    else:
        return
    raise HomeUnusable(
        f"The home {path} lies {where}, where several programs cannot share a database safely. "
        "Choose a folder on a local disk with --home DIR or BOTERNITY_HOME."
    )


def _file_system(path: Path, mounts: Path) -> str | None:
    """Return the type of the file system that holds `path`; None where the system does not say."""
    try:
        lines = mounts.read_text(errors="replace").splitlines()
    except OSError:
        return None  # not Linux
    place = os.path.realpath(path)
    best, kind = "", None
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        mount = fields[1].replace("\\040", " ")
        inside = place == mount or place.startswith(mount.rstrip("/") + "/")
        if inside and len(mount) >= len(best):
            best, kind = mount, fields[2]
    return kind
