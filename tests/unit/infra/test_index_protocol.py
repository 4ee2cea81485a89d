"""The language between programs and the index process, and who may be that process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from backend.infra.index.lease import Lease
from backend.infra.index.protocol import (
    MAX_SOCKET_PATH_BYTES,
    Hello,
    Leave,
    Request,
    Search,
    key_digest,
    line_of,
    read_request,
    settings_digest,
    settings_json,
    socket_path,
)
from backend.types.config import EmbedderSettings, InterfaceSettings, Settings
from backend.types.errors import IndexUnavailable
from tests.doubles.index_home import IndexHome


def test_a_request_is_one_line_whatever_its_text() -> None:
    ask = Search(bot_id=UUID(int=1), text="two\nlines\r\u2028and \x1b[31mred", limit=5)

    line = line_of(Request(id=7, ask=ask))

    assert line.count(b"\n") == 1
    assert read_request(line) == Request(id=7, ask=ask)


def test_hello_and_leave_never_change_for_older_processes_must_understand_them() -> None:
    assert line_of(Request(id=1, ask=Hello())) == (
        b'{"id":1,"wait_for_start":0.0,"ask":{"op":"hello"}}\n'
    )
    assert line_of(Request(id=2, ask=Leave())) == (
        b'{"id":2,"wait_for_start":0.0,"ask":{"op":"leave"}}\n'
    )


def test_a_line_that_is_too_long_is_refused_before_it_is_sent() -> None:
    ask = Search(bot_id=UUID(int=1), text="x" * 9_000_000, limit=5)

    with pytest.raises(IndexUnavailable, match="ask with a shorter text"):
        line_of(Request(id=1, ask=ask))


def test_only_embedder_and_vector_settings_replace_a_process() -> None:
    plain = Settings()
    themed = Settings(interface=InterfaceSettings(theme="other"))
    other = Settings(embedder=EmbedderSettings(model="other"))

    assert settings_digest(plain) == settings_digest(themed)
    assert settings_digest(plain) != settings_digest(other)


def test_a_key_never_travels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "sk-secret")
    settings = Settings(embedder=EmbedderSettings(key_env="MY_KEY"))

    told = settings_json(settings) + settings_digest(settings) + key_digest(settings)

    assert "sk-secret" not in told
    assert key_digest(settings) != ""
    assert key_digest(Settings()) == ""


def test_a_long_home_listens_where_the_address_fits(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 120)

    address = socket_path(long)

    assert len(str(address)) <= MAX_SOCKET_PATH_BYTES
    assert address == socket_path(long)
    assert address != socket_path(tmp_path / ("y" * 120))


def test_a_home_has_one_process_and_a_stale_socket_does_not_matter(tmp_path: Path) -> None:
    home = IndexHome(tmp_path / "home")
    socket_path(home.path).write_bytes(b"stale")
    first = Lease.take(home.path, patience=1.0)
    assert first is not None

    second = Lease.take(home.path, patience=1.0)

    assert second is None
    assert first.holds()
    first.stop_listening()
    assert not first.holds()
    assert not socket_path(home.path).exists()


def test_a_lease_ends_with_the_folder_it_locked(tmp_path: Path) -> None:
    home = IndexHome(tmp_path / "home")
    lease = Lease.take(home.path, patience=1.0)
    assert lease is not None

    (home.path / "vectors" / ".lock").unlink()

    assert not lease.holds()
    lease.stop_listening()


def test_the_client_loads_nothing_that_the_index_needs() -> None:
    program = (
        "import sys, backend.infra.index.client, backend.infra.index.off;"
        "print(*sorted({'numpy', 'qdrant_client', 'onnxruntime', 'httpx'} & set(sys.modules)))"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == ""
