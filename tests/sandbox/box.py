"""Blocks in a real child process, which starts in some 30 ms, so nothing here is faked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.values import Confinement, ContextKind, ContextPart, Executed, OnRequest, SandboxLimits, SubReply, SubRequest

T = TypeVar("T")


async def echo(request: SubRequest) -> Sequence[SubReply]:
    """Answer each prompt with itself in capitals."""
    return [SubReply(text=prompt.prompt.upper()) for prompt in request.prompts]


async def no_requests(request: SubRequest) -> Sequence[SubReply]:
    raise AssertionError(f"no request was expected: {request}")


def in_sandbox(
    act: Callable[[Sandbox], Awaitable[T]],
    *,
    kind: ContextKind = "str",
    parts: Sequence[ContextPart] = (ContextPart(text="the context"),),
    limits: SandboxLimits | None = None,
    may_query: bool = True,
    confinement: Confinement = "required",
) -> T:
    """Run `act` with a sandbox that holds a context."""

    async def go() -> T:
        async with await Sandbox.start(seed="seed", limits=limits, may_query=may_query, confinement=confinement) as sandbox:
            await sandbox.load_context(kind, parts)
            return await act(sandbox)

    async def limited() -> T:
        async with asyncio.timeout(60):
            return await go()

    return asyncio.run(limited())


async def execute(sandbox: Sandbox, *codes: str, on_request: OnRequest = no_requests, time_limit_s: float = 30.0) -> list[Executed]:
    """Run blocks one after another, each as an iteration."""
    done = []
    for iteration, code in enumerate(codes):
        done.append(await sandbox.execute(code, iteration=iteration, block=0, on_request=on_request, time_limit_s=time_limit_s))
    return done


def run(
    *codes: str,
    on_request: OnRequest = no_requests,
    time_limit_s: float = 30.0,
    kind: ContextKind = "str",
    parts: Sequence[ContextPart] = (ContextPart(text="the context"),),
    limits: SandboxLimits | None = None,
    confinement: Confinement = "required",
) -> list[Executed]:
    """Run blocks in a new sandbox."""
    return in_sandbox(
        lambda sandbox: execute(sandbox, *codes, on_request=on_request, time_limit_s=time_limit_s),
        kind=kind,
        parts=parts,
        limits=limits,
        confinement=confinement,
    )
