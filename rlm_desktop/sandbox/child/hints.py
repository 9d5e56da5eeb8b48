"""What an error in a block has to do with the limits of its REPL: a sentence on the cause and the way on, which its model cannot know."""

from __future__ import annotations

import errno

_CONFINED = frozenset({errno.EPERM, errno.EACCES, errno.ENOENT, errno.EROFS, errno.ENOSYS, errno.EAFNOSUPPORT})


def hint(error: BaseException, *, memory_bytes: int, open_files: int, is_confined: bool) -> str:
    """Return a line, empty where no limit is behind the error."""
    try:
        said = _hint(error, memory_bytes, open_files, is_confined)
    except BaseException:  # noqa: BLE001  (the error's own class may be made to raise)
        return ""
    return said and f"{said}\n"


def _hint(error: BaseException, memory_bytes: int, open_files: int, is_confined: bool) -> str:
    reason = getattr(error, "reason", None)  # of what urllib raises
    if isinstance(error, OSError) and error.errno is None and isinstance(reason, OSError):
        error = reason
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, MemoryError) or number == errno.ENOMEM:
        if error.__traceback__ is None or error.__traceback__.tb_next is None:
            return "The code is nested too deeply for Python's compiler."
        return f"The REPL may take {memory_bytes / 2**30:.1f} GiB of memory. Delete what is no longer needed, or work on a piece at a time."
    if number == errno.EMFILE:
        return f"The REPL may have {open_files:,} files open. Close what was opened, best by `with`."
    if number == errno.EFBIG:
        return "No file can be written here. Keep results in variables."
    if type(error) is RuntimeError and str(error) == "can't start new thread":
        return "Each thread takes memory of the REPL. Use fewer, such as a pool of 16."
    if is_confined and number is not None and (number in _CONFINED or number < 0):  # name resolution counts below zero
        return "The REPL has no files, network or other processes, only what is in its variables; the documents are in `context`."
    return ""
