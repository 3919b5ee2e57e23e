"""Worker processes: order, bounded reading ahead, deaths, and no standstill."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimtrail.pool import Lost, Pool, StartError, WorkError


def start_doubling(greeting: str) -> tuple[Callable[[Sequence[float]], list[float]], str]:
    """Double each number; sleep for a fraction of a second first, die on 13, raise on 14."""

    def double(items: Sequence[float]) -> list[float]:
        for item in items:
            time.sleep(item % 1)
            if item == 13:
                os.kill(os.getpid(), signal.SIGKILL)
            if item == 14:
                raise ValueError("fourteen is not liked here")
        return [2 * item for item in items]

    return double, greeting


def start_failing() -> tuple[Callable[[Sequence[int]], list[int]], None]:
    raise RuntimeError("nothing works today")


def start_dying() -> tuple[Callable[[Sequence[int]], list[int]], None]:
    os._exit(3)


def doubled(chunks: Sequence[Sequence[float]], jobs: int) -> list[list[float | Lost]]:
    pool: Pool[float, float] = Pool(start_doubling, ("hello",), jobs)
    with pool:
        return list(pool.run(chunks))


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_the_order_of_the_chunks(jobs: int) -> None:
    chunks = [[float(n), float(n + 1)] for n in range(20, 60)]
    assert doubled(chunks, jobs) == [[2 * a, 2 * b] for a, b in chunks]


@pytest.mark.parametrize("slow", [0, 1, 5, 6])
def test_one_slow_chunk_brings_nothing_to_a_standstill(slow: int) -> None:
    chunks = [[100.5 if n == slow else 100.0] for n in range(40)]
    assert len(doubled(chunks, 2)) == 40


@given(
    st.lists(st.lists(st.sampled_from([1.0, 2.0, 3.01, 4.02, 13.0, 14.0]), max_size=3), max_size=9), st.integers(1, 3)
)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_any_chunks_come_back_whole(chunks: list[list[float]], jobs: int) -> None:
    results = doubled(chunks, jobs)
    assert [len(chunk) for chunk in chunks] == [len(result) for result in results]
    for chunk, result in zip(chunks, results, strict=True):
        for item, value in zip(chunk, result, strict=True):
            assert isinstance(value, Lost) if item in (13, 14) else value == 2 * item


def test_items_that_kill_or_raise_are_lost_alone_with_their_reason() -> None:
    ((one, killed, two, raised),) = doubled([[1.0, 13.0, 2.0, 14.0]], 1)
    assert (one, two) == (2.0, 4.0)
    assert isinstance(killed, Lost)
    assert killed.reason.startswith("the process that worked on it ended by signal 9 (SIGKILL)")
    assert raised == Lost("ValueError: fourteen is not liked here")


def test_only_a_few_chunks_are_read_ahead() -> None:
    taken = 0

    def source() -> Iterator[list[float]]:
        nonlocal taken
        for n in range(100):
            taken += 1
            yield [float(100 + n)]

    pool: Pool[float, float] = Pool(start_doubling, ("hello",), 2)
    with pool:
        results = pool.run(source())
        next(results)
        assert taken <= 8


def test_a_process_greets_when_it_is_ready() -> None:
    pool: Pool[float, float] = Pool(start_doubling, ("hello",), 2)
    with pool:
        assert pool.greeting() == "hello"
        assert list(pool.run([[1.0]])) == [[2.0]]


@pytest.mark.parametrize(("start", "said"), [(start_failing, "nothing works today"), (start_dying, "exit status 3")])
def test_processes_that_do_not_get_ready_are_reported(start: Callable[..., object], said: str) -> None:
    pool: Pool[int, int] = Pool(start, (), 2)  # type: ignore[arg-type]
    with pool, pytest.raises(StartError, match=said):
        list(pool.run([[1]]))


def test_leaving_stops_processes_at_work() -> None:
    pool: Pool[float, float] = Pool(start_doubling, ("hello",), 1)
    before = time.monotonic()
    with pool:
        pool.greeting()
        results = pool.run([[1.0], [0.9, 1.9, 2.9, 3.9, 4.9, 5.9, 6.9, 7.9, 8.9, 9.9, 10.9, 11.9]])
        next(results)
    assert time.monotonic() - before < 8


def start_unlucky(folder: str) -> tuple[Callable[[Sequence[float]], list[float]], None]:
    """Die or hang on an item that is seen for the first time; raise what ends the work on 15; hang always on 16."""

    def handle(items: Sequence[float]) -> list[float]:
        for item in items:
            seen = Path(folder) / str(item)
            if item == 15:
                raise WorkError("the disk is full")
            if item == 16 or (item in (11, 12) and not seen.exists()):
                seen.touch()
                if item == 11:
                    os.kill(os.getpid(), signal.SIGKILL)
                time.sleep(60)
        return [2 * item for item in items]

    return handle, None


def unlucky(folder: Path, chunks: Sequence[Sequence[float]]) -> list[list[float | Lost]]:
    pool: Pool[float, float] = Pool(start_unlucky, (str(folder),), 2, timeout=1.0)
    with pool:
        return list(pool.run(chunks))


def test_a_worker_that_is_killed_or_hangs_once_costs_nothing_but_time(tmp_path: Path) -> None:
    assert unlucky(tmp_path, [[11.0], [1.0, 12.0, 3.0], [4.0]]) == [[22.0], [2.0, 24.0, 6.0], [8.0]]


def test_what_hangs_twice_is_lost_alone(tmp_path: Path) -> None:
    before = time.monotonic()
    ((one, lost, two), rest) = unlucky(tmp_path, [[1.0, 16.0, 2.0], [3.0]])
    assert (one, two, rest) == (2.0, 4.0, [6.0])
    assert lost == Lost("it took longer than 1 seconds (--text-timeout)")
    assert time.monotonic() - before < 40


def test_a_worker_that_cannot_go_on_ends_the_work(tmp_path: Path) -> None:
    with pytest.raises(WorkError, match="the disk is full"):
        unlucky(tmp_path, [[1.0], [15.0], [2.0]])
