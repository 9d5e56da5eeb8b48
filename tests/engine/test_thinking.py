"""What a model thought and what it says, told apart wherever the pieces are cut."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rlm_desktop.engine.models.thinking import ThinkingSplitter

OPENED = [
    ("<think>\nFirst I look.\n</think>\n\nThe answer.", "First I look.", "The answer."),
    ("\n <think>a < b </thin k></think>It is b.", "a < b </thin k>", "It is b."),
    ("<think></think>\n\nThe answer.", "", "The answer."),
    ("<thought>hm</thought>Yes.", "hm", "Yes."),
    ("<thinking>hm</thinking>Yes.", "hm", "Yes."),
    ("[THINK]hm[/THINK]Yes.", "hm", "Yes."),
    ("<think>one</think>\n<think>two</think>\nYes.", "onetwo", "Yes."),
    ("<think>no end", "no end", ""),
]
OPENED_BY_THE_TEMPLATE = [
    ("It begins in the prompt.\n</think>\n\nYes.", "It begins in the prompt.", "Yes."),
    ("</think>\nYes.", "", "Yes."),
]
SAID_ALONE = [
    "The answer.",
    "  The answer. ",
    "<",
    "<thin ice",
    "<table><tr></table>",
    "[TH",
    "The tag `</think>` ends it.",
    "It says <think>so</think> in the middle.",
    "```\n</think>\n```\nis how it ends.",
]


def split(pieces: Sequence[str], *, has_other_reasoning: bool = False) -> tuple[str, str, str]:
    splitter = ThinkingSplitter()
    heard = "".join(splitter.feed(piece) for piece in pieces)
    return (*splitter.close(has_other_reasoning=has_other_reasoning), heard)


def cuts(text: str) -> list[list[str]]:
    """Return `text` whole, in single characters, and cut in two at every place."""
    return [[text], list(text), *([text[:at], text[at:]] for at in range(1, len(text)))]


@pytest.mark.parametrize(("text", "thought", "said"), OPENED + OPENED_BY_THE_TEMPLATE)
def test_thoughts_are_kept_apart_wherever_the_text_is_cut(text: str, thought: str, said: str) -> None:
    for pieces in cuts(text):
        assert split(pieces)[:2] == (thought, said), pieces


@pytest.mark.parametrize(("text", "_thought", "said"), OPENED)
def test_no_thought_is_passed_on_while_it_comes(text: str, _thought: str, said: str) -> None:
    for pieces in cuts(text):
        assert split(pieces)[2] == said, pieces


@pytest.mark.parametrize("text", SAID_ALONE)
def test_a_text_that_speaks_of_tags_stays_as_it_is(text: str) -> None:
    for pieces in cuts(text):
        assert split(pieces)[:2] == ("", text), pieces


def test_a_server_that_keeps_thoughts_apart_leaves_none_in_the_text() -> None:
    text = "It ends with\n</think>\nalone on a line."
    assert split([text], has_other_reasoning=True)[:2] == ("", text)


def test_a_reply_of_nothing_but_space_is_not_looked_at_again_and_again() -> None:
    splitter = ThinkingSplitter()
    heard = [splitter.feed(" ") for _ in range(5_000)]
    assert heard[-1] == " "
    assert splitter.written == " " * 5_000


def test_what_was_written_is_all_of_it() -> None:
    splitter = ThinkingSplitter()
    for piece in ("<think>ab", "c</th"):
        splitter.feed(piece)
    assert splitter.written == "abc</th"
