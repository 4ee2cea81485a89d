"""Bots, and who acts."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from backend.types.base import UtcDatetime, Value, Word


class BotStatus(Word):
    """Whether a bot is in use."""

    ACTIVE = "active"
    DISABLED = "disabled"
    ARCHIVED = "archived"


class Bot(Value):
    """One of the person's bots; `slug` is its unique, URL-safe name for commands."""

    id: UUID
    slug: str
    name: str
    description: str = ""
    status: BotStatus = BotStatus.ACTIVE
    created_at: UtcDatetime
    updated_at: UtcDatetime
    trusted_bots: tuple[UUID, ...] = ()
    fallback_chain: tuple[str, ...] | None = None
    """Provider names in order; None follows the global chain."""
    revision: int = 1


class BotSummary(Value):
    """A bot with the counts that lists show."""

    bot: Bot
    live: int
    deleted: int


class ActorKind(Word):
    """Who can act."""

    USER = "user"
    SYSTEM = "system"
    BOT = "bot"


class Actor(Value):
    """Who did it: the person, Boternity itself, or a bot by its slug.

    It comes from the program or the connection, never from a payload.
    """

    kind: ActorKind
    slug: str | None = None

    @classmethod
    def user(cls) -> Self:
        return cls(kind=ActorKind.USER)

    @classmethod
    def system(cls) -> Self:
        return cls(kind=ActorKind.SYSTEM)

    @classmethod
    def bot(cls, slug: str) -> Self:
        return cls(kind=ActorKind.BOT, slug=slug)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str()` wrote: "user", "system" or a bot's slug."""
        if text in (ActorKind.USER, ActorKind.SYSTEM):
            return cls(kind=ActorKind(text))
        return cls.bot(text)

    def __str__(self) -> str:
        return self.slug if self.slug is not None else self.kind.value


RESERVED_SLUGS = frozenset({"user", "system", "all"})
"""Slugs that no bot may take: the first two are actors, the third is the view of all bots."""
