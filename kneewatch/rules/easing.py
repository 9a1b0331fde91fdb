"""How hard runs begin and end. All of it is information: the one trial found no difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from kneewatch.evidence import RuleEvidence
from kneewatch.metrics.intensity import SPEED_BIN_MPS
from kneewatch.model import Answer, CannotTell, Finding, Floats, Kept, Severity
from kneewatch.rules import pictures
from kneewatch.rules.facts import Facts
from kneewatch.rules.rule import BOOK, rule
from kneewatch.rules.windows import Run, day_of, recent, say_day

NO_HARD_RUN = (
    "no run of the last 4 weeks held {minutes:.0f} minutes above critical speed, 800 m of it at a "
    "stretch"
)
NO_CRITICAL = "no critical speed could be taken from the best efforts, so no run is known as hard"

HELD_M = 800


def median_above(histogram_s: Floats, speed: float) -> float:
    """Median of the speeds above a speed, from seconds a bin [m/s]; NaN where there are none."""
    first = int(speed / SPEED_BIN_MPS)
    seconds = np.cumsum(histogram_s[first:])
    if not len(seconds) or not seconds[-1] > 0:
        return float("nan")
    return (first + int(np.searchsorted(seconds, seconds[-1] / 2)) + 0.5) * SPEED_BIN_MPS


def hard_runs(facts: Facts, evidence: RuleEvidence) -> list[tuple[Run, float]]:
    """Recent runs that were meant to be hard, and the median of their hard part.

    Enough time above critical speed, and a piece held above it: a hilly or restless run collects
    its minutes in seconds here and there, and there is nothing to warm up for.
    """
    found = []
    for _, run in recent(facts).iterrows():
        if run["hard_source"] != "speed" or not evidence["hard"].reached_by(run["hard_s"]):
            continue
        piece_mps = HELD_M / float(run[f"best_{HELD_M}m_s"])
        if not evidence["held"].reached_by(piece_mps / float(run["critical_speed_mps"])):
            continue
        fast = median_above(run["ga_speed_histogram_s"], float(run["critical_speed_mps"]))
        if fast > 0:
            found.append((run, fast))
    return found


def _lacking(facts: Facts, evidence: RuleEvidence, judged: int) -> str:
    """Why too few runs can be asked how they began or ended."""
    if judged:
        hard = "1 hard run" if judged == 1 else f"{judged} hard runs"
        return f"only {hard} in the last 4 weeks; it takes {evidence['least'].value:.0f}"
    runs = recent(facts)
    if not len(runs):
        return "no run in the last 4 weeks"
    if not runs["critical_speed_mps"].notna().any():
        return NO_CRITICAL
    return NO_HARD_RUN.format(minutes=evidence["hard"].value / 60)


def _another(facts: Facts, run: Run, within_s: float, *, earlier: bool) -> bool:
    """Whether another activity on foot ended just before a run, or began just after it."""
    # Whole numbers: as frames joined for each run this took a third of the time of an audit.
    walks = facts.others[facts.others["sport"].to_numpy() == "walking"]
    begins = np.concatenate([facts.starts_us, walks["start"].astype("int64").to_numpy()])
    begin, near = run["start"].value // 1000, int(within_s * 1e6)
    length = float(run["elapsed_s"])
    if earlier:
        elapsed = np.concatenate([facts.runs["elapsed_s"], walks["elapsed_s"]])
        ends = begins + (np.nan_to_num(elapsed) * 1e6).astype(np.int64)
        return bool(((begins < begin) & (ends >= begin - near)).any())
    if np.isnan(length):
        return False
    end = begin + int(length * 1e6)
    return bool(((begins > begin) & (begins <= end + near)).any())


def _is_fresh(facts: Facts, evidence: RuleEvidence, found: Sequence[tuple[Run, float]]) -> bool:
    """Whether the newest of these runs lies within the last days."""
    return not evidence["fresh"].reached_by((facts.as_of - day_of(found[-1][0])).days)


def _easing_finding(
    code: str,
    evidence: RuleEvidence,
    found: Sequence[tuple[Run, float]],
    judged: int,
    message: str,
) -> Finding:
    return Finding(
        code=code,
        name=BOOK[code].name,
        severity=evidence.loud(Severity.NOTE),
        grade=evidence.grade,
        start=day_of(found[0][0]).isoformat(),
        end=day_of(found[-1][0]).isoformat(),
        observed=len(found) / judged,
        limit=evidence["most"].value,
        unit="share",
        message=message,
        runs=tuple(str(run.name) for run, _ in found),
        advice=BOOK[code].advice,
        papers=evidence.papers,
    )


@rule(
    "KW601",
    "warm-up",
    needs=(
        "start_speed_mps",
        "start_top_speed_mps",
        "hard_s",
        "critical_speed_mps",
        "best_800m_s",
    ),
    picture=pictures.sudden,
)
def judge_warm_up(facts: Facts) -> Iterator[Answer]:
    """Hard runs that begin without easy minutes: information, and no more.

    Easing in is widely advised; the one trial, with 421 men, found no difference in injuries.
    Judged are runs with 5 minutes or more above critical speed and 800 m at a stretch: minutes 1
    to 8 at no more than 80 % of the hard part's speed, and nothing above critical speed in the
    first 6, but for 30 seconds in all. A run or walk that ended within half an hour before counts
    as the warm-up; one that was not recorded cannot be seen. It is said when it is the habit of 3
    hard runs or more, and while the last of them is less than a week old.

    Try: begin hard runs with ten easy minutes if that feels better; for the knee, hip and core
    strength under guidance has more behind it.
    """
    evidence = facts.evidence.rules["KW601"]
    cold: list[tuple[Run, float]] = []
    judged = 0
    for run, fast in hard_runs(facts, evidence):
        start, top = float(run["start_speed_mps"]), float(run["start_top_speed_mps"])
        apart = evidence["apart"].value
        warmed = _another(facts, run, apart, earlier=True)
        if not warmed and (np.isnan(start) or np.isnan(top)):
            continue
        judged += 1
        early = evidence["critical"].exceeded_by(top / float(run["critical_speed_mps"]))
        if not warmed and (evidence["ratio"].exceeded_by(start / fast) or early):
            cold.append((run, start / fast))
    if not evidence["least"].reached_by(judged):
        yield CannotTell("KW601", "warm-up", _lacking(facts, evidence, judged))
        return
    often = evidence["most"].exceeded_by(len(cold) / judged)
    if not often or not _is_fresh(facts, evidence, cold):
        text = f"{judged - len(cold)} of {judged} hard runs of the last 4 weeks began easily"
        past = f"; none of the others lies in the last {evidence['fresh'].value:.0f} days"
        yield Kept("KW601", "warm-up", text + (past if often else ""))
        return
    run, ratio = cold[-1]
    message = (
        f"{len(cold)} of {judged} hard runs of the last 4 weeks began without easy minutes; on "
        f"{say_day(day_of(run))} minutes 1 to 8 were run at {100 * ratio:.0f} % of the speed of "
        f"the hard part. In the one trial, warming up made no difference to injuries."
    )
    yield _easing_finding("KW601", evidence, cold, judged, message)


@rule(
    "KW602",
    "cool-down",
    needs=("end_speed_mps", "hard_s", "critical_speed_mps", "best_800m_s"),
    picture=pictures.sudden,
)
def judge_cool_down(facts: Facts) -> Iterator[Answer]:
    """Hard runs that end without easy minutes: information, and no more.

    Judged are runs with 5 minutes or more above critical speed and 800 m at a stretch: the last 5
    minutes at no more than 80 % of the hard part's speed, or another run or walk that began within
    half an hour. It is said when it is the habit, as in KW601. The one trial, of warming up,
    cooling down and stretching together, found no difference.

    Try: walk or jog for five minutes after the hard part if it feels good, and let the watch run
    on so that the log knows it.
    """
    evidence = facts.evidence.rules["KW602"]
    sudden: list[tuple[Run, float]] = []
    judged = 0
    for run, fast in hard_runs(facts, evidence):
        ratio = float(run["end_speed_mps"]) / fast
        eased = _another(facts, run, evidence["apart"].value, earlier=False)
        if not eased and np.isnan(ratio):
            continue
        judged += 1
        if not eased and evidence["ratio"].exceeded_by(ratio):
            sudden.append((run, ratio))
    if not evidence["least"].reached_by(judged):
        yield CannotTell("KW602", "cool-down", _lacking(facts, evidence, judged))
        return
    often = evidence["most"].exceeded_by(len(sudden) / judged)
    if not often or not _is_fresh(facts, evidence, sudden):
        text = f"{judged - len(sudden)} of {judged} hard runs of the last 4 weeks ended easily"
        past = f"; none of the others lies in the last {evidence['fresh'].value:.0f} days"
        yield Kept("KW602", "cool-down", text + (past if often else ""))
        return
    run, ratio = sudden[-1]
    message = (
        f"{len(sudden)} of {judged} hard runs of the last 4 weeks ended without easy minutes; on "
        f"{say_day(day_of(run))} the last 5 were run at {100 * ratio:.0f} % of the speed of the "
        f"hard part. In the one trial, cooling down made no difference to injuries."
    )
    yield _easing_finding("KW602", evidence, sudden, judged, message)
