"""The built-in model asked plainly: whose prompt it may be, in what form, in what script."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from rlm_desktop.engine.models.base import Message, ModelRequest
from rlm_desktop.engine.models.builtin import BUILTIN_NAME, NOT_FOUND, BuiltinModel, reply

TEXT = (
    "The dome of the observatory cost 1,200 crowns. Its keeper, Anna Lindqvist, came from Malmö in the spring of 1843.\n"
    "The code of the cellar door is QX-7741. The cat sleeps on the stairs, and nobody knows why."
)


def asked(prompt: str) -> str:
    return reply([Message(role="user", content=prompt)])


@pytest.mark.parametrize(
    "form",
    [
        "Question: {q}\n\nText:\n{t}",
        "{q}\n\n{t}",
        "{t}\n\n{q}",
        'Answer from the passage only.\n\n"""\n{t}\n"""\n\n{q}',
        "<document>\n{t}\n</document>\n\n{q} If it is not there, say so.",
        "{q}\n---\n{t}\n---",
        "Read this chunk and answer: {q}\n\nChunk:\n{t}",
        "Context: {t}\n\nQuestion: {q}\nAnswer:",
        "```\n{t}\n```\nBased on the text above, {q}",
    ],
)
def test_question_and_text_are_told_apart_in_the_forms_that_people_use(form: str) -> None:
    text = asked(form.format(q="Who is the keeper of the observatory?", t=TEXT))
    assert "Its keeper, Anna Lindqvist" in text and text in TEXT and "cellar" not in text


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("How much did the dome cost?", "1,200 crowns"),
        ("When did Anna Lindqvist come?", "1843"),
        ("What is the code of the cellar door?", "QX-7741"),
        ("Where does the cat sleep?", "on the stairs"),
    ],
)
def test_stated_fact_is_quoted_word_for_word(question: str, part: str) -> None:
    text = asked(f"Question: {question}\n\nText:\n{TEXT}")
    assert part in text and text in TEXT


@pytest.mark.parametrize(
    ("question", "text", "part"),
    [
        ("谁发明了蒸汽机？", "蒸汽机由瓦特改良。他住在伯明翰。纽科门在1712年发明了第一台蒸汽机。", "纽科门"),
        ("東京タワーの高さはいくらですか？", "京都は古い町です。東京タワーの高さは三百三十三メートルです。", "三百三十三"),
        ("Wer gründete den Verein?", "Der Verein zählt 40 Mitglieder. Die Gründung geht auf Karl Lenz zurück.", "Karl Lenz"),
        ("Qui a peint le portrait ?", "Le cadre est doré. Le portrait fut peint par Jeanne Morel.", "Jeanne Morel"),
        ("¿Cuánto costó el barco?", "El puerto es pequeño. El barco costó 900 pesos.", "900"),
        ("Кто построил мост?", "Река широка. Мост построил инженер Белов.", "Белов"),
        ("ถ้ำมีความยาวเท่าไร", "คณะเดินทางมาถึงตอนเช้า\nถ้ำมีความยาว 1,240 เมตร", "1,240"),
    ],
)
def test_any_script_is_read(question: str, text: str, part: str) -> None:
    assert part in asked(f"Question: {question}\n\nText:\n{text}")


@pytest.mark.parametrize("question", ["What was the dog's name?", "Who repaired the church organ in Leipzig?", "火车站在哪里？"])
def test_what_is_not_there_gets_the_fixed_sentence(question: str) -> None:
    assert asked(f"Question: {question}\n\nText:\n{TEXT}") == NOT_FOUND


def test_prompt_without_a_text_is_told_what_this_model_is() -> None:
    assert NOT_FOUND in asked("Hello, who are you?") and BUILTIN_NAME in asked("Hello, who are you?")
    assert reply([]) and asked("") and asked("\n\n?\n")


def test_summary_gets_sentences_that_stand_in_the_text() -> None:
    assert asked(f"Summarize the following text:\n\n{TEXT}").startswith("The dome of the observatory")


def test_reply_says_how_sure_it_is_only_where_that_is_asked() -> None:
    prompt = f"Question: Who is the keeper?\n\nText:\n{TEXT}\n\nAlso write how sure you are."
    assert "\nSure: " in asked(prompt) and "Sure" not in asked(prompt.replace("how sure", "whether"))


def test_usage_is_an_estimate_and_the_cost_is_nothing() -> None:
    streamed: list[str] = []
    message = Message(role="user", content=f"Who is the keeper?\n\n{TEXT}")
    model = BuiltinModel()
    answer = asyncio.run(model.complete(ModelRequest(messages=[message], on_text=streamed.append)))
    assert answer.usage is not None and answer.usage.is_estimate and answer.usage.input_tokens == -(-len(message.content) // 4)
    assert answer.cost_usd == 0.0 and answer.source == "builtin" and model.is_free and model.host == "" and model.name == BUILTIN_NAME
    assert "".join(streamed) == answer.text


def test_long_prompt_is_read_off_the_loop() -> None:
    threads: set[int] = set()

    async def ask() -> str:
        request = ModelRequest(messages=[Message(role="user", content=f"Who is the keeper?\n\n{TEXT * 200}")], on_text=lambda _: None)
        asking = asyncio.create_task(BuiltinModel().complete(request))
        while not asking.done():
            threads.update(thread.ident or 0 for thread in threading.enumerate())
            await asyncio.sleep(0.001)
        return (await asking).text

    assert "Lindqvist" in asyncio.run(ask()) and len(threads) > 1


def test_thousand_prompts_at_once_take_a_few_seconds() -> None:
    requests = [
        ModelRequest(messages=[Message(role="user", content=f"Question: Who is keeper number {n}?\n\nText:\n{TEXT * 6}")])
        for n in range(1_000)
    ]

    async def ask() -> None:
        await asyncio.gather(*(BuiltinModel().complete(request) for request in requests))

    began = time.perf_counter()
    asyncio.run(ask())
    assert time.perf_counter() - began < 10


def test_huge_and_odd_prompts_end_soon() -> None:
    began = time.perf_counter()
    for text in ("x" * 300_000, "a. " * 60_000, "\n" * 200_000, "- " * 100_000, "“" * 50_000, "(" * 50_000, "中" * 100_000, "A-1" * 50_000):
        asked(f"Question: who is a?\n\nText:\n{text}")
        asked(text)
    assert time.perf_counter() - began < 20
