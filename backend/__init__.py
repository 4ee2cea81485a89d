"""Boternity's backend. `open_backend` is the one door in; `backend.types` says what things are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.door import Backend as Backend
    from backend.door import open_backend as open_backend

__all__ = ["Backend", "open_backend"]


def __getattr__(name: str) -> object:
    if name in __all__:
        from backend import door

        return getattr(door, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
