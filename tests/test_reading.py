"""Finding inputs, encodings, records, pages, dates and bad input. All people and firms are invented."""

from __future__ import annotations

import bz2
import datetime
import gzip
import hashlib
import io
import lzma
import os
import sys
import tracemalloc
import zipfile
from pathlib import Path

import orjson
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from claimtrail.document import Document, State
from claimtrail.reading.dates import file_date, option_date, record_date, text_date
from claimtrail.reading.encodings import DecodeError, decode
from claimtrail.reading.read import InputError, InputFile, Kind, Reader, ReaderOptions, find_inputs, needs_stored_text

DE = "Die Käuferin heißt Jördis Größle; sie übernimmt am Montag die Führung der Prüfstelle.\r\nZurück blieb niemand."
EN = "It’s “over”, said Zoë Vesterholm – she leaves Brandeck Systems on Monday.\n"
ZH = "这家公司昨天表示，负责研究的副总裁白云山已经决定离开，并将加入新公司。\n"
ZH_TRADITIONAL = "這家公司昨天表示，負責研究的副總裁白雲山已經決定離開，並將加入新公司。\n"
JA = "同社は昨日、研究担当の副社長である山本太一氏が退社することを明らかにした。\n"


def read(path: Path, **options: object) -> list[Document]:
    return list(Reader(ReaderOptions(**options)).read_all(find_inputs([path])))  # type: ignore[arg-type]


def one(path: Path, content: bytes | str, **options: object) -> Document:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    documents = read(path, **options)
    assert len(documents) == 1
    return documents[0]


def test_a_folder_is_read_recursively_in_sorted_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/c.html", "a/b/d.jsonl", "A.TXT", "é.htm"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    files = find_inputs([tmp_path])
    assert [f.doc_id for f in files] == ["A.TXT", "a/b/d.jsonl", "a/c.html", "a/z.txt", "b.txt", "é.htm"]
    assert [f.kind for f in files] == [Kind.TEXT, Kind.JSONL, Kind.HTML, Kind.TEXT, Kind.TEXT, Kind.HTML]


def test_other_files_are_returned_as_skipped_and_hidden_ones_are_not(tmp_path: Path) -> None:
    for name in ("a.txt", "b.pdf", "noext", ".hidden.txt", ".git/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    files = find_inputs([tmp_path])
    assert [(f.doc_id, f.kind) for f in files] == [
        ("a.txt", Kind.TEXT),
        ("b.pdf", Kind.SKIPPED),
        ("noext", Kind.SKIPPED),
    ]
    assert [d.doc_id for d in Reader().read_all(files)] == ["a.txt"]


def test_a_file_reached_twice_counts_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    assert [f.doc_id for f in find_inputs([tmp_path, tmp_path / "a.txt"])] == ["a.txt"]


def test_files_of_one_name_from_two_folders_keep_their_own_ids(tmp_path: Path) -> None:
    for folder in ("one", "two", "x/one"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.txt").write_text(folder)
    files = find_inputs([tmp_path / "one", tmp_path / "two", tmp_path / "x/one"])
    assert [f.doc_id for f in files] == ["one/a.txt", "one/a~2.txt", "two/a.txt"]


def test_an_excluded_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "claims.jsonl").write_text("{}")
    (tmp_path / "a.txt").write_text("x")
    assert [f.doc_id for f in find_inputs([tmp_path], exclude=[tmp_path / "out"])] == ["a.txt"]


def test_a_folder_without_texts_is_an_error_that_says_what_was_looked_for(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("x")
    with pytest.raises(
        InputError, match=r"no \.txt, \.jsonl, \.html, \.htm, \.parquet file in .* \(1 files of other types\)"
    ):
        find_inputs([tmp_path])


def test_a_path_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        find_inputs([tmp_path / "nowhere"])


def test_standard_input_is_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(ZH.encode("gb18030"))))
    (document,) = Reader().read_all(find_inputs(["-"]))
    assert (document.doc_id, document.text, document.encoding) == ("-", ZH, "gb18030")


def test_the_hash_of_a_utf8_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    document = one(tmp_path / "a.txt", ZH)
    assert document.sha256 == hashlib.sha256(ZH.encode()).hexdigest()
    assert document.size_bytes == len(ZH.encode())


@pytest.mark.parametrize("text", ["a\r\nb\rc\n", "a\u2028b\x85c\x0b\x0cd\x1ce", " \ta ", "A\u0308 e\u0301"])
def test_the_text_is_kept_as_it_is(tmp_path: Path, text: str) -> None:
    assert one(tmp_path / "a.txt", text).text == text


@pytest.mark.parametrize("text", [DE, EN, ZH, ZH_TRADITIONAL, JA])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_unicode_is_read(text: str, encoding: str) -> None:
    found = decode(text.encode(encoding))
    assert (found.text, found.encoding) == (text, encoding)


@pytest.mark.parametrize("mark", [b"\xfe\xff", b"\xff\xfe", b"\x00\x00\xfe\xff", b"\xff\xfe\x00\x00", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_is_no_part_of_the_text(mark: bytes) -> None:
    encoding = {2: "utf-16", 3: "utf-8", 4: "utf-32"}[len(mark)]
    order = "" if encoding == "utf-8" else "-be" if mark.endswith(b"\xff") else "-le"
    assert decode(mark + ZH.encode(encoding + order)).text == ZH


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (DE, "cp1252"),
        (EN, "cp1252"),
        (ZH, "gb18030"),
        (ZH_TRADITIONAL, "cp950"),
        (JA, "cp932"),
        (JA, "euc_jp"),
        (JA, "iso2022_jp"),
        ("회사는 어제 부사장이 회사를 떠난다고 밝혔다.", "cp949"),
    ],
)
def test_legacy_encodings_are_recognised(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("text", "codec"), [("架空電機、社長が交代へ", "cp932"), ("白云山辞职", "gbk"), ("白雲山請辭獲准", "big5")]
)
def test_a_headline_is_enough_for_a_legacy_encoding(text: str, codec: str) -> None:
    assert decode(text.encode(codec)).text == text


@given(st.text())
def test_utf8_is_always_read_as_such(text: str) -> None:
    assume(not text.startswith(("\ufeff", "%PDF-", "PK\x03\x04", "GIF8", "BZh")) and not set(text) & {"\0", "\x1b"})
    assert decode(text.encode()).text == text


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n%\xe2\xe3",
        b"\x89PNG\r\n\x1a\n\0\0",
        gzip.compress(b"x"),
        bytes(range(256)) * 20,
        b"\x7fELF\x02\x01\0\0",
    ],
)
def test_a_binary_file_fails(tmp_path: Path, content: bytes) -> None:
    document = one(tmp_path / "a.txt", content)
    assert (document.state, document.reason) == (State.FAILED, "looks like a binary file")
    assert document.sha256 == hashlib.sha256(content).hexdigest()


def test_one_broken_byte_in_utf8_fails_and_is_named(tmp_path: Path) -> None:
    content = ZH.encode()[:30] + b"\xff" + ZH.encode()[30:]
    document = one(tmp_path / "a.txt", content)
    assert (document.state, document.reason) == (State.FAILED, "the bytes are UTF-8 but for byte 30 (0xff)")


def test_a_cut_off_utf8_text_fails() -> None:
    with pytest.raises(DecodeError, match="UTF-8 but for byte"):
        decode(ZH.encode()[:-2])


def test_a_broken_utf16_text_fails() -> None:
    with pytest.raises(DecodeError, match="not utf-16"):
        decode(b"\xff\xfe" + ZH.encode("utf-16-le") + b"x")


def test_an_empty_file_is_empty(tmp_path: Path) -> None:
    document = one(tmp_path / "a.txt", b"")
    assert (document.state, document.reason) == (State.EMPTY, "the file is empty")


@pytest.mark.parametrize("content", [b" \n\t\r\n", "\u3000\n\u00a0".encode(), b"\xef\xbb\xbf\n"])
def test_white_space_is_empty(tmp_path: Path, content: bytes) -> None:
    document = one(tmp_path / "a.txt", content)
    assert (document.state, document.reason) == (State.EMPTY, "nothing but white space")


def test_a_text_over_the_limit_fails(tmp_path: Path) -> None:
    document = one(tmp_path / "a.txt", b"x" * 1001, max_bytes=1000)
    assert (document.state, document.reason) == (State.FAILED, "the text is too large: 1,001 bytes, the limit is 1,000")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission_fails(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "a.txt").chmod(0)
    (document,) = read(tmp_path)
    assert (document.state, document.reason) == (State.FAILED, "no permission to read the file")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(13, "Permission denied"), "no permission to read the file"),
        (FileNotFoundError(2, "gone"), "the file is not there any more"),
        (OSError(5, "Input/output error"), "the file cannot be read: Input/output error"),
    ],
)
def test_an_error_of_the_system_gives_a_plain_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, reason: str
) -> None:
    (tmp_path / "a.txt").write_text("x")
    files = find_inputs([tmp_path])

    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", refuse)
    (document,) = Reader().read_all(files)
    assert (document.state, document.reason) == (State.FAILED, reason)


def test_a_vanished_file_and_a_broken_link_fail(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "b.txt").symlink_to(tmp_path / "nowhere")
    files = find_inputs([tmp_path])
    (tmp_path / "a.txt").unlink()
    documents = list(Reader().read_all(files))
    assert [(d.state, d.reason) for d in documents] == [(State.FAILED, "the file is not there any more")] * 2


def test_a_folder_that_cannot_be_listed_fails() -> None:
    (document,) = Reader().read(InputFile(path=Path("x"), doc_id="x/", kind=Kind.UNREADABLE))
    assert (document.state, document.reason) == (State.FAILED, "the folder cannot be listed")


def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    (document,) = read(tmp_path)
    assert (document.state, document.reason) == (State.FAILED, "not a regular file")


def lines(*records: object) -> bytes:
    return b"".join((r if isinstance(r, bytes) else orjson.dumps(r)) + b"\n" for r in records)


def test_each_record_is_a_document(tmp_path: Path) -> None:
    content = lines(
        {"id": "n1", "text": ZH, "date": "2024-08-06T10:00:00Z"}, {"text": DE}, {"id": 7, "text": EN, "more": []}
    )
    (tmp_path / "a.jsonl").write_bytes(content)
    documents = read(tmp_path)
    assert [(d.doc_id, d.text) for d in documents] == [("a.jsonl#n1", ZH), ("a.jsonl#2", DE), ("a.jsonl#7", EN)]
    assert (documents[0].record_date, documents[0].record_date_origin) == ("2024-08-06", "record")


def test_the_fields_of_a_record_can_be_named(tmp_path: Path) -> None:
    document = one(
        tmp_path / "a.jsonl",
        lines({"key": "k", "body": ZH, "day": 20240806}),
        id_field="key",
        text_field="body",
        date_field="day",
    )
    assert (document.doc_id, document.text, document.record_date) == ("a.jsonl#k", ZH, "2024-08-06")


def test_records_of_one_id_get_their_own(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(
        lines({"id": "x", "text": "a"}, {"id": "x", "text": "b"}, {"id": "x", "text": "c"})
    )
    assert [d.doc_id for d in read(tmp_path)] == ["a.jsonl#x", "a.jsonl#x~2", "a.jsonl#x~3"]


def parquet(path: Path, columns: dict[str, list[object]]) -> Path:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed (the extra export)")
    from pyarrow.parquet import write_table  # noqa: PLC0415 - an extra

    write_table(pyarrow.table(columns), path)
    return path


def test_each_row_of_parquet_is_a_document(tmp_path: Path) -> None:
    day = datetime.date(2024, 8, 6)
    columns = {
        "id": ["x", "x", None, "y"],
        "text": [EN, DE, None, ""],
        "date": [day, None, None, None],
        "n": [1, 2, 3, 4],
    }
    documents = read(parquet(tmp_path / "a.parquet", columns))
    assert [d.doc_id for d in documents] == ["a.parquet#x", "a.parquet#x~2", "a.parquet#3", "a.parquet#y"]
    assert [d.text for d in documents] == [EN, DE, "", ""]
    assert [d.state for d in documents] == [State.PROCESSED, State.PROCESSED, State.FAILED, State.EMPTY]
    assert documents[2].reason == "row 3: the text field 'text' is missing"
    assert (documents[0].record_date, documents[0].record_date_origin) == ("2024-08-06", "record")
    assert all(needs_stored_text(document) for document in documents)


def test_parquet_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    assert one(tmp_path / "a.parquet", b"PAR1 but not really").reason.startswith("not readable as Parquet: ")
    (without,) = read(parquet(tmp_path / "b.parquet", {"body": [EN]}))
    assert without.reason == "row 1: the text field 'text' is missing"
    (large,) = read(parquet(tmp_path / "c.parquet", {"text": [EN]}), max_bytes=10)
    assert large.reason.startswith("row 1: the text is too large")
    (none,) = read(parquet(tmp_path / "d.parquet", {"text": []}))
    assert (none.state, none.reason) == (State.EMPTY, "the file has no rows")


def test_parquet_needs_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "pip install pyarrow" in one(tmp_path / "a.parquet", b"PAR1").reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": "a', "line 2: not JSON"),
        (b'{"text": "\\ud800"}', "line 2: not JSON"),
        (b"[1]", "line 2: a JSON object is expected"),
        (b'{"id": "x"}', "line 2: the text field 'text' is missing"),
        (b'{"id": "x", "text": 5}', "line 2: the text field 'text' is no string"),
        (b"\x00\x01", "line 2: looks like a binary file"),
        (b'{"text": "' + b"x" * 5000 + b'"}', "line 2: the line is too large: 5,012 bytes, the limit is 1,000"),
    ],
)
def test_a_bad_line_fails_with_its_number_and_the_others_are_read(tmp_path: Path, line: bytes, reason: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines({"text": "one"}, line, b"", {"text": "four"}))
    documents = read(tmp_path, max_bytes=1000)
    assert [d.state for d in documents] == [State.PROCESSED, State.FAILED, State.PROCESSED]
    assert documents[1].doc_id == "a.jsonl#2"
    assert documents[1].reason.startswith(reason)
    assert documents[2].doc_id == "a.jsonl#4"


def test_a_line_of_50_mb_fails_without_being_kept(tmp_path: Path) -> None:
    with (tmp_path / "a.jsonl").open("wb") as stream:
        stream.write(b'{"text": "')
        for _ in range(50):
            stream.write(b"x" * 1_000_000)
        stream.write(b'"}\n{"text": "after"}\n')
    documents = read(tmp_path)
    assert [d.state for d in documents] == [State.FAILED, State.PROCESSED]
    assert documents[0].reason == "line 1: the line is too large: 50,000,012 bytes, the limit is 10,000,000"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "nothing but white space"),
        (b'{"text": ""}\n', "line 1: the text field 'text' is empty"),
    ],
)
def test_an_empty_jsonl_file_or_record_is_empty(tmp_path: Path, content: bytes, reason: str) -> None:
    document = one(tmp_path / "a.jsonl", content)
    assert (document.state, document.reason) == (State.EMPTY, reason)


def test_a_jsonl_file_in_utf16_fails_as_a_whole(tmp_path: Path) -> None:
    assert one(tmp_path / "a.jsonl", '{"text": "a"}\n'.encode("utf-16")).state is State.FAILED


def test_a_mark_and_unusual_line_ends_do_no_harm_in_jsonl(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'\xef\xbb\xbf{"text": "a\xe2\x80\xa8b"}\r\n{"text": "c"}')
    assert [d.text for d in read(tmp_path)] == ["a\u2028b", "c"]


PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>Brandeck verliert Chefin | Post</title>
<meta property="article:published_time" content="2024-08-06T09:00:00+02:00"></head>
<body><nav><a href="/">Startseite</a><a href="/w">Wirtschaft</a></nav>
<article><h1>Brandeck verliert Chefin</h1>
<p>Die Käuferin heißt Jördis Größle; sie übernimmt am Montag die Führung der Prüfgesellschaft in Jena.</p>
<p>Ihre Vorgängerin verlässt das Haus nach neun Jahren, wie der Aufsichtsrat am Dienstag mitteilte.</p></article>
<footer>Impressum Datenschutz</footer><script>var x = "tracking";</script></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_the_article_of_a_page_is_its_text(tmp_path: Path, charset: str) -> None:
    document = one(tmp_path / "a.html", PAGE.format(charset=charset).encode(charset))
    first, *rest = document.text.splitlines()
    assert first == "Brandeck verliert Chefin"
    assert "Jördis Größle" in document.text and "nach neun Jahren" in document.text
    assert not any(word in document.text for word in ("Impressum", "Startseite", "tracking", "<p>"))
    assert rest.count("Brandeck verliert Chefin") == 0
    assert (document.record_date, document.record_date_origin) == ("2024-08-06", "record")
    assert document.sha256 == hashlib.sha256(document.text.encode()).hexdigest()


def test_a_page_in_a_declared_chinese_encoding_is_read(tmp_path: Path) -> None:
    page = f"<html><head><meta charset=gb2312><title>公司人事</title></head><body><p>{ZH}</p><p>{ZH}</p></body></html>"
    document = one(tmp_path / "a.htm", page.encode("gb18030"))
    assert document.encoding == "gb18030"
    assert ZH.strip() in document.text


def test_a_page_of_two_lines_is_read_plainly(tmp_path: Path) -> None:
    document = one(tmp_path / "a.html", "<p>Nora Vesterholm leaves Brandeck.</p>")
    assert "Nora Vesterholm leaves Brandeck." in document.text


@pytest.mark.parametrize(
    "page", ["<html><body></body></html>", "<html><head><script>x()</script></head></html>", "<!-- -->"]
)
def test_a_page_without_text_is_empty(tmp_path: Path, page: str) -> None:
    assert one(tmp_path / "a.html", page).state is State.EMPTY


def test_the_same_page_gives_the_same_text_twice(tmp_path: Path) -> None:
    page = PAGE.format(charset="utf-8")
    assert one(tmp_path / "a.html", page).text == one(tmp_path / "a.html", page).text


@pytest.mark.parametrize(
    ("doc_id", "stored"),
    [
        ("a.txt", False),
        ("a#1.txt", False),
        ("x/a.html", True),
        ("a.HTM", True),
        ("a.jsonl#n1", True),
        ("a.jsonl#b.txt", True),
        ("-", True),
    ],
)
def test_texts_that_are_not_their_file_must_be_stored(doc_id: str, stored: bool) -> None:
    assert needs_stored_text(Document(doc_id=doc_id, text="", sha256="")) is stored


def test_the_date_is_taken_from_option_record_file_and_text_in_that_order(tmp_path: Path) -> None:
    name, text = "2021-03-03-news.jsonl", "Title\n2020-04-04\nbody"
    with_date, without = lines({"text": text, "date": "2022-02-02"}), lines({"text": text})

    def dated(file: str, content: bytes, **options: object) -> tuple[str, str]:
        document = one(tmp_path / file, content, **options)
        (tmp_path / file).unlink()
        return document.record_date, document.record_date_origin

    assert dated(name, with_date, date="2023-01") == ("2023-01", "option")
    assert dated(name, with_date) == ("2022-02-02", "record")
    assert dated(name, without) == ("2021-03-03", "file")
    assert dated("a.jsonl", without) == ("2020-04-04", "text")
    assert dated("a.jsonl", lines({"text": "nothing"})) == ("", "")


@pytest.mark.parametrize("value", ["2024", "2024-08", "2024-08-06"])
def test_a_date_option_may_be_partial(value: str) -> None:
    assert option_date(value) == value


@pytest.mark.parametrize("value", ["yesterday", "2024-13", "2024-02-30", "06.08.2024", "2024-8-6", ""])
def test_a_wrong_date_option_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="is no date"):
        option_date(value)


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2024-08-06", "2024-08-06"),
        ("2024-08-06 10:11", "2024-08-06"),
        ("2024/8/6", "2024-08-06"),
        ("20240806", "2024-08-06"),
        ("20240806T101112", "2024-08-06"),
        ("2024年8月6日", "2024-08-06"),
        ("２０２４年８月６日", "2024-08-06"),
        ("Tue, 06 Aug 2024 10:11:12 +0000", "2024-08-06"),
        (1722938400, "2024-08-06"),
        (1722938400000, "2024-08-06"),
        ("2024-08", "2024-08"),
        ("2024-13-45", ""),
        ("soon", ""),
        (None, ""),
        (True, ""),
        (3, ""),
        ([], ""),
    ],
)
def test_dates_of_records(value: object, iso: str) -> None:
    assert record_date(value) == iso


@pytest.mark.parametrize(
    ("name", "iso"),
    [
        ("2024-08-06-foo.txt", "2024-08-06"),
        ("20240806_foo.txt", "2024-08-06"),
        ("foo_2024.08.06.txt", "2024-08-06"),
        ("news-20240806T1200.txt", "2024-08-06"),
        ("000_32d20190101f2c1f.txt", ""),
        ("120240806.txt", ""),
        ("2024-13-06.txt", ""),
        ("2024-0806.txt", ""),
        ("foo.txt", ""),
    ],
)
def test_dates_in_file_names(name: str, iso: str) -> None:
    assert file_date(name) == iso


@pytest.mark.parametrize(
    "line", ["2024-08-06", "2024/08/06", "2024.8.6", "2024年8月6日", "２０２４年０８月０６日", "  2024-08-06 10:30  "]
)
def test_a_date_alone_on_one_of_the_first_lines_is_the_texts(line: str) -> None:
    assert text_date(f"Nachricht\r\n\r\nTitel\r\n\r\n{line}\r\n\r\nText") == "2024-08-06"


@pytest.mark.parametrize("text", ["On 2024-08-06 she left.", "a\n" * 20 + "2024-08-06", "2024-02-31", "2024-08", ""])
def test_other_dates_in_a_text_are_left_to_later_stages(text: str) -> None:
    assert text_date(text) == ""


def bomb() -> dict[str, bytes]:
    """Files of a few kB that would be 10 MB if anybody took them apart."""
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "Anna Kern leaves Nordwerk AG. " * 300_000)
    return {
        "gz": gzip.compress(b"Anna Kern leaves Nordwerk AG. " * 300_000),
        "zip": zipped.getvalue(),
        "bz2": bz2.compress(b"Anna Kern leaves Nordwerk AG. " * 300_000),
        "xz": lzma.compress(b"Anna Kern leaves Nordwerk AG. " * 300_000),
    }


def test_compressed_input_is_never_taken_apart(tmp_path: Path) -> None:
    for name, content in bomb().items():
        for suffix in (f".txt.{name}", f".{name}.txt", f".{name}.html", f".{name}.jsonl"):
            (tmp_path / f"a{suffix}").write_bytes(content)
    documents = read(tmp_path)
    assert {document.doc_id.partition("#")[0] for document in documents} == {
        f"a.{name}.{suffix}" for name in ("gz", "zip", "bz2", "xz") for suffix in ("txt", "html", "jsonl")
    }
    assert {document.state for document in documents} == {State.FAILED}
    assert all(document.reason and not document.text for document in documents)


def test_a_single_line_of_100_mb_fails_with_its_size_and_is_not_held(tmp_path: Path) -> None:
    for name in ("a.txt", "a.jsonl"):
        with (tmp_path / name).open("wb") as file:
            for _ in range(100):
                file.write(b"Anna Kern leaves Nordwerk AG. " * 33_334)
    tracemalloc.start()
    documents = read(tmp_path)
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [document.reason for document in documents] == [
        "line 1: the line is too large: 100,002,000 bytes, the limit is 10,000,000",
        "the text is too large: 100,002,000 bytes, the limit is 10,000,000",
    ]
    assert held < 40_000_000


def test_200000_lines_of_one_character_are_one_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a\n" * 200_000)
    (document,) = read(tmp_path)
    assert document.state is State.PROCESSED
    assert len(document.text) == 400_000


def test_many_records_of_one_id_keep_their_own(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"id":"x","text":"a"}\n' * 20_000)
    assert len({document.doc_id for document in read(tmp_path)}) == 20_000
