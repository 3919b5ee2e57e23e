"""A run on a cluster gives the bytes of a run on one machine, whatever is killed meanwhile. All names are invented."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from claimtrail import runner
from claimtrail.cli import app
from claimtrail.cluster import Analyst, Cluster, Said, said_of
from claimtrail.evidence import Evidence
from claimtrail.identity.resolve import resolve_evidence
from claimtrail.identity.stored import read_evidence
from claimtrail.output.journal import key_of
from claimtrail.pool import StartError
from claimtrail.reading.read import Reader, ReaderOptions, find_inputs
from claimtrail.verify import verify
from claimtrail.worker import Order
from fakes import build, describe, die_once

sys.path.insert(0, str(Path(__file__).parent / "bench"))
import resolving

TESTS = Path(__file__).parent
FILES = ("mentions.jsonl", "claims.jsonl", "documents.jsonl", "evidence.jsonl")
needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed (the extra ray)")


@pytest.fixture(scope="module")
def machines() -> Iterator[None]:
    """Two machines of two processors each, as far as Ray can tell."""
    ray = pytest.importorskip("ray", reason="Ray is not installed (the extra ray)")
    from ray.cluster_utils import Cluster  # noqa: PLC0415 - an extra

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(TESTS), *filter(None, sys.path)]))
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        node = {"num_cpus": 2, "object_store_memory": 128 << 20, "include_dashboard": False}
        cluster = Cluster(initialize_head=True, head_node_args=node)
        cluster.add_node(num_cpus=2, object_store_memory=128 << 20)
        ray.init(cluster.address, log_to_driver=False, logging_level="ERROR")
        yield
        ray.shutdown()
        cluster.shutdown()


def write_texts(folder: Path, count: int, words: str = "") -> Path:
    folder.mkdir()
    for number in range(count):
        person, org = f"Ann Other{'abcdefghij'[number % 10]}", f"Firm{'abc'[number % 3]}"
        (folder / f"{number:03}.txt").write_text(f"{person} leaves {org} in 20{number % 20 + 10}. {words}", "utf-8")
    return folder


def run(texts: Path, out: Path, executor: str = "ray", **changes: object) -> runner.Summary:
    request = runner.Request(paths=(str(texts),), out=out, executor=executor, jobs=2, **changes)  # type: ignore[arg-type]
    return runner.run(request, build=build, describe=describe)


def content(out: Path) -> list[bytes]:
    return [(out / name).read_bytes() for name in FILES]


@needs_ray
@pytest.mark.usefixtures("machines")
def test_a_cluster_gives_the_same_bytes_as_one_machine(tmp_path: Path) -> None:
    """Text files, pages, JSON Lines and Parquet; texts that kill their process or make a stage raise, and bad records."""
    import pyarrow  # noqa: PLC0415 - comes with Ray
    from pyarrow import parquet  # noqa: PLC0415

    texts = write_texts(tmp_path / "in", 40)
    (texts / "bad.txt").write_text("Bo Weller joins Firmb. DIE", "utf-8")
    (texts / "raises.txt").write_text("Bo Weller joins Firmb. RAISE", "utf-8")
    (texts / "empty.txt").write_text("", "utf-8")
    (texts / "page.html").write_text("<html><body><p>Cy Marsh leaves Firmc in 2019.</p></body></html>", "utf-8")
    rows = [{"id": f"r{n // 2}", "text": f"Dee Crane joins Firma in 20{n + 10}."} for n in range(20)]
    (texts / "rows.jsonl").write_bytes(b"\n".join([*map(orjson.dumps, rows), b"no record"]))
    parquet.write_table(pyarrow.Table.from_pylist(rows), texts / "rows.parquet")
    run(texts, tmp_path / "here", "local")
    summary = run(texts, tmp_path / "there")
    assert content(tmp_path / "there") == content(tmp_path / "here")
    assert summary.run.counts["texts_by_state"] == {"empty": 1, "failed": 3, "processed": 81}
    options = json.loads((tmp_path / "there" / "run.json").read_bytes())["options"]
    assert (options["engine"], options["executor"]) == ("spacy", "ray")
    assert not verify(tmp_path / "there", [str(texts)]).faults


def processes_below(pid: int) -> dict[int, str]:
    """Return the titles of the processes that have come of this one."""
    parents, titles = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
            titles[int(folder.name)] = (folder / "cmdline").read_text("utf-8").replace("\0", " ")
        except OSError:
            continue  # it has ended since
    below = {pid}
    while more := {child for child, parent in parents.items() if parent in below} - below:
        below |= more
    return {child: titles.get(child, "") for child in below - {pid}}


@needs_ray
@pytest.mark.usefixtures("machines")
def test_workers_killed_in_the_middle_cost_nothing(tmp_path: Path) -> None:
    """First an actor is killed, then one of the processes that hold the models."""
    texts = write_texts(tmp_path / "in", 150, "SLOW")
    run(texts, tmp_path / "here", "local")
    victims = ["Analyst", "spawn_main"]

    def kill_one(progress: runner.Progress) -> None:
        # Whoever is not there yet, or ends just now, is looked for when the next text is done.
        titles = processes_below(os.getpid()) if victims else {}
        for pid in [pid for pid, title in titles.items() if victims[0] in title][:1]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                victims.pop(0)

    request = runner.Request(paths=(str(texts),), out=tmp_path / "there", executor="ray", jobs=2)
    runner.run(request, report=kill_one, build=build, describe=describe)
    assert not victims
    assert content(tmp_path / "there") == content(tmp_path / "here")


@needs_ray
@pytest.mark.usefixtures("machines")
def test_a_run_whose_driver_was_killed_is_gone_on_with(tmp_path: Path) -> None:
    texts = write_texts(tmp_path / "in", 150, "SLOW")
    run(texts, tmp_path / "here", "local")
    out = tmp_path / "there"
    process = subprocess.Popen([sys.executable, str(TESTS / "victim.py"), str(texts), str(out), "2", "ray"])
    deadline = time.monotonic() + 240
    while process.poll() is None and time.monotonic() < deadline:
        if (out / runner.JOURNAL).exists() and (out / runner.JOURNAL).stat().st_size > 10_000:
            process.kill()
        time.sleep(0.01)
    assert process.wait() == -signal.SIGKILL
    assert not (out / "run.json").exists()
    run(texts, out, resume=True)
    assert content(out) == content(tmp_path / "here")


def made_up(tmp_path: Path) -> list[Evidence]:
    resolving.write_world(2_000, tmp_path / "made up")
    return list(read_evidence(tmp_path / "made up"))


@needs_ray
@pytest.mark.usefixtures("machines")
def test_a_cluster_resolves_to_the_same_claims(tmp_path: Path) -> None:
    evidence = made_up(tmp_path)
    order = Order(runner.Request(paths=(), out=tmp_path).settings, ReaderOptions(), tmp_path, build, describe)
    with Cluster(order, jobs=2, timeout=0, packet=50_000) as cluster:
        found = resolve_evidence(evidence, each=cluster.each)
    assert found == resolve_evidence(evidence)


def test_what_is_sent_to_be_resolved_is_all_that_is_needed(tmp_path: Path) -> None:
    evidence = made_up(tmp_path)
    sent: Counter[str] = Counter()

    def each(function: Callable[[Any], Any], things: Iterable[Any]) -> Iterator[Any]:
        for thing in things:
            sent[function.__name__] += 1
            yield pickle.loads(pickle.dumps(function(pickle.loads(pickle.dumps(thing)))))

    assert resolve_evidence(evidence, each=each) == resolve_evidence(evidence)
    assert len(sent) == 2
    assert min(sent.values()) > 2


def test_a_cluster_needs_ray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    texts = write_texts(tmp_path / "in", 1)
    found = CliRunner().invoke(app, ["run", str(texts), "--out", str(tmp_path / "out"), "--engine", "ray"])
    assert found.exit_code == 2
    assert "pip install 'claimtrail[ray]'" in found.output


@pytest.mark.parametrize("names", ["spacy,stanza", "ray,local", "ray,spacy,stanza"])
def test_two_engines_of_one_kind_are_refused(tmp_path: Path, names: str) -> None:
    found = CliRunner().invoke(app, ["run", str(tmp_path), "--out", str(tmp_path / "out"), "--engine", names])
    assert found.exit_code == 2
    assert "name one language engine, one of local, ray, or one of each" in found.output


def test_a_machine_with_other_rules_or_without_the_folder_does_no_work(tmp_path: Path) -> None:
    texts = write_texts(tmp_path / "in", 1)
    order = Order(runner.Request(paths=(), out=tmp_path).settings, ReaderOptions(), tmp_path / "out", build, describe)
    chunk = [(key_of(item), item, False) for item in Reader().read_all(find_inputs([texts]))]
    analyst = Analyst(order, Said(version="0", rules="0"), 0)
    found = analyst.answers(chunk)
    assert isinstance(found, StartError)
    assert "has other version and rules and models of claimtrail" in str(found)
    analyst = Analyst(order, said_of(order), 0)
    assert "where all machines of the cluster see them" in str(analyst.answers(chunk))


def test_a_process_killed_while_it_loads_the_models_is_started_again(tmp_path: Path) -> None:
    texts = write_texts(tmp_path / "in", 1)
    settings = runner.Request(paths=(), out=tmp_path).settings
    order = Order(settings, ReaderOptions(), tmp_path, partial(die_once, str(tmp_path / "died")), describe)
    (item,) = Reader().read_all(find_inputs([texts]))
    found = Analyst(order, said_of(order), 0).answers([(key_of(item), item, False)])
    assert isinstance(found, list)
    assert [read.answer is not None and read.answer.outcome.record.state for read in found] == ["processed"]
    assert (tmp_path / "died").exists()
