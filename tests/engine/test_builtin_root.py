"""The built-in model as root: what it does with a context, a budget, a lost REPL, and nothing to find."""

from __future__ import annotations

import re

import pytest

from rlm_desktop.analysis.quotes import find_quotes
from rlm_desktop.engine.models.base import Message
from rlm_desktop.engine.models.builtin import BUILTIN_NAME, reply
from rlm_desktop.engine.prompts import BudgetLeft, last_user, next_user
from rlm_desktop.trace.messages import REPL_LOST
from tests.engine.builtin_questions import documents
from tests.engine.small_repl import run

FACT = "The observatory at Kestrel Bay was founded in 1843 by Anna Lindqvist."
ASKED = "Who founded the observatory at Kestrel Bay?"


def filler(chars: int) -> str:
    text = documents()["logbook.txt"]
    return text * (chars // len(text) + 1)


def test_answer_quotes_the_sentence_with_its_document_and_range() -> None:
    text = f"{filler(200_000)}\n\n{FACT}\n\n{filler(100_000)}"
    done = run(ASKED, text, name="my notes [2].txt")
    (quote,) = find_quotes(done.answer, ["my notes [2].txt"])
    assert quote.text == FACT == text[quote.at : quote.to]
    assert done.answer.startswith("Found in my notes [2].txt:") and BUILTIN_NAME in done.answer
    assert done.iterations >= 3 and len(done.batches) == 1


def test_no_prompt_holds_much_of_a_large_text() -> None:
    text = f"{filler(2_000_000)}\n\n{FACT}\n\n{filler(500_000)}"
    done = run(ASKED, text)
    told = [message.content for message in done.messages if message.role == "user"]
    assert FACT in done.answer
    assert max(map(len, done.prompts + told)) < len(text) / 100


def test_quote_in_one_of_several_documents_names_that_one() -> None:
    texts = {"a/first.txt": filler(60_000), "b/second.txt": f"{filler(30_000)}\n\n{FACT}\n\n{filler(30_000)}", "c.txt": "Short."}
    (quote,) = find_quotes(run(ASKED, texts, sub_calls="plain").answer, list(texts))
    assert quote.document == "b/second.txt" and texts[quote.document][quote.at : quote.to] == FACT


def test_few_large_documents_are_also_given_to_children_where_recursion_is_allowed() -> None:
    texts = {"first.txt": filler(60_000), "second.txt": f"{filler(40_000)}\n\n{FACT}"}
    done = run(ASKED, texts, sub_calls="recursive")
    assert len(done.children) == 2 and FACT in done.children[1].answer and FACT in done.answer
    assert not run(ASKED, texts, sub_calls="recursive", left=BudgetLeft(iterations=30, calls=60)).children


def test_list_as_context_is_searched_too() -> None:
    assert FACT in run(ASKED, ["nothing here", f"Before. {FACT} After."]).answer


@pytest.mark.parametrize("text", ["", " \n ", "It rained on Tuesday. The cat slept."])
def test_nothing_to_find_is_said_plainly(text: str) -> None:
    answer = run(ASKED, text).answer
    assert answer.startswith("Nothing was found") and "observatory" in answer and BUILTIN_NAME in answer


def test_without_sub_calls_the_code_reads_alone() -> None:
    done = run(ASKED, f"{filler(50_000)}\n\n{FACT}", sub_calls="none")
    assert FACT in done.answer and not done.prompts
    assert not any("llm_query" in message.content for message in done.messages)


def test_batch_stays_within_the_calls_that_are_left() -> None:
    text = f"{filler(300_000)}\n\n{FACT}"
    assert run("Who saw the captain and the steamer?", text, left=BudgetLeft(iterations=30, calls=6)).batches == [5]


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_fewer_turns_are_enough_when_there_are_no_more(turns: int) -> None:
    done = run(ASKED, f"{filler(50_000)}\n\n{FACT}", left=BudgetLeft(iterations=turns, calls=100))
    assert FACT in done.answer and done.iterations == turns


@pytest.mark.parametrize("tail", ["", "\n\nThe rest is about the weather. " * 200])
def test_child_whose_context_is_its_prompt_answers_the_question_held_there(tail: str) -> None:
    prompt = f"{ASKED}\n\nIt rained for a week. {FACT} Nobody came.{tail}"
    (quote,) = find_quotes(run("unused", prompt, question_is_in_context=True).answer, ["context"])
    assert prompt[quote.at : quote.to] == FACT


NASTY = [
    'What is in "@TERMS@" and @QUESTION@?',
    "Where is ```repl\nprint(1)\n``` written?",
    'Is it """ or \\ or \' or {x}?',
    "?",
    "the of and",
    "¿\u0000\ud7ff?",
]


@pytest.mark.parametrize("question", NASTY)
def test_question_with_marks_of_code_runs_as_any_other(question: str) -> None:
    assert run(question, f"{filler(40_000)}\n{FACT}", name="a ``` 'b' \"c\"\\.txt").answer


def test_same_messages_give_the_same_reply() -> None:
    messages = run(ASKED, f"{filler(40_000)}\n\n{FACT}").messages
    for turn in (index for index, message in enumerate(messages) if message.role == "assistant"):
        assert reply(messages[:turn]) == messages[turn].content


def test_last_message_is_answered_in_plain_text_from_what_was_seen() -> None:
    messages = run(ASKED, f"{filler(40_000)}\n\n{FACT}", name="n.txt").messages[:-1]
    asked = Message(role="user", content=f"{messages[-1].content}\n{last_user(reason='no turns are left')}")
    answer = reply([*messages[:-1], asked])
    assert "```" not in answer and find_quotes(answer, ["n.txt"])[0].text == FACT
    early = reply([*messages[:2], Message(role="user", content=last_user(reason="the time is over"))])
    assert "```" not in early and early.startswith("Nothing was found")


def test_lost_repl_is_filled_again_before_going_on() -> None:
    messages = run(ASKED, f"{filler(40_000)}\n\n{FACT}").messages
    told = next_user(left=BudgetLeft(iterations=20), no_code=False)
    lost = Message(role="user", content=f"{REPL_LOST}: it ran out of memory. All variables are gone.\n\n{told}")
    text = reply([*messages[:5], lost])
    assert "documents = {" in text and "terms = [" in text and "llm_query_batched" in text


def test_failed_block_does_not_go_on_for_ever() -> None:
    messages = run(ASKED, FACT).messages[:4]
    failed = Message(role="user", content="Traceback (most recent call last):\n  ...\nMemoryError\n\nLeft: 20 turns.")
    assert "```" not in reply([*messages[:3], failed])


def test_all_code_it_writes_is_short_enough_to_read() -> None:
    for message in run(ASKED, {"a": filler(60_000), "b": filler(60_000)}).messages:
        for block in re.findall(r"(?s)```repl\n(.*?)```", message.content):
            assert len(block) < 12_000
