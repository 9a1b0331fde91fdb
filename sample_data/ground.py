"""Where the sample's runner runs: closed ways that are nobody's, and the hills under them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from story import Run

Floats = npt.NDArray[np.float64]


def loop(km: float, kind: str, rng: np.random.Generator) -> Callable[[Floats], tuple[Floats, ...]]:
    """Return a closed curve of a given length: metres along it -> metres east, metres north."""
    angle = np.linspace(0.0, 2 * np.pi, 4001)
    radius = 1 + sum(
        0.32 / k * rng.standard_normal() * np.sin(k * angle + 2 * np.pi * rng.random())
        for k in range(2, 6)
    )
    turn = 2 * np.pi * rng.random()
    x, y = radius * np.cos(angle), 0.65 * radius * np.sin(angle)
    x, y = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
    if kind == "track":
        x, y = _oval()
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    length = 400.0 if kind == "track" else 1000 * km
    scale = length / along[-1]

    def place(s: Floats) -> tuple[Floats, ...]:
        here = np.mod(s, length) / scale
        return tuple(scale * (np.interp(here, along, v) - v[0]) for v in (x, y))

    return place


def _oval() -> tuple[Floats, Floats]:
    """Return a running track: two straights and two half circles."""
    half, radius = 84.39 / 2, 36.8
    bend = np.linspace(-np.pi / 2, np.pi / 2, 200)
    x = np.concatenate([[-half], half + radius * np.cos(bend), -half - radius * np.cos(bend)])
    y = np.concatenate([[-radius], radius * np.sin(bend), -radius * np.sin(bend)])
    return x, y


def terrain(run: Run, rng: np.random.Generator) -> Callable[[Floats], Floats]:
    """Return altitude [m] along the loop: closed, smooth, with the descent that is planned."""
    waves = 3 if run.kind == "mountain" else 5
    steep = 1.9 if run.kind == "mountain" else 0.9
    sizes = np.array([rng.uniform(0.7, 1.3) / k**steep for k in range(1, waves + 1)])
    phases = 2 * np.pi * rng.random(waves)

    def shape(part: Floats) -> Floats:
        order = np.arange(1, waves + 1)[:, None]
        waved: Floats = (sizes[:, None] * np.sin(2 * np.pi * order * part + phases[:, None])).sum(0)
        return waved

    fall = -np.diff(shape(np.linspace(0.0, 1.0, 5001)))
    factor = run.descent_m / fall[fall > 0].sum()
    home = 1015.0 if run.away else 585.0
    # The mountain loop sets out from the valley, so that the way down comes with tired legs.
    low = np.argmin(shape(np.linspace(0.0, 1.0, 5001))) / 5000 if run.kind == "mountain" else 0.0
    start = shape(np.array([low]))

    def altitude(s: Floats) -> Floats:
        metres: Floats = home + factor * (shape(s / (1000 * run.km) + low) - start)
        return metres

    return altitude


def wander(x: Floats, every: float, spread: float, rng: np.random.Generator) -> Floats:
    """Return smooth noise: normal knots `every` so much of x, joined by straight lines."""
    knots = rng.standard_normal(int(x[-1] / every) + 2)
    return spread * np.interp(x, every * np.arange(len(knots)), knots)
