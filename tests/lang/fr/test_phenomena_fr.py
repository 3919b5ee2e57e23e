"""French: what the rules and cues make of each turn of phrase, on invented sentences with marked phrases."""

from __future__ import annotations

import pytest

from claimtrail.assertion.stage import Assertion
from claimtrail.normalise.posts import post_name
from claimtrail.rules.examples import read_example
from claimtrail.rules.relations import Relations

L, J, R = "LEAVES", "JOINS", "ROLE_CHANGE"
KERN, HILL = "Anna Kern", "Bob Hill"
NORD, LAC, CLUB = "Nordwerk", "Banque du Lac", "FC Nord"

Claim = tuple[str, str, str, str]


def found(marked: str) -> set[Claim]:
    """Return relation, person, organisation and status of each mention in a marked sentence."""
    document = read_example(marked, "fr").document
    document = Assertion().process(Relations().process([document]))[0]
    return {(m.relation, m.person.name, m.org.name, m.status) for m in document.mentions}


CLAIMS: dict[str, list[tuple[str, set[Claim]]]] = {
    "verbs of leaving": [
        ("[P:Anna Kern] quitte [O:Nordwerk] après dix ans.", {(L, KERN, NORD, "actual")}),
        ("[P:Anna Kern] a quitté le conseil d'administration de la [O:Banque du Lac].", {(L, KERN, LAC, "actual")}),
        ("[P:Anna Kern] démissionne de [O:Nordwerk].", {(L, KERN, NORD, "actual")}),
        ("[P:Anna Kern] a présenté sa démission à [O:Nordwerk].", {(L, KERN, NORD, "actual")}),
        ("[P:Anna Kern] part à la retraite après trente ans chez [O:Nordwerk].", {(L, KERN, NORD, "actual")}),
        ("Licenciée par [O:Nordwerk] en [D:mai], [P:Anna Kern] a porté plainte.", {(L, KERN, NORD, "actual")}),
        ("[O:Nordwerk] limoge son [T:directeur financier], [P:Bob Hill].", {(L, HILL, NORD, "actual")}),
        ("[O:Nordwerk] se sépare de [P:Anna Kern].", {(L, KERN, NORD, "actual")}),
        ("[P:Bob Hill] a été évincé de la [O:Banque du Lac].", {(L, HILL, LAC, "actual")}),
    ],
    "idioms of leaving": [
        ("[P:Anna Kern] claque la porte de [O:Nordwerk].", {(L, KERN, NORD, "actual")}),
        ("[P:Bob Hill] a fait ses valises et quitte [O:Nordwerk].", {(L, HILL, NORD, "actual")}),
        ("Entre [P:Anna Kern] et [O:Nordwerk], c'est fini.", {(L, KERN, NORD, "actual")}),
        ("[O:Nordwerk] a montré la sortie à [P:Bob Hill].", {(L, HILL, NORD, "actual")}),
        ("[P:Anna Kern] tire sa révérence après vingt ans chez [O:Nordwerk].", {(L, KERN, NORD, "actual")}),
    ],
    "nouns of leaving": [
        ("[O:Nordwerk] : départ d'[P:Anna Kern]", {(L, KERN, NORD, "actual")}),
        ("Le limogeage de [P:Bob Hill] par [O:Nordwerk] a surpris.", {(L, HILL, NORD, "actual")}),
    ],
    "verbs of joining": [
        ("[P:Anna Kern] rejoint [O:Nordwerk] comme [T:directrice financière].", {(J, KERN, NORD, "actual")}),
        ("[P:Anna Kern] intègre le cabinet [O:Nordwerk].", {(J, KERN, NORD, "actual")}),
        ("[P:Bob Hill] a signé au [O:FC Nord].", {(J, HILL, CLUB, "actual")}),
        ("[O:Nordwerk] recrute [P:Anna Kern].", {(J, KERN, NORD, "actual")}),
        ("[P:Anna Kern] a été embauchée par [O:Nordwerk].", {(J, KERN, NORD, "actual")}),
        ("Le [O:FC Nord] s'offre les services de [P:Bob Hill].", {(J, HILL, CLUB, "actual")}),
        ("[P:Anna Kern] fonde [O:Nordwerk].", {(J, KERN, NORD, "actual")}),
        (
            "Fondée par [P:Anna Kern] et [P:Bob Hill], [O:Nordwerk] emploie vingt personnes.",
            {(J, KERN, NORD, "actual"), (J, HILL, NORD, "actual")},
        ),
    ],
    "both sides": [
        (
            "[P:Anna Kern] quitte [O:Nordwerk] pour la [O:Banque du Lac].",
            {(J, KERN, LAC, "actual"), (L, KERN, NORD, "actual")},
        ),
        (
            "[P:Anna Kern] passe de [O:Nordwerk] à la [O:Banque du Lac].",
            {(J, KERN, LAC, "actual"), (L, KERN, NORD, "actual")},
        ),
        (
            "La [O:Banque du Lac] débauche [P:Anna Kern] à [O:Nordwerk].",
            {(J, KERN, LAC, "actual"), (L, KERN, NORD, "actual")},
        ),
        (
            "[P:Anna Kern] : de [O:Nordwerk] à la [O:Banque du Lac]",
            {(J, KERN, LAC, "actual"), (L, KERN, NORD, "actual")},
        ),
    ],
    "what is left in other words": [
        ("[P:Anna Kern] ne fait plus partie de [O:Nordwerk].", {(L, KERN, NORD, "actual")}),
        ("[O:Nordwerk] met [P:Anna Kern] à la porte.", {(L, KERN, NORD, "actual")}),
        ("Divorce à l'amiable entre [O:Nordwerk] et [P:Anna Kern].", {(L, KERN, NORD, "actual")}),
        ("Le contrat liant [P:Bob Hill] au [O:FC Nord] a été rompu.", {(L, HILL, CLUB, "actual")}),
        ("[P:Bob Hill] dispute sa dernière saison au [O:FC Nord].", {(L, HILL, CLUB, "actual")}),
        (
            "Ni [P:Anna Kern] ni [P:Bob Hill] n'ont quitté [O:Nordwerk].",
            {(L, KERN, NORD, "negated"), (L, HILL, NORD, "negated")},
        ),
        ("[O:Nordwerk], que [P:Anna Kern] a quitté en [D:mai], recrute.", {(L, KERN, NORD, "actual")}),
        (
            "[O:Nordwerk] perd deux cadres : [P:Anna Kern] et [P:Bob Hill].",
            {(L, KERN, NORD, "actual"), (L, HILL, NORD, "actual")},
        ),
    ],
    "what is joined in other words": [
        ("[P:Anna Kern] a accepté un poste à [O:Nordwerk].", {(J, KERN, NORD, "actual")}),
        ("[P:Bob Hill] paraphe son premier contrat professionnel avec le [O:FC Nord].", {(J, HILL, CLUB, "actual")}),
        ("Longtemps courtisée, [P:Anna Kern] a dit oui à [O:Nordwerk].", {(J, KERN, NORD, "actual")}),
        ("Le [O:FC Nord] a mis le grappin sur [P:Bob Hill].", {(J, HILL, CLUB, "actual")}),
        ("[P:Anna Kern] est la nouvelle recrue de [O:Nordwerk].", {(J, KERN, NORD, "actual")}),
        ("[P:Anna Kern] a préféré décliner l'offre de [O:Nordwerk].", {(J, KERN, NORD, "negated")}),
        ("[P:Bob Hill] est sur les tablettes du [O:FC Nord].", {(J, HILL, CLUB, "possible")}),
    ],
    "posts handed over": [
        (
            "[P:Bob Hill] cède les commandes de [O:Nordwerk] à [P:Anna Kern].",
            {(R, HILL, NORD, "actual"), (R, KERN, NORD, "actual")},
        ),
        (
            "Chez [O:Nordwerk], [P:Bob Hill] est remplacé par [P:Anna Kern].",
            {(R, HILL, NORD, "actual"), (R, KERN, NORD, "actual")},
        ),
        ("Chez [O:Nordwerk], c'est désormais [P:Anna Kern] qui tient la barre.", {(R, KERN, NORD, "actual")}),
        ("[P:Anna Kern] s'est vu confier la [T:direction générale] de [O:Nordwerk].", {(R, KERN, NORD, "actual")}),
        ("[P:Anna Kern] brigue la [T:présidence] de [O:Nordwerk].", {(R, KERN, NORD, "possible")}),
        ("À [O:Nordwerk], l'intérim est confié à [P:Bob Hill].", {(R, HILL, NORD, "actual")}),
        (
            "À la [O:Banque du Lac], [P:Bob Hill] est élu [T:président], [P:Anna Kern] [T:trésorière].",
            {(R, HILL, LAC, "actual"), (R, KERN, LAC, "actual")},
        ),
    ],
    "posts": [
        ("[P:Anna Kern] est nommée [T:directrice générale] de [O:Nordwerk].", {(R, KERN, NORD, "actual")}),
        ("[O:Nordwerk] nomme [P:Anna Kern] [T:directrice générale].", {(R, KERN, NORD, "actual")}),
        ("[P:Anna Kern] devient [T:présidente] de la [O:Banque du Lac].", {(R, KERN, LAC, "actual")}),
        ("[P:Bob Hill] prend la tête de [O:Nordwerk].", {(R, HILL, NORD, "actual")}),
        ("[O:Nordwerk] a confié la [T:direction technique] à [P:Bob Hill].", {(R, HILL, NORD, "actual")}),
        ("[P:Bob Hill] n'est plus [T:directeur] de [O:Nordwerk].", {(R, HILL, NORD, "actual")}),
        ("[P:Bob Hill] a été relevé de ses fonctions de [T:directeur] de [O:Nordwerk].", {(R, HILL, NORD, "actual")}),
        (
            "[P:Anna Kern] succède à [P:Bob Hill] à la tête de [O:Nordwerk].",
            {(R, KERN, NORD, "actual"), (R, HILL, NORD, "actual")},
        ),
        (
            "[P:Bob Hill], [T:directeur] de [O:Nordwerk], passe le relais à [P:Anna Kern].",
            {(R, KERN, NORD, "actual"), (R, HILL, NORD, "actual")},
        ),
        ("[P:Anna Kern], nouvelle [T:directrice] de [O:Nordwerk]", {(R, KERN, NORD, "actual")}),
        ("[O:Nordwerk] sera dirigé par [P:Anna Kern].", {(R, KERN, NORD, "actual")}),
    ],
    "status": [
        ("[P:Anna Kern] quittera [O:Nordwerk] le [D:30 avril].", {(L, KERN, NORD, "planned")}),
        ("[P:Anna Kern] rejoindra [O:Nordwerk] en [D:septembre].", {(J, KERN, NORD, "planned")}),
        ("[P:Anna Kern] pourrait quitter [O:Nordwerk].", {(L, KERN, NORD, "possible")}),
        ("Selon la presse, [P:Anna Kern] serait sur le départ chez [O:Nordwerk].", {(L, KERN, NORD, "possible")}),
        ("[P:Anna Kern] ne quitte pas [O:Nordwerk].", {(L, KERN, NORD, "negated")}),
        ("[P:Anna Kern] dément tout départ de [O:Nordwerk].", {(L, KERN, NORD, "negated")}),
        ("[P:Bob Hill] rejoindra-t-il [O:Nordwerk] ?", {(J, HILL, NORD, "possible")}),
        ("[O:Nordwerk] nomme [P:Anna Kern] [T:directrice] à compter du [D:1er juillet].", {(R, KERN, NORD, "planned")}),
    ],
}

NOTHING = [
    "[P:Anna Kern], de [O:Nordwerk], a quitté la salle.",
    "[P:Anna Kern], [T:directrice] de [O:Nordwerk], a quitté [G:Lyon] pour [G:Paris].",
    "[O:Nordwerk] quitte la Bourse, dit [P:Anna Kern].",
    "[P:Anna Kern] rejoint l'avis de [P:Bob Hill], de [O:Nordwerk].",
    "[P:Bob Hill] prolonge son contrat avec [O:Nordwerk].",
    "[P:Bob Hill], de [O:Nordwerk], prend la tête du classement.",
    "[O:Nordwerk] rappelle un lot de fromages, annonce [P:Anna Kern].",
    "[P:Anna Kern] est en congé de [O:Nordwerk] jusqu'en [D:mai].",
    "[P:Anna Kern] fête ses vingt ans chez [O:Nordwerk].",
    "[P:Bob Hill], réélu [T:président] de [O:Nordwerk], a remercié ses électeurs.",
]


@pytest.mark.parametrize(
    ("marked", "wanted"), [case for cases in CLAIMS.values() for case in cases], ids=lambda value: str(value)[:60]
)
def test_french_phrases_state_their_claims(marked: str, wanted: set[Claim]) -> None:
    assert found(marked) == wanted


@pytest.mark.parametrize("marked", NOTHING, ids=lambda value: value[:60])
def test_french_states_and_other_senses_state_no_claim(marked: str) -> None:
    assert found(marked) == set()


def test_a_french_source_is_bound() -> None:
    document = read_example("Selon [O:Le Courrier], [P:Anna Kern] quitte [O:Nordwerk].", "fr").document
    document = Assertion().process(Relations().process([document]))[0]
    assert {m.attributed_to.name for m in document.mentions if m.attributed_to} == {"Le Courrier"}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("directrice générale", "chief executive officer"),
        ("PDG", "chief executive officer"),
        ("rédactrice en chef", "editor-in-chief"),
        ("présidente par intérim", "interim president"),
        ("directeur financier adjoint", "deputy chief financial officer"),
    ],
)
def test_french_posts_have_their_english_names(written: str, name: str) -> None:
    assert post_name(written, "fr") == name
