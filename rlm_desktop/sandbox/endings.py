"""How a child process ended, in a sentence."""

from __future__ import annotations

import signal

from rlm_desktop.sandbox.child.wire import FAILED_EXIT, MEMORY_EXIT, NOT_CONFINED_EXIT, PROTOCOL_EXIT
from rlm_desktop.sandbox.values import SandboxDied


def explain_end(code: int | None) -> SandboxDied:
    """Return what an exit code says. Negative codes are signals."""
    if code is None:
        return SandboxDied("The sandbox process closed its pipe and was ended.", "protocol")
    if code == MEMORY_EXIT:
        return SandboxDied("The sandbox process ran out of memory.", "memory")
    if code == PROTOCOL_EXIT:
        return SandboxDied("The sandbox process could not read a message of its host and ended.", "protocol")
    if code == FAILED_EXIT:
        return SandboxDied("The sandbox process failed in its own code, perhaps because the code that it ran changed it.", "exit")
    if code >= 0:
        return SandboxDied(f"The sandbox process ended itself with exit code {code}.", "exit")
    return _explain_signal(-code)


def explain_not_ready(code: int | None, said: str) -> SandboxDied:
    """Return what the end of a child says that has not been given anything yet, so that `said` are its own words and no model's."""
    if code == NOT_CONFINED_EXIT:
        return SandboxDied(f"The sandbox process could not be confined. {said}".rstrip(), "confinement")
    return explain_end(code)


def explain_no_start(error: OSError) -> SandboxDied:
    """Return what it means that the system started no process."""
    return SandboxDied(
        f"The system started no process for it: {error.strerror}. Close other programs, or allow more processes and open files.", "start"
    )


def _explain_signal(number: int) -> SandboxDied:
    name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
    if name == "SIGKILL":
        return SandboxDied("The sandbox process was killed (SIGKILL), by its own code or because memory was short.", "signal")
    if name == "SIGXCPU":
        return SandboxDied("The sandbox process used up its CPU time and was ended by the system.", "cpu")
    if name == "SIGSYS":
        return SandboxDied("The sandbox process made a system call of another kind of machine and was ended by the system.", "signal")
    if name in ("SIGSEGV", "SIGBUS"):
        return SandboxDied(f"The sandbox process crashed in native code ({name}).", "signal")
    return SandboxDied(f"The sandbox process was ended by a signal ({name}).", "signal")
