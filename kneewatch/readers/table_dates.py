"""Dates and times of the day as tables have them, in some fifteen languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from typing import Literal

from kneewatch.readers.sports import fold

Order = Literal["day", "month"]
"""What stands first in ``3/4/2024``."""

MONTHS = (
    "january jan januar janner enero ene janvier janv gennaio gen janeiro januari leden ledna "
    "led styczen stycznia sty tammikuu tammik января янв janu ian ianuarie oca ocak січ січня "
    "ιαν ιανουαριου",
    "february feb februar febrero fevrier fevr fev febbraio fevereiro februari unor unora uno "
    "luty lutego lut helmikuu helmik февраля фев febr februarie sub subat лют лютого φεβ "
    "φεβρουαριου",
    "march mar marz maerz mrz marzo mars marco maart mrt brezen brezna bre marzec marca "
    "maaliskuu maalisk марта мар mart marc marcius martie бер березня μαρ μαρτιου maret",
    "april apr abril abr avril avr aprile duben dubna dub kwiecien kwietnia kwi huhtikuu "
    "huhtik апреля апр aprilis aprilie nis nisan квіт кві квітня απρ απριλιου",
    "may mai mayo maggio mag maio mei kveten kvetna kve maj maja toukokuu toukok мая май "
    "majus mayis трав тра травня μαι μαιου",
    "june jun juni junio juin giugno giu junho cerven cervna cvn czerwiec czerwca cze kesakuu "
    "kesak июня июн junius iun iunie haz haziran черв чер червня ιουν ιουνιου",
    "july jul juli julio juillet juil luglio lug julho cervenec cervence cvc lipiec lipca lip "
    "heinakuu heinak июля июл julius iul iulie tem temmuz лип липня ιουλ ιουλιου",
    "august aug agosto ago aout aou augustus augusti srpen srpna srp sierpien sierpnia sie "
    "elokuu elok августа авг augusztus agu agustus серп сер серпня αυγ αυγουστου",
    "september sep sept septiembre septembre settembre set setembro zari wrzesien wrzesnia "
    "wrz syyskuu syysk сентября сен szept szeptember septembrie eyl eylul вер вересня σεπ "
    "σεπτεμβριου",
    "october oct oktober okt octubre octobre ottobre ott outubro out rijen rijna rij "
    "pazdziernik pazdziernika paz lokakuu lokak октября окт eki ekim жовт жов жовтня οκτ "
    "οκτωβριου",
    "november nov noviembre novembre novembro listopad listopadu lis marraskuu marrask ноября "
    "ноя noi noiembrie kas kasim листоп лис листопада νοε νοεμβριου",
    "december dec dezember dez diciembre dic decembre dicembre dezembro prosinec prosince pro "
    "grudzien grudnia gru joulukuu jouluk декабря дек ara aralik груд гру грудня δεκ "
    "δεκεμβριου des desember decembrie",
)
"""Names and short names of the months, folded, January first."""

_MONTH_OF = {fold(word): month for month, listed in enumerate(MONTHS, 1) for word in listed.split()}
_CLOCK = re.compile(
    r"(?<![0-9.])([0-9]{1,2})"
    r"(?::([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?| ?h ?([0-9]{2})?(?![a-z]))"
    r"\s*([ap]\.? ?m\b\.?)?"
)
# In the north: "3. mar. 2025 kl. 05.30.12". Elsewhere such numbers are a date.
_DOTTED_CLOCK = re.compile(
    r"(?<=[0-9]{4})(,? (?:kl[a-z]*\.? )?)([0-9]{1,2})\.([0-9]{2})(?:\.([0-9]{2}))?(?![0-9.])"
)
_HOUR_ONLY = re.compile(r"(?<![0-9])([0-9]{1,2})()()()\s*([ap]\.? ?m\b\.?)")
_ZONE = re.compile(r":[0-9]{2}(?:[.,][0-9]+)?(\s*(z|utc|gmt|[+-][0-9]{2}:?[0-9]{2}))$")
_YEAR_FIRST = re.compile(
    r"(?<![0-9])([0-9]{4})\s*[-/.]\s*([0-9]{1,2})\s*[-/.]\s*([0-9]{1,2})(?![0-9])"
)
_YEAR_LAST = re.compile(
    r"(?<![0-9])([0-9]{1,2})\s*([-/.])\s*([0-9]{1,2})\s*[-/.]\s*([0-9]{4}|[0-9]{2})(?![0-9])"
)
_PACKED = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])"
    r"(?:t?([0-9]{2})([0-9]{2})([0-9]{2})?)?(?![0-9])"
)
_CJK_DATE = re.compile(r"([0-9]{4}) ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日")
_CJK_HALVES = (
    ("上午", "am"),
    ("午前", "am"),
    ("下午", "pm"),
    ("午後", "pm"),
    ("오전", "am"),
    ("오후", "pm"),
)
_CJK_CLOCK = re.compile(r"([0-9]{1,2}) ?[时時点點] ?([0-9]{1,2}) ?分(?: ?([0-9]{1,2}) ?秒)?")


@dataclass(frozen=True)
class Moment:
    """A date with what else its cell says.

    Attributes
    ----------
    day : date
    clock : time or None
        Time of the day, None for a bare date.
    offset_s : float or None
        Local time minus UTC [s] where the cell names a zone.
    """

    day: date
    clock: time | None
    offset_s: float | None

    def start(self, *, utc: bool) -> datetime:
        """The instant in UTC where a zone is known, else the naive wall clock.

        A bare date is 00:00 of the wall clock: it is the day that counts, and midnight belongs
        to the right one wherever the runner lives. It is never UTC.
        """
        naive = datetime.combine(self.day, self.clock or time())
        if self.clock is None:
            return naive
        if self.offset_s is not None:
            zone = timezone(timedelta(seconds=self.offset_s))
            return naive.replace(tzinfo=zone).astimezone(UTC)
        return naive.replace(tzinfo=UTC) if utc else naive


def moment(cell: str, order: Order = "day") -> Moment | None:
    """The date in a cell, None if there is none.

    Parameters
    ----------
    cell : str
        Cleaned.
    order : {"day", "month"}
        What stands first in ``3/4/2024``; ``25/4/2024`` and ``3.4.2024`` are clear without.
    """
    if not 5 <= len(cell) <= 60:
        return None
    text = _plain(cell)
    packed = _PACKED.search(text)
    if packed:
        hours = ":".join(part or "00" for part in packed.groups()[3:]) if packed[4] else ""
        text = f"{packed[1]}-{packed[2]}-{packed[3]} {hours}{text[packed.end() :]}"
    zone = _ZONE.search(text)
    clock, rest = _take_clock(text[: zone.start(1)] if zone else text)
    day = _day(rest, order)
    if day is None or not 1970 <= day.year <= 2100:
        return None
    return Moment(day, clock, _offset(zone[2]) if zone and clock else None)


def clock_of(cell: str) -> time | None:
    """A time of the day that stands alone in a cell: ``6:45``, ``6:45 PM``, ``18h30``."""
    clock, rest = _take_clock(_plain(cell))
    return clock if not rest.strip(" ,.") else None


def order_of(cells: Sequence[str], *, english: bool, miles: bool) -> tuple[Order, str]:
    """What stands first in the dates of a column, and a note where the column leaves it open.

    A number beyond 12 decides. Without one the order does that sorts the rows, then
    the language: month first in English with miles or AM/PM, day first otherwise.
    """
    parts = [found for found in map(_YEAR_LAST.search, map(_plain, cells)) if found]
    slashed = [(int(p[1]), int(p[3]), int(p[4])) for p in parts if p[2] != "."]
    if not slashed:
        return "day", ""
    first = sum(a > 12 for a, _, _ in slashed)
    second = sum(b > 12 for _, b, _ in slashed)
    if first != second:
        return ("day" if first > second else "month"), ""
    by_day = _turns([(year, b, a) for a, b, year in slashed])
    by_month = _turns([(year, a, b) for a, b, year in slashed])
    if by_day != by_month:
        order: Order = "day" if by_day < by_month else "month"
    else:
        twelve_hours = any(re.search(r"[ap]\.?m\b", _plain(cell)) for cell in cells)
        order = "month" if english and (miles or twelve_hours) else "day"
    return order, f"dates taken as {order} first: no number beyond 12 decides it"


def _turns(days: Sequence[tuple[int, int, int]]) -> int:
    """How often a column that should rise or fall changes its mind."""
    steps = [b > a for a, b in pairwise(days) if a != b]
    return sum(a != b for a, b in pairwise(steps))


def _plain(cell: str) -> str:
    text = fold(cell)
    for mark, half in _CJK_HALVES:
        if mark in text:
            # 下午2:30 has its half of the day in front.
            text = re.sub(rf"{mark} ?([0-9:]+)", rf" \1 {half}", text)
    text = _CJK_CLOCK.sub(lambda m: f" {m[1]}:{int(m[2]):02d}:{int(m[3] or 0):02d}", text)
    text = _CJK_DATE.sub(r"\1-\2-\3 ", text)
    text = _DOTTED_CLOCK.sub(lambda m: f"{m[1]}{m[2]}:{m[3]}:{m[4] or '00'}", text)
    return re.sub(r"(?<=[0-9])t(?=[0-9]{1,2}:)", " ", text)


def _take_clock(text: str) -> tuple[time | None, str]:
    found = _CLOCK.search(text) or _HOUR_ONLY.search(text)
    if not found:
        return None, text
    hour, minute, second = int(found[1]), int(found[2] or found[4] or 0), int(found[3] or 0)
    if found[5]:
        hour = hour % 12 + (12 if found[5].startswith("p") else 0)
    try:
        clock = time(hour, minute, second)
    except ValueError:
        return None, text
    return clock, text[: found.start()] + " " + text[found.end() :]


def _day(text: str, order: Order) -> date | None:
    found = _YEAR_FIRST.search(text)
    if found:
        return _date(int(found[1]), int(found[2]), int(found[3]))
    found = _YEAR_LAST.search(text)
    if found:
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        year += 0 if year > 99 else 2000 if year < 70 else 1900
        month_first = order == "month" and found[2] != "."
        if max(first, second) > 12:
            month_first = second > 12
        return _date(year, *((first, second) if month_first else (second, first)))
    return _named_day(text)


def _named_day(text: str) -> date | None:
    """``15 mar 2024``, ``Mar 15, 2024``, ``2 de ene. de 2025``: three parts and fill words."""
    # The last one: "mar. 5 nov. 2024" is a Tuesday in three languages.
    months = [_MONTH_OF[word] for word in re.findall(r"[^\W\d_]+", text) if word in _MONTH_OF]
    numbers = re.findall(r"(?<![0-9])[0-9]{1,4}(?![0-9])", text)
    years = [int(n) for n in numbers if len(n) == 4]
    days = [int(n) for n in numbers if len(n) <= 2]
    if len(days) == 2 and not years:
        days, years = days[:1], [2000 + days[1]]
    if not months or len(days) != 1 or len(years) != 1:
        return None
    return _date(years[0], months[-1], days[0])


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _offset(zone: str) -> float | None:
    if zone in ("z", "utc", "gmt"):
        return 0.0
    digits = zone.replace(":", "")
    seconds = int(digits[1:3]) * 3600.0 + int(digits[3:5]) * 60
    if seconds > 14 * 3600:
        return None
    return -seconds if zone.startswith("-") else seconds
