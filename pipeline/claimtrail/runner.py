"""A whole run: texts from files through the stages into the output folder, in several processes, resumable."""

from __future__ import annotations

import platform
import shutil
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from claimtrail import __version__, data
from claimtrail.assemble import Earlier, UsageError, assemble
from claimtrail.cluster import Cluster
from claimtrail.document import Document, State
from claimtrail.engines.base import ModelInfo
from claimtrail.identity.decisions import IdentityFileError, lines_of
from claimtrail.identity.stored import EVIDENCE, Touched, hash_of
from claimtrail.installed import DECIDING, installed
from claimtrail.output.build import Tally
from claimtrail.output.folder import FolderError, OutputFolder, open_folder
from claimtrail.output.journal import JOURNAL, Journal, JournalError, configuration_hash, differing, key_of
from claimtrail.output.lines import Together, discard, finish, indented
from claimtrail.output.lock import LockedError, locked
from claimtrail.output.store import Outcome
from claimtrail.pipeline import Settings, model_infos, stages
from claimtrail.pool import Lost, Pool, StartError, WorkError
from claimtrail.reading.read import InputError, InputFile, Kind, Reader, ReaderOptions, find_inputs
from claimtrail.records import ClaimRecord, DocumentRecord, RunRecord
from claimtrail.worker import TEXTS, Answer, Build, Describe, Item, Order, is_full, lost, outcome_of, start

__all__ = ["FILES", "TEXTS", "Progress", "Request", "StartError", "Summary", "UsageError", "run"]

FILES = ("mentions.jsonl", "claims.jsonl", "documents.jsonl", EVIDENCE, "run.json")

EXECUTORS = ("local", "ray")

# Texts that may wait for one that was read before them.
_MOST_WAITING = 512

_KEPT = "what is finished is kept, and the same command with --resume goes on from there"

# No text of news, of whatever length is read, takes nearly as long; seconds.
TEXT_TIMEOUT = 3600.0


class OutputError(RuntimeError):
    """The output folder cannot be written to any more; what is finished is kept, and can be gone on from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to run: inputs, output folder and settings, and the ways of running, which do not change the answer.

    ``identities`` is the user's table of what is the same and what is not. With ``append`` the texts come to those of
    the run in the output folder. A text that takes longer than ``text_timeout`` seconds, twice, fails (0: any time).
    The ``jobs`` are processes of this machine, or with the ``executor`` ``ray`` actors of a cluster.
    """

    paths: tuple[str, ...]
    out: Path
    settings: Settings = field(default_factory=Settings)
    reading: ReaderOptions = field(default_factory=ReaderOptions)
    jobs: int = 1
    executor: str = "local"
    overwrite: bool = False
    resume: bool = False
    append: bool = False
    identities: Path | None = None
    text_timeout: float = TEXT_TIMEOUT


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, in bytes of input (``total`` is 0 where it cannot be known), texts and mentions.

    ``last`` is the line of the ledger of the text that was done last. ``done_before`` and ``texts_before`` were done by
    the run that this one goes on with: they tell nothing of its speed.
    """

    done: int
    total: int
    texts: int
    mentions: int
    last: DocumentRecord
    done_before: int = 0
    texts_before: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """What came out of a run; its records are read from its files when they are asked for.

    ``claims_by_relation`` and ``mentions_by_relation`` count the claims and what they are made of. ``touched`` tells
    what texts that were appended did to the claims.
    """

    out: Path
    run: RunRecord
    tally: Tally
    claims_by_relation: Mapping[str, int]
    mentions_by_relation: Mapping[str, int]
    touched: Touched | None = None

    @property
    def documents(self) -> list[DocumentRecord]:
        """The lines of the ledger."""
        return list(OutputFolder(self.out, self.run).documents())

    @property
    def claims(self) -> list[ClaimRecord]:
        """The claims, sorted by id."""
        return list(OutputFolder(self.out, self.run).claims())


@dataclass(slots=True)
class _Watch:
    """Adds up the progress and tells it."""

    total: int
    report: Callable[[Progress], None] | None
    texts_before: int
    done: int = 0
    done_before: int = 0
    texts: int = 0
    mentions: int = 0

    def tell(self, record: DocumentRecord) -> None:
        """Count a text in."""
        self.done += record.bytes
        self.texts += 1
        self.mentions += record.mentions
        if self.texts <= self.texts_before:
            self.done_before = self.done
        if self.report is not None:
            done, before = min(self.done, self.total), min(self.done_before, self.total)
            texts_before = min(self.texts, self.texts_before)
            self.report(Progress(done, self.total, self.texts, self.mentions, record, before, texts_before))


def run(
    request: Request,
    *,
    report: Callable[[Progress], None] | None = None,
    build: Build = stages,
    describe: Describe = model_infos,
) -> Summary:
    """Run the stages over all inputs and write the output files; ``report`` hears of the progress.

    A text that cannot be read or analysed gets its line in the ledger, and the run goes on.

    Raises:
        UsageError: there is nothing to read, the output folder holds another run, or the settings cannot be met.
        StartError: the worker processes cannot get ready.
        OutputError: the output cannot be written, for instance because the disk is full.
    """
    try:
        return _run(request, report, build, describe)
    except WorkError as error:
        raise OutputError(f"{error}; {_KEPT}") from error
    except (InputError, FolderError, JournalError, LockedError) as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise OutputError(f"{request.out} cannot be written: {error.strerror or error}; {_KEPT}") from error


def _run(request: Request, report: Callable[[Progress], None] | None, build: Build, describe: Describe) -> Summary:
    _check_identities(request)
    inputs = find_inputs(request.paths, exclude=[request.out] if request.out.is_dir() else [])
    if request.out.exists() and not request.out.is_dir():
        raise UsageError(f"{request.out} cannot be the output folder: it is a file")
    if request.append and not request.out.exists():
        open_folder(request.out)  # says what is wrong with it
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(request.out))
            _check_folder(request)
        except OSError as error:
            raise UsageError(f"{request.out} cannot be the output folder: {error.strerror or error}") from error
        return _run_locked(request, inputs, report, build, describe)


def _run_locked(
    request: Request,
    inputs: Sequence[InputFile],
    report: Callable[[Progress], None] | None,
    build: Build,
    describe: Describe,
) -> Summary:
    started, before = datetime.now(UTC), time.perf_counter()
    seconds: dict[str, float] = defaultdict(float)
    order = Order(request.settings, request.reading, request.out, build, describe)
    with ExitStack() as stack:
        crew = _crew(request, order)
        stack.enter_context(crew)
        earlier = Earlier.of(request.out) if request.append else Earlier()
        # Only the workers load engines: one of them says which models there are.
        models: Mapping[str, ModelInfo] = crew.greeting()
        configuration = _configuration(request, models)
        _check_same(earlier, configuration)
        journal = _open_folder(request, configuration, inputs)
        with journal:
            watch = _Watch(_size(inputs), report, len(journal))
            for record in _work(request, inputs, journal, seconds, crew, earlier):
                watch.tell(record)
        each = crew.each if isinstance(crew, Cluster) else None
        if each is None:
            stack.close()  # the processes with their models; a cluster has more to do
        files = Together(request.out)
        try:
            found = assemble(files, request.out, journal.entries, earlier, request.identities, seconds, each)
        except IdentityFileError as error:
            raise UsageError("\n".join(error.faults)) from error
    first = earlier.folder.run if earlier.folder is not None else None
    run_record = RunRecord(
        program="claimtrail",
        version=__version__,
        python=platform.python_version(),
        rules_sha256=data.fingerprint(),
        models={lang: asdict(info) for lang, info in models.items()},
        configuration=configuration_hash(configuration),
        options=configuration["options"]
        | {"jobs": request.jobs, "executor": request.executor, "identities": hash_of(request.identities)},
        inputs=list(dict.fromkeys([*(first.inputs if first else ()), *request.paths])),
        skipped=sum(file.kind is Kind.SKIPPED for file in inputs) + (first.skipped if first else 0),
        counts=found.counts(),
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.perf_counter() - before, 3),
        stage_seconds={name: round(spent, 3) for name, spent in seconds.items()},
        platform=platform.platform(),
        libraries=installed(DECIDING),
        files=dict(found.hashes),
    )
    files.write("run.json", [indented(run_record)])
    files.publish()
    journal.remove()
    return Summary(request.out, run_record, found.tally, found.claims, found.mentions, found.touched)


def _check_identities(request: Request) -> None:
    """Check the form of the user's file before the work begins.

    Raises:
        UsageError: it cannot be read, or is not such a table.
    """
    if request.identities is not None:
        try:
            lines_of(request.identities)
        except IdentityFileError as error:
            raise UsageError("\n".join(error.faults)) from error


def _check_same(earlier: Earlier, configuration: dict[str, Any]) -> None:
    """Check that texts to append are read as those that are there were.

    Raises:
        UsageError: under another configuration.
    """
    if earlier.folder is None or earlier.folder.run.configuration == configuration_hash(configuration):
        return
    run = earlier.folder.run
    options = {name: value for name, value in run.options.items() if name in configuration["options"]}
    then = {"version": run.version, "rules": run.rules_sha256, "models": run.models, "options": options}
    differences = "; ".join(differing(then, configuration)) or "by its hash"
    raise UsageError(
        f"{earlier.folder.path} holds a run with another version, other rules, models or options, "
        f"and texts can only be appended under the same ones: {differences}"
    )


def _crew(request: Request, order: Order) -> Pool[Item, Answer] | Cluster:
    """Return what analyses the texts.

    Raises:
        UsageError: there is no executor of that name.
    """
    if request.executor not in EXECUTORS:
        raise UsageError(f"no executor {request.executor}; there are {', '.join(EXECUTORS)}")
    jobs = max(1, request.jobs)
    if request.executor == "ray":
        return Cluster(order, jobs, request.text_timeout)
    return Pool(start, (order,), jobs, request.text_timeout)


def _work(
    request: Request,
    inputs: Sequence[InputFile],
    journal: Journal,
    seconds: dict[str, float],
    crew: Pool[Item, Answer] | Cluster,
    earlier: Earlier,
) -> Iterator[DocumentRecord]:
    """Yield the ledger's line of each text when the journal has it, in the order of reading.

    What the journal holds is not done again. Texts that the output folder has already are passed over, as far as that
    shows before they are analysed.
    """
    if isinstance(crew, Cluster):
        yield from _cluster_work(inputs, journal, seconds, crew, earlier)
    else:
        yield from _pool_work(request, inputs, journal, seconds, crew, earlier)


def _cluster_work(
    inputs: Sequence[InputFile], journal: Journal, seconds: dict[str, float], cluster: Cluster, earlier: Earlier
) -> Iterator[DocumentRecord]:
    for key, item, answer in cluster.run(inputs, journal.keys, earlier.known):
        if isinstance(item, Document) and earlier.has(item.doc_id, item.sha256 or None):
            journal.passed_over(key)
            continue
        known = journal.passed(key, item)
        if known is not None:
            yield known
        elif answer is not None:
            for name, spent in answer.seconds.items():
                seconds[name] += spent
            journal.add(key, answer.outcome)
            yield answer.outcome.record
    journal.check_end()


def _pool_work(
    request: Request,
    inputs: Sequence[InputFile],
    journal: Journal,
    seconds: dict[str, float],
    pool: Pool[Item, Answer],
    earlier: Earlier,
) -> Iterator[DocumentRecord]:
    reading: deque[tuple[Item, bytes, Outcome | DocumentRecord | None]] = deque()

    def chunks() -> Iterator[list[Item]]:
        chunk: list[Item] = []
        for item in _timed(_items(request, inputs), seconds):
            key = key_of(item)
            if isinstance(item, Document) and earlier.has(item.doc_id, item.sha256 or None):
                journal.passed_over(key)
                continue
            known: Outcome | DocumentRecord | None = journal.passed(key, item)
            if known is None and isinstance(item, Document) and item.state is not State.PROCESSED:
                known = outcome_of(item, item, request.out)
            reading.append((item, key, known))
            if known is None:
                chunk.append(item)
            # What is done is told, and let go, even if there is nothing new to do.
            if is_full(chunk) or len(reading) % _MOST_WAITING == 0:
                yield chunk
                chunk = []
        journal.check_end()
        yield chunk

    def known_next() -> Iterator[DocumentRecord]:
        while reading and (known := reading[0][2]) is not None:
            _, key, _ = reading.popleft()
            if isinstance(known, Outcome):
                journal.add(key, known)
                known = known.record
            yield known

    for answers in pool.run(chunks()):
        yield from known_next()
        for answer in answers:
            item, key, _ = reading.popleft()
            if isinstance(answer, Lost):
                outcome = lost(item, answer.reason, request.out)
            else:
                outcome = answer.outcome
                for name, spent in answer.seconds.items():
                    seconds[name] += spent
            journal.add(key, outcome)
            yield outcome.record
            yield from known_next()


def _items(request: Request, inputs: Sequence[InputFile]) -> Iterator[Item]:
    reader = Reader(request.reading)
    for file in inputs:
        if file.kind is Kind.HTML:
            yield file
        else:
            yield from reader.read(file)


def _configuration(request: Request, models: Mapping[str, ModelInfo]) -> dict[str, Any]:
    """Return everything that decides the answer for a text, apart from the text."""
    return {
        "version": __version__,
        "rules": data.fingerprint(),
        "models": {lang: asdict(info) for lang, info in models.items()},
        "options": asdict(request.settings) | asdict(request.reading),
    }


def _check_folder(request: Request) -> None:
    """Check that the output folder can be used.

    Raises:
        UsageError: it holds a run that nobody said what to do with.
        OSError: it cannot be written to.
    """
    out = request.out
    finish(out)
    if request.overwrite or request.resume or (request.append and not (out / JOURNAL).exists()):
        return
    finished = [name for name in FILES if (out / name).exists()]
    if (out / JOURNAL).exists():
        raise UsageError(f"{out} holds a run that was broken off; --resume continues it, --overwrite starts afresh")
    if finished:
        raise UsageError(f"{out} holds another run ({', '.join(finished)}); --overwrite replaces it")


def _open_folder(request: Request, configuration: dict[str, Any], inputs: Sequence[InputFile]) -> Journal:
    """Make the output folder ready and return its journal.

    Raises:
        UsageError: the folder cannot be written to.
        JournalError: the broken run in it is of another configuration, or of other inputs.
    """
    out = request.out
    try:
        discard(out, FILES)
        if request.overwrite:
            for name in [*reversed(FILES), JOURNAL]:
                (out / name).unlink(missing_ok=True)
            if (out / TEXTS).is_dir():
                shutil.rmtree(out / TEXTS)
        # The journal of texts to append is of no use to a run that begins anew.
        return Journal(out / JOURNAL, configuration | ({"append": True} if request.append else {}), _Sizes(inputs))
    except OSError as error:
        raise UsageError(f"{out} cannot be the output folder: {error.strerror or error}") from error


@dataclass(frozen=True, slots=True)
class _Sizes(Iterable[tuple[str, int | None]]):
    """The inputs with their sizes, as the journal takes them."""

    inputs: Sequence[InputFile]

    def __iter__(self) -> Iterator[tuple[str, int | None]]:
        return ((file.doc_id, _size_of(file)) for file in self.inputs if file.kind is not Kind.SKIPPED)


def _timed(items: Iterator[Item], seconds: dict[str, float]) -> Iterator[Item]:
    while True:
        before = time.perf_counter()
        item = next(items, None)
        seconds["read"] += time.perf_counter() - before
        if item is None:
            return
        yield item


def _size(inputs: Sequence[InputFile]) -> int:
    return sum(_size_of(file) or 0 for file in inputs if file.kind in (Kind.TEXT, Kind.HTML, Kind.JSONL, Kind.PARQUET))


def _size_of(file: InputFile) -> int | None:
    try:
        return file.path.stat().st_size if file.path is not None and file.path.is_file() else None
    except OSError:
        return None
