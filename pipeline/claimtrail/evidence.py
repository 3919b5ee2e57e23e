"""What resolving needs of a text: a line of ``evidence.jsonl``. No text has to be read or analysed again for it.

Texts are resolved from their evidence alone, so that a run can be resolved anew, and grown, without extraction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Form(NamedTuple):
    """A name as written, with the language of the text around it."""

    lang: str
    text: str


class Post(NamedTuple):
    """A post: its English key, ``""`` where no table knows all of it, and the title as written."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A mention as resolving takes it; ``person`` and ``org`` are numbers of people and organisations of the text.

    ``sentence``, ``trigger`` and ``trigger_end`` are code points; ``when`` is ISO or ``""``.
    """

    id: str
    relation: str
    status: str
    lang: str
    person: str
    org: str
    sentence: int
    trigger: int
    trigger_end: int
    manner: str | None = None
    role_from: Post | None = None
    role_to: Post | None = None
    when: str = ""
    quoted: bool = False
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Named:
    """The forms by which a text names a person or an organisation, sorted; ``key`` is its id in the table, if any."""

    forms: tuple[Form, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Speech:
    """What tells a letter, or all that is quoted of one person, from others.

    ``wording`` are hashes of runs of words, sorted. ``marks`` are what a translation keeps, in the order of the text:
    organisations, years and numbers. ``lengths`` are those of the sentences in characters.
    """

    wording: tuple[int, ...] = ()
    marks: tuple[str, ...] = ()
    lengths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What resolving needs of one text.

    ``date`` is the day of the text, ISO or ``""``. ``people`` and ``organisations`` hold those whom mentions or
    quotations are about, by number. ``around`` are all organisations that the text names, by the table's id or folded
    name. ``letter`` stands for a text by an unnamed author, ``quotes`` for what it quotes of each speaker. ``sketch``
    is what near copies share (``identity.copies``).
    """

    doc: str
    sha256: str
    lang: str = ""
    date: str = ""
    people: dict[str, Named] = field(default_factory=dict)
    organisations: dict[str, Named] = field(default_factory=dict)
    around: tuple[str, ...] = ()
    stated: tuple[Stated, ...] = ()
    letter: Speech | None = None
    quotes: dict[str, Speech] = field(default_factory=dict)
    sketch: str = ""
