"""When Python looks for garbage: never amid a key.

By itself it does so in the middle of whatever makes objects, and looking through the 300,000 of the
imported code takes 60 ms. So a start switches that off; once it is on the screen, what it has made
is set aside, and garbage is collected between two turns of the loop: young objects a few times a
second, old ones now and then, what was set aside only while the person rests.
"""

from __future__ import annotations

import gc

_MANY = 5_000
"""New objects that are worth a look: 2 ms at most."""
_OLD = 20
"""Looks at young objects for one at all that was made since the last."""
_FEW = 500
"""New objects between two looks while nothing happens."""
_REST = 20
"""Such looks in a row that make a rest: five seconds."""


class Housekeeping:
    """Collects instead of Python, which is switched off; call `look` some times a second."""

    def __init__(self) -> None:
        self._made = 0
        self._looks = 0
        self._rest = 0
        self._set_aside = False  # something that may be garbage by now
        gc.freeze()

    def look(self) -> None:
        """Collect what is due; holds the loop for some milliseconds, longer only at rest."""
        made = gc.get_count()[0]
        self._rest = self._rest + 1 if made - self._made < _FEW else 0
        if self._rest == _REST and self._set_aside:
            self._set_aside = False
            gc.unfreeze()
            gc.collect()
            gc.freeze()
        elif made >= _MANY:
            self._looks += 1
            if self._looks % _OLD:
                gc.collect(1)
            else:
                self._set_aside = True
                gc.collect()
                gc.freeze()
        self._made = gc.get_count()[0]
