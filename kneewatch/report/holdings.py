"""What the log holds, in words, so that nobody reads a gap as rest."""

from __future__ import annotations

from kneewatch.model import Tally
from kneewatch.report import spelling
from kneewatch.rules.facts import Coverage, OwnRate, Review
from kneewatch.units import percent

ALTITUDE = {
    "barometer": "by barometer",
    "gps": "by GPS alone",
    "device": "as the device sums it",
    "none": "not recorded",
}


def of_log(review: Review, tally: Tally) -> list[tuple[str, str]]:
    """What the log holds, as label and text."""
    rows = [] if review.coverage is None else _coverage(review.coverage, tally)
    own = [] if review.own_rate is None else [("Alarms", alarms(review.own_rate))]
    return [*rows, *own, ("Files", files(tally))]


def alarms(own: OwnRate) -> str:
    """How often own runs reached a clear jump, and what to make of it."""
    since = f"since {spelling.day(own.since)}"
    if own.share is None:
        return f"no day with a run {since} had enough before it to have a level of its own"
    text = (
        f"{own.loud:,} of {_count(own.runs, 'day')} with a run and enough before it {since} "
        f"({percent(own.share)}) reached a clear jump by what was run that day; the level looks "
        f"back {own.window_days} days and stands on more days than these"
    )
    if own.over_budget:
        text += (
            f". That is more than the {percent(own.budget)} that an alarm is worth: take a "
            f"single one as background"
        )
    return text


def _coverage(coverage: Coverage, tally: Tally) -> list[tuple[str, str]]:
    if not coverage.runs:
        history = "no run in it yet"
    elif tally.read_from:
        read = f"read from {spelling.day(tally.read_from)} to {spelling.day(coverage.last_run)}"
        history = (
            f"from {spelling.day(coverage.first_run)} on, {read}; "
            f"{coverage.recent_runs} in the last four weeks"
        )
    else:
        history = (
            f"{_count(coverage.history_days, 'day')} with {_count(coverage.runs, 'run')}, "
            f"{spelling.day(coverage.first_run)} to {spelling.day(coverage.last_run)}; "
            f"{coverage.recent_runs} in the last four weeks"
        )
    gap = coverage.longest_gap_days
    shares = {
        "heart rate": coverage.heart_rate,
        "cadence": coverage.cadence,
        "shoe": coverage.shoe,
    }
    return [
        ("History", history),
        (
            "Longest gap",
            "cannot tell" if gap is None else f"{_count(gap, 'day')} without a run, of the last 30",
        ),
        ("Altitude", altitude(coverage)),
        ("Ground", ground(coverage)),
        ("Known for", ", ".join(f"{what} {percent(share)}" for what, share in shares.items())),
    ]


def altitude(coverage: Coverage) -> str:
    """By what altitude was measured, as shares of the last four weeks' distance."""
    known = sorted(coverage.altitude.items(), key=lambda item: -item[1])
    parts = [
        f"{percent(share)} {ALTITUDE.get(source, source)}" for source, share in known if share > 0
    ]
    return ", ".join(parts) or "unknown"


def ground(coverage: Coverage) -> str:
    """On what ground, and how much of it is known."""
    mix = sorted(coverage.ground.items(), key=lambda item: -item[1])
    parts = [f"{name} {percent(share)}" for name, share in mix]
    return f"{', '.join(parts) or 'none named'}; {percent(coverage.surface)} of distance known"


SHARES_NOTE = "Shares are of the distance of the last four weeks."


def files(tally: Tally) -> str:
    """What became of every file, in one line that adds up."""
    if not tally.files:
        return "none"
    parts = (
        _count(tally.runs, "run"),
        _count(tally.other_activities, "other activity", "other activities"),
        _count(len(tally.duplicates), "duplicate"),
        f"{len(tally.not_activities)} not an activity",
        f"{tally.unreadable} unreadable",
    )
    text = (
        f"{_count(tally.files, 'file')} gave {_count(tally.entries, 'entry', 'entries')}: "
        f"{', '.join(parts)}"
    )
    if tally.problems:
        text += f". {_count(len(tally.problems), 'problem')} on the way"
    if tally.unread and tally.read_from:
        earlier = tally.unread - tally.unread_later
        unread = {f"from before {spelling.day(tally.read_from)}": earlier}
        unread["from later days"] = tally.unread_later
        left = " and ".join(f"{count:,} {what}" for what, count in unread.items() if count)
        text += f". Left unread, since no rule looks there: {left}; check --all reads them too"
    return text


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
