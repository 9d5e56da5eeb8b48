"""The parser of every command: what it says of a wrong option shows that option as it is, whatever characters are in it."""

from __future__ import annotations

import argparse
from typing import NoReturn

from rlm_desktop.present.plain import plain


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        # A pattern such as * becomes the names of files, which may look like options.
        super().error(plain(message, keeps_lines=False))
