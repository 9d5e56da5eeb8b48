"""A model whose replies are laid down beforehand, by a function or in a file: for tests, demos and practice without a network.

The file is JSON: a list of rules, or an object with `rules` and, for all of them, `delay_s`. A rule is a text, which is the reply to one
request, in their order; or an object:

    {"when": "How many", "reply": "Twelve."}

`when` is a regular expression looked for in the last user message; without it the rule fits any. `times` is how often the rule may be used
(with `when` without end, else once). `reply` is the text; `reasoning` and `delay_s` may go with it. In the place of `reply`, `error` is a
sentence with which the request fails, for good if `is_final` is true. The first rule that fits and is not used up is taken.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import msgspec

from rlm_desktop.engine.models.base import Message, ModelError, ModelReply, ModelRequest, ServerlessModel
from rlm_desktop.engine.models.usage import estimated_usage
from rlm_desktop.errors import UserError

MAX_FILE_BYTES = 64 * 1024 * 1024


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a script; the module says what its fields mean."""

    reply: str | None = None
    error: str | None = None
    when: str | None = None
    times: int | None = None
    reasoning: str | None = None
    delay_s: float = 0.0
    is_final: bool = False


Given = str | Rule | ModelReply
Script = Callable[[Sequence[Message]], Given | Awaitable[Given]]
"""Called on the engine's loop, in the order of the requests. May raise ModelError."""


class ScriptedModel(ServerlessModel):
    """Replies with what `script` returns for the messages, each after `delay_s`."""

    def __init__(self, script: Script, *, name: str = "scripted", delay_s: float = 0.0) -> None:
        super().__init__(name)
        self._script = script
        self._delay_s = delay_s

    async def complete(self, request: ModelRequest) -> ModelReply:
        given = self._script(request.messages)
        if isinstance(given, Awaitable):
            given = await given
        delay_s = self._delay_s + (given.delay_s if isinstance(given, Rule) else 0.0)
        await asyncio.sleep(delay_s)
        reply = given if isinstance(given, ModelReply) else _reply(given if isinstance(given, Rule) else Rule(reply=given), request)
        if request.on_text is not None:
            request.on_text(reply.text)
        return reply


def load_script(path: Path) -> Callable[[Sequence[Message]], Rule]:
    """Return the script in the file `path`. Deterministic, and safe to call from several threads. Raises UserError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UserError(f"The script {path} cannot be read: {(error.strerror or str(error)).lower()}.") from error
    if len(data) > MAX_FILE_BYTES:
        raise UserError(f"The script {path} is larger than {MAX_FILE_BYTES // 2**20} MB, which no script is.")
    try:
        read = msgspec.json.decode(data, type=list[str | Rule] | _File)
        rules = read if isinstance(read, list) else read.rules
        delay_s = 0.0 if isinstance(read, list) else read.delay_s
        return _FileScript([_checked(number, rule, delay_s) for number, rule in enumerate(rules)], path.name)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise UserError(f"The script {path} is not a list of replies: {error}.") from error


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    rules: list[str | Rule]
    delay_s: float = 0.0


class _FileScript:
    def __init__(self, rules: Sequence[Rule], name: str) -> None:
        self._rules = [(rule, None if rule.when is None else re.compile(rule.when)) for rule in rules]
        self._left = [rule.times if rule.times is not None or rule.when is not None else 1 for rule in rules]
        self._lock = threading.Lock()
        self._name = name

    def __call__(self, messages: Sequence[Message]) -> Rule:
        asked = next((message.content for message in reversed(messages) if message.role == "user"), "")
        with self._lock:
            for number, (rule, when) in enumerate(self._rules):
                left = self._left[number]
                if left == 0 or (when is not None and not when.search(asked)):
                    continue
                self._left[number] = None if left is None else left - 1
                return rule
        raise ModelError(f"The script {self._name} has no reply left for “{' '.join(asked[:200].split())[:80]}”.", is_final=True)


def _checked(number: int, given: str | Rule, delay_s: float) -> Rule:
    rule = Rule(reply=given) if isinstance(given, str) else given
    if (rule.reply is None) == (rule.error is None):
        raise ValueError(f"rule {number} should have either a reply or an error")
    if not 0 <= rule.delay_s + delay_s <= 86_400 or (rule.times is not None and rule.times < 0):
        raise ValueError(f"rule {number} has a delay or a number of times that cannot be")
    try:
        re.compile(rule.when or "")
    except re.error as error:
        raise ValueError(f"rule {number} has a pattern that cannot be read ({error})") from error
    return msgspec.structs.replace(rule, delay_s=rule.delay_s + delay_s)


def _reply(rule: Rule, request: ModelRequest) -> ModelReply:
    text = rule.reply or ""
    if rule.error is not None or not text.strip():
        raise ModelError(rule.error or "The script's reply is empty.", is_final=rule.is_final)
    usage = estimated_usage(request.messages, text + (rule.reasoning or ""))
    return ModelReply(text=text, reasoning=rule.reasoning, finish_reason="stop", usage=usage)
