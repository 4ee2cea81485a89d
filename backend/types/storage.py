"""Files with versions, and JSON state by key."""

from __future__ import annotations

from uuid import UUID

from pydantic import JsonValue

from backend.types.base import UtcDatetime, Value

MAX_FILE_SIZE_BYTES = 50 * 1024 * 1024
"""The largest file version; there is no cap on the total."""


class StorageFile(Value):
    """A bot's file; `version` is the newest one, `is_indexed` tells if it is searchable."""

    id: UUID
    bot_id: UUID
    filename: str
    mime_type: str
    size_bytes: int
    version: int
    is_indexed: bool = False
    created_at: UtcDatetime
    updated_at: UtcDatetime


class FileVersion(Value):
    """One kept content of a file, named by its hash."""

    id: UUID
    file_id: UUID
    version: int
    size_bytes: int
    created_at: UtcDatetime
    sha256: str
    author: str = "user"
    note: str = ""


class FileChunk(Value):
    """A searchable passage of a file: bytes `start` to `end` (exclusive) of its UTF-8 text."""

    chunk_id: UUID
    file_id: UUID
    bot_id: UUID
    filename: str
    chunk_index: int
    chunk_text: str
    embedding_model: str | None = None
    start: int
    end: int
    heading_path: tuple[str, ...] = ()


class KvEntry(Value):
    """One key of a bot with any JSON value."""

    bot_id: UUID
    key: str
    value: JsonValue
    created_at: UtcDatetime
    updated_at: UtcDatetime
    revision: int = 1
