"""What `.gitignore` files say is not part of a project, as git reads them.

They count without a repository too: a folder that was unpacked or copied has the same rubbish in it. The person's own exclude file
outside the repository does not count, so that a folder is the same documents for everybody.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_MOST_BYTES = 1 << 20
_MOST_WILDCARDS = 3
"""The time to match a name rises with its length to the power of these: with five, a name made for it takes half a minute."""
_WILDCARDS = re.compile(r"\*+")


class _Rules(NamedTuple):
    """What one file says of the names below `folder`, an absolute path that ends in a separator."""

    folder: str
    spec: GitIgnoreSpec
    source: str


class Ignored:
    """The rules that hold in one folder."""

    def __init__(self, rules: Sequence[_Rules] = ()) -> None:
        self._rules = tuple(rules)

    @classmethod
    def above(cls, folder: str) -> Ignored:
        """Return the rules that the repository around an absolute `folder` has for it, from above; none where it is itself ignored.

        Whoever gives an ignored folder wants what is in it.
        """
        parents = [*reversed(Path(folder).parents)]
        roots = [at for at, parent in enumerate(parents) if _is_repository(str(parent))]
        if not roots or _is_repository(folder):
            return cls()
        rules = cls()
        path = [str(parent) for parent in parents[roots[-1] :]]
        for here, below in zip(path, [*path[1:], folder], strict=True):
            rules = rules.within(here, names={".git", ".gitignore"})
            if rules.reason(below, is_folder=True):
                return cls()
        return rules

    def within(self, folder: str, *, names: set[str]) -> Ignored:
        """Return the rules that hold in an absolute `folder`, one below that of these rules, in which there are `names`."""
        rules = self._rules
        if ".git" in names and _is_repository(folder):
            # What is around a repository has no say in it.
            rules = tuple(_read(folder, Path(folder, ".git", "info", "exclude"), ".git/info/exclude"))
        if ".gitignore" in names:
            rules = (*rules, *_read(folder, Path(folder, ".gitignore"), ".gitignore"))
        return self if rules is self._rules else Ignored(rules)

    def reason(self, path: str, *, is_folder: bool) -> str | None:
        """Return why git would leave an absolute path out, None where it would not. The nearest file that says anything decides."""
        for rules in reversed(self._rules):
            name = path[len(rules.folder) :].replace(os.sep, "/")
            said = rules.spec.check_file(name + "/" if is_folder else name).include
            if said is not None:
                return f"ignored by {rules.source}" if said else None
        return None


def _is_repository(folder: str) -> bool:
    return os.path.lexists(Path(folder, ".git"))


def _read(folder: str, path: Path, source: str) -> list[_Rules]:
    """Return the rules of a file, none where it is no regular file or cannot be read. A line that is no pattern says nothing, as in git."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return []
            lines = file.read(_MOST_BYTES).decode("utf-8-sig", "surrogateescape").splitlines()
    except OSError:
        return []
    # Imported here: most folders have no such file.
    from pathspec import GitIgnoreSpec

    lines = [line for line in lines if len(_WILDCARDS.findall(line)) <= _MOST_WILDCARDS]
    try:
        spec = GitIgnoreSpec.from_lines(lines)
    except ValueError:
        spec = GitIgnoreSpec.from_lines([line for line in lines if _is_pattern(line)])
    start = folder if folder.endswith(os.sep) else folder + os.sep
    return [_Rules(start, spec, source)]


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
