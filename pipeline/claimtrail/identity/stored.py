"""Resolving the output folder of a run: from its evidence and mentions to its claims, without the texts."""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from heapq import merge
from pathlib import Path
from sys import intern
from typing import Any, BinaryIO, NamedTuple

import orjson

from claimtrail.evidence import Evidence, Form, Named, Post, Speech, Stated
from claimtrail.identity.copies import Copy
from claimtrail.identity.decisions import NO_DECISIONS, Decisions, read_decisions
from claimtrail.identity.resolve import Draft, MentionKey, Texts, World, identified, uncollected
from claimtrail.identity.standing import Standing
from claimtrail.output.build import counts_by_relation
from claimtrail.output.folder import FolderError, open_folder
from claimtrail.output.lines import Together, finish, indented, line, parse, write_whole
from claimtrail.output.lock import locked
from claimtrail.output.store import dumps
from claimtrail.records import DocumentRecord, MentionRecord

EVIDENCE = "evidence.jsonl"
"""The file with what resolving needs of each text; it is made by ``run`` and read by nobody else."""


@dataclass(frozen=True, slots=True)
class Touched:
    """How many claims are new, changed (they have another content) and as they were, and how many are gone."""

    new: int
    changed: int
    same: int
    gone: int


def write_evidence(path: Path, evidence: Iterable[Evidence]) -> None:
    """Write the evidence of texts as lines of JSON, whole or not at all."""
    write_whole(path, evidence_lines(evidence))


def evidence_lines(evidence: Iterable[Evidence]) -> Iterator[bytes]:
    """Yield the evidence of texts as lines of JSON."""
    for text in evidence:
        yield dumps(text) + b"\n"


def read_evidence(folder: Path) -> Iterator[Evidence]:
    """Yield the evidence of the texts of a run.

    Raises:
        FolderError: the file is not there, or a line is not evidence.
    """
    path = folder / EVIDENCE
    if not path.is_file():
        raise FolderError(f"{folder} has no {EVIDENCE}; claimtrail run over the same texts makes it")
    with path.open("rb") as file:
        for number, content in enumerate(file, 1):
            try:
                yield evidence_of_line(content)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise FolderError(f"{path}:{number}: not the evidence of a text: {error}") from error


def evidence_of_line(content: bytes) -> Evidence:
    """Return the evidence that a line holds.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: it holds none.
    """
    raw = orjson.loads(content)
    letter = raw["letter"]
    return Evidence(
        doc=raw["doc"],
        sha256=raw["sha256"],
        lang=intern(raw["lang"]),
        date=intern(raw["date"]),
        people={number: _named(found) for number, found in raw["people"].items()},
        organisations={number: _named(found) for number, found in raw["organisations"].items()},
        around=tuple(map(intern, raw["around"])),
        stated=tuple(map(_stated, raw["stated"])),
        letter=None if letter is None else _speech(letter),
        quotes={speaker: _speech(speech) for speaker, speech in raw["quotes"].items()},
        sketch=raw["sketch"],
    )


def _named(raw: dict[str, Any]) -> Named:
    return Named(tuple(Form(intern(lang), intern(text)) for lang, text in raw["forms"]), intern(raw["key"]))


def _speech(raw: dict[str, Any]) -> Speech:
    return Speech(tuple(raw["wording"]), tuple(raw["marks"]), tuple(raw["lengths"]))


def _stated(raw: dict[str, Any]) -> Stated:
    for name in ("relation", "status", "lang", "person", "org", "when"):
        raw[name] = intern(raw[name])
    for side in ("role_from", "role_to"):
        if raw[side] is not None:
            raw[side] = Post(*map(intern, raw[side]))
    if raw["manner"] is not None:
        raw["manner"] = intern(raw["manner"])
    return Stated(**raw)


def decisions_of(identities: Path | None, evidence: Iterable[Evidence]) -> Decisions:
    """Return what a user's file decides about these texts; nothing without a file.

    Raises:
        IdentityFileError: the file cannot be followed.
    """
    return NO_DECISIONS if identities is None else read_decisions(identities, evidence)


def hash_of(identities: Path | None) -> str | None:
    """Return the hash of a user's file, which ``run.json`` keeps."""
    return None if identities is None else hashlib.sha256(identities.read_bytes()).hexdigest()


def resolve_folder(out: Path, identities: Path | None = None) -> Touched:
    """Resolve a run again: ``claims.jsonl`` is written anew, ``mentions.jsonl`` stays as it is.

    Raises:
        FolderError: there is no finished run with its evidence.
        LockedError: another process writes to the folder.
        IdentityFileError: the user's file cannot be followed.
    """
    if not out.is_dir():
        open_folder(out)  # says what is wrong with it
    with locked(out):
        return _resolve_folder(out, identities)


@uncollected()
def _resolve_folder(out: Path, identities: Path | None) -> Touched:
    finish(out)
    folder = open_folder(out)
    # The texts of a large run would not fit beside what becomes of them: they are read once for each use.
    decided = NO_DECISIONS if identities is None else decisions_of(identities, read_evidence(out))
    world = World(Texts(read_evidence(out)), decided)
    before = digests_of_file(out / "claims.jsonl")
    files = Together(out)
    hashes = dict(folder.run.files)
    drafts, repeated = world.drafts(), world.copies
    del world
    written = write_claims(files, drafts, out / "mentions.jsonl")
    hashes["claims.jsonl"] = written.sha256
    marks = (line(marked(record, repeated)) + b"\n" for record in folder.documents())
    hashes["documents.jsonl"] = files.write("documents.jsonl", marks)
    run = replace(
        folder.run,
        options=folder.run.options | {"identities": hash_of(identities)},
        counts=folder.run.counts | counts_by_relation(written.relations),
        files=hashes,
    )
    files.write("run.json", [indented(run)])
    files.publish()
    return touched(before, digests_of_file(out / "claims.jsonl"))


@dataclass(frozen=True, slots=True)
class Written:
    """What is known of ``claims.jsonl`` when it is written: its hash, and by relation its claims and their mentions."""

    sha256: str
    relations: Counter[str]
    mentions: Counter[str]


@dataclass(frozen=True, slots=True)
class Kept:
    """The lines of a run's ``claims.jsonl`` that stand as they are: all but those about some people, by their ids."""

    path: Path
    standing: Standing
    gone: Container[str]

    def heads(self) -> Iterator[tuple[str, str, int]]:
        """Yield the id, the relation and the number of mentions of each claim that stands."""
        for name, person, relation, told in self.standing.lines:
            if person not in self.gone:
                yield name, relation, told

    def lines(self) -> Iterator[tuple[str, bytes]]:
        """Yield the id and the line of each."""
        with self.path.open("rb") as file:
            for content, (name, person, *_) in zip(file, self.standing.lines, strict=True):
                if person not in self.gone:
                    yield name, content


def write_claims(files: Together, drafts: Iterator[Draft], mentions: Path, kept: Kept | None = None) -> Written:
    """Write ``claims.jsonl``, sorted by id, with the lines of the mentions from a file; neither is held in memory.

    The claims that are ``kept`` are taken over as they are. Whatever makes the drafts is let go before the mentions are
    looked up.

    Raises:
        FolderError: the evidence has a mention that the file has not.
        OSError: the file cannot be written.
    """
    relations: Counter[str] = Counter()
    told: Counter[str] = Counter()
    # Beside the output: where temporary files lie, memory may pose as a disk.
    with tempfile.TemporaryFile(dir=mentions.parent) as file:
        heads = []
        for draft in drafts:
            relations[draft.claim.relation] += 1
            told[draft.claim.relation] += len(draft.mentions)
            heads.append(_Head(draft.claim.id, file.tell(), draft.mentions, draft.quoted or None))
            file.write(line(draft.claim) + b"\n")
        for _, relation, number in kept.heads() if kept is not None else ():
            relations[relation] += 1
            told[relation] += number
        heads.sort(key=_id_of)
        with _MentionLines(mentions) as found:
            made = (
                (h.id, _claim_line(_line_at(file, h.place), h.mentions, h.quoted or {}, found) + b"\n") for h in heads
            )
            lines = (content for _, content in merge(made, kept.lines() if kept is not None else (), key=_first))
            try:
                return Written(files.write("claims.jsonl", lines), relations, told)
            except KeyError as error:
                raise FolderError(f"{EVIDENCE} has the mention {error}, {mentions} has not") from error


class _Head(NamedTuple):
    """Where the line of a claim is, as it is written but for its mentions, and which these are."""

    id: str
    place: int
    mentions: tuple[MentionKey, ...]
    quoted: Mapping[MentionKey, str] | None


def _first(named: tuple[str, bytes]) -> str:
    return named[0]


def _id_of(head: _Head) -> str:
    return head.id


def claim_line(draft: Draft, lines: Mapping[MentionKey, bytes]) -> bytes:
    """Return a claim as a line of ``claims.jsonl`` without its end, from the lines of its mentions."""
    return _claim_line(line(draft.claim), draft.mentions, draft.quoted, lines)


def _line_at(file: BinaryIO, place: int) -> bytes:
    file.seek(place)
    return file.readline().rstrip(b"\n")


def _claim_line(
    head: bytes, keys: Iterable[MentionKey], quoted: Mapping[MentionKey, str], lines: Mapping[MentionKey, bytes]
) -> bytes:
    parts = []
    for key in keys:
        content = lines[key]
        if key in quoted:
            content = line(identified(parse(content, MentionRecord, "mentions.jsonl"), quoted[key]))
        parts.append(content)
    return head.removesuffix(b"[]}") + b"[" + b",".join(parts) + b"]}"


def marked(record: DocumentRecord, copies: Mapping[str, Copy]) -> DocumentRecord:
    """Return a line of the ledger that says what the text is a copy of."""
    copy = copies.get(record.doc)
    whole, near = (None, None) if copy is None else (copy.of, None) if copy.whole else (None, copy.of)
    return replace(record, copy_of=whole, near_copy_of=near)


def touched(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Touched:
    """Compare claims by id and hash of their lines."""
    both = before.keys() & after.keys()
    same = sum(before[name] == after[name] for name in both)
    return Touched(len(after) - len(both), len(both) - same, same, len(before) - len(both))


def digests_of_file(path: Path) -> dict[str, bytes]:
    """Return the hash of each line of ``claims.jsonl`` by the claim's id."""
    with path.open("rb") as file:
        return digests_of(content.rstrip(b"\n") for content in file)


def digests_of(lines: Iterable[bytes]) -> dict[str, bytes]:
    """Return the hash of each line, without its end, by the claim's id."""
    # The id is the first field.
    return {c[:32].split(b'"', 4)[3].decode(): hashlib.blake2b(c, digest_size=8).digest() for c in lines}


class _MentionLines(Mapping[MentionKey, bytes]):
    """The lines of ``mentions.jsonl`` by text and id, read from the file when asked for."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("rb")
        self._places: dict[MentionKey, int] = {}
        place = 0
        for content in self._file:
            raw = orjson.loads(content)
            self._places[intern(raw["doc"]), raw["id"]] = place
            place += len(content)

    def __getitem__(self, key: MentionKey) -> bytes:
        return _line_at(self._file, self._places[key])

    def __iter__(self) -> Iterator[MentionKey]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __enter__(self) -> _MentionLines:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
