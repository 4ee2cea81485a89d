"""The filter line: what it means, and how it helps when it cannot mean anything."""

from __future__ import annotations

import pytest

from backend.core.memory.filter_keys import KEYS
from backend.core.memory.filter_terms import (
    Accessed,
    AgeIs,
    AgeUnit,
    All,
    CalendarSpan,
    CategoryIs,
    Comparison,
    DateField,
    DateIs,
    Either,
    FreeWord,
    MemoryFilter,
    Not,
    NumberField,
    NumberIs,
    Phrase,
    State,
    StateIs,
    Term,
    TextField,
    TextIs,
)
from backend.core.memory.query import parse_filter, suggestions, word_start
from backend.types.errors import InvalidFilter
from backend.types.memory import MemoryCategory

PREFERENCE, FACT = MemoryCategory.PREFERENCE, MemoryCategory.FACT
IS, MORE, AT_LEAST = Comparison.IS, Comparison.MORE, Comparison.AT_LEAST


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("dark", FreeWord("dark")),
        ('"dark mode"', Phrase("dark mode")),
        ('"say ""hi"" twice"', Phrase('say "hi" twice')),
        ("cat:preference,fact", CategoryIs((PREFERENCE, FACT))),
        ("cat:preference|fact", CategoryIs((PREFERENCE, FACT))),
        ("Category:PREF", CategoryIs((PREFERENCE,))),
        ("imp:4", NumberIs(NumberField.IMPORTANCE, IS, 4)),
        ("imp>=3", NumberIs(NumberField.IMPORTANCE, AT_LEAST, 3)),
        ("imp:>=3", NumberIs(NumberField.IMPORTANCE, AT_LEAST, 3)),
        ("uses>3", NumberIs(NumberField.USES, MORE, 3)),
        ("seen>1", NumberIs(NumberField.SEEN, MORE, 1)),
        ("age>30d", AgeIs(MORE, 30, AgeUnit.DAY)),
        ("age<=2MO", AgeIs(Comparison.AT_MOST, 2, AgeUnit.MONTH)),
        ("created:2026-05", DateIs(DateField.CREATED, IS, CalendarSpan(2026, 5))),
        ("updated>2026-5-1", DateIs(DateField.UPDATED, MORE, CalendarSpan(2026, 5, 1))),
        ("tag:home", TextIs(TextField.TAG, ("home",))),
        ('tag:"two words",home', TextIs(TextField.TAG, ("two words", "home"))),
        ("by:ana|user", TextIs(TextField.BY, ("ana", "user"))),
        ("source:CLAUDE.md", TextIs(TextField.SOURCE, ("CLAUDE.md",))),
        ("session=4f21", TextIs(TextField.SESSION, ("4f21",), exactly=True)),
        ("is:pinned|deleted", StateIs((State.PINNED, State.DELETED))),
        ("accessed", Accessed()),
        ("-accessed", Not(Accessed())),
        ("-tag:x", Not(TextIs(TextField.TAG, ("x",)))),
        ("-dark", Not(FreeWord("dark"))),
        ('-"dark mode"', Not(Phrase("dark mode"))),
        ("-(a or b)", Not(Either((FreeWord("a"), FreeWord("b"))))),
        ("a b", All((FreeWord("a"), FreeWord("b")))),
        ("a and b", All((FreeWord("a"), FreeWord("b")))),
        ("a b or c", Either((All((FreeWord("a"), FreeWord("b"))), FreeWord("c")))),
        ("a (b OR c)", All((FreeWord("a"), Either((FreeWord("b"), FreeWord("c")))))),
        (
            "imp:4,5",
            Either(
                (
                    NumberIs(NumberField.IMPORTANCE, IS, 4),
                    NumberIs(NumberField.IMPORTANCE, IS, 5),
                )
            ),
        ),
    ],
)
def test_a_line_means(text: str, term: Term) -> None:
    assert parse_filter(text) == MemoryFilter(term)


@pytest.mark.parametrize(
    "text",
    [
        "http://localhost:8080/a",
        "12:30",
        "C:\\x",
        "std::vector",
        "heron:5432",
        "main.py:31",
        "user_id:ana",
        "note:",
        "x=1",
        "List<int>",
        "--force",
        "->",
        "main(argv)",
        "naïve",
        "東京",
        "☕",
    ],
)
def test_text_that_is_plainly_no_key_is_searched_for(text: str) -> None:
    assert parse_filter(text).words == (text,)


@pytest.mark.parametrize("text", ["", "   ", "-", "\u3000\n"])
def test_nothing_typed_is_the_empty_filter(text: str) -> None:
    assert parse_filter(text) == MemoryFilter()


def test_or_as_the_last_letters_is_a_word_somebody_is_typing() -> None:
    assert parse_filter("dark or").words == ("dark", "or")


REFUSALS = {
    "foo:bar": (
        0,
        "“foo” is not a filter key; the keys are cat, imp, age, created, updated, tag, by, "
        'source, session, is, uses, seen. To search for the text, write "foo:bar".',
    ),
    "x catt:fact": (
        2,
        "“catt” is not a filter key; did you mean cat, as in cat:preference,fact? "
        'To search for the text, write "catt:fact".',
    ),
    "impo:4": (
        0,
        "“impo” is not a filter key; did you mean imp, as in imp>=3? "
        'To search for the text, write "impo:4".',
    ),
    "cat:preferense": (
        4,
        "cat:preferense is not one of preference, fact, decision, context, correction; "
        "did you mean preference?",
    ),
    "cat:co": (
        4,
        "cat:co is not one of preference, fact, decision, context, correction; "
        "did you mean context or correction?",
    ),
    "cat:": (
        4,
        "cat needs a value here: write cat:preference,fact; the words are preference, fact, "
        "decision, context, correction.",
    ),
    "tag:a,": (6, "tag needs a value here: write tag:home."),
    "tag>3": (3, "tag has no order to compare by: write tag:home."),
    "imp:9": (4, "Importance goes from 1 to 5: write imp>=3."),
    "imp>2,3": (6, "A comparison takes one value: write imp>=3."),
    "uses>many": (5, "uses needs a whole number of up to nine digits: write uses>3."),
    "age>30": (
        4,
        "An age is a number of up to five digits with its unit, h, d, w, mo (months) or y: "
        "write age>30d.",
    ),
    "age:30d": (3, "An age is more or less than something: write age>30d."),
    "created>may": (
        8,
        "created needs a date, as year, month or day: write created:2026, created:2026-05 "
        "or created>2026-05-01.",
    ),
    "created:2026-02-30": (
        8,
        "2026-02-30 is not in the calendar between 1970 and 9998: write created>2026-05-01.",
    ),
    'dark "mode': (
        5,
        'This quote is never closed: add a " after the last exact word, or delete this one.',
    ),
    '""': (0, 'There is nothing between these quotes: write "exact words".'),
    "a (b": (
        2,
        "This “(” is never closed: add a “)” after the last term, or put the text in quotes.",
    ),
    "a b)": (3, "This “)” closes nothing: delete it, or put the text in quotes."),
    "a ()": (
        2,
        "These parentheses are empty: write terms in them, as in (tag:home or tag:work).",
    ),
    "or a": (
        0,
        "“or” needs a term on each side, as in tag:home or tag:work; "
        'to search for the word, put it in quotes: "or".',
    ),
    "a \ud83d": (2, "This sign is half a character: delete it and type it again."),
    "a " + "(" * 7 + "b": (8, "Parentheses go at most 6 deep: take some away here."),
    "a " * 201: (400, "A filter holds at most 200 words and values: shorten it here."),
}


@pytest.mark.parametrize("text", REFUSALS, ids=lambda text: ascii(text[:20]))
def test_a_line_that_means_nothing_is_refused_with_the_next_step(text: str) -> None:
    with pytest.raises(InvalidFilter) as refusal:
        parse_filter(text)

    assert (refusal.value.position, str(refusal.value)) == REFUSALS[text]


def test_a_refusal_never_carries_an_escape_sequence_to_the_terminal() -> None:
    with pytest.raises(InvalidFilter) as refusal:
        parse_filter("cat:\x1b[31mred\u202e")

    assert str(refusal.value).startswith("cat:�[31mred� is not one of")


def test_each_key_teaches_with_an_example_that_parses() -> None:
    assert [parse_filter(key.example).words for key in KEYS.values()] == [()] * len(KEYS)


def test_the_words_to_rank_by_are_those_asked_for_in_order() -> None:
    filter = parse_filter('tea -milk (cup or mug) -(hot water) cat:fact "green leaf"')

    assert filter.words == ("tea", "cup", "mug")
    assert filter.phrases == ("green leaf",)


def test_a_search_by_meaning_keeps_the_conditions_and_drops_the_words() -> None:
    assert str(parse_filter("tea cat:fact green -milk").without_words()) == "cat:fact -milk"
    assert parse_filter("tea").without_words() == MemoryFilter()
    assert str(parse_filter("tea tag:x").without_words()) == "tag:x"


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("tea is:pinned", False),
        ("is:deleted", True),
        ("-is:live", True),
        ("tea or (cup is:pinned,merged)", True),
    ],
)
def test_a_filter_knows_whether_it_speaks_of_a_status(text: str, mentioned: bool) -> None:
    assert parse_filter(text).mentions_status is mentioned


def test_a_filter_names_the_legal_words_that_match_nothing_yet() -> None:
    assert parse_filter("is:pinned,shared -is:candidate").unanswered == (
        State.SHARED,
        State.CANDIDATE,
    )


@pytest.mark.parametrize(
    ("typed", "completions"),
    [
        ("ca", ["cat:"]),
        ("dark im", ["imp>="]),
        ("(-ac", ["-accessed"]),
        ("s", ["source:", "session:", "seen>"]),
        ("cat:pre", ["cat:preference"]),
        ("-is:pinned,d", ["-is:pinned,deleted"]),
        ("imp>=", ["imp>=1", "imp>=2", "imp>=3", "imp>=4", "imp>=5"]),
        ("age>30", ["age>30h", "age>30d", "age>30w", "age>30mo", "age>30y"]),
        ("tag:ho", []),
        ('"ca', []),
        ("dark ", []),
        ("zebra", []),
    ],
)
def test_keys_and_closed_words_complete_while_typing(typed: str, completions: list[str]) -> None:
    assert suggestions(typed, len(typed)) == completions


def test_a_completion_replaces_the_word_at_the_cursor_alone() -> None:
    text, cursor = "dark ca tea", 7

    completed = text[: word_start(text, cursor)] + suggestions(text, cursor)[0] + text[cursor:]

    assert completed == "dark cat: tea"
