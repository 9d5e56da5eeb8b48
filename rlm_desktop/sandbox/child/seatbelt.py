"""Confinement on macOS: a Seatbelt profile that denies by default, put on by the process itself. Not yet proven on a machine.

The profile's text holds no path of the person's: folders come in as parameters, so nothing in a name can be read as a rule.
"""

# ruff: noqa: PTH100, PTH108, PTH110, PTH116, PTH117, PTH118, PTH120, PTH208
# (pathlib would cost every start 4 ms)

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from rlm_desktop.sandbox.child.tries import Outcome

NAME = "Seatbelt"

_SYSTEM_FOLDERS = (
    "/usr/lib",
    "/System/Library",
    "/System/Cryptexes/OS",  # since macOS 13 the libraries that all programs share lie here
    "/System/Volumes/Preboot/Cryptexes/OS",
    "/Library/Apple/System/Library",
    "/Library/Apple/usr/lib",
    "/usr/share/zoneinfo",
    "/usr/share/zoneinfo.default",
    "/private/var/db/timezone",
    "/private/var/db/oah",  # what Rosetta has translated
    "/usr/share/icu",
)
_SYSTEM_FILES = ("/dev/null", "/dev/random", "/dev/urandom", "/private/etc/localtime")
_DATA_VOLUME = "/System/Volumes/Data"
"""Everything of the person's can be reached below it, too."""
_SYSCTL_NAMES = (
    "hw.activecpu",
    "hw.byteorder",
    "hw.cachelinesize",
    "hw.cpufamily",
    "hw.cputype",
    "hw.l1dcachesize",
    "hw.l2cachesize",
    "hw.l3cachesize",
    "hw.logicalcpu",
    "hw.logicalcpu_max",
    "hw.machine",
    "hw.memsize",
    "hw.ncpu",
    "hw.pagesize",
    "hw.pagesize_compat",
    "hw.physicalcpu",
    "hw.physicalcpu_max",
    "kern.argmax",
    "kern.osproductversion",
    "kern.osrelease",
    "kern.ostype",
    "kern.osversion",
    "kern.usrstack64",
    "kern.version",
)
_SYSCTL_PREFIXES = ("hw.optional.", "hw.perflevel", "machdep.cpu.", "sysctl.")


def profile(readable_count: int, *, is_around_exec: bool = False) -> str:
    """Return the profile's text for so many readable files and folders, which are its parameters READ_0, READ_1, …

    `is_around_exec`: for a command that is started under the profile. What may be executed lies in what is readable, and replaces the
    process that it is: no second one comes of it.
    """
    given = [f'(param "READ_{number}")' for number in range(readable_count)]
    readable = [f"(subpath {name})" for name in given] + [f"(subpath {_quoted(path)})" for path in _SYSTEM_FOLDERS]
    rules = [
        "(version 1)",
        "(deny default)",
        # These are allowed in spite of the line above unless they are named.
        "(deny process-info* nvram* iokit-get-properties file-map-executable)",
        '(deny mach-lookup (xpc-service-name-prefix ""))',
        _rule("allow file-read* file-map-executable", readable),
        _rule("allow file-read*", [f"(literal {_quoted(path)})" for path in _SYSTEM_FILES]),
        _rule("allow file-read-metadata", ['(literal "/")', *(f"(path-ancestors {name})" for name in given)]),
        _rule(
            "allow sysctl-read",
            [f"(sysctl-name {_quoted(name)})" for name in _SYSCTL_NAMES]
            + [f"(sysctl-name-prefix {_quoted(prefix)})" for prefix in _SYSCTL_PREFIXES],
        ),
        "(allow process-info-pidinfo process-info-setcontrol (target self))",
        "(allow signal (target self))",
    ]
    if is_around_exec:
        rules += [
            _rule("allow process-exec", [f"(subpath {name})" for name in given]),
            '(allow file-read* (literal "/"))',  # the loader of a program that starts looks at it
        ]
    return "\n".join(rules) + "\n"


def _rule(head: str, filters: Sequence[str]) -> str:
    return f"({head}\n  " + "\n  ".join(filters) + ")"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def resolved(readable: Sequence[str], home: str) -> list[str]:
    """Return those that are there, by the real paths that Seatbelt compares. OSError where one would open the person's whole home."""
    paths: list[str] = []
    real_home = os.path.realpath(home)
    above = {identity for folder in _and_above(real_home) if (identity := _identity(folder)) is not None}
    for given in readable:
        if "\0" in given or not os.path.isabs(given):
            raise OSError(f"{given!r} is no whole path")
        for path in (os.path.abspath(given), os.path.realpath(given)):
            is_above = any((place + "/").startswith(path.rstrip("/") + "/") for place in (real_home, _DATA_VOLUME + real_home))
            if is_above or _identity(path) in above:  # the second for a disk that does not tell letters apart
                raise OSError(f"Python's files lie in {path}, and to read them all would be to read the whole home folder")
            if path not in paths and os.path.exists(path):
                paths.append(path)
    return paths


def _and_above(folder: str) -> list[str]:
    found = [folder]
    while (folder := os.path.dirname(found[-1])) != found[-1]:
        found.append(folder)
    return found


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def parameters(paths: Sequence[str]) -> list[tuple[str, str]]:
    """Return the names and values of the profile's parameters."""
    return [(f"READ_{number}", path) for number, path in enumerate(paths)]


def apply(readable: Sequence[str], home: str, *, library: Any = None) -> str:
    """Confine this process for good: only these files and folders, and the system's libraries, can be read. Return the back end's name.

    OSError, with the reason, where it is not confined afterwards.
    """
    import ctypes

    library = library or ctypes.CDLL(None)
    try:
        init = library.sandbox_init_with_parameters
    except AttributeError:
        if is_confined(os.getpid(), library=library):
            return f"{NAME} (sandbox-exec)"
        raise OSError("this macOS has no sandbox_init_with_parameters, and sandbox-exec was not put in front") from None
    paths = resolved(readable, home)
    flat = [os.fsencode(text) for pair in parameters(paths) for text in pair]
    values = (ctypes.c_char_p * (len(flat) + 1))(*flat, None)
    why = ctypes.c_char_p()
    init.argtypes = [ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(ctypes.c_char_p), ctypes.POINTER(ctypes.c_char_p)]
    init.restype = ctypes.c_int
    if init(profile(len(paths)).encode("ascii"), 0, values, ctypes.byref(why)) != 0:
        raise OSError(f"Seatbelt refused the profile: {(why.value or b'no reason given').decode('utf-8', 'replace')}")
    if not is_confined(os.getpid(), library=library):
        raise OSError("Seatbelt took the profile, but says that this process is not confined")
    return NAME


def is_confined(pid: int, *, library: Any = None) -> bool:
    """Return whether the system says that a process is under a Seatbelt profile. The engine asks this of its child, too."""
    import ctypes

    library = library or ctypes.CDLL(None)
    check = library.sandbox_check
    check.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int]
    check.restype = ctypes.c_int
    return bool(check(pid, None, 0) == 1)


def home_folder() -> str:
    """Return the person's home as the system knows it: the environment of a child does not name it. Confined, nobody answers that."""
    if sys.platform == "win32":
        raise OSError("Seatbelt is macOS's")
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError as error:
        raise OSError("the system knows no home folder of yours that could be kept from it") from error


def tries(home: str, *, outside: str = "/private/etc/passwd", temporary: str = "/private/tmp") -> list[Outcome]:
    """Try what the profile must refuse. Of each: (claim, what was tried, what came of it, whether it was refused)."""
    if sys.platform == "win32":
        raise OSError("Seatbelt is macOS's")
    import _socket as sockets  # what `socket` is made of; that itself would cost each start 3 ms

    from rlm_desktop.sandbox.child.tries import attempt

    def connect(kind: int) -> None:
        made = sockets.socket(sockets.AF_INET, kind)
        try:
            made.setblocking(False)
            made.connect_ex(("127.0.0.1", 9))  # of TCP, the second call says how the first came out
            if (number := made.connect_ex(("127.0.0.1", 9))) != 0:
                raise OSError(number, os.strerror(number))
        finally:
            made.close()

    def bind() -> None:
        made = sockets.socket(sockets.AF_INET, sockets.SOCK_STREAM)
        try:
            made.bind(("127.0.0.1", 0))
        finally:
            made.close()

    def fork() -> None:
        assert sys.platform != "win32"
        if (pid := os.fork()) == 0:
            os._exit(0)
        os.waitpid(pid, 0)

    def spawn() -> None:
        assert sys.platform != "win32"
        os.waitpid(os.posix_spawn("/usr/bin/true", ["true"], {}), 0)

    return [
        attempt("files read", f"open {outside}", lambda: os.close(os.open(outside, os.O_RDONLY))),
        attempt("files read", "list the home folder", lambda: os.listdir(home)),
        attempt("files write", f"create a file in {temporary}", lambda: _create(temporary)),
        attempt("files write", "create a file in the home folder", lambda: _create(home)),
        attempt("network", "connect to 127.0.0.1 (TCP)", lambda: connect(sockets.SOCK_STREAM)),
        attempt("network", "connect to 127.0.0.1 (UDP)", lambda: connect(sockets.SOCK_DGRAM)),
        attempt("network", "listen on 127.0.0.1", bind),
        attempt("processes", "fork", fork),
        attempt("processes", "start /usr/bin/true", spawn),
        attempt("processes", "signal the parent", lambda: os.kill(os.getppid(), 0)),
        attempt("names hidden", f"look at {outside}", lambda: os.stat(outside)),
    ]


def _create(folder: str) -> None:
    path = os.path.join(folder, f".rlm-desktop-try-{os.getpid()}")
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    os.unlink(path)
