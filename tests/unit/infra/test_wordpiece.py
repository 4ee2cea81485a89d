"""Our WordPiece against the `tokenizers` package: the same ids for the same text."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from importlib import resources

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import BertWordPieceTokenizer

from backend.infra.embedders.wordpiece import WordPiece

CLS, SEP, UNK = 101, 102, 100
UNCUT = 100_000

# Assigned since Unicode 3.2: the oracle's tables are of Unicode 8, newer characters differ with
# the Python that runs. Four of the old ones have moved to another category since.
KNOWN = [
    chr(code)
    for code in range(0x110000)
    if unicodedata.ucd_3_2_0.category(chr(code)) not in {"Cn", "Cs"}
    and code not in {0x166D, 0x1734, 0x1885, 0x1886}
]

HANDWRITTEN = [
    "",
    " ",
    "Prefers dark mode.",
    "don't re-embed; it's O(n)!",
    "PostgreSQL 16 listens on 10.0.0.5:5433 (TLS only)",
    "user@example.com https://example.com/a?b=c&d=%20#e",
    "Crème brûlée, Ångström, naïve, İstanbul, ΟΔΥΣΣΕΥΣ, ß, ŉ, ﬁ",
    "Zażółć gęślą jaźń — Привет, мир! — γειά σου",
    "我喜欢深色模式。日本語テキスト 한국어 텍스트 \U0002b820 \uf900",
    "हिन्दी ไทย العربية עברית",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 ☃",
    "a\0b\ufffdc\x07d\x1b[31me\x7ff\u0085g",
    "\u202eabc\u202c \u200b\u200d\u00ad\ufeff",
    "tab\there\r\nline\u2028sep\u2029par\u00a0nbsp\u3000wide\x0bvt\x0cff",
    "[CLS] [SEP] [UNK] [PAD] [MASK] ##ing",
    "$+<=>^`|~ !\"#%&'()*,-./:;?@[\\]_{}",
    "x" * 100,
    "x" * 101,
    "unaffable " * 300,
    "e\u0301" * 60,
    "\u0301\u0301",
    "supercalifragilisticexpialidocious pneumonoultramicroscopicsilicovolcanoconiosis",
]

FRAGMENTS = ["Re", "un", "embed", "ding's", "dark-mode", "8090", "##s", "e\u0301", "字", "()", " "]

Encode = Callable[[str], list[int]]


@pytest.fixture(scope="module")
def vocabulary() -> list[str]:
    source = resources.files("backend.infra.embedders") / "minilm_vocab.txt"
    return source.read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def ours(vocabulary: list[str]) -> WordPiece:
    return WordPiece(vocabulary)


@pytest.fixture(scope="module")
def oracle(vocabulary: list[str]) -> Encode:
    tokenizer = BertWordPieceTokenizer(
        {word: number for number, word in enumerate(vocabulary)}, lowercase=True
    )
    # Text is only text: a "[SEP]" that somebody wrote is spelled out.
    tokenizer._tokenizer.encode_special_tokens = True

    def encode(text: str) -> list[int]:
        return list(tokenizer.encode(text).ids)

    return encode


def test_the_vocabulary_is_whole(vocabulary: list[str]) -> None:
    assert len(vocabulary) == len(set(vocabulary)) == 30_522
    assert [vocabulary[number] for number in (UNK, CLS, SEP)] == ["[UNK]", "[CLS]", "[SEP]"]


@pytest.mark.parametrize("text", HANDWRITTEN)
def test_handwritten_texts_get_the_ids_of_the_reference(
    ours: WordPiece, oracle: Encode, text: str
) -> None:
    assert ours.encode(text, longest=UNCUT) == oracle(text)


@given(text=st.text(st.sampled_from(KNOWN)))
@example("İ\u0307Σ")
@example("\u302e\u302f")
def test_any_text_gets_the_ids_of_the_reference(ours: WordPiece, oracle: Encode, text: str) -> None:
    assert ours.encode(text, longest=UNCUT) == oracle(text)


@given(words=st.lists(st.sampled_from(FRAGMENTS)))
def test_words_run_together_get_the_ids_of_the_reference(
    ours: WordPiece, oracle: Encode, words: list[str]
) -> None:
    text = "".join(words)

    assert ours.encode(text, longest=UNCUT) == oracle(text)


@pytest.mark.slow
def test_every_character_gets_the_ids_of_the_reference(ours: WordPiece, oracle: Encode) -> None:
    differ = [
        hex(ord(character))
        for character in KNOWN
        if ours.encode(f"a{character}b", longest=UNCUT) != oracle(f"a{character}b")
    ]

    assert differ == []


@given(
    text=st.lists(st.sampled_from(["word ", "x", " ", "unaffable", "字"])).map("".join),
    times=st.integers(1, 4000),
    longest=st.integers(2, 300),
)
def test_a_cut_text_begins_like_the_whole_one(
    ours: WordPiece, text: str, times: int, longest: int
) -> None:
    whole = ours.encode(text * times, longest=10**7)

    cut = ours.encode(text * times, longest=longest)

    assert cut == (whole if len(whole) <= longest else [*whole[: longest - 1], SEP])


def test_a_lone_surrogate_is_dropped_like_a_control(ours: WordPiece) -> None:
    assert ours.encode("da\ud800rk", longest=256) == ours.encode("dark", longest=256)


def test_an_empty_text_is_its_two_marks(ours: WordPiece) -> None:
    assert ours.encode("", longest=256) == [CLS, SEP]
