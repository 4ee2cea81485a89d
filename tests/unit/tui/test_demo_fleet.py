from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from itertools import combinations
from string import Formatter

import pytest

from backend.types import MemoryCategory, SourceKind
from tui.demo.fleet import DemoMemory, Fleet, make_fleet
from tui.demo.planted import Difference, JunkKind, Truth
from tui.demo.texts_ana import TOPICS as ANA
from tui.demo.texts_base import Aspect, Topic
from tui.demo.texts_ben import TOPICS as BEN
from tui.demo.texts_chi import TOPICS as CHI
from tui.demo.texts_dan import TOPICS as DAN
from tui.demo.texts_eva import TOPICS as EVA

NOW = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
TOPICS = ANA + BEN + CHI + DAN + EVA
TOO_NEAR = 0.75
"""Token Jaccard from which two facts would look like two wordings of one."""


@cache
def fleet(seed: int = 20261122) -> Fleet:
    return make_fleet(now=NOW, seed=seed)


def by_key(made: Fleet) -> dict[str, DemoMemory]:
    return {memory.key: memory for memory in made.memories}


def words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+|👍", text.casefold()))


def jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / max(1, len(left | right))


def near_pairs(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the keys of texts whose token Jaccard is `TOO_NEAR` or more.

    Two such texts share one of their rarest words, so only a prefix of each, sorted by rarity,
    needs to be in the index (prefix filtering of set similarity joins).
    """
    sets = {key: words(text) for key, text in texts.items()}
    count = Counter(word for found in sets.values() for word in found)
    index: dict[str, list[str]] = defaultdict(list)
    for key, found in sets.items():
        rarest = sorted(found, key=lambda word: (count[word], word))
        prefix = rarest[: len(found) - math.ceil(TOO_NEAR * len(found)) + 1]
        candidates = {other for word in prefix for other in index[word]}
        yield from (
            (other, key) for other in sorted(candidates) if jaccard(found, sets[other]) >= TOO_NEAR
        )
        for word in prefix:
            index[word].append(key)


def planted_pairs(truth: Truth) -> set[frozenset[str]]:
    pairs = {frozenset({pair.original, pair.duplicate}) for pair in truth.duplicates}
    pairs |= {frozenset({pair.older, pair.newer}) for pair in truth.contradictions}
    return pairs | {frozenset({junk.key, junk.echoes}) for junk in truth.junk if junk.echoes}


def every_aspect() -> list[tuple[Topic, Aspect]]:
    return [(topic, aspect) for topic in TOPICS for aspect in topic.aspects]


def slots(wording: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(wording) if name is not None}


def test_the_same_time_and_seed_give_the_same_fleet() -> None:
    assert make_fleet(now=NOW) == fleet()
    assert fleet(7).memories != fleet().memories


def test_five_bots_share_about_two_thousand_memories_evenly() -> None:
    counts = Counter(memory.bot for memory in fleet().memories)

    assert [bot.name for bot in fleet().bots] == ["ana", "ben", "chi", "dan", "eva"]
    assert all("demo" in bot.description for bot in fleet().bots)
    assert 1_900 <= len(fleet().memories) <= 2_100
    assert all(350 <= counts[bot.name] <= 450 for bot in fleet().bots)


def test_the_truth_names_what_was_planted() -> None:
    truth = fleet().truth

    assert len(truth.duplicates) == 120
    assert len(truth.contradictions) == 40
    assert {pair.difference for pair in truth.contradictions} == set(Difference)
    assert Counter(junk.kind for junk in truth.junk) == dict.fromkeys(JunkKind, 12)
    assert len(truth.stale) == 50
    assert truth.memories == len(fleet().memories)


def test_the_truth_survives_its_file() -> None:
    truth = fleet().truth

    assert Truth.model_validate_json(truth.model_dump_json()) == truth


def test_the_truth_can_speak_of_ids_instead_of_keys() -> None:
    ids = {memory.key: f"id of {memory.key}" for memory in fleet().memories}

    renamed = fleet().truth.with_ids(ids)

    assert renamed.stale == tuple(ids[key] for key in fleet().truth.stale)
    assert all(pair.older.startswith("id of ") for pair in renamed.contradictions)
    assert [junk.echoes is None for junk in renamed.junk] == [
        junk.echoes is None for junk in fleet().truth.junk
    ]


@pytest.mark.parametrize("seed", [20261122, 1, 2])
def test_only_planted_pairs_are_near_each_other(seed: int) -> None:
    made = fleet(seed)
    planted = planted_pairs(made.truth)

    near = near_pairs({memory.key: memory.draft.fact for memory in made.memories})

    texts = by_key(made)
    assert [
        (texts[one].draft.fact, texts[two].draft.fact)
        for one, two in near
        if frozenset({one, two}) not in planted
    ] == []


def test_no_two_memories_have_the_same_words() -> None:
    counts = Counter(
        re.sub(r"\W", "", memory.draft.fact.casefold()) or memory.draft.fact
        for memory in fleet().memories
    )

    assert [sorted(found) for found, count in counts.items() if count > 1] == []


def test_no_wording_says_nearly_the_same_of_two_subjects() -> None:
    for topic, aspect in every_aspect():
        for wording in aspect.wordings:
            said = [words(wording.format(day="", **values)) for values in topic.subjects]
            assert max(jaccard(one, two) for one, two in combinations(said, 2)) < TOO_NEAR, wording


def test_the_wordings_of_an_aspect_use_the_same_values() -> None:
    for _, aspect in every_aspect():
        assert len(aspect.wordings) >= 2
        assert len({frozenset(slots(wording)) for wording in aspect.wordings}) == 1, aspect


def test_every_column_is_told() -> None:
    for topic in TOPICS:
        told = {slot for aspect in topic.aspects for slot in slots(aspect.wordings[0])}
        assert told - {"day"} == set(topic.subjects[0]), topic.name


def test_there_are_well_over_a_hundred_and_fifty_templates() -> None:
    wordings = [wording for _, aspect in every_aspect() for wording in aspect.wordings]

    assert len(wordings) == len(set(wordings))
    assert len(wordings) >= 250


def test_a_planted_twin_is_younger_and_belongs_to_the_same_bot() -> None:
    memories = by_key(fleet())
    pairs = [(pair.original, pair.duplicate) for pair in fleet().truth.duplicates]
    pairs += [(pair.older, pair.newer) for pair in fleet().truth.contradictions]

    for one, two in pairs:
        older, younger = memories[one], memories[two]
        assert older.bot == younger.bot
        assert older.draft.fact != younger.draft.fact
        assert _at(older) < _at(younger)


def test_each_duplicate_is_worded_in_its_own_way() -> None:
    memories = by_key(fleet())
    texts = [memories[pair.duplicate].draft.fact for pair in fleet().truth.duplicates]

    assert len({" ".join(text.split()[:2]) for text in texts}) >= 90


def test_context_older_than_sixty_days_is_exactly_what_is_stale() -> None:
    old = {
        memory.key
        for memory in fleet().memories
        if memory.draft.category is MemoryCategory.CONTEXT
        and NOW - _at(memory) > timedelta(days=60)
    }

    assert old == set(fleet().truth.stale)


def test_memories_are_written_in_order_over_fourteen_months() -> None:
    times = [_at(memory) for memory in fleet().memories]

    assert times == sorted(times)
    assert timedelta(days=390) < NOW - times[0] < timedelta(days=432)
    assert timedelta(0) < NOW - times[-1] < timedelta(hours=1)


def test_sessions_hold_up_to_twelve_facts_of_one_bot_in_a_row() -> None:
    sessions: dict[str, list[int]] = defaultdict(list)
    for bot in fleet().bots:
        own = [memory for memory in fleet().memories if memory.bot == bot.name]
        for place, memory in enumerate(own):
            if memory.draft.session_id is not None:
                assert bot.name in memory.draft.session_id
                sessions[memory.draft.session_id].append(place)

    assert sum(map(len, sessions.values())) > 0.8 * len(fleet().memories)
    for places in sessions.values():
        assert 3 <= len(places) <= 12
        assert places == list(range(places[0], places[0] + len(places)))


def test_every_hand_and_every_importance_occurs() -> None:
    drafts = [memory.draft for memory in fleet().memories]

    assert {draft.source.kind for draft in drafts} == set(SourceKind)
    assert {draft.importance for draft in drafts} == {1, 2, 3, 4, 5}
    assert {draft.category for draft in drafts} == set(MemoryCategory)
    assert sum(draft.pinned for draft in drafts) == 40
    assert "import:markdown:CLAUDE.md:31" in {str(draft.source) for draft in drafts}


def test_other_scripts_are_part_of_the_fleet() -> None:
    text = "".join(memory.draft.fact for memory in fleet().memories)

    for script in ("ü", "京", "の", "م", "ש", "🦜"):
        assert script in text


def test_secrets_are_visibly_fake() -> None:
    memories = by_key(fleet())
    secrets = [junk.key for junk in fleet().truth.junk if junk.kind is JunkKind.SECRET]

    for key in secrets:
        assert re.search(r"demo|0000", memories[key].draft.fact, re.IGNORECASE)


def test_no_placeholder_is_left_in_a_text() -> None:
    slots_of_all = {slot for _, one in every_aspect() for slot in slots(one.wordings[0])} | {"soon"}

    for memory in fleet().memories:
        assert not set(re.findall(r"\{(\w+)\}", memory.draft.fact)) & slots_of_all
        assert memory.draft.fact == memory.draft.fact.strip()


@pytest.mark.parametrize(
    "now",
    [
        datetime(2027, 3, 1, 0, 0, tzinfo=UTC),
        datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC),
        datetime(2026, 12, 31, 4, 0, tzinfo=timezone(timedelta(hours=9))),
    ],
)
def test_the_fleet_is_complete_at_any_time(now: datetime) -> None:
    made = make_fleet(now=now)

    assert len(made.truth.duplicates) == 120
    assert all(_at(memory) < now for memory in made.memories)


def _at(memory: DemoMemory) -> datetime:
    assert memory.draft.created_at is not None
    return memory.draft.created_at
