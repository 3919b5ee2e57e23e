"""A look at a model's folder before anything is loaded from it: a model is data, and must not bring code along."""

from __future__ import annotations

import re
from pathlib import Path

from claimtrail.engines.base import EngineError

_CODE = frozenset({".py", ".pyc", ".so", ".pyd", ".dll", ".dylib", ".pkl", ".pickle", ".joblib", ".dill"})
# How pickled objects of the protocols in use begin; they end with a full stop.
_PICKLED = tuple(bytes((0x80, protocol)) for protocol in range(2, 6))
# What is made when a pipeline is loaded, and by which function: [components.ner.model] @architectures = "spacy.…".
_SECTION = re.compile(r"^\[(?P<name>[^\]]+)\]", re.MULTILINE)
_MADE_BY = re.compile(r"^@\w+\s*=\s*\"?(?P<name>[^\"\n]*)", re.MULTILINE)
_LOADED = ("nlp", "components")
_OWN = ("spacy.", "spacy-legacy.")


def check_model_folder(folder: Path) -> None:
    """Check a spaCy pipeline that somebody put into a folder.

    Raises:
        EngineError: it holds code or pickled objects, a link that leads out of it, or asks for functions that are not
            spaCy's own.
    """
    inside = folder.resolve()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if not path.resolve().is_relative_to(inside):
            raise EngineError(f"{folder}: {name} is a link that leads out of the model; copy what it points to")
        if path.suffix.lower() in _CODE or (path.is_file() and _is_pickled(path)):
            raise EngineError(f"{folder}: {name} is code or holds pickled objects, which no model here may")
    config = (folder / "config.cfg").read_text("utf-8", "replace")
    _, *sections = _SECTION.split(config)
    for section, content in zip(sections[::2], sections[1::2], strict=True):
        strange = [m["name"] for m in _MADE_BY.finditer(content) if not m["name"].startswith(_OWN)]
        if strange and section.split(".")[0] in _LOADED:
            raise EngineError(
                f"{folder}: config.cfg asks for {strange[0]!r} in [{section}]; a folder may only use what spaCy itself "
                "has, an installed package more"
            )


def _is_pickled(path: Path) -> bool:
    with path.open("rb") as file:
        if not file.read(2).startswith(_PICKLED):
            return False
        file.seek(-1, 2)
        return file.read(1) == b"."
