"""How often each rule spoke, of the days on which it could tell."""

from __future__ import annotations

from datetime import date, timedelta

from kneewatch.audit.rates import AlarmRate, alarm_rates
from kneewatch.audit.verdicts import Verdict, audited

DAY = date(2025, 1, 1)


def verdict(day: int, *alerts: str, ran: bool = True, level: str = "usual", own: str = "usual"):
    ratio = {"usual": 1.0, "clear-jump": 2.28}.get(level)
    untold = () if level != "not-enough-history" else ("KW102",)
    own_ratio = ratio if own else None
    return Verdict(DAY + timedelta(days=day), ran, level, ratio, alerts, untold, own, own_ratio)


VERDICTS = (
    verdict(0, level="not-enough-history", own=""),
    verdict(2, "KW102", "KW201", level="clear-jump", own="clear-jump"),
    verdict(3, "KW102", ran=False, own=""),
    verdict(4, level="clear-jump"),
    verdict(6),
)


def rate(found: tuple[AlarmRate, ...], code: str) -> AlarmRate:
    return next(each for each in found if each.code == code)


def test_days_with_a_run_on_which_it_could_tell() -> None:
    found = alarm_rates([VERDICTS])
    assert (rate(found, "KW102").spoke, rate(found, "KW102").told) == (1, 3)
    assert (rate(found, "KW201").spoke, rate(found, "KW201").told) == (1, 4)
    assert rate(found, "KW102").share == 1 / 3
    assert rate(found, "KW102").stood is None


def test_the_level_that_a_run_reaches_beside_the_one_that_stands() -> None:
    jump = rate(alarm_rates([VERDICTS]), "level-clear-jump")
    assert (jump.spoke, jump.stood, jump.told) == (1, 2, 3)
    assert (jump.share, jump.stood_share) == (1 / 3, 2 / 3)


def test_runners_are_added_up_and_every_audited_rule_has_its_row() -> None:
    found = alarm_rates([VERDICTS, VERDICTS, ()])
    assert rate(found, "KW102").told == 6
    assert [each.code for each in found] == [*sorted(audited()), "level-change", "level-clear-jump"]


def test_without_a_run_there_is_no_share() -> None:
    assert {each.share for each in alarm_rates([])} == {None}
