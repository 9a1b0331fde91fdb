"""Exports and watches on this machine: the folder for downloads, and what is plugged in.

An export is known by what lies inside it, never by its name. Nothing is unpacked, and of a folder
no more than its first few thousand names are looked at.
"""

from __future__ import annotations

import os
import re
import shlex
import string
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path

ENOUGH_NAMES = 20_000
"""Names of a folder or an archive that are looked at."""

DEEP = 4
"""Folders within folders that are looked at."""

ACTIVITY = re.compile(r"\.(fit|gpx|tcx|kml|kmz)(\.gz)?$", re.IGNORECASE)

KINDS: Mapping[str, re.Pattern[str]] = {
    # By the paths inside, the first that fits; all in lower case.
    "Garmin account export": re.compile(r"(^|/)di_connect/"),
    "Strava export": re.compile(r"^activities\.csv$|(^|/)activities/\d+\.(fit|gpx|tcx)"),
    "Apple Health export": re.compile(r"(^|/)apple_health_export/|(^|/)workout-routes/"),
    "Runkeeper export": re.compile(r"(^|/)cardioactivities\.csv$"),
    "Polar export": re.compile(r"(^|/)training-session[-_].*\.json$"),
    "Garmin watch": re.compile(r"^(garmin/)?(activity/.*\.fit|garmindevice\.xml)$"),
    "Suunto export": re.compile(r"(^|/)(summary|samples)\.json$|-running\.json$"),
    "Nike export": re.compile(r"(^|/)activities/[0-9a-f-]{36}\.json$"),
}

ACTIVITY_FILES = "activity files"


@dataclass(frozen=True)
class Found:
    """Something on this machine that holds activities.

    Attributes
    ----------
    path : Path
        The export, or the folder in which single files lie.
    kind : str
        Whose export it is, in words.
    files : int
        Files that may hold an activity, as far as names tell.
    size : int
        Bytes.
    changed : date
        Its last change.
    singles : tuple of Path
        The files of single activities, where it is these.
    """

    path: Path
    kind: str
    files: int
    size: int
    changed: date
    singles: tuple[Path, ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        """What to read."""
        return self.singles or (self.path,)

    @property
    def command(self) -> str:
        """What to type to have its report."""
        if not self.singles:
            return f"kneewatch report {shlex.quote(str(self.path))}"
        found = (ACTIVITY.search(path.name) for path in self.singles)
        ends = sorted({match[0] for match in found if match})
        folder = shlex.quote(str(self.path))
        return f"kneewatch report {' '.join(f'{folder}/*{end}' for end in ends)}"


def look_around(places: Iterable[Path] | None = None) -> list[Found]:
    """Exports in the folder for downloads and on mounted watches, the newest first.

    Parameters
    ----------
    places : iterable of Path, optional
        Folders to look in, instead of those of this machine. What lies directly in one is an
        export or a folder of its own; files of single activities in one count together.
    """
    found: list[Found] = []
    for place in downloads() if places is None else places:
        found += _in_folder(place)
    for mount in mounts() if places is None else ():
        seen = recognise(mount)
        found += [seen] if seen else []
    unique = {(item.path.resolve(), item.kind): item for item in found}
    return sorted(unique.values(), key=lambda item: (item.changed, item.path.name), reverse=True)


def downloads() -> list[Path]:
    """The folder for downloads, under the name that this system gives it."""
    home = Path.home()
    told = [home / "Downloads"]
    try:
        text = (home / ".config" / "user-dirs.dirs").read_text("utf-8", "replace")
    except OSError:
        text = ""
    if match := re.search(r'^XDG_DOWNLOAD_DIR="(.+)"\s*$', text, re.MULTILINE):
        told.insert(0, Path(match[1].replace("$HOME", str(home))))
    return [place for place in dict.fromkeys(told) if place.is_dir()]


def mounts() -> list[Path]:
    """What is plugged in: memory sticks, and watches that show themselves as one."""
    if sys.platform == "win32":
        drives = [Path(f"{letter}:/") for letter in string.ascii_uppercase[3:]]
        return [drive for drive in drives if drive.is_dir()]
    roots = [Path("/Volumes")] if sys.platform == "darwin" else _linux_roots()
    return [mount for root in roots for mount in _folders(root) if os.path.ismount(mount)]


def _linux_roots() -> list[Path]:
    user = os.environ.get("USER", "")
    roots = [Path("/media"), Path("/media", user), Path("/run/media", user), Path("/mnt")]
    if hasattr(os, "getuid"):
        # Watches that speak MTP, as the desktop mounts them.
        roots.append(Path(f"/run/user/{os.getuid()}/gvfs"))
    return [root for root in dict.fromkeys(roots) if root.is_dir()]


def _folders(root: Path) -> list[Path]:
    try:
        return sorted(path for path in root.iterdir() if path.is_dir())
    except OSError:
        return []


def _in_folder(place: Path) -> Iterator[Found]:
    singles = []
    try:
        entries = sorted(place.iterdir())
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if ACTIVITY.search(entry.name) and entry.is_file():
            singles.append(entry)
        elif seen := recognise(entry):
            yield seen
    if singles:
        stats = [path.stat() for path in singles]
        newest = max(stat.st_mtime for stat in stats)
        size = sum(stat.st_size for stat in stats)
        kind = f"single {ACTIVITY_FILES}"
        yield Found(place, kind, len(singles), size, _day(newest), tuple(singles))


def recognise(path: Path) -> Found | None:
    """What a file or folder is, None if it holds no activity that names would tell of.

    Parameters
    ----------
    path : Path
        A zip, a folder, or an ``export.xml`` of Apple's.
    """
    try:
        if path.is_dir():
            names, size, changed = _listed(path)
        else:
            stat = path.stat()
            names, size, changed = _members(path), stat.st_size, stat.st_mtime
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    kind = kind_of(names)
    if not kind:
        return None
    files = sum(bool(ACTIVITY.search(name)) for name in names)
    return Found(path, kind, files, size, _day(changed))


def kind_of(names: Sequence[str]) -> str:
    """Whose export holds these paths; empty if no name speaks of an activity."""
    # Strava's table begins with a small letter, Garmin Connect's with a capital.
    lower = [
        name if name.rpartition("/")[2] == "Activities.csv" else name.lower() for name in names
    ]
    # A folder or zip that holds just one folder is that folder.
    tops = {name.partition("/")[0] for name in lower}
    inner = [name.partition("/")[2] for name in lower] if len(tops) == 1 else []
    for kind, pattern in KINDS.items():
        if any(pattern.search(name) for name in (*lower, *inner)):
            return kind
    return ACTIVITY_FILES if any(ACTIVITY.search(name) for name in lower) else ""


def _members(path: Path) -> list[str]:
    with path.open("rb") as stream:
        head = stream.read(4096)
    if b"<HealthData" in head:
        return ["apple_health_export/export.xml"]
    if not head.startswith(b"PK"):
        return []
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()[:ENOUGH_NAMES]


def _listed(folder: Path) -> tuple[list[str], int, float]:
    """Paths in a folder, their bytes, and the last change of any."""
    names: list[str] = []
    size, changed = 0, folder.stat().st_mtime
    for path in islice(_walk(folder), ENOUGH_NAMES):
        try:
            stat = path.stat()
        except OSError:
            continue
        names.append(path.relative_to(folder).as_posix())
        size += stat.st_size
        changed = max(changed, stat.st_mtime) if len(names) > 1 else stat.st_mtime
    return names, size, changed


def _walk(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        depth = len(Path(here).relative_to(folder).parts)
        folders[:] = sorted(n for n in folders if not n.startswith(".") and depth < DEEP)
        yield from (Path(here, name) for name in sorted(files) if not name.startswith("."))


def _day(timestamp: float) -> date:
    return datetime.fromtimestamp(timestamp).date()
