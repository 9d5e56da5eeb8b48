"""What every attack has at hand. It runs in the sandbox process, before the attacks, as their code does."""

import asyncio
import ctypes
import mmap
import os
import platform
import signal
import socket
import struct
import sys
import time
from typing import Any

NUMBERS = {
    "x86_64": {
        "add_key": 248, "arch_prctl": 158, "bpf": 321, "clone": 56, "clone3": 435, "delete_module": 176, "execve": 59, "execveat": 322,
        "fanotify_init": 300, "finit_module": 313, "fork": 57, "get_robust_list": 274, "init_module": 175, "ioperm": 173,
        "io_uring_enter": 426, "io_uring_setup": 425, "ioprio_get": 252, "ioprio_set": 251, "kcmp": 312, "kexec_load": 246, "keyctl": 250,
        "modify_ldt": 154, "move_pages": 279, "mq_open": 240, "perf_event_open": 298, "pidfd_getfd": 438, "pidfd_open": 434,
        "pidfd_send_signal": 424, "pivot_root": 155, "process_madvise": 440, "quotactl": 179, "request_key": 249,
        "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297, "sched_setattr": 314, "syslog": 103, "tgkill": 234, "tkill": 200,
        "userfaultfd": 323, "vfork": 58,
    },
    "aarch64": {
        "add_key": 217, "bpf": 280, "clone": 220, "clone3": 435, "delete_module": 106, "execve": 221, "execveat": 281,
        "fanotify_init": 262, "finit_module": 273, "get_robust_list": 100, "init_module": 105, "io_uring_enter": 426,
        "io_uring_setup": 425, "ioprio_get": 31, "ioprio_set": 30, "kcmp": 272, "kexec_load": 104, "keyctl": 219, "move_pages": 239,
        "mq_open": 180, "perf_event_open": 241, "pidfd_getfd": 438, "pidfd_open": 434, "pidfd_send_signal": 424, "pivot_root": 41,
        "process_madvise": 440, "quotactl": 60, "request_key": 218, "rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240,
        "sched_setattr": 274, "syslog": 116, "tgkill": 131, "tkill": 130, "userfaultfd": 282,
    },
}  # fmt: skip
"""Numbers of calls for which libc has no function."""
NUMBERS_OF_ALL = {
    "openat2": 437, "open_tree": 428, "move_mount": 429, "fsopen": 430, "mount_setattr": 442, "memfd_secret": 447, "process_mrelease": 448,
    "cachestat": 451, "fchmodat2": 452, "statmount": 457, "listmount": 458, "lsm_list_modules": 461, "setxattrat": 463,
}  # fmt: skip

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.shmat.restype = ctypes.c_void_p


def ok(result: int) -> int:
    """Return what a C function gave, or raise its error."""
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def word(value: object) -> object:
    return ctypes.c_long(value) if isinstance(value, int) else value


def call(name: str, *arguments: object) -> int:
    """Make a system call by its number, past everything that Python or libc would say about it."""
    number = NUMBERS_OF_ALL.get(name) or NUMBERS[platform.machine()].get(name)
    if number is None:
        raise OSError(38, f"there is no {name} on this machine")
    return ok(libc.syscall(ctypes.c_long(number), *map(word, arguments)))


def pick(text: bytes, start: str, end: str) -> str:
    return text.decode("latin-1").partition(start)[2].partition(end)[0]


__all__ = ["Any", "asyncio", "call", "ctypes", "libc", "mmap", "ok", "os", "pick", "signal", "socket", "struct", "sys", "time"]
