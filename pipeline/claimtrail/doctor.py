"""Looking whether everything that a run needs is there and works, each finding in plain words."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from claimtrail import __version__, data
from claimtrail.assertion.check import check_all
from claimtrail.document import Span
from claimtrail.engines.base import Passage
from claimtrail.learned.model import model_of
from claimtrail.pipeline import ENGINES, Settings, SettingsError, engine_of, models_of

_EXTRAS = {
    "stanza": "for --engine stanza",
    "export": "for claimtrail export --to parquet, and to read Parquet",
    "ray": "for --engine ray",
}
_SPACE = 1_000_000_000


class Verdict(StrEnum):
    """How well something is: ``missing`` is something that a run can do without."""

    OK = "ok"
    MISSING = "missing"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how well it is, and what to know or do about it."""

    subject: str
    verdict: Verdict
    words: str


def examine() -> Iterator[Finding]:
    """Yield findings, one by one, as they are made."""
    yield Finding("claimtrail", Verdict.OK, f"{__version__}, in {Path(__file__).parent}")
    yield Finding("Python", Verdict.OK, f"{platform.python_version()}, {sys.executable}, on {platform.platform()}")
    yield _machine()
    yield _space()
    yield from _libraries()
    yield from _rules()
    yield from _learned()
    for engine in ENGINES:
        yield from _models(engine)


def _machine() -> Finding:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Finding("processors", Verdict.OK, f"{cores}; --jobs {cores} uses all of them")


def _space() -> Finding:
    place = tempfile.gettempdir()
    try:
        found = os.statvfs(place)
    except (AttributeError, OSError) as error:
        return Finding("space", Verdict.WRONG, f"{place} cannot be looked at: {error}")
    free = found.f_bavail * found.f_frsize
    if free < _SPACE:
        return Finding("space", Verdict.WRONG, f"only {free / 1e6:.0f} MB are free in {place}")
    return Finding("space", Verdict.OK, f"{free / 1e9:.0f} GB are free in {place}")


def _libraries() -> Iterator[Finding]:
    try:
        wanted = [Requirement(line) for line in requires("claimtrail") or ()]
    except PackageNotFoundError:
        yield Finding("libraries", Verdict.MISSING, "claimtrail runs from its sources: what it needs is not recorded")
        return
    for extra, use in [("", ""), *_EXTRAS.items()]:
        for need in wanted:
            if need.marker is not None and not need.marker.evaluate({"extra": extra}):
                continue
            if extra and (need.marker is None or need.marker.evaluate({"extra": ""})):
                continue
            yield _library(need, extra, use)


def _library(need: Requirement, extra: str, use: str) -> Finding:
    advice = f"pip install 'claimtrail[{extra}]'" if extra else f"pip install '{need.name}{need.specifier}'"
    try:
        found = version(need.name)
    except PackageNotFoundError:
        verdict = Verdict.MISSING if extra else Verdict.WRONG
        return Finding(need.name, verdict, f"is not installed{f' ({use})' if use else ''}: {advice}")
    if not need.specifier.contains(found, prereleases=True):
        return Finding(need.name, Verdict.WRONG, f"{found} is installed, {need.specifier} is needed: {advice}")
    return Finding(need.name, Verdict.OK, found)


def _rules() -> Iterator[Finding]:
    try:
        folders = data.own_folders()
        languages = data.languages()
        faults = check_all()
    except (data.DataError, ValueError) as error:
        yield Finding("rules", Verdict.WRONG, str(error))
        return
    if folders:
        yield Finding(data.FOLDERS, Verdict.OK, f"adds {', '.join(map(str, folders))}")
    if faults:
        words = f"{len(faults)} faults, the first: {faults[0]}; claimtrail rules check lists all"
        yield Finding("rules", Verdict.WRONG, words)
    else:
        words = f"for {', '.join(languages)}, SHA-256 {data.fingerprint()[:12]}…"
        yield Finding("rules", Verdict.OK, words)


def _learned() -> Iterator[Finding]:
    try:
        there = [lang for lang in data.languages() if model_of(lang) is not None]
    except data.DataError as error:
        yield Finding("learned relations", Verdict.WRONG, str(error))
        return
    words = f"for {', '.join(there)}" if there else "none: only rules find claims"
    yield Finding("learned relations", Verdict.OK if there else Verdict.MISSING, words)


def _models(name: str) -> Iterator[Finding]:
    try:
        engine = engine_of(Settings(engine=name))
        infos = models_of(engine, Settings(engine=name))
    except SettingsError as error:
        yield Finding(f"engine {name}", Verdict.WRONG if name == ENGINES[0] else Verdict.MISSING, str(error))
        return
    for lang, info in infos.items():
        subject = f"model {name} {lang}"
        before = time.perf_counter()
        try:
            engine.analyse([Passage("A.", (Span(0, 2),))], lang)
        except Exception as error:  # whatever is broken in a model, the others are still looked at
            yield Finding(subject, Verdict.WRONG, f"{info.name} {info.version} does not load: {error}")
            continue
        words = f"{info.name} {info.version} loads ({time.perf_counter() - before:.1f} s), SHA-256 {info.sha256[:12]}…"
        yield Finding(subject, Verdict.OK, words)
