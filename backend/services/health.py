"""The doctor: schema, journal, words, rows against vectors both ways, jobs."""

from __future__ import annotations

from collections.abc import Awaitable

from backend.core.memory.vector_index import VectorIndex
from backend.core.store import Store
from backend.types.errors import RepositoryError
from backend.types.exchange import Check, HealthReport


class HealthService:
    """Checks everything and repairs what can be repaired from what is certain."""

    def __init__(self, store: Store, index: VectorIndex) -> None:
        self._store = store
        self._index = index

    async def check(self, *, repair: bool = False) -> HealthReport:
        """Run all checks in order; with `repair`, mend what each one can."""
        checks = [
            await _told("database", self._schema()),
            await _told("words", self._words(repair)),
            await _told("journal", self._journal()),
            await _told("rows", self._rows()),
            await _told("vectors", self._vectors(repair)),
            await _told("jobs", self._jobs(repair)),
        ]
        return HealthReport(ok=all(check.ok for check in checks), checks=tuple(checks))

    async def _schema(self) -> Check:
        problems = await self._store.read(lambda tx: tx.health.database_problems())
        return Check(
            name="database",
            ok=not problems,
            found="; ".join(problems)
            + (": look into the folder “backups” of the home for a sound copy" if problems else "")
            or "sound",
        )

    async def _words(self, repair: bool) -> Check:
        broken = await self._store.write(lambda tx: tx.health.broken_word_indexes())
        if broken and repair:
            await self._store.write(lambda tx: tx.health.rebuild_words())
            left = await self._store.write(lambda tx: tx.health.broken_word_indexes())
            return Check(
                name="words",
                ok=not left,
                found=f"differ from the memories: {', '.join(broken)}",
                repaired="written anew from the memories",
            )
        found = f"differ from the memories: {', '.join(broken)}" if broken else "agree"
        return Check(name="words", ok=not broken, found=found)

    async def _journal(self) -> Check:
        report = await self._store.read(lambda tx: tx.journal.verify())
        since = f" from event {report.verified_from} on" if report.verified_from > 1 else ""
        found = "; ".join(report.problems) or f"{report.events:,} events verified{since}"
        return Check(name="journal", ok=report.ok, found=found)

    async def _rows(self) -> Check:
        strays = await self._store.read(lambda tx: tx.health.rows_unlike_journal())
        found = (
            f"{len(strays):,} rows differ from what the journal says last: " + ", ".join(strays[:3])
            if strays
            else "agree with the journal"
        )
        return Check(name="rows", ok=not strays, found=found)

    async def _vectors(self, repair: bool) -> Check:
        report = await self._index.reconcile(repair=repair)
        if report.state.value != "ready":
            off = report.state.value == "off"
            found = report.message or f"the index is {report.state.value}: not compared"
            return Check(name="vectors", ok=off, found=found)
        wrong = report.without_vector + report.lost + report.stray
        found = (
            f"{report.without_vector:,} memories without a vector, {report.lost:,} vectors lost, "
            f"{report.stray:,} stray"
            if wrong
            else f"{report.checked:,} agree"
        )
        repaired = "queued for indexing" if report.repaired and wrong else ""
        return Check(
            name="vectors", ok=not wrong or report.repaired, found=found, repaired=repaired
        )

    async def _jobs(self, repair: bool) -> Check:
        failing = await self._store.read(lambda tx: tx.health.failing_jobs())
        repaired = ""
        if failing and repair:
            await self._store.write(lambda tx: tx.health.retry_jobs())
            self._index.poke()
            repaired = "will be tried again now"
        waiting = await self._store.read(lambda tx: tx.index_jobs.pending(None))
        found = f"{failing:,} failing" if failing else f"{waiting:,} waiting"
        return Check(name="jobs", ok=not failing or bool(repaired), found=found, repaired=repaired)


async def _told(name: str, check: Awaitable[Check]) -> Check:
    """Return what a check found; one that cannot be made is a finding, and the others go on."""
    try:
        return await check
    except RepositoryError as error:
        return Check(name=name, ok=False, found=str(error))
