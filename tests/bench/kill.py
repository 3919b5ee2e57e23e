"""Runs over the seeds, killed at random moments and gone on with: the bytes must be those of a run left alone.

    python -m tests.bench.kill --moments 50 --result tests/bench/kill.json
    python -m tests.bench.kill --moments 50 --engine ray --without-models --result tests/bench/kill_ray.json

Without models, made-up texts go through the stage of the tests, so that most of the time is that of Ray.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from claimtrail import __version__
from claimtrail.verify import verify

SEEDS = Path(__file__).parents[2] / "seeds"
SAME = ("mentions.jsonl", "claims.jsonl", "documents.jsonl", "evidence.jsonl")


VICTIM = Path(__file__).parents[1] / "victim.py"


def begin(
    texts: Path, out: Path, jobs: int, engine: str, *, models: bool, resume: bool = False
) -> subprocess.Popen[str]:
    if models:
        command = ["-c", "from claimtrail.cli import main; main()", "run", str(texts), "--out", str(out), "--engine"]
        command += [engine, "--jobs", str(jobs), "-q", *(["--resume"] if resume else [])]
    else:
        command = [str(VICTIM), str(texts), str(out), str(jobs), engine, *(["resume"] if resume else [])]
    command.insert(0, sys.executable)
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)


def content(out: Path) -> list[bytes]:
    return [(out / name).read_bytes() for name in SAME]


def made_up(folder: Path) -> None:
    folder.mkdir(parents=True)
    for number in range(24):
        text = f"Ann Other{'abcde'[number % 5]} leaves Firm{'abc'[number % 3]} in 20{number + 10}. SLOW"
        (folder / f"{number:02}.txt").write_text(text, "utf-8")


def kill_and_go_on(
    texts: Path, out: Path, random: Random, whole: float, engine: str, models: bool
) -> dict[str, object]:
    """Kill a run at a random moment, the process alone or all of its group, and go on, on a cluster or without."""
    jobs, moment, all_of_them = random.randint(1, 2), random.uniform(0.02, 1.0) * whole, random.random() < 0.5
    process = begin(texts, out, jobs, engine, models=models)
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        (os.killpg if all_of_them else os.kill)(process.pid, signal.SIGKILL)
    said = process.communicate()[1]
    journal = out / ".journal.jsonl"
    texts_done = len(re.findall(rb"^[0-9a-f]{64} \d+ ", journal.read_bytes(), re.MULTILINE)) if journal.exists() else 0
    state = "in the middle" if journal.exists() else "done" if (out / "run.json").exists() else "before the first text"
    going_on = random.choice(("local", engine))
    end = begin(texts, out, random.randint(1, 2), going_on, models=models, resume=True)
    said += end.communicate()[1]
    return {
        "moment": round(moment / whole, 3),
        "state": state,
        "gone_on_with": going_on,
        "texts_done": texts_done,
        "status": end.returncode,
        "said": said,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moments", type=int, default=50)
    parser.add_argument("--copies", type=int, default=8, help="of the seeds, each with other names of the files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", default="local", choices=("local", "ray"))
    parser.add_argument("--without-models", action="store_true")
    parser.add_argument("--result", type=Path)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kill-"))
    models = not options.without_models
    for number in range(options.copies):
        if models:
            shutil.copytree(SEEDS, folder / "in" / str(number))
        else:
            made_up(folder / "in" / str(number))
    before = time.perf_counter()
    assert begin(folder / "in", folder / "whole", 1, options.engine, models=models).wait() == 0
    whole = time.perf_counter() - before
    random = Random(options.seed)
    found, faults = [], []
    for number in range(options.moments):
        out = folder / "out"
        one = kill_and_go_on(folder / "in", out, random, whole, options.engine, models)
        found.append(one)
        if one["status"] or "Traceback" in str(one["said"]):
            faults.append(f"{number}: {one}")
        elif content(out) != content(folder / "whole"):
            faults.append(f"{number}: other bytes")
        else:
            faults += [f"{number}: {fault}" for fault in verify(out, [str(folder / "in")]).faults]
        print(number, one["moment"], one["state"], one["texts_done"], faults[-1:] or "", flush=True)
        shutil.rmtree(out)
    states = [str(one["state"]) for one in found]
    result = {
        "command": "python -m tests.bench.kill " + " ".join(sys.argv[1:]),
        "version": __version__,
        "python": platform.python_version(),
        "moments": len(found),
        "texts": len(list((folder / "in").rglob("*.txt"))),
        "killed": {state: states.count(state) for state in sorted(set(states))},
        "texts_done_when_killed": [one["texts_done"] for one in found],
        "faults": faults,
    }
    shutil.rmtree(folder)
    if options.result is not None:
        options.result.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
