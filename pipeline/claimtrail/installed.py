"""Which libraries are installed, without importing any of them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

# Libraries of which another version may give another answer.
DECIDING = (
    *("spacy", "thinc", "numpy", "sudachipy", "sudachidict-core", "jieba", "lingua-language-detector"),
    *("charset-normalizer", "trafilatura", "lxml", "stanza", "torch"),
)


def installed(names: Sequence[str]) -> dict[str, str]:
    """Return the versions of those packages that are installed, by name."""
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
