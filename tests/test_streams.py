"""What is printed by whomever passes the redactor: sentences, tracebacks, warnings, logs, in whatever pieces."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import textwrap

import pytest

from rlm_desktop.redact import LIVE
from rlm_desktop.streams import RedactedText

KEY = "canary-streams-0123456789"
LIVE.add(KEY)


def printed(code: str, **environment: str) -> tuple[str, str]:
    """Run `code` in a program whose streams are prepared and whose key is live; return its stdout and stderr."""
    start = "import os\nfrom rlm_desktop import streams\nfrom rlm_desktop.redact import LIVE\n"
    start += "streams.prepare()\nKEY = os.environ['KEY']\nLIVE.add(KEY)\n"
    done = subprocess.run(
        [sys.executable, "-c", start + textwrap.dedent(code)],
        capture_output=True, text=True, timeout=60, check=False, env={**os.environ, "KEY": KEY, **environment},
    )  # fmt: skip
    assert KEY not in done.stdout + done.stderr
    return done.stdout, done.stderr


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("raise ValueError(f'the server said {KEY}')", "ValueError: the server said ***"),
        (
            "import threading; t = threading.Thread(target=lambda: int(KEY)); t.start(); t.join()",
            "invalid literal for int() with base 10: '***'",
        ),
        ("import warnings; warnings.warn(KEY)", "UserWarning: ***"),
        ("import logging; logging.getLogger('any').error('refused %s', KEY)", "refused ***"),
        ("import sys; sys.stderr.write('a ' + KEY[:9]); sys.stderr.flush(); sys.stderr.write(KEY[9:] + ' b\\n')", "a *** b"),
        ("import sys; print(KEY, file=sys.stderr)", "***"),
        ("streams.tell(KEY.encode().hex())", "***"),
        ("import sys; sys.exit(f'left because of {KEY}')", "left because of ***"),
    ],
)
def test_nothing_that_goes_to_stderr_shows_a_key(code: str, told: str) -> None:
    assert told in printed(code)[1]


def test_what_a_task_failed_of_is_told_without_the_key() -> None:
    code = """
        import asyncio, gc
        async def fail():
            raise OSError(f"no route to {KEY}")
        async def main():
            asyncio.get_running_loop().create_task(fail())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            gc.collect()
            asyncio.get_running_loop().call_exception_handler({"message": f"broken {KEY}"})
        asyncio.run(main())
    """
    told = printed(code)[1]
    assert "no route to ***" in told and "broken ***" in told


def test_what_is_said_on_stdout_loses_live_keys_alone() -> None:
    looks_like_one = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789"
    code = f"streams.say(KEY + ' {looks_like_one}'); streams.flush_stdout(); streams.say((KEY + '\\n').encode())"
    assert printed(code)[0] == f"*** {looks_like_one}\n***\n"


def test_the_client_of_the_protocol_logs_nothing() -> None:
    code = "import openai, logging; print(logging.getLogger('openai').level, len(logging.getLogger().handlers))"
    assert printed(code, OPENAI_LOG="debug")[0] == "0 0\n"


def test_what_may_be_the_beginning_of_a_key_waits_for_what_follows_and_is_not_lost() -> None:
    behind = io.StringIO()
    stream = RedactedText(behind)
    stream.write("it ends in canary-st")
    stream.flush()
    assert behind.getvalue() == "it ends in "
    stream.write("one\n")
    assert behind.getvalue() == "it ends in canary-stone\n"
    stream.write("can")
    stream.write_rest()
    assert behind.getvalue() == "it ends in canary-stone\ncan"


def test_a_stream_in_front_is_as_good_as_the_one_behind() -> None:
    stream = RedactedText(sys.__stderr__ or io.StringIO())
    assert stream.writable() and not stream.readable()
    assert stream.fileno() == 2
    assert stream.encoding.lower().replace("-", "") == "utf8"
