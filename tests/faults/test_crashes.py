"""kill -9 at every moment of every act: what was acknowledged is there, and nothing is half done.

Moments are counted in a dry run first: before and after each statement (SQLite's own, those of
triggers and of each imported row included), fsync, rename, link and vector upsert, from opening
the home to closing it. `tests/tools/crash_run.py` does the killing and looks at what a restart
finds: journal, doctor, keyword search, meaning, the next act and its undo.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

import pytest

ACTS = [
    "first open",
    "add a bot",
    "add",
    "add again",
    "edit",
    "bulk delete",
    "undo",
    "redo",
    "import",
    "undo of an import",
    "remove a bot",
    "undo of removing a bot",
]
EVERYTHING = [*ACTS, "index jobs"]
SAMPLE = 24
"""Kills an act in the fast version: the first and last moments, and some between."""
FULL = 250
"""More moments than any act has but the imports: theirs are the same few for each row again."""
FULL_IMPORT = 100


@dataclass(frozen=True, slots=True)
class Killed:
    moments: int
    asked: int
    killed: int
    acknowledged: int
    failures: list[str]


def kill(name: str, *options: str) -> Killed:
    command = [sys.executable, "-m", "tests.tools.crash_run", name, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    return Killed(**json.loads(done.stdout))


@pytest.mark.parametrize("act", EVERYTHING)
def test_a_kill_at_sampled_moments_leaves_an_act_whole_or_absent(act: str) -> None:
    report = kill(act, "--most", str(SAMPLE))

    assert report.failures == []
    assert report.killed == report.asked == min(SAMPLE, report.moments)


@pytest.mark.slow
@pytest.mark.parametrize("act", EVERYTHING)
def test_a_kill_at_any_moment_leaves_an_act_whole_or_absent(act: str) -> None:
    most = FULL_IMPORT if "import" in act else FULL

    report = kill(act, "--most", str(most))

    assert report.failures == []
    assert report.killed == report.asked == min(most, report.moments)


@pytest.mark.parametrize("act", ["add", "undo"])
def test_a_kill_in_the_middle_of_a_commit_leaves_an_act_whole_or_absent(act: str) -> None:
    report = kill(act, "--kinds", "bytes", "--stride", "7")

    assert report.failures == []
    assert report.acknowledged < report.killed > 5


@pytest.mark.slow
@pytest.mark.parametrize("act", ACTS)
def test_a_kill_at_any_place_of_a_write_leaves_an_act_whole_or_absent(act: str) -> None:
    stride = 8 if "import" in act else 1

    report = kill(act, "--kinds", "bytes", "--stride", str(stride))

    assert report.failures == []
    assert report.killed > 20


def test_every_kind_of_moment_is_killed_at() -> None:
    """A hook that has come loose would kill nowhere and prove nothing."""
    opened = moments("first open")
    indexed = moments("index jobs")
    added = moments("add")

    assert {"before fsync", "after fsync", "before link", "after link"} <= opened
    assert {"before upsert", "after upsert", "before delete", "after delete"} <= indexed
    assert {"before BEGIN IMMEDIATE", "after BEGIN IMMEDIATE"} <= added
    assert {"before COMMIT", "after COMMIT", "acknowledged", "closed"} <= added
    assert any(name.startswith("before -- REPLACE INTO 'main'.'memories_trigram") for name in added)


def moments(name: str) -> set[str]:
    command = [sys.executable, "-m", "tests.tools.crash_run", name, "--kinds", "names"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return set(json.loads(done.stdout))
