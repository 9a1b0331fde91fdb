"""A judged plan on the terminal, and as data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType
from rich.text import Text

from kneewatch.model import Finding
from kneewatch.report import felt, grounds, payload, spelling, words
from kneewatch.report.tables import line, pairs, show, table, text
from kneewatch.units import SHORT_WEEKDAYS, Units, duration

if TYPE_CHECKING:
    from kneewatch.plan import Plan, Ramp, Session, Verdict

STATES = {
    "quiet": "Stays below what the rules speak of.",
    "speaks": "The rules would speak.",
    "cannot-tell": "Cannot tell.",
    "symptoms": "Symptoms first: what you noted outranks every plan.",
    "return": "Not judged: the way back from an injury comes before every plan.",
}
"""What is said of a session; never more than that the rules are quiet."""

MEASURES = {
    "distance": "its distance",
    "descent": "its descent",
    "hard": "its hard minutes",
    "day": "its day",
}
"""What of a session a finding answers to."""

QUIET_NOTE = (
    "A session that stays quiet is below what these rules speak of, and no promise. Most overuse "
    "injuries come without such a change."
)

RAMP_NOTE = (
    "Each week as large as the rules leave it: an upper edge and no training plan. Easy ground and "
    "easy running are taken for granted."
)

NOTHING_PROPOSED = (
    "No weeks can be proposed: the log holds too little running of the last weeks to grow from."
)

ONE_AFTER_ANOTHER = "Each session is judged as if those before it had been run as planned."

_LABEL = 9


def plan(console: Console, judged: Plan, units: Units) -> None:
    """Print the verdicts on a plan, or the weeks up to a race; a red flag alone."""
    if judged.symptoms is not None and judged.symptoms.red_flag:
        felt.tell(console, judged.symptoms)
        return
    line(console, f"Plan, held against the log up to {spelling.day(judged.as_of)}", "bold")
    if first := _first(judged):
        line(console)
        show(console, pairs(first, _LABEL))
    if judged.ramp is not None:
        line(console)
        _ramp(console, judged.ramp, units)
    for verdict in judged.verdicts:
        line(console)
        _verdict(console, verdict, units)
    if not judged.verdicts:
        line(console, "No session to judge.")
    if judged.problems:
        line(console)
        line(console, f"Not in the plan, or not in full ({len(judged.problems)})", "bold")
        for problem in judged.problems:
            line(console, f"{problem.source}: {problem.reason}", indent=2)
    line(console)
    if not first:
        if len(judged.verdicts) > 1:
            line(console, ONE_AFTER_ANOTHER, "dim")
        line(console, QUIET_NOTE, "dim")
    line(console, words.DESCRIBES, "dim")


def _first(judged: Plan) -> list[tuple[str, RenderableType]]:
    """What comes before the plan: why, and what to do."""
    if judged.symptoms is None:
        return []
    because, action = judged.symptoms.because, judged.symptoms.action
    title = felt.VERDICTS[judged.symptoms.urgency].title
    why = Text("\n").join(text(spelling.clean(each)) for each in because)
    return [("First", text(title, "bold")), ("Why", why), ("Do", text(spelling.sentence(action)))]


def told(session: Session, units: Units) -> str:
    """A session in words: ``18.0 km, 400 m down, 20 min hard``."""
    parts = [units.distance(session.distance_m)]
    if session.descent_m is not None:
        parts.append(f"{units.height(session.descent_m)} down")
    if session.hard_s is not None:
        parts.append(f"{duration(session.hard_s)} hard" if session.hard_s else "nothing hard")
    return ", ".join(parts)


def weekday(day: date) -> str:
    """A day with its weekday: ``Sun 9 November 2025``."""
    return f"{SHORT_WEEKDAYS[day.weekday()]} {spelling.day(day)}"


def _verdict(console: Console, verdict: Verdict, units: Units) -> None:
    session = verdict.session
    head = text(f"{weekday(session.day)}  {told(session, units)}", "bold")
    if session.note:
        head.append(f"  {spelling.clean(session.note)}", "dim")
    show(console, head)
    line(console, STATES[verdict.state], indent=2)
    rows = [(label, text(said)) for label, said in _rows(verdict, units)]
    if rows:
        show(console, pairs(rows, _LABEL))


def _rows(verdict: Verdict, units: Units) -> Iterator[tuple[str, str]]:
    """Labels and words below a session."""
    limiting = verdict.limiting
    if verdict.refused:
        yield "Refused", f"{spelling.sentence(MEASURES[verdict.refused])} {LAST_OF_ALL}"
    if verdict.action:
        return
    if limiting is not None:
        yield "Limit", limit(verdict, limiting)
        yield "As if run", limiting.message
        yield "How sure", f"{grounds.grade_line(limiting.grade)}."
        also = [f"{found.name} ({found.code})" for found in verdict.findings[1:]]
        if also:
            yield "Also", f"{', '.join(also)}."
        yield "Quiet", nearest(verdict, units)
        if verdict.nearest is None:
            unmoved = [f for f in verdict.findings if not verdict.answers_to.get(f.code)]
            yield "Try", spelling.sentence((unmoved or [limiting])[0].advice)
    calm = []
    if verdict.calm_run_m is not None:
        calm.append(f"a run ends at about {units.distance(verdict.calm_run_m)}")
    if verdict.calm_descent_m is not None:
        calm.append(f"descent ends at about {units.height(verdict.calm_descent_m)}")
    if calm:
        yield "Mind", f"{JUMP_COUNTED}; with it left out {' and '.join(calm)}."
    if verdict.descent_m is not None and verdict.session.descent_m is None:
        said = units.height(verdict.descent_m)
        yield "Taken", f"About {said} of descent, as is usual for you, since the plan names none."
    if verdict.unknown_days:
        days = verdict.unknown_days
        yield "Unknown", f"The {days} days before it: judged as if nothing were run in them."
    for lack in verdict.untold:
        code = f" ({lack.code})" if lack.code else ""
        yield "No word", f"{spelling.spoken(lack.name)}{code}: {spelling.sentence(lack.why)}"


LAST_OF_ALL = "Downhill running comes last of all, when the rest has gone well."

JUMP_COUNTED = "One of the last runs was a jump itself and is counted as usual here"


def limit(verdict: Verdict, finding: Finding) -> str:
    """The limiting factor by name: what of the session, and which rule."""
    measures = [MEASURES[name] for name in verdict.answers_to.get(finding.code, ())]
    which = " or ".join(measures) or "the session as such"
    return f"{spelling.sentence(which).removesuffix('.')}: {finding.name} ({finding.code})."


def nearest(verdict: Verdict, units: Units) -> str:
    """The largest version that stays quiet, or that there is none."""
    version = verdict.nearest
    if version is None:
        return "No version of it does, on that day or in the week after."
    moved = f" on {weekday(version.day)}" if version.day != verdict.session.day else ""
    return f"Up to about {told(version, units)}{moved}."


def _ramp(console: Console, way: Ramp, units: Units) -> None:
    made = table(("Week of", "left"), ("Long run", "right"), ("Week", "right"), ("Runs", "left"))
    for week in way.weeks:
        runs = ", ".join(
            f"{SHORT_WEEKDAYS[session.day.weekday()]} {session.distance_m / units.long_m:g}"
            for session in week.sessions
        )
        cells = [
            spelling.short_day(week.monday.isoformat()),
            units.distance(week.long_m) if week.sessions else "-",
            units.distance(week.total_m),
            runs or ("as run so far" if week.run_m else "-"),
        ]
        made.add_row(*(text(cell) for cell in cells))
    show(console, made)
    line(console, RAMP_NOTE, "dim")
    line(console)
    line(console, too_early(way, units))


def too_early(way: Ramp, units: Units) -> str:
    """Whether the race comes too early by the rules, and by how much."""
    race = way.verdict.session
    if way.verdict.state != "quiet" and not any(week.sessions for week in way.weeks):
        return NOTHING_PROPOSED
    what = f"The race of {units.distance(race.distance_m)} on {weekday(race.day)}"
    if way.verdict.state == "quiet":
        return f"{what} stays below what the rules speak of after these weeks."
    if way.verdict.state != "speaks":
        return f"{what} cannot be judged."
    if way.weeks_early is None or way.earliest is None:
        return f"{what} comes too early by the rules, by more than a year of such weeks."
    weeks = "1 week" if way.weeks_early == 1 else f"{way.weeks_early} weeks"
    return (
        f"{what} comes about {weeks} too early by the rules; growing on like this they would stay "
        f"quiet from about {spelling.day(way.earliest)}."
    )


def data(judged: Plan) -> dict[str, Any]:
    """A judged plan as plain dicts in SI units."""
    way = judged.ramp
    return {
        "schema": payload.SCHEMA,
        "as_of": judged.as_of.isoformat(),
        "symptoms": payload.plain(judged.symptoms),
        "sessions": [_verdict_data(verdict) for verdict in judged.verdicts],
        "problems": [
            payload.plain({"source": problem.source, "reason": problem.reason})
            for problem in judged.problems
        ],
        "ramp": None
        if way is None
        else payload.plain(
            {
                "weeks": [
                    {
                        "week": week.monday,
                        "run_m": week.run_m,
                        "long_m": week.long_m,
                        "total_m": week.total_m,
                        "sessions": [_session_data(session) for session in week.sessions],
                    }
                    for week in way.weeks
                ],
                "race": _session_data(way.verdict.session),
                "weeks_early": way.weeks_early,
                "earliest": way.earliest,
            }
        ),
    }


def _session_data(session: Session | None) -> dict[str, Any] | None:
    if session is None:
        return None
    said = {
        "date": session.day,
        "distance_m": session.distance_m,
        "descent_m": session.descent_m,
        "hard_s": session.hard_s,
        "note": session.note,
    }
    return {key: payload.plain(value) for key, value in said.items()}


def _verdict_data(verdict: Verdict) -> dict[str, Any]:
    limiting = verdict.limiting
    said = {
        "planned": _session_data(verdict.session),
        "state": verdict.state,
        "level": verdict.level,
        "limit": None if limiting is None else limiting.code,
        "findings": [
            {
                "code": found.code,
                "name": found.name,
                "severity": found.severity.label,
                "grade": found.grade,
                "observed": found.observed,
                "limit": found.limit,
                "unit": found.unit,
                "message": found.message,
                "answers_to": verdict.answers_to.get(found.code, ()),
                "papers": found.papers,
            }
            for found in verdict.findings
        ],
        "nearest": _session_data(verdict.nearest),
        "cannot_tell": [
            {"code": lack.code or None, "name": lack.name, "why": lack.why}
            for lack in verdict.untold
        ],
        "descent_taken_m": verdict.descent_m,
        "unknown_days": verdict.unknown_days,
        "calm_run_m": verdict.calm_run_m,
        "calm_descent_m": verdict.calm_descent_m,
        "symptoms": verdict.action if verdict.state == "symptoms" else None,
        "return": verdict.action if verdict.state == "return" else None,
        "refused": verdict.refused or None,
    }
    return {key: payload.plain(value) for key, value in said.items()}
