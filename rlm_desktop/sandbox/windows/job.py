"""The job that a child lives in: one process, a share of memory and of the processor, no desktop, and an end with the engine's."""

from __future__ import annotations

import ctypes

from rlm_desktop.sandbox.windows.calls import Calls
from rlm_desktop.sandbox.windows.structures import DWORD, ExtendedLimits

_PROCESS_TIME, _ACTIVE_PROCESS, _PROCESS_MEMORY, _JOB_MEMORY = 0x2, 0x8, 0x100, 0x200
_DIE_ON_UNHANDLED_EXCEPTION, _KILL_ON_JOB_CLOSE = 0x400, 0x2000
_EXTENDED_LIMITS_CLASS, _UI_LIMITS_CLASS = 9, 4
ALL_UI_LIMITS = 0xFF
"""Handles, both directions of the clipboard, system parameters, display settings, global atoms, desktops, and ending the session."""
_TICKS_PER_S = 10_000_000


def limits(memory_bytes: int, cpu_s: int) -> ExtendedLimits:
    """Return the limits of a job for one process. The job ends with its last handle, which is the engine's, and so with the engine."""
    made = ExtendedLimits()
    basic = made.BasicLimitInformation
    basic.LimitFlags = _PROCESS_TIME | _ACTIVE_PROCESS | _PROCESS_MEMORY | _JOB_MEMORY | _DIE_ON_UNHANDLED_EXCEPTION | _KILL_ON_JOB_CLOSE
    basic.ActiveProcessLimit = 1
    basic.PerProcessUserTimeLimit = cpu_s * _TICKS_PER_S
    made.ProcessMemoryLimit = made.JobMemoryLimit = memory_bytes
    return made


def create_job(calls: Calls, *, memory_bytes: int, cpu_s: int) -> int:
    """Create a job without a name. Returns its handle. OSError where one of its limits cannot be set."""
    job: int = calls.do("CreateJobObjectW", None, None)
    try:
        set_limits(calls, job, memory_bytes=memory_bytes, cpu_s=cpu_s)
        ui = DWORD(ALL_UI_LIMITS)
        calls.do("SetInformationJobObject", job, _UI_LIMITS_CLASS, ctypes.byref(ui), ctypes.sizeof(ui))
    except OSError:
        calls.ask("CloseHandle", job)
        raise
    return job


def set_limits(calls: Calls, job: int, *, memory_bytes: int, cpu_s: int) -> None:
    """Set all limits anew, as those of a context that has come."""
    made = limits(memory_bytes, cpu_s)
    calls.do("SetInformationJobObject", job, _EXTENDED_LIMITS_CLASS, ctypes.byref(made), ctypes.sizeof(made))
