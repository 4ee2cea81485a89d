"""Takes a screenshot of the demo at any point: the README's pictures come from here.

uv run python -m tests.tools.shoot memory --size 120x40 --keys "j,j,enter" OUT.svg
"""

from __future__ import annotations

import argparse
import asyncio
import re
import tempfile
from pathlib import Path

from backend import Backend, open_backend
from tui.app import BoternityApp
from tui.demo.run import fill
from tui.keys import MODES

_PAUSE_SECONDS = 0.4
_FONT_FACE = re.compile(r"@font-face \{.*?\}", re.DOTALL)
"""They load a font from the network; a picture of ours does without."""


async def shoot(
    mode: str, size: tuple[int, int], keys: list[str], out: Path, *, indexed: bool
) -> None:
    """Open the demo in a mode, press the keys, and write the screen as SVG."""
    with tempfile.TemporaryDirectory(prefix="boternity-shoot-") as home:
        environ = {} if indexed else {"BOTERNITY_EMBEDDER_ENGINE": "none"}
        async with open_backend(home, environ=environ, wait_for_index=20.0) as backend:
            await fill(backend)
            if indexed:
                await _wait_for_index(backend)
            app = BoternityApp(backend, demo=True)
            async with app.run_test(size=size, notifications=True) as pilot:
                await pilot.pause(_PAUSE_SECONDS)
                await app.action_mode(mode)
                for key in keys:
                    await pilot.press(key)
                    await pilot.pause(_PAUSE_SECONDS if len(key) > 1 else None)
                await app.workers.wait_for_complete()
                await pilot.pause(_PAUSE_SECONDS)
                svg = app.export_screenshot(title="boternity")
                out.write_text(_FONT_FACE.sub("", svg), encoding="utf-8")


async def _wait_for_index(backend: Backend) -> None:
    for summary in await backend.bots.summaries():
        await backend.recall.search(summary.bot.id, "warm up", wait=120.0)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("mode", choices=[mode for _, mode, _ in MODES])
    parser.add_argument("--size", default="120x40", help="columns x rows")
    parser.add_argument("--keys", default="", help="Textual key names, separated by commas")
    parser.add_argument("--indexed", action="store_true", help="wait for search by meaning")
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    width, _, height = given.size.partition("x")
    keys = [key for key in given.keys.split(",") if key]
    size = int(width), int(height)
    asyncio.run(shoot(given.mode, size, keys, given.out, indexed=given.indexed))


if __name__ == "__main__":
    main()
