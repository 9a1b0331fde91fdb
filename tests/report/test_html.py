"""The page: whole in one file, readable by anyone, closed to what runners and files put into it."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from itertools import pairwise

import pandas as pd
import pytest

from kneewatch import columns, evidence
from kneewatch.config import Config
from kneewatch.model import CannotTell, Finding, Kept, Problem, Severity, Tally
from kneewatch.picture import Picture, Series
from kneewatch.report import html, palette, words
from kneewatch.rules.facts import Attention, Coverage, Facts, Review, RoomLeft
from kneewatch.rules.pictures import PICTURES
from kneewatch.units import Units

DAY = date(2025, 11, 2)
EVIL = "<script>alert(1)</script><img src=//evil.example/x>\"'&$\\frac{$ " + "x" * 300
VOID = {"meta", "link", "br", "img", "input", "hr", "path", "circle", "use"}


class Page(HTMLParser):
    """A page as a list of (tag, attributes), with its text and a check of its nesting."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.words, self.styles, self._open = [], [], [], []
        self.feed(text)
        self.close()
        assert not self._open, f"left open: {self._open}"

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self._open.pop() == tag, f"crossed: {tag} at {self.getpos()}"

    def handle_data(self, data):
        (self.styles if "style" in self._open else self.words).append(data)

    def all(self, *names):
        return [attrs for tag, attrs in self.tags if tag in names]

    @property
    def text(self):
        return " ".join(" ".join(self.words).replace("\xa0", " ").split())


def facts(system="km", empty=False):
    runs = (
        []
        if empty
        else [
            {
                "start": datetime(2025, 10, 5 + 2 * n, 7, tzinfo=UTC),
                "local_date": f"2025-10-{5 + 2 * n:02d}",
                "name": EVIL,
                "distance_m": 9000.0 + 100 * n,
                "descent_m": 120.0,
                "altitude_source": "barometer",
                "surface": "hard",
            }
            for n in range(10)
        ]
    )
    weeks = (
        []
        if empty
        else [
            {"known": n > 0, "complete": n < 3, "distance_m": 2e4, "runs": 2, "descent_m": 240.0}
            for n in range(4)
        ]
    )
    mondays = [f"2025-10-{6 + 7 * n:02d}" for n in range(len(weeks))]
    shoes = [] if empty else [{"distance_m": 721e3, "runs": 60, "last_date": "2025-11-01"}]
    return Facts(
        DAY,
        columns.frame(columns.ACTIVITIES, runs, pd.Index([f"r{n}" for n in range(len(runs))])),
        columns.frame(columns.ACTIVITIES, [], pd.Index([], dtype=object)),
        columns.frame(columns.WEEKS, weeks, pd.Index(mondays, dtype=object)),
        columns.frame(columns.SHOES, shoes, pd.Index([EVIL] * len(shoes), dtype=object)),
        None if empty else date(2025, 10, 5),
        Config(units=Units(system)),
        evidence.load(),
    )


def finding(severity=Severity.WARNING, code="KW102", **changes):
    known = evidence.load().rules[code]
    fields = {
        "name": "session-spike",
        "grade": known.grade,
        "start": "2025-10-27",
        "end": "2025-11-02",
        "observed": 1.4,
        "limit": 1.1,
        "unit": "ratio",
        "message": f"Longer than usual. {EVIL}",
        "runs": ("r1",),
        "tissues": ("popliteus", "hamstrings"),
        "advice": "let the next run end sooner",
        "papers": known.papers,
        "weight": 0.4,
    }
    return Finding(code=code, severity=severity, **{**fields, **changes})


FULL = Review(
    DAY,
    Attention("clear-jump", 1.98, 230, (f"It was 40 % longer. {EVIL}", "It went down further.")),
    (
        finding(Severity.NOTE, "KW301"),
        finding(),
        finding(Severity.CAUTION, "KW201"),
        finding(Severity.CAUTION, "KW202"),
        finding(Severity.NOTE, "KW701", tissues=("popliteus", "hamstrings", "pcl")),
        finding(Severity.CAUTION, "KW101"),
    ),
    (Kept("KW103", "spread", f"no break {EVIL}"),),
    (CannotTell("KW203", "steep-share", f"no altitude {EVIL}"),),
    RoomLeft(13420.0, 0.0, None),
    Coverage(140, "2025-06-16", "2025-11-02", 77, 14, {"gps": 0.6, "none": 0.4}, 0.3, 1, 0.9, 0, 3),
)
NOTHING = Review(DAY, Attention("not-enough-history", None, None, ()))
TALLY = Tally(files=3, runs=2, unreadable=1, problems=(Problem(EVIL, EVIL),))


def profile(name="profile"):
    points = (0.0, 5000.0, 9000.0)
    return Picture(
        name,
        EVIL,
        f"Where it went down. {EVIL}",
        x="distance",
        y="height",
        x_label="Distance",
        y_label="Altitude",
        series=(Series("area", "altitude", points, (300.0, 500.0, 320.0), "flat"),),
    )


def page(review=FULL, known=None, tally=TALLY, charts=None, profiles=None):
    return html.render(review, known or facts(), tally, charts or {}, profiles)


def drawn(known):
    return {name: picture(known) for name, picture in PICTURES.items()}


@pytest.fixture(scope="module")
def full():
    return page(charts=drawn(facts()), profiles={"r1": profile(), "r2": profile()})


@pytest.fixture(scope="module")
def empty():
    known = facts(empty=True)
    return page(NOTHING, known, Tally(), drawn(known))


def test_what_is_no_measure_is_not_shown_as_one(full):
    assert full.count(">Measured</span>") == len(FULL.findings)
    gathered = finding(code="KW701", observed=3.0, limit=0.0, unit="findings")
    assert ">Measured</span>" not in page(replace(FULL, findings=(gathered,)))


@pytest.fixture(params=["full", "empty"])
def either(request):
    return request.getfixturevalue(request.param)


def test_ids_are_unique_and_every_reference_meets_one(either):
    parsed = Page(either)
    ids = [attrs["id"] for _, attrs in parsed.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in parsed.tags:
        assert attrs.get("aria-labelledby", ids[0]) in ids
        for key in ("href", "xlink:href"):
            if attrs.get(key, "").startswith("#"):
                assert attrs[key][1:] in ids
    for reference in re.findall(r"url\(#([^)]+)\)", either):
        assert reference in ids


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs(either):
    parsed = Page(either)
    tags = {tag for tag, _ in parsed.tags}
    assert not tags & {
        "script",
        "link",
        "iframe",
        "object",
        "embed",
        "img",
        "form",
        "base",
        "video",
    }
    for tag, attrs in parsed.tags:
        assert not {"src", "srcset", "data", "poster", "background"} & set(attrs)
        assert not [name for name in attrs if name.startswith("on")]
        for key in ("href", "xlink:href"):
            if tag == "a" and key in attrs:
                assert re.match(r"#|https://doi\.org/", attrs[key])
            elif key in attrs:
                assert attrs[key].startswith("#")
        assert "@import" not in attrs.get("style", "")
        assert "url(" not in attrs.get("style", "").replace("url(#", "")
    css = "".join(parsed.styles)
    assert "@import" not in css
    assert "url(" not in css.replace("url(#", "")
    assert "default-src 'none'" in either


def test_what_others_wrote_stays_text(full):
    assert "<script" not in full
    assert "evil.example/x>" not in full.replace("&gt;", "")
    assert "<script>alert(1)</script>" in Page(full).text


def test_every_drawing_has_words_or_is_hidden(either):
    for attrs in Page(either).all("svg", "img"):
        assert attrs.get("aria-hidden") == "true" or attrs.get("aria-label", "").strip()


def test_each_chart_is_drawn_wide_and_narrow_and_once(full):
    parsed = Page(full)
    figures = [attrs["id"] for attrs in parsed.all("figure")]
    assert sorted(figures) == sorted(
        [*(f"chart-{name}" for name in PICTURES), "profile-r1", "profile-r2"]
    )
    widths = [attrs.get("class") for attrs in parsed.all("div")]
    assert widths.count("wide") == widths.count("narrow") == len(figures)
    assert re.search(r"@media \(max-width[^{]+\{\s*\.wide \{ display: none", full)


def test_headings_step_down_one_by_one(either):
    levels = [int(tag[1]) for tag, _ in Page(either).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_landmarks_language_and_tables(full):
    parsed = Page(full)
    assert parsed.all("html") == [{"lang": "en"}]
    for landmark in ("header", "main", "footer"):
        assert len(parsed.all(landmark)) == 1
    assert all(attrs.get("aria-labelledby") for attrs in parsed.all("section", "article"))
    assert parsed.all("th")
    assert all(attrs.get("scope") in ("col", "row") for attrs in parsed.all("th"))
    assert len(parsed.all("caption")) == len(parsed.all("table"))


def test_findings_come_by_loudness_with_a_word_each(full):
    severities = [attrs["class"].split()[-1] for attrs in Page(full).all("article")]
    loudness = [Severity[name.upper()] for name in severities]
    assert loudness == sorted(loudness, reverse=True)
    text = Page(full).text
    for word in ("Warning", "Caution", "Note"):
        assert f"{word} 27 October to 2 November 2025" in text


def test_the_evidence_stands_with_the_finding(full):
    text = Page(full).text
    assert "Grade B: one large cohort with measured exposure" in text
    assert "Papers against it" in text
    assert "Gilgen-Ammann" in text
    assert "from a study" in text
    assert 'href="https://doi.org/10.1136/bjsports-2024-109380"' in full


def test_the_sections_of_a_report(either):
    text = Page(either).text
    for heading in (
        "Findings",
        "The back of the knee",
        "See a clinician",
        "Rules kept",
        "What cannot be told",
        "Shoes",
        "Last weeks",
        "What the log holds",
        "What a watch cannot see",
        "How it was reckoned",
    ):
        assert heading in text
    assert "does not diagnose" in text
    assert "Hip drop" in text
    assert re.search(r"rounded|shown to 10 m", text)
    assert "Training up to 2 November 2025" in text


def test_room_left_stands_in_a_report_with_a_level(full):
    assert "Room left" in Page(full).text


def test_an_empty_log_makes_no_numbers_up(empty):
    text = Page(empty).text
    assert "Not enough history yet" in text
    assert "Room left" not in text
    assert not re.search(r"\bnan\b|\bNone\b(?!\.)", text)


def test_tissues_are_named_with_a_pattern_and_no_probability(full):
    knee = Page(full).text.split("The back of the knee")[-1].split("Emergency")[0]
    assert "Popliteus tendon" in knee
    assert "Watch for" in knee
    assert "Posterior cruciate ligament" in knee
    assert not re.search(r"\d\s*%", knee)


def test_red_flags_are_quiet_until_symptoms_speak(full):
    assert 'class="clinician"' in full
    loud = page(replace(FULL, attention=Attention("symptoms", None, None, ("A swollen calf.",))))
    assert 'class="clinician loud"' in loud
    assert loud.index("clinician loud") < loud.index('id="findings"')
    assert 'id="room"' not in loud
    urgent = page(replace(FULL, findings=(finding(Severity.URGENT),)))
    assert 'class="clinician loud"' in urgent


@pytest.mark.parametrize("level", list(words.LEVELS))
def test_every_level_has_its_words(level):
    scored = level in words.SCALE
    attention = Attention(level, 1.6 if scored else None, 280 if scored else None, ())
    text = page(replace(FULL, attention=attention))
    assert f"<h1>{words.LEVELS[level].title}</h1>" in text
    assert text.count('aria-current="true"') == scored
    assert ("1 in 280" in Page(text).text) == scored


def test_a_level_and_a_rule_of_tomorrow_do_not_break_the_page():
    stranger = replace(finding(), code="KW999", name="of-tomorrow", tissues=("something_new",))
    review = replace(FULL, attention=Attention("brand-new", 1.0, 450, ()), findings=(stranger,))
    text = Page(page(review)).text
    assert "Of tomorrow" in text
    assert "Something new" in text


def test_miles_and_feet():
    text = Page(page(known=facts("mi"))).text
    assert "8 mi" in text
    assert "448 mi" in text
    assert "721 km" not in text


def test_numbers_do_not_part_from_their_units(full):
    assert "13</span>" not in full
    assert "450\xa0runs" in full or "150\xa0m" in full


def test_the_words_promise_nothing_and_name_no_condition(either):
    """Safe, "you have" and diagnosis occur in denials alone, a percent of injury never."""
    for sentence in re.split(r"(?<=[.:;])\s", Page(either).text):
        if re.search(r"\bsafe|\byou have\b|diagnos", sentence, re.I):
            assert re.search(r"\b(not|never|no|nothing)\b", sentence, re.I), sentence


def luminance(colour):
    code = colour.lstrip("#")
    code = "".join(2 * digit for digit in code) if len(code) == 3 else code
    parts = [int(code[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_words_stand_out_from_the_paper_by_aa(full):
    style = "".join(Page(full).styles).replace(palette.css_variables(), "")
    blocks = re.findall(r":root \{([^}]+)\}", style)
    assert len(blocks) == 3
    for block in blocks:
        colours = dict(re.findall(r"--(\w+): (#\w+)", block))
        paper = luminance(colours["paper"])
        for name in ("ink", "quiet", "link", "note", "caution", "warning", "urgent"):
            light, dark = sorted((luminance(colours[name]), paper), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, name
