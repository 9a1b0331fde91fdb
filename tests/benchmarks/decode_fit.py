"""How fast FIT files become columns, side by side with other decoders: ``decode_fit.py FOLDER``.

Each candidate reads the file from disk, checks its checksum and hands over the records as
float64 columns; the medians are of CPU time. ``FOLDER`` is a folder of real files; those of its
subfolder ``fit`` are the mixed set, and those of ``other_sports_sample`` with heart beats between
the records the modern watches. fitfast and pyfitparsernative take part where they are installed;
no candidate is shown a file that any of them cannot read.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from side_by_side import medians, table

from kneewatch.readers.fit import careful
from kneewatch.readers.fit.assemble import USES
from kneewatch.readers.fit.crc import crc16
from kneewatch.readers.fit.decode import chain
from kneewatch.readers.fit.walk import Walker

Candidate = Callable[[Path], object]

RECORDS_A_SET = 60_000
COLUMNS = {"record": USES["record"]}


def bytes_alone(path: Path) -> object:
    return path.read_bytes()


def with_crc(path: Path) -> object:
    return crc16(path.read_bytes())


def with_walk(path: Path) -> object:
    data = path.read_bytes()
    crc16(data)
    return Walker(data, len(data) - 2, lambda layout: layout.name in USES).run(data[0])


def candidates() -> dict[str, Candidate]:
    """All that are installed, by name."""
    found: dict[str, Candidate] = {
        "fitdecode": lambda path: careful.decode(path.read_bytes()),
        "ours, columns of the product": lambda path: chain(path.read_bytes(), COLUMNS),
        "ours, and its other messages": lambda path: chain(path.read_bytes(), USES),
        "ours, all columns of records": lambda path: chain(path.read_bytes(), {"record": None}),
        "ours, everything": lambda path: chain(path.read_bytes()),
        "floor: bytes read": bytes_alone,
        "floor: and checksum": with_crc,
        "floor: and header walk": with_walk,
    }
    for module, function in (("fitfast", "records"), ("pyfitparsernative", "parse_fit_bytes")):
        try:
            decoder = getattr(importlib.import_module(module), function)
        except ImportError:
            continue
        found[f"{module}, {function}"] = partial(_from_bytes, decoder)
    return found


def _from_bytes(decoder: Callable[[bytes], object], path: Path) -> object:
    return decoder(path.read_bytes())


def readable(paths: list[Path], by: dict[str, Candidate]) -> Iterator[Path]:
    """Files that all candidates can read; the others are named."""
    for path in paths:
        failed = [name for name, candidate in by.items() if not _works(candidate, path)]
        if failed:
            sys.stdout.write(f"left out, {', '.join(failed)} failed: {path.name}\n")
        else:
            yield path


def _works(candidate: Candidate, path: Path) -> bool:
    try:
        candidate(path)
    # A panic of Rust is no Exception.
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return False
    return True


def run_set(title: str, paths: list[Path]) -> None:
    """Time one set of files, file by file and candidate by candidate in turn."""
    taking_part = candidates()
    chosen, records = [], 0
    for path in readable(paths, taking_part):
        count = sum(map(len, chain(path.read_bytes())))
        if count >= 10 and records + count <= RECORDS_A_SET:
            chosen.append(path)
            records += count
    runs = {name: partial(_all, candidate, chosen) for name, candidate in taking_part.items()}
    sys.stdout.write(f"\n{title}: {len(chosen)} files, {records:,} records\n")
    sys.stdout.write(table(medians(runs), records, "record", "fitdecode") + "\n")


def _all(candidate: Candidate, paths: list[Path]) -> None:
    for path in paths:
        candidate(path)


def main() -> None:
    """Print a table for each set."""
    folder = Path(sys.argv[1])
    run_set("mixed", sorted(folder.glob("fit/**/*.fit"), key=lambda path: path.stat().st_size))
    run_set("modern watches", sorted(folder.glob("**/other_sports_sample/*.fit")))


if __name__ == "__main__":
    main()
