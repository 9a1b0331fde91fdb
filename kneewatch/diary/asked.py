"""What is typed at the command line, as entries; what makes no sense is said in one line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from kneewatch import evidence
from kneewatch.diary.days import AHEAD
from kneewatch.diary.entries import ANSWERS, SIDES, WHENS, Diary, Injury, Pain, Weekly
from kneewatch.diary.finding import find
from kneewatch.diary.vocabulary import place_and_side, signs_of, when_of
from kneewatch.errors import UsageError


def heard(words: Sequence[str], signs: Sequence[str] = (), where: str = "", side: str = "") -> Pain:
    """What is understood of an entry, whatever is wrong with the rest of it.

    Someone who types a sign of an emergency has to be told so, and not that a date is wrong.
    """
    # Without quotes the words behind a sign's first one come as if they were a folder.
    said = (*signs, " ".join((*signs, *words)) if signs else "")
    names = [name for each in said for name in signs_of(each)]
    known = [sign.key for name in names if (sign := evidence.load().sign(name))]
    try:
        score = _score(words[0]) if words else None
    except UsageError:
        score = None
    place, named = place_and_side(where, side)
    return Pain(date.today(), score, "", place, named, tuple(dict.fromkeys(known)))


def pain_of(
    words: Sequence[str],
    day: str | None = None,
    when: str = "",
    where: str = "",
    side: str = "",
    signs: Sequence[str] = (),
    note: str = "",
) -> tuple[Pain, str]:
    """An entry, and the folder that was named with it.

    Parameters
    ----------
    words : sequence of str
        The score, which may be left out beside a sign, and the folder with the data, which may be
        left out for the present one.

    Raises
    ------
    UsageError
        If there is no score from 0 to 10, a sign that is not known, or a day that lies ahead.
    """
    names = [_sign(name) for said in signs for name in signs_of(said)]
    score: float | None = None
    rest = list(words)
    if rest and (re.fullmatch(r"-?\d+(?:[.,]\d+)?", rest[0]) or not names):
        said = rest.pop(0)
        score = _score(said)
    if score is None and not names:
        raise UsageError("no score; expected 0 for no pain to 10 for the worst imaginable")
    if len(rest) > 1:
        raise UsageError(f"{rest[1]!r} is one word too many; expected a score and a folder")
    place, named = _place(where, side)
    entry = Pain(
        _past(day, "the date") if day else date.today(),
        score,
        _when(when),
        place,
        named,
        tuple(dict.fromkeys(names)),
        note,
    )
    return entry, rest[0] if rest else "."


def injury_of(first: str, last: str | None, where: str, side: str, note: str) -> Injury:
    """An injury.

    Raises
    ------
    UsageError
        If a day is none, or the first one lies ahead.
    """
    begin, end = _past(first, "--from"), _day(last, "--to") if last else None
    return Injury(begin, end, *_place(where, side), note)


def injury_end_of(
    noted: Diary, last: str | None, first: str | None, where: str, side: str, note: str
) -> Injury:
    """The injury that goes on, with its last day.

    Parameters
    ----------
    noted : Diary
    last : str or None
        The last day, by default today.
    first, where, side : str
        Which one is meant, where more than one goes on.

    Raises
    ------
    UsageError
        If none or several of them go on, or the last day lies before the first, or ahead.
    """
    place, named = _place(where, side)
    begin = _day(first, "--from") if first else None
    end = _past(last, "--on") if last else date.today()
    goes_on = [injury for injury in noted.injuries if injury.last is None]
    meant = [
        injury
        for injury in goes_on
        if place in ("", injury.where)
        and named in ("", injury.side)
        and begin in (None, injury.first)
    ]
    if not goes_on:
        raise UsageError(
            "no injury goes on in injuries.csv; kneewatch injury add notes a whole one"
        )
    if len(meant) != 1:
        many = "several" if meant else "none such, but others"
        known = "; ".join(_said(injury) for injury in goes_on)
        raise UsageError(f"{many} go on ({known}); say which with --where, --side or --from")
    (injury,) = meant
    return replace(injury, last=end, note=note)


def _said(injury: Injury) -> str:
    """An injury by the words that name it: ``outer-back left from 2025-06-03``."""
    words = (injury.where, injury.side, f"from {injury.first}")
    return " ".join(word for word in words if word)


def weekly_of(
    answers: Sequence[str],
    day: str | None = None,
    where: str = "",
    side: str = "",
    note: str = "",
) -> tuple[Weekly, str]:
    """Weekly answers, and the folder that was named with them.

    Parameters
    ----------
    answers : sequence of str
        Points of the four questions, or 0 alone, and the folder.

    Raises
    ------
    UsageError
        If an answer is none of 0, 8, 17 and 25, or one of the four is missing.
    """
    points = [_points(word) for word in answers]
    given = [each for each in points if each is not None]
    many = next((at for at, each in enumerate(points) if each is None), len(points))
    rest = answers[many:]
    listed = ", ".join(map(str, ANSWERS))
    if len(given) != many or len(rest) > 1:
        raise UsageError(f"{' '.join(answers)!r}: expected the points first, then a folder")
    if given[:1] == [0]:
        # Who took part in full without a problem is done after the first question.
        given = given[:1]
    if len(given) not in (1, 4) or given == [] or (len(given) == 1 and given[0] != 0):
        raise UsageError(f"expected four answers of {listed}, or 0 alone for no problem")
    place, named = _place(where, side)
    padded = (*given, None, None, None)
    entry = Weekly(
        _past(day, "the date") if day else date.today(),
        (padded[0], padded[1], padded[2], padded[3]),
        place,
        named,
        note,
    )
    return entry, rest[0] if rest else "."


def is_points(words: Sequence[str]) -> bool:
    """Whether an answer is among some words."""
    return any(_points(word) is not None for word in words)


def _points(word: str) -> int | None:
    return int(word) if word in map(str, ANSWERS) else None


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


def _place(where: str, side: str) -> tuple[str, str]:
    place, named = place_and_side(where, side)
    if named and named not in SIDES:
        raise UsageError(f"the side is {side!r}, expected one of: {', '.join(SIDES)}")
    return place, named


def _when(said: str) -> str:
    when = when_of(said)
    if when and when not in WHENS:
        raise UsageError(f"--when is {said!r}, expected one of: {', '.join(WHENS)}")
    return when


def _past(said: str, what: str) -> date:
    """A day on which something was felt or done."""
    day, today = _day(said, what), date.today()
    if day > today + AHEAD:
        raise UsageError(f"{what} is {day}, which lies ahead of today, {today}")
    return day


def _day(said: str, what: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise UsageError(f"{what} is {said!r}, expected a day such as 2025-06-16") from error
