"""The spaCy component ``claimtrail``: claims from the tokens, sentences and entities of a spaCy pipeline.

spaCy finds it by its entry point; importing this module does the same and registers ``doc._.claims``::

    nlp = spacy.load("de_core_news_lg")  # or spacy.blank("de")
    nlp.add_pipe("claimtrail")
    doc = nlp("Anna Kern verlässt die Nordwerk AG.")
    doc._.claims  # as claims.jsonl: each move once
    doc._.claim_mentions  # as mentions.jsonl
    displacy.render(doc, style="span", options={"spans_key": "claims"})

The span group ``claims`` holds what each mention stands on: its trigger, labelled with the relation, and ``person``,
``org``, ``role_from``, ``role_to``, ``when``; the id of a span is that of its mention. Both survive ``to_bytes`` and a
``DocBin(store_user_data=True)``. The day of a text is ``doc.user_data["date"]``, its id ``doc.user_data["id"]``, or
what a context that is a mapping holds under these names, with ``nlp.pipe(pairs, as_tuples=True)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from claimtrail import document as model
from claimtrail.document import State
from claimtrail.output.build import spans_of
from claimtrail.pipeline import LEAST_CONFIDENCE, SettingsError
from claimtrail.records import ClaimRecord, MentionRecord
from claimtrail.steps.annotation import Annotation, labelled
from claimtrail.steps.api import Pipeline
from claimtrail.steps.texts import Text, as_text

KEY = "claimtrail"
# Whose entities count: the document's, ours, or the document's if any component has looked for them.
ENTITIES = ("auto", "doc", "own")


@dataclass(frozen=True, slots=True)
class ClaimComponent:
    """Finds the claims of a ``Doc`` and leaves everything else in it as it is.

    ``model`` names the pipeline in the records; ``labels`` maps entity labels of its own to ours.
    """

    pipeline: Pipeline
    lang: str
    model: str
    entities: str = "auto"
    labels: Mapping[str, str] = field(default_factory=dict)
    spans_key: str = "claims"

    def __call__(self, doc: Doc) -> Doc:
        """Return the document with its claims.

        Raises:
            RuntimeError: its analysis failed.
        """
        found = self.pipeline.read_annotated(_text(doc), self._annotation(doc))
        if found.state is State.FAILED:
            raise RuntimeError(found.reason)
        doc.user_data[KEY] = {
            "mentions": [mention.to_dict() for mention in found.mentions],
            "claims": [claim.to_dict() for claim in found.claims],
        }
        doc.spans[self.spans_key] = SpanGroup(doc, name=self.spans_key, spans=list(_spans(doc, found.mentions)))
        return doc

    def _annotation(self, doc: Doc) -> Annotation:
        own = self.entities == "own" or (self.entities == "auto" and not doc.has_annotation("ENT_IOB"))
        spans = ((entity.start_char, entity.end_char, entity.label_) for entity in doc.ents)
        return Annotation(
            lang=self.lang,
            engine="spacy",
            model=self.model,
            sentences=_sentences(doc),
            tokens=None if own else _tokens(doc),
            entities=None if own else tuple(labelled(spans, self.labels)),
        )


@Language.factory(
    "claimtrail",
    assigns=["doc._.claims", "doc._.claim_mentions", "doc.spans"],
    default_config={
        "lang": None,
        "entities": "auto",
        "labels": {},
        "min_confidence": LEAST_CONFIDENCE,
        "spans_key": "claims",
    },
)
def make_component(
    nlp: Language,
    name: str,
    lang: str | None,
    entities: str,
    labels: dict[str, str],
    min_confidence: float,
    spans_key: str,
) -> ClaimComponent:
    """Return the component of a pipeline.

    ``lang`` is the language of the rules, that of the pipeline by default. ``entities`` is ``doc`` (those that
    components before this one found), ``own`` (those of claimtrail's own model) or ``auto`` (``own`` if there are
    none). ``labels`` maps entity labels that are not in claimtrail's label map to PERSON, ORG, GPE, DATE or TITLE.

    Raises:
        SettingsError: the language is not installed, or ``entities`` or a label is none of these.
    """
    if entities not in ENTITIES:
        raise SettingsError(f"entities is {entities!r}; it is one of {', '.join(ENTITIES)}")
    unknown = sorted(set(labels.values()) - {label.value for label in model.Label})
    if unknown:
        raise SettingsError(f"no label {', '.join(unknown)}; there are {', '.join(model.Label)}")
    code = lang or str(nlp.lang)
    about = f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}"
    pipeline = Pipeline(languages=[code], min_confidence=min_confidence)
    return ClaimComponent(pipeline, code, about, entities, dict(labels), spans_key)


def _text(doc: Doc) -> Text:
    context = getattr(doc, "_context", None)
    about = context if isinstance(context, Mapping) else {}
    known = {name: doc.user_data.get(name, about.get(name)) for name in ("id", "date")}
    return as_text((doc.text, known))


def _sentences(doc: Doc) -> tuple[model.Span, ...] | None:
    if not doc.has_annotation("SENT_START"):
        return None
    return tuple(model.Span(sentence.start_char, sentence.end_char) for sentence in doc.sents)


def _tokens(doc: Doc) -> tuple[model.Token, ...]:
    number = {token.i: place for place, token in enumerate(token for token in doc if not token.is_space)}
    parsed = doc.has_annotation("DEP")
    return tuple(
        model.Token(
            start=doc[i].idx,
            end=doc[i].idx + len(doc[i]),
            pos=doc[i].pos_,
            dep=doc[i].dep_,
            head=number.get(doc[i].head.i, -1) if parsed else -1,
        )
        for i in number
    )


def _spans(doc: Doc, mentions: tuple[MentionRecord, ...]) -> Iterator[Span]:
    for mention in mentions:
        for name, place in spans_of(mention):
            if name == "sentence" or place.start is None or place.end is None:
                continue
            label = mention.relation if name == "trigger" else name
            span = doc.char_span(place.start, place.end, label=label, span_id=mention.id, alignment_mode="expand")
            if span is not None:
                yield span


def _claims(doc: Doc) -> list[ClaimRecord]:
    return [ClaimRecord.from_dict(claim) for claim in _stored(doc, "claims")]


def _mentions(doc: Doc) -> list[MentionRecord]:
    return [MentionRecord.from_dict(mention) for mention in _stored(doc, "mentions")]


def _stored(doc: Doc, what: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = doc.user_data.get(KEY, {}).get(what, [])
    return found


# As the factory above, these are known to spaCy once this module is imported: a document that was stored can be read
# by a program that has no pipeline.
for _name, _getter in (("claims", _claims), ("claim_mentions", _mentions)):
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, getter=_getter)
