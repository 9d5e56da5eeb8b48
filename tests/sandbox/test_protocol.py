"""Code that gets hold of the protocol's pipe: it can end its own process, and nothing more."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Sequence

import pytest

from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.values import Executed, SandboxDied, SubReply, SubRequest
from tests.sandbox.box import echo, execute, in_sandbox, run

FIND = """
import gc, json, os, struct, sys
pipe = next(o for o in gc.get_objects() if type(o).__name__ == 'Pipe')
fd = pipe._out_fd
def frame(header, body=b'', head_bytes=None, body_bytes=None):
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    lengths = len(head) if head_bytes is None else head_bytes, len(body) if body_bytes is None else body_bytes
    os.write(fd, struct.pack('<II', *lengths) + head + body)
DONE = {'op': 'done', 'block': 0, 'error': None, 'parts': [0, 0, 0, 0, 2], 'answer_bytes': None, 'ready': False,
        'stdout_chars': 0, 'stdout_cut': False, 'stderr_chars': 0, 'stderr_cut': False}
REQUEST = {'op': 'request', 'id': 0, 'block': 0, 'kind': 'llm', 'batch': False, 'items': 1, 'line': None, 'model': None}
ITEM = {'op': 'item', 'id': 0, 'index': 0, 'prompt_bytes': 1, 'context': None}
"""
WAIT = "\nimport time\ntime.sleep(30)"


@pytest.mark.parametrize(
    "attack",
    [
        "os.write(fd, os.urandom(100))",
        "os.write(fd, b'\\xff' * 8)",
        "frame(b'', head_bytes=0xFFFFFFFF)",
        "frame({'op': 'ready', 'python': 'x', 'held_by': ''}, b'', body_bytes=0xFFFFFFFF)",
        "frame({'op': 'ready', 'python': 'x', 'held_by': ''})",
        "frame({'op': 'loaded', 'chars': 1, 'error': None})",
        "frame({'op': 'value', 'id': 0, 'found': True}, b'x')",
        "frame({'op': 'exec'})",
        "frame({'op': ['done']})",
        "frame(b'[]')",
        'frame(b\'{"op": "ready", "python": NaN, "held_by": ""}\')',
        'frame(b\'{"op": "ready", "python": "x", "python": "y", "held_by": ""}\')',
        'frame(b\'{"op": "ready", "python": "\\\\ud800", "held_by": ""}\')',
        'frame(b\'{"op": "ready", "python": "\\xff", "held_by": ""}\')',
        "frame(b'{\"op\": ' + b'[' * 100_000 + b'}')",
        'frame(b\'{"op": "value", "id": \' + b\'9\' * 5000 + b\', "found": true}\')',
        "frame({**DONE, 'block': 1})",
        "frame({**DONE, 'block': True}, b'[]')",
        "frame({**DONE, 'parts': [0]}, b'[]')",
        "frame({**DONE, 'parts': [0, 0, 0, 0, -2]}, b'[]')",
        "frame({**DONE, 'parts': [2**60, 0, 0, 0, 2]}, b'[]')",
        "frame({**DONE, 'parts': [2_000_000, 0, 0, 0, 2]}, b'x' * 2_000_000 + b'[]')",
        "frame({**DONE, 'parts': [0, 0, 0, 0, 2_000_000]}, b'[]' + b' ' * 1_999_998)",
        "frame({**DONE, 'answer_bytes': 300_000_000}, b'', body_bytes=300_000_002)",
        "frame({**DONE, 'more': 1}, b'[]')",
        "frame(DONE, b'{}')",
        "frame({**DONE, 'parts': [0, 0, 0, 0, 18]}, b'[{\"name\": \"a\"}]   ')",
        "frame({**REQUEST, 'kind': 'files'})",
        "frame({**REQUEST, 'items': 0})",
        "frame({**REQUEST, 'items': 10**9, 'batch': True})",
        "frame({**REQUEST, 'items': 2})",
        "frame({**REQUEST, 'model': 'm' * 1000})",
        "frame({**REQUEST, 'line': -1})",
        "frame(REQUEST); frame(REQUEST)",
        "frame(REQUEST); frame({**ITEM, 'index': 1}, b'x')",
        "frame(REQUEST); frame({**ITEM, 'prompt_bytes': 5}, b'x')",
        "frame(REQUEST); frame({**ITEM, 'context': 'str'}, b'xy')",
        "frame(REQUEST); frame(ITEM, b'\\xff')",
        "frame(REQUEST); frame(ITEM, b'', body_bytes=40_000_000)",
        "frame({**REQUEST, 'kind': 'rlm'}); frame({**ITEM, 'context': 'dict'}, b'x{\"a\": 1}')",
        "frame({**REQUEST, 'kind': 'rlm'}); frame({**ITEM, 'context': 'dict'}, b'x' + struct.pack('<II', 1, 1) + b'a')",
        "frame({**REQUEST, 'kind': 'rlm'}); frame({**ITEM, 'context': 'dict'}, b'x' + struct.pack('<5I', 4, 1, 0, 1, 0) + b'aa')",
        "frame({**REQUEST, 'kind': 'rlm'}); frame({**ITEM, 'context': 'list'}, b'x' + struct.pack('<II', 0xFFFFFFFF, 0))",
        "frame({**REQUEST, 'kind': 'rlm'}); frame({**ITEM, 'context': 'list'}, b'x' + struct.pack('<II', 1, 0xFFFFFFFF))",
        "frame({**REQUEST, 'kind': 'rlm'}); frame({**ITEM, 'context': 'list'}, b'x' + struct.pack('<II', 1, 1) + b'\\xff')",
        "frame({**REQUEST, 'kind': 'rlm'}); frame({**ITEM, 'context': 'list'}, b'xyz')",
        "frame({**REQUEST, 'kind': 'rlm'}); frame({**ITEM, 'context': 'path'}, b'x/etc/passwd')",
    ],
)
def test_a_frame_that_our_code_does_not_write_ends_the_child_with_one_error(attack: str) -> None:
    started = time.monotonic()
    with pytest.raises(SandboxDied, match="broke the protocol") as died:
        run(FIND + attack + WAIT, on_request=echo)
    assert died.value.cause == "protocol" and len(died.value.reason) < 300
    assert time.monotonic() - started < 5


def test_a_forged_end_of_a_block_gains_nothing() -> None:
    with pytest.raises(SandboxDied, match="broke the protocol"):
        run(FIND + "frame(DONE, b'[]')", "import time; time.sleep(30)")


def test_a_forged_request_is_a_request_like_any_other() -> None:
    seen: list[SubRequest] = []

    async def note(request: SubRequest) -> Sequence[SubReply]:
        seen.append(request)
        return await echo(request)

    code = FIND + "frame({**REQUEST, 'id': 10**6, 'line': 77}); frame({**ITEM, 'id': 10**6}, b'x')\nprint(llm_query('own'))"
    assert run(code, on_request=note)[0].stdout == "OWN\n"
    assert [(request.prompts[0].prompt, request.ordinal) for request in seen] == [("x", 0), ("own", 1)]


@pytest.mark.parametrize("cut", ["os.write(fd, b'abc')", "os.write(fd, struct.pack('<II', 100, 0) + b'{')"])
def test_half_a_frame_and_the_end(cut: str) -> None:
    with pytest.raises(SandboxDied, match="exit code 9"):
        run(FIND + cut + "\nos._exit(9)")


@pytest.mark.parametrize("which", ["pipe._out_fd", "pipe._in.fileno()"])
def test_closing_one_direction_ends_the_child(which: str) -> None:
    with pytest.raises(SandboxDied):
        run(FIND + f"os.close({which})\nllm_query('a')" + WAIT, on_request=echo, time_limit_s=1)


def test_a_child_that_does_not_read_is_killed_when_its_time_is_up() -> None:
    async def act(sandbox: Sandbox) -> list[Executed]:
        async def stop_reader(_request: SubRequest) -> Sequence[SubReply]:
            os.kill(sandbox.pid, signal.SIGSTOP)
            return [SubReply(text="x" * 50_000_000)]

        return await execute(sandbox, "llm_query('a')", on_request=stop_reader, time_limit_s=0.2)

    started = time.monotonic()
    with pytest.raises(SandboxDied, match="did not end when it was interrupted"):
        in_sandbox(act)
    assert time.monotonic() - started < 5


def test_a_child_that_reads_slowly_gets_everything() -> None:
    async def act(sandbox: Sandbox) -> list[Executed]:
        async def slow_reader(_request: SubRequest) -> Sequence[SubReply]:
            os.kill(sandbox.pid, signal.SIGSTOP)
            asyncio.get_running_loop().call_later(0.3, os.kill, sandbox.pid, signal.SIGCONT)
            return [SubReply(text="x" * 50_000_000)]

        return await execute(sandbox, "print(len(llm_query('a')))", on_request=slow_reader, time_limit_s=5)

    assert in_sandbox(act)[0].stdout == "50000000\n"


def test_a_reply_to_a_finished_request_is_dropped_by_the_child() -> None:
    async def act(sandbox: Sandbox) -> list[Executed]:
        from rlm_desktop.sandbox.requests import reply_frames

        await execute(sandbox, "print(llm_query('a'))", on_request=echo)
        sandbox._hand_over([*reply_frames(0, [SubReply(text="again")]), *reply_frames(999, [SubReply(text="never asked")])])
        return await execute(sandbox, "print(llm_query('b'))", on_request=echo)

    assert in_sandbox(act)[0].stdout == "B\n"


def test_a_request_in_a_signal_handler_and_at_exit_hangs_nothing() -> None:
    code = (
        "import signal, os, atexit\natexit.register(lambda: llm_query('exit'))\n"
        "signal.signal(signal.SIGUSR1, lambda *a: print(llm_query('s')))\nos.kill(os.getpid(), signal.SIGUSR1)\nprint('ok')"
    )
    assert run(code, on_request=echo)[0].stdout == "S\nok\n"


FORGED_PICKLE = "cos\\nsystem\\n(S'touch /tmp/unpickled'\\ntR."


def test_pickled_bytes_are_text_and_never_loaded() -> None:
    seen: list[str] = []

    async def note(request: SubRequest) -> Sequence[SubReply]:
        seen.extend(prompt.prompt for prompt in request.prompts)
        return await echo(request)

    code = f'import pickle\npickled = b"{FORGED_PICKLE}"\nllm_query(pickled.decode())\nllm_query(pickle.dumps([1]))'
    assert not run(code, on_request=note)[0].is_error
    assert seen[0].startswith("cos\nsystem") and seen[1].startswith("b'\\x80")
    with pytest.raises(SandboxDied, match="no UTF-8"):
        run(
            FIND + "import pickle\nframe(REQUEST); b = pickle.dumps([1]); frame({**ITEM, 'prompt_bytes': len(b)}, b)" + WAIT,
            on_request=echo,
        )


def test_bytes_written_to_whatever_descriptor_is_open_end_the_child_and_nothing_else() -> None:
    """Without looking for the pipe, which confined code can hardly list: it tries numbers."""
    code = "import os\nfor fd in range(3, 21):\n    try: os.write(fd, os.urandom(50))\n    except OSError: pass"
    with pytest.raises(SandboxDied, match="broke the protocol"):
        run(code + WAIT)


@pytest.mark.parametrize(
    "start", ["os.write(fd, b'abc')", "os.write(fd, struct.pack('<II', 30, 0) + b'{')", "frame(REQUEST)", "frame({**REQUEST, 'items': 9})"]
)
def test_half_of_something_and_then_the_end_of_the_block(start: str) -> None:
    with pytest.raises(SandboxDied, match="broke the protocol"):
        run(FIND + start, "pass", on_request=echo)


def test_half_a_frame_and_then_nothing_is_over_when_its_time_is() -> None:
    with pytest.raises(SandboxDied):
        run(FIND + "frame({**REQUEST, 'items': 1})" + WAIT, on_request=echo, time_limit_s=0.3)


def test_a_reply_for_a_forged_id_goes_to_nobody() -> None:
    code = FIND + (
        "frame({**REQUEST, 'id': 2**53}); frame({**ITEM, 'id': 2**53}, b'x')\n"
        "frame({**REQUEST, 'id': 0}); frame(ITEM, b'x'); frame({**REQUEST, 'id': 0}); frame(ITEM, b'y')\nprint(llm_query('own'))"
    )
    assert run(code, on_request=echo)[0].stdout in ("OWN\n", "X\n", "Y\n")  # it is the child's own namespace that it lies to


IN_DEL = """
import gc
class D:
    def __init__(self): self.me = self
    def __del__(self):
        try: said.append(llm_query('dying'))
        except BaseException as e: said.append(e)
said = []
"""


def test_a_request_in_a_destructor_is_answered() -> None:
    assert run(IN_DEL + "D(); gc.collect(); print(said)", on_request=echo)[0].stdout == "['DYING']\n"


def test_a_request_in_the_middle_of_sending_another_is_an_error_and_no_deadlock() -> None:
    """Garbage may be collected, and a signal may come, while the frames of a request are made."""
    code = (
        "pipe_type = type(next(o for o in __import__('gc').get_objects() if type(o).__name__ == 'Pipe'))\n"
        "send = pipe_type._send\ndef sends(self, frames):\n    pipe_type._send = send\n"
        "    try: llm_query('inner')\n    except RuntimeError as e: print(e)\n    send(self, frames)\n"
        "pipe_type._send = sends\nprint(llm_query('outer'))"
    )
    (done,) = run(code, on_request=echo)
    assert done.stdout == "a signal handler or __del__ can make no model call while this thread is sending one\nOUTER\n"
