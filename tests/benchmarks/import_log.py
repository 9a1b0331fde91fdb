"""What importing a log costs, measured from outside: every figure is a ``python -m kneewatch``.

``python tests/benchmarks/import_log.py [--only cold,warm,help,linear,corpus] [--data DIR]``

cold
    The made-up athlete of ``athlete.py``, from a folder and from one zip, with two workers and
    with one, each into an empty cache folder. ``runs --json`` is the verb, since it has to read
    every file; that it gave as many rows as there are files is checked. "Cold" is kneewatch's
    cache; the files themselves are read once before, so that no disk is measured.
warm
    The second ``check`` of the same folder, and ``python -c "import pandas"``, in turn.
help
    ``kneewatch --help``, and ``python -c "import click"``, in turn.
linear
    Whether the last tenth of many files costs more a file than the first. The difference of two
    long runs is mostly the machine's mood: 2 % of noise on 9,000 and on 10,000 files is 25 % of
    the thousand between them. So cold imports of a hundredth, 10, 30, 60, 90 and 100 % of the
    files (hard links, spread evenly over the ten years) are fitted with
    ``start + a * files + b * files**2``, which uses all of them, on CPU time of all processes,
    which others on the machine disturb less than the wall clock; of several rounds the least of
    each size counts, since others can only add; sizes go up in one round and down in the next.
    The ratio is that curve's last tenth over its first, with the 90 % interval that the fit
    leaves; the plain difference of the measured times stands beside it. In simulations 2 % of
    noise moves the fitted ratio by 3 % (standard deviation) and the plain one by 17 %.
corpus
    A real log of 635 files: ``runs --json`` with one worker and with two, and a bare loop of
    fitdecode over the same files in one process, in turn; the whole commands, and the import
    without the start of Python and pandas, which a log of one run takes. The loop takes a minute;
    ``--fitdecode-sample K`` reads every K-th file and scales by bytes.

Wall time ends with the command. CPU time is that of all its processes. Peak memory is that of
the largest single process, pages that workers share with their parent counted in each; both are
what the kernel hands over with each dead process (``wait4``), not samples. Machines differ and
others may be working on this one: only ratios within one run mean something.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from resource import struct_rusage

import numpy as np
import numpy.typing as npt
from side_by_side import medians

PYTHON = sys.executable
HERE = Path(__file__).parent
CORPUS = HERE.parents[2] / "shared" / "corpus" / "logs" / "watch_2013_2017"
KNEEWATCH = (PYTHON, "-m", "kneewatch")
RUN_MARK = b'"local_start":'
"""Stands once in the JSON of each run."""

Floats = npt.NDArray[np.float64]

SHARES = (0.01, 0.1, 0.3, 0.6, 0.9, 1.0)

BARE_LOOP = """
import gzip, sys
import fitdecode

for name in sys.argv[1:]:
    with (gzip.open if name.endswith(".gz") else open)(name, "rb") as file:
        data = file.read()
    try:
        with fitdecode.FitReader(data) as reader:
            for frame in reader:
                pass
    except fitdecode.FitError:
        pass
"""


ONE_RUN = "Date,Activity Type,Distance (km),Duration\n2024-05-01 08:00:00,Running,5.0,00:30:00\n"


@dataclass(frozen=True)
class Cost:
    """What a command took, all its processes together."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    """Of the largest single process."""
    runs: int
    """How many runs its JSON tells of."""


@dataclass(frozen=True)
class Line:
    """A line of the table."""

    part: str
    what: str
    cost: Cost | None = None
    result: str = ""


@dataclass(frozen=True)
class Asked:
    """What the command line asks for."""

    data: Path
    runs: int
    linear_runs: int
    rounds: int
    fitdecode_sample: int
    corpus: Path


# --- measuring ----------------------------------------------------------------------------------


def adopt_orphans() -> None:
    """Have processes that outlive their parent handed to this one, so that they are counted.

    A fork server's workers are nobody's children when the command has ended. Linux alone can.
    """
    if sys.platform == "linux":
        set_child_subreaper = 36
        ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)


def spend(command: Sequence[str], cache: Path | None = None) -> Cost:
    """Run a command to its end and that of all its processes."""
    settings = dict(os.environ)
    if cache:
        settings["KNEEWATCH_CACHE_DIR"] = str(cache)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=errors, env=settings)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            errors.seek(0)
            said = errors.read().decode(errors="replace")
            raise SystemExit(f"{' '.join(command)} ended with {child.returncode}:\n{said}")
        parts = [used, *_orphans()]
        out.seek(0)
        runs = sum(line.count(RUN_MARK) for line in out)
    # This process is small beside any kneewatch: a child is born with its parent's peak.
    unit = 1e6 if sys.platform == "darwin" else 1e6 / 1024
    return Cost(
        wall,
        sum(part.ru_utime + part.ru_stime for part in parts),
        max(part.ru_maxrss for part in parts) / unit,
        runs,
    )


def _orphans() -> Iterator[struct_rusage]:
    while True:
        try:
            yield os.wait4(-1, 0)[2]
        except ChildProcessError:
            return


@contextmanager
def fresh_cache() -> Iterator[Path]:
    """Give a folder for a cache that goes with everything in it."""
    with tempfile.TemporaryDirectory(prefix="kneewatch-cache-") as folder:
        yield Path(folder)


def cold(path: Path, jobs: int, *options: str) -> Cost:
    """Import into an empty cache."""
    with fresh_cache() as cache:
        return spend(
            (*KNEEWATCH, "runs", "--json", "--jobs", str(jobs), *options, str(path)), cache
        )


def in_turn(candidates: dict[str, Callable[[], Cost]], rounds: int) -> dict[str, list[Cost]]:
    """Measure each candidate once a round."""
    costs: dict[str, list[Cost]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, run in candidates.items():
            costs[name].append(run())
            _say(f"  {name}: {costs[name][-1].wall_s:.1f} s")
    return costs


def middle(costs: Sequence[Cost]) -> Cost:
    """Return the medians of times, and the highest peak."""
    return Cost(
        statistics.median(cost.wall_s for cost in costs),
        statistics.median(cost.cpu_s for cost in costs),
        max(cost.peak_mb for cost in costs),
        costs[0].runs,
    )


# --- the files ----------------------------------------------------------------------------------


def made_up(data: Path, runs: int) -> Path:
    """Return the athlete's folder, made when it is not there."""
    folder = data / f"runs{runs}"
    if not folder.is_dir():
        _say(f"  making {folder.name}")
        # In a process of its own: the peak of this one would be every child's.
        command = (PYTHON, str(HERE / "athlete.py"), str(folder), "--runs", str(runs))
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder


def made_up_zip(data: Path, runs: int) -> Path:
    """Return the athlete's zip, made when it is not there."""
    folder, archive = made_up(data, runs), data / f"runs{runs}.zip"
    if not archive.is_file():
        _say(f"  making {archive.name}")
        # Called with its own folder as the module path, as a script would be.
        program = "import sys; from pathlib import Path; import athlete; "
        program += "athlete.pack(Path(sys.argv[1]), Path(sys.argv[2]))"
        subprocess.run((PYTHON, "-c", program, str(folder), str(archive)), check=True, cwd=HERE)
    return archive


@contextmanager
def some_of(folder: Path, count: int) -> Iterator[Path]:
    """Give a folder of hard links to so many files, spread evenly over the whole."""
    files = sorted(folder.iterdir())
    # Beside the files, since links do not reach across file systems.
    with tempfile.TemporaryDirectory(prefix=".links-", dir=folder.parent) as place:
        # Hidden folders are passed over, so what is imported needs a name of its own.
        links = Path(place, "log")
        links.mkdir()
        for turn in range(count):
            file = files[turn * len(files) // count]
            os.link(file, links / file.name)
        yield links


def touch_all(folder: Path) -> None:
    """Read everything once, so that all measurements find it in memory alike."""
    for file in folder.iterdir():
        with file.open("rb") as content:
            while content.read(1 << 20):
                pass


# --- the parts ----------------------------------------------------------------------------------


def measure_cold(asked: Asked) -> Iterator[Line]:
    """Import a folder and a zip with two workers and with one."""
    folder, archive = made_up(asked.data, asked.runs), made_up_zip(asked.data, asked.runs)
    touch_all(folder)
    candidates: dict[str, Callable[[], Cost]] = {
        "folder, 2 workers": lambda: cold(folder, 2),
        "folder, 1 worker": lambda: cold(folder, 1),
        "zip, 2 workers": lambda: cold(archive, 2),
        "zip, 1 worker": lambda: cold(archive, 1),
    }
    if _knows("--no-cache"):
        candidates["folder, 2 workers, --no-cache"] = lambda: cold(folder, 2, "--no-cache")
    for name, costs in in_turn(candidates, asked.rounds).items():
        cost = middle(costs)
        rate = f"{1000 * cost.wall_s / asked.runs:.1f} ms a file{_complete(cost, asked.runs)}"
        yield Line("cold", f"{asked.runs:,} runs, {name}", cost, rate)
    yield Line("", "asked of 3,000 on 2 CPUs", None, "60 s, 400 MB")


def measure_warm(asked: Asked) -> Iterator[Line]:
    """Check a log a second time, beside importing pandas."""
    folder = made_up(asked.data, asked.runs)
    with fresh_cache() as cache:
        check = (*KNEEWATCH, "check", str(folder))
        first = spend((*KNEEWATCH, "runs", "--json", "--jobs", "2", str(folder)), cache)
        spend(check, cache)
        size = sum(file.stat().st_size for file in cache.rglob("*") if file.is_file())
        costs: list[Cost] = []
        times = medians(
            {
                "check": lambda: costs.append(spend(check, cache)),
                "pandas": lambda: spend((PYTHON, "-c", "import pandas")),
            },
            clock=time.perf_counter,
        )
    kept = f"cache {size / 1e6:.1f} MB" if size else "NO CACHE was written"
    yield Line("warm", f"{asked.runs:,} runs, the import before", first, kept)
    yield from _beside("warm", "second check", "pandas", list(times.values()), "2.5 at 3,000")
    yield Line("", "second check, all its processes", middle(costs))


def measure_help(asked: Asked) -> Iterator[Line]:
    """Print the help, beside importing click."""
    del asked
    times = medians(
        {
            "help": lambda: spend((*KNEEWATCH, "--help")),
            "click": lambda: spend((PYTHON, "-c", "import click")),
        },
        clock=time.perf_counter,
    )
    yield from _beside("help", "kneewatch --help", "click", list(times.values()), "3")


def _beside(part: str, what: str, module: str, times: list[float], limit: str) -> Iterator[Line]:
    ours, theirs = times
    yield Line(part, f"{what}, median of 7", None, f"{ours:.3f} s")
    yield Line("", f'python -c "import {module}"', None, f"{theirs:.3f} s")
    yield Line("", "ratio", None, f"{ours / theirs:.2f} (asked: at most {limit})")


def measure_linear(asked: Asked) -> Iterator[Line]:
    """Import more and more files; compare the last tenth with the first."""
    whole = made_up(asked.data, asked.linear_runs)
    touch_all(whole)
    sizes = [max(1, round(share * asked.linear_runs)) for share in SHARES]
    costs: dict[int, list[Cost]] = {size: [] for size in sizes}
    for turn in range(asked.rounds):
        for size in sizes if turn % 2 == 0 else sizes[::-1]:
            with some_of(whole, size) as folder:
                costs[size].append(cold(folder, 2))
            _say(f"  {size:,} files: {costs[size][-1].cpu_s:.1f} s CPU")
    for size, taken in costs.items():
        cost = middle(taken)
        rate = f"{1000 * cost.cpu_s / size:.2f} ms CPU a file{_complete(cost, size)}"
        yield Line("linear", f"{size:,} runs, folder, 2 workers", cost, rate)
    cpu = np.array([min(cost.cpu_s for cost in taken) for taken in costs.values()])
    ratio, low, high = last_over_first(np.array(sizes, float), cpu)
    plain = (
        (cpu[-1] - cpu[-2]) / (cpu[1] - cpu[0]) * (sizes[1] - sizes[0]) / (sizes[-1] - sizes[-2])
    )
    yield Line("", "CPU a file, last tenth / first", None, f"{ratio:.3f} (asked: 0.85-1.15)")
    yield Line("", "90 % interval of the fit", None, f"{low:.2f}-{high:.2f}")
    yield Line("", "plain difference of the times", None, f"{plain:.3f}")


def last_over_first(sizes: Floats, seconds: Floats) -> tuple[float, float, float]:
    """Cost a file in the last tenth over that in the first, with a 90 % interval.

    Parameters
    ----------
    sizes : Floats
        Numbers of files, the largest last.
    seconds : Floats
        What they took; noise is taken to be a share of it.
    """
    scale = sizes[-1]
    best, spread = np.polyfit(sizes / scale, seconds, 2, w=1 / seconds, cov=True)

    def ratio(curve: Floats) -> Floats:
        # The rise of b * x**2 + a * x over the last tenth and over the first.
        last: Floats = 0.19 * curve[0] + 0.1 * curve[1]
        first: Floats = 0.01 * curve[0] + 0.1 * curve[1]
        return last / first

    # Student's t: so few points do not tell their own noise well.
    rng, left = np.random.default_rng(0), len(sizes) - 3
    off = rng.multivariate_normal(np.zeros(3), spread, 4000)
    off *= np.sqrt(left / rng.chisquare(left, 4000))[:, None]
    low, high = np.quantile(ratio((best + off).T), [0.05, 0.95])
    return float(ratio(best)), float(low), float(high)


def measure_corpus(asked: Asked) -> Iterator[Line]:
    """Import a real log, beside a bare loop of fitdecode."""
    if not asked.corpus.is_dir():
        yield Line("corpus", "the real files are not here")
        return
    files = sorted(file for file in asked.corpus.iterdir() if file.name.endswith((".fit", ".gz")))
    chosen = files[:: asked.fitdecode_sample]
    share = sum(file.stat().st_size for file in chosen) / sum(f.stat().st_size for f in files)
    loop = (PYTHON, "-c", BARE_LOOP)
    start = spend(loop)
    touch_all(asked.corpus)
    with tempfile.TemporaryDirectory() as empty:
        (Path(empty) / "log.csv").write_text(ONE_RUN, "utf-8")
        costs = in_turn(
            {
                "1 worker": lambda: cold(asked.corpus, 1),
                "2 workers": lambda: cold(asked.corpus, 2),
                "one run": lambda: cold(Path(empty), 1),
                "fitdecode": lambda: _scaled(spend((*loop, *map(str, chosen))), start, 1 / share),
            },
            max(3, asked.rounds),
        )
    one, two, idle, bare = (middle(taken) for taken in costs.values())
    sampled = "all files"
    if asked.fitdecode_sample > 1:
        sampled = f"{len(chosen)} of {len(files)} files, {share:.1%} of the bytes, scaled"
    yield Line("corpus", f"{len(files)} files, 1 worker", one, f"{one.runs} runs")
    yield Line("", f"{len(files)} files, 2 workers", two, f"{two.runs} runs")
    yield Line("", "bare fitdecode loop", bare, sampled)
    yield Line("", "a log of one run, 1 worker", idle)
    for what, off, off_loop in (
        ("whole commands", 0.0, 0.0),
        ("import", idle.wall_s, start.wall_s),
    ):
        alone, loop_alone = one.wall_s - off, bare.wall_s - off_loop
        ratio, twice = loop_alone / alone, alone / (two.wall_s - off)
        yield Line("", f"{what}: fitdecode / 1 worker", None, f"{ratio:.1f} (asked: at least 20)")
        yield Line("", f"{what}: 1 worker / 2 workers", None, f"{twice:.2f} (asked: at least 1.7)")


def _scaled(cost: Cost, start: Cost, factor: float) -> Cost:
    """Scale what a sample took, but not the interpreter's start."""
    return Cost(
        start.wall_s + factor * (cost.wall_s - start.wall_s),
        start.cpu_s + factor * (cost.cpu_s - start.cpu_s),
        cost.peak_mb,
        cost.runs,
    )


def _complete(cost: Cost, files: int) -> str:
    return "" if cost.runs == files else f", ONLY {cost.runs:,} of {files:,} runs came back"


def _knows(option: str) -> bool:
    done = subprocess.run((*KNEEWATCH, "runs", "--help"), capture_output=True, check=True)
    return option.encode() in done.stdout


PARTS = {
    "cold": measure_cold,
    "warm": measure_warm,
    "help": measure_help,
    "linear": measure_linear,
    "corpus": measure_corpus,
}

# --- the table ----------------------------------------------------------------------------------


def table(lines: Sequence[Line]) -> str:
    """Lines of text, one a measurement."""
    rows = [f"{'':7}{'':42}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}  "]
    for line in lines:
        numbers = " " * 27
        if line.cost:
            numbers = f"{line.cost.wall_s:9.2f}{line.cost.cpu_s:9.2f}{line.cost.peak_mb:9.0f}"
        rows.append(f"{line.part:7}{line.what:42}{numbers}  {line.result}".rstrip())
    return "\n".join(rows)


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


def main() -> None:
    """Measure what the command line asks for and print one table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default=",".join(PARTS), metavar=",".join(PARTS))
    parser.add_argument("--data", type=Path, help="keep the made-up runs here (default: nowhere)")
    parser.add_argument("--runs", type=int, default=3000, help="for cold and warm")
    parser.add_argument("--linear-runs", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=1, help="corpus takes three at least")
    parser.add_argument("--fitdecode-sample", type=int, default=1, metavar="K")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    given = parser.parse_args()
    parts = given.only.split(",")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")

    adopt_orphans()
    data = given.data or Path(tempfile.mkdtemp(prefix="kneewatch-bench-"))
    data.mkdir(parents=True, exist_ok=True)
    asked = Asked(
        data, given.runs, given.linear_runs, given.rounds, given.fitdecode_sample, given.corpus
    )
    lines: list[Line] = []
    try:
        # The first start after a change compiles; nobody's second start does.
        spend((*KNEEWATCH, "--help"))
        for part in parts:
            _say(part)
            lines += PARTS[part](asked)
    finally:
        if given.data is None:
            shutil.rmtree(data)
    sys.stdout.write(table(lines) + "\n")


if __name__ == "__main__":
    main()
