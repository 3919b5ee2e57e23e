"""Downloading official models, when the user asks for it: the one place that uses the network."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from functools import cache

from claimtrail import data


class FetchError(RuntimeError):
    """A model could not be downloaded; the message says what failed and what to do."""


@dataclass(frozen=True, slots=True)
class Official:
    """The official model of a language in each engine: spaCy's package, Stanza's language code."""

    spacy: str
    stanza: str


@cache
def official(lang: str) -> Official:
    """Return the official models of a language."""
    found: Official = data.read_as(data.root() / lang / "official.yaml", Official)
    return found


def fetch(engine: str, lang: str) -> str:
    """Download the official model of a language and return a sentence that says how to use it.

    Raises:
        ValueError: no such engine or language.
        FetchError: the download failed.
    """
    if lang not in data.languages():
        raise ValueError(f"no language {lang}; installed are {', '.join(data.languages())}")
    models = official(lang)
    if engine == "spacy":
        name = models.spacy
        _run(["-m", "spacy", "download", name], f"spaCy's {name}", f"install the package {name} by hand with pip")
    elif engine == "stanza":
        name = models.stanza
        command = f"import stanza; stanza.download({name!r}, verbose=False)"
        _run(["-c", command], f"Stanza's model {name}", "install the extra claimtrail[stanza] if Stanza is missing")
    else:
        raise ValueError(f"no engine {engine}; there are spacy, stanza")
    return f"{name} is there; use it with --engine {engine} --model {lang}={name}"


def _run(arguments: list[str], what: str, otherwise: str) -> None:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        reason = f" ({said[-1][:160]})" if said else ""
        raise FetchError(f"{what} could not be downloaded{reason}: try again with a network, or {otherwise}.")
