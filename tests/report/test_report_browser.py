"""The report in a real browser: search, filters, evidence, views, links and keys, with nothing on the console."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from claimtrail import runner
from claimtrail.report.page import write_report
from synthetic import Synthetic, check, many

SEEDS = Path(__file__).parents[2] / "seeds"
HOSTILE = "</script><script>window.broken=1</script><img src=x onerror=window.broken=1>\u202e\u2028{{7*7}}"


class Page:
    """A page in the browser, with the few things that the tests do to it."""

    def __init__(self, browser: Any, path: Path) -> None:
        self.browser = browser
        self.address = path.as_uri()

    def open(self, fragment: str = "") -> None:
        self.browser.get("about:blank")
        self.browser.get(f"{self.address}#/{fragment}")
        self.wait(lambda: self.run("return document.documentElement.dataset.ready"))

    def run(self, script: str, *arguments: object) -> Any:
        return self.browser.execute_script(script, *arguments)

    def wait(self, test: Callable[[], Any], seconds: float = 10) -> Any:
        end = time.monotonic() + seconds
        while not (value := test()):
            assert time.monotonic() < end, f"waited in vain at {self.fragment()}"
            time.sleep(0.03)
        return value

    def all(self, selector: str) -> list[Any]:
        found: list[Any] = self.browser.find_elements("css selector", selector)
        return found

    def one(self, selector: str) -> Any:
        return self.wait(lambda: self.all(selector))[0]

    def words(self, selector: str) -> list[str]:
        script = "return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent)"
        return [str(words).replace("\u00a0", " ") for words in self.run(script, selector)]

    def shows(self, selector: str, *words: str) -> None:
        """Wait until the elements have these words: a browser takes its time to follow a link."""
        end = time.monotonic() + 10
        while (now := self.words(selector)) != list(words):
            assert time.monotonic() < end, f"{now} at {self.fragment()}"
            time.sleep(0.03)

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.browser.switch_to.active_element.send_keys(key)

    def fragment(self) -> str:
        return str(self.run("return location.hash"))

    def wait_for_fragment(self, start: str) -> str:
        return str(self.wait(lambda: (now := self.fragment()).startswith(start) and now))

    def complaints(self) -> list[str]:
        return [entry["message"] for entry in self.browser.get_log("browser") if entry["level"] != "INFO"]

    def requests(self) -> list[str]:
        messages = [json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance")]
        sent = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
        return [address for address in sent if not address.startswith(("file:", "data:", "about:", "chrome:"))]


DOWN, UP, END, ENTER, ESCAPE = "\ue015", "\ue013", "\ue010", "\ue007", "\ue00c"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a run with 400 claims, of which the first tell one story in four languages."""
    made = Synthetic()
    told = [
        made.mention(f"story_{lang}.txt", lang, "LEAVES", name, "Harbrook Line", post="chief executive", when="2019-05-04",
                     resolved="coreference" if lang == "de" else "name", person_name="Quillan Orthrup")
        for lang, name in {"en": "Quillan Orthrup", "de": "sie", "zh": "江岳宁", "ja": "クイラン・オースラップ"}.items()
    ]  # fmt: skip
    made.claim(told, person="Quillan Orthrup")
    made.claim([made.mention("story_en.txt", "en", "JOINS", "Quillan Orthrup", "Wexcombe Bank", when="2019-06-01")])
    denied = made.mention(
        "denial.txt", "en", "LEAVES", "Quillan Orthrup", "Harbrook Line", status="negated", confidence=0.5
    )
    made.contradict(made.claims[0], made.claim([denied]))
    made.claim([made.mention("zürich.txt", "de", "JOINS", "Günôr Wyck", "Thornby Café", when="2021")])
    rest = many(396)
    for field in ("texts", "langs"):
        getattr(made, field).update(getattr(rest, field))
    made.claims += rest.claims
    made.pending += rest.pending
    folder = tmp_path_factory.mktemp("report")
    texts, out = made.write(folder / "run", stated={"bad.txt": "the file is <empty>"})
    check(out)
    write_report(out, folder / "report.html", [str(texts)])
    return folder / "report.html"


@pytest.fixture
def page(browser: Any, written: Path) -> Iterator[Page]:
    """The page, and the demand that nothing is on the console and nothing was asked of anybody."""
    page = Page(browser, written)
    page.complaints()
    page.requests()
    yield page
    assert page.complaints() == []
    assert page.requests() == []


def test_the_overview_counts_and_each_count_leads_to_its_claims(page: Page) -> None:
    page.open()
    page.shows(".lead b", "400 claims")
    assert page.words(".notices span")[0].endswith("texts could not be read; the page Texts says why.")
    cell = page.one(".matrix td.LEAVES a")
    count = cell.text
    cell.click()
    page.wait_for_fragment("#/claims?relation=LEAVES&status=actual")
    page.shows(".outcome", f"{count} of 400 claims")


def test_a_search_finds_a_person_under_the_forms_of_all_scripts(page: Page) -> None:
    page.open("claims")
    assert len(page.all(".rows .row")) < 60
    for words in (
        "quillan harbrook",
        "江岳宁 harbrook",
        "クイラン オースラップ line",
        "ｑｕｉｌｌａｎ leaves harbrook",
    ):
        search = page.one("#search")
        search.clear()
        search.send_keys(words)
        page.shows(".outcome", "2 of 400 claims")
        page.shows(".rows .c-person", *["Quillan Orthrup"] * 2)
    search = page.one("#search")
    search.clear()
    search.send_keys("gunor cafe")
    page.shows(".outcome", "1 of 400 claims")
    search.send_keys(" nowhere")
    page.shows(".outcome", "0 of 400 claims")
    assert "No claim is like this" in page.one(".empty").text


def test_filters_narrow_together_and_stand_in_the_address(page: Page) -> None:
    page.open("claims")
    total = int(page.one(".chip.LEAVES .figure").text)
    page.one(".chip.LEAVES").click()
    page.shows(".outcome", f"{total} of 400 claims")
    planned = int(page.one(".chip.planned .figure").text)
    page.one(".chip.planned").click()
    page.shows(".outcome", f"{planned} of 400 claims")
    assert page.fragment() == "#/claims?relation=LEAVES&status=planned"
    assert set(page.words(".rows .c-status")) == {"planned"}
    assert page.one(".chip.planned").get_attribute("aria-pressed") == "true"
    page.open("claims?relation=LEAVES&status=planned&min=0.7&from=2005&to=2010-06&lang=ja")
    assert page.one("#least").get_attribute("value") == "0.7"
    assert all(float(words) >= 0.7 for words in page.words(".rows .c-confidence .figure"))
    page.one(".search-row .plain").click()
    page.shows(".outcome", "400 claims")
    assert page.fragment() == "#/claims"


def test_a_filter_goes_with_the_reader_from_view_to_view(page: Page) -> None:
    page.open("claims?q=quillan")
    page.one("#nav a:nth-child(3)").click()
    page.wait_for_fragment("#/timeline?q=quillan")
    page.shows(".feed .line .verb", "joins", "leaves", "does not leave")
    page.one("#nav a:nth-child(4)").click()
    page.wait_for_fragment("#/moves?q=quillan")


def test_the_table_sorts_by_a_column_both_ways(page: Page) -> None:
    page.open("claims")
    page.one(".head .c-person button").click()
    page.wait_for_fragment("#/claims?sort=person")
    names = page.words(".rows .c-person")
    assert names == sorted(names, key=str.casefold)
    page.one(".head .c-person button").click()
    page.wait_for_fragment("#/claims?sort=-person")
    page.wait(lambda: page.words(".rows .c-person")[0] > names[0])
    assert page.one(".head .c-person").get_attribute("aria-sort") == "descending"
    page.one(".head .c-date button").click()
    dates = page.run("return [...document.querySelectorAll('.rows .c-date time')].map((one) => one.dateTime)")
    assert dates == sorted(dates, reverse=True)


def test_evidence_stands_side_by_side_in_its_languages(page: Page) -> None:
    page.open("claims?q=quillan+actual")
    page.one(".rows .row .c-person").click()
    page.wait_for_fragment("#/claim/clm-")
    page.wait(lambda: len(page.all(".column")) == 4)
    page.shows(".column h3", *[f"{name}1 passage" for name in ("German", "English", "Japanese", "Chinese")])
    assert [one.get_attribute("lang") for one in page.all("blockquote")] == ["de", "en", "ja", "zh"]
    page.shows("blockquote .sentence mark.k-trigger", "verlässt", "leaves", "退社した", "离开")
    page.shows(
        "blockquote .sentence mark.k-person",
        "sie",
        "Quillan Orthrup",
        "クイラン・オースラップ",
        "江岳宁",
    )
    assert page.words("blockquote .sentence mark.k-post")[3] == "首席执行官"
    page.shows("blockquote .sentence mark.k-date", *["2019-05-04"] * 4)
    assert "Der Hafen lag an diesem Morgen still." in page.words("blockquote .around")[0]
    assert "resolved through the text" in page.one(".read").text
    page.shows(".merged li", *["the same name at the same organisation"] * 3)
    assert "does not leave" in page.one(".contradictions").text
    page.shows(".fields .trail a.half", "the other half")
    tops = {one.location["y"] for one in page.all(".column")}
    assert len(tops) == 1
    rule = page.one(".how summary")
    rule.click()
    assert "template invented" in page.one(".how ol").text


def test_the_link_of_a_claim_opens_that_claim(page: Page) -> None:
    page.open("claims?q=quillan+harbrook+actual")
    page.one(".rows .row").click()
    address = page.wait_for_fragment("#/claim/clm-")
    page.open(address.removeprefix("#/"))
    page.shows("h1", "Quillan Orthrup leaves Harbrook Line")
    assert page.run("return document.title").startswith("Quillan Orthrup leaves Harbrook Line · ")
    page.open("claim/clm-0000000000000000")
    page.shows("h1", "No such claim")
    page.open("claims?relation=NONSENSE&min=x&sort=__proto__&text=99999&from=yesterday&q=%E0%A4%A")
    page.open("%E0%A4%A/%")
    page.shows("h1", "No such page")


def test_back_returns_to_the_same_row_of_the_table(page: Page) -> None:
    page.open("claims?sort=person")
    page.run("scrollTo(0, 6000)")
    page.wait(lambda: page.all(".rows .row[data-row='140']"))
    page.run("document.querySelector(\".row[data-row='140']\").click()")
    page.wait_for_fragment("#/claim/")
    page.browser.back()
    page.wait(lambda: page.run("return document.activeElement.dataset.row") == "140")
    assert abs(page.run("return scrollY") - 6000) < 60


def test_only_rows_in_sight_are_in_the_page(page: Page) -> None:
    page.open("claims")
    for place in (0, 9000, 100_000, 3000):
        page.run("scrollTo(0, arguments[0])", place)
        time.sleep(0.1)
        shown = page.run(
            "return [...document.querySelectorAll('.rows .row')].map((one) => one.getBoundingClientRect())"
            ".filter((box) => box.bottom > 0 && box.top < innerHeight).length"
        )
        assert shown >= 8
        assert len(page.all(".rows .row")) < 60


def test_the_keyboard_goes_from_search_to_row_to_claim_and_back(page: Page) -> None:
    page.open("claims")
    page.keys("/")
    assert page.run("return document.activeElement.id") == "search"
    page.keys("quillan", DOWN)
    assert page.run("return document.activeElement.dataset.row") == "0"
    page.keys(DOWN, DOWN, UP)
    assert page.run("return document.activeElement.dataset.row") == "1"
    page.keys(ENTER)
    page.wait_for_fragment("#/claim/")
    first = page.one("h1").text
    page.keys("]")
    page.wait(lambda: page.words("h1") != [first])
    page.keys("[")
    page.shows("h1", first)
    page.keys(ESCAPE)
    page.wait_for_fragment("#/claims?q=quillan")
    page.keys("?")
    page.shows("dialog[open] h2", "Keys")
    page.keys(ESCAPE)
    page.wait(lambda: not page.all("dialog[open]"))
    page.open("claims")
    page.keys("/", DOWN, END)
    assert page.run("return document.activeElement.dataset.row") == "399"
    assert page.run("const box = document.activeElement.getBoundingClientRect(); return box.bottom <= innerHeight + 1")


def test_every_view_can_be_reached_and_shows_something(page: Page) -> None:
    page.open()
    shown = {"Overview": ".matrix", "Claims": ".rows .row", "Timeline": ".chart rect", "Moves": ".graph .arrow",
             "People": ".rows .row", "Organisations": ".rows .row", "Texts": ".rows .row"}  # fmt: skip
    for place, (name, selector) in enumerate(shown.items(), 1):
        link = page.one(f"#nav a:nth-child({place})")
        assert link.text == name
        link.click()
        page.wait(lambda link=link: link.get_attribute("aria-current") == "page")
        page.one(selector)
        assert page.run("return document.documentElement.scrollWidth <= innerWidth")


def test_a_column_of_the_timeline_narrows_to_its_time(page: Page) -> None:
    page.open("timeline?q=quillan")
    page.wait(lambda: page.all(".column:not(.none)"))
    page.shows(".feed .line .verb", "joins", "leaves", "does not leave")
    page.run("document.querySelector('.column:not(.none)').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    page.wait_for_fragment("#/timeline?q=quillan&from=2019-05&to=2019-05")
    page.shows(".feed .line .verb", "leaves")
    page.one(".turn button").click()
    page.shows(".turn button", "Oldest first")


def test_the_graph_draws_an_arrow_from_the_old_to_the_new_organisation(page: Page) -> None:
    page.open("moves?q=quillan&mode=organisations")
    page.shows(".graph .arrow title", "Harbrook Line → Wexcombe Bank: Quillan Orthrup")
    page.shows(".flow .ends", "Harbrook Line → Wexcombe Bank")
    page.run("document.querySelector('.node').focus()")
    page.keys(ENTER)
    page.shows(".side h2", "Harbrook Line")
    page.one(".modes button:nth-child(2)").click()
    assert page.fragment() == "#/moves?q=quillan&mode=people"
    page.wait(lambda: len(page.all(".graph .arrow")) == 2)
    assert sorted(page.words(".graph .arrow title")) == [
        "Quillan Orthrup joins Wexcombe Bank",
        "Quillan Orthrup leaves Harbrook Line",
    ]


def test_persons_and_organisations_have_pages(page: Page) -> None:
    page.open("people?q=江岳宁")
    page.wait(lambda: page.one(".outcome").text.startswith("1 of "))
    page.one(".rows .row").click()
    page.wait_for_fragment("#/person/per-")
    page.shows("h1", "Quillan Orthrup")
    page.shows(".trails .trail", "Harbrook Line → Wexcombe Bank")
    assert "江岳宁" in page.one(".forms").text
    assert "zh" in page.run("return [...document.querySelectorAll('.form span')].map((one) => one.lang)")
    page.one(".trails a").click()
    page.wait_for_fragment("#/org/org-")
    page.shows("h1", "Harbrook Line")
    page.shows(".neighbours a", "Wexcombe Bank")
    page.shows(".part h2", "Left2")


def test_a_failed_text_is_listed_first_with_its_reason(page: Page) -> None:
    page.open("texts")
    page.one(".rows .row")
    assert page.words(".rows .c-name")[0] == "bad.txt"
    assert page.words(".rows .c-state")[0] == "failedthe file is <empty>"
    page.run("document.querySelectorAll('.rows .row')[1].click()")
    page.wait_for_fragment("#/claims?text=")
    page.shows(".removable", "in story_en.txt ×")


def test_light_and_dark_are_the_readers_choice(page: Page) -> None:
    page.open()
    colours = set()
    for _ in range(3):
        page.one(".tool").click()
        theme = page.run("return document.documentElement.dataset.theme")
        colours.add((theme, page.run("return getComputedStyle(document.documentElement).backgroundColor")))
    assert {theme for theme, _ in colours} == {"auto", "light", "dark"}
    assert len({colour for _, colour in colours}) == 2


@pytest.mark.parametrize("fragment", ["", "claims", "timeline", "moves", "people", "texts", "claims?q=quillan"])
def test_nothing_is_wider_than_a_phone(page: Page, fragment: str) -> None:
    page.browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 375, "height": 740, "deviceScaleFactor": 2, "mobile": True}
    )
    try:
        page.open(fragment)
        time.sleep(0.1)
        assert page.run("return document.documentElement.scrollWidth") == 375
    finally:
        page.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_texts_full_of_markup_are_shown_as_they_are(browser: Any, folder: Path) -> None:
    made = Synthetic()
    person, org = f"Ta {HOSTILE}", f"{HOSTILE} Works"
    claim = made.claim([made.mention("en_1.txt", "en", "JOINS", person, org, when="2024-05-01")])
    claim["merged_because"] = [HOSTILE]
    texts, out = made.write(folder, stated={HOSTILE: HOSTILE})
    check(out)
    write_report(out, folder / "page.html", [str(texts)], title=HOSTILE)
    page = Page(browser, folder / "page.html")
    page.complaints()
    for fragment in ("", "claims", "timeline", "moves", "people", "organisations", "texts", f"claim/{claim['id']}",
                     f"person/{claim['person']['id']}", f"org/{claim['org']['id']}", f"claims?q={HOSTILE}"):  # fmt: skip
        page.open(fragment)
        assert page.run("return window.broken") is None
        assert page.all("img") == []
    page.open(f"claim/{claim['id']}")
    assert page.words("h1")[0] == f"{person} joins {org}"
    page.wait(lambda: page.all("blockquote"))
    page.shows("blockquote .k-person", person)
    page.shows(".merged li", HOSTILE)
    page.shows(".run", HOSTILE)
    assert page.complaints() == []


def test_a_relation_of_the_users_own_has_its_place_in_every_view(browser: Any, folder: Path) -> None:
    made = Synthetic()
    made.claim([made.mention("en_1.txt", "en", "ADVISES", "Quillan Orthrup", "Harbrook Line", when="2021-03-04")])
    planned = made.mention(
        "en_2.txt", "en", "ADVISES", "Ada Wyck", "Harbrook Line", status="planned", when="2022-03-04"
    )
    made.claim([planned])
    texts, out = made.write(folder)
    check(out)
    write_report(out, folder / "page.html", [str(texts)])
    page = Page(browser, folder / "page.html")
    page.complaints()
    for fragment in ("", "timeline", "moves", "people", "organisations"):
        page.open(fragment)
    page.open("claims?relation=ADVISES")
    page.shows(".rows .c-relation", "Advises", "Advises")
    page.run("document.querySelectorAll('.rows .row')[1].click()")
    page.shows("h1", "Ada Wyck advises (planned) Harbrook Line")
    page.one("h1 a:last-child").click()
    page.shows(".part h2", "Advises2")
    assert page.complaints() == []


@pytest.mark.parametrize("claims", [0, 1])
def test_the_smallest_runs_have_every_view(browser: Any, folder: Path, claims: int) -> None:
    _, out = many(claims).write(folder) if claims else Synthetic().write(folder)
    write_report(out, folder / "page.html", [])
    page = Page(browser, folder / "page.html")
    page.complaints()
    for fragment in ("", "claims", "timeline", "moves", "people", "organisations", "texts"):
        page.open(fragment)
        if not claims and fragment in ("", "claims"):
            assert "The run read no texts." in page.one(".notices").text
    assert page.complaints() == []


@pytest.mark.slow
def test_the_report_of_the_seeds_is_small_and_usable_within_a_second(browser: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    runner.run(runner.Request(paths=(str(SEEDS),), out=out))
    assert write_report(out, tmp_path / "page.html", []).size < 2_000_000
    page = Page(browser, tmp_path / "page.html")
    page.complaints()
    page.open("claims?q=ellingsen")
    assert int(page.run("return document.documentElement.dataset.ready")) < 1000
    page.run("[...document.querySelectorAll('.rows .row')].find((one) => /Leaves/.test(one.textContent)).click()")
    page.wait(lambda: page.all("blockquote"))
    assert page.words("blockquote .k-trigger")
    assert {one.get_attribute("lang") for one in page.all("blockquote")} == {"de", "en", "ja", "zh"}
    assert page.complaints() == []


@pytest.mark.slow
def test_twenty_thousand_claims_are_small_and_ready_within_three_seconds(browser: Any, folder: Path) -> None:
    _, out = many(20_000).write(folder)
    made = write_report(out, folder / "page.html", [])
    assert made.size < 25_000_000
    page = Page(browser, folder / "page.html")
    page.open("claims")
    assert int(page.run("return document.documentElement.dataset.ready")) < 3000
    search = (
        "const before = performance.now(); const box = document.getElementById('search'); box.value = arguments[0];"
    )
    search += "box.dispatchEvent(new Event('input')); return performance.now() - before"
    assert page.run(search, "museum planned") < 1500  # the first search makes its keys
    assert page.run(search, "museum possible zh") < 500
    page.run("document.querySelector('.search-row .plain').click()")
    page.run("scrollTo(0, 700000)")
    page.wait(lambda: page.all(".rows .row[data-row='15900']"))
    page.run("document.querySelector(\".row[data-row='15900']\").click()")
    page.wait(lambda: page.all("blockquote"))
    for view in ("timeline", "moves", "people"):
        page.open(view)
        assert int(page.run("return document.documentElement.dataset.ready")) < 3000
