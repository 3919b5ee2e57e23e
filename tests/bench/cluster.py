"""Texts a second on a cluster of 1, 2 and 4 actors, beside as many processes; prints medians of several rounds.

    python -m tests.bench.cluster --texts FOLDER --rounds 3 --result tests/bench/cluster.json

The texts of the folder (without it, the seeds) are read in copies with other names of the files. All sides are measured in turn in every round. The rate is
that of the texts between the first progress and the last, when all workers are at work; ``seconds_before`` is the time
before: Ray starts, actors load the models, the first texts are analysed. ``per_processor_second`` divides by the time
that all processes of the run, Ray's too, have had a processor: other work on the machine does not change it much.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from claimtrail import __version__, runner

SEEDS = Path(__file__).parents[2] / "seeds"
WORKERS = (1, 2, 4)
FILES = ("mentions.jsonl", "claims.jsonl", "documents.jsonl", "evidence.jsonl")
MANY = 100_000_000


def processor_seconds() -> dict[int, float]:
    """Return the processor time of this process and all that have come of it, by number."""
    parents, ticks = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended since
        parents[int(folder.name)], ticks[int(folder.name)] = int(fields[1]), int(fields[11]) + int(fields[12])
    below = {os.getpid()}
    while more := {child for child, parent in parents.items() if parent in below} - below:
        below |= more
    return {pid: ticks[pid] / os.sysconf("SC_CLK_TCK") for pid in below}


def measure(texts: Path, out: Path, executor: str, jobs: int) -> dict[str, float]:
    total = len(list(texts.rglob("*.txt")))
    marks: list[tuple[float, dict[int, float], int]] = []

    def note(progress: runner.Progress) -> None:
        if not marks or progress.texts == total:
            marks.append((time.perf_counter(), processor_seconds(), progress.texts))

    before = time.perf_counter()
    request = runner.Request(paths=(str(texts),), out=out, executor=executor, jobs=jobs, overwrite=True)
    runner.run(request, report=note)
    (first, before_them, some), (last, after_them, _) = marks
    used = sum(seconds - before_them.get(pid, 0.0) for pid, seconds in after_them.items())
    return {
        "texts_per_second": (total - some) / (last - first),
        "per_processor_second": (total - some) / used,
        "seconds_before": first - before,
        "seconds": time.perf_counter() - before,
    }


def only_texts(folder: str, names: list[str]) -> list[str]:
    """Return what is not to be copied."""
    return [name for name in names if not (name.endswith(".txt") or (Path(folder) / name).is_dir())]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, default=SEEDS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--copies", type=int, default=10, help="of the texts")
    parser.add_argument("--result", type=Path)
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    folder = Path(tempfile.mkdtemp(prefix="cluster-"))
    for number in range(options.copies):
        shutil.copytree(options.texts, folder / "in" / f"{number:03}", ignore=only_texts)
    sizes = [len(path.read_text("utf-8")) for path in (folder / "in").rglob("*.txt")]
    sides = [(executor, jobs) for jobs in WORKERS for executor in runner.EXECUTORS]
    found: dict[tuple[str, int], list[dict[str, float]]] = defaultdict(list)
    loads = [round(os.getloadavg()[0], 1)]
    contents = set()
    for _ in range(options.rounds):
        for side in sides:
            found[side].append(measure(folder / "in", folder / "out", *side))
            contents.add(tuple((folder / "out" / name).read_bytes() for name in FILES))
            print(*side, {name: round(value, 1) for name, value in found[side][-1].items()}, flush=True)
        loads.append(round(os.getloadavg()[0], 1))
    shutil.rmtree(folder)
    result: dict[str, Any] = {
        "command": "python -m tests.bench.cluster " + " ".join(sys.argv[1:]),
        "version": __version__,
        "ray": version("ray"),
        "machine": f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores",
        "load": loads,
        "texts": len(sizes),
        "characters_per_text": round(statistics.mean(sizes)),
        "rounds": options.rounds,
        "same_bytes": len(contents) == 1,
        "sides": {
            f"{executor} {jobs}": {
                name: round(statistics.median(measured[name] for measured in found[executor, jobs]), 2)
                for name in found[executor, jobs][0]
            }
            for executor, jobs in sides
        },
    }
    rate = statistics.median(result["sides"][f"ray {jobs}"]["per_processor_second"] for jobs in WORKERS)
    result["processor_hours_for_100_million_texts"] = round(MANY / rate / 3600)
    print(json.dumps(result, indent=2))
    if options.result is not None:
        options.result.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    return 0 if result["same_bytes"] else 1


if __name__ == "__main__":
    sys.exit(main())
