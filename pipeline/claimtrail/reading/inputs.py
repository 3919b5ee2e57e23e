"""Which files a run reads: folders, files and standard input, in a fixed order, nothing lost silently."""

from __future__ import annotations

import os
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, overload

STANDARD_INPUT = "-"


class Kind(StrEnum):
    """How an input is read; ``skipped`` is a file of another type, ``unreadable`` a folder that cannot be listed."""

    TEXT = "text"
    JSONL = "jsonl"
    PARQUET = "parquet"
    HTML = "html"
    SKIPPED = "skipped"
    UNREADABLE = "unreadable"


SUFFIXES = {
    ".txt": Kind.TEXT,
    ".jsonl": Kind.JSONL,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".parquet": Kind.PARQUET,
}

_KINDS = tuple(Kind)


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


class InputFiles(Sequence[InputFile]):
    """The files that a run reads, in order; each takes little more memory than its path, for there may be millions."""

    def __init__(self) -> None:
        """Begin with none."""
        self._paths: list[str] = []
        self._kinds = bytearray()
        # Most ids are the end of the path, from here on; the others stand by themselves.
        self._starts = array("l")
        self._ids: dict[int, str] = {}

    def add(self, path: str, doc_id: str, kind: Kind) -> None:
        """Append a file; the path is empty for standard input."""
        ends_so = path.endswith(doc_id)
        if not ends_so:
            self._ids[len(self._paths)] = doc_id
        self._starts.append(len(path) - len(doc_id) if ends_so else 0)
        self._paths.append(path)
        self._kinds.append(_KINDS.index(kind))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._paths)

    @overload
    def __getitem__(self, index: int) -> InputFile: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[InputFile]: ...

    def __getitem__(self, index: int | slice) -> InputFile | Sequence[InputFile]:
        """Return a file, or several."""
        if isinstance(index, slice):
            return [self[place] for place in range(len(self))[index]]
        place = range(len(self))[index]
        path, doc_id = self._paths[place], self._ids.get(place)
        return InputFile(
            path=Path(path) if path else None,
            doc_id=path[self._starts[place] :] if doc_id is None else doc_id,
            kind=_KINDS[self._kinds[place]],
        )


class _Found(NamedTuple):
    """A file as it was found, and the name of the folder that it is from."""

    path: str
    doc_id: str
    kind: Kind
    home: str


def find_inputs(paths: Iterable[str | Path], *, exclude: Sequence[str | Path] = ()) -> InputFiles:
    """Return the files under the paths, skipped ones included, in the order of their ids, however they were named.

    Hidden files and folders are passed over, so is everything under ``exclude``; a file reached twice counts once.
    Files of one name from several folders get the folder's name in front.

    Raises:
        InputError: a path does not exist, or there is nothing to read.
    """
    places = [str(path) for path in paths]
    barred = {os.path.realpath(path) for path in exclude}
    found: list[_Found] = []
    for place in places:
        if place == STANDARD_INPUT:
            found.append(_Found("", STANDARD_INPUT, Kind.TEXT, ""))
            continue
        path = str(Path(place))
        real = os.path.realpath(path)
        if os.path.isdir(path):
            found += _walk(path, os.path.basename(real), barred)
        elif os.path.lexists(path):
            name = os.path.basename(path)
            found.append(_found(path, name, os.path.basename(os.path.dirname(real))))
        else:
            raise InputError(f"{place}: there is no such file or folder")
    if len(places) > 1:
        first: dict[str, _Found] = {}
        for file in found:
            first.setdefault(os.path.join(os.getcwd(), file.path) if file.path else "", file)
        found = list(first.values())
    if not any(file.kind is not Kind.SKIPPED for file in found):
        others = f" ({len(found)} files of other types)" if found else ""
        raise InputError(f"no {', '.join(SUFFIXES)} file in {', '.join(places) or 'an empty list of paths'}{others}")
    found = _with_own_ids(found)
    found.sort(key=_sort_key)
    files = InputFiles()
    for file in found:
        files.add(file.path, file.doc_id, file.kind)
    return files


def _found(path: str, doc_id: str, home: str) -> _Found:
    # A file name need not be valid UTF-8, but an id is written as UTF-8.
    safe = doc_id.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return _Found(path, safe, SUFFIXES.get(os.path.splitext(path)[1].lower(), Kind.SKIPPED), home)


def _walk(folder: str, home: str, barred: set[str]) -> list[_Found]:
    found: list[_Found] = []
    above = len(os.path.join(folder, ""))

    def cannot_list(error: OSError) -> None:
        name = Path(error.filename[above:]).as_posix() if len(error.filename) > above else home
        found.append(_found(error.filename, f"{name}/", home)._replace(kind=Kind.UNREADABLE))

    for place, folders, names in os.walk(folder, onerror=cannot_list):
        folders[:] = [
            name
            for name in sorted(folders)
            if not name.startswith(".") and os.path.realpath(os.path.join(place, name)) not in barred
        ]
        for name in sorted(names):
            path = os.path.join(place, name)
            if not name.startswith("."):
                found.append(_found(path, path[above:].replace(os.sep, "/"), home))
    found.sort(key=_sort_key)
    return found


def _sort_key(file: _Found) -> str:
    # Folder by folder: no name holds what stands for the slash here, and no character comes before it.
    return file.doc_id.replace("/", "\0")


def _with_own_ids(files: Sequence[_Found]) -> list[_Found]:
    often = Counter(file.doc_id for file in files)
    if len(often) == len(files):
        return list(files)
    taken: Counter[str] = Counter()
    result = []
    for file in files:
        doc_id = f"{file.home}/{file.doc_id}" if often[file.doc_id] > 1 and file.home else file.doc_id
        taken[doc_id] += 1
        if taken[doc_id] > 1:
            stem, dot, suffix = doc_id.rpartition(".")
            doc_id = f"{stem}~{taken[doc_id]}.{suffix}" if dot else f"{doc_id}~{taken[doc_id]}"
        result.append(file._replace(doc_id=doc_id))
    return result
