"""The home's integrity keys: they seal the journal. Who can read `keys/` can forge it."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from backend.core.clock import Entropy
from backend.infra.home import refuse_full_disk
from backend.types.errors import HomeUnusable

_SIZE = 32


@dataclass(frozen=True, slots=True)
class IntegrityKey:
    """A secret and its public id (first 16 hexadecimal digits of its SHA-256)."""

    id: str
    secret: bytes = field(repr=False)


def load_or_make(folder: Path, name: str, entropy: Entropy) -> IntegrityKey:
    """Return the key `name` of a home, made on first use; two programs that race agree on one.

    A damaged key file counts as lost: it is replaced, and the journal records a re-anchoring.
    Raises HomeUnusable when the file can be neither read nor made.
    """
    path = folder / f"{name}.key"
    try:
        secret = _read(path)
        if secret is None:
            _create(path, entropy)
            secret = _read(path)
        if secret is None:
            path.unlink(missing_ok=True)
            _create(path, entropy)
            secret = _read(path) or b""
    except OSError as error:
        refuse_full_disk(error)
        raise HomeUnusable(
            f"The integrity key {path} cannot be used ({error.strerror}): make it readable for "
            "yourself, or move it away and the journal goes on under a new one."
        ) from error
    return IntegrityKey(hashlib.sha256(secret).hexdigest()[:16], secret)


def _read(path: Path) -> bytes | None:
    try:
        secret = bytes.fromhex(path.read_text().strip())
    except (FileNotFoundError, ValueError):
        return None
    return secret if len(secret) == _SIZE else None


def _create(path: Path, entropy: Entropy) -> None:
    """Write a whole key file and link it into place: nobody ever reads half a key."""
    fresh = path.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, entropy.token(_SIZE).hex().encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(fresh, path)
    except FileExistsError:
        return  # another program was first: its key is the home's
    finally:
        fresh.unlink()
