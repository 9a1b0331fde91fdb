"""What the runner of the sample log did, day by day: the plan, the shoes, and what they come to."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Europe/Vienna")
SEED = 20250616
HOLIDAY = date(2025, 10, 28)
"""From this day on the runner is in the mountains."""
EVERY_SECOND = date(2025, 9, 21)
"""From this day on the watch is set to write a record every second; before it did when it liked."""
CUT = 0.6
"""The share of its bytes that is left of the truncated file."""

# date, start, km, surface, descent [m], pace [min:s per km], carrier, then `pause=km/seconds` and
# `strides=number`, of 80 m. The carrier `cut` is a FIT file that ends too early, `zip` a member of
# older.zip.
PLAN = """
2025-06-17 18:04  5.98 street     44 6:16 zip
2025-06-19 18:21  5.52 street     38 6:12 zip
2025-06-21 09:35  4.56 street     30 6:14 zip
2025-06-22 08:47  8.55 street     66 6:22 fit.gz pause=5.2/95
2025-06-24 18:10  6.27 street     45 6:15 fit.gz
2025-06-26 18:17  5.57 street     41 6:10 fit.gz
2025-06-28 09:12  4.86 street     33 6:14 fit
2025-06-29 08:39  8.66 street     70 6:20 fit.gz pause=4.4/70
2025-07-01 18:08  6.34 street     47 6:13 fit.gz
2025-07-03 18:26  5.85 street     42 6:09 fit.gz
2025-07-05 09:20  5.08 street     34 6:12 fit.gz
2025-07-06 08:41  8.92 street     72 6:20 fit.gz
2025-07-08 18:12  6.54 street     50 6:12 fit.gz pause=3.1/55
2025-07-10 18:30  5.98 street     43 6:08 fit.gz
2025-07-12 09:02  5.28 street     36 6:11 fit.gz
2025-07-13 08:33  9.28 street     75 6:19 fit.gz
2025-07-15 18:06  6.83 street     52 6:11 fit.gz
2025-07-17 18:22  6.22 street     46 6:07 fit.gz
2025-07-19 09:15  5.47 street     39 6:10 fit
2025-07-20 08:28  9.46 street     78 6:18 fit.gz pause=6.0/120
2025-07-29 18:11  6.42 street     47 6:14 fit.gz
2025-07-31 18:19  5.78 street     41 6:10 fit.gz
2025-08-02 09:08  4.94 street     34 6:12 fit.gz
2025-08-03 08:30  9.22 street     74 6:19 fit.gz
2025-08-05 18:14  6.82 street     50 6:10 fit.gz
2025-08-07 18:25  6.18 street     44 6:07 fit.gz
2025-08-09 09:05  5.57 street     40 6:09 fit.gz pause=2.5/65
2025-08-10 08:24  9.72 street     79 6:17 fit.gz
2025-08-12 18:40  6.50 treadmill   0 6:12 csv
2025-08-14 18:45  5.00 treadmill   0 6:06 csv
2025-08-16 10:10  6.00 treadmill   0 6:10 csv
2025-08-17 10:05  9.00 treadmill   0 6:20 csv
2025-08-19 18:42  7.00 treadmill   0 6:10 csv
2025-08-21 18:50  5.50 treadmill   0 6:04 csv
2025-08-23 10:15  6.50 treadmill   0 6:08 csv
2025-08-24 10:00  9.00 treadmill   0 6:18 csv
2025-08-26 18:05  7.02 street     51 6:10 fit.gz
2025-08-28 18:12  5.83 generic    40 6:12 gpx
2025-08-30 09:18  6.66 trail      96 6:38 fit.gz
2025-08-31 08:36 10.13 street     80 6:17 fit.gz pause=5.5/80
2025-09-02 18:02  7.45 generic    55 6:10 tcx
2025-09-04 18:20  6.08 treadmill   0 6:08 fit.gz
2025-09-06 09:10  7.18 street     52 6:08 fit.gz
2025-09-07 08:40 10.57 street     85 6:16 fit.gz
2025-09-09 17:55  8.58 trail     118 6:36 fit.gz
2025-09-11 18:00  6.42 track       0 6:00 fit.gz
2025-09-13 09:04 10.62 street     82 6:15 cut
2025-09-14 08:31 11.06 street     88 6:15 fit.gz pause=7.0/110
2025-09-16 17:50  8.28 generic    60 6:08 tcx.gz
2025-09-18 17:56  6.42 track       0 5:58 fit.gz
2025-09-20 09:12  8.14 street     61 6:08 fit.gz
2025-09-21 08:44 11.62 street     92 6:14 fit.gz
2025-09-23 17:41  8.42 generic    62 6:07 tcx.gz
2025-09-25 17:48  7.43 track       0 5:56 fit.gz
2025-09-27 09:20  8.18 generic    60 6:10 gpx pause=4.1/190
2025-09-28 08:50 12.15 street     95 6:14 fit.gz
2025-09-30 17:32  8.85 street     64 6:06 fit.gz
2025-10-02 17:40  7.43 track       0 5:56 fit.gz
2025-10-04 09:14  9.02 street     66 6:06 fit.gz pause=3.9/60
2025-10-05 08:55 12.65 street     98 6:13 fit.gz
2025-10-07 17:26  9.07 street     65 6:05 fit.gz
2025-10-09 17:30  7.41 track       0 5:55 fit.gz
2025-10-11 09:22  8.58 street     62 6:06 fit.gz
2025-10-12 09:01 13.02 street    100 6:12 fit.gz pause=8.2/105
2025-10-14 17:20  8.02 generic    58 6:08 gpx.gz
2025-10-15 16:40 24.13 ride      160 2:35 fit.gz pause=12.0/150
2025-10-16 17:24  6.38 track       0 5:55 fit
2025-10-18 09:25  7.74 street     56 6:06 fit.gz
2025-10-19 09:08 11.76 street     92 6:13 fit.gz
2025-10-21 17:10  8.54 street     63 6:05 fit.gz strides=10
2025-10-23 17:18  7.42 track       0 5:54 fit.gz
2025-10-25 09:30  7.82 street     57 6:06 fit.gz
2025-10-26 09:12 12.28 street     96 6:12 fit.gz pause=6.6/90
2025-10-28 10:05  9.38 street     72 6:06 fit.gz
2025-10-29 15:20  6.27 trail      98 6:40 fit.gz
2025-10-30 10:12  9.83 street     76 6:08 fit.gz pause=5.0/75
2025-10-31 14:50  5.97 trail     104 6:42 fit
2025-11-02 09:20 18.87 mountain  605 6:52 fit.gz pause=9.6/420
"""

TOML = """\
# What the runner decided; the watch knows none of it.
units = "km"
home_timezone = "Europe/Vienna"

# The first pair whose dates and conditions fit a run gets its distance.
[[shoe]]
name = "Road old"
since = 2024-03-02
until = 2025-07-06
worn = "795 km"
when = { surface = "hard" }

[[shoe]]
name = "Trail"
since = 2024-08-15
worn = "105 km"
when = { surface = "uneven" }

[[shoe]]
name = "Track"
since = 2025-09-08
when = { surface = "firm" }

[[shoe]]
name = "Road daily"
since = 2025-01-18
worn = "316 km"
when = { sport = "running" }
"""

# What each surface of the plan is in a FIT file, in kneewatch's words, and on the watch's face.
KINDS = {
    "street": ("running", "street", "hard", "Run"),
    "trail": ("running", "trail", "uneven", "Trail Run"),
    "mountain": ("running", "trail", "uneven", "Trail Run"),
    "track": ("running", "track", "firm", "Track Run"),
    "treadmill": ("running", "treadmill", "treadmill", "Treadmill"),
    "generic": ("running", "generic", "unknown", "Run"),
    "ride": ("cycling", "road", "hard", "Bike"),
}


@dataclass(frozen=True)
class Run:
    """One line of the plan."""

    number: int
    start: datetime
    km: float
    kind: str
    descent_m: float
    pace_s: float
    carrier: str
    pause_km: float = 0.0
    pause_s: int = 0
    strides: int = 0

    @property
    def day(self) -> date:
        return self.start.date()

    @property
    def utc(self) -> datetime:
        return self.start.astimezone(UTC)

    @property
    def indoor(self) -> bool:
        return self.kind == "treadmill"

    @property
    def away(self) -> bool:
        return self.day >= HOLIDAY

    @property
    def counted_km(self) -> float:
        """What a reader can find of it: the truncated file has lost its end."""
        return self.km * CUT if self.carrier == "cut" else self.km


def read_plan(text: str = PLAN) -> list[Run]:
    return [_run(number, line.split()) for number, line in enumerate(text.strip().splitlines())]


def _run(number: int, words: list[str]) -> Run:
    day, clock, km, kind, descent, pace, carrier, *more = words
    minutes, seconds = pace.split(":")
    run = Run(
        number,
        datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=HOME),
        float(km),
        kind,
        float(descent),
        60 * int(minutes) + int(seconds),
        carrier,
    )
    for option, _, value in (word.partition("=") for word in more):
        if option == "pause":
            where, length = value.split("/")
            run = replace(run, pause_km=float(where), pause_s=int(length))
        else:
            run = replace(run, strides=int(value))
    # Nobody presses start at second zero.
    return replace(run, start=run.start + timedelta(seconds=(17 * number + 11) % 60))


def story() -> str:
    """Return the weeks and the shoes as the plan has them, for the eye."""
    runs = [run for run in read_plan() if run.kind != "ride"]
    lines = ["week        runs    km  longest  descent  most in a run"]
    monday = date(2025, 6, 16)
    for week in range(20):
        first = monday + timedelta(weeks=week)
        inside = [run for run in runs if first <= run.day < first + timedelta(weeks=1)]
        km = [run.counted_km for run in inside] or [0.0]
        down = [run.descent_m for run in inside] or [0.0]
        lines.append(
            f"{first}  {len(inside):4d} {sum(km):5.1f} {max(km):8.2f} {sum(down):8.0f} "
            f"{max(down):14.0f}"
        )
    lines.append("")
    lines += [f"{name:12s} {km:5.0f} km" for name, km in shoe_km(runs).items()]
    return "\n".join(lines)


def shoe_km(runs: list[Run]) -> dict[str, float]:
    """Return each shoe's distance at the end, by the rules of kneewatch.toml."""
    shoes = tomllib.loads(TOML)["shoe"]
    total = {shoe["name"]: float(shoe.get("worn", "0 km").split()[0]) for shoe in shoes}
    for run in runs:
        for shoe in shoes:
            known = {"surface": KINDS[run.kind][2], "sport": KINDS[run.kind][0]}
            in_time = shoe["since"] <= run.day <= shoe.get("until", run.day)
            if in_time and all(known[key] == value for key, value in shoe["when"].items()):
                total[shoe["name"]] += run.counted_km
                break
    return total
