"""Bots: add, list, rename, archive, remove, and which one is current."""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID

from backend.core.clock import Clock, Entropy
from backend.core.store import Store, Transaction
from backend.services.acts import counted, record_act
from backend.types.bots import RESERVED_SLUGS, Actor, Bot, BotStatus, BotSummary
from backend.types.errors import Conflict, Invalid, NotFound
from backend.types.journal import Act
from backend.types.memory import ActOutcome

MAX_NAME_LENGTH = 64
_CURRENT = "current_bot"


class BotService:
    """What a person does with bots."""

    def __init__(self, store: Store, clock: Clock, entropy: Entropy) -> None:
        self._store = store
        self._clock = clock
        self._entropy = entropy

    async def add(self, name: str, *, actor: Actor, description: str = "") -> Bot:
        """Add a bot; its slug is made from its name.

        Raises Invalid (no usable name) and Conflict (another bot answers to it).
        """
        now = self._clock.now()
        name, slug = _checked_name(name)
        bot = Bot(
            id=self._entropy.uuid(),
            slug=slug,
            name=name,
            description=description,
            created_at=now,
            updated_at=now,
        )

        def act(tx: Transaction) -> Bot:
            _refuse_taken(tx, slug, except_for=None)
            tx.bots.put(bot)
            record_act(
                tx,
                Act.BOT_ADD,
                [(None, bot)],
                actor=actor,
                at=now,
                summary=f"added the bot {slug}",
                bot_id=bot.id,
            )
            return bot

        return await self._store.write(act)

    async def summaries(self) -> list[BotSummary]:
        """Return all bots by name, with the counts of their memories."""
        return await self._store.read(lambda tx: tx.bots.summaries())

    async def get(self, name: str) -> Bot:
        """Return the bot with this slug or name; raises NotFound that lists the bots there are."""
        return await self._store.read(lambda tx: find_bot(tx, name))

    async def by_id(self, bot_id: UUID) -> Bot:
        """Return a bot by id; raises NotFound."""
        return await self._store.read(lambda tx: get_bot(tx, bot_id))

    async def rename(self, name: str, new_name: str, *, actor: Actor) -> Bot:
        """Give a bot a new name; the same again changes nothing. Its slug stays, for scripts.

        Raises NotFound, Invalid and Conflict.
        """
        new_name, slug = _checked_name(new_name)
        now = self._clock.now()

        def act(tx: Transaction) -> Bot:
            before = find_bot(tx, name)
            if before.name == new_name:
                return before
            _refuse_taken(tx, slug, except_for=before.id)
            after = before.model_copy(
                update={"name": new_name, "updated_at": now, "revision": before.revision + 1}
            )
            return _put(tx, before, after, actor, f"renamed {before.name} to {new_name}")

        return await self._store.write(act)

    async def set_status(self, name: str, status: BotStatus, *, actor: Actor) -> Bot:
        """Archive a bot, or take it back into use; the same status again changes nothing."""
        now = self._clock.now()

        def act(tx: Transaction) -> Bot:
            before = find_bot(tx, name)
            if before.status is status:
                return before
            after = before.model_copy(
                update={"status": status, "updated_at": now, "revision": before.revision + 1}
            )
            return _put(tx, before, after, actor, f"made the bot {before.slug} {status.value}")

        return await self._store.write(act)

    async def remove(self, name: str, *, actor: Actor) -> ActOutcome:
        """Remove a bot with all its memories, as one act that undo takes back; history stays."""
        now = self._clock.now()

        def act(tx: Transaction) -> ActOutcome:
            bot = find_bot(tx, name)
            memories = tx.memories.of_bot(bot.id)
            tx.memories.remove([memory.id for memory in memories])
            tx.bots.remove(bot.id)
            tx.index_jobs.enqueue([(memory.id, bot.id) for memory in memories])
            summary = f"removed the bot {bot.slug} with {counted(len(memories))}"
            event = record_act(
                tx,
                Act.BOT_REMOVE,
                # Undo goes backwards: the bot first, then its memories in their order.
                [*((memory, None) for memory in reversed(memories)), (bot, None)],
                actor=actor,
                at=now,
                summary=summary,
                bot_id=bot.id,
            )
            return ActOutcome(event=event, count=1, summary=summary)

        return await self._store.write(act)

    async def current(self) -> Bot | None:
        """Return the current bot: the chosen one, else the only one in use, else None."""

        def query(tx: Transaction) -> Bot | None:
            slug = tx.state.get(_CURRENT)
            chosen = tx.bots.by_slug(slug) if slug else None
            if chosen is not None:
                return chosen
            active = [bot for bot in tx.bots.all() if bot.status is BotStatus.ACTIVE]
            return active[0] if len(active) == 1 else None

        return await self._store.read(query)

    async def set_current(self, name: str | None) -> Bot | None:
        """Choose the current bot for all programs on this home; None means all bots."""

        def act(tx: Transaction) -> Bot | None:
            bot = find_bot(tx, name) if name is not None else None
            tx.state.set(_CURRENT, bot.slug if bot else "")
            return bot

        return await self._store.write(act)


def get_bot(tx: Transaction, bot_id: UUID) -> Bot:
    """Return a bot by id; raises NotFound."""
    bot = tx.bots.get(bot_id)
    if bot is None:
        raise NotFound("This bot has been removed: choose another one.", kind="bot")
    return bot


def bot_in_use(tx: Transaction, bot_id: UUID) -> Bot:
    """Return a bot that may learn; raises NotFound, and Conflict for an archived one."""
    bot = get_bot(tx, bot_id)
    if bot.status is BotStatus.ARCHIVED:
        raise Conflict(f"The bot {bot.slug} is archived: take it back into use first.")
    return bot


def find_bot(tx: Transaction, name: str) -> Bot:
    """Return the bot with this slug or name; raises NotFound that lists the bots there are."""
    bot = tx.bots.by_slug(name)
    if bot is not None:
        return bot
    bots = tx.bots.all()
    wanted = slug_of(name)
    for bot in bots:
        if wanted in (bot.slug, slug_of(bot.name)):
            return bot
    known = ", ".join(bot.slug for bot in bots)
    next_step = f"The bots are: {known}." if known else "There are none yet: add the first one."
    raise NotFound(f"There is no bot “{name}”. {next_step}", kind="bot", key=name)


def slug_of(name: str) -> str:
    """Return the URL-safe form of a name: lower-case letters, digits and single hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def _checked_name(name: str) -> tuple[str, str]:
    name = " ".join(name.split())
    slug = slug_of(name)
    if not slug:
        raise Invalid("A bot's name needs a letter a–z or a digit, for its name in commands.")
    if len(name) > MAX_NAME_LENGTH or not name.isprintable():
        raise Invalid(f"A bot's name has at most {MAX_NAME_LENGTH} printable characters.")
    if slug in RESERVED_SLUGS:
        raise Invalid(f"“{slug}” is a word of the program: choose another name.")
    return name, slug


def _refuse_taken(tx: Transaction, slug: str, *, except_for: UUID | None) -> None:
    for bot in tx.bots.all():
        if bot.id != except_for and slug in (bot.slug, slug_of(bot.name)):
            raise Conflict(f"There is a bot “{bot.slug}” already: choose another name.")


def _put(tx: Transaction, before: Bot, after: Bot, actor: Actor, summary: str) -> Bot:
    tx.bots.put(after)
    record_act(
        tx,
        Act.BOT_EDIT,
        [(before, after)],
        actor=actor,
        at=after.updated_at,
        summary=summary,
        bot_id=after.id,
    )
    return after
