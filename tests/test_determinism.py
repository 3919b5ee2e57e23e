"""The same bytes however the work is cut up and wherever it is done, and without a network."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimtrail import runner, worker
from claimtrail.verify import verify
from fakes import build, describe

SEEDS = Path(__file__).parents[1] / "seeds"
SAME = ("mentions.jsonl", "claims.jsonl", "documents.jsonl", "evidence.jsonl")
WORDS = ("Ann Marlow leaves Firm1 in 2024.", "Bo Lindqvist joins Firm2.", "Nothing.", "ELVISH", "RAISE")


def content(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in SAME}


def claimtrail(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own."""
    code = "from claimtrail.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("usual") / "out"
    assert claimtrail("run", SEEDS, "--out", out, "-q").returncode == 0
    return out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "environment"),
    [
        (["--jobs", "3"], {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}),
        ([], {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "0"}),
        (["--jobs", "2"], {"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii", "OMP_NUM_THREADS": "4", "COLUMNS": "20"}),
    ],
)
def test_the_same_bytes_with_any_processes_locale_hash_seed_and_time_zone(
    usual: Path, tmp_path: Path, options: list[str], environment: dict[str, str]
) -> None:
    done = claimtrail("run", SEEDS, "--out", tmp_path / "out", "-q", *options, **environment)
    assert done.returncode == 0, done.stderr
    assert content(tmp_path / "out") == content(usual)


@pytest.mark.slow
def test_the_same_bytes_with_any_order_and_age_of_the_files(usual: Path, tmp_path: Path) -> None:
    files = sorted(SEEDS.glob("*.txt"))
    Random(3).shuffle(files)
    (tmp_path / "seeds").mkdir()
    for number, file in enumerate(files):
        shutil.copy(file, tmp_path / "seeds" / file.name)
        os.utime(tmp_path / "seeds" / file.name, (number * 1e8, number * 1e8))
    copies = [tmp_path / "seeds" / file.name for file in files]
    assert claimtrail("run", *copies, "--out", tmp_path / "out", "-q").returncode == 0
    assert content(tmp_path / "out") == content(usual)


@given(
    st.lists(st.lists(st.sampled_from(WORDS), max_size=3).map("\n".join), min_size=1, max_size=12), st.integers(0, 9)
)
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_the_same_bytes_with_any_size_of_the_chunks(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], seed: int
) -> None:
    folder = tmp_path_factory.mktemp("chunks")
    (folder / "in").mkdir()
    for number, text in enumerate(texts):
        (folder / "in" / f"{number}.txt").write_text(text)
    found = []
    for number, (items, characters) in enumerate([(16, 20_000), (1, 1), (Random(seed).randint(2, 5), 60)]):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(worker, "_CHUNK_ITEMS", items)
            patch.setattr(worker, "_CHUNK_CHARACTERS", characters)
            request = runner.Request(paths=(str(folder / "in"),), out=folder / f"out{number}", jobs=1 + number % 2)
            runner.run(request, build=build, describe=describe)
        found.append(content(folder / f"out{number}"))
    assert all(one == other for one, other in itertools.pairwise(found))


FORBIDDING = """
import os, sys

def forbid(event, arguments):
    asks = event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "urllib.Request")
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        asks = not isinstance(arguments[1], (str, bytes))  # a path is another process of this machine
    if asks:
        with open(os.environ["SEEN_ON_THE_NETWORK"], "a") as file:
            file.write(f"{event} {arguments}\\n")
    # Libraries make a socket to see whether there is IPv6, which need not work either.
    if asks or (event == "socket.__new__" and arguments[1] not in (1, -1)):
        raise PermissionError("there is no network here")

sys.addaudithook(forbid)
"""


@pytest.mark.slow
def test_nothing_ever_asks_for_the_network(usual: Path, tmp_path: Path) -> None:
    """Every process refuses sockets from its start and writes down who asked for one."""
    (tmp_path / "sitecustomize.py").write_text(FORBIDDING)
    seen = tmp_path / "seen"
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {"PYTHONPATH": path, "SEEN_ON_THE_NETWORK": str(seen)}
    proof = [sys.executable, "-c", "import socket; socket.create_connection(('127.0.0.1', 9))"]
    assert subprocess.run(proof, env=os.environ | environment, check=False, capture_output=True).returncode == 1
    assert "getaddrinfo" in seen.read_text()
    seen.unlink()
    out = tmp_path / "out"
    texts = tmp_path / "in"
    shutil.copytree(SEEDS, texts)
    (texts / "page.html").write_text(
        '<html><body><article><p>Anna Kern leaves Nordwerk AG.</p><img src="http://a.test/b">'
    )
    for command in (
        ["run", texts, "--out", out, "-q", "--jobs", "2"],
        ["verify", out, "--texts", texts],
        ["report", out, "-o", tmp_path / "report.html", "--texts", texts],
        ["export", out, "--to", "csv"],
        ["stats", out],
        ["doctor"],
    ):
        done = claimtrail(*command, **environment)
        assert done.returncode == 0, done.stderr
    assert not seen.exists(), seen.read_text()
    assert verify(out, [str(texts)]).faults == []
    ours = [json.loads(line)["id"] for line in (out / "mentions.jsonl").read_text("utf-8").splitlines()]
    assert {json.loads(line)["id"] for line in (usual / "mentions.jsonl").read_text("utf-8").splitlines()} <= set(ours)
