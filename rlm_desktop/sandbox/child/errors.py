"""What the model sees of an exception in its code."""

from __future__ import annotations

from rlm_desktop.sandbox.child.variables import clean, type_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from traceback import TracebackException

MAX_LINE_CHARS = 20_000
_SQLITE_WANTED_A_FILE = ("unable to open database file", "disk I/O error")
_SQLITE_HINT = (
    "There are no files here. A database is ':memory:', and execute('pragma temp_store = memory') keeps in memory, too, what a large sort,"
    " index or temporary table needs.\n"
)
_OURS = __file__.removesuffix("errors.py")


def explain(error: BaseException, sources: dict[str, str]) -> str:
    """Return the traceback from the block's own first line on; whatever the exception's own methods do, there is a text."""
    try:
        return "".join(_traceback(error, sources))
    except BaseException as second:  # noqa: BLE001  (MemoryError too, or no descriptor left to read our own modules from)
        return f"{_plain(error)} (its traceback cannot be shown: {type_of(second)})\n"


def _plain(error: BaseException) -> str:
    """Its name, its text and the line of the block, without anything that would have to be imported."""
    name = type_of(error)
    try:
        text = clean(str.__str__(str(error)), 500)
        ours = error.__traceback__
        line = "" if ours is None or ours.tb_next is None else f" in line {ours.tb_next.tb_lineno}"
        return f"{name}: {text}{line}"
    except BaseException:  # noqa: BLE001  (the name alone is then what can be said)
        return name


def _traceback(error: BaseException, sources: dict[str, str]) -> Iterator[str]:
    import linecache  # imported here, with the next: re and tokenize would cost every child's start 6 ms
    import traceback

    for name, code in sources.items():
        linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    ours = error.__traceback__
    own = ours.tb_next if ours is not None else None
    told = traceback.TracebackException(type(error), error, own, compact=True)
    _hide_our_frames(told)
    for line in told.format():
        yield line if len(line) <= MAX_LINE_CHARS else clean(line, MAX_LINE_CHARS) + "\n"
    if type(error).__module__ == "sqlite3" and str(error) in _SQLITE_WANTED_A_FILE:
        yield _SQLITE_HINT


def _hide_our_frames(told: TracebackException) -> None:
    """The model's code did not write them, and what it calls is the functions, not the files they stand in."""
    found: TracebackException | None = told
    seen = set()
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        found.stack[:] = [frame for frame in found.stack if not frame.filename.startswith(_OURS)]
        found = found.__cause__ or found.__context__
