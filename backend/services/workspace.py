"""The workspace: saved filters, and where a program was when it was left."""

from __future__ import annotations

import json

from pydantic import JsonValue

from backend.core.clock import Clock, Entropy
from backend.core.memory.query import parse_filter
from backend.core.store import Store, Transaction
from backend.services.acts import record_act
from backend.types.bots import Actor
from backend.types.errors import Invalid, NotFound
from backend.types.journal import Act, SavedFilter


class WorkspaceService:
    """What a person arranges for themselves."""

    def __init__(self, store: Store, clock: Clock, entropy: Entropy) -> None:
        self._store = store
        self._clock = clock
        self._entropy = entropy

    async def filters(self) -> list[SavedFilter]:
        """Return the saved filters by name."""
        return await self._store.read(lambda tx: tx.filters.all())

    async def save_filter(self, name: str, text: str, *, actor: Actor) -> SavedFilter:
        """Keep a filter line under a name, replacing what had it; raises Invalid, InvalidFilter."""
        name = " ".join(name.split())
        if not name:
            raise Invalid("A saved filter needs a name.")
        parse_filter(text)
        now = self._clock.now()

        def write(tx: Transaction) -> SavedFilter:
            before = tx.filters.by_name(name)
            if before is not None and before.text == text:
                return before
            after = (
                before.model_copy(update={"text": text, "revision": before.revision + 1})
                if before
                else SavedFilter(id=self._entropy.uuid(), name=name, text=text, created_at=now)
            )
            tx.filters.put(after)
            summary = f"saved the filter {name}"
            record_act(tx, Act.FILTER_SAVE, [(before, after)], actor=actor, at=now, summary=summary)
            return after

        return await self._store.write(write)

    async def remove_filter(self, name: str, *, actor: Actor) -> None:
        """Remove a saved filter; raises NotFound."""
        name = " ".join(name.split())
        now = self._clock.now()

        def write(tx: Transaction) -> None:
            before = tx.filters.by_name(name)
            if before is None:
                raise NotFound(f"There is no saved filter “{name}”.", kind="filter", key=name)
            tx.filters.remove(before.id)
            summary = f"removed the filter {name}"
            record_act(
                tx, Act.FILTER_REMOVE, [(before, None)], actor=actor, at=now, summary=summary
            )

        await self._store.write(write)

    async def recall_state(self, key: str) -> JsonValue:
        """Return what a program left under `key`; None when there is nothing readable."""
        text = await self._store.read(lambda tx: tx.state.get(key))
        if text is None:
            return None
        try:
            value: JsonValue = json.loads(text)
        except ValueError:
            return None  # left by another version: the program starts afresh
        return value

    async def keep_state(self, key: str, value: JsonValue) -> None:
        """Keep a small JSON value for the next start."""
        text = json.dumps(value, ensure_ascii=False)
        await self._store.write(lambda tx: tx.state.set(key, text))
