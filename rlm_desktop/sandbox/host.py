"""The engine's side of one sandbox process."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from rlm_desktop.sandbox.bubblewrap import bubblewrap
from rlm_desktop.sandbox.child.limits import be_first_to_go
from rlm_desktop.sandbox.child.wire import pack
from rlm_desktop.sandbox.claims import claims_of, look, missing
from rlm_desktop.sandbox.clock import BlockClock
from rlm_desktop.sandbox.compiled import compile_child
from rlm_desktop.sandbox.context import ContextFile, FillStopped
from rlm_desktop.sandbox.endings import explain_end, explain_no_start, explain_not_ready
from rlm_desktop.sandbox.frames import FrameError, Header, decode, read_frame
from rlm_desktop.sandbox.kept import keep
from rlm_desktop.sandbox.process import Child, memory_limit_bytes, start_child
from rlm_desktop.sandbox.requests import BLOCK_ENDED, MAX_REQUESTS, Running, reply_frames
from rlm_desktop.sandbox.schema import CHILD_FRAMES, Done, parse_done, parse_tries, read_request, sub_request
from rlm_desktop.sandbox.to_the_end import to_the_end
from rlm_desktop.sandbox.values import (
    REQUIRED_CLAIMS,
    Answer,
    Claim,
    Confinement,
    ContextKind,
    ContextPart,
    DeathCause,
    Executed,
    OnRequest,
    SandboxDied,
    SandboxLimits,
    SubReply,
)

if TYPE_CHECKING:
    from rlm_desktop.sandbox.windows.child import WindowsChild

START_S = 30.0
LOAD_S = 120.0
LOOKUP_S = 10.0
GRACE_S = 2.0
"""Between the interrupt and the kill."""
PIECE_BYTES = 64 * 1024
"""Frames are handed over together up to about this size."""
STRAY_BYTES = 64 * 1024


class Sandbox:
    """One child process. `async with await Sandbox.start(…)`: leaving always kills and reaps it."""

    def __init__(self, child: Child | WindowsChild, context: ContextFile) -> None:
        self._child = child
        self._context = context
        self._limits = SandboxLimits()
        self._answers: dict[str, asyncio.Future[tuple[Header, bytes]]] = {"ready": asyncio.get_running_loop().create_future()}
        self._running: Running | None = None
        self._blocks = 0
        self._lookups = 0
        self._answer: Answer | None = None
        self._stray = bytearray()
        self._died: SandboxDied | None = None
        self._writing = asyncio.Lock()
        self._refused = 0
        self._is_loaded = False
        self._reader = asyncio.create_task(self._read())
        self._stray_reader = asyncio.create_task(self._drain_stray())
        self._tasks = {self._reader, self._stray_reader, asyncio.create_task(self._wait_for_exit())}
        self.pid = child.pid
        """The process in which the REPL is."""
        self.held_by = ""
        """What confines the process, in a few words; empty where nothing does."""
        self.claims: tuple[Claim, ...] = ()

    @classmethod
    async def start(
        cls,
        *,
        limits: SandboxLimits | None = None,
        seed: str = "",
        may_query: bool = True,
        confinement: Confinement = "required",
    ) -> Self:
        """Start a child for use at once. Raises SandboxDied, with the cause `confinement` where a required claim does not hold."""
        sandbox = await cls.prepare(confinement)
        try:
            lacks = sandbox.missing(REQUIRED_CLAIMS) if confinement == "required" else ()
            if lacks:
                raise SandboxDied(f"The sandbox does not hold {', '.join(lacks)}.", "confinement")
            sandbox.adopt(limits=limits, seed=seed, may_query=may_query)
        except BaseException:
            await sandbox.close()
            raise
        return sandbox

    @classmethod
    async def prepare(cls, confinement: Confinement) -> Self:
        """Start a child, and wait until it has confined itself and said how that came out. It has been given nothing yet.

        Where bubblewrap is installed and works, it is around it.
        """
        wrapper = bubblewrap.path if confinement == "required" else None
        if wrapper is None:
            return await cls._born(confinement)
        compile_child()
        try:
            sandbox = await cls._born(confinement, wrapper)
        except SandboxDied as died:
            without = await cls._born(confinement)
            bubblewrap.give_up(died.reason)  # where nothing starts without it either, it is not to blame
            return without
        lacks = sandbox.missing(REQUIRED_CLAIMS)
        if not lacks:
            return sandbox
        bubblewrap.give_up(f"Inside of it {', '.join(lacks)} did not hold.")
        await sandbox.close()
        return await cls._born(confinement)

    @classmethod
    async def _born(cls, confinement: Confinement, wrapper: str | None = None) -> Self:
        try:
            context = ContextFile()
            try:
                child = await start_child(context.read_fd, confinement, wrapper)
            except BaseException:
                context.close()
                raise
        except OSError as error:
            raise explain_no_start(error) from error
        context.close_read()
        sandbox = cls(child, context)
        try:
            header, body = await sandbox._answer_to("ready", timeout_s=START_S)
            sandbox.pid = child.inner_pid()
            if child.is_wrapped:
                be_first_to_go(sandbox.pid)  # inside there is no /proc in which it could say so itself
            sandbox.held_by = (child.held_by or header["held_by"]) + (", bubblewrap" if child.is_wrapped else "")
            sandbox.claims = claims_of(confinement, parse_tries(body), look(sandbox.pid))
        except BaseException:
            await sandbox.close()
            raise
        return sandbox

    @property
    def is_alive(self) -> bool:
        """As far as the system knows now."""
        return self._died is None and self._child.is_alive

    def missing(self, required: Sequence[str]) -> tuple[str, ...]:
        """Return those of the claims that do not hold."""
        return missing(self.claims, required)

    def adopt(self, *, limits: SandboxLimits | None = None, seed: str = "", may_query: bool = True) -> None:
        """Make it the sandbox of a call. `seed` sets its `random`; without `may_query` its code can make no model calls."""
        self._limits = limits = limits or SandboxLimits()
        memory_bytes = limits.memory_bytes or memory_limit_bytes(0)
        hello = {
            "op": "hello", "seed": seed, "may_query": may_query, "cpu_s": limits.cpu_s, "open_files": limits.open_files,
            "memory_bytes": memory_bytes,
        }  # fmt: skip
        self._check_alive()
        self._child.limit_memory(memory_bytes, self._has_too_much)
        self._hand_over([pack(hello)])

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def load_context(self, kind: ContextKind, parts: Sequence[ContextPart]) -> int:
        """Hand over the context, once in a child's life. Return its characters. ValueError where it cannot be read."""
        if self._is_loaded:
            raise ValueError("a context is loaded once; start another sandbox")
        if kind == "str" and len(parts) != 1:
            raise ValueError(f"a context of kind str has one part, not {len(parts)}")
        if kind == "dict" and len({part.name for part in parts}) != len(parts):
            raise ValueError("two parts of the context have the same name")
        self._is_loaded = True
        try:
            sizes = await self._fill(parts)
        except FillStopped:
            self._check_alive()
            raise
        except OSError as error:
            raise ValueError(f"The context's text cannot be read: {error}") from error
        memory_bytes = self._limits.memory_bytes or memory_limit_bytes(sum(sizes))
        self._child.limit_memory(memory_bytes, self._has_too_much)
        index = json.dumps([[part.name, size] for part, size in zip(parts, sizes, strict=True)])
        frame = pack({"op": "load", "kind": kind, "memory_bytes": memory_bytes}, index.encode("utf-8"))
        header, _ = await self._ask("loaded", frame, timeout_s=LOAD_S)
        self._context.close()
        if header["error"] is not None:
            raise ValueError(f"The context's text cannot be read: {header['error']}")
        chars: int = header["chars"]
        return chars

    async def _fill(self, parts: Sequence[ContextPart]) -> list[int]:
        """Fill the context's file off the loop. Cancelled, it stops the copy and waits until that has ended."""
        filling = asyncio.ensure_future(asyncio.to_thread(self._context.fill, parts))
        try:
            return await asyncio.shield(filling)
        except asyncio.CancelledError:
            self._context.close()
            await to_the_end(asyncio.wait([filling]))
            filling.exception()
            raise

    async def execute(
        self, code: str, *, iteration: int, block: int, on_request: OnRequest, time_limit_s: float, clock: BlockClock | None = None
    ) -> Executed:
        """Run one block. Its requests are answered by `on_request`, several at once if threads send them; what it raises ends the child.

        After `time_limit_s` on the clock the block is interrupted, 2 s later its process is killed (SandboxDied).
        """
        self._check_alive()
        if self._running is not None:
            raise RuntimeError("a block runs already")
        clock = clock or BlockClock()
        clock.restart()
        done: asyncio.Future[tuple[Header, Done]] = asyncio.get_running_loop().create_future()
        running = self._running = Running(
            number=self._blocks, on_request=on_request, clock=clock, done=done, hand_over=self._hand_over, write=self._write
        )
        self._blocks += 1
        started = time.monotonic()
        header = {
            "op": "exec",
            "block": running.number,
            "name": f"{iteration}.{block}",
            "captured_bytes": self._limits.captured_output_chars,
        }
        try:
            self._hand_over([pack(header, code.encode("utf-8", "replace"))])
            header, result = await self._watch(running, clock, time_limit_s)
            duration_s = time.monotonic() - started
            await running.cancel_requests()
            return self._executed(running, header, result, duration_s=duration_s)
        except BaseException:
            self._kill(SandboxDied("The sandbox process was ended in the middle of a block.", "interrupt"))
            await to_the_end(running.cancel_requests())
            raise
        finally:
            self._running = None

    async def _watch(self, running: Running, clock: BlockClock, time_limit_s: float) -> tuple[Header, Done]:
        """Return the block's `done` frame; interrupt, then kill, a block whose time is up."""

        async def limit() -> None:
            await clock.wait_until(time_limit_s)
            await self._interrupt(running, f"it ran longer than {time_limit_s:g} s", "time_limit")

        def begin() -> None:
            if running.interrupted_by is None:
                running.guard(limit())

        # The block's clock may stand still but never runs fast: so long nothing needs to look at it, and most blocks end before.
        timer = asyncio.get_running_loop().call_later(time_limit_s, begin)
        try:
            return await running.done
        finally:
            timer.cancel()
            running.end_guard()

    def interrupt(self, why: str) -> bool:
        """Have the running block end: requests first, then a KeyboardInterrupt in its code, after 2 s a kill. False where none runs.

        `why` is a clause, which the block's output says.
        """
        running = self._running
        if running is None or running.done.done():
            return False
        if running.interrupted_by is None:
            running.interrupted_by = why
            running.guard(self._interrupt(running, why, "interrupt"))
        return True

    async def _interrupt(self, running: Running, why: str, cause: DeathCause) -> None:
        running.interrupted_by = running.interrupted_by or why
        await running.cancel_requests()
        self._hand_over([pack({"op": "interrupt", "block": running.number})])
        await asyncio.wait([running.done], timeout=GRACE_S)
        if not running.done.done():
            self._kill(SandboxDied(f"The block did not end when it was interrupted ({why}), so its process was killed.", cause))

    def _executed(self, running: Running, header: Header, done: Done, *, duration_s: float) -> Executed:
        limit_chars = self._limits.kept_output_chars
        stdout = keep(done.stdout, printed_chars=header["stdout_chars"], is_cut=header["stdout_cut"], limit_chars=limit_chars)
        stderr = keep(done.stderr, printed_chars=header["stderr_chars"], is_cut=header["stderr_cut"], limit_chars=limit_chars)
        error_type: str | None = header["error"]
        if running.interrupted_by is not None:
            stderr += f"The block was interrupted: {running.interrupted_by}. The variables it had set are still there.\n"
            error_type = error_type or "KeyboardInterrupt"
        before = self._answer
        if done.answer is not None:
            self._answer = Answer(content=done.answer, ready=header["ready"])
        stray, self._stray = bytes(self._stray), bytearray()
        return Executed(
            stdout=stdout, stderr=stderr, stdout_chars=header["stdout_chars"], stderr_chars=header["stderr_chars"],
            is_error=error_type is not None, error_type=error_type, answer=self._answer, answer_changed=self._answer != before,
            variables=done.variables, duration_s=duration_s, waiting_s=running.waiting_s, stray=stray.decode("utf-8", "replace"),
            is_interrupted=running.interrupted_by is not None,
        )  # fmt: skip

    async def lookup(self, name: str) -> str | None:
        """Return `str()` of a variable, None if there is none of this name. Between blocks only."""
        self._check_alive()
        if self._running is not None:
            raise RuntimeError("a block runs")
        self._lookups += 1
        frame = pack({"op": "lookup", "id": self._lookups}, name.encode("utf-8", "replace"))
        header, body = await self._ask("value", frame, timeout_s=LOOKUP_S)
        return decode(body) if header["found"] else None

    async def close(self) -> None:
        """Kill, reap, and close everything. May be called again."""
        await to_the_end(self._close())

    async def _close(self) -> None:
        self._kill(SandboxDied("The sandbox was closed.", "interrupt"))
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        self._context.close()
        await self._child.end()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _has_too_much(self, reason: str) -> None:
        self._kill(SandboxDied(reason, "memory"))

    def _check_alive(self) -> None:
        if self._died is not None:
            raise self._died

    async def _ask(self, answer: str, frame: bytes, *, timeout_s: float) -> tuple[Header, bytes]:
        """Send a command and return the frame that answers it; a child that does not answer in time is killed."""
        self._check_alive()
        self._answers[answer] = asyncio.get_running_loop().create_future()
        return await self._answer_to(answer, frame, timeout_s=timeout_s)

    async def _answer_to(self, answer: str, frame: bytes | None = None, *, timeout_s: float) -> tuple[Header, bytes]:
        try:
            async with asyncio.timeout(timeout_s):
                if frame is not None:
                    await self._write([frame])
                return await self._answers[answer]
        except TimeoutError:
            self._kill(SandboxDied(f"The sandbox process gave no answer ({answer}) within {timeout_s:g} s and was killed.", "time_limit"))
            self._check_alive()
            raise
        finally:
            del self._answers[answer]

    def _hand_over(self, frames: Iterable[bytes]) -> None:
        """Give whole frames to the pipe at once: nothing that is cancelled leaves one half written."""
        if self._died is None:
            self._child.stdin.writelines(frames)

    async def _write(self, frames: Iterable[bytes]) -> None:
        """Hand over piece by piece, each when the child has read on: of all that it does not read, one piece takes up room here."""
        try:
            async with self._writing:
                for piece in _together(frames):
                    self._hand_over(piece)
                    await self._child.stdin.drain()
        except ConnectionError:
            return  # the child is gone; the reader says how

    async def _read(self) -> None:
        """Take every frame of the child, until it ends or sends one that is not of our making."""
        try:
            while True:
                await self._take(*await read_frame(self._child.stdout, CHILD_FRAMES))
        except FrameError as error:
            self._kill(SandboxDied(f"The sandbox process broke the protocol ({error}) and was killed.", "protocol"))
        except (asyncio.IncompleteReadError, ConnectionError):
            await asyncio.wait([self._child.exited], timeout=1.0)
            await self._explain(self._child.exited.result() if self._child.exited.done() else None)

    async def _wait_for_exit(self) -> None:
        """See the child's end also when a process that it started keeps the pipe open."""
        code = await asyncio.shield(self._child.exited)
        await asyncio.wait([self._reader], timeout=1.0)
        await self._explain(code)

    async def _explain(self, code: int | None) -> None:
        """End it with what its exit code says; as long as it is not ready, what it printed are its own words."""
        if "ready" not in self._answers:
            return self._kill(explain_end(code))
        await asyncio.wait([self._stray_reader], timeout=1.0)
        self._kill(explain_not_ready(code, self._stray.decode("utf-8", "replace")))

    async def _take(self, header: Header, body: bytes) -> None:
        op: str = header["op"]
        running = self._running
        if op == "request":
            await self._take_request(header)
        elif op == "done":
            if running is None or header["block"] != running.number or running.done.done():
                raise FrameError("the end of a block that does not run")
            running.done.set_result((header, parse_done(header, body)))
        elif (future := self._answers.get(op)) is None or future.done() or header.get("id", self._lookups) != self._lookups:
            raise FrameError(f"a frame {op!r} that nobody asked for")
        else:
            future.set_result((header, body))

    async def _take_request(self, header: Header) -> None:
        kind, prompts, held_bytes = await read_request(self._child.stdout, header)
        if self._running is not None:
            await self._running.make_room()
        running = self._running
        if running is None or running.done.done() or running.interrupted_by is not None:
            self._refused += 1
            if self._refused > MAX_REQUESTS:
                return self._kill(SandboxDied("Threads of blocks that had ended went on asking, so their process was killed.", "protocol"))
            return await self._write(reply_frames(header["id"], [SubReply(error=BLOCK_ENDED)] * len(prompts)))
        if running.requests >= MAX_REQUESTS:
            return self._kill(SandboxDied(f"The block made more than {MAX_REQUESTS:,} requests, so its process was killed.", "protocol"))
        request = sub_request(header, kind, prompts, running.requests)
        running.requests += 1
        running.start_request(header["id"], request, held_bytes)

    async def _drain_stray(self) -> None:
        while data := await self._child.stderr.read(STRAY_BYTES):
            self._stray += data[: STRAY_BYTES - len(self._stray)]

    def _kill(self, died: SandboxDied) -> None:
        """End the process; whoever waits for it gets the first reason."""
        self._died = self._died or died
        self._child.kill()
        waiting: list[asyncio.Future[Any]] = list(self._answers.values())
        if self._running is not None:
            waiting.append(self._running.done)
        for future in waiting:
            if not future.done():
                future.set_exception(self._died)
                future.exception()  # seen, even if nobody waits any more


def _together(frames: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Yield the frames in pieces of about `PIECE_BYTES`; a larger frame is a piece of its own."""
    piece: list[bytes] = []
    piece_bytes = 0
    for frame in frames:
        if piece and piece_bytes + len(frame) > PIECE_BYTES:
            yield piece
            piece, piece_bytes = [], 0
        piece.append(frame)
        piece_bytes += len(frame)
    if piece:
        yield piece
