"""What a language's ``coreference.yaml`` holds: pronouns, nominals, speech, signatures, words of organisations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from claimtrail import data
from claimtrail.literals import Index, needed


class Kind(StrEnum):
    """What sort of expression points back at a person or an organisation."""

    PRONOUN = "pronoun"
    POSSESSIVE = "possessive"
    REFLEXIVE = "reflexive"
    NOMINAL = "nominal"
    GROUP = "group"
    FIRST = "first person"
    FIRST_POSSESSIVE = "first person possessive"
    WE = "first person plural"
    ORGANISATION = "organisation nominal"
    OWN_ORGANISATION = "own organisation"


PERSON_KINDS = frozenset({Kind.PRONOUN, Kind.POSSESSIVE, Kind.REFLEXIVE, Kind.NOMINAL})


@dataclass(frozen=True, slots=True)
class Anaphor:
    """An expression that points back: a regular expression, what it is, and where it is something else.

    ``gender`` is ``m`` or ``f`` where the form shows it, ``case`` is ``object`` for forms that are never a subject,
    ``latter`` for those that seldom mean it, ``second`` for the last of those named. ``unless_after`` is searched at
    the end of the 40 characters before, ``unless_before`` matched on what follows. ``org_kind`` narrows an
    organisation nominal to names of that kind (``bank``, ``university`` …); ``follows`` asks that the characters
    before match. ``count`` is how many a plural expression stands for, 0 for any number.
    """

    pattern: str
    kind: str
    count: int = 0
    gender: str = ""
    case: str = ""
    org_kind: str = ""
    follows: str = ""
    unless_after: str = ""
    unless_before: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before and after a name in a fixed turn of phrase; an empty side is not asked for."""

    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Gender:
    """Cues for the gender of a named person: honorifics before and after the name, titles, given names."""

    before: str = ""
    after: str = ""
    title: str = ""
    given_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Roles:
    """Where a name is the subject, a possessor or an oblique, told by its neighbours when there is no tree.

    ``subject_first`` says that prepositions stand before their nouns and subjects before verbs and objects, so that
    the order of the parts of speech tells them, ``inverts`` that a subject may stand behind the verb of a clause that
    has none before it ('gestern ging Kern'); ``belongs_to_next`` that a name right before a noun belongs to it, and
    ``subject_before_verb`` that a name right before a verb is its subject, whatever stands before the name.

    ``between_before`` is all that may stand between an organisation and a person of it after its name, titles left
    out; ``between_after`` between a person and the organisation named after it. ``former`` are the words right before
    an organisation that say the person is no longer there ('ex-').
    """

    subject_after: str = ""
    topic_after: str = ""
    oblique_before: str = ""
    oblique_after: str = ""
    possessor_after: str = ""
    between_before: str = ""
    between_after: str = ""
    former: str = ""
    subject_first: bool = False
    inverts: bool = False
    belongs_to_next: bool = False
    subject_before_verb: bool = False


@dataclass(frozen=True, slots=True)
class Speech:
    """Cues of direct speech and of letters quoted whole.

    ``verbs`` are verbs of saying. ``letter`` introduces a letter at the end of a line; ``voice`` marks a paragraph
    as still in the voice of a letter. ``unmarked`` follows direct speech whose marks were lost, ``author_voice`` shows
    a first person that is left out, ``according`` stands before a speaker that is no subject ('laut'), and
    ``single_marks`` says that single quotation marks hold speech too. ``particle`` follows words that were said,
    ``label`` is all that stands between a name and what its bearer says in an interview.
    """

    verbs: str
    letter: str
    voice: str
    unmarked: str = ""
    author_voice: str = ""
    according: str = ""
    particle: str = ""
    label: str = r"\s*[:：]\s*"
    single_marks: bool = False


@dataclass(frozen=True, slots=True)
class Organisations:
    """Words inside names of organisations, and what shows that one is only the source of a report.

    A name stays the same without its ``generic_words``; with one of the ``division_words`` more it is another's name.
    An authority may be told without the ``home_words`` of its country, which stand before it ('中国'). ``class_nouns``
    are nouns that stand before a name and say what it names ('Nachrichtenmagazin'). ``passing`` are turns of phrase
    that name an organisation that the text is not about ('formerly of'), ``apart`` those after which no noun of that
    clause means the organisation again ('from Nordwerk to the company'). ``states`` are turns of phrase that name a
    place as the state or the town of somebody in office ('mayor of').
    """

    legal_forms: tuple[str, ...]
    generic_words: tuple[str, ...]
    division_words: tuple[str, ...]
    class_nouns: str
    kinds: dict[str, str]
    introduced_short: str
    source: tuple[Frame, ...]
    passing: tuple[Frame, ...] = ()
    home_words: tuple[str, ...] = ()
    states: tuple[Frame, ...] = ()
    apart: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All data of one language for document facts.

    ``words`` says that words stand between spaces, so that forms must begin and end at word boundaries.
    ``dateline_alone`` are dates that make up a line of the head of a text, ``dateline_anywhere`` frames that need not;
    both have groups ``year``, ``month`` and ``day``; ``months`` are names of months; ``source_dates`` are
    such frames of a source cited with its day. ``name_noise_before`` and
    ``name_noise_after`` are what a name may wrongly have taken in when the text has it without; ``name_noise_sure``
    says that one other place is enough to tell, else the name must be more frequent without. ``works`` are turns of
    phrase in which the name of a person is that of a work, a product, a prize or a place ('the Anna Kern novels').
    ``interviewed`` are turns of phrase that address who answers the questions of an interview, ``question`` is the end
    of a line that asks one. What begins with ``postscript`` stands behind the signature of a letter.
    """

    words: bool
    anaphors: tuple[Anaphor, ...]
    clause_break: str
    roles: Roles
    masculine: Gender
    feminine: Gender
    honorific: str
    nicknames: dict[str, tuple[str, ...]]
    name_particles: tuple[str, ...]
    name_noise_before: str
    name_noise_after: str
    name_noise_sure: bool
    age: tuple[str, ...]
    speech: Speech
    self_introductions: tuple[Frame, ...]
    signatures: tuple[Frame, ...]
    bylines: tuple[Frame, ...]
    organisations: Organisations
    months: dict[str, int]
    dateline_alone: tuple[str, ...]
    dateline_anywhere: tuple[str, ...]
    works: tuple[Frame, ...] = ()
    interviewed: tuple[Frame, ...] = ()
    question: str = ""
    postscript: str = ""
    source_dates: tuple[str, ...] = ()


@cache
def lexicon(lang: str) -> Lexicon | None:
    """Return a language's data, or None for a language without any."""
    path = data.find(lang, "coreference.yaml")
    return data.read_as(path, Lexicon) if path.is_file() else None


@cache
def lexicons() -> dict[str, Lexicon]:
    """Return the data of all languages by code, sorted."""
    folders = sorted(path.parent.name for path in data.find_all("*/coreference.yaml"))
    return {lang: found for lang in folders if (found := lexicon(lang)) is not None}


@cache
def compiled(pattern: str, words: bool = False) -> re.Pattern[str]:
    """Compile a pattern of the data once; ``words`` asks for word boundaries on both sides."""
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)" if words else pattern)


@cache
def anaphor_index(lang: str) -> Index:
    """Return what tells which of a language's expressions that point back a text may hold."""
    words = lexicon(lang)
    if words is None:
        return Index([])
    edge = r"\b" if words.words else ""
    return Index([needed(f"{edge}(?:{anaphor.pattern}){edge}", {}) for anaphor in words.anaphors])


@cache
def anywhere(pattern: str, words: bool) -> re.Pattern[str]:
    """Compile what matches, with no length, wherever a match of a pattern begins; its only group is that match."""
    return re.compile(rf"(?<!\w)(?=((?:{pattern})(?!\w)))" if words else rf"(?=({pattern}))")


@cache
def _at_end(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})\Z")


def ends_with(pattern: str, text: str, position: int, reach: int = 40) -> re.Match[str] | None:
    """Match a pattern of the data against the characters that end at ``position``."""
    if not pattern:
        return None
    return _at_end(pattern).search(text[max(0, position - reach) : position])


def starts_with(pattern: str, text: str, position: int, reach: int = 60) -> re.Match[str] | None:
    """Match a pattern of the data against the characters from ``position`` on."""
    if not pattern:
        return None
    return compiled(pattern).match(text, position, position + reach)
