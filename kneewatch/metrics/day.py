"""The runner's own day of an activity. The local day decides the week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import tzfpy

from kneewatch.model import Activity, Track


@dataclass(frozen=True)
class Moment:
    """A start, in UTC and on the runner's wall clock.

    Attributes
    ----------
    start : datetime
        Aware UTC.
    local : datetime
        Naive wall-clock time.
    day_from : str
        What the wall clock was taken from.
    """

    start: datetime
    local: datetime
    day_from: str


def local_moment(activity: Activity, track: Track, home_timezone: str | None) -> Moment:
    """Start of an activity on the runner's wall clock.

    Taken from the file's own local time, else the zone of the first position, else the home
    time zone, else the machine's.

    Parameters
    ----------
    activity : Activity
    track : Track
        ``lat_deg``, ``lon_deg`` where there are positions [deg].
    home_timezone : str or None
        From ``kneewatch.toml``.
    """
    start = activity.start
    if start.tzinfo is None:
        return Moment(_to_utc(start, home_timezone), start, "file")
    if activity.utc_offset_s is not None:
        local = (start + timedelta(seconds=activity.utc_offset_s)).replace(tzinfo=None)
        return Moment(start, local, "file")
    zone = zone_of_first_position(track)
    if zone:
        return Moment(start, start.astimezone(ZoneInfo(zone)).replace(tzinfo=None), "position")
    local = start.astimezone(ZoneInfo(home_timezone) if home_timezone else None)
    day_from = "home_timezone" if home_timezone else "machine"
    return Moment(start, local.replace(tzinfo=None), day_from)


def _to_utc(local: datetime, home_timezone: str | None) -> datetime:
    if home_timezone:
        local = local.replace(tzinfo=ZoneInfo(home_timezone))
    # A naive time is taken by astimezone as one of the machine's zone.
    return local.astimezone(UTC)


def zone_of_first_position(track: Track) -> str:
    """Name of the time zone in which a track begins, empty where it has no position."""
    if "lat_deg" not in track:
        return ""
    lat, lon = track["lat_deg"], track["lon_deg"]
    # A receiver without a fix may write zeros; comparisons leave out NaN.
    placed = np.flatnonzero((np.abs(lat) <= 90) & (np.abs(lon) <= 180) & ((lat != 0) | (lon != 0)))
    if not len(placed):
        return ""
    return str(tzfpy.get_tz(float(lon[placed[0]]), float(lat[placed[0]])))
