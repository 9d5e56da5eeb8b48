"""A file that is no document, said in a sentence."""

from __future__ import annotations


class RefusedError(Exception):
    """`kind` says in a few words why, for a list of many; the text is the sentence for the person."""

    def __init__(self, sentence: str, kind: str) -> None:
        super().__init__(sentence)
        self.kind = kind
