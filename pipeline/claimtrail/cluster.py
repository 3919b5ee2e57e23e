"""The texts of a run analysed by many machines: Ray Data reads them there, and its actors hold the models.

What a machine does with a chunk of texts is what a worker process of one machine does (``claimtrail.worker``); each
actor has one such process beside it, so that a text that kills its process or takes too long costs no more than here.
Ray keeps nothing: what is done stands in the journal of the run, and no text that stands there is sent out again.
"""

from __future__ import annotations

import hashlib
import logging
import os
import pickle
import platform
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from claimtrail import __version__, data
from claimtrail.document import Document
from claimtrail.engines.base import ModelInfo
from claimtrail.output.journal import key_of
from claimtrail.pool import Lost, Pool, StartError, WorkError
from claimtrail.reading.read import InputFile, Kind, Reader
from claimtrail.worker import Answer, Item, Order, chunks_of, lost, start

# What is no business of the user of this program, or goes to other computers. Errors come as exceptions.
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}
# Shares of a processor. An actor leaves room for those who read, also where there are as many actors as processors.
_ACTOR, _READER = 0.9, 0.1
# Reading takes a hundredth of the time of analysing.
_ACTORS_OF_READER = 16
# Memory in bytes for what is under way between processes, where this program starts Ray; the size of a block of chunks,
# and that of a packet of what is resolved.
_STORE = 512 << 20
_BLOCK = 1 << 16
_PACKET = 1 << 20
# Files that one task reads, at least, and the number of tasks that this grows for.
_FILES, _TASKS = 8, 5000
# How often a process that holds the models is started before the run is given up.
_STARTS = 3
# Of a key, so many digits tell it from all others.
_DIGITS = 24


class Read(NamedTuple):
    """What became of a text: its key, the text as it was read but for its characters, and the answer.

    There is no answer for what was done before.
    """

    key: bytes
    item: Item
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Said:
    """What decides the answer, as one machine has it; ``fault`` says why it cannot work."""

    version: str = ""
    rules: str = ""
    models: Mapping[str, ModelInfo] = field(default_factory=dict)
    fault: str = ""


class Cluster:
    """Ray with as many actors as there are ``jobs``: that at ``RAY_ADDRESS``, or one started on this machine."""

    def __init__(self, order: Order, jobs: int, timeout: float, packet: int = _PACKET) -> None:
        """Take what workers need; ``timeout`` is the time for a text in seconds (0: any).

        ``packet`` is the size in bytes of what is sent of things that there are many of.
        """
        # Machines have folders of their own to be in.
        self._order = replace(order, out=order.out.absolute())
        self._jobs, self._timeout = jobs, timeout
        self._said = Said()
        self._packet = packet
        self._ours = False

    def __enter__(self) -> Self:
        """Connect to Ray, or start it.

        Raises:
            StartError: it is not installed, or cannot be started.
        """
        ray = _ray()
        if ray.is_initialized():
            return self
        address = os.environ.get("RAY_ADDRESS", "local")
        ours: dict[str, Any] = {}
        if address == "local":
            # The processes find the same modules as this one.
            environment = {"env_vars": {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}}
            ours = {"num_cpus": self._jobs + 1, "object_store_memory": _STORE, "runtime_env": environment}
        try:
            with _no_words():
                ray.init(address, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR, **ours)
        except (ConnectionError, OSError, RuntimeError, ValueError) as error:
            raise StartError(f"Ray cannot be started, or not be reached at {address}: {error}") from error
        self._ours = True
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Leave the cluster, and end it if it was started here."""
        if self._ours:
            _ray().shutdown()

    def greeting(self) -> Mapping[str, ModelInfo]:
        """Return the models that one of the machines has.

        Raises:
            StartError: it cannot work.
        """
        ray = _ray()
        # The process ends with the call, for the models take memory.
        call = ray.remote(num_cpus=_READER, max_calls=1)(said_of)
        try:
            said: Said = ray.get(call.remote(self._order))
        except ray.exceptions.RayError as error:
            raise StartError(f"no machine of the cluster can run claimtrail: {_reason(error)}") from error
        if said.fault:
            raise StartError(said.fault)
        self._said = said
        return said.models

    def run(
        self, inputs: Sequence[InputFile], done: Callable[[], Iterable[bytes]], there: Iterable[str]
    ) -> Iterator[Read]:
        """Yield what became of each text of the inputs, in order.

        Texts with the keys ``done``, and those with the ids that are ``there``, are read and no more. Where Ray gives
        up, as when an actor dies before it is ready, the rest begins anew: by then what was yielded must be ``done``.

        Raises:
            StartError: a machine cannot work.
            WorkError: the output folder cannot be written to, or Ray gave up again and again.
        """
        ray = _ray()
        tasks = [{"sources": pickle.dumps(group)} for group in self._groups(inputs)]
        ids = list(map(_id_key, there))
        passed = faults = 0
        while tasks:
            keys = chain((key[:_DIGITS] for key in done()), ids)
            known = ray.put(np.sort(np.fromiter(keys, dtype=f"S{_DIGITS}")))
            try:
                with _data_context(ray):
                    for read in islice(_reads(self._data(ray, tasks, known)), passed, None):
                        passed += 1
                        faults = 0
                        yield read
                return
            except ray.exceptions.RayError as error:
                faults += 1
                if faults == _STARTS:
                    raise WorkError(f"Ray gave up: {_reason(error)}") from error

    def _data(self, ray: Any, tasks: list[dict[str, bytes]], known: Any) -> Any:
        """Return the data set of answers; nothing is done before they are asked for."""
        strategy = ray.data.TaskPoolStrategy(size=1 + self._jobs // _ACTORS_OF_READER)
        return (
            ray.data.from_items(tasks, override_num_blocks=len(tasks))
            .map_batches(_read, batch_size=1, fn_args=(self._order, known), num_cpus=_READER, compute=strategy)
            .map_batches(
                Analyst,
                batch_size=1,
                fn_constructor_args=(self._order, self._said, self._timeout),
                num_cpus=_ACTOR,
                compute=ray.data.ActorPoolStrategy(size=self._jobs),
            )
        )

    def each(self, function: Callable[[Any], Any], things: Iterable[Any]) -> Iterator[Any]:
        """Yield what a function makes of each thing, in order, as ``map`` does; what is soon done is done here.

        Raises:
            WorkError: Ray gave up.
        """
        packets = self._packets(things)
        first = list(islice(packets, 2))
        if len(first) < 2:
            yield from (function(pickle.loads(thing)) for packet in first for thing in packet)
            return
        ray = _ray()
        call = ray.remote(_call_each).options(num_cpus=_ACTOR)
        under_way: deque[Any] = deque()
        try:
            for packet in chain(first, packets):
                under_way.append(call.remote(function, packet))
                if len(under_way) > 2 * self._jobs:
                    yield from ray.get(under_way.popleft())
            while under_way:
                yield from ray.get(under_way.popleft())
        except ray.exceptions.RayError as error:
            raise WorkError(f"Ray gave up: {_reason(error)}") from error

    def _packets(self, things: Iterable[Any]) -> Iterator[list[bytes]]:
        """Yield things, pickled, several at a time."""
        packet: list[bytes] = []
        size = 0
        for thing in things:
            packet.append(pickle.dumps(thing))
            size += len(packet[-1])
            if size >= self._packet:
                yield packet
                packet, size = [], 0
        if packet:
            yield packet

    def _groups(self, inputs: Sequence[InputFile]) -> Iterator[list[Item]]:
        """Yield files that one task reads; standard input is read here."""
        size = max(_FILES, len(inputs) // _TASKS)
        group: list[Item] = []
        for file in inputs:
            if file.kind is Kind.SKIPPED:
                continue
            if file.path is None:
                group += Reader(self._order.reading).read(file)
            else:
                group.append(replace(file, path=file.path.absolute()))
            if len(group) >= size:
                yield group
                group = []
        if group:
            yield group


def _ray() -> Any:
    """Return Ray, which makes itself known to nobody.

    Raises:
        StartError: it is not installed.
    """
    os.environ.update({name: os.environ.get(name, value) for name, value in _QUIET.items()})
    try:
        import ray  # noqa: PLC0415 - an extra
        import ray.data  # noqa: PLC0415
    except ImportError as error:
        raise StartError(f"Ray is not installed ({error}): pip install 'claimtrail[ray]'") from error
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.ERROR)
    return ray


@contextmanager
def _data_context(ray: Any) -> Iterator[None]:
    """Have answers come in order, and in small blocks; whoever uses Ray Data besides keeps their settings."""
    context = ray.data.DataContext.get_current()
    before = context.execution_options.preserve_order, context.target_max_block_size
    context.execution_options.preserve_order, context.target_max_block_size = True, _BLOCK
    try:
        yield
    finally:
        context.execution_options.preserve_order, context.target_max_block_size = before


@contextmanager
def _no_words() -> Iterator[None]:
    """Keep what native code writes while it starts from standard error, whose lines may be read by programs."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _reason(error: BaseException) -> str:
    """Return what is at the bottom of an error of Ray, in a line."""
    while isinstance(cause := error.__cause__ or getattr(error, "cause", None), BaseException):
        error = cause
    said = str(error).strip().splitlines()
    return f"{type(error).__name__}: {said[0]}" if said else type(error).__name__


def said_of(order: Order) -> Said:
    """Return what this machine would work with."""
    if not order.out.parent.is_dir():
        return Said(fault=_not_shared(order.out.parent))
    try:
        return Said(__version__, data.fingerprint(), dict(order.describe(order.settings)))
    except Exception as error:
        return Said(fault=str(error) or type(error).__name__)


def _not_shared(folder: Path) -> str:
    return (
        f"there is no {folder} on the machine {platform.node()}: inputs and output folder must be where "
        "all machines of the cluster see them"
    )


def _reads(answers: Any) -> Iterator[Read]:
    """Yield what a data set of answers holds.

    Raises:
        StartError, WorkError: a machine cannot go on.
    """
    for batch in answers.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
        for packed in batch.column("answers").to_pylist():
            found: list[Read] | StartError | WorkError = pickle.loads(packed)
            if isinstance(found, Exception):
                raise found
            yield from found


def _call_each(function: Callable[[Any], Any], things: Sequence[bytes]) -> list[Any]:
    return [function(pickle.loads(thing)) for thing in things]


def _read(batch: Mapping[str, Any], order: Order, known: Any) -> Iterator[dict[str, list[bytes]]]:
    """Yield the texts of files in chunks, as pickled pairs of key and item; done ones without their texts."""
    reader, done = Reader(order.reading), _ray().get(known)
    for group in map(pickle.loads, batch["sources"]):
        folders = {file.path.parent for file in group if isinstance(file, InputFile) and file.path is not None}
        unseen = next((folder for folder in sorted({order.out, *folders}) if not folder.is_dir()), None)
        if unseen is not None:
            yield {"chunk": [pickle.dumps(StartError(_not_shared(unseen)))]}
            return
        for chunk in chunks_of(_items(group, reader)):
            sent = []
            for item in chunk:
                key = key_of(item)
                is_done = _is_in(key[:_DIGITS], done) or _is_in(_id_key(item.doc_id), done)
                sent.append((key, _bare(item) if is_done else item, is_done))
            yield {"chunk": [pickle.dumps(sent)]}


def _items(sources: Iterable[Item], reader: Reader) -> Iterator[Item]:
    for source in sources:
        if isinstance(source, Document) or source.kind is Kind.HTML:
            yield source
        else:
            yield from reader.read(source)


def _bare(item: Item) -> Item:
    return replace(item, text="") if isinstance(item, Document) else item


def _id_key(doc_id: str) -> bytes:
    return hashlib.sha256(doc_id.encode()).hexdigest().encode()[:_DIGITS]


def _is_in(key: bytes, done: NDArray[np.bytes_]) -> bool:
    place = int(np.searchsorted(done, key))
    return place < len(done) and bool(done[place] == key)


class Analyst:
    """An actor: analyses texts in a process of its own, which holds the models and lives as long as the actor."""

    def __init__(self, order: Order, expected: Said, timeout: float) -> None:
        """Begin without the process; the machine must be as ``expected``."""
        self._order, self._expected = order, expected
        self._pool: Pool[Item, Answer] = Pool(start, (order,), 1, timeout)

    def __call__(self, batch: Mapping[str, Any]) -> dict[str, list[bytes]]:
        """Return the answers to chunks, pickled as these were."""
        # The process need not import the program that Ray's workers run.
        sys.modules["__main__"].__file__ = None
        return {"answers": [pickle.dumps(self.answers(pickle.loads(chunk))) for chunk in batch["chunk"]]}

    def answers(self, sent: Sequence[tuple[bytes, Item, bool]] | StartError) -> list[Read] | StartError | WorkError:
        """Return what became of a chunk; faults are returned, for Ray would try again what raises them."""
        if isinstance(sent, StartError):
            return sent
        faults: list[StartError] = []
        while len(faults) < _STARTS:
            try:
                return self._answers(sent)
            except WorkError as error:
                return error
            except StartError as error:
                # Perhaps somebody killed the process while it loaded the models.
                faults.append(error)
        return faults[0]

    def _answers(self, sent: Sequence[tuple[bytes, Item, bool]]) -> list[Read]:
        self._check()
        work = [item for _, item, is_done in sent if not is_done]
        answers = iter(next(self._pool.run([work])) if work else ())
        return [
            Read(key, _bare(item), None if is_done else self._whole(item, next(answers))) for key, item, is_done in sent
        ]

    def _whole(self, item: Item, answer: Answer | Lost) -> Answer:
        return Answer(lost(item, answer.reason, self._order.out), {}) if isinstance(answer, Lost) else answer

    def _check(self) -> None:
        """Check that this machine would give the same answers as any other.

        Raises:
            StartError: it would not.
        """
        found, expected = Said(__version__, data.fingerprint(), self._pool.greeting()), self._expected
        if found != expected:
            parts = ("version", "rules", "models")
            other = " and ".join(part for part in parts if getattr(found, part) != getattr(expected, part))
            raise StartError(
                f"the machine {platform.node()} has other {other} of claimtrail than the one that was asked first: "
                "install the same on all machines of the cluster"
            )
        if not self._order.out.is_dir():
            raise StartError(_not_shared(self._order.out))
