"""German: what the rules and cues make of each turn of phrase, on invented sentences with marked phrases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claimtrail.assertion.stage import Assertion
from claimtrail.document import Sentence
from claimtrail.rules.examples import read_example
from claimtrail.rules.relations import Relations

L, J, R = "LEAVES", "JOINS", "ROLE_CHANGE"
KERN, HILL, LUND = "Anna Kern", "Bob Hill", "Eva Lund"
NORD, SUED = "Nordwerk", "Südbank"

Claim = tuple[str, str, str, str]


def found(marked: str) -> set[Claim]:
    """Return relation, person, organisation and status of each mention in a marked sentence."""
    document = read_example(marked, "de").document
    document = Assertion().process(Relations().process([document]))[0]
    return {(m.relation, m.person.name, m.org.name, m.status) for m in document.mentions}


CLAIMS: dict[str, list[tuple[str, set[Claim]]]] = {
    "ways of coming": [
        ("Es zieht [P:Anna Kern] zur [O:Nordwerk].", {(J, KERN, NORD, "actual")}),
        ("Die Kanzlei [O:Nordwerk] erweitert ihr Team um [P:Anna Kern].", {(J, KERN, NORD, "actual")}),
        ("[P:Anna Kern] gab der [O:Nordwerk] einen Korb.", {(J, KERN, NORD, "negated")}),
        ("Die Schlosserin [P:Anna Kern] gründete mit geborgtem Geld die [O:Nordwerk].", {(J, KERN, NORD, "actual")}),
        ("Bei [O:Nordwerk] hat nun [P:Anna Kern] das Sagen.", {(R, KERN, NORD, "actual")}),
        (
            "Befördert wurden: [P:Anna Kern] zur [T:Leiterin], [P:Bob Hill] zum [T:Prokuristen], beide bei [O:Nordwerk].",
            {(R, KERN, NORD, "actual"), (R, HILL, NORD, "actual")},
        ),
        ("Beinahe wäre [P:Anna Kern] [T:Chefin] von [O:Nordwerk] geworden.", {(R, KERN, NORD, "negated")}),
        ("Zur neuen Saison beruft [O:Nordwerk] [P:Anna Kern] zur [T:Trainerin].", {(R, KERN, NORD, "planned")}),
    ],
    "verbs of leaving": [
        ("[P:Anna Kern] verlässt [O:Nordwerk] nach zehn Jahren.", {(L, KERN, NORD, "actual")}),
        ("Nach zehn Jahren verlässt [T:Finanzchefin] [P:Anna Kern] die [O:Nordwerk].", {(L, KERN, NORD, "actual")}),
        ("[P:Anna Kern] hat [O:Nordwerk] verlassen, teilte der Konzern mit.", {(L, KERN, NORD, "actual")}),
        ("[P:Anna Kern] scheidet aus dem [T:Vorstand] von [O:Nordwerk] aus.", {(L, KERN, NORD, "actual")}),
        ("Bei [O:Nordwerk] hat [P:Anna Kern] gekündigt.", {(L, KERN, NORD, "actual")}),
        ("[O:Nordwerk]-[T:Chefin] [P:Anna Kern] geht.", {(L, KERN, NORD, "actual")}),
        ("[T:Mitgründerin] [P:Anna Kern] steigt bei [O:Nordwerk] aus.", {(L, KERN, NORD, "actual")}),
        ("[P:Bob Hill] geht nach 31 Jahren bei [O:Nordwerk] in den Ruhestand.", {(L, HILL, NORD, "actual")}),
    ],
    "idioms of leaving": [
        ("[P:Anna Kern] kehrt [O:Nordwerk] den Rücken.", {(L, KERN, NORD, "actual")}),
        ("[P:Anna Kern] wirft bei [O:Nordwerk] das Handtuch.", {(L, KERN, NORD, "actual")}),
        ("[O:Nordwerk]-[T:Chefin] [P:Anna Kern] nimmt ihren Hut.", {(R, KERN, NORD, "actual")}),
        ("[O:Nordwerk] und [T:Trainer] [P:Bob Hill] gehen getrennte Wege.", {(L, HILL, NORD, "actual")}),
        ("[P:Bob Hill] quittiert den Dienst bei [O:Nordwerk].", {(L, HILL, NORD, "actual")}),
    ],
    "dismissals": [
        ("[O:Nordwerk] entlässt [T:Trainer] [P:Bob Hill].", {(L, HILL, NORD, "actual")}),
        ("[O:Nordwerk] trennt sich von [P:Bob Hill].", {(L, HILL, NORD, "actual")}),
        ("[P:Bob Hill] ist von [O:Nordwerk] entlassen worden.", {(L, HILL, NORD, "actual")}),
        ("[O:Nordwerk] hat [P:Bob Hill] vor die Tür gesetzt.", {(L, HILL, NORD, "actual")}),
        ("Der [T:Aufsichtsrat] von [O:Nordwerk] hat [T:Chef] [P:Bob Hill] abberufen.", {(R, HILL, NORD, "actual")}),
        ("[O:Nordwerk]-[T:Chef] [P:Bob Hill] wurde seines Amtes enthoben.", {(R, HILL, NORD, "actual")}),
    ],
    "farewells and losses": [
        ("[P:Anna Kern] verlor bei [O:Nordwerk] ihren Job.", {(L, KERN, NORD, "actual")}),
        ("Ein Witz kostete [P:Bob Hill] seine Stelle bei [O:Nordwerk].", {(L, HILL, NORD, "actual")}),
        ("Für [P:Bob Hill] ist bei [O:Nordwerk] nach 33 Jahren Schluss.", {(L, HILL, NORD, "actual")}),
        ("[P:Anna Kern] gehört der [O:Nordwerk] nicht mehr an.", {(L, KERN, NORD, "actual")}),
        ("[P:Bob Hill] sitzt bei [O:Nordwerk] auf gepackten Koffern.", {(L, HILL, NORD, "possible")}),
        ("Die [O:Nordwerk] trennte sich am [D:Montag] von [P:Anna Kern].", {(L, KERN, NORD, "actual")}),
        ("[O:Nordwerk] beendet die Zusammenarbeit mit [P:Anna Kern].", {(L, KERN, NORD, "actual")}),
        ("Austreten will [P:Anna Kern] aus der [O:Nordwerk] aber nicht.", {(L, KERN, NORD, "negated")}),
    ],
    "posts that are given up": [
        ("Am [D:30. Juni] endet das Mandat von [P:Anna Kern] bei [O:Nordwerk].", {(R, KERN, NORD, "planned")}),
        ("Den Posten als [T:Chef] von [O:Nordwerk] ist [P:Bob Hill] los.", {(R, HILL, NORD, "actual")}),
        ("[P:Bob Hill] legt bei [O:Nordwerk] den Taktstock nieder.", {(R, HILL, NORD, "actual")}),
        ("[P:Anna Kern] übergibt die [O:Nordwerk] an ihre Tochter.", {(R, KERN, NORD, "actual")}),
        ("Bei [O:Nordwerk] liegt der Antrag vor, [P:Bob Hill] abzuwählen.", {(R, HILL, NORD, "possible")}),
        ("[O:Nordwerk] hat [T:Vorstand] [P:Bob Hill] die Prokura entzogen.", {(R, HILL, NORD, "actual")}),
    ],
    "nouns and participles": [
        ("Der Weggang von [P:Anna Kern] bei [O:Nordwerk] überrascht.", {(L, KERN, NORD, "actual")}),
        ("Nach dem Ausscheiden [P:Anna Kerns] bei [O:Nordwerk] ist es still.", {(L, "Anna Kerns", NORD, "actual")}),
        ("Der aus [O:Nordwerk] ausgeschiedene [P:Bob Hill] schweigt.", {(L, HILL, NORD, "actual")}),
        ("Der Wechsel von [P:Anna Kern] zu [O:Nordwerk] ist perfekt.", {(J, KERN, NORD, "actual")}),
        ("Die Berufung von [P:Anna Kern] zur [T:Chefin] von [O:Nordwerk] freut alle.", {(R, KERN, NORD, "actual")}),
    ],
    "both sides of a move": [
        (
            "[P:Anna Kern] wechselt von [O:Südbank] zu [O:Nordwerk].",
            {(L, KERN, SUED, "actual"), (J, KERN, NORD, "actual")},
        ),
        ("[O:Nordwerk] holt [P:Anna Kern] von [O:Südbank].", {(L, KERN, SUED, "actual"), (J, KERN, NORD, "actual")}),
        (
            "[O:Südbank]-[T:Managerin] [P:Anna Kern] wechselt zu [O:Nordwerk].",
            {(L, KERN, SUED, "actual"), (J, KERN, NORD, "actual")},
        ),
        (
            "Vom [O:Südbank] zum [O:Nordwerk]: [P:Anna Kern] packt.",
            {(L, KERN, SUED, "actual"), (J, KERN, NORD, "actual")},
        ),
    ],
    "joining": [
        ("[P:Anna Kern] fängt bei [O:Nordwerk] an.", {(J, KERN, NORD, "actual")}),
        ("[P:Anna Kern] heuert bei [O:Nordwerk] an.", {(J, KERN, NORD, "actual")}),
        ("[P:Anna Kern] schließt sich [O:Nordwerk] an.", {(J, KERN, NORD, "actual")}),
        ("[O:Nordwerk] stellt [P:Anna Kern] ein.", {(J, KERN, NORD, "actual")}),
        ("[O:Nordwerk] verpflichtet [P:Bob Hill].", {(J, HILL, NORD, "actual")}),
        ("[P:Anna Kern] wurde von [O:Nordwerk] abgeworben.", {(J, KERN, NORD, "actual")}),
        ("[P:Anna Kern] gründete [D:2009] das Start-up [O:Nordwerk].", {(J, KERN, NORD, "actual")}),
        ("[P:Anna Kern] kehrt zu [O:Nordwerk] zurück.", {(J, KERN, NORD, "actual")}),
    ],
    "posts": [
        ("[O:Nordwerk] ernennt [P:Anna Kern] zur [T:Chefin].", {(R, KERN, NORD, "actual")}),
        ("[P:Anna Kern] wurde zur [T:Präsidentin] von [O:Nordwerk] gewählt.", {(R, KERN, NORD, "actual")}),
        ("[P:Anna Kern] wird [T:Chefin] von [O:Nordwerk].", {(R, KERN, NORD, "actual")}),
        ("Neue [T:Chefin] von [O:Nordwerk] wird [P:Anna Kern].", {(R, KERN, NORD, "actual")}),
        ("[O:Nordwerk]: [P:Anna Kern] neue [T:Chefin]", {(R, KERN, NORD, "actual")}),
        ("[P:Anna Kern] übernimmt die [T:Leitung] von [O:Nordwerk].", {(R, KERN, NORD, "actual")}),
        ("[P:Bob Hill] tritt als [T:Präsident] von [O:Nordwerk] zurück.", {(R, HILL, NORD, "actual")}),
        ("[P:Bob Hill] gibt den [T:Vorsitz] bei [O:Nordwerk] ab.", {(R, HILL, NORD, "actual")}),
        ("[O:Nordwerk]-[T:Chef] [P:Bob Hill] legt sein Amt nieder.", {(R, HILL, NORD, "actual")}),
    ],
    "succession": [
        (
            "[P:Anna Kern] folgt auf [P:Bob Hill] als [T:Chefin] von [O:Nordwerk].",
            {(R, KERN, NORD, "actual"), (R, HILL, NORD, "actual")},
        ),
        (
            "[P:Anna Kern] löst [P:Bob Hill] als [T:Chefin] von [O:Nordwerk] ab.",
            {(R, KERN, NORD, "actual"), (R, HILL, NORD, "actual")},
        ),
        (
            "[P:Anna Kern] tritt die Nachfolge von [P:Bob Hill] bei [O:Nordwerk] an.",
            {(R, KERN, NORD, "actual"), (R, HILL, NORD, "actual")},
        ),
        (
            "[P:Anna Kern] übernimmt den [T:Vorsitz] bei [O:Nordwerk] von [P:Bob Hill].",
            {(R, KERN, NORD, "actual"), (R, HILL, NORD, "actual")},
        ),
    ],
    "sharing": [
        (
            "[P:Anna Kern] und [P:Bob Hill] verlassen [O:Nordwerk].",
            {(L, KERN, NORD, "actual"), (L, HILL, NORD, "actual")},
        ),
        (
            "[P:Anna Kern] geht zu [O:Südbank], [P:Bob Hill] zu [O:Nordwerk].",
            {(J, KERN, SUED, "actual"), (J, HILL, NORD, "actual")},
        ),
        (
            "[O:Nordwerk]: [P:Anna Kern] wird [T:Chefin], [P:Bob Hill] [T:Sprecher].",
            {(R, KERN, NORD, "actual"), (R, HILL, NORD, "actual")},
        ),
    ],
    "negated": [
        ("[P:Anna Kern] wird [O:Nordwerk] nicht verlassen.", {(L, KERN, NORD, "negated")}),
        ("[P:Anna Kern] dementiert, dass sie [O:Nordwerk] verlässt.", {(L, KERN, NORD, "negated")}),
        ("Kein Wechsel von [P:Anna Kern] zu [O:Nordwerk]", {(J, KERN, NORD, "negated")}),
        ("[P:Anna Kern] hat das Angebot von [O:Nordwerk] ausgeschlagen.", {(J, KERN, NORD, "negated")}),
    ],
    "possible": [
        ("[P:Anna Kern] soll zu [O:Nordwerk] wechseln.", {(J, KERN, NORD, "possible")}),
        ("[P:Anna Kern] dürfte [O:Nordwerk] verlassen.", {(L, KERN, NORD, "possible")}),
        ("Möglicherweise verlässt [P:Anna Kern] [O:Nordwerk].", {(L, KERN, NORD, "possible")}),
        ("Verlässt [P:Anna Kern] [O:Nordwerk]?", {(L, KERN, NORD, "possible")}),
        (
            "[P:Anna Kern] gilt als Favoritin für den Posten der [T:Chefin] von [O:Nordwerk].",
            {(R, KERN, NORD, "possible")},
        ),
        (
            "Falls der Rat zustimmt, übernimmt [P:Anna Kern] die [T:Leitung] von [O:Nordwerk].",
            {(R, KERN, NORD, "possible")},
        ),
    ],
    "tickers and brackets": [
        (
            "[O:Nordwerk] – [P:Anna Kern] rein, [P:Bob Hill] raus",
            {(J, KERN, NORD, "actual"), (L, HILL, NORD, "actual")},
        ),
        ("Beförderungen bei [O:Nordwerk]: [P:Anna Kern] (zur [T:Leiterin])", {(R, KERN, NORD, "actual")}),
        (
            "Nach [P:Eva Lund] verlässt nun auch [P:Anna Kern] [O:Nordwerk].",
            {(L, w, NORD, "actual") for w in (LUND, KERN)},
        ),
    ],
    "duties and dismissals in idioms": [
        ("[O:Nordwerk] jagt [P:Bob Hill] vom Hof.", {(L, HILL, NORD, "actual")}),
        ("[O:Nordwerk] will [P:Bob Hill] loswerden.", {(L, HILL, NORD, "possible")}),
        ("[P:Anna Kern] fährt künftig für [O:Nordwerk].", {(J, KERN, NORD, "actual")}),
        ("Bei [O:Nordwerk] heißt der [T:Leiter] nun [P:Bob Hill].", {(R, HILL, NORD, "actual")}),
        ("[T:Pfarrerin] [P:Anna Kern] wurde bei [O:Nordwerk] in ihr Amt eingeführt.", {(R, KERN, NORD, "actual")}),
    ],
    "planned": [
        ("[P:Anna Kern] wechselt zum [D:1. Juli] zu [O:Nordwerk].", {(J, KERN, NORD, "planned")}),
        ("Ab [D:Mai] leitet [P:Anna Kern] die [O:Nordwerk].", {(R, KERN, NORD, "planned")}),
        ("[P:Anna Kern] wird [O:Nordwerk] [D:Ende März] verlassen.", {(L, KERN, NORD, "planned")}),
        ("[P:Anna Kern] verlässt [O:Nordwerk] mit Ablauf des [D:Jahres].", {(L, KERN, NORD, "planned")}),
    ],
}

NOTHING = {
    "a state": "[P:Anna Kern] ist [T:Chefin] von [O:Nordwerk].",
    "a long state": "[P:Anna Kern] leitet seit Jahren die [O:Nordwerk].",
    "a former post": "Ex-[O:Nordwerk]-[T:Chefin] [P:Anna Kern] schreibt ein Buch.",
    "a building": "[P:Anna Kern] verließ das Gebäude von [O:Nordwerk].",
    "a match": "[P:Anna Kern] scheidet mit [O:Nordwerk] im Pokal aus.",
    "a discharge": "[P:Anna Kern] wurde aus dem Krankenhaus entlassen, teilte [O:Nordwerk] mit.",
    "an announcement": "[P:Anna Kern] kündigte an, [O:Nordwerk] werde wachsen.",
    "an extension": "[O:Nordwerk] verlängert den Vertrag mit [P:Anna Kern].",
    "a reappointment": "[P:Anna Kern] wurde als [T:Chefin] von [O:Nordwerk] wiedergewählt.",
    "a visit": "[P:Anna Kern] kommt zu Wort, [O:Nordwerk] schweigt.",
    "a place beside": "Nach dem Spiel gegen [O:Nordwerk] verließ [P:Anna Kern] wortlos das Stadion.",
    "a defeat": "[O:Nordwerk] verlor das Auswärtsspiel nach dem Treffer von [P:Anna Kern].",
    "trust": "Darauf können wir uns bei [O:Nordwerk] verlassen, sagt [P:Anna Kern].",
    "an award": "[P:Anna Kern] von [O:Nordwerk] hat ihre höchste Auszeichnung gewonnen.",
    "troops": "[T:Minister] [P:Bob Hill] forderte vor der [O:Nordwerk] die Truppen auf, sich zurückzuziehen.",
    "a quarrel": "[P:Anna Kern] von [O:Nordwerk] fordert den Rücktritt des [T:Präsident].",
    "somebody unnamed": "Die Sekretärin hat gekündigt, klagt [P:Anna Kern] von [O:Nordwerk].",
    "a leave": "[P:Anna Kern] ist bei [O:Nordwerk] bis [D:Mai] beurlaubt.",
}


@pytest.mark.parametrize(
    ("marked", "wanted"), [case for cases in CLAIMS.values() for case in cases], ids=lambda value: str(value)[:60]
)
def test_german_phrases_state_their_claims(marked: str, wanted: set[Claim]) -> None:
    assert found(marked) == wanted


@pytest.mark.parametrize("marked", NOTHING.values(), ids=NOTHING.keys())
def test_german_states_and_other_senses_state_no_claim(marked: str) -> None:
    assert found(marked) == set()


def test_a_german_source_is_bound() -> None:
    document = read_example("Laut [O:Nordkurier] verlässt [P:Anna Kern] die Firma [O:Nordwerk].", "de").document
    document = Assertion().process(Relations().process([document]))[0]
    sources = {m.attributed_to.name for m in document.mentions if m.attributed_to}
    assert sources == {"Nordkurier"}


NEXT = [
    ("[O:Nordwerk] holt [P:Anna Kern]. [P:Anna Kern] beginnt am [D:1. Mai].", {(J, KERN, NORD, "planned")}),
    ("[O:Nordwerk] holt [P:Anna Kern]. [P:Anna Kern] begann am [D:1. Mai].", {(J, KERN, NORD, "actual")}),
    (
        "[O:Nordwerk]-[T:Chefin] [P:Anna Kern] schweigt. [P:Anna Kern] wirft bei [O:Nordwerk] hin.",
        {(R, KERN, NORD, "actual")},
    ),
    ("[P:Anna Kern] hat [O:Nordwerk] verlassen. Das stimmt nicht.", {(L, KERN, NORD, "negated")}),
    (
        "Ab [D:Mai] arbeitet [P:Anna Kern] für [O:Nordwerk]. [P:Anna Kern] kommt von der [O:Südbank].",
        {(J, KERN, NORD, "planned"), (L, KERN, SUED, "planned")},
    ),
    (
        "Ab [D:Mai] arbeitet [P:Anna Kern] für [O:Nordwerk]. [P:Anna Kern] kam von der [O:Südbank].",
        {(J, KERN, NORD, "planned"), (L, KERN, SUED, "actual")},
    ),
]


@pytest.mark.parametrize(("marked", "wanted"), NEXT, ids=lambda value: str(value)[:60])
def test_what_german_tells_in_the_next_sentence_counts(marked: str, wanted: set[Claim]) -> None:
    document = read_example(marked, "de").document
    end = document.text.index(". ") + 1
    sentences = (Sentence(0, end, "de"), Sentence(end + 1, len(document.text), "de"))
    document = Assertion().process(Relations().process([replace(document, sentences=sentences)]))[0]
    assert {(m.relation, m.person.name, m.org.name, m.status) for m in document.mentions} == wanted


POSTS = [
    ("[O:Nordwerk] sucht eine [T:Kassierin]. Auf [P:Eva Lund] folgt [P:Anna Kern].", {KERN: "Kassierin"}),
    ("Die [T:Kassierin] [P:Ina Rohr] staunt: [P:Anna Kern] wechselt zu [O:Nordwerk].", {KERN: ""}),
    ("[P:Anna Kern] stieg als Werkstudentin bei [O:Nordwerk] ein.", {KERN: "Werkstudentin"}),
    ("[P:Anna Kern] zieht in den Aufsichtsrat der [O:Nordwerk] ein.", {KERN: "Aufsichtsrat"}),
]


@pytest.mark.parametrize(("marked", "wanted"), POSTS, ids=lambda value: str(value)[:60])
def test_a_german_post_is_found_in_plain_words_or_as_the_only_one(marked: str, wanted: dict[str, str]) -> None:
    document = Relations().process([read_example(marked, "de").document])[0]
    posts = {m.person.name: document.covered(m.role_to) if m.role_to else "" for m in document.mentions}
    assert {name: posts.get(name) for name in wanted} == wanted
