"""The configuration: where it lies, what is refused and how, and that a change keeps the rest."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from backend.infra.config import (
    check,
    config_path,
    explain,
    home_path,
    load_settings,
    read_settings,
    set_value,
)
from backend.infra.config_keys import all_settings
from backend.types.base import Word
from backend.types.config import ConfigOrigin, EmbedderEngine, RecallProfile, Settings
from backend.types.errors import ConfigError

NOWHERE: dict[str, str] = {}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


class TestPlaces:
    def test_the_home_option_wins_over_the_variable(self, tmp_path: Path) -> None:
        home, named = home_path(tmp_path / "a", {"BOTERNITY_HOME": str(tmp_path / "b")})

        assert (home, named) == (tmp_path / "a", True)

    def test_the_variable_names_the_home_when_no_option_does(self, tmp_path: Path) -> None:
        assert home_path(None, {"BOTERNITY_HOME": str(tmp_path)}) == (tmp_path, True)

    def test_an_empty_variable_leaves_the_platform_folder(self) -> None:
        home, named = home_path(None, {"BOTERNITY_HOME": ""})

        assert home.is_absolute()
        assert home.name == "boternity"
        assert not named

    def test_a_relative_home_is_made_absolute(self) -> None:
        home, _ = home_path("somewhere", NOWHERE)

        assert home == Path.cwd() / "somewhere"

    def test_a_home_of_an_unknown_user_is_refused_with_a_sentence(self) -> None:
        with pytest.raises(ConfigError, match="Write the whole path"):
            home_path("~no-such-user-here/x", NOWHERE)

    def test_the_configuration_lies_in_a_named_home(self, tmp_path: Path) -> None:
        assert config_path(tmp_path) == tmp_path / "config.toml"

    def test_without_a_named_home_it_lies_in_the_platform_folder(self) -> None:
        found = config_path(None)

        assert found.name == "config.toml"
        assert found.parent.name == "boternity"


class TestReading:
    def test_a_missing_file_gives_the_defaults(self, path: Path) -> None:
        assert load_settings(path, NOWHERE) == Settings()

    def test_what_the_file_says_replaces_the_default(self, path: Path) -> None:
        path.write_text('[recall]\nprofile = "classic"\nresults = 25\n')

        settings = load_settings(path, NOWHERE)

        assert settings.recall.profile is RecallProfile.CLASSIC
        assert settings.recall.results == 25
        assert settings.embedder.engine is EmbedderEngine.MINILM

    def test_a_binding_may_be_written_with_or_without_quotes(self, path: Path) -> None:
        path.write_text('[keymap]\nmemory.delete = "D"\n"memory.edit" = "f2"\n')

        assert load_settings(path, NOWHERE).keymap == {"memory.delete": "D", "memory.edit": "f2"}

    def test_a_byte_order_mark_and_windows_line_ends_are_understood(self, path: Path) -> None:
        path.write_bytes(b"\xef\xbb\xbf[recall]\r\nresults = 7\r\n")

        assert load_settings(path, NOWHERE).recall.results == 7

    def test_a_variable_outranks_the_file(self, path: Path) -> None:
        path.write_text("[recall]\nresults = 25\n")

        settings = load_settings(path, {"BOTERNITY_RECALL_RESULTS": "3"})

        assert settings.recall.results == 3

    def test_an_empty_variable_counts_as_none(self, path: Path) -> None:
        assert load_settings(path, {"BOTERNITY_RECALL_RESULTS": ""}).recall.results == 10

    def test_variables_of_other_parts_are_left_alone(self, path: Path) -> None:
        environ = {"BOTERNITY_HOME": "/x", "BOTERNITY_SOMETHING": "1", "RECALL_RESULTS": "x"}

        assert check(path, environ) == []

    def test_loading_refuses_with_the_line_of_the_first_problem(self, path: Path) -> None:
        path.write_text('[recall]\n\nresults = "ten"\n')

        with pytest.raises(ConfigError) as caught:
            load_settings(path, NOWHERE)

        assert caught.value.line == 3
        assert str(caught.value) == (
            f"{path}:3: “recall.results” must be a whole number from 1 to 200, not “ten”."
        )

    def test_one_wrong_line_does_not_cost_the_right_ones(self, path: Path) -> None:
        path.write_text('[recall]\nresults = 25\nprofile = "best"\n')

        settings, problems = read_settings(path, NOWHERE)

        assert settings.recall.results == 25
        assert settings.recall.profile is RecallProfile.BOUNDED
        assert [problem.line for problem in problems] == [3]


class TestProblems:
    @pytest.mark.parametrize(
        ("text", "line", "says"),
        [
            ("[recall]\nresult = 5\n", 2, "the nearest is “recall.results”"),
            ("\n[recal]\nresults = 5\n", 2, "the nearest is “recall”"),
            ('theme = "x"\n', 1, "the nearest is “interface.theme”"),
            ("[zzz]\nqqq = 1\n", 1, "`boternity config show` lists them all"),
            ('[recall]\nprofile = "best"\n', 2, "one of: bounded, classic, not “best”"),
            ("[embedder]\nengine = 5\n", 2, "one of: minilm, openai, none, not 5"),
            ("[recall]\nresults = true\n", 2, "a whole number from 1 to 200, not true"),
            ('[recall]\nresults = "10"\n', 2, "a whole number from 1 to 200, not “10”"),
            ("[recall]\nresults = 10.0\n", 2, "a whole number from 1 to 200, not 10.0"),
            ("[recall]\nresults = 201\n", 2, "a whole number from 1 to 200, not 201"),
            ("[embedder]\ndimension = -1\n", 2, "a whole number from 0 up, not -1"),
            ("[interface]\ntheme = 3\n", 2, "a text in quotes, not 3"),
            ("[keymap]\nmemory.delete = 4\n", 2, 'a key such as "d" or "ctrl+d", not 4'),
            ("recall = 5\n", 1, "“recall” is a section: its keys are profile, results"),
            ("[[recall]]\nresults = 5\n", 1, "“recall” is a section"),
            ("recall = {results = 0}\n", 1, "from 1 to 200, not 0"),
            ("recall.results = 0\n", 1, "from 1 to 200, not 0"),
            ('[interface]\ntheme = """\na = 1\n"""\n[recall]\nresults = 0\n', 6, "not 0"),
        ],
    )
    def test_a_mistake_is_answered_with_its_line_and_what_is_right(
        self, path: Path, text: str, line: int, says: str
    ) -> None:
        path.write_text(text)

        [problem] = check(path, NOWHERE)

        assert problem.line == line
        assert says in problem.sentence

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("[recall]\nresults = \n", 2),
            ("[recall\n", 1),
            ('[interface]\ntheme = "dark\n', 2),
            ("[recall]\nresults = 1\nresults = 2\n", 3),
            ('[interface]\ntheme = """\n\n', 2),
            ("x = " + "[" * 5000, 1),
            ("x = " + "9" * 5000, 1),
        ],
    )
    def test_a_file_that_is_not_toml_is_refused_with_the_line(
        self, path: Path, text: str, line: int
    ) -> None:
        path.write_text(text)

        [problem] = check(path, NOWHERE)

        assert (problem.line or 1) == line
        assert "this is not TOML" in problem.sentence

    def test_bytes_that_are_no_text_are_refused_with_the_line(self, path: Path) -> None:
        path.write_bytes(b"[recall]\nresults = 5 # \xff\n")

        assert [problem.line for problem in check(path, NOWHERE)] == [2]

    def test_a_folder_in_place_of_the_file_is_a_problem_not_a_crash(self, path: Path) -> None:
        path.mkdir()

        [problem] = check(path, NOWHERE)

        assert "cannot be read" in problem.sentence

    def test_a_variable_is_checked_like_the_file(self, path: Path) -> None:
        problems = check(path, {"BOTERNITY_RECALL_RESULT": "5", "BOTERNITY_RECALL_RESULTS": "x"})

        assert [problem.sentence for problem in problems] == [
            "$BOTERNITY_RECALL_RESULT: “BOTERNITY_RECALL_RESULT” is not a setting: "
            "the nearest is “BOTERNITY_RECALL_RESULTS”.",
            "$BOTERNITY_RECALL_RESULTS: “recall.results” must be a whole number from 1 to 200, "
            "not “x”.",
        ]

    @pytest.mark.parametrize(
        "line", ['key_env = "sk-live-123"', 'url = "user:hunter2@host"', "key_env = 123456789"]
    )
    def test_a_pasted_secret_is_refused_and_never_repeated(self, path: Path, line: str) -> None:
        path.write_text(f"[embedder]\n{line}\n")

        [problem] = check(path, NOWHERE)

        assert not any(part in problem.sentence for part in ("sk-live", "hunter2", "123456789"))

    def test_a_message_holds_nothing_that_a_terminal_acts_on(self, path: Path) -> None:
        path.write_text('"\\u001b[31m\\u202e" = 1\n[recall]\nprofile = "\\u001b[2J"\n')

        sentences = "".join(problem.sentence for problem in check(path, NOWHERE))

        assert sentences.replace("\n", "").isprintable()


class TestExplaining:
    def test_every_key_tells_its_value_default_origin_and_meaning(self, path: Path) -> None:
        path.write_text('[recall]\nresults = 25\n[keymap]\nmemory.delete = "D"\n')
        environ = {"BOTERNITY_INTERFACE_THEME": "paper"}

        lines = {line.key: line for line in explain(load_settings(path, environ), path, environ)}

        assert (lines["recall.results"].value, lines["recall.results"].default) == (25, 10)
        assert lines["recall.results"].where == f"{path}:2"
        assert lines["recall.profile"].origin is ConfigOrigin.DEFAULT
        assert lines["interface.theme"].origin is ConfigOrigin.ENVIRONMENT
        assert lines["interface.theme"].value == "paper"
        assert lines["keymap.memory.delete"].value == "D"
        assert all(line.meaning for line in lines.values())

    def test_a_value_in_the_file_that_equals_the_default_comes_from_the_file(
        self, path: Path
    ) -> None:
        path.write_text("[recall]\nresults = 10\n")

        lines = {line.key: line for line in explain(load_settings(path, NOWHERE), path, NOWHERE)}

        assert lines["recall.results"].origin is ConfigOrigin.FILE

    def test_the_keymap_is_shown_before_it_has_a_binding(self, path: Path) -> None:
        assert explain(Settings(), path, NOWHERE)[-1].key == "keymap"

    def test_every_setting_is_of_a_kind_that_messages_can_name(self) -> None:
        for setting in all_settings():
            kind = type(getattr(getattr(Settings(), setting.section), setting.name))
            assert kind in (int, str) or issubclass(kind, Word), setting.key


class TestSetting:
    def test_a_change_keeps_comments_order_and_everything_else(self, path: Path) -> None:
        path.write_text('# mine\n[recall]  # a\nresults = 10  # why\n\n[interface]\ntheme = "x"\n')

        line = set_value(path, "recall.results", "20", NOWHERE)

        assert line.value == 20
        assert path.read_text() == (
            '# mine\n[recall]  # a\nresults = 20  # why\n\n[interface]\ntheme = "x"\n'
        )

    def test_windows_line_ends_stay(self, path: Path) -> None:
        path.write_bytes(b"[recall]\r\nresults = 10\r\n# end\r\n")

        set_value(path, "recall.results", "20", NOWHERE)

        assert path.read_bytes() == b"[recall]\r\nresults = 20\r\n# end\r\n"

    def test_a_new_file_and_its_folder_are_for_the_owner_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "new" / "config.toml"

        set_value(path, "interface.theme", "paper", NOWHERE)

        assert load_settings(path, NOWHERE).interface.theme == "paper"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700

    @pytest.mark.parametrize(
        "before",
        [
            "",
            "recall.results = 5\n",
            "recall = {results = 5}\n",
            "[recall]\nresults = 5\n[vectors]\n[recall.more]\n",
            '[recall]\nresults = "wrong"\n',
        ],
    )
    def test_a_value_is_set_however_the_file_is_laid_out(self, path: Path, before: str) -> None:
        path.write_text(before)

        set_value(path, "recall.results", "20", NOWHERE)

        assert read_settings(path, NOWHERE)[0].recall.results == 20

    @pytest.mark.parametrize("before", ["", '[keymap]\nmemory.delete = "d"\n', "[keymap]\n"])
    def test_a_binding_is_set_once_in_either_spelling(self, path: Path, before: str) -> None:
        path.write_text(before)

        set_value(path, "keymap.memory.delete", "D", NOWHERE)

        assert load_settings(path, NOWHERE).keymap == {"memory.delete": "D"}
        assert path.read_text().count("delete") == 1

    @pytest.mark.parametrize(
        ("key", "text", "says"),
        [
            ("recall.result", "5", "the nearest is “recall.results”"),
            ("recall.results", "ten", "from 1 to 200, not “ten”. Nothing was changed."),
            ("recall.results", "500", "from 1 to 200"),
            ("recall.profile", "best", "one of: bounded, classic"),
            ("recall", "5", "“recall” is a section"),
            ("keymap", "d", "write a binding below it"),
            ("", "d", "`boternity config show` lists them all"),
        ],
    )
    def test_a_wrong_change_is_refused_and_changes_nothing(
        self, path: Path, key: str, text: str, says: str
    ) -> None:
        path.write_text("[recall]\nresults = 5\n")

        with pytest.raises(ConfigError) as caught:
            set_value(path, key, text, NOWHERE)

        assert says in str(caught.value)
        assert path.read_text() == "[recall]\nresults = 5\n"

    @pytest.mark.parametrize("before", ["[recall\n", "recall = 5\n", "[[recall]]\n"])
    def test_a_broken_file_is_not_written_over(self, path: Path, before: str) -> None:
        path.write_text(before)

        with pytest.raises(ConfigError):
            set_value(path, "recall.results", "5", NOWHERE)

        assert path.read_text() == before

    def test_a_variable_that_outranks_the_change_is_told(self, path: Path) -> None:
        line = set_value(path, "recall.results", "5", {"BOTERNITY_RECALL_RESULTS": "9"})

        assert (line.value, line.origin) == (9, ConfigOrigin.ENVIRONMENT)

    def test_a_linked_file_stays_a_link(self, tmp_path: Path, path: Path) -> None:
        dotfile = tmp_path / "dotfiles.toml"
        dotfile.write_text("# kept\n")
        path.symlink_to(dotfile)

        set_value(path, "recall.results", "5", NOWHERE)

        assert path.is_symlink()
        assert dotfile.read_text().startswith("# kept\n")

    def test_a_place_that_cannot_be_written_is_a_sentence_and_leaves_no_trace(
        self, tmp_path: Path
    ) -> None:
        blocked = tmp_path / "file"
        blocked.write_text("x")

        with pytest.raises(ConfigError, match="cannot be"):
            set_value(blocked / "config.toml", "recall.results", "5", NOWHERE)

        assert list(tmp_path.iterdir()) == [blocked]


def test_a_home_without_a_file_loads_no_parser() -> None:
    code = (
        "import sys; from pathlib import Path; from backend.infra.config import load_settings; "
        "load_settings(Path('/nonexistent/config.toml'), {}); "
        "print([m for m in ('tomlkit', 'tomllib', 'platformdirs', 'difflib') if m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
