"""Worker processes that survive the death of one of them: chunks in, results out in the order of the chunks."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# One thread a process: the processes are the parallelism, and sums come out the same for any number of them.
_ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")}

# Seconds that a process may take to end when it has been told to.
_PATIENCE = 5


class StartError(RuntimeError):
    """A worker could not get ready for work; the message says why."""


class WorkError(RuntimeError):
    """A worker cannot go on, whatever the item; what it works for must end. The message says why."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Stands for the result of an item whose worker died or failed on it."""

    reason: str


@dataclass(slots=True)
class _Task(Generic[Item]):
    chunk: int
    places: Sequence[int]
    items: Sequence[Item]
    retried: bool = False


@dataclass(slots=True, eq=False)
class _Worker(Generic[Item]):
    process: BaseProcess
    connection: Connection[Any, Any]
    ready: bool = False
    task: _Task[Item] | None = None
    since: float = 0.0


@dataclass(slots=True)
class Pool(Generic[Item, Result]):
    """Processes that each get ready by ``start(*arguments)``: a function from items to as many results, and a greeting.

    ``start`` and all that passes in and out must be picklable. An item whose worker dies, or that takes longer than
    ``timeout`` seconds (0: any time), is tried once more, and alone, so that its neighbours are not lost with it; then
    its result is ``Lost``. Leaving the context stops the processes.
    """

    start: Callable[..., tuple[Callable[[Sequence[Item]], Sequence[Result]], Any]]
    arguments: tuple[Any, ...]
    jobs: int
    timeout: float = 0.0
    _workers: list[_Worker[Item]] = field(default_factory=list)
    _greeting: Any = None

    def __enter__(self) -> Self:
        """Return the pool; processes are started when they are needed."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop all processes, whatever they do."""
        for worker in self._workers:
            worker.connection.close()
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join(_PATIENCE)
            if worker.process.exitcode is None:
                worker.process.kill()
                worker.process.join()
        self._workers.clear()

    def greeting(self) -> Any:
        """Return what a process said when it was ready; the first one is started for it.

        Raises:
            StartError: it did not get ready.
        """
        if not self._workers:
            self._workers.append(self._start_worker())
        while not any(worker.ready for worker in self._workers):
            for _ in self._collect():
                pass
        return self._greeting

    def run(self, chunks: Iterable[Sequence[Item]]) -> Iterator[list[Result | Lost]]:
        """Yield the results of each chunk, in order; a few chunks a process are read ahead, no more.

        Raises:
            StartError: a worker did not get ready.
            WorkError: a worker cannot go on.
        """
        source = iter(chunks)
        waiting: deque[_Task[Item]] = deque()
        gathered: deque[dict[int, Result | Lost]] = deque()  # of the chunks first … first + len - 1
        sizes: deque[int] = deque()
        first, exhausted = 0, False
        while True:
            while not exhausted and len(gathered) < 3 * self.jobs and len(waiting) < self.jobs:
                items = next(source, None)
                if items is None:
                    exhausted = True
                    break
                if items:
                    waiting.append(_Task(first + len(gathered), range(len(items)), items))
                gathered.append({})
                sizes.append(len(items))
            self._hand_out(waiting)
            if gathered and len(gathered[0]) == sizes[0]:
                done, size = gathered.popleft(), sizes.popleft()
                first += 1
                yield [done[place] for place in range(size)]
                continue  # there is room for another chunk now: workers get it before anything is waited for
            if exhausted and not gathered:
                return
            for task, results in self._collect():
                if isinstance(results, Lost) and not task.retried:
                    pairs = zip(task.places, task.items, strict=True)
                    waiting.extendleft(_Task(task.chunk, [place], [item], retried=True) for place, item in pairs)
                    continue
                found = [results] if isinstance(results, Lost) else results
                gathered[task.chunk - first].update(zip(task.places, found, strict=True))

    def _hand_out(self, waiting: deque[_Task[Item]]) -> None:
        idle = [worker for worker in self._workers if worker.ready and worker.task is None]
        while waiting and idle:
            worker = idle.pop()
            worker.task, worker.since = waiting.popleft(), time.monotonic()
            try:
                worker.connection.send(worker.task.items)
            except OSError:
                continue  # it has died since: collecting finds out
        starting = sum(not worker.ready for worker in self._workers)
        for _ in range(min(len(waiting) - starting, self.jobs - len(self._workers))):
            self._workers.append(self._start_worker())

    def _collect(self) -> Iterator[tuple[_Task[Item], Sequence[Result] | Lost]]:
        """Wait until something has happened and yield the results that came of it."""
        busy = {worker.connection: worker for worker in self._workers if worker.task is not None or not worker.ready}
        for connection in wait(list(busy), self._time_left()):
            worker = busy.pop(connection)  # type: ignore[call-overload]  # the list held connections only
            task = worker.task
            try:
                kind, content = worker.connection.recv()
            except (EOFError, OSError):
                reason = self._bury(worker)
                if task is None:
                    raise StartError(f"a worker process did not start: it ended {reason}") from None
                yield task, Lost(f"the process that worked on it ended {reason}")
                continue
            if kind == "refused":
                raise StartError(content)
            if kind == "stopped":
                raise WorkError(content)
            if kind == "ready" or task is None:
                worker.ready = True
                self._greeting = content
                continue
            worker.task = None
            yield task, Lost(content) if kind == "failed" else content
        now = time.monotonic()
        for worker in busy.values():
            if self.timeout and worker.task is not None and now - worker.since > self.timeout:
                task = worker.task
                worker.process.kill()
                self._bury(worker)
                yield task, Lost(f"it took longer than {self.timeout:g} seconds (--text-timeout)")

    def _time_left(self) -> float | None:
        """Return how long the worker that is at its task for the longest time may still take; None for ever."""
        since = [worker.since for worker in self._workers if worker.task is not None]
        if not self.timeout or not since:
            return None
        return max(0.0, min(since) + self.timeout - time.monotonic()) + 0.01

    def _start_worker(self) -> _Worker[Item]:
        # A fresh interpreter: a fork would copy threads and locks of whoever calls this as a library.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self.start, self.arguments), daemon=True)
        with _without_interrupts():
            process.start()
        theirs.close()
        return _Worker(process, ours)

    def _bury(self, worker: _Worker[Item]) -> str:
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.join(_PATIENCE)
        code = worker.process.exitcode
        if code == -signal.SIGKILL:
            return f"by signal {-code} (SIGKILL): somebody killed it, perhaps the system for lack of memory"
        if code is not None and code < 0:
            return f"by signal {-code} ({signal.Signals(-code).name})"
        return f"with exit status {code}"


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Start processes that never hear of Ctrl-C, not even while they begin: the main process stops them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it begins with the first process, and unblocks interrupts when it has
    in_main_thread = threading.current_thread() is threading.main_thread()
    heard = []
    # The mask is what a new process inherits. This process may have other threads that hear the signal all the same,
    # and Python would raise in the main thread, between the start of a process and its first words.
    handler = signal.signal(signal.SIGINT, lambda *_: heard.append(True)) if in_main_thread else None
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if in_main_thread:
            signal.signal(signal.SIGINT, signal.SIG_DFL if handler is None else handler)
            if heard:
                signal.raise_signal(signal.SIGINT)


def _work(
    connection: Connection[Any, Any],
    start: Callable[..., tuple[Callable[[Sequence[Any]], Sequence[Any]], Any]],
    arguments: tuple[Any, ...],
) -> None:
    """Be a worker: get ready, then answer every chunk until the other side closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(_ONE_THREAD)
    try:
        handle, greeting = start(*arguments)
        answer = ("ready", greeting)
    except Exception as error:
        with suppress(OSError):
            connection.send(("refused", str(error) or type(error).__name__))
        return
    with suppress(EOFError, OSError):  # the main process is gone, or has no more to do
        while True:
            connection.send(answer)
            items = connection.recv()
            try:
                answer = ("done", handle(items))
            except WorkError as error:
                answer = ("stopped", str(error))
            except Exception as error:
                answer = ("failed", f"{type(error).__name__}: {error}")
