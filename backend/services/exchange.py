"""Exchange: memories in from other formats as one act, and out without loss."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from backend.core.clock import Clock, Entropy
from backend.core.memory.importing import (
    HEAD_CHARACTERS,
    ImportedFact,
    Importer,
    Rejected,
    decode,
    detect,
    named,
)
from backend.core.memory.vector_index import VectorIndex
from backend.core.store import Store, Transaction
from backend.services.acts import counted, record_act
from backend.services.additions import Addition, Additions
from backend.services.bots import bot_in_use, get_bot
from backend.types.bots import Actor, Bot
from backend.types.errors import Invalid
from backend.types.exchange import ImportReport, RejectedLine
from backend.types.journal import Act
from backend.types.memory import MemoryDraft, MemoryEntry

ExportWriter = Callable[[Bot, Iterable[MemoryEntry]], str]


class ExchangeService:
    """Import and export of a bot's memories."""

    def __init__(
        self,
        store: Store,
        index: VectorIndex,
        clock: Clock,
        entropy: Entropy,
        *,
        importers: Sequence[Importer],
        export: ExportWriter,
    ) -> None:
        self._store = store
        self._index = index
        self._clock = clock
        self._entropy = entropy
        self._importers = importers
        self._export = export

    async def import_text(
        self,
        bot_id: UUID,
        data: bytes,
        *,
        name: str,
        actor: Actor,
        accept: bool,
        format_name: str | None = None,
        dry_run: bool = False,
    ) -> ImportReport:
        """Import a file's bytes as one act; `name` is its file name ("-" without one).

        Bad parts are reported and the others go on. Raises Invalid: not text, no known format, or
        not accepted (the review queue comes with triage).
        """
        if not (accept or dry_run):
            raise Invalid(
                "Imported facts wait for review, and the review queue is not built yet: add "
                "--accept to take them in at once (one undo takes all of them back)."
            )
        text = decode(data, where=name)
        importer = (
            named(self._importers, format_name)
            if format_name
            else detect(self._importers, name, text[:HEAD_CHARACTERS])
        )
        additions: list[Addition] = []
        rejected: list[RejectedLine] = []
        for part in importer.read(text, where=name):
            match part:
                case ImportedFact(draft=draft, entry=entry):
                    additions.append(Addition(draft, entry))
                case Rejected(line=line, why=why):
                    rejected.append(RejectedLine(line=line, why=why))
        report = await self._take_in(bot_id, additions, actor=actor, dry_run=dry_run)
        return report.model_copy(update={"rejected": tuple(rejected), "format": importer.name})

    async def import_drafts(
        self, bot_id: UUID, drafts: Sequence[MemoryDraft], *, actor: Actor
    ) -> ImportReport:
        """Add many facts as one act, in session order; raises Invalid and then adds none."""
        additions = [Addition(draft) for draft in drafts]
        return await self._take_in(bot_id, additions, actor=actor, dry_run=False)

    async def export_text(self, bot_id: UUID) -> str:
        """Return all memories of a bot, the trash included, as lossless JSON."""

        def query(tx: Transaction) -> str:
            return self._export(get_bot(tx, bot_id), tx.memories.of_bot(bot_id))

        return await self._store.read(query)

    async def _take_in(
        self, bot_id: UUID, additions: Sequence[Addition], *, actor: Actor, dry_run: bool
    ) -> ImportReport:
        now = self._clock.now()

        def planned(tx: Transaction) -> Additions:
            bot_in_use(tx, bot_id)
            plan = Additions(tx, bot_id, now, self._entropy)
            plan.plan(additions)
            return plan

        def write(tx: Transaction) -> ImportReport:
            plan = planned(tx)
            event = None
            if changes := plan.write():
                event = record_act(
                    tx,
                    Act.IMPORT,
                    changes,
                    actor=actor,
                    at=now,
                    summary=f"imported {counted(len(plan.new))}",
                    bot_id=bot_id,
                )
            return _report(plan, event)

        if dry_run:
            return await self._store.read(lambda tx: _report(planned(tx), None))
        report = await self._store.write(write)
        self._index.poke()
        return report


def _report(plan: Additions, event: int | None) -> ImportReport:
    return ImportReport(added=len(plan.new), repeated=plan.repeats, format="drafts", event=event)
