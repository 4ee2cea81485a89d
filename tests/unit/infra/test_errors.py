"""No error of SQLite leaves the store: each class and each name of the module maps to ours."""

from __future__ import annotations

import inspect
import sqlite3
from pathlib import Path

import pytest

from backend.infra.sqlite.connection import connect
from backend.infra.sqlite.errors import translate, translated
from backend.types.errors import (
    BoternityError,
    Busy,
    Conflict,
    Corrupt,
    HomeUnusable,
    Invalid,
    NotFound,
    OutOfSpace,
    RepositoryError,
)

CLASSES = [
    each
    for _, each in inspect.getmembers(sqlite3, inspect.isclass)
    if issubclass(each, sqlite3.Error)
]
NAMES = sorted(
    name
    for name in vars(sqlite3)
    if name.startswith("SQLITE_") and isinstance(getattr(sqlite3, name), int)
)
EXPECTED = {
    "SQLITE_BUSY": Busy,
    "SQLITE_BUSY_SNAPSHOT": Busy,
    "SQLITE_LOCKED_SHAREDCACHE": Busy,
    "SQLITE_FULL": OutOfSpace,
    "SQLITE_READONLY": HomeUnusable,
    "SQLITE_READONLY_DBMOVED": HomeUnusable,
    "SQLITE_CANTOPEN_ISDIR": HomeUnusable,
    "SQLITE_PERM": HomeUnusable,
    "SQLITE_IOERR_FSYNC": HomeUnusable,
    "SQLITE_CORRUPT": Corrupt,
    "SQLITE_CORRUPT_INDEX": Corrupt,
    "SQLITE_NOTADB": Corrupt,
    "SQLITE_CONSTRAINT_CHECK": Invalid,
    "SQLITE_CONSTRAINT_NOTNULL": Invalid,
    "SQLITE_CONSTRAINT_UNIQUE": Conflict,
    "SQLITE_CONSTRAINT_FOREIGNKEY": Conflict,
    "SQLITE_TOOBIG": Invalid,
    "SQLITE_INTERRUPT": RepositoryError,
    "SQLITE_MISUSE": RepositoryError,
}


def raised(name: str, kind: type[sqlite3.Error] = sqlite3.OperationalError) -> sqlite3.Error:
    error = kind("words that say nothing")
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_class_of_sqlite_becomes_one_of_ours(kind: type[sqlite3.Error]) -> None:
    with pytest.raises(RepositoryError) as caught, translated():
        raise kind("words that say nothing")

    assert isinstance(caught.value.__cause__, kind)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_sqlite_becomes_a_sentence_of_ours(name: str) -> None:
    error = translate(raised(name))

    assert isinstance(error, RepositoryError)
    assert str(error).endswith(".")
    assert "words that say nothing" not in str(error)


@pytest.mark.parametrize(("name", "expected"), EXPECTED.items())
def test_a_name_tells_what_happened(name: str, expected: type[RepositoryError]) -> None:
    assert type(translate(raised(name))) is expected


def test_an_integrity_error_without_a_name_is_an_invalid_input() -> None:
    assert type(translate(sqlite3.IntegrityError("words"))) is Invalid


def test_an_error_of_ours_passes_as_it_is() -> None:
    ours = NotFound("There is no such thing.")

    with pytest.raises(NotFound) as caught, translated():
        raise ours

    assert caught.value is ours


def test_half_a_character_and_a_number_without_end_are_refused_in_words(tmp_path: Path) -> None:
    connection = connect(tmp_path / "some.db")
    for value in ("\ud800", 1 << 80):
        with pytest.raises(Invalid, match=r"\.$"), translated():
            connection.execute("SELECT ?", (value,))
    connection.close()


def test_what_is_not_a_database_is_called_damaged_and_names_the_way_out(tmp_path: Path) -> None:
    file = tmp_path / "some.db"
    file.write_bytes(b"not a database at all" * 100)

    with pytest.raises(Corrupt, match="backups"), translated():
        connect(file)


def test_the_tree_in_the_docstring_lists_every_error() -> None:
    from backend.types import errors

    assert errors.__doc__ is not None
    for name, kind in inspect.getmembers(errors, inspect.isclass):
        if issubclass(kind, BoternityError):
            assert name in errors.__doc__
