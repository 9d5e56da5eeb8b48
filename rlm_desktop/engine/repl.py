"""A call's REPL: its sandbox process, what ran in it, and how it comes back after the process was lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Final, Self

from msgspec import structs

from rlm_desktop.engine.asking import CallFailed
from rlm_desktop.engine.calls import Call
from rlm_desktop.engine.context import Context
from rlm_desktop.engine.shared import Shared
from rlm_desktop.engine.subcalls import RunChild, SubCalls, may_ask, may_recurse
from rlm_desktop.sandbox import values
from rlm_desktop.sandbox.claims import refused_claims
from rlm_desktop.sandbox.clock import BlockClock
from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.machine import machine
from rlm_desktop.sandbox.rebuild import Divergence, RecordedBlock, RecordedRequest, rebuild
from rlm_desktop.sandbox.to_the_end import to_the_end
from rlm_desktop.sandbox.values import REQUIRED_CLAIMS, Executed, SandboxDied, SandboxLimits, SubReply, SubRequest
from rlm_desktop.trace.events import AnswerSet, Claim, CodeEnded, CodeStarted, SandboxLost, SandboxStarted, Try, Variable
from rlm_desktop.trace.messages import shares

MAX_LOSSES: Final = 3
"""So many times a call's process may be lost before the call fails."""


class ReplyReady(Exception):
    """The code has set its answer."""

    def __init__(self, content: str) -> None:
        super().__init__("the answer is ready")
        self.content = content


class Repl:
    """`async with`: the process runs inside; leaving it ends the process and everything its code still asks for."""

    def __init__(self, shared: Shared, call: Call, context: Context, *, run_child: RunChild) -> None:
        self._shared, self._call, self._context = shared, call, context
        self._sub_calls = SubCalls(shared, call, run_child)
        self._clock = BlockClock()
        self._blocks: list[RecordedBlock] = []
        self._losses = 0
        self._is_block_running = False
        self._sandbox: Sandbox | None = None
        self.draft: str | None = None
        """The answer as the code has set it so far."""
        self.note: str | None = None
        """What the model must be told of its last reply."""

    async def __aenter__(self) -> Self:
        self._shared.clocks.add(self._clock)
        self._shared.interrupts[self._call.call_id] = self._interrupt
        if self._shared.safe_points.is_paused:
            self._clock.hold()
        try:
            self._sandbox = await self._start()
        except BaseException:
            self._leave()
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._leave()
        await to_the_end(self._close())

    def _leave(self) -> None:
        self._shared.clocks.discard(self._clock)
        del self._shared.interrupts[self._call.call_id]

    def _interrupt(self) -> bool:
        # Not while recorded blocks run again: they must do what they did.
        return self._is_block_running and self._sandbox is not None and self._sandbox.interrupt("a person stopped it")

    async def _close(self) -> None:
        if self._sandbox is not None:
            await self._sandbox.close()
        await self._sub_calls.close()

    async def run(self, code: str, *, iteration: int, block: int) -> None:
        """Run one block. Raises ReplyReady when it leaves a ready answer, CallFailed when the process cannot be had any more."""
        shared, talk = self._shared, self._call.talk
        await shared.safe_points.reach("before_block")
        talk.record(CodeStarted(call_id=self._call.call_id, iteration=iteration, block=block, code=code))
        requests: list[RecordedRequest] = []

        async def on_request(request: SubRequest) -> list[SubReply]:
            return await self._sub_calls.answer(request, iteration=iteration, block=block, record=requests)

        assert self._sandbox is not None
        self._is_block_running = True
        try:
            done = await self._sandbox.execute(
                code, iteration=iteration, block=block, on_request=on_request, clock=self._clock, time_limit_s=shared.limits.block_time_s
            )
        except SandboxDied as died:
            self._is_block_running = False
            await to_the_end(self._break_off(died.reason, iteration=iteration, block=block))
            await self._come_back(died)
            return
        except BaseException:
            # Whatever stops the call from outside: the block that had started ends in the trace too, after the calls it made.
            await to_the_end(self._break_off(shared.ending_of(self._call.call_id).error, iteration=iteration, block=block))
            raise
        self._is_block_running = False
        self._blocks.append(
            RecordedBlock(
                iteration=iteration,
                block=block,
                code=code,
                requests=tuple(requests),
                interrupted_after_s=done.duration_s - done.waiting_s if done.is_interrupted else None,
            )
        )
        await to_the_end(self._end_block(done, iteration=iteration, block=block))
        await shared.safe_points.reach("after_block")
        if done.answer is not None and done.answer.ready:
            if done.answer.content.strip():
                raise ReplyReady(done.answer.content)
            self.note = 'answer["ready"] was set, but answer["content"] is empty. Put the answer there.'

    async def lookup(self, name: str) -> str | None:
        """Return the text of a variable, None where there is none."""
        assert self._sandbox is not None
        try:
            return await self._sandbox.lookup(name)
        except SandboxDied as died:
            await self._come_back(died)
            return None

    def _record_block(self, done: Executed, *, iteration: int, block: int) -> None:
        call_id, talk = self._call.call_id, self._call.talk
        stderr = done.stderr + (f"[written past Python]\n{done.stray}" if done.stray else "")
        talk.record(
            CodeEnded(
                call_id=call_id,
                iteration=iteration,
                block=block,
                stdout=done.stdout,
                stderr=stderr,
                stdout_chars=done.stdout_chars,
                stderr_chars=max(done.stderr_chars, len(stderr)),
                seen_chars=sum(shares(len(done.stdout), len(stderr), self._shared.limits.output_chars)),
                is_error=done.is_error,
                variables=tuple(
                    Variable(name=v.name, type=v.type, short=v.short, size=v.size, is_changed=v.is_changed) for v in done.variables
                ),
                duration_s=round(done.duration_s, 6),
                waiting_s=round(done.waiting_s, 6),
            )
        )
        if done.answer is not None and done.answer_changed:
            self.draft = done.answer.content or self.draft
            talk.record(AnswerSet(call_id=call_id, iteration=iteration, block=block, content=done.answer.content, ready=done.answer.ready))

    async def _end_block(self, done: Executed, *, iteration: int, block: int) -> None:
        await self._sub_calls.close()
        self._record_block(done, iteration=iteration, block=block)

    async def _break_off(self, why: str, *, iteration: int, block: int) -> None:
        """End a block in the trace that did not end by itself, after the calls it made."""
        await self._sub_calls.close()
        self._call.talk.record(
            CodeEnded(
                call_id=self._call.call_id,
                iteration=iteration,
                block=block,
                stderr=why,
                stderr_chars=len(why),
                seen_chars=len(why),
                is_error=True,
            )
        )

    async def _come_back(self, died: SandboxDied) -> None:
        """Start a fresh process with the same context and run the recorded blocks again, their requests served from the record."""
        if self._sandbox is not None:
            await self._sandbox.close()
        # What a person ends is no sign that the code cannot be run.
        self._losses += died.cause != "interrupt"
        if self._losses >= MAX_LOSSES:
            self._record_lost(died, "It was not started again.")
            raise CallFailed(f"The REPL's process was lost {self._losses} times. The last time: {died.reason}")
        try:
            divergence = await self._rebuild()
        except (SandboxDied, ValueError) as again:
            self._record_lost(died, "It could not be rebuilt.")
            raise CallFailed(f"The REPL's process was lost ({died.reason}) and could not be rebuilt: {again}") from again
        if divergence is None:
            lost = "What the block that ended it had set is gone; all blocks before it were run again, so their variables are there."
        else:
            where = f"{divergence.iteration}.{divergence.block}"
            lost = (
                f"Running the earlier blocks again diverged here: block {where} ({divergence.why}). Variables set from there on are gone."
            )
        self._record_lost(died, lost)
        assert self._sandbox is not None
        self._record_started(self._sandbox)
        self._warm_next()

    def _record_lost(self, died: SandboxDied, lost: str) -> None:
        self._call.talk.record(SandboxLost(call_id=self._call.call_id, reason=died.reason, lost=lost))

    async def _rebuild(self) -> Divergence | None:
        """Run the recorded blocks in a fresh process, up to the first that does something else than it did. Return where that was."""
        first: Divergence | None = None
        while True:
            self._sandbox = await self._fresh()
            await self._sandbox.load_context(self._context.kind, self._context.parts)
            divergence = (await rebuild(self._sandbox, self._blocks)).divergence
            if divergence is None:
                return first
            first = divergence
            self._blocks = [b for b in self._blocks if (b.iteration, b.block) < (divergence.iteration, divergence.block)]

    async def _fresh(self, on_prepared: Callable[[Sandbox], None] = lambda _: None) -> Sandbox:
        sandbox = await self._shared.spares.take()
        try:
            on_prepared(sandbox)
            self._require_claims(sandbox)
            sandbox.adopt(limits=SandboxLimits(), seed=self._call.key, may_query=may_ask(self._shared, self._call.depth))
        except BaseException:
            await sandbox.close()
            raise
        return sandbox

    async def _start(self) -> Sandbox:
        try:
            sandbox = await self._fresh(self._record_started)
        except SandboxDied as died:
            if died.cause == "confinement":
                self._record_claims("none", refused_claims(died.reason))
                raise CallFailed(f"{died.reason} No document was handed over. {machine().remedy(REQUIRED_CLAIMS)}") from died
            raise CallFailed(f"The REPL's process could not be started: {died.reason}") from died
        try:
            await sandbox.load_context(self._context.kind, self._context.parts)
        except SandboxDied as died:
            await sandbox.close()
            raise CallFailed(f"The context could not be loaded: {died.reason}") from died
        except ValueError as error:
            await sandbox.close()
            raise CallFailed(str(error)) from error
        except BaseException:
            await sandbox.close()
            raise
        self._warm_next()
        return sandbox

    def _warm_next(self) -> None:
        """Have a process ready for the next call, which most likely comes only after a model has replied; where none can come, none is."""
        if may_recurse(self._shared, 0):
            self._shared.spares.warm()

    def _record_started(self, sandbox: Sandbox) -> None:
        self._record_claims(sandbox.held_by or "unconfined", sandbox.claims)

    def _record_claims(self, back_end: str, found: Sequence[values.Claim]) -> None:
        claims = tuple(
            Claim(
                name=claim.name,
                held=claim.held,
                evidence=claim.evidence,
                tries=tuple(Try(tried=tried.tried, outcome=tried.outcome, held=tried.held) for tried in claim.tries),
            )
            for claim in found
        )
        if claims == self._shared.claims_told:
            claims = tuple(structs.replace(claim, tries=()) for claim in claims)
        else:
            self._shared.claims_told = claims
        self._call.talk.record(SandboxStarted(call_id=self._call.call_id, back_end=back_end, claims=claims))

    def _require_claims(self, sandbox: Sandbox) -> None:
        missing = sandbox.missing(self._shared.required_claims)
        if missing:
            raise CallFailed(
                f"This run requires a sandbox that holds {', '.join(missing)}, and this one does not. No document was handed over. "
                f"{machine().remedy(missing)}"
            )
