"""What is written to the engine's standard input, fuzzed: a request or one sentence, commands or a refusal each."""

from __future__ import annotations

import asyncio
import os
import threading

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlm_desktop.cli import commands_in
from rlm_desktop.cli.commands_in import read_commands, read_first_line
from rlm_desktop.cli.run_options import request_in
from rlm_desktop.errors import UserError
from rlm_desktop.trace import commands
from rlm_desktop.trace.request import DocumentChoice, ModelChoice, RunRequest
from tests.fuzzing import examples, mutated

REQUEST = RunRequest(
    question="How many?",
    documents=(DocumentChoice(path="../../x"), DocumentChoice(text="some text", name="a")),
    model=ModelChoice(name="m", base_url="http://localhost:1/v1", api_key="secret", parameters={"temperature": 0.5}),
)
COMMANDS = [
    commands.encode_line(command)
    for command in (
        commands.Stop(),
        commands.Cancel(call_id=3),
        commands.Interrupt(call_id=3),
        commands.Pause(),
        commands.Resume(),
        commands.Detach(),
    )
]


@given(line=mutated(st.just(msgspec.json.encode(REQUEST))) | st.binary(max_size=100))
@examples(150)
def test_a_changed_request_is_one_or_refused_in_a_sentence(line: bytes) -> None:
    try:
        request_in(line)
        return
    except UserError as error:
        reason = str(error)
    assert reason.endswith(".") and len(reason) < 1_000 and "secret" not in reason


@given(data=mutated(st.lists(st.sampled_from(COMMANDS), max_size=6).map(b"".join)) | st.binary(max_size=100))
@examples(50)
def test_changed_commands_are_taken_or_refused_and_the_next_is_heard(data: bytes) -> None:
    taken, refused = heard(data + b"\n" + COMMANDS[0])
    assert taken and isinstance(taken[-1], commands.Stop)
    assert all(reason.endswith(".") and len(reason) < 1_000 for reason in refused)


def heard(data: bytes) -> tuple[list[commands.AnyCommand], list[str]]:
    """Write `data` into a pipe that commands are read from; return what came out of it by its end."""
    taken: list[commands.AnyCommand] = []
    refused: list[str] = []

    async def go() -> None:
        out, into = os.pipe()
        ended = asyncio.Event()
        writer = threading.Thread(target=write_and_close, args=(into, data))
        writer.start()
        read_commands(out, asyncio.get_running_loop(), on_command=taken.append, on_unreadable=refused.append, on_end=ended.set)
        async with asyncio.timeout(20):
            await ended.wait()
        writer.join()
        os.close(out)

    asyncio.run(go())
    return taken, refused


def write_and_close(descriptor: int, data: bytes) -> None:
    with os.fdopen(descriptor, "wb") as pipe:
        pipe.write(data)


def test_lines_without_end_take_no_room_and_the_command_after_them_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, refused = heard(b"x" * 1_000_000 + b"\n" + COMMANDS[1])
    assert taken == [commands.Cancel(call_id=3)]
    assert refused == ["This line is not a command: it is longer than 65,536 bytes."]
    monkeypatch.setattr(commands_in, "MAX_REQUEST_BYTES", 100_000)
    out, into = os.pipe()
    writer = threading.Thread(target=write_and_close, args=(into, b"x" * 200_000))
    writer.start()
    with pytest.raises(UserError, match="longer than 100,000 bytes"):
        read_first_line(out)
    while os.read(out, 65_536):
        continue
    writer.join()
    os.close(out)


@pytest.mark.parametrize("line", [b'{"command":"\xff"}', b'{"command":"stop","x":' + b"[" * 100_000])
def test_what_no_decoder_of_json_takes_is_refused_too(line: bytes) -> None:
    taken, refused = heard(line + b"\n" + COMMANDS[0])
    assert (len(taken), len(refused)) == (1, 1)
    with pytest.raises(msgspec.MsgspecError):
        commands.decode_progress(line)
    with pytest.raises(UserError, match="is not a request"):
        request_in(b'{"question":"q","x":' + line)
