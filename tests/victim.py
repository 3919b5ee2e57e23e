"""A run without models in a process of its own, for tests that kill it: ``python victim.py IN OUT JOBS [resume] [ray]``."""

from __future__ import annotations

import sys
from pathlib import Path

from claimtrail import runner
from fakes import build, describe

if __name__ == "__main__":
    folder, out, jobs, *options = sys.argv[1:]
    executor = "ray" if "ray" in options else "local"
    resume = "resume" in options
    request = runner.Request(paths=(folder,), out=Path(out), jobs=int(jobs), executor=executor, resume=resume)
    try:
        runner.run(request, build=build, describe=describe)
    except (runner.OutputError, runner.UsageError) as error:
        sys.exit(str(error))
