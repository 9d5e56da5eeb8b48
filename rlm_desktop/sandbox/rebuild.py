"""Rebuilding a REPL: recorded blocks run again in a fresh child, their requests answered from the record, nothing paid."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.requests import BLOCK_ENDED
from rlm_desktop.sandbox.values import Executed, SubPrompt, SubReply, SubRequest

TIME_LIMIT_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedItem:
    """One prompt, by its hash (`prompt_sha256`), and its reply; None where the record ends before the reply."""

    prompt_sha256: str
    reply: SubReply | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    ordinal: int
    items: tuple[RecordedItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedBlock:
    iteration: int
    block: int
    code: str
    requests: tuple[RecordedRequest, ...] = ()
    interrupted_after_s: float | None = None
    """When it was interrupted then: it is again, after as long. It may have got a little further, or less far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """The place where the code did something else than it did when it was recorded. `why` is a sentence."""

    iteration: int
    block: int
    ordinal: int
    item: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What the blocks did this time. With a divergence the sandbox has been ended: half a block is no state to go on from."""

    executed: tuple[Executed, ...]
    divergence: Divergence | None


class _Diverged(Exception):
    def __init__(self, divergence: Divergence) -> None:
        super().__init__(divergence.why)
        self.divergence = divergence


def prompt_sha256(op: str, prompt: SubPrompt) -> str:
    """Return the hash of all that a request says: two requests with one prompt over other contexts are not the same."""
    said = json.dumps([op, prompt.prompt, prompt.context, prompt.model])
    return hashlib.sha256(said.encode("ascii")).hexdigest()


async def rebuild(sandbox: Sandbox, blocks: Sequence[RecordedBlock], *, time_limit_s: float = TIME_LIMIT_S) -> Rebuilt:
    """Run `blocks` in a sandbox that holds its context and has run nothing yet, started with the recorded seed."""
    executed: list[Executed] = []
    for block in blocks:
        record = _Record(block)
        limit_s = time_limit_s if block.interrupted_after_s is None else block.interrupted_after_s
        try:
            executed.append(
                await sandbox.execute(
                    block.code, iteration=block.iteration, block=block.block, on_request=record.reply, time_limit_s=limit_s
                )
            )
            record.check_end()
        except _Diverged as diverged:
            await sandbox.close()
            return Rebuilt(executed=tuple(executed), divergence=diverged.divergence)
    return Rebuilt(executed=tuple(executed), divergence=None)


class _Record:
    """One block's requests, each given out once."""

    def __init__(self, block: RecordedBlock) -> None:
        self._block = block
        self._left = {request.ordinal: request for request in block.requests}

    async def reply(self, request: SubRequest) -> list[SubReply]:
        hashes = [prompt_sha256(request.op, prompt) for prompt in request.prompts]
        found = self._left.get(request.ordinal)
        if request.line is None and (found is None or _hashes(found) != hashes):
            # Threads send in whatever order they come: there the prompts alone say which request it is.
            found = next((recorded for recorded in self._left.values() if _hashes(recorded) == hashes), found)
        if found is None and request.line is None:
            # A thread that outlived its block: its request was ended with the block and never recorded. If it stands for one that was
            # recorded, that one is missed at the end.
            return [SubReply(error=BLOCK_ENDED)] * len(hashes)
        if found is None:
            raise self._diverged(request.ordinal, 0, "It makes a request that it did not make then.")
        self._check(request.ordinal, _hashes(found), hashes)
        del self._left[found.ordinal]
        replies = []
        for index, item in enumerate(found.items):
            if item.reply is None:
                raise self._diverged(request.ordinal, index, "The record holds no reply to this prompt.")
            replies.append(item.reply)
        return replies

    def _check(self, ordinal: int, recorded: list[str], hashes: list[str]) -> None:
        for index, (then, now) in enumerate(zip(recorded, hashes, strict=False)):
            if then != now:
                raise self._diverged(ordinal, index, "The prompt is another one than it was then.")
        if len(recorded) != len(hashes):
            first = min(len(recorded), len(hashes))
            raise self._diverged(ordinal, first, f"The batch has {len(hashes):,} prompts; then it had {len(recorded):,}.")

    def check_end(self) -> None:
        if self._left:
            raise self._diverged(min(self._left), 0, "A request that was made then is not made now.")

    def _diverged(self, ordinal: int, item: int, why: str) -> _Diverged:
        where = Divergence(iteration=self._block.iteration, block=self._block.block, ordinal=ordinal, item=item, why=why)
        return _Diverged(where)


def _hashes(request: RecordedRequest) -> list[str]:
    return [item.prompt_sha256 for item in request.items]
