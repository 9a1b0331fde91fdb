"""What ground a track was run on, from extracts of OpenStreetMap that lie on this machine.

``classes`` is the one table from tags to a class of ground, ``extract`` and ``index`` make a map
to look things up in, ``store`` keeps it beside the cache, ``stretch``, ``nearby`` and ``match``
find the ways that were run on.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from kneewatch.ground.match import UNKNOWN, Codes, match_track
from kneewatch.ground.store import Map, clear, info, make, maps, opened
from kneewatch.model import Floats

__all__ = ["Ground", "Map", "clear", "ground_of", "info", "make", "maps"]


class Ground:
    """What some maps know of the ground.

    Parameters
    ----------
    wanted : tuple of Map
    """

    def __init__(self, wanted: tuple[Map, ...]) -> None:
        self._indexes = [opened(item) for item in wanted]

    def __call__(self, lat_deg: Floats, lon_deg: Floats, time_s: Floats, segment: Floats) -> Codes:
        """Class of ground at each point, of the first map that knows it: see ``match_track``."""
        codes = np.full(len(lat_deg), UNKNOWN, dtype=np.uint8)
        for index in self._indexes:
            if not (codes == UNKNOWN).any():
                break
            found = match_track(index, lat_deg, lon_deg, time_s, segment)
            codes = np.where(codes == UNKNOWN, found, codes)
        return codes


@lru_cache(maxsize=4)
def ground_of(wanted: tuple[Map, ...]) -> Ground | None:
    """What some maps know, opened once a process; None for no maps."""
    return Ground(wanted) if wanted else None
