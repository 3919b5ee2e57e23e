"""The rule files of a language, read, checked and compiled.

A language folder holds ``lexicon.yaml`` (macros), ``phrases.yaml`` (how entities group into phrases),
``templates.yaml`` (how a trigger binds its arguments) and ``relations/*.yaml`` (triggers, one file a relation).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from claimtrail import data
from claimtrail.literals import CLASSES, SLOTS, Index
from claimtrail.rules.confidence import precision
from claimtrail.rules.symbols import Expression, Macros, PatternError, slots_in

TRIGGER = "TRIGGER"

FINDERS = {
    "person": frozenset(
        {"subject", "object", "possessor", "pronoun", "topic", "before", "after", "author", "next", "holder"}
    ),
    "org": frozenset(
        {
            "affiliation",
            "phrase-affiliation",
            "other-affiliation",
            "title",
            "post-before",
            "object",
            "before",
            "after",
            "clause",
            "focal",
            "main",
        }
    ),
    "role_from": frozenset(
        {"person-title", "other-title", "held", "other-held", "before", "after", "earlier", "known-title"}
    ),
    "role_to": frozenset(
        {"person-title", "other-title", "held", "other-held", "before", "after", "earlier", "known-title"}
    ),
}
"""The finders, by name, that an argument may list beside its patterns."""

OUTSIDE = {
    "person": frozenset({"possessor", "pronoun", "topic", "author", "next", "holder"}),
    "org": frozenset({"affiliation", "focal", "main"}),
}
"""Those of the finders that find what is no phrase of the sentence."""


class RuleError(ValueError):
    """One or more rule files are wrong; each line names file, line and rule."""

    def __init__(self, faults: list[str]) -> None:
        """Join the lines."""
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``lexicon.yaml``: macros, and how text is folded before patterns see it."""

    macros: dict[str, str]
    ignore_case: bool = False
    fold: str | None = None  # file with pairs of characters, one pair a line, tab between
    plain_dates: str | None = None  # dates that hold this pattern stay words ('next year'): cues read them
    until_now: str | None = None  # words between a person and the post held until a new one ('bisher')
    noun_leads: str | None = None  # words that begin a noun for an organisation and stay words ('zum' of 'zum Konzern')
    nobody: str | None = None  # persons whose name holds this pattern cannot be told from others ('Mr K.')
    respectively: str | None = None  # a sentence that holds this gives the members of two lists to each other in order
    # posts that are no phrases ('a potter'), each binding a group to it: up to a name, from a name on, around a
    # trigger
    post_before: str | None = None
    post_after: str | None = None
    post_near: str | None = None
    # from a name on: it is that of whom the sentence before told by the post alone ('X, 54, who had ...')
    introduced: str | None = None
    # patterns around a post, in the place of TRIGGER: its own words name a body that is no phrase ('organist of the
    # church by the bridge'), or it is no post of any body ('a successful lawyer')
    post_elsewhere: list[str] = field(default_factory=list)
    # patterns around a trigger that name a body that is no phrase ('resigned from the Rope Makers'): none is guessed
    body_elsewhere: list[str] = field(default_factory=list)
    # patterns around a trigger that bind ``org``: it stands before 'and', where somebody was before ('came from the
    # bank and took over the chair')
    origins: list[str] = field(default_factory=list)
    # patterns around the word by which the learned network tells a claim: it is a state, or the phrase that they bind
    # to ``person`` is no such person
    states: list[str] = field(default_factory=list)
    # patterns around a trigger: somebody or something else than a person of the text does it, nobody is carried over
    other_subject: list[str] = field(default_factory=list)
    occupation: str | None = None  # up to the end of a post: it is an occupation, of nobody's in particular
    # up to the end of a post: it is an office of a state or church; and the names of the bodies that have such offices
    offices: str | None = None
    office_bodies: str | None = None


@dataclass(frozen=True, slots=True)
class PhraseSpec:
    """An entry of ``phrases.yaml``: a pattern that becomes one phrase.

    Groups of the pattern: ``head`` (the phrase that stays), ``title``, ``org``, ``former`` (any text: the post or
    organisation is a past one), ``member`` is every symbol of the head's kind when ``list`` is true. A head that
    has a post keeps it where the new one is as the pattern ``keeps``; only the organisation of the new one is taken.
    """

    id: str
    match: str
    becomes: str
    list: bool = False
    span: str = "whole"  # for T: whether the post's own span is the "whole" match or the "head"
    keeps: str = ""


@dataclass(frozen=True, slots=True)
class TemplateSpec:
    """An entry of ``templates.yaml``: how a trigger binds arguments.

    ``frames`` are whole patterns tried first, best first; then each argument's own list of finders: patterns with
    ``TRIGGER``, or names of ``FINDERS``. Where a template is ``framed``, one of its frames must fit.
    """

    framed: bool = False
    frames: list[str] = field(default_factory=list)
    person: list[str] = field(default_factory=list)
    org: list[str] = field(default_factory=list)
    role_from: list[str] = field(default_factory=list)
    role_to: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """A rule as written in ``relations/*.yaml``.

    An ``echo`` only refers to what a text mostly tells elsewhere: it counts where nothing else tells of the person.
    ``with_post`` is the relation that it states instead where the person's post is known. It says nothing of an
    organisation whose name shows one of the kinds ``not_of`` of ``coreference.yaml`` ('university').
    """

    id: str
    trigger: str
    template: str | list[str]
    example: str | list[str]
    near_miss: str | list[str]
    manner: str | None = None
    status: str | None = None
    needs: list[str] = field(default_factory=list)
    forbids: list[str] = field(default_factory=list)
    unless: list[str] = field(default_factory=list)
    with_post: str | None = None
    not_of: list[str] = field(default_factory=list)
    confidence: float = 0.9
    echo: bool = False


@dataclass(frozen=True, slots=True)
class RelationFile:
    """``relations/<name>.yaml``: the rules of one relation in one language, and templates that only they use."""

    relation: str
    rules: list[RuleSpec]
    templates: dict[str, TemplateSpec] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RelationSpec:
    """An entry of ``lang/relations.yaml``: what a relation's arguments are and which must be found.

    ``states_only`` are the keys of organisations that only states join and leave.
    """

    arguments: list[str]
    required: list[str]
    states_only: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern around a trigger: ``left`` must end where the trigger starts, ``right`` follows it."""

    source: str
    left: Expression | None
    right: Expression | None
    at_symbol: bool  # the left part starts with a phrase symbol: only those places need be tried
    binds: frozenset[str] = frozenset()  # the arguments that it may bind

    def may_match(self, spelled: str) -> bool:
        """Say whether the pattern may match in a text, given by the text's key."""
        return (self.left is None or self.left.may_match(spelled)) and (
            self.right is None or self.right.may_match(spelled)
        )


@dataclass(frozen=True, slots=True)
class Template:
    """How a trigger binds its arguments.

    ``person_first`` says that only frames and the person's own finders bind a person, ``inside`` which arguments are
    phrases of the sentence if they are found, ``framed`` that nothing is bound where no frame fits. ``binders`` are the
    patterns that may bind an argument; None where something else may.
    """

    name: str
    frames: tuple[Pattern, ...]
    finders: Mapping[str, tuple[Pattern | str, ...]]
    person_first: bool
    inside: frozenset[str]
    binders: Mapping[str, tuple[Pattern, ...] | None]
    framed: bool = False

    def binders_of(self, slots: str) -> tuple[Pattern, ...] | None:
        """Return the patterns that may bind one of some arguments (``person|org``); None where something else may."""
        found = [self.binders[slot] for slot in slots.split("|")]
        return None if None in found else tuple(pattern for patterns in found for pattern in patterns or ())


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; ``id`` is ``lang/relation/name`` and ``line`` its place in ``file``."""

    id: str
    relation: str
    spec: RuleSpec
    trigger: Expression
    templates: tuple[Template, ...]
    unless: tuple[Pattern, ...]
    required: tuple[str, ...]
    file: str
    line: int
    precision: float
    states_only: frozenset[str]
    demands: tuple[tuple[tuple[Pattern, ...], ...], ...] = field(init=False)  # by template: one of each of these fits

    def __post_init__(self) -> None:
        """Work out what the templates demand."""
        names = (*self.required, *self.spec.needs)
        demands = ([template.binders_of(name) for name in names] for template in self.templates)
        object.__setattr__(self, "demands", tuple(tuple(p for p in found if p is not None) for found in demands))

    def may_fire(self, spelled: str) -> bool:
        """Say whether a template may bind what the rule needs in a text with its trigger, given by the text's key."""
        for demanded in self.demands:
            for patterns in demanded:
                if not any(pattern.may_match(spelled) for pattern in patterns):
                    break
            else:
                return True
        return False


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern that becomes one phrase."""

    spec: PhraseSpec
    pattern: Expression


@dataclass(frozen=True, slots=True)
class Grammar:
    """All rules of a language.

    ``triggers`` tells which of them may have a trigger in a text, ``inside`` which need a phrase of a sentence for an
    argument: bit ``n`` stands for rule ``n``. ``grouping`` tells which phrase patterns may match a text; where they
    are ``steady``, a phrase is of a kind that one of its parts is of.
    """

    lang: str
    macros: Macros
    flags: int
    fold: dict[int, str]
    phrases: tuple[Phrase, ...]
    rules: tuple[Rule, ...]
    plain_dates: Expression | None = None  # dates that hold this stay words
    until_now: Expression | None = None  # words before the post that a person holds until a new one
    noun_leads: Expression | None = None  # words at the head of a noun for an organisation that stay words
    nobody: Expression | None = None
    respectively: Expression | None = None
    post_before: Expression | None = None
    post_after: Expression | None = None
    post_near: Expression | None = None
    introduced: Expression | None = None
    occupation: Expression | None = None
    offices: Expression | None = None
    office_bodies: Expression | None = None
    post_elsewhere: tuple[Pattern, ...] = ()
    body_elsewhere: tuple[Pattern, ...] = ()
    origins: tuple[Pattern, ...] = ()
    states: tuple[Pattern, ...] = ()
    other_subject: tuple[Pattern, ...] = ()
    triggers: Index = field(init=False)
    grouping: Index = field(init=False)
    steady: bool = field(init=False)
    inside: Mapping[str, int] = field(init=False)
    echoing: frozenset[str] = field(init=False)  # the ids of the rules that only refer to what is told elsewhere
    with_post: Mapping[str, str] = field(init=False)  # by rule, the relation it states where the post is known

    def __post_init__(self) -> None:
        """Index the rules."""
        object.__setattr__(self, "triggers", Index([rule.trigger.need for rule in self.rules]))
        object.__setattr__(self, "grouping", Index([phrase.pattern.need for phrase in self.phrases]))
        object.__setattr__(self, "steady", all(_is_steady(phrase.spec) for phrase in self.phrases))
        inside = {
            slot: sum(
                1 << number
                for number, rule in enumerate(self.rules)
                if slot in rule.required and all(slot in template.inside for template in rule.templates)
            )
            for slot in OUTSIDE
        }
        object.__setattr__(self, "inside", inside)
        object.__setattr__(self, "echoing", frozenset(rule.id for rule in self.rules if rule.spec.echo))
        object.__setattr__(self, "with_post", {r.id: r.spec.with_post for r in self.rules if r.spec.with_post})


_HEAD = re.compile(r"\(\?P<head>\{([A-Z]+)\}\)")


def _is_steady(spec: PhraseSpec) -> bool:
    head = _HEAD.search(spec.match)
    return spec.list or (head is not None and set(CLASSES.get(head[1], "").upper()) == {spec.becomes})


@dataclass(frozen=True, slots=True)
class Compiler:
    """Makes the patterns of a language; a ``strict`` one compiles each at once, so that what is wrong shows."""

    macros: Macros
    flags: int
    strict: bool = True

    def expression(self, source: str, *, to_end: bool = False) -> Expression:
        """Make a pattern.

        Raises:
            PatternError: it is not a regular expression, or names an unknown macro.
        """
        made = Expression(source, self.macros, self.flags, to_end)
        if self.strict:
            assert made.regex
        return made

    def around(self, source: str) -> Pattern:
        """Make a pattern that holds ``TRIGGER`` once.

        Raises:
            PatternError: no trigger, more than one, or not a pattern.
        """
        parts = source.split(TRIGGER)
        if len(parts) != 2:
            raise PatternError(f"a pattern holds {TRIGGER} exactly once: {source!r}")
        left = self.expression(parts[0], to_end=True) if parts[0] else None
        right = self.expression(parts[1]) if parts[1] else None
        if self.strict:
            unknown = {name for part in (left, right) if part for name in part.regex.groupindex} - set(SLOTS)
            if unknown:
                raise PatternError(f"unknown argument {', '.join(sorted(unknown))} in {source!r}")
        at_symbol = re.match(r"\{[A-Za-z_]+\}(?![?*{])", parts[0]) is not None
        return Pattern(source, left, right, at_symbol, self.macros.binds | slots_in(source))


def read_relations() -> dict[str, RelationSpec]:
    """Return the relations by name, with their arguments: ours and those that the user's folders add."""
    found: dict[str, RelationSpec] = {}
    for folder in (data.root(), *reversed(data.own_folders())):
        path = folder / "relations.yaml"
        if path.is_file():
            found |= data.read_as(path, dict[str, RelationSpec])
    return found


def _lines(path: Path) -> list[int]:
    """Return the line at which each rule of a relation file starts."""
    node = yaml.compose(path.read_text("utf-8"), Loader=data.LOADER)
    for key, value in node.value if isinstance(node, yaml.MappingNode) else []:
        if key.value == "rules" and isinstance(value, yaml.SequenceNode):
            return [item.start_mark.line + 1 for item in value.value]
    return []


def _read_fold(lang: str, name: str | None) -> dict[int, str]:
    if name is None:
        return {}
    lines = data.find(lang, name).read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and line[0] != "#")
    return {ord(first): second for first, second in pairs}


def _templates(
    specs: Mapping[str, TemplateSpec], path: Path, compiler: Compiler, faults: list[str]
) -> dict[str, Template]:
    out = {}
    for name, spec in specs.items():
        try:
            frames = tuple(compiler.around(source) for source in spec.frames)
            finders = {
                slot: tuple(
                    source if source in FINDERS[slot] else compiler.around(source) for source in getattr(spec, slot)
                )
                for slot in FINDERS
            }
        except PatternError as error:
            faults.append(f"{path}: {name}: {error}")
            continue
        others = [finder for slot in FINDERS if slot != "person" for finder in getattr(spec, slot)]
        first = not any("{person}" in finder for finder in others)
        inside = frozenset(slot for slot, outside in OUTSIDE.items() if outside.isdisjoint(finders[slot]))
        out[name] = Template(name, frames, finders, first, inside, _binders(frames, finders), spec.framed)
    return out


def _binders(
    frames: tuple[Pattern, ...], finders: Mapping[str, tuple[Pattern | str, ...]]
) -> dict[str, tuple[Pattern, ...] | None]:
    patterns = [*frames, *(finder for found in finders.values() for finder in found if isinstance(finder, Pattern))]
    return {
        slot: None
        if any(isinstance(finder, str) for finder in finders[slot])
        else tuple(pattern for pattern in patterns if slot in pattern.binds)
        for slot in finders
    }


# The patterns of a lexicon that stand by themselves, and those of them that are looked for up to the end of a post.
_EXPRESSIONS = (
    "plain_dates",
    "noun_leads",
    "until_now",
    "nobody",
    "respectively",
    "post_before",
    "post_after",
    "post_near",
    "introduced",
    "occupation",
    "offices",
    "office_bodies",
)
_TO_END = frozenset({"occupation", "offices"})
# Those that are lists of patterns with TRIGGER in them.
_AROUND = ("post_elsewhere", "body_elsewhere", "origins", "states", "other_subject")


def load(lang: str, *, strict: bool = True) -> Grammar:
    """Read the rules of a language; if ``strict``, compile every pattern of them, else each when it is first needed.

    Raises:
        RuleError: with every fault of every file.
        DataError: a file is not of its form.
    """
    lexicon = data.read_as(data.find(lang, "lexicon.yaml"), Lexicon)
    compiler = Compiler(Macros(lexicon.macros), re.IGNORECASE if lexicon.ignore_case else 0, strict)
    faults: list[str] = []
    path = data.find(lang, "templates.yaml")
    specs: dict[str, TemplateSpec] = data.read_as(path, dict[str, TemplateSpec])
    templates = _templates(specs, path, compiler, faults)
    phrases = []
    for spec in data.read_as(data.find(lang, "phrases.yaml"), list[PhraseSpec]):
        try:
            phrases.append(Phrase(spec, compiler.expression(spec.match)))
        except PatternError as error:
            faults.append(f"{data.find(lang, 'phrases.yaml')}: {spec.id}: {error}")
    relations = read_relations()
    rules: list[Rule] = []
    for path in data.find_all(lang, "relations/*.yaml"):
        rules += _rules(path, lang, compiler, templates, relations, faults)
    own = {}
    for name in _EXPRESSIONS:
        source = getattr(lexicon, name)
        try:
            own[name] = compiler.expression(source, to_end=name in _TO_END) if source is not None else None
        except PatternError as error:
            faults.append(f"{data.find(lang, 'lexicon.yaml')}: {name}: {error}")
    around: dict[str, tuple[Pattern, ...]] = {}
    for name in _AROUND:
        try:
            around[name] = tuple(compiler.around(source) for source in getattr(lexicon, name))
        except PatternError as error:
            faults.append(f"{data.find(lang, 'lexicon.yaml')}: {name}: {error}")
    ids = [rule.id for rule in rules]
    faults += [f"{lang}: rule id {name} is used twice" for name in sorted({i for i in ids if ids.count(i) > 1})]
    if not rules:
        faults.append(f"{lang}: no rules")
    if faults:
        raise RuleError(faults)
    return Grammar(
        lang,
        compiler.macros,
        compiler.flags,
        _read_fold(lang, lexicon.fold),
        tuple(phrases),
        tuple(rules),
        **own,
        post_elsewhere=around["post_elsewhere"],
        body_elsewhere=around["body_elsewhere"],
        origins=around["origins"],
        states=around["states"],
        other_subject=around["other_subject"],
    )


def _rules(
    path: Path,
    lang: str,
    compiler: Compiler,
    templates: Mapping[str, Template],
    relations: Mapping[str, RelationSpec],
    faults: list[str],
) -> list[Rule]:
    file = data.read_as(path, RelationFile)
    if file.relation not in relations:
        faults.append(f"{path}: unknown relation {file.relation}")
        return []
    if not file.rules:
        faults.append(f"{path}: no rules")
    relation = relations[file.relation]
    faults += [f"{path}: templates.yaml has a template {name} too" for name in file.templates if name in templates]
    templates = {**templates, **_templates(file.templates, path, compiler, faults)}
    out = []
    for spec, line in zip(file.rules, _lines(path), strict=True):
        place = f"{path}:{line}: {spec.id}"
        names = [spec.template] if isinstance(spec.template, str) else spec.template
        faults += [f"{place}: unknown template {name}" for name in names if name not in templates]
        bad = [
            slot for slot in (*spec.needs, *spec.forbids) for slot in slot.split("|") if slot not in relation.arguments
        ]
        faults += [f"{place}: {file.relation} has no argument {slot}" for slot in bad]
        if spec.with_post is not None and spec.with_post not in relations:
            faults.append(f"{place}: unknown relation {spec.with_post}")
        if not spec.example or not spec.near_miss:
            faults.append(f"{place}: an example and a near-miss are needed")
        try:
            trigger = compiler.expression(spec.trigger)
            if compiler.strict and trigger.regex.match(""):
                raise PatternError("the trigger matches nothing at all")
            unless = tuple(compiler.around(source) for source in spec.unless)
        except PatternError as error:
            faults.append(f"{place}: {error}")
            continue
        out.append(
            Rule(
                id=f"{lang}/{path.stem}/{spec.id}",
                relation=file.relation,
                spec=spec,
                trigger=trigger,
                templates=tuple(templates[name] for name in names if name in templates),
                unless=unless,
                required=tuple(relation.required),
                file=str(path),
                line=line,
                precision=precision(f"{lang}/{path.stem}/{spec.id}", spec.confidence),
                states_only=frozenset(relation.states_only),
            )
        )
    return out


@cache
def grammar(lang: str) -> Grammar:
    """Return the rules of a language; they are read once a process.

    Those of the package are known to be right; a user's are looked at as a whole before the first text.

    Raises:
        RuleError: with every fault of every file.
        DataError: a file is not of its form.
    """
    return load(lang, strict=bool(data.own_folders()))
