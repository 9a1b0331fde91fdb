"""From the rows of 3,000 runs to the answers of all rules, step by step.

python tests/benchmarks/review.py
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count, islice
from pathlib import Path

import pandas as pd
from side_by_side import medians

from kneewatch import columns, config, evidence, readers
from kneewatch.metrics.duplicates import merge_duplicates
from kneewatch.metrics.exposure import expose
from kneewatch.metrics.hard import hard_seconds
from kneewatch.metrics.shoes import assign_shoes, sum_shoes
from kneewatch.metrics.weeks import count_weeks
from kneewatch.model import Recording, Row, Source
from kneewatch.rules import review
from kneewatch.rules.gather import gather

SAMPLE = Path(__file__).parents[2] / "sample_data"
RUNS = 3000


def sample_rows() -> list[Row]:
    """Exposure rows of the sample's watch."""
    files = sorted((SAMPLE / "watch").rglob("*.fit.gz"))
    sources = [Source(path.name, gzip.decompress(path.read_bytes())) for path in files]
    found = (reading for source in sources for reading in readers.read(source))
    return [expose(reading) for reading in found if isinstance(reading, Recording)]


def years_of(rows: list[Row]) -> Iterator[Row]:
    """The same runs over and over, each time following the last."""
    days = [date.fromisoformat(row["local_date"]) for row in rows]
    length = timedelta(days=(max(days) - min(days)).days + 1)
    for turn in count():
        for row in rows:
            later = turn * length
            yield row | {
                "id": f"{row['id']}{turn}",
                "start": row["start"] + later,
                "local_date": (date.fromisoformat(row["local_date"]) + later).isoformat(),
                "local_start": (datetime.fromisoformat(row["local_start"]) + later).isoformat(),
                "sources": tuple(f"{turn}/{source}" for source in row["sources"]),
            }


def main() -> None:
    """Print the milliseconds of each step."""
    rows = list(islice(years_of(sample_rows()), RUNS))
    settings, limits = config.load(SAMPLE / "kneewatch.toml"), evidence.load()
    last = date.fromisoformat(max(row["local_date"] for row in rows))
    facts = gather(rows, settings, limits, last)
    index = pd.Index([row["id"] for row in rows], dtype=object)
    worn_out = limits.limit("KW401", "over").value
    steps = {
        "merge_duplicates": lambda: merge_duplicates(rows),
        "gather": lambda: gather(rows, settings, limits, last),
        "  of which frame": lambda: columns.frame(columns.ACTIVITIES, rows, index),
        "  of which assign_shoes": lambda: assign_shoes(facts.runs, settings.shoes),
        "  of which hard_seconds": lambda: hard_seconds(facts.runs),
        "  of which count_weeks": lambda: count_weeks(
            facts.runs, facts.others, facts.first_day, last
        ),
        "  of which sum_shoes": lambda: sum_shoes(facts.runs, settings.shoes, last, worn_out),
        "review": lambda: review(facts),
    }
    times = medians(steps)
    whole = sum(times[name] for name in ("merge_duplicates", "gather", "review"))
    for name, seconds in {**times, "all of it": whole}.items():
        sys.stdout.write(f"{name:34}{1e3 * seconds:10.1f} ms\n")


if __name__ == "__main__":
    main()
