"""The keys of the configuration as the types define them, and what each of them accepts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NoReturn

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from backend.types.base import Word
from backend.types.config import Settings
from backend.types.errors import ConfigError

KEYMAP = "keymap"


class WrongValue(ValueError):
    """A setting was given what it does not accept; the sentence says what it does."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One key: "recall.results", or a binding of the keymap, whose ids the interface knows."""

    section: str
    name: str = ""

    @property
    def key(self) -> str:
        return f"{self.section}.{self.name}" if self.name else self.section

    @property
    def variable(self) -> str:
        """The environment variable that outranks the file; bindings have none."""
        return f"BOTERNITY_{self.section}_{self.name}".upper()

    @property
    def default(self) -> str | int:
        return "" if self.section == KEYMAP else _plain(self._field.get_default())

    @property
    def meaning(self) -> str:
        if self.section == KEYMAP:
            about = Settings.model_fields[KEYMAP].description or ""
            return f"the key for {self.name}" if self.name else about
        return self._field.description or ""

    def value_in(self, settings: Settings) -> str | int:
        if self.section == KEYMAP:
            return settings.keymap.get(self.name, "")
        return _plain(getattr(getattr(settings, self.section), self.name))

    def from_text(self, text: str) -> str | int:
        """Return the value that a variable or a command line means; raises WrongValue."""
        if self.section == KEYMAP or self._field.annotation is not int:
            return self.checked(text)
        try:
            number = int(text)
        except ValueError:
            raise self._wrong(text) from None
        return self.checked(number)

    def checked(self, value: object) -> str | int:
        """Return `value`, which came out of TOML, if this setting accepts it; raises WrongValue.

        Nothing is converted: "10" in quotes is a text and no number.
        """
        if self.section == KEYMAP:
            if isinstance(value, str) and value.strip():
                return value
            raise self._wrong(value)
        wanted = int if self._field.annotation is int else str
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise self._wrong(value)
        try:
            _sections()[self.section].model_validate({self.name: value})
        except ValidationError:
            # The pydantic error would quote the value, which may be a pasted key.
            raise self._wrong(value) from None
        return value

    @property
    def _field(self) -> FieldInfo:
        return _sections()[self.section].model_fields[self.name]

    def _wrong(self, value: object) -> WrongValue:
        # A value with a form of its own (an address, a variable's name) may be a pasted secret.
        private = self.section != KEYMAP and self._form
        but = "" if private else f", not {_quoted(value)}"
        return WrongValue(f"“{self.key}” must be {self._expected}{but}.")

    @property
    def _form(self) -> str:
        extra = self._field.json_schema_extra
        return str(extra.get("expected", "")) if isinstance(extra, dict) else ""

    @property
    def _expected(self) -> str:
        if self.section == KEYMAP:
            return 'a key such as "d" or "ctrl+d"'
        kind = self._field.annotation
        if isinstance(kind, type) and issubclass(kind, Word):
            return "one of: " + ", ".join(kind)
        if kind is int:
            least, most = _limit(self._field, "ge"), _limit(self._field, "le")
            return f"a whole number from {least} " + ("up" if most is None else f"to {most}")
        return self._form or "a text in quotes"


def _limit(field: FieldInfo, end: str) -> int | None:
    limits = (getattr(constraint, end, None) for constraint in field.metadata)
    return next((limit for limit in limits if limit is not None), None)


@cache
def _sections() -> dict[str, type[BaseModel]]:
    kinds = {name: field.annotation for name, field in Settings.model_fields.items()}
    return {
        name: kind
        for name, kind in kinds.items()
        if isinstance(kind, type) and issubclass(kind, BaseModel)
    }


@cache
def all_settings() -> tuple[Setting, ...]:
    """Return every setting but the bindings, in the order of the types."""
    return tuple(
        Setting(section, name)
        for section, model in _sections().items()
        for name in model.model_fields
    )


def find_setting(key: str) -> Setting:
    """Return the setting that is called `key`; raises ConfigError with the nearest one."""
    section, _, name = key.partition(".")
    if section == KEYMAP and name:
        return Setting(KEYMAP, name)
    if section in _sections() and name in _sections()[section].model_fields:
        return Setting(section, name)
    if key == KEYMAP:
        raise ConfigError('“keymap” is a section: write a binding below it, memory.delete = "d".')
    if key in _sections():
        keys = ", ".join(_sections()[key].model_fields)
        raise ConfigError(f"“{key}” is a section: its keys are {keys}.")
    unknown_key(key, [*_sections(), KEYMAP, *(setting.key for setting in all_settings())])


def unknown_key(key: str, known: Iterable[str]) -> NoReturn:
    """Raise the ConfigError for a key that nobody knows; it names the nearest one."""
    from difflib import get_close_matches

    names = list(known)
    by_last_part = {name.rpartition(".")[2]: name for name in names}
    near = get_close_matches(key, names, n=1) or [
        by_last_part[last] for last in get_close_matches(key.rpartition(".")[2], by_last_part, n=1)
    ]
    if near:
        raise ConfigError(f"“{shown(key)}” is not a setting: the nearest is “{near[0]}”.")
    raise ConfigError(f"“{shown(key)}” is not a setting: `boternity config show` lists them all.")


def shown(value: object, most: int = 60) -> str:
    """Return what stood in the file for a message: cut, and without anything a terminal acts on."""
    text = value if isinstance(value, str) else repr(value)
    plain = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
    return plain if len(plain) <= most else plain[:most] + "…"


def _quoted(value: object) -> str:
    """Return a value so that the text “10” and the number 10 do not look alike."""
    match value:
        case str():
            return f"“{shown(value)}”"
        case bool():
            return str(value).lower()
        case _:
            return shown(value)


def _plain(value: object) -> str | int:
    return value if isinstance(value, int) else str(value)
