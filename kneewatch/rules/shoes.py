"""In which shoes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd

from kneewatch.config import Shoe
from kneewatch.evidence import RuleEvidence
from kneewatch.metrics.mileage import UNASSIGNED
from kneewatch.model import Answer, CannotTell, Finding, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.rule import BOOK, rule
from kneewatch.rules.windows import day_of, known_days_before, recent, say_day
from kneewatch.units import MONTHS

UNUSED_DAYS = 90
"""A pair that was not worn for so long is quiet, retired or not."""

NO_SHOES = (
    "no run names its shoes; list them as [[shoe]] in kneewatch.toml, with the distance they had"
)


@rule("KW401", "shoe-mileage", needs=("distance_m", "retired"), picture=pictures.shoes)
def judge_shoe_mileage(facts: Facts) -> Iterator[Answer]:
    """A pair of shoes past 300 miles, 700 km or 500 miles.

    Notice from 300 miles, caution from 700 km (435 miles), over at 500 miles: the usual advice,
    carried by no study of injuries. Foam loses some cushioning, about 5 % more peak force by
    500 km. Retired pairs are quiet. Taking turns with a second pair went with fewer injuries.

    Try: have a look at sole and foam, and bring in a second pair before this one is done.
    """
    evidence = facts.evidence.rules["KW401"]
    known = facts.shoes.drop(UNASSIGNED, errors="ignore")
    shoes = known[~known["retired"].astype(bool)]
    if not (known["runs"] > 0).any():
        yield CannotTell("KW401", "shoe-mileage", NO_SHOES)
        return
    stale = (facts.as_of - timedelta(days=UNUSED_DAYS)).isoformat()
    worn = shoes[(shoes["last_date"] >= stale) & (shoes["runs"] > 0)]
    broken = False
    for name, shoe in worn.sort_values("distance_m", ascending=False).iterrows():
        reached = [
            limit
            for limit in ("notice", "caution", "over")
            if evidence[limit].reached_by(_usual(evidence, shoe))
        ]
        if reached:
            broken = True
            yield _worn_finding(facts, str(name), shoe, reached[-1])
    if not broken:
        most = float(worn["distance_m"].max()) if len(worn) else 0.0
        own = " (or its own limit)" if worn["own_limit"].any() else ""
        notice = facts.config.units.distance(evidence["notice"].value, 0)
        text = f"no pair in use has {notice}{own} yet"
        if not worn["whole"].all():
            text += " in the files that were read; check --all reads the older ones too"
        more = f"; the furthest has {facts.config.units.distance(most, 0)}" if len(worn) else ""
        yield Kept("KW401", "shoe-mileage", text + more)


def _usual(evidence: RuleEvidence, shoe: pd.Series) -> float:
    """What the distance of a pair would be in one that is given the usual limits [m]."""
    return float(shoe["distance_m"]) * evidence["over"].value / float(shoe["over_m"])


def _worn_finding(facts: Facts, name: str, shoe: pd.Series, reached: str) -> Finding:
    evidence, units = facts.evidence.rules["KW401"], facts.config.units
    limit_m = float(shoe[f"{reached}_m"])
    own = " by the limit of its own" if shoe["own_limit"] else ""
    change = ", where most guides would change" if not own else ", its own limit"
    over = {
        "notice": f"past {units.distance(limit_m, 0)}, where it is time to have a look{own}",
        "caution": f"past {units.distance(limit_m, 0)}{own and ', close to a limit of its own'}",
        "over": f"past {units.distance(limit_m, 0)}{change}",
    }[reached]
    ahead = (
        f" At the present {units.distance(shoe['weekly_m'])} a week they pass "
        f"{units.distance(shoe['over_m'], 0)} around {say_date(shoe['over_date'])}{_range(shoe)}."
        if shoe["over_date"]
        else ""
    )
    least = "" if shoe["whole"] else "at least "
    wanted = Severity.NOTE if reached == "notice" else Severity.CAUTION
    mine = facts.runs.index[facts.runs["shoe"] == name]
    return Finding(
        code="KW401",
        name="shoe-mileage",
        severity=evidence.loud(wanted),
        grade=evidence.grade,
        start=shoe["first_date"],
        end=shoe["last_date"],
        observed=float(shoe["distance_m"]),
        limit=limit_m,
        unit="m",
        message=f"“{name}” has {least}{units.distance(shoe['distance_m'], 0)}, {over}.{ahead}",
        runs=tuple(mine),
        advice=BOOK["KW401"].advice,
        papers=evidence.papers,
    )


def _range(shoe: pd.Series) -> str:
    """Between which days, by the fastest and the slowest four of the last eight weeks."""
    early, late = shoe["over_early_date"], shoe["over_late_date"]
    if not early or early == late:
        return ""
    last = f"and {say_date(late)}" if late else "and an open end"
    return f" (between {say_date(early)} {last})"


def say_date(day: str) -> str:
    """A day with its year: ``2 November 2025``."""
    parsed = date.fromisoformat(day)
    return f"{parsed.day} {MONTHS[parsed.month - 1]} {parsed.year}"


@rule("KW402", "new-shoes-long-run", needs=("shoe", "distance_m"), picture=pictures.shoes)
def judge_new_shoes(facts: Facts) -> Iterator[Answer]:
    """A run over 8 km in a pair with less than 20 km.

    Shoes differ in drop, width and foam, and very soft ones can raise the impact. The numbers
    are ours. A pair that turns up within the first 30 days of the log may be an old one and is
    only judged if kneewatch.toml says since when it is worn, and what it had before the log.

    Try: wear a new pair for two or three short runs before a long one.
    """
    evidence = facts.evidence.rules["KW402"]
    listed = {shoe.name: shoe for shoe in facts.config.shoes}
    known = facts.shoes.drop(UNASSIGNED, errors="ignore")
    worn_on = facts.runs[["shoe", "start", "local_date", "distance_m"]]
    judged, broken = 0, False
    for _, run in recent(facts).iterrows():
        name = run["shoe"]
        if not name:
            continue
        mine = worn_on[(worn_on["shoe"] == name) & (worn_on["start"] < run["start"])]
        first = mine["local_date"].min() if len(mine) else run["local_date"]
        seen = known_days_before(facts, date.fromisoformat(first))
        old_perhaps = not evidence["first_seen"].reached_by(seen)
        if old_perhaps and not _age_is_told(facts, listed.get(name)):
            continue
        judged += 1
        worn = float(mine["distance_m"].sum()) + float(facts.shoes["start_m"][name])
        is_new = not evidence["new_shoe"].reached_by(worn)
        if is_new and evidence["long_run"].exceeded_by(run["distance_m"]):
            broken = True
            yield _new_shoe_finding(facts, run, worn)
    if broken:
        return
    if not judged:
        why = NO_SHOES if not len(known) else "no run of the last 4 weeks in a pair of known age"
        yield CannotTell("KW402", "new-shoes-long-run", why)
        return
    yield Kept("KW402", "new-shoes-long-run", "no long run in a new pair in the last 4 weeks")


def _age_is_told(facts: Facts, shoe: Shoe | None) -> bool:
    """Whether kneewatch.toml says how far a pair had come before the log, or that it had not."""
    if shoe is None or shoe.since is None or facts.first_day is None:
        return False
    return shoe.since >= facts.first_day or shoe.worn_m > 0


def _new_shoe_finding(facts: Facts, run: pd.Series, worn_m: float) -> Finding:
    evidence, units = facts.evidence.rules["KW402"], facts.config.units
    day = day_of(run)
    return Finding(
        code="KW402",
        name="new-shoes-long-run",
        severity=evidence.loud(Severity.NOTE),
        grade=evidence.grade,
        start=day.isoformat(),
        end=day.isoformat(),
        observed=float(run["distance_m"]),
        limit=evidence["long_run"].value,
        unit="m",
        message=(
            f"The run of {say_day(day)} was {units.distance(run['distance_m'])} in "
            f"“{run['shoe']}”, which had {units.distance(worn_m)} before."
        ),
        runs=(str(run.name),),
        advice=BOOK["KW402"].advice,
        papers=evidence.papers,
    )
