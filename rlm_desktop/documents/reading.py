"""Reading in a process of its own: a document is foreign input, and the engine's loop has other things to do meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Sequence

import msgspec

from rlm_desktop.errors import UserError
from rlm_desktop.program import keyless_environment, program_command
from rlm_desktop.sandbox.to_the_end import to_the_end
from rlm_desktop.sandbox.values import Confinement
from rlm_desktop.trace.commands import DocumentProgressed
from rlm_desktop.trace.events import DocumentRead, DocumentRefused
from rlm_desktop.trace.request import DocumentChoice

_LINE_BYTES = 16 * 1024 * 1024
_TIME_TO_LEAVE_S = 2.0
_BY_SIGNAL = 128
"""An exit code from here on says that a signal was heeded."""

_outcome_decoder = msgspec.json.Decoder(DocumentRead | DocumentRefused)
_progress_decoder = msgspec.json.Decoder(DocumentProgressed)


async def read_in_child(
    choices: Sequence[DocumentChoice],
    *,
    on_progress: Callable[[DocumentProgressed], None],
    confinement: Confinement = "required",
    command: Sequence[str] | None = None,
) -> list[DocumentRead | DocumentRefused]:
    """Return what became of the choices, their texts in the store of `paths.texts_folder`. Cancelling ends the child.

    Raises UserError when the child fails as a whole; a document that cannot be read is a DocumentRefused. `command` is for another program.
    """
    try:
        request = msgspec.json.encode(list(choices)) + b"\n"
    except UnicodeEncodeError as error:
        raise UserError("The name of a document is no valid UTF-8, so it cannot be handed on. Rename the file.") from error
    try:
        child = await asyncio.create_subprocess_exec(
            *(command or program_command("read", "--jsonl", "--request", "-", "--confinement", confinement)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=keyless_environment(os.environ),
            limit=_LINE_BYTES,
        )
    except OSError as error:
        raise UserError(
            f"The system started no process to read documents: {error.strerror}. Close other programs, or allow more processes and open "
            "files."
        ) from error
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_ask(child, request))
            outcomes = group.create_task(_outcomes(child, on_progress))
            complaint = group.create_task(_complaint(child))
        code = await child.wait()
    except ExceptionGroup as group_error:
        # Of the three only the reading of lines can fail, and its sentence is for the person.
        raise group_error.exceptions[0] from None
    finally:
        await to_the_end(_end(child))
    if code not in (0, 1) or complaint.result():
        # What a signal ended has nothing to say for itself.
        was_stopped = code < 0 or code >= _BY_SIGNAL
        raise UserError(_ended(code) if was_stopped or not complaint.result() else complaint.result())
    return outcomes.result()


async def _ask(child: asyncio.subprocess.Process, request: bytes) -> None:
    assert child.stdin is not None
    child.stdin.write(request)
    # A child that ends before it has read all says why on its stderr.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        await child.stdin.drain()
    child.stdin.close()


async def _outcomes(
    child: asyncio.subprocess.Process, on_progress: Callable[[DocumentProgressed], None]
) -> list[DocumentRead | DocumentRefused]:
    assert child.stdout is not None
    outcomes: list[DocumentRead | DocumentRefused] = []
    async for line in child.stdout:
        try:
            if line.startswith(b'{"progress"'):
                on_progress(_progress_decoder.decode(line))
            else:
                outcomes.append(_outcome_decoder.decode(line))
        except msgspec.MsgspecError as error:
            raise UserError(
                f"The process that reads documents said something that makes no sense: {error}. Is another version installed?"
            ) from error
    return outcomes


async def _complaint(child: asyncio.subprocess.Process) -> str:
    """Return the last line that the child wrote to its stderr: the sentence for the person where there is one, else what broke."""
    assert child.stderr is not None
    text = (await child.stderr.read()).decode("utf-8", "replace").strip()
    if not text:
        return ""
    last = text.splitlines()[-1]
    is_sentence = last.startswith("rlm-desktop: ")
    return (
        last.removeprefix("rlm-desktop: ")
        if is_sentence
        else f"The process that reads documents failed: {last}. Try the documents one by one."
    )


async def _end(child: asyncio.subprocess.Process) -> None:
    """End the child if it has not: first politely, so that it removes what it has half-written."""
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
        try:
            async with asyncio.timeout(_TIME_TO_LEAVE_S):
                await child.wait()
        except TimeoutError:
            child.kill()
            await child.wait()


def _ended(code: int) -> str:
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    return f"The process that reads documents ended before its time ({how}). Try again, with fewer documents if memory is short."
