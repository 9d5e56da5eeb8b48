"""Replies that are made to keep the engine busy: reading them takes time in proportion to their length."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from rlm_desktop.engine.blocks import parse
from rlm_desktop.engine.models.base import Message, ModelError
from rlm_desktop.engine.models.builtin import reply
from rlm_desktop.engine.models.builtin.question import understand
from rlm_desktop.engine.models.chat_reply import ReplyReader

WELL_OVER_S = 2.0
"""Each takes hundredths of a second; what grows with the square of the length takes minutes."""


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "*" * n,
        lambda n: "> " * n + "FINAL",
        lambda n: "~" * n + "`",
        lambda n: "```" + " " * n + "`",
        lambda n: "```" + "a" * n + "`",
        lambda n: "```repl\nx = '''\n" + "```\n" * n,
        lambda n: "```repl\n'''\n```\n''' '''\n" * (n // 10),
        lambda n: "```repl\n'''\n" + "\"'\n```\n" * n,
        lambda n: '```repl\nx = "' + '\\"' * n + "\n```\n```\n",
        lambda n: "FINAL(" + "(" * n,
    ],
)
def test_a_reply_of_any_shape_is_parsed_in_linear_time(make: Callable[[int], str]) -> None:
    text = make(40_000)
    started = time.perf_counter()
    parse(text)
    assert time.perf_counter() - started < WELL_OVER_S


def test_a_body_of_white_space_is_read_in_linear_time() -> None:
    reader = ReplyReader("server", [])
    started = time.perf_counter()
    for _ in range(2_000):
        reader.feed(b" " * 16_384)
    with pytest.raises(ModelError, match="empty body"):
        reader.finish()
    assert time.perf_counter() - started < WELL_OVER_S


def test_a_stream_of_one_endless_line_is_read_in_linear_time() -> None:
    reader = ReplyReader("server", [])
    started = time.perf_counter()
    for _ in range(2_000):
        reader.feed(b"x" * 16_384)
    with pytest.raises(ModelError):
        reader.finish()
    assert time.perf_counter() - started < WELL_OVER_S


def test_apostrophes_in_a_long_string_do_not_hide_its_end() -> None:
    parsed = parse("```repl\ntext = '''It's\n```\nover'''\nprint(text)\n```\nThat is it.")
    assert parsed.blocks == ("text = '''It's\n```\nover'''\nprint(text)",)


@pytest.mark.parametrize("sign", ["=", "-", "*", "~", "`", "#", " "])
def test_the_built_in_model_reads_a_line_of_signs_in_linear_time(sign: str) -> None:
    started = time.perf_counter()
    reply([Message(role="user", content=f"What is the code?\n\n{sign * 30_000}")])
    assert time.perf_counter() - started < WELL_OVER_S


def test_the_built_in_model_takes_a_question_of_any_length() -> None:
    started = time.perf_counter()
    assert understand("What is the code of the vault? " * 20_000).terms
    assert time.perf_counter() - started < WELL_OVER_S
