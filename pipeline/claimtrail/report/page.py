"""The page: one file of HTML with its style, its scripts and its data inside, which asks nobody for anything."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from claimtrail import __version__
from claimtrail.output.folder import FolderError, OutputFolder, Texts, open_folder
from claimtrail.output.lines import write_whole
from claimtrail.records import RunRecord
from claimtrail.report.index import Row, Run, evidence, index, passages
from claimtrail.report.passages import ENOUGH

VENDORED = ("d3-dispatch", "d3-quadtree", "d3-timer", "d3-force")
SCRIPTS = (
    "base",
    "data",
    "route",
    "list",
    "parts",
    "overview",
    "claims",
    "claim",
    "timeline",
    "graph",
    "entity",
    "main",
)

LARGEST = 24_000_000
"""Bytes beyond which a page gets less around its evidence, once."""

_GENERATOR = b'<meta name="generator" content="claimtrail '
_WITHOUT_SCRIPTS = 200
"""Claims in the plain table for readers without JavaScript."""

# What could end a script element or begin a comment in it, and what old readers of JavaScript take for a line's end.
_UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_UNWRITABLE = re.compile("[\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


class ReportError(ValueError):
    """The page cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Made:
    """A page that was written: its size in bytes, what it holds, and what the run gave no occasion to show."""

    size: int
    claims: int
    texts: int
    without_text: int
    faults: Sequence[str]


def write_report(out: Path, target: Path, texts: Sequence[str], *, title: str = "") -> Made:
    """Write the page of the run in ``out``; ``texts`` are its inputs, for the sentences around the evidence.

    Raises:
        ReportError: there is no run that can be read, no such inputs, or the page cannot be written there.
    """
    if target.is_dir() or (target.exists() and _GENERATOR not in target.read_bytes()[:2000]):
        raise ReportError(f"{target} is there and is no report; name another file")
    for place in texts:
        if not Path(place).exists():
            raise ReportError(f"{place}: there is no such file or folder")
    try:
        folder = open_folder(out)
        run = _load(folder)
    except FolderError as error:
        raise ReportError(str(error)) from error
    at_hand, content = frozenset[str](), b""
    for enough in (ENOUGH, 0):
        found, at_hand = passages(run, Texts(folder, list(texts) or None), enough)
        packets = [_packed(part) for part in evidence(run, found)]
        content = page(
            run, index(run, at_hand), packets, title or _title(out, run.about), short=enough < ENOUGH
        ).encode()
        if len(content) <= LARGEST:
            break
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, [content])
    except OSError as error:
        raise ReportError(f"{target} cannot be written: {error.strerror or error}") from error
    told = {mention.doc for claim in run.claims for mention in claim.mentions}
    return Made(len(content), len(run.claims), len(run.documents), len(told - at_hand), run.faults)


def _load(folder: OutputFolder) -> Run:
    faults: list[str] = []
    claims = list(folder.claims(faults.append))
    if faults and not claims:
        list(folder.claims())  # raises, and says of which version the run is
    documents = list(folder.documents(faults.append))
    return Run(folder.run, claims, documents, faults)


def page(run: Run, table: Row, packets: Sequence[str], title: str, *, short: bool = False) -> str:
    """Return the page for a run, its table of claims and the packets of their evidence.

    ``short`` says that there is less around the evidence than a reader may want, for the sake of the size.
    """
    environment = Environment(
        loader=PackageLoader("claimtrail.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    vendored = "\n".join([f"/*\n{_asset('vendor/LICENSE')}*/", *(_asset(f"vendor/{name}.min.js") for name in VENDORED)])
    own = "\n".join(["(() => {", '"use strict";', *(_asset(f"scripts/{name}.js") for name in SCRIPTS), "})();"])
    style = _asset("templates/report.css")
    told = notices(run, table)
    if short:
        told.append(
            "So many claims: one sentence is shown before and after each that tells of one, to keep the page small."
        )
    table = {**table, "notices": told}
    return environment.get_template("report.html").render(
        title=title,
        version=__version__,
        style=Markup(f"\n{style}"),
        vendored=Markup(f"\n{vendored}\n"),
        own=Markup(f"\n{own}\n"),
        policy=_policy([f"\n{vendored}\n", f"\n{own}\n"], f"\n{style}"),
        table=embedded(table),
        packets=packets,
        notices=told,
        claims=run.claims[:_WITHOUT_SCRIPTS],
        count=len(run.claims),
    )


def notices(run: Run, table: Row) -> list[str]:
    """Return what a reader must know before trusting the page: lines left out, another version, failed texts."""
    found = []
    if run.faults:
        some = "; ".join(run.faults[:5]) + ("; …" if len(run.faults) > 5 else "")
        found.append(f"{len(run.faults)} lines of the run could not be read and are left out here: {some}")
    if run.about.version != __version__:
        found.append(f"The run is of claimtrail {run.about.version}, this page was made by {__version__}.")
    states = Counter(record.state for record in run.documents)
    if states["failed"]:
        found.append(f"{states['failed']} of {len(run.documents)} texts could not be read; the page Texts says why.")
    if not run.claims:
        found.append(
            "The run read no texts." if not run.documents else "No claims were found in the texts of this run."
        )
    missing = sum(1 for row in table["docs"] if row[5] and not row[7])
    if missing and run.claims:
        found.append(
            f"Of {missing} texts only the sentences with claims are shown, without those around them: "
            "the texts were not at hand. claimtrail report --texts names their folder."
        )
    return found


def embedded(value: Any) -> Markup:
    """Return a value as JSON that can stand in a script element whatever its strings hold."""
    content = orjson.dumps(value).decode().translate(_UNSAFE)
    return Markup(_UNWRITABLE.sub(_escaped, content))  # every sign with a meaning in HTML is escaped


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _packed(part: list[Row]) -> str:
    # Without a time inside, the same evidence gives the same bytes.
    return base64.b64encode(gzip.compress(orjson.dumps(part), compresslevel=9, mtime=0)).decode()


def _policy(scripts: Sequence[str], style: str) -> str:
    """Return the policy that lets a browser run these scripts alone and fetch nothing."""
    allowed = " ".join(_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _asset(name: str) -> str:
    return (resources.files("claimtrail.report") / name).read_text("utf-8")


def _title(out: Path, run: RunRecord) -> str:
    places = [Path(place).name or place for place in run.inputs]
    return ", ".join(places[:3]) if places else out.resolve().name
