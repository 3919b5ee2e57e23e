"""The spaCy engine: our pipelines, or any installed spaCy pipeline, behind the engine interface."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import spacy
from spacy.attrs import ENT_ID, IDX, LANG, LENGTH, LOWER, NORM, PREFIX, SHAPE, SUFFIX
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.strings import StringStore
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, get_lang_class
from spacy.vocab import Vocab

from claimtrail import data
from claimtrail.document import Arc, Entity, Label, Token
from claimtrail.engines.base import Analysis, EngineError, ModelInfo, Passage, folder_hash
from claimtrail.engines.features import FILE as FEATURES
from claimtrail.engines.features import WEIGHTS, WordFeatures, model_folder
from claimtrail.engines.features import load as load_features
from claimtrail.engines.folders import check_model_folder
from claimtrail.engines.labels import mapped
from claimtrail.engines.surroundings import Surroundings, chinese_surroundings
from claimtrail.engines.together import quicker, rows_stand_alone
from claimtrail.engines.tokenise import Piece, Tokenise, chinese, japanese

# compounds and glued names come apart: OpenAI-CEO, Google/Alphabet, OpenAIMitbegründer, 2019–2021
_INFIXES = (
    r"(?<=[\w.)])[-‐‑–—~/+](?=\w)",
    r"(?<=[A-Z]{2})(?=[A-ZÄÖÜ][a-zäöüß]{3})",
    r"(?<=[^\W\d])[,;:!?](?=\w)",
    r"(?<=[\d)\]”’\"'])[,;:!?](?=[^\W\d])",
    r"(?<=\w)[(\[“„](?=\w)",
    r"(?<=\w)[)\]”](?=\w)",
    r"(?<=[a-zäöüß]{2})\.(?=[A-ZÄÖÜ][a-zäöüß])",
)
_STRAIGHT = str.maketrans("’", "'")
_WORDS_REMEMBERED = 10_000  # some 8 MB
_CHARACTERS_TOGETHER = 20_000  # of passages that are analysed at once
_PARSING = ("tok2vec", "parser")  # of our pipelines: what finds a tree, the parser last


@dataclass(frozen=True, slots=True)
class LanguageSettings:
    """How text of a language is cut into tokens: by spaCy's rules of ``vocabulary``, or by a dictionary.

    ``surroundings`` names a network of a library that tags the tokens by what stands around them.
    """

    tokenizer: str
    vocabulary: str
    surroundings: str = ""


@cache
def settings(lang: str) -> LanguageSettings:
    """Return the tokenisation settings of a language."""
    found: LanguageSettings = data.read_as(data.find(lang, "engine.yaml"), LanguageSettings)
    return found


@cache
def tokenizer_for(lang: str) -> Tokenise:
    """Return the function that cuts text of a language into pieces; models are trained with the same function.

    Raises:
        EngineError: the language data names an unknown tokenizer.
    """
    how = settings(lang)
    if how.tokenizer == "rules":
        return RuleTokenizer(how.vocabulary)
    known: dict[str, Tokenise] = {"chinese": chinese, "japanese": japanese}
    if how.tokenizer not in known:
        raise EngineError(f"{lang}: unknown tokenizer {how.tokenizer}; known are rules, {', '.join(sorted(known))}")
    return known[how.tokenizer]


@cache
def surroundings_of(lang: str) -> Surroundings | None:
    """Return what tags the tokens of a language by their surroundings, if there is such a thing.

    Raises:
        EngineError: the language data names something unknown, or its files are not installed.
    """
    name = settings(lang).surroundings
    if not name:
        return None
    known: dict[str, Callable[[], Surroundings]] = {"jieba": chinese_surroundings}
    if name not in known:
        raise EngineError(f"{lang}: unknown network for surroundings {name}; known are {', '.join(sorted(known))}")
    return known[name]()


class RuleTokenizer:
    """spaCy's rule tokenizer with more places to cut; it starts afresh when it remembers too many words."""

    def __init__(self, vocabulary: str) -> None:
        """Make the tokenizer of a spaCy language class."""
        self._vocabulary = vocabulary
        self._tokenizer = self._fresh()

    def _fresh(self) -> Any:
        # as spaCy makes it for the language, with places to cut added, and nothing of the words but their forms
        rules: Any = get_lang_class(self._vocabulary).Defaults
        return Tokenizer(
            Vocab(),
            rules=rules.tokenizer_exceptions,
            prefix_search=compile_prefix_regex(rules.prefixes).search,
            suffix_search=compile_suffix_regex(rules.suffixes).search,
            infix_finditer=compile_infix_regex([*_INFIXES, *(i for i in rules.infixes if isinstance(i, str))]).finditer,
            token_match=rules.token_match,
            url_match=rules.url_match,
        )

    def __call__(self, text: str) -> list[Piece]:
        """Cut text into pieces without tags."""
        if len(self._tokenizer.vocab) > _WORDS_REMEMBERED:
            self._tokenizer = self._fresh()
        # models see the straight apostrophe, which most training texts have
        pieces = _pieces(self._tokenizer(text), text)
        if "’" not in text:
            return pieces
        return [Piece(p.start, p.end, p.form.translate(_STRAIGHT), p.tag) for p in pieces]


def _by_pipeline(nlp: Language, text: str) -> list[Piece]:
    return _pieces(nlp.make_doc(text), text)


def _pieces(doc: Doc, text: str) -> list[Piece]:
    pieces = []
    # whole columns at once: a Python object for every token takes longer than to cut the text
    for start, length in doc.to_array([IDX, LENGTH]).tolist():
        form = text[start : start + length]
        if not form.isspace():
            pieces.append(Piece(start, start + length, form, ""))
    return pieces


def pieces_of(passage: Passage, tokenise: Tokenise) -> list[list[Piece]]:
    """Cut each sentence of a passage into pieces whose offsets count from the start of the passage."""
    cut = []
    for start, end in passage.sentences:
        found = tokenise(passage.text[start:end])
        cut.append([Piece(start + p.start, start + p.end, p.form, p.tag) for p in found])
    return cut


def make_doc(
    vocab: Vocab,
    sentences: Sequence[Sequence[Piece]],
    features: WordFeatures | None = None,
    surroundings: Sequence[str] = (),
) -> Doc:
    """Build the spaCy document that models see: forms, sentence starts, dictionary tags in TAG, word hints in LEMMA.

    ``surroundings``, a tag for each piece by what stands around it, goes into ENT_ID, which nothing else here uses.

    The text of the document may differ from the passage (forms are normalised, white space is lost); token ``i`` of
    the document is piece ``i`` of all sentences in a row.
    """
    pieces = [piece for sentence in sentences for piece in sentence]
    after = [*(piece.start for piece in pieces[1:]), -1][: len(pieces)]
    starts: list[bool | int | None] = [index == 0 for sentence in sentences for index in range(len(sentence))]
    doc = Doc(
        vocab,
        words=[piece.form for piece in pieces],
        spaces=[piece.end != following for piece, following in zip(pieces, after, strict=True)],
        tags=[piece.tag for piece in pieces],
        lemmas=features.hints([piece.form for piece in pieces]) if features else None,
        sent_starts=starts,
    )
    if surroundings:
        numbers = {tag: vocab.strings.add(tag) for tag in set(surroundings)}
        column: Any = np.array([[numbers[tag]] for tag in surroundings], dtype=np.uint64)
        doc.from_array([ENT_ID], column)
    return doc


def load_pipeline(folder: Path) -> Language:
    """Load a pipeline from its folder; weights stored in half precision, as ours are, become single precision again.

    Half precision halves what a repository, a wheel and a disk hold; models compute in single precision only.
    """
    nlp = spacy.load(folder)
    for _, component in nlp.pipeline:
        model: Any = getattr(component, "model", None)
        for node in model.walk() if hasattr(model, "walk") else ():
            for name in node.param_names:
                weights: Any = node.get_param(name) if node.has_param(name) else None
                if weights is not None and weights.dtype == "float16":
                    node.set_param(name, weights.astype("float32"))
    return nlp


def know_words(nlp: Language, features: WordFeatures) -> None:
    """Let a fresh pipeline see rare words as one and the same in the attribute LOWER, and groups of words in LANG.

    Hashed embeddings give an unseen word the sum of rows trained for other words: noise, on names above all. Of the
    attributes that a spaCy model can read, these two are the ones that nothing else here uses. Those that no model
    here reads, such as whether a word is like a number, are not worked out.
    """
    vocabulary: Any = nlp.vocab  # its stubs leave the getters out
    seen = {name: vocabulary.lex_attr_getters[name] for name in (NORM, PREFIX, SUFFIX, SHAPE)}
    vocabulary.lex_attr_getters = {**seen, LOWER: features.known, LANG: features.group}


def find_model(lang: str) -> Path | None:
    """Return the folder of the pipeline for a language: the user's, ours in the package or the checkout, else None."""
    return model_folder(lang, "config.cfg")


@dataclass(frozen=True, slots=True)
class _Loaded:
    nlp: Language
    tokenise: Tokenise | None
    labels: Mapping[str, Label | None]
    features: WordFeatures | None
    surroundings: Surroundings | None
    together: bool  # whether passages may go through the pipeline together
    parsing: tuple[str, ...]  # the components that find a tree, if trees are only found when asked for


class SpacyEngine:
    """Analyses text with spaCy pipelines, each loaded when its language first comes up.

    ``models`` names a pipeline other than ours for a language (an installed package or a folder). With ``blank``
    no model is needed and the analysis holds tokens only.
    """

    name = "spacy"

    def __init__(self, models: Mapping[str, str] | None = None, *, blank: bool = False) -> None:
        """Remember which pipelines to use; nothing is loaded yet."""
        self._models = dict(models or {})
        self._blank = blank
        self._loaded: dict[str, _Loaded] = {}

    def languages(self) -> frozenset[str]:
        """Return the languages that have a pipeline (all installed languages for a blank engine)."""
        if self._blank:
            return frozenset(data.languages())
        own = {lang for lang in data.languages() if find_model(lang) is not None}
        return frozenset(own | set(self._models))

    def model_info(self, lang: str) -> ModelInfo:
        """Describe the pipeline of a language from its ``meta.json``.

        Raises:
            EngineError: there is none.
        """
        if self._blank:
            return ModelInfo(self.name, lang, "blank", "0")
        folder = self._folder(lang)
        meta = orjson.loads((folder / "meta.json").read_bytes())
        performance = meta.get("performance") or {}
        return ModelInfo(
            engine=self.name,
            lang=lang,
            name=f"{meta['lang']}_{meta['name']}",
            version=str(meta["version"]),
            licence=str(meta.get("license", "")),
            size_bytes=sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()),
            sha256=folder_hash(folder),
            scores=tuple(sorted((k, float(v)) for k, v in performance.items() if isinstance(v, int | float))),
        )

    def analyse(self, passages: Sequence[Passage], lang: str) -> list[Analysis]:
        """Return tokens and entities of each passage.

        Passages go through our pipelines together only where that changes no bit of what is found
        (``rows_stand_alone``). Otherwise each goes alone: sums of floating point numbers, and with them the answer,
        could depend on the others.

        Raises:
            EngineError: there is no model for the language, or the pipeline has a label that no map knows.
        """
        if self._blank:
            tokenise = tokenizer_for(lang)
            return [Analysis(_plain_tokens(pieces_of(passage, tokenise)), ()) for passage in passages]
        loaded = self._load(lang)
        found: list[Analysis] = []
        for group in _groups(passages):
            with loaded.nlp.memory_zone():
                found += _analyses(loaded, group)
        return found

    def tree(self, sentence: str, lang: str) -> list[Arc]:
        """Return the tree of a sentence by our pipeline; those of others find trees with everything else.

        Raises:
            EngineError: there is no model for the language.
        """
        if self._blank:
            return []
        loaded = self._load(lang)
        if not loaded.parsing or loaded.tokenise is None:
            return []
        nlp = loaded.nlp
        with nlp.memory_zone():
            doc = make_doc(nlp.vocab, [loaded.tokenise(sentence)], loaded.features)
            if not len(doc):
                return []
            for name in loaded.parsing:
                doc = nlp.get_pipe(name)(doc)
            return _arcs(doc)

    def _folder(self, lang: str) -> Path:
        wanted = self._models.get(lang)
        if wanted is None:
            folder = find_model(lang)
            if folder is None:
                raise EngineError(
                    f"no spaCy model for {lang}: there is no folder {lang}_claimtrail in "
                    f"{WEIGHTS[0]} or {WEIGHTS[1]}; train one (models/README.md) or name an installed pipeline"
                )
            return folder
        if (Path(wanted) / "config.cfg").is_file():
            return Path(wanted)
        spec = importlib.util.find_spec(wanted) if wanted.isidentifier() else None
        if spec is None or spec.origin is None:
            raise EngineError(f"no spaCy pipeline {wanted} is installed; install it or leave the option out")
        inner = sorted(Path(spec.origin).parent.glob("*/config.cfg"))
        if not inner:
            raise EngineError(f"{wanted} is installed but holds no spaCy pipeline")
        return inner[0].parent

    def _load(self, lang: str) -> _Loaded:
        if lang not in self._loaded:
            folder = self._folder(lang)
            if _is_the_users(folder):
                check_model_folder(folder)
            words = folder / FEATURES
            features = load_features(words) if words.is_file() else None
            nlp = load_pipeline(folder)
            if features is not None:
                know_words(nlp, features)
            self._loaded[lang] = _Loaded(
                nlp,
                # a pipeline of others brings its own tokeniser
                tokenise=tokenizer_for(lang) if features is not None else None,
                labels=mapped(_entity_labels(nlp), nlp.meta["name"]),
                features=features,
                surroundings=surroundings_of(lang) if features is not None and _reads(nlp, "ENT_ID") else None,
                together=features is not None and _made_quicker(nlp),
                parsing=_PARSING if features is not None and set(_PARSING) <= set(nlp.pipe_names) else (),
            )
        return self._loaded[lang]


def _is_the_users(folder: Path) -> bool:
    """Say whether somebody put a model into a folder; ours and those of installed packages came with their code."""
    return folder.parent not in WEIGHTS and not (folder.parent / "__init__.py").is_file()


def _entity_labels(nlp: Language) -> list[str]:
    """Return the labels of all components that find entities: a tagger, or a ruler beside or in place of it."""
    finders = [name for name in nlp.pipe_names if "doc.ents" in nlp.get_pipe_meta(name).assigns]
    return [label for name in finders for label in nlp.pipe_labels.get(name, [])]


def _made_quicker(nlp: Language) -> bool:
    """Make a pipeline quicker, and say whether texts may go through it together."""
    components: list[Any] = [component for _, component in nlp.pipeline]
    if not all(isinstance(component, TrainablePipe) for component in components):
        return False
    if not rows_stand_alone([component.model for component in components]):
        return False
    for component in components:
        for node in list(component.model.walk()):
            quick = quicker(node)
            if quick is not None and node is component.model:
                component.model = quick
            elif quick is not None:
                component.model.replace_node(node, quick)
    return True


def _groups(passages: Sequence[Passage]) -> Iterator[list[Passage]]:
    """Yield the passages in groups that share one memory zone: words that come again need not be looked up again."""
    group: list[Passage] = []
    size = 0
    for passage in passages:
        if group and size + len(passage.text) > _CHARACTERS_TOGETHER:
            yield group
            group, size = [], 0
        group.append(passage)
        size += len(passage.text)
    if group:
        yield group


def _analyses(loaded: _Loaded, passages: Sequence[Passage]) -> list[Analysis]:
    nlp = loaded.nlp
    tokenise = loaded.tokenise or partial(_by_pipeline, nlp)
    cut = [pieces_of(passage, tokenise) for passage in passages]
    tags = tags_around(loaded.surroundings, cut)
    docs = [
        make_doc(nlp.vocab, sentences, loaded.features, around) if any(sentences) else None
        for sentences, around in zip(cut, tags, strict=True)
    ]
    given = [doc for doc in docs if doc is not None]
    component: Any
    for name, component in nlp.pipeline:
        if name in loaded.parsing[-1:]:
            continue
        if loaded.together and given:
            component.set_annotations(given, component.predict(given))
        else:
            given = [component(doc) for doc in given]
    done = iter(given)
    found = []
    for sentences in cut:
        pieces = [piece for sentence in sentences for piece in sentence]
        if not pieces:
            found.append(Analysis((), ()))
            continue
        doc = next(done)
        found.append(Analysis(_tokens(doc, pieces), tuple(_entities(doc, pieces, sentences, loaded.labels))))
    return found


def tags_around(surroundings: Surroundings | None, cut: Sequence[Sequence[Sequence[Piece]]]) -> list[list[str]]:
    """Return, for each passage, what its surroundings say of each token; nothing where the model does not ask."""
    if surroundings is None:
        return [[] for _ in cut]
    # all sentences of all passages at once
    found = iter(surroundings([sentence for sentences in cut for sentence in sentences]))
    return [[tag for _ in sentences for tag in next(found)] for sentences in cut]


def _reads(nlp: Language, attribute: str) -> bool:
    """Say whether a component of a pipeline looks at an attribute of tokens."""
    models: list[Any] = [getattr(component, "model", None) for _, component in nlp.pipeline]
    nodes = [node for model in models if hasattr(model, "walk") for node in model.walk()]
    return any(attribute in node.attrs.get("columns", ()) for node in nodes)


def _tokens(doc: Doc, pieces: Sequence[Piece]) -> tuple[Token, ...]:
    # whole columns at once: a Python object for every token and head takes longer than the tagger
    tags = _named(doc.to_array("POS"), doc.vocab.strings)
    if not doc.has_annotation("DEP"):
        return tuple(Token(piece.start, piece.end, tag) for piece, tag in zip(pieces, tags, strict=True))
    return tuple(
        Token(piece.start, piece.end, tag, arc.dep, arc.head)
        for piece, tag, arc in zip(pieces, tags, _arcs(doc), strict=True)
    )


def _arcs(doc: Doc) -> list[Arc]:
    relations = _named(doc.to_array("DEP"), doc.vocab.strings)
    heads = (doc.to_array("HEAD").astype("int64") + range(len(doc))).tolist()
    return list(map(Arc, relations, heads))


def _named(column: Any, strings: StringStore) -> list[str]:
    numbers = column.tolist()
    names = {number: strings[number] for number in set(numbers)}
    return [names[number] for number in numbers]


def _plain_tokens(sentences: Sequence[Sequence[Piece]]) -> tuple[Token, ...]:
    return tuple(Token(piece.start, piece.end) for sentence in sentences for piece in sentence)


def _entities(
    doc: Doc, pieces: Sequence[Piece], sentences: Sequence[Sequence[Piece]], labels: Mapping[str, Label | None]
) -> list[Entity]:
    sentence_of = [number for number, sentence in enumerate(sentences) for _ in sentence]
    found = []
    for entity in doc.ents:
        label = labels[entity.label_]
        # a foreign pipeline may carry an entity over the end of a sentence
        if label is not None and sentence_of[entity.start] == sentence_of[entity.end - 1]:
            found.append(Entity(pieces[entity.start].start, pieces[entity.end - 1].end, label))
    return found
