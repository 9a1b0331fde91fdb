"""The report as Markdown, for those who keep notes as text; charts are PNG files beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kneewatch.evidence import Evidence, Paper
from kneewatch.model import Finding, Tally
from kneewatch.picture import Picture
from kneewatch.report import felt, grounds, holdings, knee_view, methods, spelling, words
from kneewatch.report.tables import (
    UNKNOWN_WEEK,
    in_use_first,
    shoe_cells,
    week_cells,
    week_name,
)
from kneewatch.rules.facts import Facts, Review
from kneewatch.rules.pictures import PICTURES

CHARTS = "charts"
"""Folder of the PNG files, beside the report."""

WEEKS_SHOWN = 12


def chart_file(name: str) -> str:
    """File name of a chart."""
    return f"{spelling.slug(name)}.png"


def render(
    review: Review,
    facts: Facts,
    tally: Tally,
    charts: Mapping[str, Picture] | None = None,
) -> str:
    """The whole text.

    Parameters
    ----------
    charts : mapping of str to Picture, optional
        What lies in the folder of charts; by default all that can be drawn of a runner.
    """
    if charts is None:
        charts = {name: picture(facts) for name, picture in PICTURES.items()}
    above = [*_room(review, facts), *_findings(review, facts), *_knee(review, facts)]
    below = [
        *_charts(charts),
        *_answers(review),
        *_tables(facts),
        *_pairs("What the log holds", holdings.of_log(review, tally)),
        holdings.SHARES_NOTE,
        *_pairs("What a watch cannot see", methods.CANNOT_SEE),
        *_pairs("How it was reckoned", methods.METHODS),
    ]
    alone = felt.flagged(review)
    blocks = [
        *_verdict(review, facts),
        *([] if alone else above),
        *_clinician(facts.evidence),
        *([] if alone else below),
        "---",
        words.DESCRIBES,
        f"kneewatch {methods.version()}. Training up to {spelling.day(review.as_of)}.",
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def escape(said: str) -> str:
    """Words of others as plain text: nothing in them is markup, a link or HTML."""
    line = re.sub(r"([\\`*_{}\[\]<>|~])", r"\\\1", spelling.clean(said))
    line = re.sub(r"^(\s*)([#+\-=])", r"\1\\\2", line)
    return re.sub(r"^(\s*\d+)([.)]\s)", r"\1\\\2", line)


def _verdict(review: Review, facts: Facts) -> Iterable[str]:
    level = felt.verdict(review)
    yield f"# {escape(level.title)}"
    yield f"Training up to {spelling.day(review.as_of)}. {level.meaning}".strip()
    if review.attention.reasons:
        reasons = review.symptoms.because if review.symptoms else words.reasons(review.attention)
        yield _list(spelling.sentence(reason) for reason in reasons)
    odds = words.odds(review.attention, facts.evidence)
    if odds:
        yield f"**{odds}** {words.ANY_INJURY_LONG}"
    yield f"**{felt.lead(review)}:** {escape(spelling.sentence(words.step(review)))}"
    if review.symptoms is not None and review.symptoms.context:
        yield escape(review.symptoms.asked)
        yield _list(review.symptoms.context)
    if review.symptoms is not None and review.symptoms.care:
        yield f"**{felt.CARE}.**"
        yield _list(review.symptoms.care)
        yield felt.CARE_NOTE
    if review.attention.baseline_reason:
        yield f"**Baseline:** {escape(review.attention.baseline_reason)}"
    yield f"*{felt.NOT_JUDGED if felt.flagged(review) else words.NOT_SAFE}*"


def _room(review: Review, facts: Facts) -> Iterable[str]:
    if not words.room_shown(review):
        return
    yield "## Room left"
    parts = words.room(review.room_left, facts.config.units)
    yield "\n".join(
        f"- **{part.label}:** {part.said}" + (f"; {part.note}" if part.known else "")
        for part in parts
    )
    yield words.ROOM_NOTE


def _findings(review: Review, facts: Facts) -> Iterable[str]:
    yield "## Findings"
    if not review.findings:
        yield words.no_findings(review)
    for finding in words.loudest_first(review.findings):
        yield from _finding(finding, facts)


def _finding(finding: Finding, facts: Facts) -> Iterable[str]:
    word = words.SEVERITIES[finding.severity]
    yield f"### {word}: {escape(spelling.spoken(finding.name))} ({finding.code})"
    yield f"{spelling.days(finding.start, finding.end)}. {escape(finding.message)}"
    if finding.advice:
        yield f"**Try:** {escape(spelling.sentence(finding.advice))}"
    measured = grounds.measured(finding, facts.config.units)
    against = f" Measured: {measured}." if measured else ""
    yield f"**How sure:** {grounds.grade_line(finding.grade)}.{against}"
    known = facts.evidence.rules.get(finding.code)
    sides = (
        {"For": known.papers_for, "Against": known.papers_against}
        if known
        else {"Papers": finding.papers}
    )
    listed = [
        f"{side}: {_paper(paper)}"
        for side, keys in sides.items()
        for paper in grounds.papers(keys, facts.evidence)
    ]
    if listed:
        yield "\n".join(f"- {entry}" for entry in listed)


def _paper(paper: Paper) -> str:
    doi = f" [doi:{paper.doi}](https://doi.org/{paper.doi})" if paper.doi else ""
    remark = grounds.second_hand(paper)
    return f"{escape(paper.says)} *{escape(paper.cite)}*{doi}{f' ({remark})' if remark else ''}"


def _knee(review: Review, facts: Facts) -> Iterable[str]:
    yield "## The back of the knee"
    tissues = grounds.loaded(review.findings, facts.evidence)
    seen = knee_view.of(review, facts)
    yield seen.intro
    if tissues:
        yield "\n".join(
            f"- **{escape(spelling.spoken(tissue.name))}**: watch for {escape(tissue.pattern)} "
            f"(loaded by {'; '.join(_way(*way) for way in tissue.by)})"
            for tissue in tissues
        )
    yield _table(list(knee_view.HEADS), [[name, *cells] for name, cells in seen.rows], "---")
    yield f"{knee_view.LEGEND} {seen.grade}"
    if seen.noted:
        yield _list(seen.noted)
        yield knee_view.NOTED_NOTE
    if seen.prevention:
        yield from _pairs(seen.heading, seen.prevention, "###")
        yield methods.STRENGTH_NOTE
    yield from _pairs("What would change this picture", seen.change, "###")


def _way(support: str, rules: tuple[str, ...]) -> str:
    return escape(", ".join(rules) + (f": {support}" if support else ""))


def _clinician(evidence: Evidence) -> Iterable[str]:
    yield "## See a clinician"
    yield words.CLINICIAN
    for key, title in words.URGENCIES.items():
        yield f"### {title}"
        yield _list(evidence.red_flags[key])
    yield escape(str(evidence.red_flags["persistence"]))


def _charts(charts: Mapping[str, Picture]) -> Iterable[str]:
    if charts:
        yield "## The log in charts"
    for name, picture in charts.items():
        alt = escape(f"{picture.title}. {picture.alt}".strip())
        yield f"![{alt}]({CHARTS}/{chart_file(name)})"


def _answers(review: Review) -> Iterable[str]:
    yield from _pairs(
        "Rules kept",
        [(f"{spelling.spoken(kept.name)} ({kept.code})", kept.message) for kept in review.kept],
    )
    yield from _pairs(
        "What cannot be told",
        [
            (f"{spelling.spoken(untold.name)} ({untold.code})", untold.why)
            for untold in review.cannot_tell
        ],
    )


def _tables(facts: Facts) -> Iterable[str]:
    units = facts.config.units
    if not facts.shoes.empty:
        yield "## Shoes"
        shoes = [[name, *shoe_cells(row, units)] for name, row in in_use_first(facts.shoes)]
        yield _table(["Shoe", "Distance", "Runs", "Last run", "A week", "500 mi on"], shoes)
    last = facts.weeks.tail(WEEKS_SHOWN)
    if not last.empty:
        yield "## Last weeks"
        weeks = [
            [week_name(str(week), row), *week_cells(row, units)]
            for week, row in zip(last.index, last.to_dict("records"), strict=True)
        ]
        heads = ["Week of", "Distance", "Runs", "Longest", "Descent", "Hard", "Days off"]
        yield _table(heads, weeks)
        yield UNKNOWN_WEEK


def _list(entries: Iterable[str]) -> str:
    return "\n".join(f"- {escape(spelling.sentence(entry).removesuffix('.'))}" for entry in entries)


def _pairs(heading: str, rows: Iterable[tuple[str, str]], level: str = "##") -> Iterable[str]:
    told = [f"- **{escape(label)}:** {escape(spelling.sentence(said))}" for label, said in rows]
    return [f"{level} {heading}", "\n".join(told)] if told else []


def _table(heads: list[str], rows: list[list[str]], side: str = "---:") -> str:
    rule = ["---", *[side] * (len(heads) - 1)]
    body = [[escape(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in [heads, rule, *body])
