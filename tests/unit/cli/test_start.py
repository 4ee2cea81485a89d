"""`boternity` alone opens the dashboard without reading what only commands need."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.unit.cli.conftest import Cli

_SPY = """
import json, sys, types
sys.stdin.isatty = sys.stderr.isatty = lambda: True
called = []
def run_dashboard(home=None):
    called.append(home)
    return 0
def run_demo(seed=None):
    called.append(["demo", seed])
    return 0
sys.modules["tui.start"] = types.SimpleNamespace(run_dashboard=run_dashboard)
sys.modules["tui.demo.run"] = types.SimpleNamespace(run_demo=run_demo)
from tui.cli import main
codes = [main(arguments) for arguments in ([], ["--home", "a b"], ["--home=c"], ["demo"])]
heavy = sorted({"click", "pydantic", "rich", "sqlite3"} & sys.modules.keys())
codes.append(main(["demo", "--seed", "7"]))
print(json.dumps([codes, called, heavy]))
"""

_COMMAND = """
import sys
from tui.cli import main
main(["memory", "list", "--json"])
banned = {"textual", "numpy", "qdrant_client", "onnxruntime", "httpx", "tomlkit"}
print(sorted(banned & sys.modules.keys()), file=sys.stderr)
"""


def test_the_dashboard_opens_without_importing_click_or_pydantic() -> None:
    done = subprocess.run([sys.executable, "-c", _SPY], capture_output=True, text=True, check=True)

    codes, called, heavy = json.loads(done.stdout)

    assert codes == [0, 0, 0, 0, 0]
    assert called == [None, "a b", "c", ["demo", None], ["demo", 7]]
    assert heavy == []


def test_a_command_never_imports_the_toolkit_or_the_vectors(cli: Cli) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _COMMAND], capture_output=True, text=True, check=True
    )

    assert json.loads(done.stdout) == {"total": 0, "items": []}
    assert done.stderr == "[]\n"


@pytest.mark.parametrize("arguments", [[], ["demo"], ["demo", "--seed", "7"]])
def test_without_a_terminal_the_dashboard_refuses_in_one_sentence(
    cli: Cli, arguments: list[str]
) -> None:
    result = cli(*arguments)

    assert (result.code, result.out) == (1, "")
    assert result.err.count("\n") == 1
    assert "needs a terminal" in result.err


def test_the_version_is_the_packages(cli: Cli) -> None:
    result = cli("--version")

    assert (result.code, result.out) == (0, "boternity 0.1.0\n")


def test_the_shell_can_ask_for_completions() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui"],
        env={
            "_BOTERNITY_COMPLETE": "bash_complete",
            "COMP_WORDS": "boternity mem",
            "COMP_CWORD": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "plain,memory\n"
