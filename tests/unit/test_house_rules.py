"""The rules of the house, which are tests and not review remarks.

The arrows between the layers are contracts of import-linter (pyproject.toml). They are run here,
and beside them what no import contract can see: the length of a file, what really gets loaded,
colours that are not tokens, and that the guards of the suite bite.
"""

from __future__ import annotations

import ast
import asyncio
import re
import socket
import subprocess
import sys
import time  # noqa: TID251  (a blocking call, to see it refused)
from collections.abc import Iterator
from pathlib import Path

import pytest
from blockbuster import BlockingError

from tests.conftest import OutsideWorld

ROOT = Path(__file__).parents[2]
MAX_LINES = 400
MAX_FUNCTION_LINES = 60
"""A screen. The list of longer ones only shrinks."""
LONG_FUNCTIONS: set[str] = set()

HEAVY = {"numpy", "qdrant_client", "onnxruntime", "httpx", "textual", "rich", "click", "tui"}
_LOADED = "import sys; print(*sys.modules)"
_OPENED = """
import asyncio, sys
from backend import open_backend
from backend.types import Actor, MemoryDraft

async def at_home(home):
    async with open_backend(home, environ={}) as backend:
        user = Actor.user()
        bot = await backend.bots.add("Ana", actor=user)
        await backend.memories.add(bot.id, MemoryDraft(fact="Likes tea"), actor=user)
        await backend.memories.lines(await backend.memories.keys(bot.id, "tea", typing=True))
        await backend.history.undo(actor=user)
        await backend.workspace.filters()
        backend.config.show()

asyncio.run(at_home(sys.argv[1]))
"""
_ALL_SERVICES = """
async def everything(home):
    async with open_backend(home, environ={}) as backend:
        user, bot = Actor.user(), await backend.bots.get("ana")
        await backend.exchange.import_text(bot.id, b"- Likes rain\\n", name="x.md", actor=user,
                                           accept=True)
        await backend.exchange.export_text(bot.id)
        await backend.history.verify()
        _ = backend.recall, backend.health

asyncio.run(everything(sys.argv[1]))
"""


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def fresh(code: str, *arguments: str) -> set[str]:
    """Return the top-level packages that a new interpreter has loaded after `code`."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{_LOADED}", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}


@pytest.mark.parametrize("folder", ["backend", "tui"])
def test_a_file_is_short_enough_to_be_read(folder: str) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in sources(folder)
    }

    assert {path: lines for path, lines in lengths.items() if lines > MAX_LINES} == {}


def test_a_function_fits_a_screen() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in sources("backend", "tui")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= MAX_FUNCTION_LINES
    }

    assert long == LONG_FUNCTIONS


def test_imports_follow_the_arrows() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_only_the_door_names_what_is_below_the_services() -> None:
    naming = {
        str(path.relative_to(ROOT))
        for path in sources("backend/services", "backend/servers", "tui")
        if re.search(r"^\s*(from|import) backend\.infra", path.read_text("utf-8"), re.MULTILINE)
    }

    assert naming == set()


def test_importing_the_backend_loads_nothing_but_itself() -> None:
    loaded = fresh("import backend")

    assert not loaded & {*HEAVY, "pydantic", "sqlite3", "asyncio"}


def test_opening_a_home_loads_no_interface_and_nothing_heavy(tmp_path: Path) -> None:
    loaded = fresh(_OPENED, str(tmp_path / "home"))

    assert loaded & {"backend", "sqlite3", "pydantic"} == {"backend", "sqlite3", "pydantic"}
    assert loaded & HEAVY == set()


def test_no_service_loads_what_belongs_to_the_index_process(tmp_path: Path) -> None:
    loaded = fresh(_OPENED + _ALL_SERVICES, str(tmp_path / "home"))

    assert loaded & HEAVY == set()


def stylesheets() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each stylesheet, those inside of widgets too."""
    for path in sorted((ROOT / "styles").glob("*.tcss")):
        yield path.name, path.read_text(encoding="utf-8")
    for path in sources("tui"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Assign(targets=[ast.Name("CSS" | "DEFAULT_CSS")], value=value):
                    yield path.name, ast.unparse(value)


def test_stylesheets_take_their_colours_from_the_theme() -> None:
    number = re.compile(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*;)|\b(rgb|hsl)a?\(|\bansi_\w+")
    word = re.compile(
        r"(?:color|background|border[a-z-]*|outline[a-z-]*|tint|scrollbar[a-z-]*):[^;]*"
        r"(?<![\w$-])(red|green|blue|yellow|cyan|magenta|white|black|gray|grey|orange|purple)\b"
    )
    found = {
        f"{name}: {line.strip()}"
        for name, sheet in stylesheets()
        for line in sheet.splitlines()
        if number.search(line) or word.search(line)
    }

    assert len(list(stylesheets())) >= 3
    assert found == set()


def test_an_exemption_from_a_rule_says_why() -> None:
    bare = re.compile(r"#\s*(noqa(?!:)|type:\s*ignore(?!\[))")
    silent = {
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources("backend", "tui")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if bare.search(line)
    }

    assert silent == set()


def test_no_error_is_passed_over_without_a_reason() -> None:
    silent = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources("backend", "tui")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and all(isinstance(each, ast.Pass) for each in node.body)
        and "#" not in path.read_text("utf-8").splitlines()[node.body[0].lineno - 1]
    }

    assert silent == set()


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_a_test_cannot_reach_another_machine(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as line, pytest.raises(OutsideWorld):
        line.connect((host, 80))


def test_a_test_cannot_ask_for_another_machines_address() -> None:
    with pytest.raises(OutsideWorld):
        socket.create_connection(("example.org", 80))


def test_a_test_may_talk_to_itself() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_a_test_has_a_home_and_an_environment_of_its_own(tmp_path: Path) -> None:
    import os

    assert Path.home().is_relative_to(tmp_path.parents[1])
    assert [name for name in os.environ if name.startswith("BOTERNITY_")] == []


async def test_a_service_that_blocks_the_loop_is_stopped() -> None:
    from backend.services import acts

    scope = {"__name__": acts.__name__, "time": time}
    exec(compile("def wait():\n    time.sleep(0.001)\n", str(acts.__file__), "exec"), scope)

    with pytest.raises(BlockingError):
        scope["wait"]()  # type: ignore[operator]  # it was just defined

    await asyncio.wait_for(asyncio.to_thread(scope["wait"]), 10)  # type: ignore[arg-type]
