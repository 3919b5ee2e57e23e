"""A Stanza tokenizer and entity tagger of the size of the official ones, for measuring how fast those are.

The official models cannot be had everywhere, but how long a network takes does not depend on what its weights say, only
on how many there are. So this trains models with the sizes that Stanza's trainers and the official models have (two
character language models of 1,024 units, a tagger of 256 units over them), for a step or two: their answers are
worthless, their speed is that of the official ones, word vectors aside, which would cost them a little more.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path

from claimtrail.document import Document
from claimtrail.engines.stanza_engine import stanza_languages

_SENTENCES = 60


def make(lang: str, documents: Sequence[Document], folder: Path) -> Path:
    """Train the models of a language on texts with tokens, and return their folder for the engine."""
    from stanza.models import charlm, ner_tagger, tokenizer  # noqa: PLC0415 - an extra

    folder.mkdir(parents=True, exist_ok=True)
    plain = folder / "plain.txt"
    plain.write_text("\n".join(document.text.replace("\n", " ") for document in documents), "utf-8")
    _write_labels(documents, folder)
    rows = [row for row in _rows(documents) if row][:_SENTENCES]
    (folder / "words.json").write_text("[]")
    (folder / "ner.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    common = {"mode": "train", "shorthand": f"{lang}_size", "cpu": "", "save_dir": folder}
    language = {"epochs": 1, "batch_size": 4, "no_checkpoint": "", "cutoff": 1, "train_file": plain, "eval_file": plain}
    tokens = {name: folder / "tokens.txt" for name in ("txt_file", "dev_txt_file")}
    labels = {name: folder / "tokens.labels" for name in ("label_file", "dev_label_file")}
    cuts = {"lang": stanza_languages()[lang].code, "mwt_json_file": folder / "words.json", "no_use_mwt": ""}
    short = {"steps": 60, "eval_steps": 60, "max_seqlen": 200, "batch_size": 8}
    tagger = {"charlm": "", "charlm_shorthand": f"{lang}_size", "no_pretrain": "", "word_emb_dim": 0}
    charlms = {f"charlm_{way}_file": folder / f"{way}.pt" for way in ("forward", "backward")}
    marked = {"train_file": folder / "ner.json", "eval_file": folder / "ner.json"}
    few = {"max_steps": 2, "eval_interval": 2, "batch_size": 4}
    with redirect_stdout(sys.stderr):  # what the benchmark prints is its answer
        for way in ("forward", "backward"):
            names = {"direction": way, "save_name": f"{way}.pt", "vocab_save_name": f"{way}.vocab.pt"}
            charlm.main(_options(common, language, names))
        tokenizer.main(_options(common, tokens, labels, cuts, short, {"save_name": "tokenize.pt"}))
        ner_tagger.main(_options(common, marked, tagger, charlms, few, {"save_name": "ner.pt"}))
    return folder


def pipeline(lang: str, folder: Path) -> Callable[[Sequence[str]], object]:
    """Return Stanza's own pipeline of tokenizer and entity tagger over such models; it takes texts."""
    import stanza  # noqa: PLC0415 - an extra
    import torch  # noqa: PLC0415

    torch.set_num_threads(1)
    (folder / "resources.json").write_text("{}")
    loaded = stanza.Pipeline(
        stanza_languages()[lang].code,
        dir=str(folder),
        processors="tokenize,ner",
        allow_unknown_language=True,
        download_method=None,
        use_gpu=False,
        verbose=False,
        tokenize_model_path=str(folder / "tokenize.pt"),
        ner_model_path=str(folder / "ner.pt"),
        ner_forward_charlm_path=str(folder / "forward.pt"),
        ner_backward_charlm_path=str(folder / "backward.pt"),
    )
    return lambda texts: loaded.bulk_process([stanza.Document([], text=text) for text in texts])


def _write_labels(documents: Sequence[Document], folder: Path) -> None:
    texts, labels = [], []
    for document in documents:
        marks = ["0"] * len(document.text)
        for sentence in document.sentences:
            for token in document.tokens[sentence.first_token : sentence.end_token]:
                marks[token.end - 1] = "1"
            if sentence.end_token > sentence.first_token:
                marks[document.tokens[sentence.end_token - 1].end - 1] = "2"
        texts.append(document.text.translate({10: " ", 13: " "}))
        labels.append("".join(marks))
    (folder / "tokens.txt").write_text("\n\n".join(texts) + "\n", "utf-8")
    (folder / "tokens.labels").write_text("\n\n".join(labels) + "\n", "utf-8")


def _rows(documents: Sequence[Document]) -> Iterator[list[dict[str, str]]]:
    for document in documents:
        begins = {entity.start: entity for entity in document.entities}
        for sentence in document.sentences:
            yield [
                {
                    "text": document.text[token.start : token.end],
                    "ner": f"S-{begins[token.start].label}" if token.start in begins else "O",
                }
                for token in document.tokens[sentence.first_token : sentence.end_token]
            ]


def _options(*groups: Mapping[str, object]) -> list[str]:
    """Return options as a command line has them; one with an empty value is a switch."""
    found = []
    for name, value in (pair for group in groups for pair in group.items()):
        found += [f"--{name}"] if value == "" else [f"--{name}", str(value)]
    return found
