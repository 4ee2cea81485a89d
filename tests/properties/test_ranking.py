"""Whatever the legs find: scores stay in bounds and no part works against its direction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.core.memory.fusion import Evidence, TermMatches, relevances
from backend.core.memory.scoring import Standing, bounded_score, reinforcement_part, time_weight
from backend.core.memory.twins import Wording
from backend.types.memory import MemoryCategory

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
rows = st.integers(1, 8)
shares = st.floats(0, 1)
cosines = st.floats(-1, 1)
terms = st.lists(
    st.builds(
        TermMatches, st.floats(0.01, 12), st.dictionaries(rows, st.floats(0.01, 1), max_size=8)
    ),
    max_size=5,
)
found = st.builds(
    Evidence,
    terms,
    st.dictionaries(rows, cosines, max_size=8),
    st.dictionaries(rows, st.lists(rows, max_size=4), max_size=8),
)
ages = st.timedeltas(timedelta(days=-4000), timedelta(days=40_000))
gaps = st.timedeltas(timedelta(0), timedelta(days=4000))
standings = st.builds(
    Standing,
    st.sampled_from(MemoryCategory),
    st.integers(1, 5),
    st.booleans(),
    st.integers(0, 10**6),
    ages.map(lambda age: NOW - age),
)
FACTS = {row: f"Fact {row} of last week" for row in range(1, 9)}


@given(found, st.sampled_from(["When did fact 3 change?", "boat", "“exact” heron2"]))
def test_relevance_and_its_parts_are_always_between_0_and_1(found: Evidence, asked: str) -> None:
    for relevance in relevances(asked, FACTS, found).values():
        assert 0 <= relevance.score <= 1
        assert 0 <= relevance.words <= 1 + 1e-9
        assert 0 <= relevance.beside <= 1 + 1e-9
        assert 0 <= relevance.fit <= 1


@given(found)
def test_a_session_never_takes_relevance_away(found: Evidence) -> None:
    alone = relevances("boat", FACTS, found._replace(beside={}))
    beside = relevances("boat", FACTS, found)

    assert all(beside[row].score >= alone[row].score - 1e-9 for row in FACTS)


@given(st.lists(st.floats(0.1, 9), min_size=1, max_size=5), shares, st.floats(0, 1))
def test_a_memory_that_only_borrows_never_passes_the_one_it_borrows_from(
    rarities: list[float], strength: float, similarity: float
) -> None:
    terms = [TermMatches(rarity, {1: strength}) for rarity in rarities]
    found = Evidence(terms, {1: 1.0, 2: similarity}, {1: [2], 2: [1]})

    relevant = relevances("boat", FACTS, found)

    assert relevant[2].score <= relevant[1].score + 1e-9


@given(shares, standings)
def test_the_final_score_is_between_0_and_1(relevance: float, standing: Standing) -> None:
    assert 0 <= bounded_score(relevance, standing, now=NOW) <= 1 + 1e-9


@given(shares, shares, standings)
def test_more_relevance_is_never_a_lower_score(
    one: float, other: float, standing: Standing
) -> None:
    low, high = sorted((one, other))

    assert bounded_score(low, standing, now=NOW) <= bounded_score(high, standing, now=NOW)


@given(age=ages, gap=gaps)
def test_age_alone_never_ranks_an_older_memory_higher(age: timedelta, gap: timedelta) -> None:
    younger = time_weight(NOW - age, YEAR, now=NOW)

    assert 0.5 <= time_weight(NOW - age - gap, YEAR, now=NOW) <= younger <= 1


@given(st.integers(0, 10**9))
def test_each_further_use_adds_and_never_more_than_1_in_all(uses: int) -> None:
    assert reinforcement_part(uses) <= reinforcement_part(uses + 1) <= 1


@given(st.text(), st.text())
def test_being_twins_does_not_depend_on_who_is_asked(one: str, other: str) -> None:
    assert Wording(one).is_twin_of(Wording(other)) == Wording(other).is_twin_of(Wording(one))
