"""How services write the journal: one act, one event, in words that a toast can show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from backend.core.images import Entity, change
from backend.core.journal import EventRecord
from backend.core.store import Transaction
from backend.types.bots import Actor
from backend.types.journal import Act


def counted(count: int, noun: str = "memory") -> str:
    """Return "1 memory" or "1,204 memories"."""
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{count:,} {noun if count == 1 else plural}"


def record_act(
    tx: Transaction,
    act: Act,
    changes: Sequence[tuple[Entity | None, Entity | None]],
    *,
    actor: Actor,
    at: datetime,
    summary: str,
    bot_id: UUID | None = None,
) -> int:
    """Append an act with the (before, after) of everything it touched; return its sequence."""
    return tx.journal.record(
        EventRecord(
            at=at,
            actor=str(actor),
            act=act,
            summary=summary,
            changes=[change(before, after) for before, after in changes],
            bot_id=None if bot_id is None else str(bot_id),
        )
    )
