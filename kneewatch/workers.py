"""Work given out to processes, here or elsewhere, whose deaths cost one item and not the work.

Nothing in here knows what the work is.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from typing import Generic, TypeVar

from kneewatch.errors import UsageError

Item = TypeVar("Item")
Result = TypeVar("Result")

CHUNKS_AHEAD = 4
"""Chunks that wait for each worker, so that none stands idle."""

CONNECT_S = 10
"""A scheduler that has not answered by then is taken for absent [s]."""


class Crew(Generic[Item, Result]):
    """Workers that turn items into results, in order.

    Parameters
    ----------
    work : callable
        From a chunk of items to its results, one each. It never raises: an error is always one
        of the worker and not of the work.
    lost : callable
        The result of an item whose worker died of it, told the item and the error.
    jobs : int
        Processes to start, or workers that ``executor`` has; with 1 and no executor the work is
        done here.
    executor : concurrent.futures.Executor, optional
        Somebody else's workers, instead of processes of our own.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], list[Result]],
        lost: Callable[[Item, Exception], Result],
        jobs: int,
        executor: Executor | None = None,
    ) -> None:
        self._work = work
        self._lost = lost
        self._jobs = jobs
        self._executor = executor
        self._own: ProcessPoolExecutor | None = None
        # A worker that comes here runs a script without a main guard, which would go on so.
        if executor is None and jobs > 1 and multiprocessing.parent_process() is None:
            self._start()

    def results(self, chunks: Iterable[Sequence[Item]]) -> Generator[Result, None, None]:
        """Results in the order of the items, however the chunks are cut."""
        waiting: deque[tuple[Sequence[Item], Future[list[Result]] | None]] = deque()
        try:
            for chunk in chunks:
                waiting.append((chunk, self._submit(chunk)))
                while len(waiting) > CHUNKS_AHEAD * self._jobs:
                    yield from self._fetch(*waiting.popleft())
            while waiting:
                yield from self._fetch(*waiting.popleft())
        finally:
            for _, future in waiting:
                if future is not None:
                    future.cancel()
            self._stop()

    def _start(self) -> None:
        self._executor = self._own = ProcessPoolExecutor(
            self._jobs, mp_context=_context(), initializer=_stand_by
        )

    def _stop(self) -> None:
        if self._own is not None:
            self._own.shutdown(cancel_futures=True)

    def _submit(self, chunk: Sequence[Item]) -> Future[list[Result]] | None:
        """The promise of a chunk's results; None where the work is done here."""
        if self._executor is None:
            return None
        try:
            return self._executor.submit(self._work, chunk)
        except Exception as error:
            failed: Future[list[Result]] = Future()
            failed.set_exception(error)
            return failed

    def _fetch(
        self, chunk: Sequence[Item], future: Future[list[Result]] | None
    ) -> Iterable[Result]:
        if future is None:
            return self._work(chunk)
        try:
            return future.result()
        except Exception:
            return self._one_by_one(chunk)

    def _one_by_one(self, chunk: Sequence[Item]) -> Iterator[Result]:
        """The results of a chunk whose worker died: each item alone, to find the one it died of."""
        for item in chunk:
            self._recover()
            future = self._submit([item])
            try:
                [result] = self._work([item]) if future is None else future.result()
            except Exception as error:
                result = self._lost(item, error)
            yield result

    def _recover(self) -> None:
        """See to it that somebody does the work: these workers, new ones, or this process."""
        if self._executor is None or self._answers():
            return
        self._stop()
        self._start()
        # A plain script without a main guard cannot start any where processes are not forked.
        if not self._answers():
            self._stop()
            self._executor = self._own = None

    def _answers(self) -> bool:
        try:
            return self._executor is not None and self._executor.submit(os.getpid).result() > 0
        except Exception:
            return False


def cut(
    items: Iterable[Item], weigh: Callable[[Item], int], most: int, count: int
) -> Iterator[list[Item]]:
    """Chunks of at most ``count`` items that weigh no more than ``most``, or of one heavier."""
    chunk: list[Item] = []
    weight = 0
    for item in items:
        heavy = weigh(item)
        if chunk and (weight + heavy > most or len(chunk) >= count):
            yield chunk
            chunk, weight = [], 0
        chunk.append(item)
        weight += heavy
    if chunk:
        yield chunk


def cpus() -> int:
    """CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """The workers of a Dask cluster that runs already, and how many threads they have.

    Parameters
    ----------
    address : str
        Of its scheduler, ``tcp://10.0.0.1:8786``.

    Raises
    ------
    UsageError
        If Dask is not installed or no scheduler answers.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError("a Dask cluster needs Dask: pip install 'kneewatch[dask]'") from error
    match = re.fullmatch(r"(?:\w+://)?\[?([^/\[\]]+?)\]?:(\d+)", address)
    if not match:
        raise UsageError(f"{address!r} is no scheduler's address such as 'tcp://10.0.0.1:8786'")
    try:
        # Asked first, since Dask's own client goes on trying.
        socket.create_connection((match[1], int(match[2])), timeout=CONNECT_S).close()
        client = Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, OverflowError, ValueError) as error:
        raise UsageError(f"no Dask scheduler answers at {address!r}: {error}") from error
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise UsageError(f"the Dask scheduler at {address!r} has no workers")
        yield client.get_executor(), threads


def _stand_by() -> None:
    """Leave Ctrl-C to the parent, and go when it goes: a killed one cannot say good-bye."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_go_with, args=(parent.sentinel,), daemon=True).start()


def _go_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _context() -> BaseContext:
    """How to start workers.

    Forking works from a plain script without a main guard, but can hang in a process that runs
    threads, as a notebook does; starting anew cannot.
    """
    if sys.platform == "linux":
        return multiprocessing.get_context(
            "fork" if threading.active_count() == 1 else "forkserver"
        )
    return multiprocessing.get_context("spawn")
