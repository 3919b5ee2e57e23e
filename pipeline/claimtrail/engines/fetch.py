"""Downloading official models, when the user asks for it: the one place that uses the network."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from functools import cache

from claimtrail import data
from claimtrail.engines.stanza_engine import stanza_languages


class FetchError(RuntimeError):
    """A model could not be downloaded; the message says what failed and what to do."""


@dataclass(frozen=True, slots=True)
class Official:
    """The official model of a language: the name of spaCy's package."""

    spacy: str


@cache
def official(lang: str) -> Official:
    """Return the official model of a language."""
    found: Official = data.read_as(data.find(lang, "official.yaml"), Official)
    return found


def fetch(engine: str, lang: str) -> str:
    """Download the official model of a language and return a sentence that says how to use it.

    Raises:
        ValueError: no such engine or language.
        FetchError: the download failed.
    """
    if lang not in data.languages():
        raise ValueError(f"no language {lang}; installed are {', '.join(data.languages())}")
    if engine == "spacy":
        name = official(lang).spacy
        _run(["-m", "spacy", "download", name], f"spaCy's {name}", f"install the package {name} by hand with pip")
        return f"{name} is installed; use it with --model {lang}={name}"
    if engine == "stanza":
        language = stanza_languages()[lang]
        folder = _run(
            ["-c", _STANZA, language.code, ",".join(language.processors)],
            f"Stanza's model {language.code}",
            "install the extra claimtrail[stanza] if Stanza is missing",
        )
        return f"Stanza's model {language.code} is there; use it with --engine stanza --model {lang}={folder}"
    raise ValueError(f"no engine {engine}; there are spacy, stanza")


# Runs in a process of its own: what downloads does not stay loaded, and Stanza need not be installed here.
_STANZA = """
import sys
import stanza
from stanza.resources.common import DEFAULT_MODEL_DIR
stanza.download(sys.argv[1], processors=sys.argv[2], verbose=False)
print(DEFAULT_MODEL_DIR)
"""


def _run(arguments: list[str], what: str, otherwise: str) -> str:
    """Run Python and return the last line that it printed."""
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return (done.stdout.splitlines() or [""])[-1]
    said = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    reason = f" ({said[-1][:160]})" if said else ""
    raise FetchError(f"{what} could not be downloaded{reason}: try again with a network, or {otherwise}.")
