"""Ways as an index: cut at junctions, joined where they go on, found by cell."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from courses import METRE
from hypothesis import given
from hypothesis import strategies as st

from kneewatch.ground.chains import join
from kneewatch.ground.extract import UNITS_A_DEGREE, Ways
from kneewatch.ground.index import COLUMNS, REACH_M, Index, build, cell_of

HARD, SOFT = 0, 2


def index_of(*lines: tuple[int, list[tuple[float, float]]], lat: float = 48.0) -> Index:
    """Lines by class, and corners in metres east and north of a place."""
    corners = np.array([corner for _, line in lines for corner in line])
    across = METRE * np.cos(np.radians(lat))
    return build(
        Ways(
            lat=np.rint((lat + corners[:, 1] / METRE) * UNITS_A_DEGREE).astype(np.int32),
            lon=np.rint((11 + corners[:, 0] / across) * UNITS_A_DEGREE).astype(np.int32),
            sizes=np.array([len(line) for _, line in lines]),
            classes=np.array([code for code, _ in lines], dtype=np.uint8),
        )
    )


def test_a_crossing_cuts_both_ways() -> None:
    index = index_of(
        (HARD, [(0, 0), (100, 0), (300, 0)]), (SOFT, [(100, -50), (100, 0), (100, 80)])
    )
    assert sorted(index.edge_m.tolist()) == pytest.approx([50, 80, 100, 200], abs=0.1)
    assert sorted(zip(index.edge_m.round().tolist(), index.edge_class.tolist(), strict=True)) == [
        (50, SOFT),
        (80, SOFT),
        (100, HARD),
        (200, HARD),
    ]


def test_ways_that_go_on_as_one_another_are_one() -> None:
    """However they are drawn: each towards the middle of the next one, or away from it."""
    lines = [[(0, 0), (100, 0)], [(250, 0), (180, 0), (100, 0)], [(250, 0), (400, 0)]]
    index = index_of(*((HARD, line) for line in lines))
    assert index.edge_m.tolist() == pytest.approx([400], abs=0.1)
    assert index.segment_start_m.tolist() == pytest.approx([0, 250, 180, 250], abs=0.1)
    assert index.segment_end_m.tolist() == pytest.approx([100, 180, 100, 400], abs=0.1)


def test_another_class_is_another_edge() -> None:
    index = index_of((HARD, [(0, 0), (100, 0)]), (SOFT, [(100, 0), (300, 0)]))
    assert index.edge_m.tolist() == pytest.approx([100, 200], abs=0.1)
    assert index.edge_class.tolist() == [HARD, SOFT]


def test_a_ring_is_one_edge() -> None:
    ring = [(0, 0), (100, 0), (100, 100), (0, 0)]
    assert index_of((HARD, ring)).edge_m.tolist() == pytest.approx([341.4], abs=0.1)
    halves = (HARD, [(0, 0), (100, 0), (100, 100)]), (HARD, [(100, 100), (0, 0)])
    assert index_of(*halves).edge_m.tolist() == pytest.approx([341.4], abs=0.1)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 1)), min_size=1))
def test_joining_loses_no_metre(pieces: list[tuple[int, int, int]]) -> None:
    """Every piece lies in one chain, once, and nothing lies beside it there."""
    nodes = np.array([piece[:2] for piece in pieces])
    lengths = np.arange(1.0, len(pieces) + 1)
    chains = join(nodes, lengths, np.array([piece[2] for piece in pieces], dtype=np.uint8))
    assert np.abs(chains.end_m - chains.start_m) == pytest.approx(lengths)
    for number in range(len(chains.first)):
        of = chains.chain == number
        places = sorted(
            (min(a, b), max(a, b))
            for a, b in zip(chains.start_m[of], chains.end_m[of], strict=True)
        )
        assert places[0][0] == 0.0
        assert all(a[1] == b[0] for a, b in pairwise(places))
        assert places[-1][1] == pytest.approx(lengths[of].sum())
        assert len({piece[2] for piece, inside in zip(pieces, of, strict=True) if inside}) == 1


@pytest.mark.parametrize("lat", [0.0, 48.0, -34.0, 71.0])
def test_whatever_is_in_reach_lies_in_the_nine_cells_around(lat: float) -> None:
    rng = np.random.default_rng(3)
    lines = [(HARD, rng.uniform(-400, 400, (2, 2)).tolist()) for _ in range(60)]
    index = index_of(*lines, lat=lat)
    for x, y in rng.uniform(-450, 450, (200, 2)):
        here = cell_of(
            np.array([lat + y / METRE]),
            np.array([11 + x / (METRE * np.cos(np.radians(lat)))]),
            index.frame,
        )[0]
        cells = [here + row * COLUMNS + column for row in (-1, 0, 1) for column in (-1, 0, 1)]
        held = {
            int(segment)
            for place in np.flatnonzero(np.isin(index.cell, cells))
            for segment in index.cell_segments[
                index.cell_start[place] : index.cell_start[place + 1]
            ]
        }
        near = {
            number for number, (_, line) in enumerate(lines) if distance(x, y, line) < REACH_M - 1
        }
        # Straight lines do not meet at their corners, so segments are numbered as they came.
        assert near <= held


def distance(x: float, y: float, line: list[list[float]]) -> float:
    (ax, ay), (bx, by) = line
    ux, uy = bx - ax, by - ay
    share = min(max(((x - ax) * ux + (y - ay) * uy) / (ux * ux + uy * uy), 0.0), 1.0)
    return float(np.hypot(x - ax - share * ux, y - ay - share * uy))


def test_a_line_round_the_world_does_no_harm() -> None:
    """Damage, or a way over the date line."""
    index = index_of((HARD, [(0, 0), (100, 0)]), (SOFT, [(0, 50), (9e6, 50)]))
    assert len(index.cell) < 100
