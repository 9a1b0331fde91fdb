"""What the words of a plan are read by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kneewatch.errors import UsageError
from kneewatch.plan import amounts
from kneewatch.units import Units, duration


@dataclass(frozen=True)
class Terms:
    """What a plan leaves to the runner.

    Attributes
    ----------
    as_of : date
        The last day of the log: what is repeated counts from here on.
    units : Units
        Of figures without one.
    home_timezone : str or None
        For moments in UTC.
    speed_mps : float or None
        The usual speed [m/s], for a run that is planned by its time.
    """

    as_of: date
    units: Units = field(default_factory=Units)
    home_timezone: str | None = None
    speed_mps: float | None = None

    def distance(self, said: str) -> tuple[float, str]:
        """A distance [m] as written or, of a time, at the usual speed, and what was made of it.

        Raises
        ------
        UsageError
            If it is neither, or a time and no usual speed is known.
        """
        seconds = amounts.time_alone(said)
        if seconds is None:
            return amounts.distance(said, self.units), ""
        if not self.speed_mps:
            raise UsageError(
                f"the distance is {said!r}, a time, and no usual speed is known to convert it by; "
                f"expected one such as 18km"
            )
        metres = self.speed_mps * seconds
        if not 0 < metres <= amounts.FARTHEST_M:
            raise UsageError(f"the distance is {said!r}, expected one such as 18km or 90min")
        pace = self.units.pace(self.speed_mps)
        return metres, f"{duration(seconds)} at your usual {pace}"

    def local(self, moment: datetime, calendar_zone: str = "") -> datetime:
        """The wall clock of a moment in UTC: at home, else as the calendar says, else here."""
        for name in (self.home_timezone, calendar_zone):
            zone = _zone(name)
            if zone is not None:
                return moment.astimezone(zone)
        return moment.astimezone()


def _zone(name: str | None) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
