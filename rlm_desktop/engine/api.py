"""The engine for other programs: text in, text out."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from rlm_desktop.engine.context import Context, of_value
from rlm_desktop.engine.endpoint import Endpoint, open_endpoint
from rlm_desktop.engine.models.base import Model
from rlm_desktop.engine.recorder import Recorder
from rlm_desktop.engine.run import Run, RunResult
from rlm_desktop.errors import UserError
from rlm_desktop.redact import LIVE
from rlm_desktop.sandbox.values import Confinement, JsonContext
from rlm_desktop.trace.events import KnownEvent, Limits
from rlm_desktop.trace.request import ModelChoice
from rlm_desktop.trace.writer import TraceWriter


class RLM:
    """A Recursive Language Model over texts of any length.

    `rlm = RLM()`, then `rlm.ask(question, text)`. `model` is a name at `base_url` (with the key in the environment variable
    `api_key_env`), a `ModelChoice`, or a `Model` of the program's own; None is the built-in extractive model. `sub_model` serves the
    plain sub-calls. The code that models write runs confined, and a run that cannot be is refused, unless `confinement` is `unconfined`:
    then it can read files and use the network as you can.
    """

    def __init__(
        self,
        model: str | ModelChoice | Model | None = None,
        *,
        sub_model: str | ModelChoice | Model | None = None,
        base_url: str | None = None,
        api_key_env: str | None = None,
        limits: Limits | None = None,
        confinement: Confinement = "required",
    ) -> None:
        self._root = self._open(model, base_url, api_key_env)
        self._sub = None if sub_model is None else self._open(sub_model, base_url, api_key_env)
        self._limits = limits or Limits()
        self._confinement = confinement

    def ask(self, question: str, context: JsonContext, *, trace: Path | None = None) -> str:
        """Return the answer; with a limit reached, the best there was. Raises UserError where there is none."""
        result = asyncio.run(self.run(question, context, trace=trace))
        if result.answer is None:
            raise UserError(result.error or "The run ended without an answer.")
        return result.answer

    async def run(
        self, question: str, context: JsonContext, *, trace: Path | None = None, on_event: Callable[[KnownEvent], None] | None = None
    ) -> RunResult:
        """Run to the end; `on_event` is called with every event, `trace` names a new file for them."""
        recorder = Recorder(None if trace is None else TraceWriter(trace, redactor=LIVE), on_event=on_event)

        async def read(_emit: Callable[[KnownEvent], None]) -> Context:
            return of_value(context)

        try:
            run = Run(
                question=question,
                root=self._root,
                sub=self._sub,
                limits=self._limits,
                recorder=recorder,
                confinement=self._confinement,
            )
            return await run.start(read)
        finally:
            recorder.close()
            await self._root.model.aclose()
            if self._sub is not None:
                await self._sub.model.aclose()

    def _open(self, model: str | ModelChoice | Model | None, base_url: str | None, api_key_env: str | None) -> Endpoint:
        if model is None:
            model = ModelChoice(name="", provider="builtin")
        elif isinstance(model, str):
            model = ModelChoice(name=model, base_url=base_url, api_key_env=api_key_env)
        return open_endpoint(model, os.environ) if isinstance(model, ModelChoice) else Endpoint(model)
