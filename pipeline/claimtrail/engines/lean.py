"""Starting spaCy without what our models never need: PyTorch, and spaCy's own command line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_COMMANDS = "spacy.cli"


@contextmanager
def lean_start(asked: bool = True) -> Iterator[None]:
    """Let what is imported meanwhile take PyTorch and spaCy's commands for missing, if ``asked``.

    PyTorch, which spaCy's numerical library imports where it finds it, takes a second, the commands, of which spaCy
    shows one as ``spacy.info``, a sixth of one. What is imported already stays. It holds for spaCy as long as the
    process lives: only a process of our own may do it, and only where no model of others is used.
    """
    left_out: dict[str, ModuleType | None] = {}
    if asked and "torch" not in sys.modules:
        left_out["torch"] = None  # how Python itself spells a module that is not to be had
    if asked and "spacy" not in sys.modules:
        left_out |= _no_commands()
    sys.modules.update(left_out)  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in left_out:
            del sys.modules[name]


def _no_commands() -> dict[str, ModuleType]:
    commands, info = ModuleType(_COMMANDS), ModuleType(f"{_COMMANDS}.info")
    commands.__path__ = []
    info.info = None  # type: ignore[attr-defined]
    return {_COMMANDS: commands, f"{_COMMANDS}.info": info}
