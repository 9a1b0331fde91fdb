"""What injuries cost: days lost to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

Spell = tuple[date, date | None]
"""First and last day of an injury; None while it goes on."""


def days_lost(spells: Iterable[Spell], first: date, last: date) -> int:
    """Days from ``first`` to ``last`` on which at least one injury kept from training [d].

    Parameters
    ----------
    spells : iterable of (date, date or None)
        First and last day of each injury, both lost; one that goes on lasts to ``last``.
    first, last : date
        The days counted, both included. Days before the log of injuries are not known to be free.

    Returns
    -------
    int
        A day with two injuries counts once (injury burden, clarsen2013).
    """
    lost = 0
    free = first
    for begin, end in sorted(spells, key=lambda spell: spell[0]):
        begin, end = max(begin, free), min(end or last, last)
        if begin <= end:
            lost += (end - begin).days + 1
            free = end + timedelta(days=1)
    return lost
