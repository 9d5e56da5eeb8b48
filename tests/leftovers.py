"""What a process holds: to see that nothing of a run is left behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def held() -> tuple[Counter[str], set[int]]:
    """Return what the open descriptors of this process lead to (numbers of pipes and sockets left out), and its children."""
    leads_to: Counter[str] = Counter()
    for link in Path("/proc/self/fd").iterdir():
        try:
            leads_to[str(link.readlink()).partition(":[")[0]] += 1
        except FileNotFoundError:
            continue  # that of the listing itself
    children = {int(pid) for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()}
    return leads_to, children


@contextmanager
def nothing_left() -> Iterator[None]:
    """Fail where the body leaves a descriptor or a process behind."""
    before = held()
    yield
    after = held()
    assert after == before


def is_alive(pid: int) -> bool:
    """False for a process that has ended, also where nobody has waited for it yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
