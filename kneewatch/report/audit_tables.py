"""The audit in the terminal: counts first, and what they do not say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from kneewatch.report import audit_words
from kneewatch.report.tables import WIDE, line, show, table, text
from kneewatch.rules import BOOK
from kneewatch.units import Units, duration

if TYPE_CHECKING:
    from kneewatch.audit.calibration import Calibration
    from kneewatch.audit.outcome import Audit, Held
    from kneewatch.audit.ratios import Interval
    from kneewatch.audit.triggers import Trigger, Triggers


def audit(console: Console, audited: Audit, found: Triggers | None, units: Units) -> None:
    """Print how often each rule spoke, what followed, and own triggers where there is a table."""
    alarms(console, audited)
    line(console)
    if not audited.followed_runners:
        line(console, audit_words.NOTHING_NOTED)
        return
    _heading(console, audited)
    for days in [None, *(days for days, _ in audited.base_rates)]:
        line(console)
        _signals(console, audited, days)
    if audited.enough:
        line(console)
        line(console, _claims(audited), "bold")
    line(console)
    _calibration(console, audited.calibration, audited.enough)
    if found is not None:
        line(console)
        triggers(console, found, units)
    line(console)
    line(console, audit_words.method(audited), "dim")
    line(console, audit_words.CANNOT_SAY, "dim")


def flagged(console: Console, folders: Sequence[str]) -> None:
    """Name the runners with a red flag, before anything is counted."""
    for folder in folders:
        # A path that is broken over two lines leads nowhere.
        console.print(
            text(audit_words.FLAGGED.format(folder=folder), "bold reverse red"), soft_wrap=True
        )


def alarms(console: Console, audited: Audit) -> None:
    """Print how often each rule and the level spoke, whatever followed."""
    line(console, "How often each rule spoke", "bold")
    rates = audited.alarm_rates
    if not any(rate.told for rate in rates):
        line(console, "No rule could tell on any day with a run.")
        return
    made = table(("", "left"), ("Days", "right"), ("Of days with a run", "right"), ("", "right"))
    for rate in rates:
        if rate.told and rate.stood is None:
            made.add_row(*(text(cell) for cell in _rate(_name(rate.code), rate.spoke, rate.told)))
    show(console, made)
    dark = [rate.code for rate in rates if not rate.told and rate.stood is None]
    if dark:
        line(console, f"Could not tell on any of them: {', '.join(dark)}.", "dim")
    line(console)
    made = table(
        ("The level", "left"), ("Days", "right"), ("Of days with a run", "right"), ("", "right")
    )
    for rate in rates:
        if rate.told and rate.stood is not None:
            name = _name(rate.code).partition(" (")[0]
            rows = ((f"{name}: runs that reached it", rate.spoke), ("  it stood", rate.stood))
            for said, count in rows:
                made.add_row(*(text(cell) for cell in _rate(said, count, rate.told)))
    show(console, made)
    line(
        console,
        f"A level stands for a week, so it colours the runs after a jump. For a clear jump of "
        f"more than {_percent(audited.alarm_budget)} of the runs the word wears out.",
        "dim",
    )


def _rate(name: str, count: int, of: int) -> tuple[str, ...]:
    return name, f"{count:,}", f"{of:,}", _percent(count / of)


def _heading(console: Console, audited: Audit) -> None:
    runners = _count(audited.followed_runners, "runner") if audited.runners > 1 else "One runner"
    silent = audited.runners - audited.followed_runners
    without = f" ({silent} more noted nothing at the knee and are left out)" if silent else ""
    line(
        console,
        f"{runners}{without}, {audited.first} to {audited.last}: "
        f"{_count(audited.judged_days, 'day')} with a run judged, "
        f"{_count(audited.onsets, 'onset')} of pain or injury on "
        f"{_count(audited.days_at_risk, 'day')} on which one could begin.",
        "bold",
    )
    if audited.runners > 1 and audited.onsets:
        hurt = f"All onsets are those of {_count(audited.hurt_runners, 'runner')}."
        line(console, hurt)
    if audited.onsets:
        places = [
            f"{count} {audit_words.PLACES[name]}" for name, count in audited.onset_places if count
        ]
        line(console, f"Of the onsets {', '.join(places)}.")
    line(
        console,
        f"{_count(audited.entry_days, 'day')} of {audited.followed_days:,} held an entry"
        + (
            "; the others are taken as days without pain."
            if audited.entry_days < audited.followed_days
            else "."
        ),
    )
    if audited.prevalent:
        episodes = _count(audited.prevalent, "episode")
        line(console, audit_words.BEGAN_BEFORE.format(episodes=episodes))
    if audited.onsets_without_run:
        line(
            console,
            f"{audited.onsets_without_run} of {_count(audited.onsets, 'onset')} came with no run "
            f"in the 14 days before that lay within the notes and outside pain.",
        )
    rates = [
        f"{_hundred(rate)} of 100 stretches of {days} days"
        for days, rate in audited.base_rates
        if rate is not None
    ]
    if rates:
        line(console, f"Base rate, alert or not: an onset in about {' and '.join(rates)}.")
    if not audited.enough:
        onsets = _count(audited.onsets, "onset")
        line(console, audit_words.TOO_FEW.format(onsets=onsets, least=audited.least_onsets))


def _signals(console: Console, audited: Audit, days: int | None) -> None:
    """One table: by run, or within so many days."""
    by_run = days is None
    line(console, "By run" if by_run else f"Within {days} days after an alert", "bold")
    made = table(
        ("", "left"),
        ("Alerts", "right"),
        ("Hits", "right"),
        ("False", "right"),
        ("Missed", "right"),
        *([] if by_run else [("Same day", "right"), ("Lead", "right")]),
        *([("Rate ratio", "left")] if audited.enough else []),
    )
    rows = [(s.code, held) for s in audited.signals for held in s.held if held.days == days]
    for code, held in rows:
        cells = [
            _name(code) if by_run or console.width >= WIDE else audit_words.SHORT.get(code, code),
            _alerts(held),
            str(held.hits),
            str(held.false_alarms),
            str(held.misses),
            *([] if by_run else [str(held.same_day), _lead(held)]),
            *([_ratio(held)] if audited.enough else []),
        ]
        made.add_row(*(text(cell) for cell in cells))
    show(console, made)
    if not by_run and any(held.undecided for _, held in rows):
        line(
            console,
            "Alerts that are neither hit nor false reach beyond the notes, or into pain.",
            "dim",
        )


def _claims(audited: Audit) -> str:
    """What may be said of a link, over all that was compared."""
    told = [
        f"{held.claim.removesuffix(' after alerts')} onsets after {_name(signal.code)} "
        f"({'by run' if held.days is None else f'{held.days} days'})"
        for signal in audited.signals
        for held in signal.held
        if held.claim in ("more after alerts", "fewer after alerts")
    ]
    compared = _count(audited.comparisons, "comparison")
    if not told:
        return (
            f"No difference that stands out from chance in {compared}. That is no proof that "
            f"there is none: the intervals say how large one may be."
        )
    return (
        f"Beyond what chance gives in {compared}: {'; '.join(told)}. This went together in the "
        f"log; the audit cannot say why."
    )


def _name(code: str) -> str:
    if code in audit_words.SIGNALS:
        return audit_words.SIGNALS[code]
    return f"{code} {BOOK[code].name}" if code in BOOK else code


def _alerts(held: Held) -> str:
    return (
        f"{held.alerts} of {held.exposed + held.quiet}" if held.days is None else str(held.alerts)
    )


def _lead(held: Held) -> str:
    return "-" if held.lead_days is None else f"{held.lead_days:g} d"


def _ratio(held: Held) -> str:
    if held.ratio is None:
        return "none can be formed"
    value = "-" if held.ratio.value is None else f"{held.ratio.value:.2f}"
    high = "no end" if held.ratio.high is None else f"{held.ratio.high:.2f}"
    return f"{value} ({held.ratio.low or 0:.2f} to {high})"


def _calibration(console: Console, found: Calibration | None, enough: bool) -> None:
    line(console, "The level's ratio, run by run", "bold")
    if found is None:
        line(console, "No run had a level while pain was noted.")
        return
    made = table(
        ("Ratio", "left"),
        ("Runs", "right"),
        ("Onsets", "right"),
        ("Seen in 1,000 runs", "left"),
        ("Study, any injury", "right"),
    )
    for each in found.bins:
        low, high = f"{each.low:.2f}", "" if each.high is None else f"{each.high:.2f}"
        name = f"{low} to {high}" if high else f"{low} and more"
        if each.high == each.low:
            name = "1, as usual"
        cells = [
            name,
            str(each.runs),
            str(each.onsets),
            _thousand(each.seen),
            "-" if each.expected is None else f"{1000 * each.expected:.1f}",
        ]
        made.add_row(*(text(cell) for cell in cells))
    show(console, made)
    if not enough:
        return
    line(
        console,
        f"Brier score, lower is better: {found.brier_base:.5f} for the log's own base rate, "
        f"{found.brier_study:.5f} for the study's figures, {found.brier_scaled:.5f} for the ratio "
        f"with the log's own number of onsets. The base rate is taken from the same days, so it "
        f"has the easier task.",
    )


def _hundred(share: Interval) -> str:
    """A share in whole numbers of a hundred, with its interval."""
    value, low, high = (round(100 * (part or 0.0)) for part in (share.value, share.low, share.high))
    return f"{value} ({low} to {high})"


def _thousand(seen: Interval) -> str:
    if seen.value is None or seen.low is None or seen.high is None:
        return "-"
    return f"{1000 * seen.value:.1f} ({1000 * seen.low:.1f} to {1000 * seen.high:.1f})"


def _percent(share: float | None, sign: str = "") -> str:
    # No minus before a zero.
    return "-" if share is None else f"{round(100 * share) + 0:{sign}d} %"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def triggers(console: Console, found: Triggers, units: Units) -> None:
    """Print own pain in the 48 hours after a run, against what the run was like."""
    line(console, "Own pain in the 48 hours after a run", "bold")
    if found.refused:
        line(console, f"Too little noted for a table: {found.refused}.")
        return
    line(
        console,
        f"{_count(found.runs, 'run')} with an entry on the day or the two days after, of "
        f"{_count(found.episodes, 'time')} that something began to hurt. Left out: "
        f"{_count(found.in_pain, 'run')} with pain in the three days before, and {found.unknown} "
        f"without an entry.",
    )
    made = table(
        ("Exposure", "left"),
        ("More", "right"),
        ("Less", "right"),
        ("Difference", "right"),
        ("95 % interval", "left"),
    )
    for row in found.rows:
        made.add_row(*(text(cell) for cell in _trigger(row, units)))
    show(console, made)
    line(
        console,
        f"Hurt of runs. The interval leaves out each stretch of 28 days in turn, since pain and "
        f"training come in spells. Of {len(found.rows)} rows some differ by chance alone, and what "
        f"goes together need not be cause: long runs are often the hilly ones.",
        "dim",
    )


def _trigger(row: Trigger, units: Units) -> list[str]:
    name = audit_words.EXPOSURES.get(row.name, row.name)
    if row.basis == "median" and row.split is not None:
        name += f" above {_split(row, units)}"
    if row.difference is None:
        return [name, "-", "-", "-", row.refused]
    return [
        name,
        f"{row.more_hurt} of {row.more}",
        f"{row.less_hurt} of {row.less}",
        _percent(row.difference.value, "+"),
        f"{_percent(row.difference.low, '+')} to {_percent(row.difference.high, '+')}",
    ]


def _split(row: Trigger, units: Units) -> str:
    value = float("nan") if row.split is None else row.split
    if row.unit == "s":
        return duration(value)
    if row.unit == "m/s":
        return units.pace(value)
    return units.height(value) if row.name == "descent" else units.distance(value)
