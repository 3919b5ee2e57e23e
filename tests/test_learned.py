"""Learned relations: sentences as seen from a person, the network in numpy, the stage beside the rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrail import data
from claimtrail.data import DataError
from claimtrail.document import Argument, Document, Mention, Reference, ResolvedBy, Sentence, Span, Token
from claimtrail.facts.layout import Layout
from claimtrail.learned.encode import GRAM_ROWS, GROUPS, KINDS, POSTS, Encoded, encode, flagged, grams_of
from claimtrail.learned.model import FILE, model_of
from claimtrail.learned.network import Network, softmax
from claimtrail.learned.stage import Learned, is_state
from claimtrail.learned.views import TIES, View, views
from claimtrail.rules.examples import read_example
from claimtrail.rules.finders import argument_of
from claimtrail.rules.grammar import grammar
from claimtrail.rules.shape import build_shape

TRAINED = [lang for lang in data.languages() if data.find(lang, FILE).is_file()]
RELATIONS = ("LEAVES", "JOINS", "ROLE_CHANGE")


def analysed(marked: str, lang: str = "en") -> Document:
    """A marked sentence as the stages before leave it, cut into tokens at blanks or characters, without a tree."""
    document = read_example(marked, lang).document
    tokens, at = [], 0
    words = document.text.split(" ") if lang in ("en", "de") else list(document.text)
    for word in words:
        body = word.rstrip(".,;") or word
        tokens.append(Token(at, at + len(body)))
        if body != word:
            tokens.append(Token(at + len(body), at + len(word)))
        at += len(word) + (lang in ("en", "de"))
    sentence = Sentence(0, len(document.text), lang, 0, len(tokens))
    return replace(document, tokens=tuple(tokens), sentences=(sentence,))


def views_of(document: Document) -> list[View]:
    rules = grammar(document.sentences[0].lang)
    sentence = document.sentences[0]
    shape = build_shape(document, sentence.start, sentence.end, rules)
    return list(views(document, 0, shape, rules, Layout(document)))


@pytest.mark.parametrize(
    ("marked", "trigger", "state"),
    [
        ("[P:Ada Vell] is [T:director] of the [O:Rope Council].", "is", True),
        ("[P:Ada Vell] is the next [T:director] of the [O:Rope Council].", "is", False),
        ("[P:Ada Vell] from [O:Nordwerk] wept.", "from", True),
        ("[P:Ada Vell] appointed [P:Bo Lind] [T:director] of [O:Nordwerk].", "appointed", True),
        ("[P:Bo Lind] saw [O:Nordwerk] choose [P:Ada Vell] as [T:director].", "choose", False),
    ],
)
def test_a_claim_told_by_a_state_or_by_ones_own_doing_is_none(marked: str, trigger: str, state: bool) -> None:
    document = analysed(marked)
    at = document.text.index(f" {trigger} ") + 1
    names = {r.name: r for r in document.facts.references}
    person, org = (argument_of(r, r.start, r.end) for r in (names["Ada Vell"], list(names.values())[-1]))
    mention = Mention("ROLE_CHANGE", 0, Span(at, at + len(trigger)), "en/role_change/learned", person, org)
    assert is_state(document, mention) is state


def test_a_sentence_is_seen_from_each_of_its_people() -> None:
    found = views_of(analysed("[P:Ada Vell] told [P:Bo Lind] that [O:Nordwerk] was shut."))
    assert [view.person.name for view in found] == ["Ada Vell", "Bo Lind"]
    for view in found:
        assert [c.reference.name for c in view.candidates] == ["Nordwerk"]
        assert view.items[view.place].node is view.node
        assert sum(view.is_me(item) for item in view.items) == 1


def test_members_of_a_list_share_a_place_and_have_views_of_their_own() -> None:
    found = views_of(analysed("[P:Ada Vell] and [P:Bo Lind] packed their boxes at [O:Nordwerk]."))
    assert [view.person.name for view in found] == ["Ada Vell", "Bo Lind"]
    assert len({view.place for view in found}) == 1


def test_items_are_the_tokens_and_phrases_in_order() -> None:
    (view,) = views_of(analysed("Yesterday [P:Ada Vell] packed, silently."))
    assert [item.form or item.kind for item in view.items] == ["yesterday", "P", "packed", ",", "silently", "."]


def test_ties_say_how_an_organisation_stands_to_the_person() -> None:
    found = views_of(analysed("[O:Nordwerk] [T:chief] [P:Ada Vell] met [P:Bo Lind] of [O:Sudwerk]."))
    ties = {(v.person.name, c.reference.name): set(c.ties) for v in found for c in v.candidates}
    assert ties["Ada Vell", "Nordwerk"] & {"mine", "mytitle"}
    assert ties["Bo Lind", "Nordwerk"] & {"theirs", "theirtitle"}
    assert all(tie in TIES for each in ties.values() for tie in each)


@given(st.text(min_size=1, max_size=40))
def test_letter_groups_of_any_word_are_a_few_numbers(word: str) -> None:
    numbers = grams_of(word)
    assert len(numbers) <= 12
    assert all(number > 0 for number in numbers)
    assert numbers == grams_of(word)


def random_network(layers: int = 2, width: int = 8, keys: int = 4) -> Network:
    rng = np.random.default_rng(7)
    sizes = {
        "word": (20, 6),
        "gram": (GRAM_ROWS, 6),
        "group": (GROUPS, 4),
        "kind": (len(KINDS), 4),
        "place": (33, 4),
        "dep": (5, 3),
    }
    weights = {f"{name}.weight": rng.normal(size=size) for name, size in sizes.items()}
    inputs = sum(columns for _, columns in sizes.values()) + 5

    def linear(name: str, rows: int, columns: int) -> None:
        weights[f"{name}.weight"], weights[f"{name}.bias"] = rng.normal(size=(rows, columns)), rng.normal(size=rows)

    linear("flags", 5, 9)
    linear("input", width, inputs)
    for layer in range(layers):
        weights[f"conv.{layer}.weight"] = rng.normal(size=(2 * width, width, 3))
        weights[f"conv.{layer}.bias"] = rng.normal(size=2 * width)
    for norm in range(layers + 1):
        weights[f"norm.{norm}.weight"], weights[f"norm.{norm}.bias"] = np.ones(width), np.zeros(width)
    for name, rows, columns in (
        ("attend", 3, width), ("query", 3 * keys, width), ("key", keys, width), ("out", 3, 3 * width),
        ("taken", 1, 3 * width), ("org.tie", width, len(TIES)), ("org.hidden", 5, 3 * width), ("org.score", 3, 5),
        ("post.tie", width, len(POSTS)), ("post.hidden", 5, 3 * width), ("post.score", 3, 5),
    ):  # fmt: skip
        linear(name, rows, columns)
    return Network({name: value.astype(np.float32) for name, value in weights.items()}, layers)


def random_view(size: int, orgs: int, posts: int) -> Encoded:
    rng = np.random.default_rng(size)
    ints = {name: rng.integers(0, most, size) for name, most in
            (("word", 20), ("group", 2048), ("kind", len(KINDS)), ("place", 33), ("dep", 5))}  # fmt: skip
    person = np.zeros(size, dtype=np.float32)
    person[size // 2] = 1
    return Encoded(
        grams=rng.integers(0, 100, (size, 12)), flags=rng.random((size, 9), dtype=np.float32), person=person,
        orgs=rng.random((orgs, size), dtype=np.float32), ties=rng.random((orgs, len(TIES)), dtype=np.float32),
        posts=rng.random((posts, size), dtype=np.float32), owners=rng.random((posts, len(POSTS)), dtype=np.float32),
        **ints,
    )  # fmt: skip


@pytest.mark.parametrize(("size", "orgs", "posts"), [(1, 1, 0), (3, 2, 1), (40, 5, 3)])
def test_the_network_answers_views_of_any_length(size: int, orgs: int, posts: int) -> None:
    answer = random_network()(random_view(size, orgs, posts))
    assert answer.relations.shape == (3,)
    assert ((answer.relations >= 0) & (answer.relations <= 1)).all()
    assert answer.attention.shape == (3, size)
    assert answer.attention.sum(axis=1) == pytest.approx([1, 1, 1], abs=1e-4)
    assert answer.orgs.shape == (orgs, 3)
    assert answer.posts.shape == (posts, 3)


def test_the_network_is_what_the_trainer_trains() -> None:
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    net, view = random_network(), random_view(9, 3, 2)
    w = {name: torch.from_numpy(value) for name, value in net.weights.items()}
    counts = (torch.from_numpy(view.grams) > 0).sum(1, keepdim=True).clamp(min=1)
    grams = (w["gram.weight"][view.grams] * (torch.from_numpy(view.grams) > 0)[:, :, None]).sum(1) / counts
    parts = [w["word.weight"][view.word], grams]
    parts += [w[f"{name}.weight"][getattr(view, name)] for name in ("group", "kind", "place", "dep")]
    parts.append(functional.linear(torch.from_numpy(view.flags), w["flags.weight"], w["flags.bias"]))
    rows = torch.relu(functional.linear(torch.cat(parts, 1), w["input.weight"], w["input.bias"]))
    rows = functional.layer_norm(rows, rows.shape[1:], w["norm.0.weight"], w["norm.0.bias"])
    for layer in range(2):
        reach = 2**layer
        both = functional.conv1d(
            rows.T[None], w[f"conv.{layer}.weight"], w[f"conv.{layer}.bias"], padding=reach, dilation=reach
        )[0].T
        value, gate = both.chunk(2, 1)
        rows = functional.layer_norm(
            rows + value * torch.sigmoid(gate), rows.shape[1:],
            w[f"norm.{layer + 1}.weight"], w[f"norm.{layer + 1}.bias"],
        )  # fmt: skip
    assert net.read(view) == pytest.approx(rows.numpy(), abs=1e-4)


def test_shares_of_large_scores_are_no_overflow() -> None:
    assert softmax(np.array([1e4, 0.0], dtype=np.float32)).tolist() == [1.0, 0.0]


@pytest.mark.parametrize("lang", TRAINED)
def test_a_shipped_network_has_what_it_needs(lang: str) -> None:
    model = model_of(lang)
    assert model is not None
    assert model.vocabulary.relations == RELATIONS
    shares = [share for share, _ in model.table]
    right = [share for _, share in model.table]
    assert shares == sorted(shares)
    assert right == sorted(right)
    assert 0 <= model.precision(0.0) <= model.precision(0.7) <= model.precision(1.0) <= 1


@pytest.mark.parametrize("lang", TRAINED)
def test_a_view_in_numbers_has_a_row_for_every_item(lang: str) -> None:
    model = model_of(lang)
    assert model is not None
    document = analysed("[P:Ada Vell] met [P:Bo Lind], the [T:chief] of [O:Nordwerk].", "en")
    document = replace(document, sentences=(replace(document.sentences[0], lang=lang),))
    for view in views_of(document):
        flags = flagged(view.items, document.text, grammar(lang), RELATIONS)
        encoded = encode(document, view, model.vocabulary, model.features, flags)
        assert {len(encoded.word), len(encoded.grams), len(encoded.flags), len(view.items)} == {len(view.items)}
        assert encoded.orgs.shape == (len(view.candidates), len(view.items))
        answer = model.read(encoded)
        assert np.isfinite(answer.relations).all()


SAID = {
    "en": "[P:Ada Vell] cleared out her desk at [O:Nordwerk] and is now on the payroll of [O:Sudwerk].",
    "de": "[P:Ada Vell] räumt ihr Büro bei [O:Nordwerk] und heuert bei [O:Sudwerk] an.",
}


@pytest.mark.parametrize("lang", sorted(set(SAID) & set(TRAINED)))
def test_what_is_told_has_exact_spans_and_reasons(lang: str) -> None:
    document = analysed(SAID[lang], lang)
    (after,) = Learned().process([document])
    for mention in after.mentions:
        assert mention.rule == f"{lang}/{mention.relation.lower()}/learned"
        assert document.covered(mention.trigger).strip() == document.covered(mention.trigger) != ""
        assert document.covered(mention.person) == "Ada Vell"
        assert document.covered(mention.org) in ("Nordwerk", "Sudwerk")
        assert any(step.startswith("learned: ") for step in mention.steps)
        assert 0 <= mention.confidence <= 1


@pytest.mark.parametrize("lang", sorted(set(SAID) & set(TRAINED)))
def test_a_text_longer_than_those_of_the_training_is_left_alone(lang: str) -> None:
    document = analysed(SAID[lang], lang)
    assert Learned().process([document])[0].mentions
    longer = replace(document, sentences=document.sentences * 6)
    assert Learned().process([longer]) == [longer]


@pytest.mark.parametrize("lang", sorted(set(SAID) & set(TRAINED)))
def test_what_a_rule_told_is_not_told_again(lang: str) -> None:
    document = analysed(SAID[lang], lang)
    people = {r.name: r for r in document.facts.references}

    def argument(reference: Reference) -> Argument:
        return Argument(reference.start, reference.end, reference.name, reference.entity, ResolvedBy.NAME)

    told = tuple(
        Mention(relation, 0, Span(0, 1), "rule", argument(people["Ada Vell"]), argument(people[org]))
        for relation in ("LEAVES", "JOINS")
        for org in ("Nordwerk", "Sudwerk")
    )
    (after,) = Learned().process([replace(document, mentions=told)])
    assert {m.rule for m in after.mentions if m.relation != "ROLE_CHANGE"} == {"rule"}
    assert not [m for m in after.mentions if m.relation == "ROLE_CHANGE"]


def test_a_language_without_a_network_adds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimtrail.learned.stage.model_of", lambda lang: None)
    document = analysed(SAID["en"])
    assert Learned().process([document]) == [document]


@pytest.mark.parametrize(
    "content",
    [b"", b"not a file of arrays", b"PK\x03\x04 broken"],
    ids=["empty", "text", "broken"],
)
def test_a_broken_network_is_refused_with_its_path(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / FILE).write_bytes(content)
    monkeypatch.setenv(data.FOLDERS, str(tmp_path))
    with pytest.raises(DataError, match=FILE):
        model_of.__wrapped__("en")


def test_objects_are_not_loaded_from_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "en").mkdir()
    about = np.frombuffer(orjson.dumps({}), dtype=np.uint8)
    np.savez(tmp_path / "en" / FILE, about=about, evil=np.array([print], dtype=object), allow_pickle=True)
    monkeypatch.setenv(data.FOLDERS, str(tmp_path))
    with pytest.raises(DataError, match=FILE):
        model_of.__wrapped__("en")
