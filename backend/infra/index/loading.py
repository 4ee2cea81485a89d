"""From settings to an engine: the slow part of the start, and the check of the model's identity."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from backend.core.memory.embedder import Embedder
from backend.infra.embedders.identity import identify, same_model
from backend.infra.embedders.registry import make_embedder
from backend.infra.index.engine import Engine
from backend.infra.index.threads import OneThread, Outbox
from backend.types.config import Settings
from backend.types.errors import EmbedderUnavailable, IndexUnavailable

if TYPE_CHECKING:
    from backend.infra.index.collections import Collections


async def load_engine(home: Path, settings: Settings, thread: OneThread, outbox: Outbox) -> Engine:
    """Return an engine whose missing vectors are already asked for.

    Raises EmbedderUnavailable, and IndexUnavailable when the model is not the one whose vectors
    are in the index. Qdrant and the model load at the same time.
    """
    embedder, identity = (await asyncio.gather(_embedder(settings), thread.run(_import_qdrant)))[0]
    try:
        await asyncio.to_thread(check_identity, home, embedder.model_name, identity)
        collections = await thread.run(_collections, home, settings, embedder)
        engine = Engine(embedder, collections, thread, outbox)
        await engine.start()
    except BaseException:
        await embedder.close()
        raise
    return engine


def check_identity(home: Path, model: str, identity: str) -> None:
    """Remember a new model's identity; raises IndexUnavailable when a known one has another.

    The file lies beside the vectors that it speaks of, so that removing both starts afresh.
    """
    path = home / "vectors" / "model.json"
    try:
        known: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        known = {}
    if not same_model(known.get(model, identity), identity):
        raise IndexUnavailable(
            f"“{model}” is not the model that it was: the same sentences give other vectors now, "
            "and old and new ones cannot be compared. Go back to the old model, or remove the "
            "folder “vectors” from the home: it is built again from your memories."
        )
    if model not in known:
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({**known, model: identity}), encoding="utf-8")
        os.replace(fresh, path)


async def _embedder(settings: Settings) -> tuple[Embedder, str]:
    embedder = make_embedder(settings.embedder)
    try:
        return embedder, await identify(embedder)
    except EmbedderUnavailable:
        await embedder.close()
        raise


def _import_qdrant() -> None:
    import backend.infra.index.collections  # noqa: F401  (1.6 s: on a thread, before it is used)


def _collections(home: Path, settings: Settings, embedder: Embedder) -> Collections:
    from backend.infra.index.collections import Collections

    return Collections(
        home / "vectors",
        model=embedder.model_name,
        dimension=embedder.dimension,
        url=settings.vectors.url,
    )
