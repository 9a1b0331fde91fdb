"""How varied: other sports beside running."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from kneewatch.model import Answer, CannotTell, Kept
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.other_sports import GROUPS, group_of
from kneewatch.rules.rule import rule
from kneewatch.rules.windows import between
from kneewatch.units import duration


@rule(
    "KW131",
    "other-sports",
    needs=("sport", "sub_sport", "moving_s"),
    picture=pictures.other_sports,
)
def judge_other_sports(facts: Facts) -> Iterator[Answer]:
    """Riding, swimming, rowing, strength work and yoga beside the running, as information.

    They count as capacity and variety and never as impact, and no sum of running load takes them
    in. In one cohort each weekly hour of other sports went with fewer injuries, which may be the
    runners and not the sports; trials of strength work disagree. So nothing here adds to the
    attention level or takes from it, and a log without other sports is no reason to worry: they
    may have been done without a watch. Walks and hikes load the knee too, and are told apart.

    Try: if you would like more variety, put a ride, a swim or half an hour of hip and core
    strength in the place of an easy run.
    """
    evidence = facts.evidence.rules["KW131"]
    days = int(evidence["window"].value)
    if not len(facts.others):
        why = "the log holds no activity but runs; other sports may have been done without a watch"
        yield CannotTell("KW131", "other-sports", why)
        return
    recent = between(facts.others, facts.as_of - timedelta(days=days - 1), facts.as_of)
    if not len(recent):
        text = (
            f"no other sport in the log in the last {days} days, which is information and no fault"
        )
        yield Kept("KW131", "other-sports", text)
        return
    groups = Counter(
        group_of(sport, sub)
        for sport, sub in zip(recent["sport"], recent["sub_sport"], strict=True)
    )
    kinds = ", ".join(f"{groups[name]} {name}" for name in GROUPS if groups[name])
    seconds = float(recent["moving_s"].sum())
    time = f" in {duration(seconds)}" if seconds > 0 else ""
    many = "activity" if len(recent) == 1 else "activities"
    text = (
        f"{len(recent)} other {many}{time} in the last {days} days ({kinds}): capacity and "
        f"variety, not counted as running load"
    )
    yield Kept("KW131", "other-sports", text)
