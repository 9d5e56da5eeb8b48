"""What counts as held in a self-test: a refusal for want of permission, and nothing else."""

from __future__ import annotations

import errno
from collections.abc import Callable

import pytest

from rlm_desktop.sandbox.child.tries import attempt


def raising(error: BaseException) -> Callable[[], object]:
    def act() -> object:
        raise error

    return act


@pytest.mark.parametrize("number", [errno.EPERM, errno.EACCES])
def test_a_refusal_for_want_of_permission_is_held(number: int) -> None:
    assert attempt("network", "it", raising(OSError(number, "no"))) == ("network", "it", errno.errorcode[number], True)


@pytest.mark.parametrize("number", [errno.ENOENT, errno.ECONNREFUSED, errno.ETIMEDOUT, errno.EMFILE, errno.ENOSYS])
def test_another_failure_is_not_held(number: int) -> None:
    assert attempt("network", "it", raising(OSError(number, "no"))) == ("network", "it", errno.errorcode[number], False)


def test_what_worked_is_not_held() -> None:
    assert attempt("network", "it", lambda: None) == ("network", "it", "worked", False)


@pytest.mark.parametrize("error", [TimeoutError("timed out"), OSError("no number"), NotImplementedError("here"), ValueError("x")])
def test_what_has_no_number_or_is_no_error_of_the_system_is_not_held(error: Exception) -> None:
    outcome = attempt("files read", "it", raising(error))
    assert not outcome[3] and type(error).__name__ in outcome[2]


def test_a_windows_error_is_told_by_its_number_and_held_where_it_is_a_refusal_there() -> None:
    class WindowsError(OSError):
        winerror = 1816

    assert attempt("processes", "it", raising(WindowsError())) == ("processes", "it", "Windows error 1816", False)
    assert attempt("processes", "it", raising(WindowsError()), also_refusals=(1816,)) == ("processes", "it", "Windows error 1816", True)
