"""One tiny request, to see whether a model answers."""

from __future__ import annotations

import asyncio

from rlm_desktop.engine.models.base import Message, Model, ModelError, ModelRequest, Parameters
from rlm_desktop.errors import UserError

TRY_S = 120.0
"""A local server may first have to load the model."""
PROMPT = "Reply with the one word: ready"


async def try_out(model: Model, parameters: Parameters) -> str:
    """Ask `model` once and return how it went, with what it refuses of `parameters`. Raises UserError with why it did not."""
    notices: list[str] = []
    clock = asyncio.get_running_loop().time
    started_s = clock()
    try:
        async with asyncio.timeout(TRY_S):
            asked = [Message(role="user", content=PROMPT)]
            reply = await model.complete(ModelRequest(messages=asked, parameters=parameters, on_notice=notices.append))
    except ModelError as error:
        raise UserError(str(error)) from error
    except TimeoutError as error:
        raise UserError(f"{model.name} did not reply within {TRY_S:g} s.") from error
    served = f" as {reply.served_model}" if reply.served_model and reply.served_model != model.name else ""
    where = f" at {model.host}" if model.host else " on this computer"
    return " ".join([f"{model.name}{where} replied{served} in {clock() - started_s:.1f} s.", *notices])
