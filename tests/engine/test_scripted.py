"""Replies laid down beforehand: the same script gives the same replies."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rlm_desktop.engine.models.base import Message, ModelError, ModelReply, ModelRequest
from rlm_desktop.engine.models.scripted import Rule, Script, ScriptedModel, load_script
from rlm_desktop.errors import UserError


def says(text: str) -> list[Message]:
    return [Message(role="user", content=text)]


def asked(script: Script, text: str = "?") -> ModelReply:
    return asyncio.run(ScriptedModel(script).complete(ModelRequest(messages=says(text))))


def written(tmp_path: Path, value: object) -> Path:
    path = tmp_path / "script.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def test_a_function_sees_the_messages_and_gives_the_reply() -> None:
    reply = asked(lambda messages: messages[-1].content.upper(), "how many?")
    assert reply.text == "HOW MANY?"
    assert reply.usage is not None
    assert reply.usage.is_estimate


def test_a_function_may_give_a_whole_reply_or_a_rule_or_wait() -> None:
    async def later(_messages: object) -> str:
        await asyncio.sleep(0)
        return "waited"

    assert asked(lambda _messages: ModelReply(text="a", finish_reason="length")).finish_reason == "length"
    assert asked(lambda _messages: Rule(reply="b", reasoning="hm")).reasoning == "hm"
    assert asked(later).text == "waited"


def test_an_empty_reply_fails_as_it_would_behind_a_server() -> None:
    with pytest.raises(ModelError):
        asked(lambda _messages: "  ")


def test_the_text_is_streamed_to_who_listens() -> None:
    heard: list[str] = []
    asyncio.run(ScriptedModel(lambda _messages: "all of it").complete(ModelRequest(messages=says("?"), on_text=heard.append)))
    assert "".join(heard) == "all of it"


def test_texts_in_a_file_are_given_in_their_order_and_once(tmp_path: Path) -> None:
    script = load_script(written(tmp_path, ["one", "two"]))
    assert [asked(script).text for _ in range(2)] == ["one", "two"]
    with pytest.raises(ModelError, match="no reply left") as caught:
        asked(script)
    assert caught.value.is_final


def test_the_first_rule_that_fits_and_is_not_used_up_is_taken(tmp_path: Path) -> None:
    rules = [
        {"when": "ships", "reply": "first", "times": 1},
        {"when": "(?i)SHIPS", "reply": "again"},
        {"reply": "whatever", "times": 2},
        {"error": "no more", "is_final": True, "times": 1},
    ]
    script = load_script(written(tmp_path, {"rules": rules}))
    assert [asked(script, text).text for text in ("ships", "ships", "ships", "x", "y")] == [
        "first",
        "again",
        "again",
        "whatever",
        "whatever",
    ]
    with pytest.raises(ModelError, match="no more") as caught:
        asked(script, "z")
    assert caught.value.is_final


def test_only_the_last_user_message_is_looked_at(tmp_path: Path) -> None:
    script = load_script(written(tmp_path, [{"when": "ships", "reply": "ships!"}, {"when": "whales", "reply": "whales!"}]))
    messages = [*says("ships"), Message(role="assistant", content="ships"), *says("whales"), Message(role="assistant", content="ships")]
    assert script(messages).reply == "whales!"


def test_many_threads_get_each_reply_once(tmp_path: Path) -> None:
    texts = [str(number) for number in range(500)]
    script = load_script(written(tmp_path, texts))
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda _n: script(says("?")).reply or "", range(500)))
    assert sorted(given, key=int) == texts


def test_delays_add_up(tmp_path: Path) -> None:
    script = load_script(written(tmp_path, {"delay_s": 0.25, "rules": ["a", {"reply": "b", "delay_s": 0.5, "times": 1}]}))
    assert [script(says("?")).delay_s for _ in range(2)] == [0.25, 0.75]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "not json",
        "{}",
        "7",
        [7],
        [{"when": "x"}],
        [{"reply": "a", "error": "b"}],
        [{"reply": "a", "when": "("}],
        [{"reply": "a", "wehn": "x"}],
        [{"reply": "a", "times": -1}],
        [{"reply": "a", "delay_s": -1}],
        "[" * 100_000,
    ],
)
def test_a_file_that_is_no_script_is_refused_with_the_reason(tmp_path: Path, value: object) -> None:
    with pytest.raises(UserError, match=r"script\.json is not a list of replies"):
        load_script(written(tmp_path, value))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        load_script(tmp_path / "gone.json")
