"""Runs over the ways of a map whose ground is known, as a receiver with an error would see them.

The graph is built from the numbers of OpenStreetMap's nodes, not from where they lie, and by
nothing of ``kneewatch.ground`` but its table of classes and its list of ways.

The error of the receiver is an AR(1) process on each axis, as its errors change slowly: normal,
of the standard deviation given (so that 5 m are 7 m as the crow flies), with a correlation time of
10 to 30 s, at one position a second.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import osmium

from kneewatch.columns import SURFACES
from kneewatch.ground.classes import can_be_run, class_of

Floats = npt.NDArray[np.float64]

METRE = 6371008.8 * np.pi / 180
"""Metres a degree of latitude."""

UNKNOWN = SURFACES.index("unknown")

TURN_LIKING = 1.5
KNOWN_LIKING = 8.0
SAME_WAY_LIKING = 4.0
"""A runner rather goes straight on, on known ground, and along the way he or she is on."""


@dataclass(frozen=True)
class Edge:
    """A piece of way between two crossings, east and north of the middle of the map [m]."""

    way: int
    ends: tuple[int, int]
    x: Floats
    y: Floats
    code: int

    @property
    def length_m(self) -> float:
        return float(np.hypot(np.diff(self.x), np.diff(self.y)).sum())


@dataclass(frozen=True)
class Course:
    """What a receiver saw at 1 Hz, and the class of ground that it was on."""

    time_s: Floats
    lat_deg: Floats
    lon_deg: Floats
    truth: npt.NDArray[np.uint8]

    @property
    def segment(self) -> Floats:
        return np.zeros(len(self.time_s))


class Town:
    """The ways of an extract as a graph."""

    def __init__(self, extract: Path) -> None:
        ways = []
        found = osmium.FileProcessor(str(extract)).with_locations()
        for item in found.with_filter(osmium.filter.KeyFilter("highway", "leisure")):
            tags = {tag.k: tag.v for tag in item.tags}
            if item.is_way() and can_be_run(tags):
                nodes = [(n.ref, n.lat, n.lon) for n in item.nodes if n.location.valid()]
                ways.append((nodes, SURFACES.index(class_of(tags))))
        self.lat = float(np.mean([lat for nodes, _ in ways for _, lat, _ in nodes]))
        self.lon = float(np.mean([lon for nodes, _ in ways for _, _, lon in nodes]))
        self.metre = METRE * np.cos(np.radians(self.lat))
        met: dict[int, int] = defaultdict(int)
        for nodes, _ in ways:
            for ref, _, _ in nodes:
                met[ref] += 1
        self.edges: list[Edge] = []
        self.at: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, (nodes, code) in enumerate(ways):
            cuts = [0, *(n for n in range(1, len(nodes) - 1) if met[nodes[n][0]] > 1)]
            for first, last in zip(cuts, [*cuts[1:], len(nodes) - 1], strict=True):
                self._add(number, nodes[first : last + 1], code)

    def _add(self, way: int, nodes: list[tuple[int, float, float]], code: int) -> None:
        refs, lat, lon = zip(*nodes, strict=True)
        x = (np.array(lon) - self.lon) * self.metre
        y = (np.array(lat) - self.lat) * METRE
        if len(nodes) < 2:
            return
        for end, direction in ((refs[0], 1), (refs[-1], -1)):
            self.at[end].append((len(self.edges), direction))
        self.edges.append(Edge(way, (refs[0], refs[-1]), x, y, code))

    def walk(self, metres: float, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
        """Corners of a way over the graph, and the edge behind each: no turn but at dead ends."""
        lengths = np.array([edge.length_m * (edge.code != UNKNOWN) for edge in self.edges])
        number, direction = int(rng.choice(len(lengths), p=lengths / lengths.sum())), 1
        seen: dict[int, int] = defaultdict(int)
        xs, ys, on, way = [], [], [], 0.0
        while way < metres:
            edge = self.edges[number]
            seen[number] += 1
            x, y = edge.x[::direction], edge.y[::direction]
            xs.append(x[:-1])
            ys.append(y[:-1])
            on.append(np.full(len(x) - 1, number))
            way += edge.length_m
            here = edge.ends[1 if direction > 0 else 0]
            nexts = [(n, d) for n, d in self.at[here] if n != number]
            if not nexts:
                direction = -direction
                continue
            heading = np.array([x[-1] - x[-2], y[-1] - y[-2]])
            liking = np.array([self._liking(n, d, heading, edge.way, seen[n]) for n, d in nexts])
            number, direction = nexts[int(rng.choice(len(nexts), p=liking / liking.sum()))]
        xs.append(x[-1:])
        ys.append(y[-1:])
        return np.concatenate(xs), np.concatenate(ys), np.concatenate(on)

    def _liking(self, number: int, direction: int, heading: Floats, way: int, seen: int) -> float:
        edge = self.edges[number]
        x, y = edge.x[::direction], edge.y[::direction]
        ahead = np.array([x[1] - x[0], y[1] - y[0]])
        size = max(float(np.hypot(*ahead) * np.hypot(*heading)), 1e-9)
        liking = float(np.exp(TURN_LIKING * float(ahead @ heading) / size)) / (1 + seen) ** 2
        liking *= KNOWN_LIKING if edge.code != UNKNOWN else 1.0
        return liking * (SAME_WAY_LIKING if edge.way == way else 1.0)

    def course(
        self,
        rng: np.random.Generator,
        error_m: float,
        tau_s: float = 20.0,
        seconds: int = 3600,
        speed_mps: float = 3.0,
    ) -> Course:
        """A run of so many seconds, with the receiver's error on it."""
        x, y, on = self.walk(seconds * speed_mps + 1.0, rng)
        way = np.append(0.0, np.cumsum(np.hypot(np.diff(x), np.diff(y))))
        time = np.arange(seconds, dtype=np.float64)
        along = time * speed_mps
        codes = np.array([edge.code for edge in self.edges], dtype=np.uint8)
        truth = codes[on[np.searchsorted(way, along, side="right") - 1]]
        east = np.interp(along, way, x) + drift(seconds, error_m, tau_s, rng)
        north = np.interp(along, way, y) + drift(seconds, error_m, tau_s, rng)
        return Course(time, self.lat + north / METRE, self.lon + east / self.metre, truth)


def drift(size: int, error_m: float, tau_s: float, rng: np.random.Generator) -> Floats:
    """The error of a receiver on one axis, once a second [m]."""
    keep = float(np.exp(-1 / tau_s))
    kicks = rng.normal(0.0, error_m * np.sqrt(1 - keep * keep), size)
    kicks[0] = rng.normal(0.0, error_m)
    error, now = np.empty(size), 0.0
    for second, kick in enumerate(kicks.tolist()):
        now = keep * now + kick
        error[second] = now
    return error
