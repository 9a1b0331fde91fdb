"""The figures of a planned run that can be cut, and the steps in which people plan them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from kneewatch.plan.session import Session
from kneewatch.units import Units

HEIGHT_STEP_M = 10.0
HEIGHT_STEP_FT = 50.0
HARD_STEP_S = 60.0
"""In what steps people plan. [D]"""


@dataclass(frozen=True)
class Measure:
    """One of the three figures that a plan gives for a run.

    Attributes
    ----------
    name, field : str
        ``distance``, and what ``Session`` calls it.
    step : float
        To which versions are rounded down, in the field's unit.
    fewest : int
        Steps below which it is not worth a run.
    """

    name: str
    field: str
    step: float
    fewest: int

    def of(self, session: Session) -> float:
        """Its value in a session, 0 where the plan does not say."""
        return float(getattr(session, self.field) or 0.0)

    def set_to(self, session: Session, steps: int) -> Session:
        """The session with so many steps of it."""
        return self.with_value(session, steps * self.step)

    def with_value(self, session: Session, value: float) -> Session:
        """The session with another value of it."""
        changed: dict[str, Any] = {self.field: value}
        return replace(session, **changed)


def measures(units: Units) -> tuple[Measure, ...]:
    """Descent, hard time, and distance, which is cut last; in steps that people plan in."""
    height = HEIGHT_STEP_M if units.system == "km" else HEIGHT_STEP_FT * units.short_m
    return (
        Measure("descent", "descent_m", height, 0),
        Measure("hard", "hard_s", HARD_STEP_S, 0),
        Measure("distance", "distance_m", units.long_m / 2, 2),
    )
