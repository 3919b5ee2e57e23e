"""Which files a run reads: folders, files and standard input, in a fixed order, nothing lost silently."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

STANDARD_INPUT = "-"


class Kind(StrEnum):
    """How an input is read; ``skipped`` is a file of another type, ``unreadable`` a folder that cannot be listed."""

    TEXT = "text"
    JSONL = "jsonl"
    HTML = "html"
    SKIPPED = "skipped"
    UNREADABLE = "unreadable"


SUFFIXES = {".txt": Kind.TEXT, ".jsonl": Kind.JSONL, ".html": Kind.HTML, ".htm": Kind.HTML}


class InputError(ValueError):
    """What was asked for cannot be read at all; the message says what was looked for and where."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read.

    ``doc_id`` is the path relative to the input folder with ``/`` between its parts, the file's name for a file given
    by itself, and ``-`` for standard input. ``path`` is ``None`` for standard input only.
    """

    path: Path | None
    doc_id: str
    kind: Kind


def find_inputs(paths: Iterable[str | Path], *, exclude: Sequence[str | Path] = ()) -> list[InputFile]:
    """Return the files under the paths, skipped ones included, in the order of their ids, however they were named.

    Hidden files and folders are passed over, so is everything under ``exclude``; a file reached twice counts once.
    Files of one name from several folders get the folder's name in front.

    Raises:
        InputError: a path does not exist, or there is nothing to read.
    """
    places = [str(path) for path in paths]
    barred = {_real(path) for path in exclude}
    found: list[tuple[InputFile, str]] = []
    for place in places:
        if place == STANDARD_INPUT:
            found.append((InputFile(path=None, doc_id=STANDARD_INPUT, kind=Kind.TEXT), ""))
            continue
        path = Path(place)
        home = _real(path).parent.name
        if path.is_dir():
            found += [(file, _real(path).name) for file in _walk(path, barred)]
        elif os.path.lexists(path):
            found.append((_input_file(path, path.name), home))
        else:
            raise InputError(f"{place}: there is no such file or folder")
    seen: set[Path | None] = set()
    once: list[tuple[InputFile, str]] = []
    for file, home in found:
        key = file.path.absolute() if file.path is not None else None
        if key not in seen:
            seen.add(key)
            once.append((file, home))
    if not any(file.kind is not Kind.SKIPPED for file, _ in once):
        others = f" ({len(once)} files of other types)" if once else ""
        raise InputError(f"no {', '.join(SUFFIXES)} file in {', '.join(places) or 'an empty list of paths'}{others}")
    return _with_own_ids(once)


def _input_file(path: Path, doc_id: str) -> InputFile:
    # A file name need not be valid UTF-8, but an id is written as UTF-8.
    safe = doc_id.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return InputFile(path=path, doc_id=safe, kind=SUFFIXES.get(path.suffix.lower(), Kind.SKIPPED))


def _walk(folder: Path, barred: set[Path]) -> list[InputFile]:
    found: list[InputFile] = []

    def cannot_list(error: OSError) -> None:
        place = Path(error.filename)
        name = place.relative_to(folder).as_posix() if place != folder else _real(place).name
        found.append(replace(_input_file(place, f"{name}/"), kind=Kind.UNREADABLE))

    for place, folders, names in os.walk(folder, onerror=cannot_list):
        here = Path(place)
        folders[:] = sorted(n for n in folders if not n.startswith(".") and _real(here / n) not in barred)
        for name in sorted(names):
            path = here / name
            if not name.startswith(".") and _real(path) not in barred:
                found.append(_input_file(path, path.relative_to(folder).as_posix()))
    return sorted(found, key=_sort_key)


def _real(path: str | Path) -> Path:
    # Unlike Path.resolve, this takes links that go round in a circle.
    return Path(os.path.realpath(path))


def _sort_key(file: InputFile) -> tuple[str, ...]:
    return tuple(file.doc_id.split("/"))


def _with_own_ids(files: Sequence[tuple[InputFile, str]]) -> list[InputFile]:
    often = Counter(file.doc_id for file, _ in files)
    taken: Counter[str] = Counter()
    result = []
    for file, home in files:
        doc_id = f"{home}/{file.doc_id}" if often[file.doc_id] > 1 and home else file.doc_id
        taken[doc_id] += 1
        if taken[doc_id] > 1:
            stem, dot, suffix = doc_id.rpartition(".")
            doc_id = f"{stem}~{taken[doc_id]}.{suffix}" if dot else f"{doc_id}~{taken[doc_id]}"
        result.append(replace(file, doc_id=doc_id))
    return sorted(result, key=_sort_key)
