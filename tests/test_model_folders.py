"""A model in a folder of the user's is looked at before it is loaded. The models here are empty."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
import spacy

from claimtrail.engines.base import EngineError, Passage
from claimtrail.engines.folders import check_model_folder
from claimtrail.engines.spacy_engine import SpacyEngine

WEIGHTS = Path(__file__).parents[1] / "models" / "weights"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.to_disk(tmp_path / "model")
    return tmp_path / "model"


@pytest.mark.parametrize("folder", sorted(WEIGHTS.glob("*_claimtrail")), ids=lambda folder: folder.name)
def test_our_own_models_would_pass(folder: Path) -> None:
    check_model_folder(folder)


def test_a_model_in_a_folder_is_loaded(model: Path) -> None:
    engine = SpacyEngine({"en": str(model)})
    (found,) = engine.analyse([Passage("It rains.", ((0, 9),))], "en")
    assert len(found.tokens) == 3


class Danger:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (pytest.fail, ("a pickled object was loaded",))


@pytest.mark.parametrize("name", ["extra.pkl", "vocab/more.py", "ner/model"])
def test_code_and_pickled_objects_are_refused_unloaded(model: Path, name: str) -> None:
    path = model / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(pickle.dumps(Danger()))
    with pytest.raises(EngineError, match=f"{path.name} is code or holds pickled objects"):
        SpacyEngine({"en": str(model)}).analyse([Passage("It rains.", ((0, 9),))], "en")


def test_a_link_out_of_the_folder_is_refused(model: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (model / "vocab" / "lookups.bin").unlink()
    (model / "vocab" / "lookups.bin").symlink_to(tmp_path / "secret")
    with pytest.raises(EngineError, match=r"vocab/lookups\.bin is a link that leads out"):
        check_model_folder(model)


@pytest.mark.parametrize(
    "section",
    [
        '[nlp.before_creation]\n@callbacks = "somebody.run_this"\n',
        '[components.x]\nfactory = "x"\n\n[components.x.model]\n@layers = "PyTorchWrapper.v1"\n',
    ],
)
def test_a_model_that_asks_for_functions_of_others_is_refused(model: Path, section: str) -> None:
    config = (model / "config.cfg").read_text().replace("before_creation = null\n", "")
    (model / "config.cfg").write_text(config.replace("[components]", f"{section}\n[components]"))
    with pytest.raises(EngineError, match=r"asks for '(somebody\.run_this|PyTorchWrapper\.v1)'"):
        check_model_folder(model)
