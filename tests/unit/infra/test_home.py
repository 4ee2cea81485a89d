"""The home is private, and refused with a way out where it cannot work."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from backend import open_backend
from backend.infra import home as homes
from backend.infra.home import prepare_home
from backend.infra.index.off import OffVectorIndex
from backend.types.errors import Corrupt, HomeUnusable
from tests.doubles.clock import FixedClock
from tests.doubles.entropy import SeededEntropy


def mounted(tmp_path: Path, *lines: str) -> Path:
    table = tmp_path / "mounts"
    table.write_text("\n".join(lines) + "\n")
    return table


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_home_and_its_folders_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    home = prepare_home(tmp_path / "deep" / "home")

    for folder in (home.path, home.backups, home.keys, home.vectors):
        assert mode(folder) == 0o700


def test_a_home_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o755)

    home = prepare_home(tmp_path / "home")

    assert mode(home.path) == 0o700


def test_every_file_of_an_opened_home_is_private(tmp_path: Path) -> None:
    import asyncio

    backend = open_backend(
        tmp_path, environ={}, clock=FixedClock(), entropy=SeededEntropy(), index=OffVectorIndex()
    )
    asyncio.run(backend.bots.summaries())  # a connection is open: the WAL's files are there

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"boternity.db", "journal.key"}
    assert {path.name: mode(path) for path in files} == {path.name: 0o600 for path in files}
    asyncio.run(backend.close())


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs", "9p"])
def test_a_network_disk_is_refused_with_the_way_out(tmp_path: Path, kind: str) -> None:
    mounts = mounted(tmp_path, "/dev/root / ext4 rw 0 0", f"server:/x {tmp_path}/net {kind} rw 0 0")

    with pytest.raises(HomeUnusable, match=rf"network disk \({kind}\).*--home DIR"):
        prepare_home(tmp_path / "net" / "home", mounts=mounts)

    assert not (tmp_path / "net").exists()


def test_the_innermost_mount_decides(tmp_path: Path) -> None:
    mounts = mounted(
        tmp_path,
        "server:/x / nfs rw 0 0",
        f"/dev/sda1 {tmp_path} ext4 rw 0 0",
        f"server:/y {tmp_path}/homely nfs rw 0 0",
    )

    assert prepare_home(tmp_path / "home", mounts=mounts).path == tmp_path / "home"


def test_a_mount_with_a_space_in_its_name_is_recognised(tmp_path: Path) -> None:
    mounts = mounted(tmp_path, rf"server:/x {tmp_path}/My\040Files nfs rw 0 0")

    with pytest.raises(HomeUnusable, match="network disk"):
        prepare_home(tmp_path / "My Files" / "home", mounts=mounts)


@pytest.mark.parametrize("folder", ["Dropbox", "OneDrive", "Nextcloud"])
def test_a_synced_folder_is_refused_with_the_way_out(tmp_path: Path, folder: str) -> None:
    with pytest.raises(HomeUnusable, match=rf"synced folder \({folder}\).*--home DIR"):
        prepare_home(tmp_path / folder / "home")


def test_a_system_without_a_list_of_mounts_is_trusted(tmp_path: Path) -> None:
    assert prepare_home(tmp_path / "home", mounts=tmp_path / "nothing").path.is_dir()


def test_a_home_below_a_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(HomeUnusable, match="cannot be used.*--home DIR"):
        prepare_home(tmp_path / "file" / "home")


def test_a_read_only_disk_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(homes, "_read_only_disk", lambda path: True)

    with pytest.raises(HomeUnusable, match="read-only.*--home DIR"):
        prepare_home(tmp_path / "home")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to any folder")
def test_a_folder_without_permission_is_refused_in_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(HomeUnusable, match="--home DIR"):
            prepare_home(tmp_path / "home")
    finally:
        tmp_path.chmod(0o700)


def test_a_damaged_database_refuses_to_open_and_names_the_backups(tmp_path: Path) -> None:
    (tmp_path / "boternity.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 4000)

    with pytest.raises(Corrupt, match="backups"):
        open_backend(tmp_path, environ={}, index=OffVectorIndex())


def test_a_home_of_a_newer_program_refuses_to_open(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(tmp_path / "boternity.db")) as connection:
        connection.execute("PRAGMA user_version = 99")

    with pytest.raises(HomeUnusable, match="newer Boternity"):
        open_backend(tmp_path, environ={}, index=OffVectorIndex())
