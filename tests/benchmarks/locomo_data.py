"""Reads LoCoMo (snap-research/LoCoMo): dialogues as memories, questions with their evidence.

The data (CC BY-NC 4.0) is never part of the project: the benchmark gets it as a file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.types import MemoryDraft

ADVERSARIAL = 5
"""The category of questions that have no answer; their figures stand apart."""
_TURN = re.compile(r"D:?(\d+):(\d+)")
"""A turn's name in the evidence; a few are written "D:11:26" or stand two in a string."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the facts that answer it."""

    text: str
    category: int
    gold: frozenset[str]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One bot's memories in order of writing, and what is asked about them."""

    name: str
    drafts: list[MemoryDraft]
    questions: list[Question]


def fact_key(fact: str) -> str:
    """Return what equal sentences share: a bot that is told one twice keeps one memory of it."""
    return "".join(sign for sign in fact.casefold() if sign.isalnum())


def read_turns(path: Path) -> list[Dialogue]:
    """Return the dialogues with one memory a turn; gold are the evidence turns."""
    return [_dialogue(each, list(_turns(each["conversation"]))) for each in _read(path)]


def read_observations(path: Path) -> list[Dialogue]:
    """Return the dialogues with one memory an observation; gold are those of evidence turns."""
    return [_dialogue(each, list(_observations(each))) for each in _read(path)]


def _read(path: Path) -> list[dict[str, Any]]:
    dialogues: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return dialogues


def _dialogue(source: dict[str, Any], told: list[tuple[MemoryDraft, list[str]]]) -> Dialogue:
    facts_of: dict[str, set[str]] = {}
    for draft, turns in told:
        for turn in turns:
            facts_of.setdefault(turn, set()).add(fact_key(draft.fact))
    questions = []
    for asked in source["qa"]:
        gold = {fact for turn in _names(asked["evidence"]) for fact in facts_of.get(turn, ())}
        if gold:
            questions.append(Question(asked["question"], asked["category"], frozenset(gold)))
    name = str(source.get("sample_id", "dialogue"))
    return Dialogue(name, [draft for draft, _ in told], questions)


def _turns(conversation: dict[str, Any]) -> Iterator[tuple[MemoryDraft, list[str]]]:
    for number, at in _sessions(conversation):
        for turn in conversation[f"session_{number}"]:
            caption = turn.get("blip_caption")
            shown = f" [{caption}]" if caption else ""
            fact = f"{turn['speaker']}: {turn['text']}{shown}"
            yield _draft(fact, number, at), _names([turn["dia_id"]])


def _observations(source: dict[str, Any]) -> Iterator[tuple[MemoryDraft, list[str]]]:
    for number, at in _sessions(source["conversation"]):
        spoken = source["observation"].get(f"session_{number}_observation", {})
        for facts in spoken.values():
            for fact, turns in facts:
                yield (
                    _draft(fact, number, at),
                    _names(turns if isinstance(turns, list) else [turns]),
                )


def _draft(fact: str, session: int, at: datetime) -> MemoryDraft:
    return MemoryDraft(fact=fact, session_id=f"session {session}", created_at=at)


def _sessions(conversation: dict[str, Any]) -> Iterator[tuple[int, datetime]]:
    numbers = (re.fullmatch(r"session_(\d+)", key) for key in conversation)
    for number in sorted(int(match[1]) for match in numbers if match):
        spoken = conversation[f"session_{number}_date_time"]
        at = datetime.strptime(spoken, "%I:%M %p on %d %B, %Y").replace(tzinfo=UTC)
        yield number, at


def _names(evidence: list[str]) -> list[str]:
    found = (match for text in evidence for match in _TURN.finditer(text))
    return [f"D{int(match[1])}:{int(match[2])}" for match in found]
