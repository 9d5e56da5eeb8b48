"""Which parameter of a request a server refuses, told by the error it sends, and what is done without it from then on."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rlm_desktop.engine.models.failures import said_in

_OTHER_NAME: Final = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
"""OpenAI's newer models know the limit by one name only, most other servers by the other only."""
_REFUSES: Final = re.compile(
    r"un(?:recogni[sz]ed|supported|known|expected)|not (?:supported|permitted|allowed|recogni[sz]ed|available|valid|compatible)"
    r"|(?:does|do)(?: not|n['’]t) (?:support|accept|allow)|extra_forbidden|extra inputs|invalid\b|deprecated"
    r"|cannot be (?:set|used|specified)|only the default|must be|too (?:large|high|low|small)|out of range",
    re.IGNORECASE,
)
_IS_OF_ITS_VALUE: Final = re.compile(r"too (?:large|high|low|small)|at (?:most|least)|must be|out of range|context", re.IGNORECASE)
"""It is known by this name; what was asked for is refused."""
_MOST_CHARS: Final = 8_192
_MOST_DEPTH: Final = 8
"""How deep an error is looked through; servers nest it four deep at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A parameter that was sent and refused; `other_name` is what the server calls the same thing, "" where it has nothing like it."""

    name: str
    other_name: str
    said: str

    def told(self, *, model: str, server: str) -> str:
        """Return the sentences for the person."""
        because = f" {self.said}" if self.said else ""
        if self.other_name:
            return f"{server} takes {self.name} for {model} by the name {self.other_name}, and is sent that from now on.{because}"
        after = " Tokens of replies that are streamed are estimated." if self.name == "stream_options" else ""
        return f"{server} does not take {self.name} for {model}, and is asked without it from now on.{after}{because}"


class Untaken:
    """What one model at one server has refused so far."""

    def __init__(self) -> None:
        self._other_names: dict[str, str] = {}
        """Refused name -> the name that is sent instead, "" for none."""

    def note(self, refused: Refused) -> bool:
        """Remember it; return whether it is new."""
        if refused.name in self._other_names:
            return False
        self._other_names[refused.name] = refused.other_name
        return True

    def without(self, fields: Mapping[str, object]) -> dict[str, object]:
        """Return `fields` as the server takes them. A name that was refused is never sent again, under whichever other name it came."""
        taken: dict[str, object] = {}
        for name, value in fields.items():
            wanted, tried = name, set[str]()
            while wanted in self._other_names and wanted not in tried:
                tried.add(wanted)
                wanted = self._other_names[wanted]
            if wanted and wanted not in tried:
                taken.setdefault(wanted, value)
        return taken


def refused_parameter(body: str, sent: Collection[str]) -> Refused | None:
    """Return which one of the parameters `sent` the error in `body` refuses, None where it is about something else."""
    try:
        error: object = json.loads(body)
    except (ValueError, RecursionError):
        error = None
    said = said_in(body)
    name = next((name for name in _named(error, _MOST_DEPTH) if name in sent), None) or _in_sentence(
        _sentences(error, body)[:_MOST_CHARS], sent
    )
    if name is None:
        return None
    other = _OTHER_NAME.get(name, "")
    if other in sent or _IS_OF_ITS_VALUE.search(said):
        other = ""
    return Refused(name=name, other_name=other, said=said)


def _named(error: object, depth: int) -> Iterator[str]:
    """Yield the names in the places that are meant for them: OpenAI's `param`, and the `loc` of pydantic's list of mistakes."""
    if depth == 0:
        return
    if isinstance(error, Mapping):
        param, loc = error.get("param"), error.get("loc")
        if isinstance(param, str):
            yield re.split(r"[.\[]", param, maxsplit=1)[0]
        if isinstance(loc, list):
            yield from (part for part in loc if isinstance(part, str))
    if isinstance(error, (Mapping, list)):
        for inner in error.values() if isinstance(error, Mapping) else error:
            yield from _named(inner, depth - 1)


def _sentences(error: object, body: str) -> str:
    """Return what may be a sentence of refusal. What pydantic quotes of the request is none: it may hold all parameters and a document."""
    return json.dumps(_without_input(error, _MOST_DEPTH), ensure_ascii=False) if isinstance(error, (Mapping, list)) else body


def _without_input(error: object, depth: int) -> object:
    if isinstance(error, Mapping):
        return {name: _without_input(inner, depth - 1) for name, inner in error.items() if name != "input"} if depth else None
    if isinstance(error, list):
        return [_without_input(inner, depth - 1) for inner in error] if depth else None
    return error


def _in_sentence(said: str, sent: Collection[str]) -> str | None:
    """Return the first of the names that a sentence of refusal speaks of."""
    if not _REFUSES.search(said):
        return None
    places = {name: found.start() for name in sent if (found := _as_written(name).search(said))}
    return min(places, key=lambda name: places[name], default=None)


def _as_written(name: str) -> re.Pattern[str]:
    # A word of plain English, unlike the other names.
    return re.compile(r"""['"`]stream['"`]""" if name == "stream" else rf"(?<!\w){re.escape(name)}(?!\w)")
