"""What the model sees of an exception in its code."""

from __future__ import annotations

from rlm_desktop.sandbox.child.variables import clean, type_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LINE_CHARS = 20_000


def explain(error: BaseException, sources: dict[str, str]) -> str:
    """Return the traceback from the block's own first line on; whatever the exception's own methods do, there is a text."""
    try:
        return "".join(_traceback(error, sources))
    except BaseException as second:  # MemoryError too: the name alone is then what can be said
        return f"{type_of(error)} (its traceback cannot be shown: {type_of(second)})\n"


def _traceback(error: BaseException, sources: dict[str, str]) -> Iterator[str]:
    import linecache  # imported here, with the next: re and tokenize would cost every child's start 6 ms
    import traceback

    for name, code in sources.items():
        linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    ours = error.__traceback__
    own = ours.tb_next if ours is not None else None
    for line in traceback.TracebackException(type(error), error, own, compact=True).format():
        yield line if len(line) <= MAX_LINE_CHARS else clean(line, MAX_LINE_CHARS) + "\n"
