"""Embedder and collections together: what a text is near to, and making jobs true.

A bot's collection is compared with the store's rows before its first use in a process. Only
`apply` and that comparison write, one at a time under `writing`.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from backend.core.memory.embedder import Embedder
from backend.infra.index.memory import give_back_memory
from backend.infra.index.threads import OneThread, Outbox
from backend.infra.sqlite import index_jobs
from backend.infra.sqlite.index_jobs import Job
from backend.types.index import (
    IndexState,
    IndexStatus,
    ReconcileReport,
    VectorHit,
    VectorHits,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from backend.infra.index.collections import Collections

QUERIES_REMEMBERED = 256


class Engine:
    """Answers by meaning for one home and one model."""

    def __init__(
        self, embedder: Embedder, collections: Collections, thread: OneThread, outbox: Outbox
    ) -> None:
        self.model = embedder.model_name
        self.writing = asyncio.Lock()
        self._embedder = embedder
        self._collections = collections
        self._thread = thread
        self._outbox = outbox
        self._compared: set[UUID] = set()
        self._queries: OrderedDict[bytes, asyncio.Task[NDArray[np.float32]]] = OrderedDict()

    async def start(self) -> None:
        """Find out, without opening a collection, what is missing as a whole, and ask for it."""
        bots = await self._outbox.run(index_jobs.bot_ids)
        for bot_id in await self._outbox.run(index_jobs.bots_with_vectors, model=self.model):
            if not await self._thread.run(self._collections.exists, bot_id):
                rows = await self._outbox.run(index_jobs.vectors_of, bot_id, model=self.model)
                await self._outbox.run(index_jobs.lose_vectors, bot_id, rows)
        await self._outbox.run(index_jobs.repair_differences, model=self.model)
        waiting = await self._outbox.run(index_jobs.pending)
        await self._thread.run(self._collections.clear_others, bots, keep_models=waiting > 0)

    async def compare_once(self, bot_id: UUID) -> None:
        """Compare a bot's collection with its rows on its first use; what differs becomes a job."""
        if bot_id not in self._compared:
            async with self.writing:
                await self._compare(bot_id)

    async def search(self, bot_id: UUID, text: str, limit: int) -> VectorHits:
        """Return the nearest memories with the time each part took; `pending` is left at 0."""
        if not text.strip():
            return VectorHits(state=IndexState.READY)
        loop = asyncio.get_running_loop()
        await self.compare_once(bot_id)
        began = loop.time()
        vector = await self._query(text)
        embedded = loop.time()
        found = await self._thread.run(self._collections.search, bot_id, vector, limit)
        return VectorHits(
            hits=tuple(VectorHit(memory_id=each, similarity=cosine) for each, cosine in found),
            state=IndexState.READY,
            embedding_ms=(embedded - began) * 1000,
            search_ms=(loop.time() - embedded) * 1000,
        )

    async def similarities(
        self, bot_id: UUID, text: str, memory_ids: Sequence[UUID]
    ) -> dict[UUID, float]:
        """Return the cosine to `text` of those memories that have a vector."""
        if not text.strip() or not memory_ids:
            return {}
        await self.compare_once(bot_id)
        query = await self._query(text)
        stored = await self._thread.run(self._collections.vectors, bot_id, memory_ids)
        return {each: float(vector @ query) for each, vector in stored.items()}

    async def nearest(self, bot_id: UUID, memory_id: UUID, limit: int) -> VectorHits:
        """Return the other memories nearest to a stored one."""
        loop = asyncio.get_running_loop()
        await self.compare_once(bot_id)
        began = loop.time()
        stored = await self._thread.run(self._collections.vectors, bot_id, [memory_id])
        if memory_id not in stored:
            return VectorHits(state=IndexState.READY)
        found = await self._thread.run(
            self._collections.search, bot_id, stored[memory_id], limit + 1
        )
        hits = [VectorHit(memory_id=each, similarity=cosine) for each, cosine in found]
        return VectorHits(
            hits=tuple(hit for hit in hits if hit.memory_id != memory_id)[:limit],
            state=IndexState.READY,
            search_ms=(loop.time() - began) * 1000,
        )

    async def apply(self, jobs: Sequence[Job]) -> bool:
        """Make the collections agree with what the jobs saw; the caller holds `writing`.

        Returns False when the jobs must be read again, because the comparison of a collection
        with its rows, or the end of a bot, changed what they say. Repeating it is harmless.
        """
        bots = {job.bot_id for job in jobs}
        changed = [await self._forget_if_gone(each) or await self._compare(each) for each in bots]
        if any(changed):
            return False
        new = [job for job in jobs if job.fact is not None and not job.indexed]
        if new:
            vectors = await self._embedder.embed([job.fact for job in new if job.fact is not None])
            for bot_id in bots:
                places = [at for at, job in enumerate(new) if job.bot_id == bot_id]
                ids = [new[at].memory_id for at in places]
                if ids:
                    await self._thread.run(self._collections.upsert, bot_id, ids, vectors[places])
        for bot_id in bots:
            gone = [job.memory_id for job in jobs if job.fact is None and job.bot_id == bot_id]
            if gone:
                await self._thread.run(self._collections.delete, bot_id, gone)
        return True

    async def status(self, troubles: str) -> IndexStatus:
        """Return the progress over all bots."""
        counts = await self._outbox.run(index_jobs.counts)
        return IndexStatus(
            state=IndexState.READY,
            pending=counts.pending,
            done=counts.done,
            total=counts.total,
            model=self.model,
            message=troubles,
        )

    async def reconcile(self, *, repair: bool) -> ReconcileReport:
        """Compare all rows with all collections; with `repair` each difference becomes a job."""
        lacking, excess = await self._outbox.run(index_jobs.differences, model=self.model)
        if repair:
            await self._outbox.run(index_jobs.repair_differences, model=self.model)
        checked = lost = stray = 0
        for bot_id in await self._outbox.run(index_jobs.bot_ids):
            async with self.writing:
                found, missing, unknown = await self._differences(bot_id)
                if repair:
                    await self._repair(bot_id, missing, unknown)
            checked, lost, stray = checked + found, lost + len(missing), stray + len(unknown)
        return ReconcileReport(
            state=IndexState.READY,
            checked=checked,
            without_vector=len(lacking),
            lost=lost,
            stray=stray + len(excess),
            repaired=repair,
        )

    async def rest(self) -> None:
        """Return memory that is not needed at present."""
        await self._thread.run(give_back_memory)

    async def close(self) -> None:
        """Close the collections and the embedder."""
        for task in self._queries.values():
            task.cancel()
        await self._thread.run(self._collections.close)
        await self._embedder.close()

    async def _query(self, text: str) -> NDArray[np.float32]:
        """Return the unit-length vector of a text, embedding it once for all who ask now."""
        key = hashlib.sha256(text.encode()).digest()
        task = self._queries.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = asyncio.create_task(self._embed_one(text))
            self._queries[key] = task
        self._queries.move_to_end(key)
        while len(self._queries) > QUERIES_REMEMBERED:
            self._queries.popitem(last=False)
        return await asyncio.shield(task)

    async def _embed_one(self, text: str) -> NDArray[np.float32]:
        vectors = await self._embedder.embed([text])
        row: NDArray[np.float32] = vectors[0]
        return row

    async def _forget_if_gone(self, bot_id: UUID) -> bool:
        last = await self._outbox.run(index_jobs.last_job_of_gone_bot, bot_id)
        if last is None:
            return False
        await self._thread.run(self._collections.drop, bot_id)
        await self._outbox.run(index_jobs.forget_bot, bot_id, last=last)
        return True

    async def _compare(self, bot_id: UUID) -> bool:
        """Compare a collection with its rows on its first use; return whether jobs were made."""
        if bot_id in self._compared:
            return False
        _, missing, unknown = await self._differences(bot_id)
        await self._repair(bot_id, missing, unknown)
        self._compared.add(bot_id)
        await self.rest()
        return bool(missing or unknown)

    async def _differences(self, bot_id: UUID) -> tuple[int, set[UUID], set[UUID]]:
        """Return how many points there are, the rows without one, the points without a row."""
        ids = await self._thread.run(self._collections.ids, bot_id)
        rows = await self._outbox.run(index_jobs.vectors_of, bot_id, model=self.model)
        waiting = await self._outbox.run(index_jobs.waiting_of, bot_id)
        return len(ids), rows - ids, ids - rows - waiting

    async def _repair(self, bot_id: UUID, missing: set[UUID], unknown: set[UUID]) -> None:
        if missing:
            await self._outbox.run(index_jobs.lose_vectors, bot_id, missing)
        if unknown:
            asked = [(each, bot_id) for each in unknown]
            await self._outbox.run(index_jobs.enqueue_unless_waiting, asked)
        if missing or unknown:
            self._outbox.news.set()
