"""Cues that tell how sure a text is of a move, and who says it; data of a language, after the manner of ConText.

ConText: Harkema et al., 'ConText: an algorithm for determining negation, experiencer, and temporal status from
clinical reports', 2009.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from claimtrail import data
from claimtrail.literals import key
from claimtrail.rules.grammar import TRIGGER, Compiler, Pattern, RuleError, grammar
from claimtrail.rules.match import match_at
from claimtrail.rules.symbols import Expression, PatternError

STATUSES = ("actual", "negated", "possible", "planned")
"""The values of status, the strongest cue first."""

SCOPES = ("forward", "backward", "sentence", "next")


@dataclass(frozen=True, slots=True)
class CueSpec:
    """An entry of ``assertion.yaml``.

    ``match`` either holds ``TRIGGER`` and must fit around the trigger, or is looked for in the whole sentence and
    governs what follows (``scope: forward``), what precedes (``backward``) or all of it (``sentence``), up to a stop.
    With ``scope: next`` it is looked for in the sentence after the mention's; ``{person}`` in it must be its person.
    A cue of status ``none`` covers words that only look like a cue: others inside it do not count.
    """

    id: str
    status: str
    match: str
    example: str | list[str]
    near_miss: str | list[str]
    scope: str = "forward"


@dataclass(frozen=True, slots=True)
class AttributionSpec:
    """A pattern that binds ``{source}``, the person, outlet or organisation that the text names as its source."""

    id: str
    match: str
    example: str | list[str]
    near_miss: str | list[str]


@dataclass(frozen=True, slots=True)
class AssertionFile:
    """``assertion.yaml`` of a language; ``stops`` end the scope of a cue.

    ``carries`` is a pattern around ``TRIGGER``: a move told so is planned if the text planned one of its person before.
    ``follows`` is one too: a move told so is planned if the text planned another's in the same organisation before.
    """

    cues: list[CueSpec]
    stops: list[str]
    attribution: list[AttributionSpec] = field(default_factory=list)
    carries: str = ""
    follows: str = ""


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue: ``around`` where it holds the trigger, ``anywhere`` where it does not."""

    spec: CueSpec | AttributionSpec
    around: Pattern | None
    anywhere: Expression | None


@dataclass(frozen=True, slots=True)
class Assertions:
    """All cues of a language."""

    cues: tuple[Cue, ...]
    attribution: tuple[Cue, ...]
    stops: Expression | None
    carries: Pattern | None = None
    follows: Pattern | None = None


def load(lang: str, *, strict: bool = True) -> Assertions:
    """Read the cues of a language; if ``strict``, compile every pattern of them, else each when it is first needed.

    Raises:
        RuleError: with every fault of the file.
        DataError: the file is not of its form.
    """
    path = data.find(lang, "assertion.yaml")
    file = data.read_as(path, AssertionFile)
    rules = grammar(lang)
    compiler = Compiler(rules.macros, rules.flags, strict)
    faults: list[str] = []

    def compiled(spec: CueSpec | AttributionSpec) -> Cue | None:
        try:
            if TRIGGER in spec.match:
                return Cue(spec, compiler.around(spec.match), None)
            return Cue(spec, None, compiler.expression(spec.match))
        except PatternError as error:
            faults.append(f"{path}: {spec.id}: {error}")
            return None

    for spec in file.cues:
        if spec.status not in (*STATUSES, "none"):
            faults.append(f"{path}: {spec.id}: unknown status {spec.status}")
        if spec.scope not in SCOPES:
            faults.append(f"{path}: {spec.id}: unknown scope {spec.scope}")
    cues = tuple(cue for spec in file.cues if (cue := compiled(spec)))
    attribution = tuple(cue for spec in file.attribution if (cue := compiled(spec)))
    ids = [cue.spec.id for cue in (*cues, *attribution)]
    faults += [f"{path}: id {name} is used twice" for name in sorted({i for i in ids if ids.count(i) > 1})]
    stops = None
    try:
        stops = compiler.expression("|".join(file.stops)) if file.stops else None
    except PatternError as error:
        faults.append(f"{path}: stops: {error}")
    around: dict[str, Pattern | None] = {}
    for name, pattern in (("carries", file.carries), ("follows", file.follows)):
        try:
            around[name] = compiler.around(pattern) if pattern else None
        except PatternError as error:
            faults.append(f"{path}: {name}: {error}")
    if not cues:
        faults.append(f"{path}: no cues")
    if faults:
        raise RuleError(faults)
    return Assertions(cues, attribution, stops, **around)


@cache
def assertions(lang: str) -> Assertions:
    """Return the cues of a language; they are read once a process.

    Raises:
        RuleError: with every fault of the file.
        DataError: the file is not of its form.
    """
    return load(lang, strict=bool(data.own_folders()))


def _governs(
    cue: Cue, text: str, start: int, end: int, stops: Expression | None, masked: list[range], spelled: str
) -> bool:
    assert isinstance(cue.spec, CueSpec)
    if cue.around is not None:
        return match_at(cue.around, text, start, end, spelled) is not None
    assert cue.anywhere is not None
    if cue.spec.scope == "next" or not cue.anywhere.may_match(spelled):
        return False
    for match in cue.anywhere.regex.finditer(text):
        if any(match.start() in mask for mask in masked):
            continue
        if cue.spec.scope == "sentence":
            return True
        if cue.spec.scope == "forward" and match.end() <= start:
            between = (match.end(), start)
        elif cue.spec.scope == "backward" and match.start() >= end:
            between = (end, match.start())
        else:
            continue
        if stops is None or stops.regex.search(text, *between) is None:
            return True
    return False


def status_at(text: str, start: int, end: int, found: Assertions) -> tuple[str, str] | None:
    """Return the status that cues give to the trigger at ``text[start:end]``, and the cue's id; None without a cue.

    ``text`` is an abstracted sentence.
    """
    spelled = key(text)
    masked = [
        range(match.start(), match.end())
        for cue in found.cues
        if isinstance(cue.spec, CueSpec) and cue.spec.status == "none" and cue.anywhere is not None
        if cue.anywhere.may_match(spelled)
        for match in cue.anywhere.regex.finditer(text)
    ]
    for status in STATUSES:
        for cue in found.cues:
            assert isinstance(cue.spec, CueSpec)
            if cue.spec.status == status and _governs(cue, text, start, end, found.stops, masked, spelled):
                return status, cue.spec.id
    return None


def status_after(text: str, people: str, found: Assertions, *, named: bool = False) -> tuple[str, str] | None:
    """Return the status that the next sentence gives to a mention, and the cue's id; None without a cue.

    ``text`` is that sentence, abstracted; ``people`` are the symbols in it that stand for the mention's person. Where
    the sentence must be about that person (``named``), only cues that bind ``{person}`` count.
    """
    spelled = key(text)
    for status in STATUSES:
        for cue in found.cues:
            assert isinstance(cue.spec, CueSpec)
            if cue.spec.scope != "next" or cue.spec.status != status or cue.anywhere is None:
                continue
            match = cue.anywhere.regex.search(text) if cue.anywhere.may_match(spelled) else None
            if match is None or (named and "person" not in match.groupdict()):
                continue
            if (match.groupdict().get("person") or people[:1]) in people:
                return status, cue.spec.id
    return None


def source_at(text: str, start: int, end: int, found: Assertions) -> tuple[int, str] | None:
    """Return the position of the symbol of the source that an attribution pattern binds, and the pattern's id."""
    spelled = key(text)
    for cue in found.attribution:
        if cue.around is not None:
            bound = match_at(cue.around, text, start, end, spelled)
            if bound is not None and "source" in bound:
                return bound["source"], cue.spec.id
            continue
        assert cue.anywhere is not None
        match = cue.anywhere.regex.search(text) if cue.anywhere.may_match(spelled) else None
        if match is not None and match.start("source") >= 0:
            return match.start("source"), cue.spec.id
    return None
