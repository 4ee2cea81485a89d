"""When Python looks for garbage: never amid a key.

By itself it looks through all objects every few thousand new ones, and 300,000 objects of imported
code take 60 ms. So what a start makes is set aside once it is on the screen; old objects are looked
through between two turns of the loop, a few at a time while a person works, all of them at rest.
"""

from __future__ import annotations

import gc

_NEVER = 1_000_000
_ENOUGH = 10
"""Collections of young objects after which the old ones are looked through."""
_REST = 20
"""Looks without much happening that make a rest: five seconds."""


class Housekeeping:
    """Takes over the collection of old objects; call `look` some times a second."""

    def __init__(self) -> None:
        self._aside = False  # set aside, while a person worked, what may be garbage by now
        self._rest = 0
        self._before = (0, 0)
        gc.freeze()
        gc.set_threshold(700, 10, _NEVER)
        gc.enable()

    def look(self) -> None:
        """Collect what is due; holds the loop for some milliseconds, longer only at rest."""
        _, young, old = gc.get_count()
        self._rest = self._rest + 1 if (young, old) == self._before else 0
        self._before = (young, old)
        if self._rest == _REST and self._aside:
            self._aside = False
            gc.unfreeze()
            gc.collect()
            gc.freeze()
        elif old >= _ENOUGH:
            self._aside = True
            gc.collect()
            gc.freeze()
