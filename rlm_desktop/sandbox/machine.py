"""What this machine has to confine a process with, asked of its kernel, and what a person can do where something is missing."""

from __future__ import annotations

import ctypes
import errno
import platform
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rlm_desktop.sandbox.child import landlock
from rlm_desktop.sandbox.child.syscalls import MACHINES
from rlm_desktop.sandbox.values import REQUIRED_CLAIMS

FIRST_KERNEL = (5, 13)
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_SECURITY_MODULES = Path("/sys/kernel/security/lsm")
_MARKS_OF_A_CONTAINER = (Path("/.dockerenv"), Path("/run/.containerenv"))

Seccomp = Literal["there", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """`landlock` is its version, 0 where there is none to be used: `landlock_error` then names what the kernel answered.

    `security_modules` is the kernel's own list, empty where it is not to be seen.
    """

    system: str
    release: str
    architecture: str
    landlock: int = 0
    landlock_error: str = ""
    seccomp: Seccomp = "missing"
    is_container: bool = False
    security_modules: str = ""

    def remedy(self, missing: Sequence[str]) -> str:
        """Return what to do so that the claims `missing` hold, as one sentence or a few."""
        if self.system != "Linux":
            return (
                f"What confines code on {self.system} is not yet proven on a machine, and did not hold on this one. Run this program on "
                "Linux; a virtual machine will do."
            )
        if not set(missing) & set(REQUIRED_CLAIMS):
            return "Beyond what every run requires there is bubblewrap, which hides names: install it, and let it make namespaces."
        if self.architecture not in MACHINES:
            known = " and ".join(MACHINES)
            return f"Models' code can be confined on {known}, not on {self.architecture}. Run this program on another computer."
        if not self.landlock:
            return self._remedy_for_landlock()
        if self.seccomp == "missing":
            within = "The container forbids it, or the" if self.is_container else "The"
            return f"{within} kernel has no filters of system calls (CONFIG_SECCOMP_FILTER). Use one of your distribution that has them."
        return (
            "The kernel has what it takes, but something that this program runs in, such as a container or a policy, is in the way: "
            "start it outside of that, or on another computer."
        )

    def _remedy_for_landlock(self) -> str:
        kernel = _version(self.release)
        if kernel is not None and kernel < FIRST_KERNEL:
            return f"The kernel, {self.release}, is older than 5.13, which brought Landlock. Install a newer one."
        if self.landlock_error == "EOPNOTSUPP" or (self.security_modules and "landlock" not in self.security_modules.split(",")):
            listed = f"lsm=landlock,{self.security_modules}" if self.security_modules else "lsm=landlock,…, with what stands there already"
            return (
                f"Landlock is switched off when this computer starts. Add it to the kernel's command line ({listed}), and start it again."
            )
        if self.is_container or self.landlock_error in ("EPERM", "EACCES"):
            return (
                "The container that this program runs in forbids Landlock. Let its seccomp profile allow landlock_create_ruleset, "
                "landlock_add_rule and landlock_restrict_self, as that of a newer Docker or Podman does, or run this program outside of it."
            )
        return (
            f"The kernel, {self.release}, is built without Landlock (CONFIG_SECURITY_LANDLOCK). Use one of your distribution that has it."
        )


def machine() -> Machine:
    """Ask the kernel. Nothing is changed by that, and nothing is started."""
    system, release, architecture = platform.system(), platform.release(), platform.machine()
    if sys.platform != "linux":
        return Machine(system=system, release=release, architecture=architecture)
    version, error = _landlock()
    return Machine(
        system=system,
        release=release,
        architecture=architecture,
        landlock=version,
        landlock_error=error,
        seccomp=_seccomp(),
        is_container=any(mark.exists() for mark in _MARKS_OF_A_CONTAINER),
        security_modules=_security_modules(),
    )


def _landlock() -> tuple[int, str]:
    try:
        return landlock.version(), ""
    except OSError as error:
        return 0, errno.errorcode.get(error.errno or 0, f"error {error.errno}")


def _seccomp() -> Seccomp:
    """Ask for a filter at no address: a kernel that has filters finds the address bad, one that has none the wish."""
    system = ctypes.CDLL(None, use_errno=True)
    system.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_MODE_FILTER), None, 0, 0)
    return "there" if ctypes.get_errno() == errno.EFAULT else "missing"


def _security_modules() -> str:
    try:
        return _SECURITY_MODULES.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def _version(release: str) -> tuple[int, int] | None:
    found = re.match(r"(\d+)\.(\d+)", release)
    return (int(found[1]), int(found[2])) if found else None
