"""Texts that break terminals, queries and formats: stored exactly, found, and carried without loss.

Each has a marker word at its end, by which a keyword search must find it whatever stands before.
"""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from backend import Backend
from backend.types import MAX_FACT_BYTES, Actor, Invalid, MemoryChange, MemoryDraft
from tests.conftest import OpenHome

USER = Actor.user()
TEXTS = {
    "C0 controls": "".join(map(chr, range(1, 32))) + " end",
    "C1 controls": "".join(map(chr, range(0x7F, 0xA0))) + " end",
    "NUL": "before\0after\0",
    "clear the screen": "\x1b[2J\x1b[H\x1b]0;owned\x07\x1b]52;c;ZXZpbA==\x07",
    "hyperlink": "\x1b]8;;http://127.0.0.1\x1b\\click\x1b]8;;\x1b\\",
    "markup": "[bold red]not bold[/] [@click=app.quit]x[/] {0} %s \\[",
    "HTML": "<script>alert(1)</script>&amp;&#0;",
    "SQL": "'; DROP TABLE memories; -- \" ` ?1 :name",
    "FTS5": '" OR NEAR(a b) * ^ - AND NOT "" (',
    "bidi": "\u202eevil\u202c \u2066isolate\u2069 \u200f \u061c",
    "ZWJ family": "👩‍👩‍👧‍👦 👍🏽 🏳️‍🌈 🇩🇪",
    "zero width": "a\u200bb\u200cc\u200dd\ufeffe\u2060f",
    "combining": "Z\u0351\u0343a\u0363\u0300l\u0334g\u0300o\u0301" + "\u0300" * 500,
    "not normalised": "e\u0301 é ﬁ Å \u212b \u1e9b\u0323",
    "CJK": "日本語のテキスト 한국어 中文字",
    "right to left": "שלום עולם مرحبا بالعالم",
    "astral and private": "𝒳 \U0010fffd \ue000 \ufffe",
    "lines": "one\ntwo\r\nthree\u2028four\u2029five\x85six\x0bseven",
    "tabs and spaces": "\t  tabs \u00a0 and\u3000spaces  ",
    "JSON": '{"fact": "\\u0000", "x": [1, null]}',
    "Markdown": "# head\n- bullet\n```\ncode\n```\n| a | b |",
    "path": "../../etc/passwd\\..\\C:",
    "one long word": "a" * 5000,
    "line of dashes": "--- " * 50,
}
MARK = "sentinel"


def text(name: str) -> str:
    return f"{TEXTS[name]} {MARK}{list(TEXTS).index(name)}"


async def learned(backend: Backend) -> UUID:
    bot = (await backend.bots.add("Ana", actor=USER)).id
    for name in TEXTS:
        draft = MemoryDraft(
            fact=text(name), tags=("tag [b]\x1b[31m", "日本"), session_id="s\x1b[0m"
        )
        await backend.memories.add(bot, draft, actor=USER)
    return bot


async def facts(backend: Backend, bot: UUID) -> list[str]:
    rows = sorted(await backend.memories.keys(bot))
    return [entry.fact for entry in await backend.memories.entries(rows)]


async def test_every_text_is_stored_exactly_and_survives_a_restart(open_home: OpenHome) -> None:
    async with open_home() as backend:
        await learned(backend)

    async with open_home() as backend:
        bot = (await backend.bots.get("ana")).id

        assert await facts(backend, bot) == [text(name) for name in TEXTS]
        assert (await backend.history.verify()).ok
        assert (await backend.health.check()).ok


@pytest.mark.parametrize("name", TEXTS)
async def test_a_word_finds_it_whatever_stands_before(backend: Backend, name: str) -> None:
    bot = await learned(backend)
    word = text(name).rpartition(" ")[2]

    for line in (word, f'"{word}"'):
        (row,) = await backend.memories.keys(bot, line)
        assert (await backend.memories.lines([row]))[0].fact == text(name)[:400]
    typed = await backend.memories.keys(bot, word[:-1], typing=True)
    assert row in typed


async def test_each_text_is_edited_deleted_and_brought_back_exactly(backend: Backend) -> None:
    bot = (await backend.bots.add("Ana", actor=USER)).id
    draft = MemoryDraft(fact="plain")
    memory = (await backend.memories.add(bot, draft, actor=USER)).entry.id
    for name in TEXTS:
        change = MemoryChange(fact=text(name))
        await backend.memories.edit([memory], change, actor=USER)
        assert (await backend.memories.get(memory)).fact == text(name)
        await backend.memories.delete([memory], actor=USER)
        await backend.history.undo(actor=USER)
        assert (await backend.memories.get(memory)).fact == text(name)

    detail = await backend.history.show(2)
    assert detail.changes[0].after is not None
    assert (await backend.history.verify()).ok


async def test_an_export_brings_back_the_same_bytes(backend: Backend) -> None:
    bot = await learned(backend)
    exported = await backend.exchange.export_text(bot)
    other = (await backend.bots.add("Copy", actor=USER)).id
    await backend.bots.remove("ana", actor=USER)  # its ids are free again

    report = await backend.exchange.import_text(
        other, exported.encode(), name="ana.json", actor=USER, accept=True
    )
    again = await backend.exchange.export_text(other)

    assert (report.added, report.rejected) == (len(TEXTS), ())
    assert again.replace('"Copy"', '"Ana"').replace('"copy"', '"ana"') == exported
    assert await facts(backend, other) == [text(name) for name in TEXTS]


async def test_json_lines_carry_every_text(backend: Backend) -> None:
    bot = (await backend.bots.add("Ana", actor=USER)).id
    lines = "\n".join(json.dumps({"fact": text(name)}, ensure_ascii=False) for name in TEXTS)

    report = await backend.exchange.import_text(
        bot, lines.encode(), name="facts.jsonl", actor=USER, accept=True
    )

    assert (report.added, report.rejected) == (len(TEXTS), ())
    assert await facts(backend, bot) == [text(name) for name in TEXTS]


async def test_a_megabyte_is_stored_found_and_carried(backend: Backend) -> None:
    bot = (await backend.bots.add("Ana", actor=USER)).id
    fact = ("wörter 👍🏽\x1b[1m " * 60_000).encode()[: MAX_FACT_BYTES - 9].decode(errors="ignore")
    fact = f"{fact} {MARK}"

    await backend.memories.add(bot, MemoryDraft(fact=fact), actor=USER)
    exported = await backend.exchange.export_text(bot)
    (row,) = await backend.memories.keys(bot, MARK)

    assert MAX_FACT_BYTES - 8 <= len(fact.encode()) <= MAX_FACT_BYTES
    assert (await backend.memories.entries([row]))[0].fact == fact
    assert json.loads(exported)["memories"][0]["fact"] == fact


@pytest.mark.parametrize("filler", ["a", "é", "👍"])
async def test_more_than_a_megabyte_is_refused_before_anything_changes(
    backend: Backend, filler: str
) -> None:
    bot = (await backend.bots.add("Ana", actor=USER)).id
    fact = filler * (MAX_FACT_BYTES // len(filler.encode()) + 1)

    with pytest.raises(Invalid, match=r"holds at most 1,048,576\. Split it"):
        await backend.memories.add(bot, MemoryDraft(fact=fact), actor=USER)

    assert await backend.history.last() == 1
    assert await backend.memories.count(bot) == 0


@pytest.mark.parametrize("fact", ["", " ", "\n\t ", "\u3000"])
async def test_a_text_without_a_word_is_refused(backend: Backend, fact: str) -> None:
    bot = (await backend.bots.add("Ana", actor=USER)).id

    with pytest.raises(Invalid, match="needs a text"):
        await backend.memories.add(bot, MemoryDraft(fact=fact), actor=USER)


@pytest.mark.parametrize("fact", ["half \ud800 of a character", "\udfff"])
async def test_half_a_character_is_refused_and_so_is_looking_for_it(
    backend: Backend, fact: str
) -> None:
    bot = (await backend.bots.add("Ana", actor=USER)).id

    with pytest.raises(Invalid, match="half of a character"):
        await backend.memories.add(bot, MemoryDraft(fact=fact), actor=USER)
    with pytest.raises(Invalid, match="half a character"):
        await backend.memories.keys(bot, fact)


@pytest.mark.parametrize("name", TEXTS)
async def test_a_filter_line_of_any_text_answers_or_refuses_politely(
    backend: Backend, name: str
) -> None:
    bot = await learned(backend)
    for line in (TEXTS[name], f'"{TEXTS[name]}"', f"tag:{TEXTS[name]}"):
        try:
            await backend.memories.keys(bot, line, typing=True)
        except Invalid as error:
            assert str(error).strip().endswith((".", "?", "…"))  # noqa: PT017
