"""What decides where a memory ranks: words, meaning, neighbours, standing; and what is left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from backend.core.memory.cues import asks_when, query_words, subject_of, tells_when
from backend.core.memory.fusion import Evidence, TermMatches, relevances
from backend.core.memory.ranking import Limits, RecallCandidate, parts_of, rank, select, tokens_of
from backend.core.memory.scoring import Standing, bounded_score, classic_score, time_weight
from backend.core.memory.twins import Wording
from backend.types.config import RecallProfile
from backend.types.memory import MemoryCategory
from backend.types.recall import RecallLegs, WhyNot

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
YEAR = timedelta(days=365)


def standing(
    *,
    category: MemoryCategory = MemoryCategory.FACT,
    importance: int = 3,
    pinned: bool = False,
    uses: int = 0,
    age: timedelta = timedelta(0),
) -> Standing:
    return Standing(category, importance, pinned, uses, NOW - age)


def candidate(row: int, fact: str = "A fact", standing: Standing | None = None) -> RecallCandidate:
    worth = standing or Standing(MemoryCategory.FACT, 3, False, 0, NOW)
    return RecallCandidate(row, UUID(int=row), fact, len(fact.encode()), worth)


def evidence(
    *,
    words: dict[str, dict[int, float]] | None = None,
    similarities: dict[int, float] | None = None,
    beside: dict[int, list[int]] | None = None,
) -> Evidence:
    terms = [TermMatches(3.0, strengths) for strengths in (words or {}).values()]
    return Evidence(terms, similarities or {}, beside or {})


def order(question: str, candidates: list[RecallCandidate], found: Evidence) -> list[int]:
    return [each.candidate.row for each in rank(question, candidates, found, now=NOW)]


class TestWordsAndMeaning:
    def test_a_memory_with_more_of_the_words_comes_first(self) -> None:
        found = evidence(words={"boat": {1: 0.7, 2: 0.7}, "harbour": {2: 0.7}})

        assert order("boat harbour", [candidate(1), candidate(2)], found) == [2, 1]

    def test_a_rare_word_counts_more_than_a_common_one(self) -> None:
        terms = [TermMatches(0.5, {1: 0.9}), TermMatches(5.0, {2: 0.5})]

        assert order("the heron", [candidate(1), candidate(2)], Evidence(terms, {}, {})) == [2, 1]

    def test_a_memory_is_found_by_meaning_without_any_of_the_words(self) -> None:
        found = evidence(words={"cosy": {}}, similarities={1: 0.1, 2: 0.6})

        assert order("cosy", [candidate(1), candidate(2)], found) == [2, 1]

    def test_without_vectors_the_words_alone_reach_the_full_scale(self) -> None:
        facts = {1: "boat"}

        alone = relevances("boat", facts, evidence(words={"boat": {1: 1.0}}))[1]
        both = relevances("boat", facts, evidence(words={"boat": {1: 1.0}}, similarities={1: 1.0}))

        assert alone.score == pytest.approx(both[1].score, abs=0.05)
        assert alone.similarity is None

    def test_a_memory_whose_vector_is_not_made_yet_is_not_punished_for_it(self) -> None:
        found = evidence(words={"boat": {1: 0.9, 2: 0.3}}, similarities={2: 0.5})

        assert order("boat", [candidate(1), candidate(2)], found) == [1, 2]

    def test_an_identifier_in_the_question_makes_letters_outweigh_meaning(self) -> None:
        facts = {1: "port 8090", 2: "another port"}
        found = evidence(words={"port": {1: 0.4, 2: 0.4}, "8090": {1: 0.4}}, similarities={1: 0.3})

        plain = relevances("which port is it", facts, found)[1]
        leaning = relevances("is it port 8090", facts, found)[1]

        assert leaning.score > plain.score

    def test_the_shown_similarity_is_the_cosine_itself(self) -> None:
        found = evidence(similarities={1: 0.43})

        ranked = rank("boat", [candidate(1)], found, now=NOW)[0]

        assert ranked.relevance.similarity == 0.43
        assert parts_of(ranked, now=NOW).meaning == 0.43


class TestBesideIt:
    def test_a_neighbour_that_has_the_missing_word_lifts_a_memory(self) -> None:
        words = {"boat": {1: 0.6, 3: 0.6}, "price": {2: 0.6}}

        lifted = order("boat price", [candidate(3), candidate(1)], evidence(words=words))
        beside = order(
            "boat price", [candidate(3), candidate(1)], evidence(words=words, beside={3: [2]})
        )

        assert lifted == [1, 3]
        assert beside == [3, 1]

    def test_an_unrelated_neighbour_in_a_short_session_borrows_nothing(self) -> None:
        found = evidence(
            words={"dark": {1: 0.7}, "mode": {1: 0.7}},
            similarities={1: 0.8, 2: 0.05, 3: 0.3},
            beside={1: [2], 2: [1]},
        )

        unrelated = relevances("dark mode", {1: "a", 2: "b", 3: "c"}, found)[2]

        assert unrelated.beside == 0.0
        assert order("dark mode", [candidate(row) for row in (1, 2, 3)], found) == [1, 3, 2]

    def test_a_memory_with_the_words_itself_beats_its_neighbour_without_them(self) -> None:
        found = evidence(
            words={"boat": {1: 0.7}}, similarities={1: 0.7, 2: 0.5}, beside={1: [2], 2: [1]}
        )

        assert order("boat", [candidate(2), candidate(1)], found) == [1, 2]

    def test_what_the_neighbours_added_is_one_of_the_parts(self) -> None:
        found = evidence(
            words={"boat": {1: 0.6}, "price": {2: 0.6}}, similarities={1: 0.4}, beside={1: [2]}
        )

        ranked = rank("boat price", [candidate(1)], found, now=NOW)[0]

        assert parts_of(ranked, now=NOW).beside > 0


class TestFit:
    def test_a_fact_about_the_one_the_question_names_comes_first(self) -> None:
        found = evidence(words={"Ana": {1: 0.6, 2: 0.6}, "boat": {1: 0.6, 2: 0.6}})
        candidates = [candidate(1, "Ben: I saw Ana's boat"), candidate(2, "Ana: my boat is blue")]

        assert order("What is Ana's boat like?", candidates, found) == [2, 1]

    def test_a_question_for_a_time_prefers_a_fact_that_tells_one(self) -> None:
        found = evidence(words={"painted": {1: 0.6, 2: 0.6}})
        candidates = [
            candidate(1, "It was painted blue"),
            candidate(2, "It was painted last Friday"),
        ]

        assert order("When was it painted?", candidates, found) == [2, 1]
        assert order("Was it painted?", candidates, found) == [1, 2]

    @pytest.mark.parametrize("question", ["When did it rain?", "what year was it", "How long ago?"])
    def test_questions_for_a_time_are_known(self, question: str) -> None:
        assert asks_when(question)

    @pytest.mark.parametrize("fact", ["moved in 2022", "met her yesterday.", "Off since March!"])
    def test_facts_that_tell_a_time_are_known(self, fact: str) -> None:
        assert tells_when(fact)

    def test_the_month_may_is_looked_up_and_the_verb_is_not(self) -> None:
        assert "May" in query_words("What happened in May?")
        assert "May" not in query_words("May I see the boat?")

    def test_the_subject_is_the_first_word_whatever_its_signs(self) -> None:
        assert subject_of("“Ana”: good morning") == "ana"
        assert subject_of("!?") == ""


class TestStanding:
    def test_importance_decides_between_equals(self) -> None:
        candidates = [
            candidate(1, standing=standing(importance=2)),
            candidate(2, standing=standing(importance=5)),
        ]

        assert order("boat", candidates, evidence(words={"boat": {1: 0.6, 2: 0.6}})) == [2, 1]

    def test_no_standing_makes_up_for_a_clear_difference_in_relevance(self) -> None:
        worst = standing(importance=1, age=20 * YEAR)
        best = standing(importance=5, pinned=True, uses=1000)

        assert bounded_score(0.6, worst, now=NOW) > bounded_score(0.4, best, now=NOW)

    def test_half_of_the_freshness_is_gone_after_a_half_life(self) -> None:
        assert time_weight(NOW - YEAR, YEAR, now=NOW) == 0.75

    def test_passing_context_fades_faster_than_a_preference(self) -> None:
        month = timedelta(days=30)

        fades = bounded_score(0.5, standing(category=MemoryCategory.CONTEXT, age=month), now=NOW)
        keeps = bounded_score(0.5, standing(category=MemoryCategory.PREFERENCE, age=month), now=NOW)

        assert fades < keeps

    def test_a_pinned_memory_does_not_age(self) -> None:
        old = standing(pinned=True, age=10 * YEAR)

        assert bounded_score(0.5, old, now=NOW) == bounded_score(0.5, standing(), now=NOW)

    def test_the_classic_profile_is_the_reference_product(self) -> None:
        critical = standing(importance=5, age=YEAR)

        assert classic_score(1.0, critical, now=NOW) == pytest.approx(0.0002, abs=0.00005)
        assert classic_score(0.5, standing(), now=NOW) == pytest.approx(0.4)

    def test_the_classic_profile_can_be_chosen(self) -> None:
        found = evidence(similarities={1: 0.9, 2: 0.5})
        candidates = [candidate(1, standing=standing(age=YEAR)), candidate(2)]

        bounded = rank("boat", candidates, found, now=NOW)
        classic = rank("boat", candidates, found, now=NOW, profile=RecallProfile.CLASSIC)

        assert bounded[0].candidate.row == 1
        assert classic[0].candidate.row == 2


class TestOneLeg:
    def test_keywords_alone_leave_out_what_only_meaning_found(self) -> None:
        found = evidence(words={"boat": {1: 0.6}}, similarities={1: 0.1, 2: 0.9})

        ranked = rank(
            "boat", [candidate(1), candidate(2)], found, now=NOW, legs=RecallLegs.KEYWORDS
        )

        assert [each.candidate.row for each in ranked] == [1]

    def test_meaning_alone_orders_by_the_cosine(self) -> None:
        found = evidence(words={"boat": {1: 0.9}}, similarities={1: 0.1, 2: 0.9})

        ranked = rank("boat", [candidate(1), candidate(2)], found, now=NOW, legs=RecallLegs.MEANING)

        assert [each.score for each in ranked] == [0.9, 0.1]


class TestWhatIsLeftOut:
    def _ranked(self, *facts: str, similarity: float | None = None) -> list[RecallCandidate]:
        return [candidate(row, fact) for row, fact in enumerate(facts, 1)]

    def test_what_is_too_far_in_meaning_is_left_out_and_says_so(self) -> None:
        found = evidence(similarities={1: 0.8, 2: 0.2})
        ranked = rank("boat", [candidate(1), candidate(2)], found, now=NOW)

        kept, left = select(ranked, Limits(10, min_similarity=0.5))

        assert [each.candidate.row for each in kept] == [1]
        assert [each.why for each in left] == [WhyNot.BELOW_THRESHOLD]

    def test_a_memory_without_a_vector_passes_the_least_similarity(self) -> None:
        ranked = rank("boat", [candidate(1)], evidence(words={"boat": {1: 0.5}}), now=NOW)

        kept, _ = select(ranked, Limits(10, min_similarity=0.9))

        assert len(kept) == 1

    def test_nearly_the_same_sentence_is_handed_over_once(self) -> None:
        facts = self._ranked("Ana likes green tea in the morning", "Ana likes green tea, mornings")
        facts[1] = candidate(2, "Ana likes green tea in the morning hours")
        ranked = rank("tea", facts, evidence(words={"tea": {1: 0.7, 2: 0.6}}), now=NOW)

        kept, left = select(ranked, Limits(10, suppress_twins=True))

        assert [each.candidate.row for each in kept] == [1]
        assert [each.why for each in left] == [WhyNot.TWIN]

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("The port is 8090", "The port is 8091"),
            ("Ana prefers dark mode", "Ana does not prefer dark mode"),
            ("Ana prefers dark mode", "Ben prefers dark mode"),
            ("we took PostgreSQL instead of MySQL", "we took MySQL instead of PostgreSQL"),
            ("She moved from Oslo to Bergen", "She moved from Bergen to Oslo"),
        ],
    )
    def test_facts_that_differ_in_what_matters_are_never_twins(self, one: str, other: str) -> None:
        assert not Wording(one).is_twin_of(Wording(other))
        assert not Wording(other).is_twin_of(Wording(one))

    def test_the_budget_is_kept_and_a_shorter_memory_may_still_fit(self) -> None:
        facts = self._ranked("boat " * 10, "boat " * 200, "boat")
        words = {"boat": {1: 0.9, 2: 0.8, 3: 0.5}}
        ranked = rank("boat", facts, evidence(words=words), now=NOW)

        kept, left = select(ranked, Limits(10, budget_tokens=tokens_of(50) + tokens_of(4)))

        assert [each.candidate.row for each in kept] == [1, 3]
        assert [each.why for each in left] == [WhyNot.OVER_BUDGET]

    def test_what_comes_after_the_number_asked_for_is_told(self) -> None:
        ranked = rank(
            "boat", self._ranked("a", "b"), evidence(words={"boat": {1: 0.9, 2: 0.5}}), now=NOW
        )

        _, left = select(ranked, Limits(1))

        assert [each.why for each in left] == [WhyNot.BEYOND_LIMIT]
