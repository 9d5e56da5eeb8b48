"""Other programs that are run on the person's behalf, and what it means when they fail."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

# What a failed command says -> what that means for the person. The first that is found holds.
MEANINGS = {
    r"No space left|Errno 28|Errno 122|Disk quota|WinError 112": "The disk is full. Free about 1 GB and run this again.",
    r"Long Path|WinError 206|Errno 36": "The path of {root} is too long. Move it nearer to the top of the disk and run this again.",
    r"WinError (5|32)\b": "A file of {root} is in use. Close RLM Desktop and whatever else has it open, and run this again.",
    r"Permission denied|Errno 13|Read-only file system|Errno 30": "Writing is not permitted: mend the permissions of {root} and try again.",
    r"DO NOT MATCH THE HASHES": "A downloaded package is not the one that was pinned. Empty pip's cache (pip cache purge) and run this "
    "again; if it stays so, do not trust the package index that pip is set to.",
    r"name resolution|NewConnection|ConnectTimeout|ReadTimeout|timed out|ProxyError|SSLError|Connection (refused|reset|aborted)|"
    r"Connection broken|Network is unreachable|Max retries": "The package index cannot be reached. Check the network, or the proxy and "
    "the index that pip is set to, and run this again.",
    r"No matching distribution": "The package index has no build of a pinned package for this system and Python {python}. "
    "RLM Desktop runs with a 64-bit Python 3.11 to 3.14 on Windows, on macOS 13 or newer, and on Linux with glibc 2.34 or newer "
    "(2.39 on ARM).",
}


class Problem(Exception):
    """One sentence or a few for the person: what failed, why, what to do."""


def obey(command: Sequence[str], complaint: str) -> None:
    """Run a command, its words on stderr because stdout is the program's own; stop with a sentence if it fails."""
    said = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace"
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            sys.stderr.write(line)
            said.append(line)
    if process.returncode != 0:
        raise Problem(f"{complaint}. {meaning_of(''.join(said))}")


def meaning_of(output: str) -> str:
    """Return what a failed command's words mean for the person, and what to do."""
    known = (meaning for sign, meaning in MEANINGS.items() if re.search(sign, output))
    return next(known, "What was said above should tell why.").format(root=ROOT, python="{}.{}".format(*sys.version_info))


def say(what: str) -> None:
    print(f"== {what}", file=sys.stderr, flush=True)
