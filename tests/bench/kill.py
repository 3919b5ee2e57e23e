"""Runs that are killed in each of their phases and gone on with: the bytes must be those of a run left alone.

    python -m tests.bench.kill --moments 50 --result tests/bench/kill.json
    python -m tests.bench.kill --moments 50 --engine ray --without-models --result tests/bench/kill_ray.json

One moment in five is in each phase, at a random part of it: while the program starts, while texts are read and
analysed, while they are resolved, while the files are written, and while these get their names. What counts is what
lies in the output folder when the process is dead. Without models, the stage of the tests does the work, so that with
``--engine ray`` most of the time is that of Ray; such a run is gone on with on the cluster or without.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from random import Random

from tests.bench.soak import fake_text

from claimtrail import __version__
from claimtrail.output.journal import JOURNAL
from claimtrail.output.lines import WHOLE
from claimtrail.verify import verify

VICTIM = Path(__file__).parents[1] / "victim.py"
SAME = ("mentions.jsonl", "claims.jsonl", "documents.jsonl", "evidence.jsonl")
STARTING, WORKING, RESOLVING, WRITING, NAMING, DONE = (
    *("starting", "reading and analysing", "resolving", "writing", "naming the files", "done"),
)
PHASES = (STARTING, WORKING, RESOLVING, WRITING, NAMING)


def begin(
    texts: Path, out: Path, jobs: int, engine: str, *, models: bool, resume: bool = False
) -> subprocess.Popen[str]:
    if models:
        command = ["-c", "from claimtrail.cli import main; main()", "run", str(texts), "--out", str(out), "--engine"]
        command += [engine, "--jobs", str(jobs), "-q", *(["--resume"] if resume else [])]
    else:
        command = [str(VICTIM), str(texts), str(out), str(jobs), engine, *(["resume"] if resume else [])]
    return subprocess.Popen([sys.executable, *command], stderr=subprocess.PIPE, text=True, start_new_session=True)


def content(out: Path) -> list[bytes]:
    return [(out / name).read_bytes() for name in SAME]


def journal_size(out: Path) -> int:
    try:
        return (out / JOURNAL).stat().st_size
    except FileNotFoundError:
        return 0


def phase_of(out: Path, whole_journal: int) -> str:
    """Return the phase of a run by what lies in its output folder."""
    names = set(os.listdir(out)) if out.is_dir() else set()
    if WHOLE in names:
        return NAMING
    if any(name.endswith(".next") for name in names):
        return WRITING
    if JOURNAL in names:
        return RESOLVING if journal_size(out) == whole_journal else WORKING
    return DONE if "run.json" in names else STARTING


def watch(process: subprocess.Popen[str], out: Path) -> tuple[int, dict[str, float]]:
    """Return how long the journal of a run became, and how many seconds each phase took."""
    sizes: list[tuple[float, int, str]] = []
    while process.poll() is None:
        sizes.append((time.perf_counter(), journal_size(out), phase_of(out, -1)))
        time.sleep(0.0005)
    whole = max(size for _, size, _ in sizes)
    seconds: Counter[str] = Counter()
    for (before, *_), (now, size, phase) in pairwise(sizes):
        seconds[RESOLVING if phase == WORKING and size == whole else phase] += now - before
    return whole, dict(seconds)


def kill_and_go_on(
    texts: Path,
    out: Path,
    random: Random,
    wanted: str,
    whole_journal: int,
    seconds: dict[str, float],
    engine: str,
    models: bool,
) -> dict[str, object]:
    """Kill a run in a phase, the process alone or all of its group, and go on, on a cluster or without."""
    part, all_of_them = random.random(), random.random() < 0.5
    process = begin(texts, out, random.randint(1, 2), engine, models=models)
    later = {*PHASES[PHASES.index(wanted) :], DONE}
    if wanted == NAMING:
        # Too short to wait for: it begins when the last file has been written.
        while process.poll() is None and not (out / ".run.json.next").exists():
            pass
    else:
        while process.poll() is None and phase_of(out, whole_journal) not in later:
            time.sleep(0.0002)
        time.sleep(part * seconds.get(wanted, 0.0))
    if process.poll() is None:
        (os.killpg if all_of_them else os.kill)(process.pid, signal.SIGKILL)
    said = process.communicate()[1]
    state, size = phase_of(out, whole_journal), journal_size(out)
    going_on = random.choice(("local", engine))
    end = begin(texts, out, random.randint(1, 2), going_on, models=models, resume=True)
    said += end.communicate()[1]
    return {
        "wanted": wanted,
        "state": state,
        "gone_on_with": going_on,
        "journal": round(min(1.0, size / whole_journal), 3),
        "status": end.returncode,
        "said": said,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moments", type=int, default=50)
    parser.add_argument("--texts", type=int, default=300, help="short English texts, made up")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", default="local", choices=("local", "ray"))
    parser.add_argument("--without-models", action="store_true")
    parser.add_argument("--result", type=Path)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kill-"))
    (folder / "in").mkdir()
    models = not options.without_models
    for number in range(options.texts):
        slow = "" if models else " SLOW"
        (folder / "in" / f"{number:04}.txt").write_text(fake_text(4 * number) + slow, "utf-8")
    alone = begin(folder / "in", folder / "whole", 1, options.engine, models=models)
    whole_journal, seconds = watch(alone, folder / "whole")
    assert alone.returncode == 0
    print({phase: round(spent, 2) for phase, spent in seconds.items()}, flush=True)
    random = Random(options.seed)
    found, faults = [], []
    for number in range(options.moments):
        out = folder / "out"
        wanted = PHASES[number % len(PHASES)]
        one = kill_and_go_on(folder / "in", out, random, wanted, whole_journal, seconds, options.engine, models)
        found.append(one)
        if one["status"] or "Traceback" in str(one["said"]):
            faults.append(f"{number}: {one}")
        elif content(out) != content(folder / "whole"):
            faults.append(f"{number}: other bytes")
        else:
            faults += [f"{number}: {fault}" for fault in verify(out, [str(folder / "in")]).faults]
        print(number, one["wanted"], "->", one["state"], one["journal"], faults[-1:] or "", flush=True)
        shutil.rmtree(out)
    shutil.rmtree(folder)
    states = Counter(str(one["state"]) for one in found)
    result = {
        "command": "python -m tests.bench.kill " + " ".join(sys.argv[1:]),
        "version": __version__,
        "python": platform.python_version(),
        "moments": len(found),
        "texts": options.texts,
        "seconds_of_a_run_left_alone": {phase: round(seconds.get(phase, 0.0), 3) for phase in PHASES},
        "killed_while": {phase: states[phase] for phase in (*PHASES, DONE)},
        "part_of_the_journal_when_killed_while_analysing": sorted(
            float(str(one["journal"])) for one in found if one["state"] == WORKING
        ),
        "same_bytes_after_going_on": len(found) - len(faults),
        "faults": faults,
    }
    if options.result is not None:
        options.result.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
