"""Make the virtual environment, then run or check RLM Desktop. Standard library only.

    python3 dev.py run [ARGS...]    start the program with ARGS (none: the window)
    python3 dev.py test [ARGS...]   ruff, mypy and pytest; ARGS go to pytest

Pinned dependencies go into .venv beside this file. What the system itself lacks (on Linux: Python's ensurepip, the libraries that
Qt needs for a window, a font) is installed where that is allowed, and else named in one command. macOS and Windows lack nothing.
"""

# This file parses from Python 2.7 on, so that an older Python gets as far as its sentence. All else is in packaging/checkout/.

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
OLDEST, NEWEST = (3, 11), (3, 14)

# What installs a newer Python, by the program that does it. The first that is on the PATH is named.
GETTING_ONE = (
    ("brew", "brew install python@3.13"),
    ("winget", "winget install Python.Python.3.13"),
    ("apt-get", "sudo apt-get install python3.11 python3.11-venv"),
    ("dnf", "sudo dnf install python3.12"),
    ("zypper", "sudo zypper install python311"),
    ("pacman", "sudo pacman -Syu python"),
)


def is_on_path(program):  # type: (str) -> bool
    """Say whether a program of this name is there; shutil.which is not in Python 2.7."""
    names = [program, program + ".exe"] if os.name == "nt" else [program]
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return any(os.access(os.path.join(folder, name), os.X_OK) for folder in folders for name in names)


def starts(python):  # type: (str) -> bool
    """Say whether an interpreter is there and works: what lies on the PATH may only stand for one that was never installed."""
    if not is_on_path(python):
        return False
    asked = subprocess.Popen([python, "-c", ""], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    asked.communicate()
    return asked.returncode == 0


def refusal(version):  # type: (tuple[int, ...]) -> str
    """Return the sentences for a Python that is too old: what is wrong, and the one thing to do about it."""
    said = "RLM Desktop needs Python 3.11 to 3.14, and this is Python {}.{}. ".format(*version)
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        if starts("python3.{}".format(minor)):
            return said + "A newer one is here: python3.{} dev.py run".format(minor)
    for program, command in GETTING_ONE:
        if is_on_path(program):
            return said + "Install a newer one, then start dev.py with that:\n\n    {}\n".format(command)
    return said + "Install a newer one, for example from https://www.python.org/downloads/, then start dev.py with that."


if sys.version_info < OLDEST:
    sys.exit("dev.py: " + refusal(sys.version_info[:2]))

sys.path.insert(0, os.path.join(HERE, "packaging"))

from checkout.main import main  # noqa: E402 nothing of it parses in an older Python

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], __doc__))
