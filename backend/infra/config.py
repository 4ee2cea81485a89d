"""`config.toml`: where it lies, what it says, and one change at a time.

A setting is what an environment variable says (BOTERNITY_RECALL_RESULTS), else what the file says,
else its default in `backend.types.config`. A wrong key or value touches nothing but itself:
`read_settings` takes what is right and lists the rest, `load_settings` refuses. Parsers and the
platform's folders are imported when they are needed: a home without a file never pays for them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from backend.infra.config_keys import (
    KEYMAP,
    Setting,
    WrongValue,
    all_settings,
    find_setting,
    unknown_key,
)
from backend.types.config import ConfigLine, ConfigOrigin, ConfigProblem, Settings
from backend.types.errors import ConfigError

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

FILE_NAME = "config.toml"
HOME_VARIABLE = "BOTERNITY_HOME"


def home_path(argument: str | Path | None, environ: Mapping[str, str]) -> tuple[Path, bool]:
    """Return the absolute home and whether somebody named it: --home, then $BOTERNITY_HOME.

    Else the platform's data folder, unnamed. Empty names count as none; `~` is understood.
    """
    name = str(argument or "") or environ.get(HOME_VARIABLE, "")
    if name:
        try:
            return Path(name).expanduser().absolute(), True
        except RuntimeError as error:
            raise ConfigError(
                f"The home “{name}” cannot be found: there is no such user. Write the whole path."
            ) from error
    from platformdirs import user_data_path

    return user_data_path("boternity", appauthor=False), False


def config_path(home_named: Path | None) -> Path:
    """Return where the file lies: in the home if one is named, else the platform's folder."""
    if home_named is not None:
        return home_named / FILE_NAME
    from platformdirs import user_config_path

    return user_config_path("boternity", appauthor=False) / FILE_NAME


def load_settings(path: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings; a missing file gives the defaults.

    `environ` is the process's own unless given. Raises ConfigError with the first problem.
    """
    settings, problems = read_settings(path, environ)
    if problems:
        raise ConfigError(problems[0].sentence, line=problems[0].line)
    return settings


def read_settings(
    path: Path, environ: Mapping[str, str] | None = None
) -> tuple[Settings, list[ConfigProblem]]:
    """Return the settings that can be understood, and what cannot; never raises ConfigError."""
    found = _read(path, os.environ if environ is None else environ)
    return Settings.model_validate(found.sections()), found.problems


def check(path: Path, environ: Mapping[str, str] | None = None) -> list[ConfigProblem]:
    """Return everything that the file and the environment say and cannot mean, the file first."""
    return _read(path, os.environ if environ is None else environ).problems


def explain(
    settings: Settings, path: Path, environ: Mapping[str, str] | None = None
) -> list[ConfigLine]:
    """Return every setting with its value, default, origin and meaning, in the order of the types.

    Keys of `[keymap]` follow, by name; without any, one line tells that there is a keymap.
    """
    found = _read(path, os.environ if environ is None else environ)
    lines = [_line(setting, settings, found) for setting in all_settings()]
    bindings = [Setting(KEYMAP, name) for name in sorted(settings.keymap)]
    return lines + [_line(setting, settings, found) for setting in bindings or [Setting(KEYMAP)]]


def set_value(
    path: Path, key: str, text: str, environ: Mapping[str, str] | None = None
) -> ConfigLine:
    """Write one setting and return it as it now is: an environment variable still outranks it.

    The rest of the file, comments and line ends included, stays. The file is replaced whole
    (0600); a link is followed. Raises ConfigError, and writes nothing, for an unknown key, a wrong
    value, a file that is not TOML, or a folder that cannot be written.
    """
    setting = find_setting(key)
    try:
        value = setting.from_text(text)
    except WrongValue as error:
        raise ConfigError(f"{error} Nothing was changed.") from error
    source = _text(path)
    _toml(source, path)  # refuses with the line, which tomlkit words differently
    _replace(path, _edited(source, setting, value, path))
    found = _read(path, os.environ if environ is None else environ)
    return _line(setting, Settings.model_validate(found.sections()), found)


@dataclass(slots=True)
class _Found:
    """What file and environment say: the right values by key, where from, and the problems."""

    values: dict[Setting, str | int] = field(default_factory=dict)
    origins: dict[Setting, tuple[ConfigOrigin, str]] = field(default_factory=dict)
    problems: list[ConfigProblem] = field(default_factory=list)

    def sections(self) -> dict[str, dict[str, str | int]]:
        sections: dict[str, dict[str, str | int]] = {}
        for setting, value in self.values.items():
            sections.setdefault(setting.section, {})[setting.name] = value
        return sections


def _read(path: Path, environ: Mapping[str, str]) -> _Found:
    found = _Found()
    try:
        text = _text(path)
        document = _toml(text, path) if text else {}
    except ConfigError as error:
        found.problems.append(ConfigProblem(line=error.line, sentence=str(error)))
        text, document = "", {}
    lines = _line_numbers(text)
    for key, value in _flat(document):
        line = _nearest_line(lines, key)
        where = f"{path}:{line}" if line else str(path)
        try:
            setting = find_setting(".".join(key))
            found.values[setting] = setting.checked(value)
            found.origins[setting] = (ConfigOrigin.FILE, where)
        except (ConfigError, WrongValue) as error:
            found.problems.append(ConfigProblem(line=line, sentence=f"{where}: {error}"))
    _read_environment(environ, found)
    return found


def _read_environment(environ: Mapping[str, str], found: _Found) -> None:
    settings = {setting.variable: setting for setting in all_settings()}
    sections = tuple({f"BOTERNITY_{setting.section.upper()}_" for setting in all_settings()})
    for variable in sorted(environ):
        text = environ[variable]
        if not text or not variable.startswith(sections):
            continue
        try:
            if variable not in settings:
                unknown_key(variable, settings)
            setting = settings[variable]
            found.values[setting] = setting.from_text(text)
            found.origins[setting] = (ConfigOrigin.ENVIRONMENT, f"${variable}")
        except (ConfigError, WrongValue) as error:
            sentence = f"${variable}: {error}"
            found.problems.append(ConfigProblem(line=None, sentence=sentence))


def _line(setting: Setting, settings: Settings, found: _Found) -> ConfigLine:
    origin, where = found.origins.get(setting, (ConfigOrigin.DEFAULT, ""))
    return ConfigLine(
        key=setting.key,
        value=setting.value_in(settings),
        default=setting.default,
        origin=origin,
        where=where,
        meaning=setting.meaning,
    )


def _flat(
    table: Mapping[str, object], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield each value with its path of keys; an unknown table is one value, not many."""
    known = {setting.section for setting in all_settings()} | {KEYMAP}
    for name, value in table.items():
        key = (*above, name)
        if isinstance(value, dict) and key[0] in known and (len(key) == 1 or key[0] == KEYMAP):
            yield from _flat(value, key)
        else:
            yield key, value


def _text(path: Path) -> str:
    """Return the file's text with its own line ends, "" for none; raises ConfigError."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read ({error.strerror}): make it a file that you may read, "
            "or move it away to go on with the defaults."
        ) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            f"{path}:{line}: this is not UTF-8 text. Save the file as UTF-8.", line=line
        ) from error


def _toml(text: str, path: Path) -> dict[str, object]:
    import tomllib

    try:
        return tomllib.loads(text)
    except RecursionError as error:
        _not_toml("it is nested too deeply", text, path, error)
    except ValueError as error:  # TOMLDecodeError, or an integer of thousands of digits
        _not_toml(str(error), text, path, error)


def _not_toml(why: str, text: str, path: Path, error: Exception) -> NoReturn:
    # "Invalid value (at line 3, column 5)", or "(at end of document)"; 3.11 has no attribute yet.
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", why)
    line = None
    if place:
        line = int(place[1]) if place[1] else text.rstrip().count("\n") + 1
        why = why[: place.start()]
    raise ConfigError(
        f"{path}:{line or 1}: this is not TOML: {why[:1].lower() + why[1:]}. "
        'A setting is written as results = 10 or theme = "boternity-dark" below its [section].',
        line=line,
    ) from error


_BARE = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_BARE}(?:[ \t]*\.[ \t]*{_BARE})*"
_TABLE_LINE = re.compile(rf"[ \t]*\[\[?[ \t]*({_DOTTED})[ \t]*\]")
_KEY_LINE = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=(.*)")


def _line_numbers(text: str) -> dict[tuple[str, ...], int]:
    """Return the line of each table and key, for messages: no TOML parser here keeps them."""
    numbers: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    inside = ""  # the quotes of a text over several lines
    for number, line in enumerate(text.split("\n"), start=1):
        if inside:
            inside = "" if inside in line else inside
        elif found := _TABLE_LINE.match(line):
            table = _parts(found[1])
            numbers.setdefault(table, number)
        elif found := _KEY_LINE.match(line):
            numbers.setdefault((*table, *_parts(found[1])), number)
            quotes = found[2].strip()[:3]
            inside = quotes if quotes in ('"""', "'''") and found[2].count(quotes) == 1 else ""
    return numbers


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_BARE, dotted))


def _nearest_line(lines: Mapping[tuple[str, ...], int], key: tuple[str, ...]) -> int | None:
    """Return the line of a key, or of what it stands in: an inline table has no lines inside."""
    for length in range(len(key), 0, -1):
        if key[:length] in lines:
            return lines[key[:length]]
    return None


def _edited(source: str, setting: Setting, value: str | int, path: Path) -> str:
    """Return the file's text with one value put in; raises ConfigError."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(source)
        _put(document, setting, value)
        text = tomlkit.dumps(document)
    except TOMLKitError as error:
        raise _by_hand(setting, path) from error
    written = {".".join(key): value for key, value in _flat(_toml(text, path))}
    if written.get(setting.key) != value:
        raise _by_hand(setting, path)
    return text


def _by_hand(setting: Setting, path: Path) -> ConfigError:
    return ConfigError(
        f"{setting.key} cannot be set in {path} as that file is written: change it there by hand, "
        "then run `boternity config check`."
    )


def _put(document: TOMLDocument, setting: Setting, value: str | int) -> None:
    import tomlkit

    if setting.section not in document:
        document[setting.section] = tomlkit.table()
    table: object = document[setting.section]
    if not isinstance(table, MutableMapping):
        raise ConfigError(
            f"“{setting.section}” is not a section in this file: take that line out, then set "
            f"{setting.key} again."
        )
    *tables, last = setting.name.split(".")
    inner: object = table
    for name in tables:  # memory.delete = "d" without quotes is a table in a table
        inner = inner.get(name) if isinstance(inner, MutableMapping) else None
    if isinstance(inner, MutableMapping) and last in inner:
        inner[last] = value
    else:
        table[setting.name] = value


def _replace(path: Path, text: str) -> None:
    """Write `text` in place of the file, whole or not at all, readable by its owner alone."""
    import tempfile

    target = path.resolve()  # a file that is linked into a folder of dotfiles stays a link
    temporary = None
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".config-", suffix=".toml", dir=target.parent)
        with os.fdopen(handle, "wb") as file:  # mkstemp makes it 0600
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise ConfigError(
            f"{path} cannot be written ({error.strerror}): nothing was changed. "
            "Make its folder writable, or choose another home with --home."
        ) from error
