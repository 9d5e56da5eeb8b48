"""One run from its request to its end: documents, the root call, the limits around it, and the commands of a person."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import rlm_desktop
from rlm_desktop.engine.asking import Asker, Backoff
from rlm_desktop.engine.budget import Budget, LimitReached
from rlm_desktop.engine.calls import Partial, finish, mistake_of_ours, sentence, start
from rlm_desktop.engine.context import Context
from rlm_desktop.engine.deadline import Deadline
from rlm_desktop.engine.endpoint import Endpoint
from rlm_desktop.engine.prompts import PROMPT_VERSION
from rlm_desktop.engine.recorder import Recorder
from rlm_desktop.engine.repl_call import ReplCall
from rlm_desktop.engine.safe_points import SafePoints
from rlm_desktop.engine.shared import Ending, OnText, Shared
from rlm_desktop.engine.spares import Spares
from rlm_desktop.errors import UserError
from rlm_desktop.sandbox.values import REQUIRED_CLAIMS, Confinement
from rlm_desktop.trace import commands
from rlm_desktop.trace.events import (
    FORMAT,
    CallStatus,
    CancelAsked,
    InterruptAsked,
    KnownEvent,
    Limits,
    Noticed,
    Paused,
    Resumed,
    RunEnded,
    RunStarted,
)

ROOT_ID: Final = 0

ReadContext = Callable[[Callable[[KnownEvent], None]], Coroutine[None, None, Context]]
"""Reads the documents, emitting what it reads, and returns the root's context. Raises UserError where there is nothing to run over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """How a run ended. With status `limit`, `answer` is the best there was."""

    status: CallStatus
    answer: str | None = None
    error: str | None = None


class Run:
    """`start` once; `obey` at any time while it runs. `required_claims` are those beyond what `confinement` requires."""

    def __init__(
        self,
        *,
        question: str,
        root: Endpoint,
        sub: Endpoint | None = None,
        limits: Limits,
        recorder: Recorder,
        confinement: Confinement = "required",
        required_claims: tuple[str, ...] = (),
        run_id: str | None = None,
        backoff: Backoff | None = None,
        on_text: OnText | None = None,
    ) -> None:
        self._question, self._limits, self._recorder = question, limits, recorder
        self._run_id = run_id or str(uuid.uuid4())
        self._safe_points = SafePoints()
        budget = Budget(limits)
        deadline = Deadline(limits.max_time_s, self._safe_points)
        self._shared = Shared(
            limits=limits,
            recorder=recorder,
            budget=budget,
            deadline=deadline,
            safe_points=self._safe_points,
            asker=Asker(limits=limits, budget=budget, safe_points=self._safe_points, recorder=recorder, backoff=backoff or Backoff()),
            root=root,
            sub=sub or root,
            spares=Spares(confinement),
            on_text=on_text,
            confinement=confinement,
            required_claims=tuple(dict.fromkeys((*(REQUIRED_CLAIMS if confinement == "required" else ()), *required_claims))),
        )
        self._task: asyncio.Task[RunResult] | None = None
        self._ending: Ending | None = None

    async def start(self, read_context: ReadContext) -> RunResult:
        """Run to the end. Never raises for a failed run, nor for a trace that cannot be written any more: its status is `error` then.

        What the run had found by then is its `answer` all the same.
        """
        self._safe_points.on_held = lambda where: self._recorder.emit(Paused(at=where))
        self._safe_points.on_held_changed = self._hold_clocks
        self._recorder.on_failure = lambda: self._stop(Ending("error", "The trace could not be written."))
        self._emit_started()
        if self._recorder.failure is not None:
            return RunResult(status="error", error=str(self._recorder.failure))
        self._task = asyncio.create_task(self._whole(read_context))
        try:
            result = await self._task
        except asyncio.CancelledError:
            # The wait passes a cancel on and comes back when the run has ended.
            ending = self._ending or Ending("cancelled", "The run was stopped.")
            result = RunResult(status=ending.status, error=ending.error)
            caller = asyncio.current_task()
            if caller is not None and caller.cancelling():
                self._recorder.emit(RunEnded(status=result.status, error=result.error))
                raise
        except Exception as mistake:
            self._recorder.emit(RunEnded(status="error", error=mistake_of_ours(mistake)))
            raise
        self._recorder.emit(RunEnded(status=result.status, answer=result.answer, error=result.error))
        if self._recorder.failure is not None:
            return RunResult(status="error", answer=result.answer, error=str(self._recorder.failure))
        return result

    def obey(self, command: commands.Command) -> str | None:
        """Do what a person asked; return why not, where it cannot be done."""
        if self._task is None or self._task.done():
            return "The run is over."
        match command:
            case commands.Stop():
                self._recorder.emit(CancelAsked())
                self._safe_points.resume()
                self._stop(Ending("cancelled", "The run was stopped by a person."))
            case commands.Cancel(call_id=call_id):
                if call_id not in self._shared.tasks:
                    return f"Call {call_id} is not running."
                self._recorder.emit(CancelAsked(call_id=call_id))
                self._shared.stop(call_id, Ending("cancelled", "Stopped by a person."))
            case commands.Interrupt(call_id=call_id):
                interrupt = self._shared.interrupts.get(call_id)
                if interrupt is None or not interrupt():
                    return f"Call {call_id} runs no block of code."
                self._recorder.emit(InterruptAsked(call_id=call_id))
            case commands.Pause():
                if self._safe_points.is_paused:
                    return "The run is paused already."
                self._safe_points.pause()
            case commands.Resume():
                if not self._safe_points.is_paused:
                    return "The run is not paused."
                if self._safe_points.resume():
                    self._recorder.emit(Resumed())
            case _:
                return "This command is not one for a run."
        return None

    def _stop(self, ending: Ending) -> None:
        self._ending = self._ending or ending
        if not self._shared.stop(ROOT_ID, ending) and self._task is not None:
            self._task.cancel()

    def _emit_started(self) -> None:
        shared = self._shared
        self._recorder.emit(
            RunStarted(
                format=FORMAT,
                run_id=self._run_id,
                question=self._question,
                strategy="rlm",
                model=shared.root.as_named(),
                sub_model=shared.sub.as_named(),
                limits=self._limits,
                prompt_version=PROMPT_VERSION,
                app_version=rlm_desktop.__version__,
                started_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
                required_claims=shared.required_claims,
                confinement=shared.confinement,
            )
        )
        if shared.confinement == "unconfined":
            self._recorder.emit(
                Noticed(
                    level="warning",
                    message="This run was started unconfined: the code that its models write can read your files and use the network.",
                )
            )
        for model in dict.fromkeys((shared.root.as_named(), shared.sub.as_named())):
            if not model.is_encrypted:
                self._recorder.emit(
                    Noticed(
                        level="warning",
                        message=f"The key and text for {model.name} go to {model.host} unencrypted: anyone on the way can read them.",
                    )
                )

    async def _whole(self, read_context: ReadContext) -> RunResult:
        try:
            self._shared.spares.warm()  # while the documents are read
            return await self._over(read_context)
        finally:
            await self._shared.spares.close()

    async def _over(self, read_context: ReadContext) -> RunResult:
        try:
            async with self._shared.deadline.to_the_end():
                context = await read_context(self._recorder.emit)
            call = start(self._shared, kind="rlm", prompt=self._question, endpoint=self._shared.root, key="0")
        except TimeoutError:
            return RunResult(status="limit", error=sentence(f"{self._shared.deadline.reason} while the documents were being read"))
        except UserError as error:
            return RunResult(status="error", error=str(error))
        except LimitReached as refused:
            return RunResult(status="limit", error=sentence(str(refused)))
        root = ReplCall(self._shared, call, context, question=self._question)
        ended = await finish(self._shared, call, self._in_time(root))
        answer = ended.answer if ended.answer is not None else root.draft
        assert answer is None or isinstance(answer, str)
        reached = self._shared.budget.reached
        if ended.status == "ok" and reached is not None:
            return RunResult(status="limit", answer=answer, error=f"A limit kept part of the work from being done: {reached}.")
        return RunResult(status=ended.status, answer=answer, error=ended.error)

    async def _in_time(self, root: ReplCall) -> str:
        deadline = self._shared.deadline
        try:
            async with deadline.before_last_request():
                return await root.answer()
        except TimeoutError:
            raise Partial(await root.best_answer(deadline.reason), deadline.reason) from None

    def _hold_clocks(self, is_held: bool) -> None:
        for clock in self._shared.clocks:
            if is_held:
                clock.hold()
            else:
                clock.release()
