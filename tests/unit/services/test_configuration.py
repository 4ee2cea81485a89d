"""The configuration as a program asks for it; its file is tested in `infra/test_config.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend import Backend, open_backend
from backend.infra.index.off import OffVectorIndex
from backend.types import ConfigError, ConfigOrigin
from tests.conftest import OpenHome


async def test_a_named_home_keeps_its_configuration_in_itself(backend: Backend, home: Path) -> None:
    assert backend.config.path == home / "config.toml"


async def test_every_setting_is_shown_with_its_default_and_meaning(backend: Backend) -> None:
    lines = {line.key: line for line in backend.config.show()}

    assert {"embedder.engine", "recall.results", "interface.theme"} <= lines.keys()
    assert all(line.meaning and line.origin is ConfigOrigin.DEFAULT for line in lines.values())
    assert lines["recall.results"].value == lines["recall.results"].default == 10


async def test_a_setting_takes_effect_at_the_next_start(open_home: OpenHome) -> None:
    async with open_home() as backend:
        backend.config.set("recall.results", "25")
        assert backend.settings.recall.results == 10

    async with open_home() as backend:
        assert backend.settings.recall.results == 25
        (line,) = [line for line in backend.config.show() if line.key == "recall.results"]
        assert (line.value, line.origin) == (25, ConfigOrigin.FILE)


async def test_an_unknown_setting_names_the_nearest(backend: Backend) -> None:
    with pytest.raises(ConfigError, match=r"recall\.results"):
        backend.config.set("recall.result", "25")


async def test_a_setting_that_cannot_be_meant_keeps_its_default_and_is_told(
    open_home: OpenHome, home: Path
) -> None:
    home.mkdir()
    (home / "config.toml").write_text("[recall]\nresults = 9000\n")

    async with open_home() as backend:
        assert backend.settings.recall.results == 10
        (problem,) = backend.config.problems()
        assert problem.line == 2
        assert "results" in problem.sentence


async def test_the_environment_outranks_the_file(home: Path) -> None:
    import asyncio

    def opened() -> Backend:
        return open_backend(home, environ={"BOTERNITY_RECALL_RESULTS": "7"}, index=OffVectorIndex())

    backend = await asyncio.to_thread(opened)
    async with backend:
        backend.config.set("recall.profile", "classic")
        lines = {line.key: line for line in backend.config.show()}

    assert backend.settings.recall.results == 7
    assert lines["recall.results"].origin is ConfigOrigin.ENVIRONMENT
