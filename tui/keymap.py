"""Checks a person's keymap before Textual sees it.

Textual ignores ids that it does not know and silently takes a key away from the act that had it;
here each of these is a sentence, and what remains is safe to set.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from textual.keys import KEY_ALIASES, REPLACED_KEYS, Keys, key_to_character

from tui.keys import APP, GROUPS, LIST, SCREEN
from tui.widgets.safe_text import safe_line

_MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "meta", "hyper"})
_NAMED = frozenset(
    {key.value for key in Keys if not key.value.startswith("<")}
    | {f"f{number}" for number in range(1, 25)}
)
_SAME = {alias: key for key, aliases in KEY_ALIASES.items() for alias in aliases}


def check_keymap(keymap: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the part of `keymap` (id → keys with commas between) that is safe, and what is not.

    Each sentence names the entry, why it is left out, and what to write instead. Entries that
    swap their keys are fine; of a clash, what the person changed is left out.
    """
    known = {key.id: key.key for group in GROUPS.values() for key in group}
    safe: dict[str, str] = {}
    sentences: list[str] = []
    for key_id, keys in keymap.items():
        if key_id not in known:
            sentences.append(_unknown(key_id, list(known)))
        elif problem := _bad_name(keys):
            sentences.append(safe_line(f"keymap.{key_id}: {problem}"))
        else:
            safe[key_id] = ",".join(_plain(key) for key in keys.split(","))
    while clash := _first_clash(known, safe):
        mine, other, key = clash
        del safe[mine]
        sentences.append(
            f"keymap.{mine}: “{key}” is the key of {other} in the same place; choose another "
            f"key, or give {other} one too."
        )
    return safe, sentences


def _unknown(key_id: str, known: list[str]) -> str:
    near = get_close_matches(key_id, known, n=1) or [
        name for name in known if name.rpartition(".")[2] == key_id.rpartition(".")[2]
    ]
    hint = f"the nearest is “{near[0]}”" if near else "press ? to see what there is"
    return safe_line(f"keymap.{key_id}: there is no such act; {hint}.")


def _bad_name(keys: str) -> str | None:
    """Return why these are no keys; None when they are."""
    for key in keys.split(","):
        *modifiers, name = _plain(key).split("+")
        if not name or not set(modifiers) <= _MODIFIERS:
            return f"“{key.strip()}” is no key; write for example d, D, ctrl+d, f5 or space,x."
        if modifiers == ["shift"] and len(name) == 1 and name.isalpha():
            return f"“{key.strip()}” never arrives; write {name.upper()}."
        if len(name) > 1 and name not in _NAMED and character_of(name) is None:
            near = get_close_matches(name, sorted(_NAMED), n=1)
            hint = f"the nearest is “{near[0]}”" if near else "write for example d, ctrl+d or f5"
            return f"“{key.strip()}” is no key; {hint}."
    return None


def _plain(key: str) -> str:
    """Return a key without the spaces around it."""
    return key.strip()


def _first_clash(known: Mapping[str, str], safe: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Return a changed id, the act that has its key too, and the key; None without a clash."""
    for mine, keys in safe.items():
        for key in keys.split(","):
            for other, others in {**known, **safe}.items():
                taken = {_canonical(k) for k in others.split(",")}
                if other != mine and _canonical(key) in taken and _reached_together(mine, other):
                    return mine, other, key
    return None


def _canonical(key: str) -> str:
    """Return one name for a key that has several ("/" and "slash", "ctrl+m" and "enter")."""
    key = _plain(key)
    same = _SAME.get(key, key)
    return character_of(same) or same


def character_of(name: str) -> str | None:
    """Return the character of a key's name; Textual calls "solidus" what people call "slash"."""
    return key_to_character(REPLACED_KEYS.get(name, name))


def _reached_together(one: str, two: str) -> bool:
    """Tell whether both acts can be under the fingers at once."""
    everywhere = {key.id for key in (*APP, *SCREEN, *LIST)}
    if one in everywhere or two in everywhere:
        return True
    return any({one, two} <= {key.id for key in group} for group in GROUPS.values())
