"""Opening the dashboard on a home, from a shell that knows nothing of it yet."""

from __future__ import annotations

import asyncio
import sys

from backend import open_backend
from backend.types import BoternityError
from tui.app import BoternityApp
from tui.widgets.safe_text import safe_line


def run_dashboard(home: str | None = None) -> int:
    """Open the dashboard on a home and return the exit code."""
    try:
        backend = open_backend(home)
    except BoternityError as error:
        sys.stderr.write(f"boternity: {safe_line(str(error))}\n")
        return 1

    async def session() -> str | None:
        async with backend:
            return await BoternityApp(backend).run_async()

    if asyncio.run(session()) == "demo":
        from tui.demo.run import run_demo

        return run_demo()
    return 0
