"""The report folder: a page, data, text and charts, each file whole or not there."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from kneewatch.errors import UsageError
from kneewatch.model import Tally
from kneewatch.picture import Picture
from kneewatch.report import draw, felt, html, markdown, payload
from kneewatch.rules.facts import Facts, Review

MARK = b'<meta name="generator" content="kneewatch">'


def write(
    folder: Path,
    review: Review,
    facts: Facts,
    tally: Tally,
    charts: Mapping[str, Picture],
    profiles: Mapping[str, Picture] | None = None,
) -> list[Path]:
    """Write index.html, report.json, report.md and charts/*.png, in place of an earlier day's.

    Parameters
    ----------
    folder : Path
        Made if it is not there. Charts that the earlier report there shows and this one does not
        go; other files in it stay as they are.
    charts : mapping of str to Picture
        By name.
    profiles : mapping of str to Picture, optional
        By run id.

    Returns
    -------
    list of Path
        The files, the page first.

    Raises
    ------
    UsageError
        If the folder is a file, cannot be written, or holds files of another maker by the names
        of ours.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; expected a folder for the report, name another")
    if felt.flagged(review):
        # Nothing of the training stands beside a red flag.
        charts, profiles = {}, {}
    files = list(_files(review, facts, tally, charts, profiles or {}))
    foreign = next((name for name, _ in files if (folder / name).exists()), None)
    if foreign is not None and not _is_report(folder):
        raise UsageError(
            f"{folder / foreign} is there and no report of kneewatch; name another folder"
        )
    earlier = _charts_of(folder)
    try:
        written = [_put(folder / name, data) for name, data in files]
        _clear_away(folder, earlier - {name for name, _ in files})
        return written
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            f"{folder}: the report cannot be written: {reason}; name another folder"
        ) from error


def _files(
    review: Review,
    facts: Facts,
    tally: Tally,
    charts: Mapping[str, Picture],
    profiles: Mapping[str, Picture],
) -> Iterator[tuple[Path, bytes]]:
    page = html.render(review, facts, tally, charts, profiles)
    yield Path("index.html"), _utf8(page)
    yield Path("report.json"), _utf8(payload.dumps(payload.report(review, facts, tally)) + "\n")
    yield Path("report.md"), _utf8(markdown.render(review, facts, tally, charts))
    named = {**charts, **{f"profile-{run}": picture for run, picture in profiles.items()}}
    for name, picture in named.items():
        chart = Path(markdown.CHARTS, markdown.chart_file(name))
        yield chart, draw.png(picture, facts.config.units)


def _is_report(folder: Path) -> bool:
    """Whether an earlier report of ours lies there, which may be written over."""
    try:
        with (folder / "index.html").open("rb") as page:
            return MARK in page.read(4096)
    except OSError:
        return False


def _charts_of(folder: Path) -> set[Path]:
    """The charts that an earlier report of ours shows by name: those it wrote, and no others."""
    if not _is_report(folder):
        return set()
    page = (folder / "index.html").read_text("utf-8", "replace")
    try:
        text = (folder / "report.md").read_text("utf-8", "replace")
    except OSError:
        text = ""
    linked = re.findall(rf"\]\({markdown.CHARTS}/([A-Za-z0-9_-]+\.png)\)", text)
    profiles = re.findall(r'<figure id="(profile-[A-Za-z0-9_-]+)">', page)
    names = [*linked, *(f"{profile}.png" for profile in profiles)]
    return {Path(markdown.CHARTS, name) for name in names}


def _clear_away(folder: Path, charts: set[Path]) -> None:
    """Delete charts, and their folder where nothing else is in it."""
    for name in charts:
        (folder / name).unlink(missing_ok=True)
    with suppress(OSError):
        (folder / markdown.CHARTS).rmdir()


def _utf8(text: str) -> bytes:
    # Half a surrogate pair, from a file name that is not UTF-8, must not cost the whole report.
    return text.encode("utf-8", "replace")


def _put(path: Path, data: bytes) -> Path:
    """Write beside, then replace: a reader never meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return path
