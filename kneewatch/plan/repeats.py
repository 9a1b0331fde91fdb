"""Days of an event that is repeated (RFC 5545: RRULE, EXDATE), over the next weeks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC as _UTC
from datetime import date, datetime, time, timedelta
from itertools import islice

from dateutil.rrule import rrulestr

from kneewatch.plan.terms import Terms

AHEAD_DAYS = 8 * 7
"""So far ahead repetitions are taken up. [D]"""

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
"""Runs do not come by the hour, and a rule that does may never end."""

MOST = 20_000
"""Repetitions looked at before a rule is taken for a slip of the pen. [D]"""

_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")


def moment(said: str, terms: Terms, calendar_zone: str = "") -> datetime | None:
    """A DATE or DATE-TIME as the runner's wall clock has it; None if it is none."""
    match = _MOMENT.fullmatch(said.strip())
    if match is None:
        return None
    year, month, day, *clock = match.groups()
    hour, minute, second = (int(part or 0) for part in clock[:3])
    try:
        # A leap second is no moment of a run.
        found = datetime(int(year), int(month), int(day), hour, minute, min(second, 59))
    except ValueError:
        return None
    if clock[3]:
        try:
            found = terms.local(found.replace(tzinfo=_UTC), calendar_zone).replace(tzinfo=None)
        except (OverflowError, OSError):
            return None
    return found


def repeated(
    start: datetime,
    rule: str,
    excluded: Iterable[date],
    terms: Terms,
    calendar_zone: str = "",
) -> list[date] | str:
    """Days of a repeated event in the eight weeks after the log's last day, or what is wrong.

    Parameters
    ----------
    start : datetime
        The first, by the wall clock.
    rule : str
        Value of RRULE.
    excluded : iterable of date
        Days on which it is left out (EXDATE), or that stand in an event of their own.
    """
    parts = dict(part.partition("=")[::2] for part in rule.upper().strip().split(";"))
    if parts.get("FREQ") not in FREQUENCIES or not parts.get("INTERVAL", "1").strip("0"):
        return f"is repeated by a rule that is not understood ({rule[:40]})"
    if "UNTIL" in parts:
        last = moment(parts["UNTIL"], terms, calendar_zone)
        if last is None:
            return f"is repeated until {parts['UNTIL'][:20]!r}, which is no day"
        # The whole of that day, where it names no time.
        end = last if "T" in parts["UNTIL"] else datetime.combine(last.date(), time(23, 59, 59))
        parts["UNTIL"] = end.strftime("%Y%m%dT%H%M%S")
    first = datetime.combine(terms.as_of, time(0))
    left_out = {*excluded}
    days: list[date] = []
    try:
        every = rrulestr(";".join(f"{key}={value}" for key, value in parts.items()), dtstart=start)
        for count, found in enumerate(islice(every, MOST)):
            if found >= first + timedelta(days=AHEAD_DAYS + 1):
                break
            if found >= first and found.date() not in left_out:
                days.append(found.date())
            if count == MOST - 1:
                return "is repeated too often to be a run"
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError):
        return f"is repeated by a rule that is not understood ({rule[:40]})"
    return sorted(set(days))
