"""How often each rule spoke, whatever followed: an alarm that sounds every week is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kneewatch.audit.verdicts import Verdict, audited

LEVELS = {
    "level-change": ("change", "clear-jump", "big-jump"),
    "level-clear-jump": ("clear-jump", "big-jump"),
}
"""The level as a signal: at least so high."""


@dataclass(frozen=True)
class AlarmRate:
    """How often one rule, or the level, spoke on days with a run.

    Attributes
    ----------
    code : str
    spoke : int
        Days on which it said something new; for the level, those whose runs reached it.
    told : int
        Days on which it could tell at all.
    stood : int or None
        Of the level, the days on which it stood, a jump of the days before included.
    """

    code: str
    spoke: int
    told: int
    stood: int | None = None

    @property
    def share(self) -> float | None:
        """Share of the days on which it could tell [-]."""
        return self.spoke / self.told if self.told else None

    @property
    def stood_share(self) -> float | None:
        """Share of the days on which the level stood [-]."""
        return self.stood / self.told if self.told and self.stood is not None else None


def alarm_rates(
    runners: Sequence[Sequence[Verdict]], levels: Mapping[str, Sequence[str]] = LEVELS
) -> tuple[AlarmRate, ...]:
    """The rates over all runners: rules by code, then the levels."""
    ran = [verdict for verdicts in runners for verdict in verdicts if verdict.ran]
    rules = tuple(
        AlarmRate(
            code,
            sum(code in verdict.alerts for verdict in ran),
            sum(code not in verdict.untold for verdict in ran),
        )
        for code in sorted(audited())
    )
    told = [verdict for verdict in ran if verdict.own_level]
    return rules + tuple(
        AlarmRate(
            code,
            sum(verdict.own_level in high for verdict in told),
            len(told),
            sum(verdict.level in high for verdict in told),
        )
        for code, high in levels.items()
    )
