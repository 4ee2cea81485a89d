"""A migrated database in memory, for what speaks SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from backend.infra.sqlite.connection import connect
from backend.infra.sqlite.migrate import migrate
from tests.doubles.clock import START


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(Path(":memory:"))) as opened:
        migrate(opened, tmp_path, now=START)
        yield opened
