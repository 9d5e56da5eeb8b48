"""The child's own files, compiled once: inside bubblewrap it can write nothing, and would compile them at each start (some 15 ms)."""

from __future__ import annotations

import sys
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path

from rlm_desktop.sandbox.command import START


@cache
def compile_child() -> None:
    """Compile what is not compiled yet, as importing it would; nothing where Python is told not to, or may not write there."""
    if sys.dont_write_bytecode:
        return
    for source in START.parent.glob("*.py"):
        if Path(cache_from_source(source)).exists():
            continue
        import py_compile

        try:
            py_compile.compile(str(source), quiet=2)
        except OSError:
            return
