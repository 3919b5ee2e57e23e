"""claimtrail as a step of other programs: ``load`` a pipeline, hand texts in, take claims out, ``resolve`` them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from claimtrail.document import Arc, Document, Span, State
from claimtrail.engines.analysis import Analyse
from claimtrail.engines.base import Passage
from claimtrail.identity.resolve import resolve as resolve_documents
from claimtrail.output.build import mention_records
from claimtrail.pipeline import (
    LEAST_CONFIDENCE,
    Chain,
    Settings,
    StageError,
    as_document,
    engine_of,
    later_stages,
    models_of,
    stages_with,
)
from claimtrail.records import ClaimRecord, MentionRecord
from claimtrail.rules.grammar import grammar
from claimtrail.steps.annotation import Annotation, annotated, stanza_annotation
from claimtrail.steps.batches import Batch, Columns, on_batch
from claimtrail.steps.recorded import documents_of
from claimtrail.steps.texts import Item, Text, TextClaims, as_text, document_of


class Pipeline:
    """The whole way from texts to claims, for use as a step of other programs.

    Nothing is written and nothing printed; nothing is fetched. The answer for a text depends on nothing but the text
    and its date. A pipeline may be shared by threads: one text is worked on at a time, so several processes are what
    is faster, not several threads. It can be pickled; what is pickled are its settings, not its models.
    """

    def __init__(
        self,
        *,
        languages: Iterable[str] = (),
        engine: str = "spacy",
        models: Mapping[str, str] | None = None,
        min_confidence: float = LEAST_CONFIDENCE,
    ) -> None:
        """Choose languages (all installed by default), engine, and models other than ours by language.

        Models are loaded when a language first comes up and kept; ``load`` makes a pipeline that has them at once.

        Raises:
            SettingsError: for an unknown language or engine.
        """
        if isinstance(languages, str):
            raise TypeError("languages is a list of codes, as ['de', 'zh'], not one string")
        self.settings = Settings(tuple(languages), engine, tuple(sorted((models or {}).items())), min_confidence)
        self._engine = engine_of(self.settings)
        self._chain = Chain(stages_with(self._engine, self.settings))
        self._later = Chain(later_stages(self.settings, self._engine.tree))
        self._lock = threading.RLock()

    def __reduce__(self) -> tuple[Callable[[Settings], Pipeline], tuple[Settings]]:
        """Be pickled as the settings."""
        return from_settings, (self.settings,)

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that are read."""
        return tuple(models_of(self._engine, self.settings))

    def load(self) -> Pipeline:
        """Load the models and rules of all languages now, and return the pipeline.

        Raises:
            EngineError: a model does not load.
            RuleError: rules are not as they must be.
        """
        with self._lock:
            for lang in self.languages:
                self._engine.analyse([Passage(".", (Span(0, 1),))], lang)
                grammar(lang)
        return self

    def tree(self, sentence: str, lang: str) -> Sequence[Arc]:
        """Return the tree of a sentence, an arc for each of its tokens; empty if the model of the language has none.

        Raises:
            EngineError: there is no model for the language.
        """
        with self._lock:
            return self._engine.tree(sentence, lang)

    def process(self, documents: Sequence[Document]) -> list[Document]:
        """Return the documents with everything the stages find in them, mentions included.

        Raises:
            StageError: a stage raised.
        """
        with self._lock:
            return self._chain.process(documents)

    def pipe(self, texts: Iterable[Item]) -> Iterator[TextClaims]:
        """Yield what each text states, in order; texts are taken from the iterable one by one, as they are asked for.

        A text is a ``str``, a pair of a ``str`` and anything (handed back as ``context``), a record with a field
        ``text`` and perhaps ``id`` and ``date``, or a ``claimtrail.Text``. Nothing is kept of a text that has been
        yielded. A text that cannot be analysed is yielded in the state ``failed``, with the reason.

        >>> import claimtrail
        >>> pipeline = claimtrail.load(languages=["de", "en"])
        >>> news = [
        ...     ("Anna Kern verlässt die Nordwerk AG.", {"id": "n-1"}),
        ...     {"id": "n-2", "date": "2026-03-12", "text": "Anna Kern is leaving Nordwerk AG, it said on Thursday."},
        ... ]
        >>> for doc in pipeline.pipe(news):
        ...     for claim in doc.claims:
        ...         print(doc.id, doc.lang, claim.relation, claim.person.name, claim.org.name, claim.status)
        n-1 de LEAVES Anna Kern Nordwerk AG actual
        n-2 en LEAVES Anna Kern Nordwerk AG actual

        Raises:
            TypeError: an item is none of these.
        """
        for item in texts:
            text = as_text(item)
            yield self._claims(document_of(text), text)

    def read(self, text: Item) -> TextClaims:
        """Return what one text states.

        Raises:
            TypeError: it is not of a shape that ``pipe`` takes.
        """
        return next(self.pipe([text]))

    def read_annotated(self, text: Item, annotation: Annotation) -> TextClaims:
        """Return what a text states whose tokens, sentences and entities another program has found.

        Raises:
            ValueError: the text is in a language that the pipeline does not read.
        """
        if annotation.lang not in self.languages:
            raise ValueError(f"no language {annotation.lang} here; read are {', '.join(self.languages)}")
        given = as_text(text)
        document = annotated(document_of(given), annotation)
        if annotation.entities is None and document.state is State.PROCESSED:
            with self._lock:
                try:
                    document = Chain([Analyse(lambda lang: self._engine)]).process([document])[0]
                except StageError as error:
                    document = replace(document, state=State.FAILED, reason=str(error))
        return self._claims(document, given, self._later)

    def from_stanza(
        self,
        found: Any,
        *,
        id: str = "",
        date: str = "",
        lang: str = "",
        labels: Mapping[str, str] | None = None,
        context: Any = None,
    ) -> TextClaims:
        """Return what a text states that a Stanza pipeline of yours has annotated.

        Its sentences, tokens, trees and entities are used as they are; of a pipeline without ``ner``, only the
        sentences. Labels of official models are known; ``labels`` maps others to PERSON, ORG, GPE, DATE or TITLE.

        ::

            nlp = stanza.Pipeline("de", processors="tokenize,ner")
            for claim in pipeline.from_stanza(nlp(text), date="2026-03-12").claims: ...

        Raises:
            ValueError: the document has no text, no offsets, or a language that is not read.
        """
        annotation = stanza_annotation(found, lang=lang, own=labels)
        return self.read_annotated(Text(text=found.text, id=id, date=date, context=context), annotation)

    def on_batch(self, *, text: str = "text", id: str = "", date: str = "", column: str = "claims") -> Batch:
        """Return a function that adds claims to a batch of columns, as ``datasets.Dataset.map(batched=True)`` calls it.

        ``text``, ``id`` and ``date`` name columns of the batch. The function returns one new column, named by
        ``column``: for each text a string, the JSON of the list of its claims, each as in ``claims.jsonl``. It can be
        sent to other processes (``num_proc``), each of which loads its own models.

        >>> import claimtrail, json
        >>> pipeline = claimtrail.load(languages=["en"])
        >>> texts = ["Ada Vell has joined Nordwerk AG as head of sales.", "It rained."]
        >>> batch = {"body": texts, "day": ["2026-03-12", ""]}
        >>> found = pipeline.on_batch(text="body", date="day")(batch)
        >>> [[claim["relation"] for claim in json.loads(claims)] for claims in found["claims"]]
        [['JOINS'], []]
        """
        return on_batch(self, Columns(text=text, id=id, date=date, claims=column))

    def extract(self, text: str, *, date: str | None = None, doc: str = "text") -> list[MentionRecord]:
        """Return the claims that one text states, as ``mentions.jsonl`` holds them.

        ``date`` is the day the text is from (ISO), which relative dates count from.

        Raises:
            StageError: a stage raised.
        """
        return mention_records(self.process([as_document(text, date=date, doc=doc)])[0])

    def claims(self, texts: Mapping[str, str], *, date: str | None = None) -> list[ClaimRecord]:
        """Return the claims of several texts, each move once; the keys of ``texts`` name them.

        Raises:
            StageError: a stage raised.
        """
        done = self.process([as_document(text, date=date, doc=doc) for doc, text in texts.items()])
        return resolve_documents(done)

    def _claims(self, document: Document, text: Text, chain: Chain | None = None) -> TextClaims:
        with self._lock:
            try:
                (done,) = (chain or self._chain).process([document])
            except StageError as error:
                done = replace(document, state=State.FAILED, reason=str(error))
        mentions = mention_records(done) if done.state is State.PROCESSED else []
        return TextClaims(
            id=done.doc_id,
            text=done.text,
            lang=done.lang,
            date=done.facts.date or done.record_date,
            state=done.state,
            reason=done.reason,
            context=text.context,
            mentions=tuple(mentions),
            document=replace(done, tokens=()),
        )


def load(
    languages: Iterable[str] = (),
    *,
    engine: str = "spacy",
    models: Mapping[str, str] | None = None,
    min_confidence: float = LEAST_CONFIDENCE,
) -> Pipeline:
    """Return a pipeline with the models of its languages loaded; without ``languages``, of all installed ones.

    ``models`` names, for a language, an installed spaCy pipeline (or folder) that takes the place of ours. Claims
    less sure than ``min_confidence`` are left out.

    Raises:
        SettingsError: there is no such language, engine or model.
        EngineError: a model does not load.
    """
    made = Pipeline(languages=languages, engine=engine, models=models, min_confidence=min_confidence)
    return made.load()


def resolve(found: Iterable[TextClaims | MentionRecord]) -> list[ClaimRecord]:
    """Return the claims of many texts, the same move told by several of them once, sorted by id.

    Given what ``pipe`` yields, the answer is that of ``claimtrail run`` over the same texts. Given mention records,
    as ``mentions.jsonl`` holds them, names that a text gives beside its claims are not known, and so a letter without
    an author stays without one. A text that comes twice counts once.

    >>> import claimtrail
    >>> pipeline = claimtrail.load(languages=["de", "en"])
    >>> texts = ["Anna Kern is leaving Nordwerk AG.", "Anna Kern verlässt die Nordwerk AG."]
    >>> [(claim.relation, claim.languages) for claim in claimtrail.resolve(pipeline.pipe(texts))]
    [('LEAVES', ['de', 'en'])]

    Raises:
        ValueError: two different texts have one id.
    """
    documents: dict[str, Document] = {}
    records: list[MentionRecord] = []
    for one in found:
        if isinstance(one, MentionRecord):
            records.append(one)
        else:
            _add(documents, one.document)
    for document in documents_of(records):
        _add(documents, document)
    return resolve_documents(list(documents.values()))


def _add(documents: dict[str, Document], document: Document) -> None:
    there = documents.setdefault(document.doc_id, document)
    if there.sha256 != document.sha256:
        raise ValueError(f"two different texts have the id {document.doc_id}")


def from_settings(settings: Settings) -> Pipeline:
    """Return a pipeline with these settings, whose models are loaded when their language first comes up."""
    return Pipeline(
        languages=settings.languages,
        engine=settings.engine,
        models=dict(settings.models),
        min_confidence=settings.min_confidence,
    )
