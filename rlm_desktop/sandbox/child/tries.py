"""One thing that must fail in a sandbox, tried: what came of it, and whether that means that the sandbox held."""

from __future__ import annotations

import errno

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

Outcome = tuple[str, str, str, bool]
"""(claim, what was tried, what came of it, whether it was refused)."""

SUCCEEDED = "worked"


def attempt(
    claim: str, tried: str, act: Callable[[], object], *, refusals: Collection[str] | None = None, also_refusals: Collection[int] = ()
) -> Outcome:
    """Do it. Only a refusal for want of permission counts as held: that there is no such file, or no answer in time, proves nothing.

    `refusals` are the names of the errors that count instead; `also_refusals` are Windows error numbers that are a refusal here without
    being called one.
    """
    try:
        act()
    except OSError as error:
        number = getattr(error, "winerror", None)
        name = _name(error) if number is None else f"Windows error {number}"
        is_refused = isinstance(error, PermissionError) or number in also_refusals if refusals is None else name in refusals
        return claim, tried, name, is_refused
    except Exception as error:  # noqa: BLE001  (a part of Python that is missing here is no refusal either)
        return claim, tried, f"{type(error).__name__}: {error}", False
    return claim, tried, SUCCEEDED, False


def _name(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, type(error).__name__)
