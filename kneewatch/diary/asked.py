"""What is typed at the command line, as entries; what makes no sense is said in one line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from kneewatch import evidence
from kneewatch.diary.entries import Injury, Pain
from kneewatch.diary.finding import find
from kneewatch.diary.vocabulary import place_of, when_of
from kneewatch.errors import UsageError


def pain_of(
    words: Sequence[str],
    day: str | None = None,
    when: str = "",
    where: str = "",
    side: str = "",
    signs: Sequence[str] = (),
    note: str = "",
) -> tuple[Pain, Path]:
    """An entry and the folder that it belongs into.

    Parameters
    ----------
    words : sequence of str
        The score, which may be left out beside a sign, and the folder with the data, which may be
        left out for the present one.

    Raises
    ------
    UsageError
        If there is no score from 0 to 10, a sign that is not known, or no such folder.
    """
    names = [_sign(name) for sign in signs for name in re.split(r"[\s,;]+", sign.strip().lower())]
    score: float | None = None
    rest = list(words)
    if rest and (re.fullmatch(r"-?\d+(?:[.,]\d+)?", rest[0]) or not names):
        said = rest.pop(0)
        score = _score(said)
    if score is None and not names:
        raise UsageError("no score; expected 0 for no pain to 10 for the worst imaginable")
    if len(rest) > 1:
        raise UsageError(f"{rest[1]!r} is one word too many; expected a score and a folder")
    entry = Pain(
        _day(day, "the date") if day else date.today(),
        score,
        when_of(when),
        place_of(where),
        side,
        tuple(dict.fromkeys(names)),
        note,
    )
    return entry, home(rest[0] if rest else ".")


def injury_of(first: str, last: str | None, where: str, side: str, note: str) -> Injury:
    """An injury.

    Raises
    ------
    UsageError
        If a day is none.
    """
    begin, end = _day(first, "--from"), _day(last, "--to") if last else None
    return Injury(begin, end, place_of(where), side, note)


def home(folder: str | Path) -> Path:
    """The folder of the diary: where it lies already, or the one that is named.

    Raises
    ------
    UsageError
        If there is no such folder.
    """
    place = Path(folder)
    if not place.is_dir():
        raise UsageError(f"{place} is no folder; name the one with the data")
    found = find([place])
    return place if found is None or found == place.resolve() else found


def _score(said: str) -> float:
    try:
        score = float(said.replace(",", "."))
    except ValueError:
        score = -1.0
    if not 0 <= score <= 10:
        raise UsageError(
            f"the score is {said!r}, expected 0 for no pain to 10 for the worst imaginable"
        )
    return score


def _sign(name: str) -> str:
    book = evidence.load()
    known = book.sign(name)
    if known is not None:
        return known.key
    names = [*book.signs, *(other for sign in book.signs.values() for other in sign.also)]
    close = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known are: {', '.join(book.signs)}"
    raise UsageError(f"no sign {name!r}; {hint}")


def _day(said: str, what: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise UsageError(f"{what} is {said!r}, expected a day such as 2025-06-16") from error
