from __future__ import annotations

import itertools
import math
import re
from dataclasses import replace
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from kneewatch.picture import Band, Mark, Note, Picture, Series
from kneewatch.report.draw import css_variables, draw, png, svg
from kneewatch.report.lettering import ELLIPSIS, shorten, width, wrap
from kneewatch.report.palette import DARK, LIGHT, STAND_INS
from kneewatch.report.scales import apart, date_ticks, rows_without_overlap
from kneewatch.units import Units

KM, MI = Units("km"), Units("mi")

WEEKS = ("2025-05-12", "2025-05-19", "2025-05-26", "2025-06-02")

WEEKLY = Picture(
    "weekly_distance",
    "Weekly distance",
    'Bars of "four" weeks & a line.',
    x="date",
    y="distance",
    x_label="",
    y_label="Distance per week",
    series=(
        Series("bars", "distance", WEEKS[1:3], (30e3, 40e3), "main"),
        Series("bars", "this week so far", WEEKS[3:], (10e3,), "current"),
        Series(
            "steps",
            "10 % line",
            (*WEEKS[1:], "2025-06-09"),
            (math.nan, 33e3, 44e3, 44e3),
            "limit",
        ),
    ),
    bands=(Band(WEEKS[0], WEEKS[1], "no data yet"),),
)

SHOES = Picture(
    "shoes",
    "Shoes",
    "Bars of two shoes.",
    x="category",
    y="distance",
    x_label="",
    y_label="Distance run in the pair",
    lying=True,
    series=(
        Series("bars", "in use", ("A " + "very " * 20 + "long name", "B"), (412e3, 96e3), "main"),
        Series("bars", "retired", ("C",), (805e3,), "muted"),
    ),
    marks=(Mark(482_803.2, "300 mi"), Mark(700e3, "700 km"), Mark(804_672.0, "500 mi")),
)

MATRIX = Picture(
    "tissues",
    "What loads what",
    "Dots.",
    x="category",
    y="category",
    x_label="",
    y_label="",
    series=(
        Series("points", "strong", ("downhill",), (1.0,), "main", size=2.0),
        Series("points", "weak", ("fast minutes", "downhill"), (0.0, 0.0), "current"),
    ),
    columns=("fast minutes", "downhill"),
    rows=("Upper calf muscle", "Popliteus tendon"),
)

MIX = Picture(
    "grade_mix",
    "How steep",
    "Stacks.",
    x="date",
    y="share",
    x_label="",
    y_label="Share",
    series=(
        Series("bars", "hard", WEEKS[:1], (0.7,), "hard"),
        Series("bars", "not known", WEEKS[:1], (0.3,), "unknown", (0.7,)),
        Series("bars", "hard", WEEKS[1:2], (1.0,), "hard", unfinished=True),
    ),
)

PROFILE = Picture(
    "profile",
    "A run",
    "Altitude.",
    x="distance",
    y="height",
    x_label="Distance",
    y_label="Altitude",
    series=(
        Series(
            "area", "altitude", (0.0, 500.0, 1000.0), (310.0, 300.0, 320.0), "flat", (290.0,) * 3
        ),
        Series(
            "area", "steep", (0.0, 500.0, 1000.0), (310.0, 300.0, math.nan), "down2", (290.0,) * 3
        ),
    ),
    notes=(Note(500.0, 300.0, "steepest −9 %"),),
)

EMPTY = replace(WEEKLY, series=(), bands=(), empty="no runs in the log yet")

ALL = (WEEKLY, SHOES, MATRIX, MIX, PROFILE, EMPTY)


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def legend(ax: Axes) -> list[str]:
    found = ax.get_legend()
    return [text.get_text() for text in found.get_texts()] if found else []


def heights(ax: Axes) -> list[float]:
    return [bar.get_height() for container in ax.containers for bar in container]


def test_bars_are_as_high_as_their_distance_in_the_units_shown() -> None:
    assert heights(draw(WEEKLY, KM)) == pytest.approx([30.0, 40.0, 10.0])
    assert heights(draw(WEEKLY, MI)) == pytest.approx([18.64, 24.85, 6.21], abs=0.01)


def test_bars_of_a_week_stand_on_that_week() -> None:
    bar = draw(WEEKLY, KM).containers[0][0]
    monday = mpl.dates.date2num(mpl.dates.datetime.date(2025, 5, 19))
    assert monday < bar.get_x() < bar.get_x() + bar.get_width() < monday + 7


def test_units_stand_at_the_axes() -> None:
    assert draw(WEEKLY, KM).get_ylabel() == "Distance per week (km)"
    assert draw(WEEKLY, MI).get_ylabel() == "Distance per week (mi)"
    assert draw(PROFILE, MI).get_ylabel() == "Altitude (ft)"
    assert draw(PROFILE, KM).get_xlabel() == "Distance (km)"
    assert draw(SHOES, MI).get_xlabel() == "Distance run in the pair (mi)"
    assert draw(MIX, KM).get_ylabel() == "Share (%)"


def test_the_line_is_named_at_its_end_and_broken_where_it_is_not_known() -> None:
    ax = draw(WEEKLY, KM)
    line = next(line for line in ax.get_lines() if line.get_label() == "10 % line")
    assert list(line.get_ydata()) == pytest.approx([math.nan, 33.0, 44.0, 44.0], nan_ok=True)
    assert line.get_drawstyle() == "steps-post"
    assert "10 % line\n44.0 km" in texts(ax)
    assert "10 % line" not in legend(ax)


def test_on_a_telephone_the_line_is_named_in_the_legend() -> None:
    ax = draw(WEEKLY, MI, narrow=True)
    assert "10 % line: 27.3 mi" in legend(ax)
    assert not [text for text in texts(ax) if "10 %" in text]


def test_the_title_is_on_the_left_or_left_out() -> None:
    assert draw(WEEKLY, KM).get_title(loc="left") == "Weekly distance"
    assert draw(WEEKLY, KM, title=False).get_title(loc="left") == ""


def test_lying_bars_carry_names_values_and_marks() -> None:
    ax = draw(SHOES, MI)
    assert [bar.get_width() for c in ax.containers for bar in c] == pytest.approx(
        [256.0, 59.65, 500.2], abs=0.1
    )
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names[0].endswith(ELLIPSIS)
    assert names[1:] == ["B", "C"]
    assert {"256 mi", "60 mi", "500 mi", "300 mi", "700 km"} <= set(texts(ax))
    dashed = {round(line.get_xdata()[0]) for line in ax.get_lines()}
    assert dashed == {300, 435, 500}


def test_a_matrix_has_its_rows_from_the_top() -> None:
    ax = draw(MATRIX, KM)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Upper calf muscle", "Popliteus tendon"]
    assert ax.get_ylim() == (1.5, -0.5)
    strong, weak = ax.collections
    assert strong.get_offsets().tolist() == [[1.0, 1.0]]
    assert weak.get_offsets().tolist() == [[0.0, 0.0], [1.0, 0.0]]
    assert strong.get_sizes()[0] == pytest.approx(2 * weak.get_sizes()[0])


def test_stacks_are_percent_and_the_unfinished_is_outlined() -> None:
    ax = draw(MIX, KM)
    bars = [bar for container in ax.containers for bar in container]
    assert [bar.get_height() for bar in bars] == pytest.approx([70.0, 30.0, 100.0])
    assert [bar.get_y() for bar in bars] == pytest.approx([0.0, 70.0, 0.0])
    assert bars[1].get_hatch()
    assert bars[2].get_facecolor()[:3] == to_rgb(LIGHT["ground"])
    assert legend(ax) == ["hard", "not known", "this week so far"]


def test_a_band_too_small_for_its_words_is_named_in_the_legend() -> None:
    month = replace(WEEKLY, bands=(Band("2025-02-01", WEEKS[1], "no data yet"),))
    assert "no data yet" in texts(draw(month, KM))
    assert "no data yet" not in legend(draw(month, KM))
    half = replace(WEEKLY, bands=(Band(WEEKS[0], "2025-05-13", "no data yet"),))
    assert "no data yet" in legend(draw(half, KM))


def test_nothing_to_show_is_said_in_a_sentence() -> None:
    ax = draw(EMPTY, KM)
    assert texts(ax) == ["No runs in the log yet"]
    assert ax.get_title(loc="left") == "Weekly distance"
    unknown = replace(WEEKLY, series=(Series("bars", "d", WEEKS[:1], (math.nan,), "main"),))
    assert texts(draw(unknown, KM)) == ["Nothing to show yet"]


def test_it_draws_on_axes_that_are_given() -> None:
    ax = Figure().add_subplot()
    assert draw(WEEKLY, KM, ax) is ax
    assert heights(ax) == pytest.approx([30.0, 40.0, 10.0])
    ax.figure.draw_without_rendering()


def test_global_settings_neither_matter_nor_change() -> None:
    usual = svg(WEEKLY, KM)
    with mpl.rc_context({"axes.facecolor": "red", "font.size": 30.0, "text.color": "red"}):
        before = dict(mpl.rcParams)
        assert svg(WEEKLY, KM) == usual
        assert dict(mpl.rcParams) == before


def words_of(ax: Axes, *, rows_beside: bool) -> list[Text]:
    """All words that are to be seen."""
    box = ax.get_legend()
    found = [
        *ax.texts,
        ax.title,
        ax._left_title,
        ax.xaxis.label,
        ax.yaxis.label,
        *ax.get_xticklabels(),
        *(ax.get_yticklabels() if rows_beside else ()),
        *(box.get_texts() if box else ()),
    ]
    return [text for text in found if text.get_text().strip()]


def meet(one: Bbox, other: Bbox) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    # Boxes of letters hold room above and below that may be shared.
    return across > 1.0 and down > 2.0


@pytest.mark.parametrize("picture", ALL, ids=lambda picture: picture.title)
@pytest.mark.parametrize("narrow", [False, True])
def test_no_words_are_cut_off_and_none_meet(picture: Picture, narrow: bool) -> None:
    figure = draw(picture, KM, narrow=narrow).figure
    figure.draw_without_rendering()
    rows_beside = not (narrow and (picture.lying or picture.rows))
    found = words_of(figure.axes[0], rows_beside=rows_beside)
    boxes = [(text.get_text(), text.get_window_extent()) for text in found]
    assert boxes
    for words, box in boxes:
        assert box.x0 >= -0.5, words
        assert box.y0 >= -0.5, words
        assert box.x1 <= figure.bbox.width + 0.5, words
        assert box.y1 <= figure.bbox.height + 0.5, words
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        assert not meet(a, b), (one, other)


@pytest.mark.parametrize("picture", ALL, ids=lambda picture: picture.title)
@pytest.mark.parametrize("narrow", [False, True])
def test_svg_is_part_of_a_page(picture: Picture, narrow: bool) -> None:
    code = svg(picture, KM, narrow=narrow)
    assert code == svg(picture, KM, narrow=narrow)
    root = ElementTree.fromstring(code)
    assert root.attrib["role"] == "img"
    assert root.attrib["width"] == "100%"
    assert picture.alt in root.attrib["aria-label"]
    wide = float(root.attrib["viewBox"].split()[2])
    assert wide == (360 if narrow else 860)
    for unwanted in ("<?xml", "<!DOCTYPE", "<metadata", "<style", "<script", "DejaVu", "Date"):
        assert unwanted not in code
    addresses = set(re.findall(r"https?://[^\"]*", code))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert all(target.startswith("#") for target in re.findall(r"href=\"([^\"]*)", code))


@pytest.mark.parametrize("picture", ALL, ids=lambda picture: picture.title)
def test_all_colours_are_variables(picture: Picture) -> None:
    code = svg(picture, KM)
    without_references = re.sub(r"url\(#[^)]*\)|href=\"#[^\"]*", "", code)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", without_references)
    used = set(re.findall(r"var\(--kw-([a-z0-9-]+)\)", code))
    assert used
    assert used <= set(LIGHT)


def test_text_stays_text() -> None:
    words = "".join(ElementTree.fromstring(svg(WEEKLY, KM)).itertext())
    assert "Weekly distance" in words
    assert "44.0 km" in words


def test_charts_on_one_page_share_no_ids_and_every_reference_is_met() -> None:
    page = [svg(p, KM, narrow=n) for p in ALL[:-1] for n in (False, True)]
    ids = [re.findall(r"\bid=\"([^\"]+)", code) for code in page]
    flat = list(itertools.chain.from_iterable(ids))
    assert len(flat) == len(set(flat))
    for code, own in zip(page, ids, strict=True):
        assert set(re.findall(r"(?:url\(|href=\")#([^\")]+)", code)) <= set(own)


def test_png_is_twice_as_fine_as_a_screen() -> None:
    data = png(WEEKLY, KM)
    assert data.startswith(b"\x89PNG")
    assert int.from_bytes(data[16:20], "big") == 1720
    assert data == png(WEEKLY, KM)


def test_css_has_a_light_and_a_dark_and_a_printed_page() -> None:
    css = css_variables()
    light, dark, printed = css.split("@media")
    assert f"--kw-main:{LIGHT['main']};" in light
    assert "(prefers-color-scheme:dark)" in dark
    assert f"--kw-main:{DARK['main']};" in dark
    assert printed.startswith(" print")
    assert f"--kw-main:{LIGHT['main']};" in printed
    assert not [colour for colour in STAND_INS.values() if colour in css]


def luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_stand_out(palette: dict[str, str]) -> None:
    # Pale fills have a rim in another colour or are the ground of others.
    pale = {"ground", "grid", "axis", "band", "current", "flat", "ink", "soft-ink"}
    for name in palette.keys() - pale:
        assert contrast(palette[name], palette["ground"]) >= 3.0, name
    for words, ground in itertools.product(("ink", "soft-ink"), ("ground", "band")):
        assert contrast(palette[words], palette[ground]) >= 4.5, (words, ground)
    for one, other in (("down1", "down2"), ("down2", "down3"), ("up1", "up2"), ("up2", "up3")):
        assert contrast(palette[one], palette[other]) >= 1.7, (one, other)


def test_light_and_dark_name_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys() == STAND_INS.keys()
    assert len(set(STAND_INS.values())) == len(STAND_INS)


def test_words_are_wrapped_and_shortened_to_the_room() -> None:
    assert wrap("one two three", 12.0, width("one two", 12.0)) == ["one two", "three"]
    short = shorten("Hoka Clifton 9 of last year", 12.0, 80.0)
    assert short.endswith(ELLIPSIS)
    assert width(short, 12.0) <= 80.0
    assert shorten("Hoka", 12.0, 80.0) == "Hoka"


@pytest.mark.parametrize("days", [10, 60, 70, 182, 400, 1500])
@pytest.mark.parametrize("room", [250.0, 760.0])
def test_date_ticks_never_overlap(days: int, room: float) -> None:
    first = 20_000.0
    ticks = date_ticks(first, first + days, room, 12.0)
    assert ticks
    per_day = room / days
    for one, other in itertools.pairwise(ticks):
        need = max(width(one.text, 12.0), width(one.below, 12.0))
        assert (other.at - one.at) * per_day > need


def test_labels_are_pushed_apart() -> None:
    assert apart([10.0, 11.0, 40.0], 5.0) == [10.0, 15.0, 40.0]
    assert rows_without_overlap([(0, 10), (5, 15), (12, 20)]) == [0, 1, 0]
