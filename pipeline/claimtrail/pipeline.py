"""The stages in their order."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec

from claimtrail import data
from claimtrail.assertion import Assertion
from claimtrail.document import Document, Parse, State, readable
from claimtrail.engines.analysis import Analyse
from claimtrail.engines.base import Engine, EngineError, ModelInfo
from claimtrail.entities.refine import RefineEntities
from claimtrail.entities.states import StatesAsBodies
from claimtrail.facts import DocumentFacts
from claimtrail.learned import Learned
from claimtrail.normalise import Normalise
from claimtrail.normalise.posts import find_titles
from claimtrail.rules.relations import Relations
from claimtrail.segment.sentences import SentenceSplitter
from claimtrail.segment.stretches import Segmenter
from claimtrail.stage import Stage, check_order

ENGINES = ("spacy", "stanza")

# Below this, a third of what the rules find in gold texts and half of what they find in general news goes, most of it
# wrong (tests/scores/reliability.md).
LEAST_CONFIDENCE = 0.4

# What a document brings along when it has been read.
READ = frozenset({"doc_id", "text", "sha256", "record_date", "record_date_origin"})
# What it brings along when an engine, ours or another, has analysed it.
ANNOTATED = READ | {"lang", "stretches", "sentences", "tokens", "entities", "engines", "models"}


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides the answer for a text: languages (all installed if empty), engine, models, the least confidence.

    ``models`` names, for a language, a model other than ours. Mentions less sure than ``min_confidence`` are dropped.
    """

    languages: tuple[str, ...] = ()
    engine: str = "spacy"
    models: tuple[tuple[str, str], ...] = ()
    min_confidence: float = LEAST_CONFIDENCE


def ours(settings: Settings) -> bool:
    """Say whether texts are read with our own spaCy models only, no other engine and no model of the user's."""
    return settings.engine == "spacy" and not settings.models and not data.own_folders()


class SettingsError(ValueError):
    """The settings ask for a language, an engine or a model that is not there."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """Drops mentions that are less sure than asked for, and counts them."""

    least: float
    name: str = "threshold"
    requires: frozenset[str] = frozenset({"mentions"})
    provides: frozenset[str] = frozenset({"mentions", "left_out"})

    def process(self, documents: Sequence[Document]) -> list[Document]:
        """Return the documents with their surer mentions."""
        return [self._sure(document) for document in documents]

    def _sure(self, document: Document) -> Document:
        kept = tuple(m for m in document.mentions if m.confidence >= self.least)
        return replace(document, mentions=kept, left_out=document.left_out + len(document.mentions) - len(kept))


def stages(settings: Settings) -> list[Stage]:
    """Return the stages between reading and resolving, in order.

    Raises:
        SettingsError: the settings ask for what is not there.
        StageOrderError: a stage lacks what it requires.
    """
    return stages_with(engine_of(settings), settings)


def stages_with(engine: Engine, settings: Settings) -> list[Stage]:
    """Return the stages between reading and resolving, in order, with an engine made before.

    Raises:
        SettingsError: the settings ask for a language or model that the engine does not have.
        StageOrderError: a stage lacks what it requires.
    """

    def engine_for(lang: str) -> Engine:
        return engine

    found: list[Stage] = [
        Segmenter(tuple(models_of(engine, settings))),
        SentenceSplitter(),
        Analyse(engine_for),
        *later_stages(settings, engine.tree),
    ]
    check_order(found, READ)
    return found


def later_stages(settings: Settings, parse: Parse) -> list[Stage]:
    """Return the stages after the language engine, in order; they also take texts that others have annotated.

    ``parse`` finds the trees of the few sentences that need one.

    Raises:
        StageOrderError: a stage lacks what it requires.
    """
    found: list[Stage] = [
        RefineEntities(find_titles),
        StatesAsBodies(),
        DocumentFacts(),
        Relations(),
        Learned(parse),
        Assertion(),
        Normalise(),
        Threshold(settings.min_confidence),
    ]
    check_order(found, ANNOTATED)
    return found


def engine_of(settings: Settings) -> Engine:
    """Return the engine that the settings ask for; its models are loaded when their language first comes up.

    Raises:
        SettingsError: there is none of that name, or it is not installed.
    """
    if settings.engine not in ENGINES:
        raise SettingsError(f"no engine {settings.engine}; there are {', '.join(ENGINES)}")
    if find_spec(settings.engine) is None:
        raise SettingsError(
            f"the engine {settings.engine} is not installed: pip install 'claimtrail[{settings.engine}]'"
        )
    return _engine(settings.engine, dict(settings.models))


def _engine(name: str, models: Mapping[str, str]) -> Engine:
    if name == "stanza":
        from claimtrail.engines.stanza_engine import StanzaEngine  # noqa: PLC0415 - seldom asked for

        return StanzaEngine(models)
    from claimtrail.engines.spacy_engine import SpacyEngine  # noqa: PLC0415 - takes a second to load

    return SpacyEngine(models)


def models_of(engine: Engine, settings: Settings) -> dict[str, ModelInfo]:
    """Return the model of each language that is read: of those asked for, or of all that have one.

    Raises:
        SettingsError: for a language that is not installed, or has no model.
    """
    unknown = sorted(set(settings.languages) - set(data.languages()))
    if unknown:
        raise SettingsError(f"no language {', '.join(unknown)}; installed are {', '.join(data.languages())}")
    there = [lang for lang in data.languages() if lang in engine.languages()]
    languages = tuple(dict.fromkeys(settings.languages)) or tuple(there)
    idle = sorted({lang for lang, _ in settings.models} - set(languages))
    if idle:
        raise SettingsError(f"a model is named for {', '.join(idle)}, which is not read")
    if not languages:
        raise SettingsError(f"the engine {engine.name} has no model at all")
    try:
        return {lang: engine.model_info(lang) for lang in languages}
    except EngineError as error:
        raise SettingsError(str(error)) from error


def model_infos(settings: Settings) -> dict[str, ModelInfo]:
    """Return the model of each language that a run with these settings reads.

    Raises:
        SettingsError: the settings ask for what is not there.
    """
    return models_of(engine_of(settings), settings)


def all_models() -> list[ModelInfo]:
    """Return the models of all engines, whether the engine itself is installed or not."""
    engines = [_engine(name, {}) for name in ENGINES]
    return [engine.model_info(lang) for engine in engines for lang in sorted(engine.languages())]


class StageError(RuntimeError):
    """A stage raised on a document; the message says which stage, and what it said."""

    def __init__(self, stage: str, cause: Exception) -> None:
        """Word the message."""
        said = str(cause) if isinstance(cause, EngineError) else f"{type(cause).__name__}: {cause}"
        super().__init__(f"the stage '{stage}' failed: {said}")


@dataclass(slots=True)
class Chain:
    """Stages run one after the other; ``seconds`` adds up the time of each by its name."""

    stages: Sequence[Stage]
    seconds: dict[str, float] = field(default_factory=dict)

    def process(self, documents: Sequence[Document]) -> list[Document]:
        """Return the documents after all stages; only those still in the state ``processed`` go on.

        Raises:
            StageError: a stage raised.
        """
        current = list(documents)
        for stage in self.stages:
            active = [place for place, document in enumerate(current) if document.state is State.PROCESSED]
            before = time.perf_counter()
            try:
                after = stage.process([current[place] for place in active])
            except Exception as error:
                raise StageError(stage.name, error) from error
            for place, document in zip(active, after, strict=True):
                current[place] = document
            self.seconds[stage.name] = self.seconds.get(stage.name, 0.0) + time.perf_counter() - before
        return current


def as_document(text: str, *, date: str | None = None, doc: str = "text") -> Document:
    """Return a text as a document that the stages take."""
    content = text.encode("utf-8", "surrogatepass")
    state, reason = readable(text)
    return Document(
        doc_id=doc,
        text=text,
        sha256=hashlib.sha256(content).hexdigest(),
        state=state,
        reason=reason,
        encoding="utf-8",
        size_bytes=len(content),
        record_date=date or "",
        record_date_origin="option" if date else "",
    )
