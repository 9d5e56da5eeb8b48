"""The names that the model's code finds in its namespace."""

from __future__ import annotations

from itertools import islice

from rlm_desktop.sandbox.child.bridge import LMQueryError, as_text
from rlm_desktop.sandbox.child.variables import size_of, type_of
from rlm_desktop.sandbox.child.wire import MAX_BATCH_ITEMS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from rlm_desktop.sandbox.child.bridge import Bridge

HIDDEN = frozenset(
    {
        "context", "llm_query", "llm_query_batched", "rlm_query", "rlm_query_batched", "SHOW_VARS", "answer", "history", "FINAL",
        "FINAL_VAR", "LMQueryError",
    }
)  # fmt: skip
"""Names that are not the model's own variables."""


class Scaffold:
    """Makes the functions once, and puts every name back before each block."""

    def __init__(self, namespace: dict[str, Any], bridge: Bridge) -> None:
        self._namespace = namespace
        self.context: Any = ""
        self.history: list[tuple[str, str]] = []
        self.answer: dict[Any, Any] = {"content": "", "ready": False}
        self._functions = queries(bridge) | {
            "SHOW_VARS": self._show_vars, "FINAL": self._final, "FINAL_VAR": self._final_var, "LMQueryError": LMQueryError,
        }  # fmt: skip

    def restore(self) -> None:
        self.adopt_answer()
        self._namespace.update(self._functions)
        self._namespace.update(context=self.context, answer=self.answer, history=list(self.history))

    def adopt_answer(self) -> None:
        """A dict put in the place of `answer` becomes it; anything else is forgotten."""
        found = self._namespace.get("answer")
        if isinstance(found, dict):
            self.answer = found

    def answer_state(self) -> tuple[Any, bool]:
        return dict.get(self.answer, "content", ""), bool(dict.get(self.answer, "ready", False))

    def _final(self, content: object = "") -> None:
        self._namespace["answer"] = self.answer = {"content": content, "ready": True}

    def _final_var(self, name: object) -> None:
        found = self.variable(name) if isinstance(name, str) else None
        self._final(name if found is None else found[0])

    def variable(self, name: str) -> tuple[Any] | None:
        """Return the value in a tuple, None if there is no such variable. Models also write the name in quotes."""
        name = name.strip().strip("'\"`").strip()
        return (self._namespace[name],) if name in self._namespace else None

    def _show_vars(self) -> str:
        """Return one line a variable: name, type, size."""
        lines = []
        for name, value in list(self._namespace.items()):
            if isinstance(name, str) and not name.startswith("_") and name not in HIDDEN:
                size = size_of(value)
                lines.append(f"{name}: {type_of(value)}" + ("" if size is None else f" ({size:,})"))
        return "\n".join(lines) or "no variables yet"


def queries(bridge: Bridge) -> dict[str, Callable[..., Any]]:
    def single(kind: str, prompt: object, context: object, model: object) -> str:
        ((worked, text),) = bridge.ask(kind, [(as_text(prompt), context)], model, is_batch=False)
        if not worked:
            raise LMQueryError(text)
        return text

    def batch(kind: str, prompts: Iterable[object], contexts: Iterable[object] | None, model: object) -> list[str]:
        if isinstance(prompts, str):
            raise TypeError("prompts must be a list of strings, not one string")
        texts = [as_text(prompt) for prompt in islice(prompts, MAX_BATCH_ITEMS + 1)]
        if len(texts) > MAX_BATCH_ITEMS:
            raise ValueError(f"the batch has more than {MAX_BATCH_ITEMS:,} prompts; make several of it")
        given = [None] * len(texts) if contexts is None else list(islice(contexts, MAX_BATCH_ITEMS + 1))
        if len(given) != len(texts):
            raise ValueError(f"there are {len(texts):,} prompts and {len(given):,} contexts")
        replies = bridge.ask(kind, list(zip(texts, given, strict=True)), model, is_batch=True)
        return [text if worked else f"Error: {text}" for worked, text in replies]

    def llm_query(prompt: object, model: object = None) -> str:
        """Return a model's reply to one prompt."""
        return single("llm", prompt, None, model)

    def llm_query_batched(prompts: Iterable[object], model: object = None) -> list[str]:
        """Return the replies to several prompts, asked at once, in their order."""
        return batch("llm", prompts, None, model)

    def rlm_query(prompt: object, context: object = None, model: object = None) -> str:
        """Return the answer of a child RLM. Its `context` is the prompt, unless one is given."""
        return single("rlm", prompt, context, model)

    def rlm_query_batched(prompts: Iterable[object], contexts: Iterable[object] | None = None, model: object = None) -> list[str]:
        """Return the answers of several child RLMs that run at once, in their order."""
        return batch("rlm", prompts, contexts, model)

    functions: list[Callable[..., Any]] = [llm_query, llm_query_batched, rlm_query, rlm_query_batched]
    return {function.__name__: function for function in functions}
