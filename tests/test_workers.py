from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from labour import die_of_each, die_of_thirteen, double, lost

from kneewatch.workers import Crew, cpus, cut


def chunked(count: int, size: int = 3) -> Iterator[list[int]]:
    return cut(range(count), lambda item: 1, size, size)


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_the_order_of_the_items(jobs: int) -> None:
    crew = Crew(double, lost, jobs)
    assert list(crew.results(chunked(100))) == double(range(100))


def test_no_work_is_no_trouble() -> None:
    assert list(Crew(double, lost, 2).results([])) == []


@pytest.mark.parametrize("jobs", [2, 3])
def test_a_worker_that_dies_costs_one_item(jobs: int) -> None:
    found = list(Crew(die_of_thirteen, lost, jobs).results(chunked(60)))
    assert found == [*double(range(13)), "lost 13", *double(range(14, 60))]


def test_workers_that_all_die_cost_all_items_and_no_more() -> None:
    assert list(Crew(die_of_each, lost, 2).results(chunked(5))) == [f"lost {n}" for n in range(5)]


def test_somebody_elses_workers_do_the_work() -> None:
    with ThreadPoolExecutor(2) as executor:
        crew = Crew(double, lost, 2, executor)
        assert list(crew.results(chunked(50))) == double(range(50))
        # It is not ours to end.
        assert executor.submit(os.getpid).result() == os.getpid()


def test_somebody_elses_pool_that_breaks_costs_one_item() -> None:
    with ProcessPoolExecutor(2) as executor:
        found = list(Crew(die_of_thirteen, lost, 2, executor).results(chunked(60)))
        with pytest.raises(BrokenProcessPool):
            executor.submit(os.getpid).result()
    assert found == [*double(range(13)), "lost 13", *double(range(14, 60))]


class Flaky(Executor):
    """An executor that fails what it is given once, as a cluster that loses a worker."""

    def __init__(self) -> None:
        self.calls = 0

    def submit(self, work, /, *given, **named):  # type: ignore[no-untyped-def]
        self.calls += 1
        future: Future[object] = Future()
        if self.calls == 2:
            future.set_exception(ConnectionError("a worker has gone"))
        else:
            future.set_result(work(*given, **named))
        return future


def test_a_chunk_that_failed_is_done_again() -> None:
    assert list(Crew(double, lost, 2, Flaky()).results(chunked(20))) == double(range(20))


@given(st.lists(st.integers(0, 50)), st.integers(1, 60), st.integers(1, 8))
def test_chunks_hold_all_items_in_order(weights: list[int], most: int, count: int) -> None:
    chunks = list(cut(weights, lambda weight: weight, most, count))
    assert [item for chunk in chunks for item in chunk] == weights
    assert all(len(chunk) <= count for chunk in chunks)
    assert all(sum(chunk) <= most or len(chunk) == 1 for chunk in chunks)


def test_there_is_a_cpu() -> None:
    assert 1 <= cpus() <= (os.cpu_count() or 1)


# The end of the parent ---------------------------------------------------------------------------

SCRIPT = """
import sys, time
from kneewatch.workers import Crew

def work(chunk):
    time.sleep(0.05)
    return list(chunk)

def lost(item, error):
    return -1

if __name__ == "__main__":
    for result in Crew(work, lost, 2).results([[n] for n in range(100_000)]):
        print(result, flush=True)
"""


def started(tmp_path: Path) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
    """A process with two workers, busy."""
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(SCRIPT), "utf-8")
    # A session of its own, for a Ctrl-C that reaches all of it and nobody else.
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "0\n"
    workers = psutil.Process(process.pid).children(recursive=True)
    assert len(workers) >= 2
    return process, workers


def gone(workers: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(workers, timeout=20)
    return not [worker for worker in alive if worker.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_leaves_no_process(tmp_path: Path) -> None:
    process, workers = started(tmp_path)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode != 0
    assert said.strip().endswith("KeyboardInterrupt")
    # The workers say nothing of it.
    assert said.count("Traceback") == 1
    assert gone(workers)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_workers_go_when_their_parent_is_killed(tmp_path: Path) -> None:
    process, workers = started(tmp_path)
    time.sleep(0.2)
    process.kill()
    process.communicate(timeout=30)
    assert gone(workers)
