"""A turn's worth of code, and how parts of a question get into it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rlm_desktop.engine.models.builtin.sub_model import BUILTIN_NAME

NOTE = f"This is the {BUILTIN_NAME}: it quotes what matches, it does not reason."


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One turn's worth of code and the sentence that goes before it."""

    says: str
    code: str


def fill(code: str, **parts: str) -> str:
    """Put each part where `@NAME@` stands, in one pass, so that a part's own text is never taken for a place.

    All parts are literals of Python; a backtick in one is escaped, lest three of them end the block.
    """
    return re.sub(r"@([A-Z_]+)@", lambda match: parts[match[1]].replace("`", r"\x60"), code)


def text_literal(text: str) -> str:
    """Return `text` as a literal that Python and people can read."""
    return json.dumps(text, ensure_ascii=False)


def pattern_literal(pattern: str) -> str:
    """Return a regular expression as a raw literal where that can hold it."""
    if pattern.count('"""') or pattern.endswith(('"', "\\")) or "\n" in pattern:
        return repr(pattern)
    return f'r"""{pattern}"""' if '"' in pattern else f'r"{pattern}"'


def written(blocks: Sequence[Block]) -> str:
    """Return blocks as one reply: what they say, and their code between fences."""
    return "\n".join(block.says for block in blocks) + "\n\n```repl\n" + "\n".join(block.code for block in blocks) + "```"
