"""Starting spaCy without PyTorch, which its numerical library imports where it finds it, and our models never need."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_torch(asked: bool = True) -> Iterator[None]:
    """Let what is imported meanwhile take PyTorch for missing, if ``asked`` and if it is not imported yet.

    That saves a second. It holds for spaCy as long as the process lives: only a process of our own may do it, and only
    where no model of others is used.
    """
    if not asked or "torch" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]  # how Python itself spells a module that is not to be had
    try:
        yield
    finally:
        del sys.modules["torch"]
