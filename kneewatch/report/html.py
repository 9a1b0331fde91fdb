"""The report as one HTML file: no script, nothing from elsewhere, readable on a phone and paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kneewatch.evidence import Paper, RuleEvidence
from kneewatch.model import Finding, Severity, Tally
from kneewatch.picture import Picture
from kneewatch.report import (
    draw,
    felt,
    grounds,
    holdings,
    knee_view,
    methods,
    shoe_tables,
    spelling,
    words,
)
from kneewatch.report.tables import UNKNOWN_WEEK, week_cells, week_name
from kneewatch.rules.facts import Facts, Review
from kneewatch.rules.felt import FELT
from kneewatch.rules.pictures import PICTURES
from kneewatch.rules.rule import BOOK, Rule
from kneewatch.units import Units

WEEKS_SHOWN = 12

KNEE_CHART = "tissues"
"""The picture that belongs to the section on the back of the knee."""

_NAMES = {draw_it: name for name, draw_it in PICTURES.items()}


@dataclass(frozen=True)
class Figure:
    """A chart for the page, drawn twice: style decides which width is seen."""

    id: str
    title: str
    wide: Markup
    narrow: Markup


@dataclass(frozen=True)
class Card:
    """A finding with all that the page says of it."""

    finding: Finding
    word: str
    name: str
    days: str
    grade: str
    measured: str
    doc: tuple[str, ...]
    rule: RuleEvidence | None
    limits: list[grounds.LimitWords]
    papers_for: list[Paper]
    papers_against: list[Paper]
    figures: list[Figure]


def render(
    review: Review,
    facts: Facts,
    tally: Tally,
    charts: Mapping[str, Picture],
    profiles: Mapping[str, Picture] | None = None,
) -> str:
    """The whole page.

    Parameters
    ----------
    charts : mapping of str to Picture
        One a family, by name. Each is shown once: with the first finding that it shows, or in
        the section of charts.
    profiles : mapping of str to Picture, optional
        Elevation profiles by run id, shown with the finding that rests on the run.
    """
    units = facts.config.units
    gallery = _Gallery(charts, profiles or {}, units)
    findings = words.loudest_first(review.findings)
    knee_chart = gallery.take(KNEE_CHART)
    cards = [_card(finding, facts, gallery) for finding in findings]
    loaded = grounds.loaded(review.findings, facts.evidence)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            review=review,
            evidence=facts.evidence,
            level=felt.verdict(review),
            felt=felt,
            flagged=felt.flagged(review),
            scale=[(key, words.LEVELS[key].title) for key in words.SCALE],
            reasons=_reasons(review),
            odds=words.odds(review.attention, facts.evidence),
            step=words.step(review),
            rooms=words.room(review.room_left, units) if words.room_shown(review) else (),
            urgent=_urgent(review),
            cards=cards,
            loaded=loaded,
            knee=knee_view.of(review, facts),
            knee_view=knee_view,
            knee_chart=knee_chart,
            charts=gallery.rest(),
            shown=gallery.shown,
            weeks=_weeks(facts),
            shoes=shoe_tables.summary_rows(facts.shoes, units),
            shoe_days=shoe_tables.limit_rows(facts.shoes, units),
            shoe_grounds=shoe_tables.ground_table(facts.shoes, units),
            shoe_tables=shoe_tables,
            coverage=holdings.of_log(review, tally),
            problems=tally.problems,
            kept=[(kept.code, spelling.spoken(kept.name), kept.message) for kept in review.kept],
            untold=[
                (lack.code, spelling.spoken(lack.name), lack.why) for lack in review.cannot_tell
            ],
            words=words,
            holdings=holdings,
            methods=methods,
            unknown_week=UNKNOWN_WEEK,
            as_of=spelling.day(review.as_of),
            version=methods.version(),
            chart_colours=Markup(draw.css_variables()),
        )
    )


class _Gallery:
    """Hands out each picture once."""

    def __init__(
        self, charts: Mapping[str, Picture], profiles: Mapping[str, Picture], units: Units
    ) -> None:
        self._charts = dict(charts)
        self._profiles = dict(profiles)
        self._units = units
        self.shown: list[tuple[Figure, str]] = []

    def take(self, name: str) -> Figure | None:
        picture = self._charts.pop(name, None)
        return None if picture is None else self._figure(f"chart-{spelling.slug(name)}", picture)

    def of(self, finding: Finding) -> list[Figure]:
        """The rule's chart and the profile of its run, as far as they are not shown yet."""
        rule = BOOK.get(finding.code)
        name = _NAMES.get(rule.picture, "") if rule is not None else ""
        # A chart that has nothing to show would only stand in a finding's way.
        chart = self.take(name) if name in self._charts and self._charts[name].series else None
        if chart is not None:
            self.shown.append((chart, finding.code))
        # A profile belongs to what the run did, not to what was felt after it.
        runs = () if finding.code in FELT else finding.runs
        ids = (run for run in runs if run in self._profiles)
        profiles = [
            self._figure(f"profile-{spelling.slug(run)}", self._profiles.pop(run))
            for run in [*ids][:1]
        ]
        return [*([chart] if chart else []), *profiles]

    def rest(self) -> list[Figure]:
        """All charts and profiles that no finding has shown."""
        charts = [self.take(name) for name in [*self._charts]]
        profiles = [
            self._figure(f"profile-{spelling.slug(run)}", picture)
            for run, picture in self._profiles.items()
        ]
        return [*(chart for chart in charts if chart is not None), *profiles]

    def _figure(self, key: str, picture: Picture) -> Figure:
        # The names inside a drawing come from the picture's, and profiles may share one.
        own = replace(picture, name=key)
        return Figure(
            id=key,
            title=picture.title,
            wide=Markup(draw.svg(own, self._units, title=False)),
            narrow=Markup(draw.svg(own, self._units, narrow=True, title=False)),
        )


def _card(finding: Finding, facts: Facts, gallery: _Gallery) -> Card:
    rule, known = BOOK.get(finding.code), facts.evidence.rules.get(finding.code)
    units = facts.config.units
    listed = finding.papers
    return Card(
        finding=finding,
        word=words.SEVERITIES[finding.severity],
        name=spelling.spoken(finding.name),
        days=spelling.days(finding.start, finding.end),
        grade=grounds.grade_line(finding.grade),
        measured=grounds.measured(finding, units),
        doc=_paragraphs(rule),
        rule=known,
        limits=grounds.limits(known, units) if known else [],
        papers_for=grounds.papers(known.papers_for if known else listed, facts.evidence),
        papers_against=grounds.papers(known.papers_against if known else (), facts.evidence),
        figures=gallery.of(finding),
    )


def _paragraphs(rule: Rule | None) -> tuple[str, ...]:
    if rule is None:
        return ()
    return tuple(" ".join(part.split()) for part in rule.doc.split("\n\n") if part.strip())


def _urgent(review: Review) -> bool:
    """Whether the signs for a clinician have to stand at the top."""
    loud = any(finding.severity is Severity.URGENT for finding in review.findings)
    return loud or felt.signs_first(review)


def _reasons(review: Review) -> tuple[str, ...]:
    """All that was noted; of the log's reasons the weightiest."""
    if review.symptoms is not None:
        return review.symptoms.because
    return words.reasons(review.attention) if review.attention.reasons else ()


def _weeks(facts: Facts) -> list[tuple[str, list[str]]]:
    last = facts.weeks.tail(WEEKS_SHOWN)
    rows: Iterable[Mapping[Any, Any]] = last.to_dict("records")
    return [
        (week_name(str(week), row), week_cells(row, facts.config.units))
        for week, row in zip(last.index, rows, strict=True)
    ]


_UNIT = re.compile(r"(?<=\d) (?=(?:km|mi|m|ft|%|min|h|days?|runs?|times)\b|%)")


def _shown(value: Any) -> Any:
    """Every expression of the template: clean, and numbers kept on one line with their units."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _UNIT.sub("\N{NO-BREAK SPACE}", spelling.clean(value))
    return value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("kneewatch.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["sentence"] = spelling.sentence
    environment.filters["second_hand"] = grounds.second_hand
    environment.filters["grade_line"] = grounds.grade_line
    environment.filters["how_loud"] = grounds.how_loud
    return environment
