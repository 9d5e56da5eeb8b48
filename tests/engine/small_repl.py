"""The loop in its barest form, for tests of what the built-in model says: its blocks run in a namespace, its sub-calls go back to it."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rlm_desktop.engine.models.base import Message
from rlm_desktop.engine.models.builtin import reply
from rlm_desktop.engine.prompts import BudgetLeft, ContextFacts, ContextPiece, SubCalls, first_user, next_user, system_prompt
from rlm_desktop.trace.events import Heading

Context = str | list[str] | dict[str, str]
ITERATIONS = 12


@dataclass
class SmallRun:
    """What one call with a REPL did. `children` are the calls made by `rlm_query`."""

    answer: str = ""
    messages: list[Message] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    children: list[SmallRun] = field(default_factory=list)

    @property
    def iterations(self) -> int:
        return sum(message.role == "assistant" for message in self.messages)


def facts_of(context: Context, name: str, outline: tuple[Heading, ...] = ()) -> ContextFacts:
    if isinstance(context, str):
        piece = ContextPiece(name=name, chars=len(context), outline=outline)
        return ContextFacts(kind="str", chars=len(context), pieces=(piece,) if name else ())
    named = context.items() if isinstance(context, dict) else [(str(n), text) for n, text in enumerate(context)]
    pieces = tuple(ContextPiece(name=piece, chars=len(text)) for piece, text in named)
    return ContextFacts(kind="dict" if isinstance(context, dict) else "list", chars=sum(p.chars for p in pieces), pieces=pieces)


def run(
    question: str,
    context: Context,
    *,
    sub_calls: SubCalls = "recursive",
    name: str = "",
    left: BudgetLeft | None = None,
    question_is_in_context: bool = False,
    outline: tuple[Heading, ...] = (),
) -> SmallRun:
    """Run the built-in model over `context` until it sets its answer, with itself as sub-model."""
    left = left or BudgetLeft(iterations=30, calls=5_000)
    done = SmallRun()
    namespace: dict[str, Any] = {"context": context, "answer": {"content": "", "ready": False}}

    def llm_query_batched(prompts: Sequence[str], model: str | None = None) -> list[str]:
        done.prompts += prompts
        done.batches.append(len(prompts))
        return [reply([Message(role="user", content=prompt)]) for prompt in prompts]

    def rlm_query(prompt: str, context: Context | None = None, model: str | None = None) -> str:
        child = run(prompt, prompt if context is None else context, sub_calls="plain", left=left, question_is_in_context=context is None)
        done.children.append(child)
        return child.answer

    if sub_calls != "none":
        namespace |= {"llm_query": lambda prompt: llm_query_batched([prompt])[0], "llm_query_batched": llm_query_batched}
    if sub_calls == "recursive":
        namespace["rlm_query_batched"] = lambda prompts, contexts: [rlm_query(p, c) for p, c in zip(prompts, contexts, strict=True)]
    done.messages = [
        Message(role="system", content=system_prompt(sub_calls=sub_calls, concurrency=16, output_chars=20_000)),
        Message(
            role="user",
            content=first_user(
                question=question, facts=facts_of(context, name, outline), left=left, question_is_in_context=question_is_in_context
            ),
        ),
    ]
    for turn in range(1, min(ITERATIONS, left.iterations) + 1):
        text = reply(done.messages)
        done.messages.append(Message(role="assistant", content=text))
        blocks = re.findall(r"(?s)```repl\n(.*?)```", text)
        assert blocks, f"no block in {text!r}"
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            for block in blocks:
                exec(compile(block, f"<repl {turn}>", "exec"), namespace)
        if namespace["answer"]["ready"]:
            done.answer = namespace["answer"]["content"]
            return done
        now = BudgetLeft(iterations=left.iterations - turn, calls=left.calls, tokens=left.tokens)
        done.messages.append(Message(role="user", content=f"{printed.getvalue()}\n{next_user(left=now, no_code=False)}"))
    return done
