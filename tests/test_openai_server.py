"""The server on loopback that the other tests and people try the program against."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from rlm_desktop.engine.models.base import ModelError
from rlm_desktop.engine.models.builtin import reply
from rlm_desktop.engine.models.openai_chat import OpenAIChat
from rlm_desktop.servers.address import server_at
from tests.engine.chat import ASKED, request
from tests.openai_server import OpenAIServer

SERVER = Path(__file__).with_name("openai_server.py")


def ask_process(*arguments: str) -> str:
    """Start the server as a process, ask it once, end it."""
    process = subprocess.Popen([sys.executable, str(SERVER), "--port", "0", *arguments], stdout=subprocess.PIPE, text=True, cwd="/")
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()

        async def go() -> str:
            model = OpenAIChat("any", server=server_at(url))
            try:
                return (await model.complete(request())).text
            finally:
                await model.aclose()

        return asyncio.run(go())
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


def test_it_echoes() -> None:
    assert ask_process("--model", "echo") == ASKED[-1].content


def test_the_built_in_model_behind_it_gives_what_it_gives_without_it() -> None:
    assert ask_process("--model", "builtin") == reply(ASKED)


def test_it_follows_a_script(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_text('[{"when": "How many", "reply": "Twelve."}]')
    assert ask_process("--model", str(script)) == "Twelve."
    script.write_text('[{"error": "The server has the flu."}]')
    with pytest.raises(ModelError, match="flu"):
        ask_process("--model", str(script))


def test_what_a_test_s_model_raises_fails_the_test() -> None:
    def model(_messages: object, _body: object) -> str:
        raise LookupError

    async def go(url: str) -> None:
        chat = OpenAIChat("any", server=server_at(url))
        try:
            await chat.complete(request())
        finally:
            await chat.aclose()

    with pytest.raises(LookupError), OpenAIServer(model) as server, pytest.raises(ModelError):
        asyncio.run(go(server.base_url))
