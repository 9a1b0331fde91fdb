"""Which shoe a run was in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from kneewatch.config import WEEKDAYS, RunNote, Shoe
from kneewatch.metrics.selection import CONTAINED, meeting, named
from kneewatch.model import Pair

BY_NOTE = "kneewatch.toml [[run]]"
BY_RULE = "kneewatch.toml"
BY_FILE = "file"
UNKNOWN = "none"


def known_shoes(shoes: Sequence[Shoe], pairs: Sequence[Pair]) -> tuple[Shoe, ...]:
    """The runner's own list, and what the vendors' registers add to it.

    Parameters
    ----------
    shoes : sequence of Shoe
        As ``kneewatch.toml`` lists them.
    pairs : sequence of Pair
        A pair that the list names, or takes by its gear text, is that pair: the list decides
        and the register fills in what it leaves open.
    """
    found = list(shoes)
    for pair in pairs:
        place = _place_of(pair, found)
        if place is None:
            found.append(_of_register(pair))
        else:
            found[place] = _filled(found[place], pair)
    return tuple(found)


def _place_of(pair: Pair, shoes: Sequence[Shoe]) -> int | None:
    """Which of the list a pair of a register is: by its name, else by the list's gear text."""
    name = pair.name.casefold()
    for place, shoe in enumerate(shoes):
        if shoe.name.casefold() == name:
            return place
    for place, shoe in enumerate(shoes):
        said = shoe.when.get("gear", ())
        words = (said,) if isinstance(said, str) else said
        if any(word.casefold() in name for word in words):
            return place
    return None


def _of_register(pair: Pair) -> Shoe:
    return _filled(Shoe(pair.name, register=True), pair)


def _filled(shoe: Shoe, pair: Pair) -> Shoe:
    since, until = (date.fromisoformat(day) if day else None for day in (pair.since, pair.until))
    return replace(
        shoe,
        since=shoe.since or (since if shoe.register else None),
        until=shoe.until or (until if shoe.register else None),
        retired=shoe.retired or pair.retired,
        worn_m=shoe.worn_m or pair.worn_m or 0.0,
        limit_m=shoe.limit_m or pair.limit_m,
    )


def in_order(shoes: Sequence[Shoe]) -> list[Shoe]:
    """Pairs as they are asked: the more conditions one has, the sooner; else as listed.

    Those of a register are known by their name alone.
    """
    ruled = (shoe for shoe in shoes if not shoe.register)
    return sorted(ruled, key=lambda shoe: -len(shoe.when))


def assign_shoes(
    runs: pd.DataFrame, shoes: Sequence[Shoe], notes: Sequence[RunNote] = ()
) -> pd.DataFrame:
    """The shoe of each run: a note about the run, the file's own word, else a rule that matches.

    Parameters
    ----------
    runs : DataFrame
        ``columns.ACTIVITIES``, with the files' own word in ``shoe``.
    shoes : sequence of Shoe
        As ``known_shoes`` gives them.
    notes : sequence of RunNote
        About single runs.

    Returns
    -------
    DataFrame
        ``shoe`` and ``shoe_source`` on the index of ``runs``.
    """
    names = runs["shoe"].to_numpy(dtype=object, copy=True)
    said = names != ""
    sources = np.where(said, BY_FILE, UNKNOWN).astype(object)
    spelt = {shoe.name.casefold(): shoe.name for shoe in reversed(shoes)}
    # A word that is the name of a pair is that pair, whatever other name may be within it.
    exact = np.array([name.casefold() in spelt for name in names], dtype=bool)
    names[exact] = [spelt[name.casefold()] for name in names[exact]]
    open_ = ~exact
    for shoe in in_order(shoes):
        # A file's own word is only overruled by a rule about that word.
        free = open_ & (said if "gear" in shoe.when else ~said)
        worn = free & meeting(runs, shoe.since, shoe.until, shoe.when)
        names[worn], sources[worn] = shoe.name, BY_RULE
        open_ &= ~worn
    for note in notes:
        if note.shoe:
            meant = named(runs, note.run)
            names[meant], sources[meant] = spelt.get(note.shoe.casefold(), note.shoe), BY_NOTE
    return pd.DataFrame({"shoe": names, "shoe_source": sources}, index=runs.index, dtype=object)


def explain_shoe(
    run: pd.DataFrame, shoes: Sequence[Shoe], notes: Sequence[RunNote] = ()
) -> list[str]:
    """Why a run is held to have been in its shoe, step by step, in words.

    Parameters
    ----------
    run : DataFrame
        One row of ``columns.ACTIVITIES``, with the file's own word in ``shoe``.
    shoes, notes : sequence
        As for ``assign_shoes``.
    """
    noted = [note for note in notes if note.shoe and named(run, note.run).all()]
    if noted:
        return [f"[[run]] run = {noted[-1].run!r} says {noted[-1].shoe!r}"]
    gear = str(run["shoe"].iloc[0])
    if gear.casefold() in {shoe.name.casefold() for shoe in shoes}:
        return [f"the file says {gear!r}, which is the name of a pair"]
    told = [f"the file says {gear!r}" if gear else "the file names no shoe"]
    for shoe in in_order(shoes):
        if ("gear" in shoe.when) != bool(gear):
            continue
        missed = _missed(run, shoe)
        what = f"[[shoe]] {shoe.name!r}"
        told.append(f"{what}: {'; '.join(missed)}" if missed else f"{what} matches: {_rule(shoe)}")
        if not missed:
            return told
    if gear:
        return [*told, "no rule is about that word, so it stands"]
    return [*told, "no rule matches: not assigned"]


def _missed(run: pd.DataFrame, shoe: Shoe) -> list[str]:
    """What of a rule the run does not meet."""
    day = run["local_date"].iloc[0]
    missed = []
    if not meeting(run, shoe.since, None, {})[0]:
        missed.append(f"since {shoe.since}, the run was on {day}")
    if not meeting(run, None, shoe.until, {})[0]:
        missed.append(f"until {shoe.until}, the run was on {day}")
    for key, said in shoe.when.items():
        if not meeting(run, None, None, {key: said})[0]:
            missed.append(f"asks for {key} = {_values(said)}, here {_here(run, key)}")
    return missed


def _here(run: pd.DataFrame, key: str) -> str:
    if key == "weekday":
        return WEEKDAYS[date.fromisoformat(run["local_date"].iloc[0]).weekday()]
    return repr(str(run[CONTAINED.get(key, key)].iloc[0]))


def _rule(shoe: Shoe) -> str:
    parts = [f"since {shoe.since}"] if shoe.since else []
    parts += [f"until {shoe.until}"] if shoe.until else []
    parts += [f"{key} = {_values(said)}" for key, said in shoe.when.items()]
    return ", ".join(parts) or "it has no condition"


def _values(said: str | Sequence[str]) -> str:
    return repr(said) if isinstance(said, str) else " or ".join(map(repr, said))
