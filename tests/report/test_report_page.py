"""The report as a file: what it holds, what it says of bad runs, and that no text can break it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from claimtrail import __version__
from claimtrail.cli import app
from claimtrail.records import ClaimRecord, DateSpan, DateValue, EntityRecord, MentionRecord, NamedSpan, TextSpan
from claimtrail.report import page as page_module
from claimtrail.report.moves import moves
from claimtrail.report.page import SCRIPTS, VENDORED, ReportError, embedded, write_report
from claimtrail.report.passages import passage
from synthetic import Synthetic, check, many

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "pipeline" / "claimtrail" / "report"
Row = dict[str, Any]


def report(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["report", *map(str, arguments)], env={"COLUMNS": "100", "TERM": "dumb"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def inside(page: str, name: str) -> str:
    found = re.search(rf'<script type="[a-z/]+" id="{name}">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return found[1]


def table(page: str) -> Row:
    value: Row = json.loads(inside(page, "table"))
    return value


def packet(page: str, place: int = 0) -> list[Row]:
    value: list[Row] = json.loads(gzip.decompress(base64.b64decode(inside(page, f"packet-{place}"))))
    return value


def words(pieces: list[Any]) -> str:
    return "".join(piece if isinstance(piece, str) else piece[1] for piece in pieces)


def small(folder: Path, **about: Any) -> tuple[Path, Path]:
    made = many(40)
    texts, out = made.write(folder, **about)
    check(out)
    return texts, out


def test_the_page_holds_every_claim_and_all_its_evidence(folder: Path) -> None:
    texts, out = small(folder)
    status, said, err = report(out, "-o", folder / "page.html", "--texts", texts)
    assert (status, err) == (0, "")
    assert said.startswith(f"{folder / 'page.html'}: 40 claims from ")
    page = (folder / "page.html").read_text("utf-8")
    claims = [json.loads(line) for line in (out / "claims.jsonl").read_bytes().splitlines()]
    known = table(page)
    assert known["claims"]["id"] == [claim["id"] for claim in claims]
    assert [known["persons"][place][1] for place in known["claims"]["person"]] == [c["person"]["name"] for c in claims]
    assert known["notices"] == []
    for claim, shown in zip(claims, packet(page), strict=True):
        assert shown["merged"] == claim["merged_because"]
        for mention, row in zip(claim["mentions"], shown["mentions"], strict=True):
            assert row["rule"] == mention["rule"]
            assert words(row["passage"]["sentence"]) == mention["sentence"]["text"]
            marked = {piece[0]: piece[1] for piece in row["passage"]["sentence"] if not isinstance(piece, str)}
            assert marked["t"] == mention["trigger"]["text"]
            assert marked["p"] == mention["person"]["text"]
            assert marked["o"] == mention["org"]["text"]


def test_the_same_run_gives_the_same_bytes(folder: Path) -> None:
    _, out = small(folder)
    write_report(out, folder / "a.html", [])
    write_report(out, folder / "b.html", [])
    assert (folder / "a.html").read_bytes() == (folder / "b.html").read_bytes()


def test_the_page_lies_in_the_run_unless_another_place_is_named(folder: Path) -> None:
    _, out = small(folder)
    assert report(out, "--quiet") == (0, "", "")
    assert (out / "report.html").is_file()
    assert report(out, "--quiet")[0] == 0


def test_the_texts_are_found_where_the_run_found_them(folder: Path) -> None:
    _, out = small(folder)
    assert write_report(out, folder / "page.html", []).without_text == 0
    assert "before" in packet((folder / "page.html").read_text("utf-8"))[1]["mentions"][0]["passage"]


@pytest.mark.parametrize("how", ["gone", "changed"])
def test_without_its_text_a_claim_keeps_its_sentence(folder: Path, how: str) -> None:
    texts, out = small(folder)
    for path in texts.iterdir():
        if how == "gone":
            path.unlink()
        else:
            path.write_text("Another text altogether.", "utf-8")
    status, said, _ = report(out, "-o", folder / "page.html")
    assert status == 0
    assert "were not at hand" in said
    page = (folder / "page.html").read_text("utf-8")
    shown = packet(page)[0]["mentions"][0]["passage"]
    assert set(shown) == {"sentence"}
    assert "texts were not at hand" in table(page)["notices"][0]


def test_a_folder_of_texts_that_is_not_there_is_refused(folder: Path) -> None:
    _, out = small(folder)
    status, _, err = report(out, "-o", folder / "page.html", "--texts", folder / "nowhere")
    assert status == 2
    assert "nowhere: there is no such file or folder" in err


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    status, _, err = report(tmp_path, "-o", tmp_path / "page.html")
    assert status == 2
    assert "holds no finished run: mentions.jsonl, claims.jsonl, documents.jsonl, run.json is missing" in err


def test_a_file_that_is_no_report_is_not_overwritten(folder: Path) -> None:
    _, out = small(folder)
    before = (out / "claims.jsonl").read_bytes()
    status, _, err = report(out, "-o", out / "claims.jsonl")
    assert status == 2
    assert "is there and is no report" in err
    assert (out / "claims.jsonl").read_bytes() == before


def test_an_empty_run_gives_a_page_that_says_so(folder: Path) -> None:
    _, out = Synthetic().write(folder)
    assert report(out, "-o", folder / "page.html")[0] == 0
    page = (folder / "page.html").read_text("utf-8")
    assert table(page)["notices"] == ["The run read no texts."]
    assert "The run read no texts." in page.split("<noscript>")[1]


def test_texts_without_claims_give_a_page_that_says_so(folder: Path) -> None:
    made = Synthetic()
    made.say("en_1.txt", "en", dict.fromkeys(("person", "post", "trigger", "org", "when"), "x"))
    _, out = made.write(folder)
    write_report(out, folder / "page.html", [])
    page = (folder / "page.html").read_text("utf-8")
    assert table(page)["notices"] == ["No claims were found in the texts of this run."]


def test_failed_texts_are_told_with_their_reasons(folder: Path) -> None:
    _, out = many(5).write(folder, stated={"broken.txt": "the file is neither <UTF-8> nor anything else"})
    assert report(out, "-o", folder / "page.html")[0] == 0
    known = table((folder / "page.html").read_text("utf-8"))
    assert "1 of " in known["notices"][0]
    assert known["docs"][-1][3:5] == ["failed", "the file is neither <UTF-8> nor anything else"]


def test_a_broken_line_is_told_and_the_others_are_shown(folder: Path) -> None:
    _, out = small(folder)
    rows = (out / "claims.jsonl").read_bytes().splitlines(keepends=True)
    (out / "claims.jsonl").write_bytes(b"".join([rows[0], b'{"id": "clm-\n', b'{"id": 3}\n', *rows[3:]]))
    status, _, err = report(out, "-o", folder / "page.html")
    assert status == 1
    assert "claims.jsonl:2: not JSON" in err
    assert "claims.jsonl:3: relation: missing" in err
    known = table((folder / "page.html").read_text("utf-8"))
    assert len(known["claims"]["id"]) == 38
    assert known["notices"][0].startswith("2 lines of the run could not be read and are left out here: claims.jsonl:2")


def test_a_file_of_which_no_line_can_be_read_is_refused_with_both_versions(folder: Path) -> None:
    _, out = small(folder, version="0.0.7")
    (out / "claims.jsonl").write_text('{"claim": "of another kind"}\n', "utf-8")
    status, _, err = report(out, "-o", folder / "page.html")
    assert status == 2
    assert f"was written by claimtrail 0.0.7 and cannot be read by {__version__}: claims.jsonl:1: id: missing" in err


def test_a_run_of_another_version_is_shown_and_said_to_be(folder: Path) -> None:
    _, out = small(folder, version="9.0.0")
    status, _, err = report(out, "-o", folder / "page.html")
    assert (status, err) == (0, "")
    known = table((folder / "page.html").read_text("utf-8"))
    assert known["notices"] == [f"The run is of claimtrail 9.0.0, this page was made by {__version__}."]


def test_a_damaged_run_json_is_refused(folder: Path) -> None:
    _, out = small(folder)
    (out / "run.json").write_text("{", "utf-8")
    status, _, err = report(out, "-o", folder / "page.html")
    assert status == 2
    assert "is damaged: run.json: not JSON" in err


class Elements(HTMLParser):
    """The names and attributes of all elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


HOSTILE = "</script><script>window.broken = 1</script><img src=x onerror='window.broken = 1'><!--{{ 7 * 7 }}"


def test_no_text_can_bring_an_element_into_the_page(folder: Path) -> None:
    def of(name: str) -> Elements:
        made = Synthetic()
        made.claim([made.mention("en_1.txt", "en", "JOINS", f"{name} Velmo", f"{name} Works", when="2024-05-01")])
        texts, out = made.write(folder / str(len(name)), stated={f"{'x' if name == 'Ta' else HOSTILE}.txt": name})
        check(out)
        write_report(out, folder / "page.html", [str(texts)], title=name)
        return Elements((folder / "page.html").read_text("utf-8"))

    assert [tag for tag, _ in of(HOSTILE).found] == [tag for tag, _ in of("Ta").found]
    page = (folder / "page.html").read_text("utf-8")
    assert table(page)["persons"][0][1] == "Ta Velmo"


def test_the_page_asks_nobody_for_anything(folder: Path) -> None:
    _, out = small(folder)
    write_report(out, folder / "page.html", [])
    page = (folder / "page.html").read_text("utf-8")
    for tag, attributes in Elements(page).found:
        for name in ("src", "href", "action", "data", "poster"):
            value = attributes.get(name) or ""
            assert not value or value.startswith(("#", "data:")), (tag, name, value)
    own = "".join((ASSETS / "scripts" / f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    assert not re.search(r"\b(fetch|XMLHttpRequest|WebSocket|sendBeacon|importScripts|eval|innerHTML|outerHTML)\b", own)
    style = (ASSETS / "templates" / "report.css").read_text("utf-8")
    assert "url(" not in style
    assert "@import" not in style


def test_the_policy_lets_only_the_scripts_of_the_page_run(folder: Path) -> None:
    _, out = small(folder)
    write_report(out, folder / "page.html", [])
    page = (folder / "page.html").read_bytes().decode()
    policy = next(a["content"] or "" for tag, a in Elements(page).found if a.get("http-equiv"))
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    for content in re.findall(r"<script>(.*?)</script>", page, re.DOTALL) + re.findall(
        r"<style>(.*?)</style>", page, re.DOTALL
    ):
        assert base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() in policy


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_embedded_json_is_plain_to_html_and_reads_back_the_same(text: str) -> None:
    content = str(embedded({"text": text}))
    assert json.loads(content) == {"text": text}
    assert not re.search("[<>&\u2028\u2029\x7f-\x9f]", content)
    assert "\n" not in content


def mention_in(text: str, lang: str, **places: tuple[int, int]) -> MentionRecord:
    """Return a mention with spans at these places of a text; persons and organisations may stand nowhere."""

    def span(name: str) -> TextSpan | None:
        return TextSpan(*places[name], text[slice(*places[name])]) if name in places else None

    def named(name: str) -> NamedSpan:
        start, end = places.get(name, (None, None))
        return NamedSpan(start, end, text[start:end] if start is not None else None, "Somebody", "name")

    when = DateSpan(*places["when"], text[slice(*places["when"])], "2024", "year") if "when" in places else None
    sentence, trigger = span("sentence"), span("trigger")
    assert sentence is not None
    assert trigger is not None
    return MentionRecord(
        "mnt-0000000000000000", "a.txt", "0" * 64, lang, "codepoint", "LEAVES", "actual", None, sentence, trigger, named("person"),
        named("org"), span("role_from"), span("role_to"), when, span("attributed_to"), False, "r", "spacy", "m", 0.5,
    )  # fmt: skip


@given(st.text(st.characters(), min_size=1), st.data())
def test_a_passage_reads_as_the_text_does_and_marks_what_the_spans_cover(text: str, chance: st.DataObject) -> None:
    def place(low: int, high: int) -> tuple[int, int]:
        start = chance.draw(st.integers(low, high))
        return start, chance.draw(st.integers(start, high))

    sentence = place(0, len(text))
    trigger = place(*sentence)
    lang = chance.draw(st.sampled_from(["en", "de", "zh", "ja", "xx"]))
    mention = mention_in(
        text, lang, sentence=sentence, trigger=trigger, person=place(0, len(text)), org=place(0, len(text))
    )
    shown = passage(mention, text)
    clean = text.encode("utf-8", "replace").decode()  # halves of characters cannot be written
    assert words(shown.get("sentence", [])) == clean[slice(*sentence)]
    marked = "".join(p[1] for p in shown.get("sentence", []) if not isinstance(p, str) and "t" in p[0])
    assert marked == clean[slice(*trigger)]
    before, after = words(shown.get("before", [])), words(shown.get("after", []))
    assert clean[: sentence[0]].endswith((before, before.removeprefix("… ")))
    assert clean[sentence[1] :].startswith((after, after.removesuffix(" …")))
    json.dumps(shown, ensure_ascii=False).encode()


def test_a_span_far_from_its_sentence_is_shown_with_the_words_around_it() -> None:
    text = "Told on Tuesday. " + "Filler sentence here. " * 60 + "Ann left."
    start = text.index("Ann left")
    places = {"sentence": (start, len(text)), "trigger": (start + 4, start + 8), "person": (start, start + 3)}
    mention = mention_in(text, "en", **places, when=(8, 15))
    shown = passage(mention, text)
    excerpt = ["Told on ", ["d", "Tuesday"], ". Filler sentence here. Filler sentence here. Filler …"]
    assert shown["elsewhere"] == [["d", excerpt]]
    assert words(shown["before"]) == "… " + "Filler sentence here. " * 7
    alone = {"sentence": [["p", "Ann"], " ", ["t", "left"], "."], "elsewhere": [["d", [["d", "Tuesday"]]]]}
    assert passage(mention, None) == alone
    assert passage(mention, "Another text, of another length.") == alone


def moved(*steps: tuple[str, str, str | None], status: str = "actual") -> list[tuple[str, str]]:
    """Return the moves of one person between organisations, of claims by relation, organisation and date."""
    claims = [
        ClaimRecord(
            "clm-0000000000000000", relation, EntityRecord("per-1", "Tarin", {}), EntityRecord(org, org, {}), None, None, None,
            status, {}, DateValue(when, "day") if when else None, [], 0.5, [], [], [],
        )
        for relation, org, when in steps
    ]  # fmt: skip
    return [(steps[left][1], steps[joined][1]) for left, joined in moves(claims, {})]


def test_a_joining_follows_the_last_leaving_before_it() -> None:
    career = [("LEAVES", "A", "2001"), ("JOINS", "B", "2001-05"), ("LEAVES", "B", "2009"), ("JOINS", "C", "2010-02-01")]
    assert moved(*career) == [("A", "B"), ("B", "C")]


def test_a_leaving_told_after_the_joining_counts_within_a_year() -> None:
    assert moved(("JOINS", "B", "2001-05"), ("LEAVES", "A", "2001-06")) == [("A", "B")]
    assert moved(("JOINS", "B", "2001-05"), ("LEAVES", "A", "2009-06")) == []


def test_a_return_and_a_denial_are_no_moves() -> None:
    assert moved(("LEAVES", "A", "2001"), ("JOINS", "A", "2002")) == []
    assert moved(("LEAVES", "A", "2001"), ("JOINS", "B", "2002"), status="negated") == []


def test_undated_claims_are_put_together_too() -> None:
    assert moved(("JOINS", "B", None), ("LEAVES", "A", None)) == [("A", "B")]


def test_the_vendored_scripts_are_those_recorded() -> None:
    notes = (ASSETS / "vendor" / "README.md").read_text("utf-8")
    recorded = dict(re.findall(r"^\| ([\w-]+) \| [\d.]+ \| ISC \| `([0-9a-f]{64})` \|$", notes, re.MULTILINE))
    assert set(recorded) == set(VENDORED)
    for name, digest in recorded.items():
        content = (ASSETS / "vendor" / f"{name}.min.js").read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
        version = re.search(rf"^\| {name} \| ([\d.]+) ", notes, re.MULTILINE)
        assert version is not None
        assert f"v{version[1]} ".encode() in content.splitlines()[0]
    assert {path.name for path in (ASSETS / "vendor").iterdir()} == {f"{n}.min.js" for n in VENDORED} | {
        "LICENSE",
        "README.md",
    }


def test_no_asset_can_end_its_element() -> None:
    for name in [
        *(f"scripts/{n}.js" for n in SCRIPTS),
        *(f"vendor/{n}.min.js" for n in VENDORED),
        "templates/report.css",
    ]:
        assert not re.search(r"</(script|style)|<!--", (ASSETS / name).read_text("utf-8"), re.IGNORECASE)
    assert {path.stem for path in (ASSETS / "scripts").iterdir()} == set(SCRIPTS)


def test_a_run_of_many_claims_is_refused_by_nothing(folder: Path) -> None:
    _, out = many(650).write(folder)
    write_report(out, folder / "page.html", [])
    page = (folder / "page.html").read_text("utf-8")
    assert [len(packet(page, place)) for place in range(3)] == [300, 300, 50]


def test_a_page_that_grows_too_large_has_less_around_its_evidence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, out = small(folder)
    whole = write_report(out, folder / "whole.html", [])
    monkeypatch.setattr(page_module, "LARGEST", whole.size - 1)
    assert write_report(out, folder / "short.html", []).size < whole.size
    pages = [(folder / name).read_text("utf-8") for name in ("whole.html", "short.html")]
    assert [len(table(page)["notices"]) for page in pages] == [0, 1]
    long, short = (
        sum(len(words(m["passage"].get("before", []))) for c in packet(p) for m in c["mentions"]) for p in pages
    )
    assert 0 < short < long


def test_a_report_that_cannot_be_written_says_so(folder: Path) -> None:
    _, out = small(folder)
    (folder / "file").write_text("x", "utf-8")
    with pytest.raises(ReportError, match="cannot be written"):
        write_report(out, folder / "file" / "page.html", [])
