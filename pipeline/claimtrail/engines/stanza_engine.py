"""The Stanza engine: our small models, or official ones already on disk, behind the engine interface.

Stanza and torch are imported when the first model is loaded; they come with the extra ``stanza``.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from claimtrail import data
from claimtrail.document import Arc, Entity, Span, Token
from claimtrail.engines.base import Analysis, EngineError, ModelInfo, Passage, folder_hash
from claimtrail.engines.features import WEIGHTS
from claimtrail.engines.labels import mapped

_TOO_LONG = "<UNK>"


# takes sentences, gives a Stanza document for each
AnalyseTexts = Callable[[Sequence[str]], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class StanzaLanguage:
    """Stanza's code of a language and the processors asked for."""

    code: str
    processors: list[str]


@dataclass(frozen=True, slots=True)
class StanzaSettings:
    """The shape of ``lang/stanza.yaml``."""

    languages: dict[str, StanzaLanguage]


@cache
def stanza_languages() -> dict[str, StanzaLanguage]:
    """Return what Stanza calls the languages."""
    return data.read_as(data.find("stanza.yaml"), StanzaSettings).languages


def find_stanza_model(lang: str) -> Path | None:
    """Return the folder of our Stanza model for a language: in the package, else in the checkout, else None."""
    for root in WEIGHTS:
        folder = root / f"{lang}_stanza"
        if (folder / "tokenize.pt").is_file() and (folder / "ner.pt").is_file():
            return folder
    return None


class StanzaEngine:
    """Analyses text with Stanza models, each loaded when its language first comes up.

    ``models`` names for a language a folder other than ours: a Stanza folder with ``resources.json`` that holds the
    official model, or a folder with ``tokenize.pt`` and ``ner.pt``. Nothing is ever downloaded.
    """

    name = "stanza"

    def __init__(self, models: Mapping[str, str] | None = None) -> None:
        """Remember which models to use; nothing is loaded yet."""
        self._models = dict(models or {})
        self._loaded: dict[str, AnalyseTexts] = {}

    def languages(self) -> frozenset[str]:
        """Return the languages that have a model."""
        return frozenset({lang for lang in stanza_languages() if find_stanza_model(lang)} | set(self._models))

    def model_info(self, lang: str) -> ModelInfo:
        """Describe the model of a language, from its ``meta.json`` where it has one.

        Raises:
            EngineError: there is none.
        """
        folder = self._folder(lang)
        about = folder / "meta.json"
        meta = orjson.loads(about.read_bytes()) if about.is_file() else {}
        official = (folder / "resources.json").is_file()
        files = folder / stanza_languages()[lang].code if official else folder
        return ModelInfo(
            engine=self.name,
            lang=lang,
            name=str(meta.get("name", files.name)),
            version=str(meta.get("version", _version() if official else "0")),
            licence=str(meta.get("license", "")),
            size_bytes=sum(path.stat().st_size for path in files.rglob("*") if path.is_file()),
            sha256=folder_hash(files),
            scores=tuple(sorted((key, float(value)) for key, value in meta.get("performance", {}).items())),
        )

    def analyse(self, passages: Sequence[Passage], lang: str) -> list[Analysis]:
        """Return tokens and entities of each passage, every passage by itself.

        Raises:
            EngineError: Stanza or the model is missing, a label is unknown, or an offset does not fit the text.
        """
        loaded = self._load(lang)
        return [_analyse_one(loaded, passage, lang) for passage in passages]

    def tree(self, sentence: str, lang: str) -> list[Arc]:
        """Return no arcs: a Stanza model with a parser finds trees with everything else."""
        return []

    def _folder(self, lang: str) -> Path:
        if lang not in stanza_languages():
            raise EngineError(f"{lang}: lang/stanza.yaml does not name the language")
        wanted = self._models.get(lang)
        if wanted is None:
            folder = find_stanza_model(lang)
            if folder is None:
                raise EngineError(
                    f"no Stanza model for {lang}: there is no folder {lang}_stanza in {WEIGHTS[0]} or "
                    f"{WEIGHTS[1]}; train one (models/README.md) or name a folder with an official model"
                )
            return folder
        folder = Path(wanted)
        if not (folder / "resources.json").is_file() and not (folder / "tokenize.pt").is_file():
            raise EngineError(f"{wanted} holds no Stanza model: neither resources.json nor tokenize.pt is in it")
        return folder

    def _load(self, lang: str) -> AnalyseTexts:
        if lang not in self._loaded:
            folder = self._folder(lang)
            if importlib.util.find_spec("stanza") is None:
                raise EngineError("the Stanza engine needs the extra 'stanza': pip install 'claimtrail[stanza]'")
            self._loaded[lang] = _pipeline(folder, stanza_languages()[lang])
        return self._loaded[lang]


def _version() -> str:
    return importlib.metadata.version("stanza") if importlib.util.find_spec("stanza") else "0"


def _pipeline(folder: Path, language: StanzaLanguage) -> AnalyseTexts:
    """Load a model; what is returned analyses sentences together, three times as fast as one by one."""
    # imported here: torch takes seconds and a gigabyte to load, and most runs need neither
    import stanza  # noqa: PLC0415
    import torch  # noqa: PLC0415

    # one thread: sums of floating point numbers come out alike, and jobs do not fight for cores
    torch.set_num_threads(1)
    common: dict[str, Any] = {
        "download_method": None,
        "use_gpu": False,
        "verbose": False,
        "tokenize_no_ssplit": True,
        "logging_level": "ERROR",
    }
    try:
        if (folder / "resources.json").is_file():
            processors = ",".join(language.processors)
            return _together(stanza.Pipeline(language.code, dir=str(folder), processors=processors, **common))
        with tempfile.TemporaryDirectory() as empty:
            (Path(empty) / "resources.json").write_text("{}")
            pipeline = stanza.Pipeline(
                language.code,
                dir=empty,
                processors="tokenize,ner",
                allow_unknown_language=True,
                tokenize_model_path=str(folder / "tokenize.pt"),
                ner_model_path=str(folder / "ner.pt"),
                **common,
            )
            return _together(pipeline)
    except (OSError, KeyError, ValueError, RuntimeError) as error:
        raise EngineError(f"the Stanza model in {folder} does not load: {error}") from error


def _together(pipeline: Any) -> AnalyseTexts:
    from stanza import Document  # noqa: PLC0415

    def analyse(texts: Sequence[str]) -> Sequence[Any]:
        found: Sequence[Any] = pipeline.bulk_process([Document([], text=text) for text in texts])
        if len(found) != len(texts):
            raise EngineError(f"Stanza gives {len(found)} analyses for {len(texts)} sentences")
        return found

    return analyse


def _analyse_one(analyse: AnalyseTexts, passage: Passage, lang: str) -> Analysis:
    tokens: list[Token] = []
    entities: list[Entity] = []
    texts = [passage.text[start:end] for start, end in passage.sentences]
    for sentence, found in zip(passage.sentences, analyse(texts), strict=True):
        tokens += read_tokens(found, passage.text, sentence, first=len(tokens))
        entities += read_entities(found, passage.text, sentence, model=f"Stanza model of {lang}")
    return Analysis(tuple(tokens), tuple(entities))


def read_tokens(found: Any, text: str, sentence: Span, *, first: int = 0) -> list[Token]:
    """Turn the tokens of a Stanza document, the analysis of one sentence of ``text``, into ours.

    A token of several words ('zum') stays one; it has the analysis of its first word. ``first`` is the number of
    tokens before the sentence, from which heads are counted.

    Raises:
        EngineError: an offset does not fit the text.
    """
    tokens: list[Token] = []
    for part in found.sentences:
        base = first + len(tokens)
        token_of = {word.id: index for index, token in enumerate(part.tokens) for word in token.words}
        for index, token in enumerate(part.tokens):
            start, end = _place(token.start_char, token.end_char, token.text, text, sentence)
            word = token.words[0]
            # the first word whose head lies outside the token speaks for all of it
            outer = next((w for w in token.words if token_of.get(w.head, -1) != index), word)
            head = -1
            if outer.head is not None:
                head = base + token_of.get(outer.head, index)
            tokens.append(Token(start, end, word.upos or "", outer.deprel or "", head))
    return tokens


def read_entities(found: Any, text: str, sentence: Span, *, model: str) -> list[Entity]:
    """Turn the entities of a Stanza document, the analysis of one sentence of ``text``, into ours.

    Raises:
        EngineError: an offset does not fit the text, or a label is in no label map.
    """
    labels = mapped(sorted({entity.type for entity in found.ents}), model)
    entities = []
    for entity in found.ents:
        start, end = _place(entity.start_char, entity.end_char, entity.text, text, sentence)
        label = labels[entity.type]
        if label is not None:
            entities.append(Entity(start, end, label))
    return entities


def _place(start: int | None, end: int | None, form: str, text: str, sentence: Span) -> Span:
    """Return Stanza's offsets as offsets into the passage, checked against the characters there."""
    if start is None or end is None:
        raise EngineError(f"Stanza gives no offsets for {form!r}")
    place = Span(sentence.start + start, sentence.start + end)
    # Stanza writes any white space inside a token as one space, and a sign of its own for a token that is too long
    # for it; nothing else may differ.
    there = text[place.start : place.end]
    too_long = form == _TOO_LONG and len(there) > len(_TOO_LONG)
    if place.end > sentence.end or not (too_long or there.split() == form.split()):
        raise EngineError(f"Stanza's {form!r} is not what the text has at {place.start}-{place.end}: {there!r}")
    return place
