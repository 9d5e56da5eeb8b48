"""The loop: ask the model, run its blocks, show it what they printed, until the answer is ready."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from rlm_desktop.engine import prompts
from rlm_desktop.engine.asking import CallFailed
from rlm_desktop.engine.blocks import End, parse
from rlm_desktop.engine.budget import LimitReached
from rlm_desktop.engine.calls import Call, Partial
from rlm_desktop.engine.context import Context, of_value
from rlm_desktop.engine.repl import Repl, ReplyReady
from rlm_desktop.engine.shared import Shared
from rlm_desktop.engine.subcalls import may_ask, may_recurse
from rlm_desktop.sandbox.values import SubPrompt
from rlm_desktop.trace.events import Told

MAX_REPLIES_WITHOUT_CODE: Final = 5
"""In a row; then the model is taken not to work with a REPL."""
_LAST_REQUEST_S: Final = 600.0


class ReplCall:
    """One call with a REPL. `question` None: the question is the prompt that the context holds."""

    def __init__(self, shared: Shared, call: Call, context: Context, *, question: str | None) -> None:
        self._shared, self._call, self._context, self._question = shared, call, context, question
        self._iteration = 0
        self.draft: str | None = None
        """The answer as the code has set it so far."""

    async def answer(self) -> str:
        """Return the answer. Raises Partial when a limit ends the call, CallFailed when it cannot go on."""
        try:
            async with Repl(self._shared, self._call, self._context, run_child=self._run_child) as repl:
                return await self._turns(repl)
        except LimitReached as reached:
            raise Partial(await self.best_answer(str(reached)), str(reached)) from reached

    async def _run_child(self, call: Call, prompt: SubPrompt) -> str:
        """Run a recursive sub-call: by default its context is the prompt, else the prompt is its question."""
        if prompt.context is None:
            return await ReplCall(self._shared, call, of_value(prompt.prompt), question=None).answer()
        return await ReplCall(self._shared, call, of_value(prompt.context), question=prompt.prompt).answer()

    async def _turns(self, repl: Repl) -> str:
        limits = self._shared.limits
        without_code = 0
        for self._iteration in range(limits.max_iterations):
            reply = await self._ask(self._told(without_code > 0, note=repl.note))
            repl.note = None
            parsed = parse(reply)
            if self._is_root:
                self._keep_back(blocks=len(parsed.blocks))
            try:
                for block, code in enumerate(parsed.blocks):
                    await repl.run(code, iteration=self._iteration, block=block)
            except ReplyReady as ready:
                return ready.content
            finally:
                self.draft = repl.draft or self.draft
            if parsed.final is not None and (answer := await self._final(repl, parsed.final)):
                return answer
            without_code = 0 if parsed.blocks else without_code + 1
            if without_code >= MAX_REPLIES_WITHOUT_CODE:
                raise CallFailed(
                    f"{self._call.endpoint.name} wrote no code in {without_code} replies in a row, so nothing could be looked at. "
                    "Its replies are in the trace; another model may do better."
                )
        raise LimitReached(f"the limit of {limits.max_iterations:,} iterations is reached")

    async def _ask(self, told: Told) -> str:
        call, shared = self._call, self._shared
        on_text = shared.on_text if self._is_root else None
        iteration = self._iteration
        started = time.monotonic()
        reply = await shared.asker.ask(
            call.talk,
            iteration=iteration,
            told=told,
            on_text=None if on_text is None else lambda text: on_text(call.call_id, iteration, text),
        )
        if self._is_root:
            shared.deadline.took(time.monotonic() - started)
        return reply

    def _keep_back(self, *, blocks: int) -> None:
        """Leave enough of the budget for one more request: the present history, and as much as `blocks` may yet add to it."""
        more_chars = blocks * (self._shared.limits.output_chars + 200) + 1_000
        amount, _ = self._call.endpoint.expected(self._call.talk.messages(), more_chars=more_chars)
        self._shared.budget.keep_back(amount)

    def _told(self, no_code: bool, *, note: str | None) -> Told:
        left = self._left()
        if self._iteration > 0:
            return Told(user=prompts.next_user(left=left, no_code=no_code and note is None, note=note))
        depth = self._call.depth
        sub_calls: prompts.SubCalls = "none"
        if may_ask(self._shared, depth):
            sub_calls = "recursive" if may_recurse(self._shared, depth) else "plain"
        limits = self._shared.limits
        return Told(
            system=prompts.system_prompt(sub_calls=sub_calls, concurrency=limits.max_requests_at_once, output_chars=limits.output_chars),
            user=prompts.first_user(
                question=self._question or "", facts=self._context.facts, left=left, question_is_in_context=self._question is None
            ),
        )

    def _left(self) -> prompts.BudgetLeft:
        budget, deadline = self._shared.budget, self._shared.deadline
        return prompts.BudgetLeft(
            iterations=self._shared.limits.max_iterations - self._iteration,
            calls=budget.left_calls(),
            tokens=budget.left_tokens(),
            cost_usd=budget.left_cost_usd(),
            time_s=deadline.left_s(),
        )

    async def _final(self, repl: Repl, end: End) -> str | None:
        """Return the answer that the reply ends with; where there is none, the model is told why."""
        if end.variable is None:
            if not (end.text or "").strip():
                repl.note = "FINAL() was empty. Put the answer between its parentheses."
            return (end.text or "").strip()
        found = await repl.lookup(end.variable)
        if found is None:
            repl.note = f"FINAL_VAR({end.variable}): there is no variable of this name."
        elif not found.strip():
            repl.note = f"FINAL_VAR({end.variable}): the variable is empty."
        return (found or "").strip() and found

    async def best_answer(self, reason: str) -> str | None:
        """Ask once more, without code, for the best answer there is; the draft where even that cannot be had."""
        self._iteration = self._call.talk.asked_iteration + 1
        try:
            async with asyncio.timeout(_LAST_REQUEST_S), self._shared.deadline.to_the_end():
                reply = await self._shared.asker.ask(
                    self._call.talk, iteration=self._iteration, told=Told(user=prompts.last_user(reason=reason)), may_use_kept=self._is_root
                )
        except (LimitReached, CallFailed, TimeoutError):
            return self.draft
        final = parse(reply).final
        return final.text if final is not None and final.text is not None else self.draft if final is not None else reply

    @property
    def _is_root(self) -> bool:
        return self._call.depth == 0
