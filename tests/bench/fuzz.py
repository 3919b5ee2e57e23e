"""Many cases of bad input through whole runs: what raised, what took long, and what verify says of the output.

    python -m tests.bench.fuzz --cases 100000 --jobs 4 --result tests/bench/fuzz.json

The result is written anew after every batch, so a run that is stopped counts as far as it came; ``--first`` goes on
from there and adds to it. A batch is one run of the program: large ones load the models less often. With ``--cut`` nine
cases in ten end after so many bytes: most of the time goes into long texts, and more short ones meet more of the code.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzzing import write_cases

from claimtrail import __version__, runner
from claimtrail.verify import verify


def faults_of(summary: runner.Summary) -> list[str]:
    """Return the texts that failed otherwise than bad input may: a stage raised, or its process died or hung."""
    signs = ("the stage", "Error", "the process that worked on it", "took longer")
    return [f"{r.doc}: {r.reason}" for r in summary.documents if any(sign in r.reason for sign in signs)]


def run_batch(folder: Path, seed: int, numbers: range, jobs: int, cut: int) -> dict[str, object]:
    write_cases(folder / "in", seed, numbers, cut)
    before = time.perf_counter()
    summary = runner.run(runner.Request(paths=(str(folder / "in"),), out=folder / "out", jobs=jobs, text_timeout=600))
    seconds = time.perf_counter() - before
    found = verify(folder / "out", [str(folder / "in")])
    named = {record.doc.partition("#")[0] for record in summary.documents}
    files = {path.relative_to(folder / "in").as_posix() for path in (folder / "in").rglob("*.*")}
    return {
        "cases": len(numbers),
        "texts": len(summary.documents),
        "mentions": summary.run.counts["mentions"],
        "spans_checked": found.spans,
        "seconds": seconds,
        "states": summary.run.counts["texts_by_state"],
        "faults": [
            *faults_of(summary),
            *(f"verify: {fault}" for fault in found.faults),
            *(f"no line in the ledger: {name}" for name in sorted(files - named)),
        ],
    }


def add(total: dict[str, object], batch: dict[str, object]) -> None:
    for name, value in batch.items():
        if isinstance(value, dict):
            old = total.setdefault(name, {})
            total[name] = {key: old.get(key, 0) + value.get(key, 0) for key in sorted({*old, *value})}
        elif isinstance(value, list):
            total[name] = [*total.get(name, []), *value]
        else:
            total[name] = round(total.get(name, 0) + value, 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--batch", type=int, default=5_000)
    parser.add_argument("--cut", type=int, default=0)
    parser.add_argument("--result", type=Path)
    options = parser.parse_args()
    goes_on = options.first and options.result is not None and options.result.is_file()
    total = json.loads(options.result.read_text("utf-8")) if goes_on else {}
    earlier = total.pop("commands", [])
    last = options.first + options.cases
    for first in range(options.first, last, options.batch):
        numbers = range(first, min(first + options.batch, last))
        folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
        try:
            batch = run_batch(folder, options.seed, numbers, options.jobs, options.cut)
        finally:
            shutil.rmtree(folder)
        add(total, batch)
        command = f"python -m tests.bench.fuzz --first {options.first} --cases {numbers.stop - options.first}"
        command += f" --seed {options.seed} --jobs {options.jobs} --cut {options.cut}"
        total |= {
            "commands": [*earlier, command],
            "version": __version__,
            "python": platform.python_version(),
        }
        print(numbers.stop, f"{batch['seconds']:.0f} s", batch["states"], *batch["faults"], sep="\n  ", flush=True)
        if options.result is not None:
            options.result.write_text(json.dumps(total, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return 1 if total["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
