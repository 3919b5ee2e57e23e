"""What an engine is: text of one language in, tokens and named spans with offsets out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from claimtrail.document import Arc, Entity, Span, Token


class EngineError(RuntimeError):
    """An engine or a model cannot do what was asked; the message says what is missing and what to do."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of prose in one language with its sentences, whose offsets count from the start of ``text``."""

    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What an engine found in a passage.

    All offsets count from the start of the passage; ``Token.head`` indexes ``tokens``. No token and no entity
    crosses the end of a sentence, and no two entities overlap. Tokens carry a tree only where the engine finds it with
    everything else; other engines find it when they are asked (``Engine.tree``).
    """

    tokens: tuple[Token, ...]
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model as ``models list`` and ``run.json`` show it; ``scores`` are named figures from 0 to 1.

    ``sha256`` is the hash of all its files (``folder_hash``).
    """

    engine: str
    lang: str
    name: str
    version: str
    licence: str = ""
    size_bytes: int = 0
    sha256: str = ""
    scores: tuple[tuple[str, float], ...] = field(default=())


def folder_hash(folder: Path) -> str:
    """Return the SHA-256 of all files of a folder, names and contents, in the order of their paths."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


class Engine(Protocol):
    """A language engine. The analysis of a passage depends on nothing but the passage."""

    name: str

    def languages(self) -> frozenset[str]:
        """Return the languages that the engine has a model for."""
        ...

    def model_info(self, lang: str) -> ModelInfo:
        """Describe the model of a language without loading it.

        Raises:
            EngineError: there is none.
        """
        ...

    def analyse(self, passages: Sequence[Passage], lang: str) -> list[Analysis]:
        """Return one analysis for each passage, in order.

        Raises:
            EngineError: there is no model for the language.
        """
        ...

    def tree(self, sentence: str, lang: str) -> Sequence[Arc]:
        """Return the tree of a sentence, an arc for each token that ``analyse`` cuts it into.

        Nothing is returned where the analysis has the tree already, or the model has no parser.

        Raises:
            EngineError: there is no model for the language.
        """
        ...
