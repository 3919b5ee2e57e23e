"""Reading the output folder of a run: what shows, compares, exports and draws claims reads them here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import orjson
from dataclasses_json import DataClassJsonMixin

from claimtrail import __version__, data
from claimtrail.document import State
from claimtrail.output.journal import JOURNAL
from claimtrail.output.lines import WHOLE, LineError, parse, read_lines
from claimtrail.output.schema import RECORDS
from claimtrail.reading.read import InputError, InputFile, Reader, ReaderOptions, find_inputs
from claimtrail.records import ClaimRecord, DocumentRecord, MentionRecord, RunRecord

Record = TypeVar("Record", bound=DataClassJsonMixin)
Broken = Callable[[str], None]


class FolderError(ValueError):
    """A folder cannot be read as the output of a run; the message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class OutputFolder:
    """The output folder of a finished run; records are read line by line, so its files may be of any size.

    ``broken`` of the reading methods is told of each line that is not the record it must be, and the rest is read;
    without it the first such line raises ``FolderError``.
    """

    path: Path
    run: RunRecord

    def claims(self, broken: Broken | None = None) -> Iterator[ClaimRecord]:
        """Yield the claims in the order of the file."""
        return self._records("claims.jsonl", ClaimRecord, broken)

    def mentions(self, broken: Broken | None = None) -> Iterator[MentionRecord]:
        """Yield the mentions in the order of the file."""
        return self._records("mentions.jsonl", MentionRecord, broken)

    def documents(self, broken: Broken | None = None) -> Iterator[DocumentRecord]:
        """Yield the lines of the ledger in the order of the file."""
        return self._records("documents.jsonl", DocumentRecord, broken)

    @property
    def remarks(self) -> list[str]:
        """What a reader of the claims must know: texts that failed, another version, other rules; often nothing."""
        states: dict[str, int] = self.run.counts.get("texts_by_state", {})
        failed, texts = states.get(State.FAILED.value, 0), sum(states.values())
        remarks = []
        if failed:
            remarks.append(f"{failed} of {texts} texts failed; claimtrail stats {self.path} names them")
        if self.run.version != __version__:
            remarks.append(f"{self.path} was written by claimtrail {self.run.version}, this is {__version__}")
        return remarks

    @property
    def has_other_rules(self) -> bool:
        """Whether the run used other rules and word lists than those installed now."""
        return self.run.rules_sha256 != data.fingerprint()

    def _records(self, name: str, shape: type[Record], broken: Broken | None) -> Iterator[Record]:
        try:
            yield from read_lines(self.path / name, shape, broken)
        except LineError as error:
            raise FolderError(_said_of(self.path, self.run.version, error)) from error
        except OSError as error:
            raise FolderError(f"{self.path / name} cannot be read: {error.strerror or error}") from error


def open_folder(path: Path) -> OutputFolder:
    """Return the output folder at ``path``.

    Raises:
        FolderError: there is no finished run that this version can read.
    """
    if not path.exists():
        raise FolderError(f"{path}: there is no such folder; claimtrail run … --out {path} makes it")
    if not path.is_dir():
        raise FolderError(f"{path} is a file; name the output folder of a run")
    missing = [name for name in RECORDS if not (path / name).is_file()]
    if (missing and (path / JOURNAL).exists()) or (path / WHOLE).exists():
        raise FolderError(
            f"{path} holds a run that was broken off or still goes on; the same claimtrail run with --resume ends it"
        )
    if missing:
        raise FolderError(f"{path} holds no finished run: {', '.join(missing)} is missing")
    try:
        content = (path / "run.json").read_bytes()
    except OSError as error:
        raise FolderError(f"{path / 'run.json'} cannot be read: {error.strerror or error}") from error
    try:
        return OutputFolder(path, parse(content, RunRecord, "run.json"))
    except LineError as error:
        raise FolderError(_said_of(path, _version_in(content), error)) from error


class Texts:
    """The texts of a run as they were read, found again under the run's inputs or in its output folder.

    One text is held at a time for each input file; a text that has changed since counts as not found.
    """

    def __init__(self, folder: OutputFolder, inputs: list[str] | None = None) -> None:
        """Look for the inputs of the run, or for ``inputs`` where they have moved; a missing one is no error."""
        options = folder.run.options
        names = [name for name in ("id_field", "text_field", "date_field", "max_bytes") if name in options]
        self._reader = Reader(ReaderOptions(**{name: options[name] for name in names}))
        self._folder = folder.path
        found: Sequence[InputFile] = ()
        with suppress(InputError):
            found = find_inputs([p for p in inputs or folder.run.inputs if p != "-"], exclude=[folder.path])
        self._files = {file.doc_id: file for file in found}

    def find(self, record: DocumentRecord) -> str | None:
        """Return the text of a line of the ledger, or None if it is not at hand as it was read."""
        if record.text_file is not None:
            path = self._folder / record.text_file
            if not path.resolve().is_relative_to(self._folder.resolve()) or not path.is_file():
                return None
            return path.read_bytes().decode("utf-8", "replace")
        file = self._files.get(record.doc)
        if file is None or record.sha256 is None:
            return None
        for document in self._reader.read(file):
            if document.doc_id == record.doc and document.sha256 == record.sha256:
                return document.text
        return None


def _said_of(path: Path, version: str, error: LineError) -> str:
    if version and version != __version__:
        return f"{path} was written by claimtrail {version} and cannot be read by {__version__}: {error}"
    if all(fault.endswith((": missing", ": unknown")) for fault in error.faults):
        return f"{path} was written by another version of claimtrail, which has other fields; run it again: {error}"
    return f"{path} is damaged: {error}"


def _version_in(content: bytes) -> str:
    """Return the version that a ``run.json`` names, of whatever form the rest of it is."""
    try:
        value: Any = orjson.loads(content)
    except orjson.JSONDecodeError:
        return ""
    version = value.get("version") if isinstance(value, dict) else None
    return version if isinstance(version, str) else ""
