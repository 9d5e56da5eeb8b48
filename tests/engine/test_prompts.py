"""The prompts say what the call has, and nothing of what it has not."""

from __future__ import annotations

import pytest

from rlm_desktop.engine.prompts import BudgetLeft, ContextFacts, ContextPiece, budget_line, first_user, last_user, next_user, system_prompt
from rlm_desktop.trace.events import Heading

LEFT = BudgetLeft(iterations=30)


def test_system_prompt_at_depth_0_names_no_sub_call() -> None:
    text = system_prompt(sub_calls="none", concurrency=16, output_chars=20_000)
    assert "llm_query" not in text and "rlm_query" not in text and "sub-call" not in text


def test_system_prompt_names_the_calls_of_its_depth() -> None:
    plain = system_prompt(sub_calls="plain", concurrency=16, output_chars=20_000)
    recursive = system_prompt(sub_calls="recursive", concurrency=16, output_chars=20_000)
    assert "llm_query_batched" in plain and "rlm_query" not in plain
    assert "rlm_query(" in recursive and "rlm_query_batched" in recursive


@pytest.mark.parametrize("name", ["`context`", "`answer`", "SHOW_VARS()", "`history`", "FINAL(", "FINAL_VAR(", "```repl", "12,345"])
def test_system_prompt_names_what_the_repl_holds(name: str) -> None:
    assert name in system_prompt(sub_calls="none", concurrency=16, output_chars=12_345)


def test_first_message_holds_question_size_names_outline_and_budget() -> None:
    pieces = (
        ContextPiece(
            name="a b.txt", chars=1_200, outline=(Heading(level=1, title="Part one", at=40), Heading(level=2, title="Sub", at=90))
        ),
        ContextPiece(name="c.md", chars=34),
    )
    text = first_user(question="Who  wrote it?\nAnd when?", facts=ContextFacts(kind="dict", chars=1_234, pieces=pieces), left=LEFT)
    for part in (
        "Who  wrote it?\nAnd when?",
        "dict of 1,234 characters in 2 documents",
        "'a b.txt'",
        "'c.md'",
        "Part one @40",
        "Sub @90",
        "30 turns",
    ):
        assert part in text


def test_overview_of_many_documents_with_long_outlines_stays_short() -> None:
    outline = tuple(Heading(level=1 + n % 4, title=f"Heading {n} " * 20, at=n) for n in range(2_000))
    pieces = tuple(ContextPiece(name=f"folder/document {n}.txt", chars=10, outline=outline) for n in range(500))
    text = first_user(question="?", facts=ContextFacts(kind="dict", chars=5_000, pieces=pieces), left=LEFT)
    assert len(text) < 7_000
    assert "more, not listed" in text and "not shown" in text


def test_outline_that_is_too_long_keeps_its_upper_levels() -> None:
    outline = tuple(Heading(level=1 if n % 100 == 0 else 3, title=f"Title {n}", at=n) for n in range(1_000))
    text = first_user(
        question="?", facts=ContextFacts(kind="str", chars=9, pieces=(ContextPiece(name="x", chars=9, outline=outline),)), left=LEFT
    )
    assert "Title 900 @900" in text and "Title 901 " not in text and "990 more headings" in text


def test_prompt_as_context_is_not_repeated_in_the_message() -> None:
    text = first_user(question="secret", facts=ContextFacts(kind="str", chars=6), left=LEFT, question_is_in_context=True)
    assert "secret" not in text and "held in `context`" in text


def test_next_message_nudges_and_tells_a_loss_only_where_due() -> None:
    assert next_user(left=LEFT, no_code=False) == "Left: 30 turns."
    assert "no block of code" in next_user(left=LEFT, no_code=True)
    assert "the variable x is gone" in next_user(left=LEFT, no_code=False, note="the variable x is gone.")


def test_budget_line_names_each_limit_there_is() -> None:
    left = BudgetLeft(iterations=1, calls=4_980, tokens=12_000, cost_usd=0.004, time_s=61.4)
    assert budget_line(left) == "Left: 1 turn, 4,980 calls, 12,000 tokens, $0.0040, 61 s."


def test_last_message_gives_the_reason_and_asks_for_no_code() -> None:
    text = last_user(reason="no turns are left.")
    assert "because no turns are left. No more code" in text and "```" not in text
