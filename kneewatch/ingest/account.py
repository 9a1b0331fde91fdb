"""What became of every file, in accounts that add up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from kneewatch.config import FILE_NAME, Config
from kneewatch.metrics.duplicates import elsewhere, merge_duplicates
from kneewatch.metrics.hints import apply_hints
from kneewatch.metrics.overrides import resolve
from kneewatch.metrics.parts import join_parts
from kneewatch.model import FileResult, Pair, Problem, Row, Tally

EARLIEST = datetime(1990, 1, 2, tzinfo=UTC)
"""An earlier start is a clock that was never set."""


@dataclass(frozen=True)
class Ingested:
    """All that an import gave: the rows that count, and the account of every file.

    Attributes
    ----------
    notice : str
        Why there was no cache, empty where there was one or none was asked for.
    pairs : tuple of Pair
        Shoes that the vendors' registers list.
    """

    rows: tuple[Row, ...]
    tally: Tally
    notice: str = ""
    pairs: tuple[Pair, ...] = ()


def dated(result: FileResult) -> FileResult:
    """A result without activities whose clock was wrong, which are lost."""
    latest = datetime.now(UTC) + timedelta(days=2)
    wrong = [row for row in result.rows if not EARLIEST <= row["start"] <= latest]
    if not wrong:
        return result
    lost = tuple(
        Problem(row["sources"][0], f"its clock was wrong: {row['start'].date()}") for row in wrong
    )
    return replace(
        result,
        rows=tuple(row for row in result.rows if EARLIEST <= row["start"] <= latest),
        lost=result.lost + len(lost),
        problems=(*lost, *result.problems),
    )


def take_account(results: list[FileResult], config: Config, *, partial_read: bool) -> Ingested:
    """Rows that count, of all that was read, and the account of every file.

    Parameters
    ----------
    partial_read : bool
        Whether files were left unread, so that what is not there may be among them.
    """
    others = [item for result in results for item in result.not_activities]
    hinted = apply_hints([row for result in results for row in result.rows], others)
    overrides = resolve(hinted, config.same, config.different, FILE_NAME)
    joined, parts = join_parts(hinted, overrides)
    rows, duplicates = merge_duplicates(joined, overrides)
    problems = tuple(problem for result in results for problem in result.problems)
    # A Problem beside what was found in a file is no entry of its own; one in its stead is.
    accounted = {result.source for result in results if result.rows or result.lost}
    accounted |= {item.source for item in others}
    # What was lost is counted by itself; its problem may be named by a row of the file.
    accounted |= {item.source for result in results for item in result.problems[: result.lost]}
    unreadable = {problem.source for problem in problems} - accounted
    tally = Tally(
        files=len({result.source for result in results}),
        runs=sum(row["sport"] == "running" for row in rows),
        other_activities=sum(row["sport"] != "running" for row in rows),
        duplicates=(*parts, *duplicates),
        not_activities=tuple(others),
        unreadable=len(unreadable) + sum(result.lost for result in results),
        # A file that was left unread is not one that is not there.
        problems=problems if partial_read else (*problems, *overrides.problems),
        assumptions=(*_assumptions(results), *elsewhere(rows)),
    )
    pairs = dict.fromkeys(pair for item in others for pair in item.pairs)
    return Ingested(tuple(rows), tally, pairs=tuple(pairs))


def _assumptions(results: list[FileResult]) -> tuple[Problem, ...]:
    said: dict[tuple[str, str], None] = {}
    for result in results:
        for row in result.rows:
            if row["assumed"]:
                said[(row["sources"][0], row["assumed"])] = None
    return tuple(Problem(source, reason) for source, reason in said)
