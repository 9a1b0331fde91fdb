"""How our columns of every real FIT file compare with fitdecode's: ``equal_fit.py FOLDER``.

Takes some minutes for the 719 files of the corpus, nearly all of it fitdecode's.
"""

from __future__ import annotations

import gzip
import io
import multiprocessing
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from kneewatch.readers.fit import careful
from kneewatch.readers.fit.contents import FitFile
from kneewatch.readers.fit.decode import chain

Column = np.ndarray[Any, np.dtype[np.float64]]

RELATIVE = 1e-9


@dataclass
class Comparison:
    """What was compared of one file: values of its records, and its other messages."""

    values: int = 0
    equal: int = 0
    messages: int = 0
    records: int = 0
    differences: list[str] = field(default_factory=list)


def compare(data: bytes) -> Comparison:
    """Every column and every message of ours with fitdecode's, NaN being equal to NaN."""
    return compare_files(chain(data), careful.decode(data))


def compare_files(ours: list[FitFile], theirs: list[FitFile]) -> Comparison:
    result = Comparison()
    if len(ours) != len(theirs):
        result.differences.append(f"files: {len(ours)}, fitdecode {len(theirs)}")
    for number, (our, their) in enumerate(zip(ours, theirs, strict=False)):
        where = f"file {number}: " if len(ours) > 1 else ""
        if our.damage != their.damage:
            result.differences.append(f"{where}damage {our.damage!r}, fitdecode {their.damage!r}")
        if len(our) != len(their):
            result.differences.append(f"{where}records: {len(our)}, fitdecode {len(their)}")
        result.records += len(our)
        for name in sorted(our.records.keys() | their.records.keys()):
            _compare_column(result, where + name, our.records.get(name), their.records.get(name))
        for name in sorted(our.messages.keys() | their.messages.keys()):
            _compare_messages(result, where + name, our, their, name)
    return result


def _compare_column(
    result: Comparison, name: str, our: Column | None, their: Column | None
) -> None:
    if our is None or their is None:
        owner, column = ("fitdecode", their) if our is None else ("ours", our)
        result.differences.append(f"{name}: only {owner} has it")
        result.values += 0 if column is None else len(column)
        return
    size = min(len(our), len(their))
    our, their = our[:size], their[:size]
    same = np.isclose(our, their, rtol=RELATIVE, atol=0, equal_nan=True)
    result.values += size
    result.equal += int(same.sum())
    if not same.all():
        at = int(np.flatnonzero(~same)[0])
        result.differences.append(
            f"{name}: {int((~same).sum())} of {size}, first {our[at]}, fitdecode {their[at]}"
        )


def _compare_messages(
    result: Comparison, where: str, our: FitFile, their: FitFile, name: str
) -> None:
    mine, others = our.messages.get(name, []), their.messages.get(name, [])
    if len(mine) != len(others):
        result.differences.append(f"{where}: {len(mine)} messages, fitdecode {len(others)}")
    for one, other in zip(mine, others, strict=False):
        result.messages += 1
        wrong = {
            key: (one.get(key), other.get(key))
            for key in one.keys() | other.keys()
            if one.get(key) != other.get(key)
        }
        if wrong:
            result.differences.append(f"{where}: {wrong}")


def fit_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """All FIT files below a folder, also compressed ones and those in archives."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield from unpacked(str(path.relative_to(folder)), path)


def unpacked(name: str, path: Path) -> Iterator[tuple[str, bytes]]:
    lower = name.lower()
    if lower.endswith(".fit"):
        yield name, path.read_bytes()
    elif lower.endswith(".fit.gz"):
        yield name, gzip.decompress(path.read_bytes())
    elif lower.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            for member in archive.namelist():
                if member.lower().endswith(".fit"):
                    yield f"{name}/{member}", archive.read(member)


def _compared(item: tuple[str, bytes]) -> tuple[str, Comparison]:
    return item[0], compare(item[1])


def main() -> None:
    """Compare all, and print the counts and each difference by the name of its file."""
    folder = Path(sys.argv[1])
    total: Counter[str] = Counter()
    with multiprocessing.Pool(2) as pool:
        for name, result in pool.imap_unordered(_compared, fit_files(folder)):
            total["files"] += 1
            total["files equal in all"] += not result.differences
            total["records"] += result.records
            total["values compared"] += result.values
            total["values equal"] += result.equal
            total["other messages compared"] += result.messages
            for line in result.differences:
                sys.stdout.write(f"{name}: {line}\n")
    for what, number in total.items():
        sys.stdout.write(f"{number:12,} {what}\n")


if __name__ == "__main__":
    main()
