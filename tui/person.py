"""Who acts in this interface: the person in front of it."""

from __future__ import annotations

from backend.types import Actor

PERSON = Actor.user()
