"""From what the texts of a run gave to its output files, as streams: no more is held than resolving needs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claimtrail.evidence import Evidence
from claimtrail.identity.copies import Copy
from claimtrail.identity.link import Each
from claimtrail.identity.resolve import Texts, World, uncollected
from claimtrail.identity.standing import Standing
from claimtrail.identity.stored import (
    EVIDENCE,
    Kept,
    Touched,
    decisions_of,
    digests_of_file,
    evidence_of_line,
    marked,
    read_evidence,
    touched,
    write_claims,
)
from claimtrail.output.build import Tally, counts_by_relation
from claimtrail.output.folder import OutputFolder, open_folder
from claimtrail.output.journal import Entry
from claimtrail.output.lines import Together, line, parse
from claimtrail.records import DocumentRecord

Entries = Callable[[], Iterator[Entry]]


class UsageError(ValueError):
    """The run cannot start as asked; the message says why and what to do."""


@dataclass(slots=True)
class Earlier:
    """What the output folder holds already, where texts are appended; ``known`` has the hash of each text by its id."""

    folder: OutputFolder | None = None
    known: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, out: Path) -> Earlier:
        """Look at a finished run.

        Raises:
            FolderError: there is none.
        """
        folder = open_folder(out)
        return cls(folder, {record.doc: record.sha256 for record in folder.documents()})

    def has(self, doc: str, sha256: str | None) -> bool:
        """Say whether the text is there already.

        Raises:
            UsageError: another text has its id.
        """
        if doc not in self.known:
            return False
        if self.known[doc] != sha256:
            raise UsageError(
                f"{doc}: the output folder has another text of this id; run anew, or over the folder above both texts"
            )
        return True

    def standing(self) -> Standing | None:
        """Return the claims that stand; None where there are none, or the user's decisions had a part in them."""
        if self.folder is None or self.folder.run.options.get("identities") is not None:
            return None
        return Standing.of(self.folder.path / "claims.jsonl", self.known)

    def mentions(self) -> Iterator[bytes]:
        """Yield the lines of the mentions."""
        return iter(()) if self.folder is None else self._lines(self.folder, "mentions.jsonl")

    def evidence(self) -> Iterator[Evidence]:
        """Yield the evidence of the texts."""
        return iter(()) if self.folder is None else read_evidence(self.folder.path)

    def evidence_lines(self) -> Iterator[bytes]:
        """Yield the lines of the evidence."""
        return iter(()) if self.folder is None else self._lines(self.folder, EVIDENCE)

    def documents(self) -> Iterator[DocumentRecord]:
        """Yield the lines of the ledger."""
        return iter(()) if self.folder is None else self.folder.documents()

    def _lines(self, folder: OutputFolder, name: str) -> Iterator[bytes]:
        with (folder.path / name).open("rb") as file:
            for content in file:
                yield content.removesuffix(b"\n")


@dataclass(frozen=True, slots=True)
class Assembled:
    """What was written: counts, the hash of each file, and of the claims and their mentions the number by relation."""

    tally: Tally
    hashes: Mapping[str, str]
    claims: Counter[str]
    mentions: Counter[str]
    touched: Touched | None

    def counts(self) -> dict[str, Any]:
        """Return the counts of ``run.json``."""
        return self.tally.counts() | counts_by_relation(self.claims)


@uncollected()
def assemble(
    files: Together,
    out: Path,
    entries: Entries,
    earlier: Earlier,
    identities: Path | None,
    seconds: MutableMapping[str, float],
    each: Each | None = None,
) -> Assembled:
    """Resolve all texts, and write all files but ``run.json``; they wait for their names.

    ``entries`` yields what the texts gave in the order of reading, each time anew. ``each`` calls the costly functions
    of resolving (``World``).

    Raises:
        IdentityFileError: the user's file cannot be followed.
        OSError: the files cannot be written.
    """
    before = time.perf_counter()
    decisions = decisions_of(identities, _evidence(entries, earlier))
    standing = earlier.standing() if identities is None else None
    world = World(Texts(_evidence(entries, earlier)), decisions, each, standing)
    seconds["resolve"] += time.perf_counter() - before
    before = time.perf_counter()
    mentions = (content for entry in _new(entries, earlier) for content in entry.mentions)
    hashes = {"mentions.jsonl": files.write("mentions.jsonl", _ended(earlier.mentions(), mentions))}
    evidence = (entry.evidence for entry in _new(entries, earlier) if entry.evidence)
    hashes[EVIDENCE] = files.write(EVIDENCE, _ended(earlier.evidence_lines(), evidence))
    tally, copies = Tally(), world.copies
    ledger = _documents(_new(entries, earlier), earlier, copies, tally)
    hashes["documents.jsonl"] = files.write("documents.jsonl", _ended(ledger))
    seconds["write"] += time.perf_counter() - before
    before = time.perf_counter()
    drafts = world.drafts()
    kept = None
    if standing is not None and world.changed is not None:
        kept = Kept(out / "claims.jsonl", standing, world.gone(standing))
    del world
    written = write_claims(files, drafts, files.path("mentions.jsonl"), kept)
    hashes["claims.jsonl"] = written.sha256
    seconds["resolve"] += time.perf_counter() - before
    changes = None
    if earlier.folder is not None:
        changes = touched(digests_of_file(out / "claims.jsonl"), digests_of_file(files.path("claims.jsonl")))
    return Assembled(tally, hashes, written.relations, written.mentions, changes)


def _new(entries: Entries, earlier: Earlier) -> Iterator[Entry]:
    """Yield what the texts gave that are not there already, which shows of pages only when they have been read."""
    if not earlier.known:
        yield from entries()
        return
    for entry in entries():
        record = parse(entry.record, DocumentRecord, "the journal")
        if not earlier.has(record.doc, record.sha256):
            yield entry


def _evidence(entries: Entries, earlier: Earlier) -> Iterator[Evidence]:
    yield from earlier.evidence()
    for entry in _new(entries, earlier):
        if entry.evidence:
            yield evidence_of_line(entry.evidence)


def _documents(entries: Iterator[Entry], earlier: Earlier, copies: Mapping[str, Copy], tally: Tally) -> Iterator[bytes]:
    for record in earlier.documents():
        tally.add(record)
        yield line(marked(record, copies))
    for entry in entries:
        record = parse(entry.record, DocumentRecord, "the journal")
        tally.add(record)
        yield line(marked(record, copies)) if record.doc in copies else entry.record


def _ended(*lines: Iterable[bytes]) -> Iterator[bytes]:
    for some in lines:
        for content in some:
            yield content
            yield b"\n"
