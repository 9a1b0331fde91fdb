"""Units for display only: inside, everything is SI. Miles and feet are known here alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

METRES_PER_MILE = 1609.344
METRES_PER_FOOT = 0.3048

# By strftime they would follow the locale of the machine, and kneewatch speaks English.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SHORT_MONTHS = tuple(month[:3] for month in MONTHS)
SHORT_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

System = Literal["km", "mi"]
SYSTEMS: tuple[System, ...] = ("km", "mi")


@dataclass(frozen=True)
class Units:
    """How lengths are shown: kilometres and metres, or miles and feet."""

    system: System = "km"

    @property
    def long_m(self) -> float:
        """Metres in the unit of distances [m]."""
        return METRES_PER_MILE if self.system == "mi" else 1000.0

    @property
    def short_m(self) -> float:
        """Metres in the unit of heights [m]."""
        return METRES_PER_FOOT if self.system == "mi" else 1.0

    @property
    def long_name(self) -> str:
        """Name of the unit of distances."""
        return self.system

    @property
    def short_name(self) -> str:
        """Name of the unit of heights."""
        return "ft" if self.system == "mi" else "m"

    def distance(self, metres: float, digits: int = 1) -> str:
        """A distance in words: ``12.3 km``; ``unknown`` for NaN."""
        if math.isnan(metres):
            return "unknown"
        return f"{metres / self.long_m:,.{digits}f} {self.long_name}"

    def up_to(self, metres: float) -> tuple[str, str]:
        """A limit as figure and unit, rounded down: who keeps to it keeps to the exact one."""
        value = max(0.0, metres / self.long_m) + 1e-6
        shown = math.floor(value) if value >= 10 else math.floor(2 * value) / 2
        return f"{shown:,g}" if shown < 1000 else f"{shown:,.0f}", self.long_name

    def height(self, metres: float) -> str:
        """A height in words, rounded to 10 units, which is as well as it is known."""
        if math.isnan(metres):
            return "unknown"
        return f"{round(metres / self.short_m, -1):,.0f} {self.short_name}"

    def pace(self, speed_mps: float) -> str:
        """A speed as minutes a kilometre or a mile: ``5:30 /km``."""
        if not speed_mps > 0:
            return "-"
        minutes, seconds = divmod(round(self.long_m / speed_mps), 60)
        return f"{minutes}:{seconds:02d} /{self.long_name}"


def duration(seconds: float) -> str:
    """Seconds in words: ``1 h 05 min``, ``48 min``; ``unknown`` for NaN."""
    if math.isnan(seconds):
        return "unknown"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"


def percent(share: float) -> str:
    """A share as whole percent: ``38 %``."""
    return "unknown" if math.isnan(share) else f"{100 * share:.0f} %"
