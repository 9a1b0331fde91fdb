"""An import on a Dask cluster of separate processes gives what the pool gives, byte for byte."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from distributed import Client, LocalCluster

import kneewatch
from kneewatch.config import Config
from kneewatch.ingest import Ingested, ingest
from kneewatch.workers import cluster

# Dask's own business.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as workers:
        yield workers.scheduler_address


def bytes_of(found: Ingested) -> list[bytes]:
    """Each row as bytes, floats to the last bit."""
    return [b"|".join(_bytes(name, row[name]) for name in sorted(row)) for row in found.rows]


def _bytes(name: str, value: object) -> bytes:
    exact = value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode()
    return name.encode() + b"=" + exact


def test_a_cluster_gives_the_rows_of_the_pool(sample: Path, address: str) -> None:
    config = Config(home_timezone="Europe/Berlin")
    pool = ingest([sample], config, jobs=2)
    with cluster(address) as (executor, threads):
        assert threads == 2
        found = ingest([sample], config, executor=executor, jobs=threads)
    assert len(pool.rows) > 60
    assert bytes_of(found) == bytes_of(pool)
    assert found.tally == pool.tally


def test_the_command_reads_on_a_cluster(sample: Path, address: str) -> None:
    command = [sys.executable, "-m", "kneewatch", "runs", str(sample), "--json", "--no-cache"]
    here = subprocess.run(command, capture_output=True, check=True)
    there = subprocess.run([*command, "--scheduler", address], capture_output=True, check=True)
    assert there.stdout == here.stdout
    assert there.stderr == b""


def test_a_squad_is_shared_out_as_the_readme_has_it(
    sample: Path, address: str, tmp_path: Path
) -> None:
    readme = (sample.parent / "README.md").read_text("utf-8")
    [code] = [code for code in re.findall(r"```python\n(.*?)```", readme, re.S) if "client" in code]
    athletes = ["ann", "bob"]
    for athlete in athletes:
        shutil.copytree(sample, tmp_path / "squad" / athlete)
    # The sample ends on this day. Its workers are where the files are.
    code = code.replace("date.today()", "date(2025, 11, 2)")
    code = code.replace('f"squad/', f'f"{tmp_path}/squad/').replace(
        'f"scratch/', f'f"{tmp_path}/scratch/'
    )
    with Client(address, set_as_default=False) as client:
        names = {"kw": kneewatch, "client": client, "athletes": athletes}
        exec(code, names)
    assert names["levels"] == ["clear-jump"] * 2
    assert (tmp_path / "scratch" / "ann" / "rows.sqlite").exists()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nonsense", "'nonsense' is no scheduler's address such as 'tcp://10.0.0.1:8786'"),
        ("tcp://127.0.0.1:1", "no Dask scheduler answers at 'tcp://127.0.0.1:1'"),
        ("127.0.0.1:99999999", "no Dask scheduler answers at '127.0.0.1:99999999'"),
    ],
)
def test_no_scheduler_is_the_users_error(sample: Path, address: str, said: str) -> None:
    command = [sys.executable, "-m", "kneewatch", "check", str(sample)]
    done = subprocess.run(
        [*command, "--scheduler", address], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"kneewatch: {said}")
    assert done.stderr.count("\n") == 1
