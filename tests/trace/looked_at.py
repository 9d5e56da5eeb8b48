"""Everything that the program does with a trace once it is open, in one call: for traces that somebody else made."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path

from rlm_desktop.analysis.facts import answer_as_of, facts_of
from rlm_desktop.cli import info
from rlm_desktop.errors import UserError
from rlm_desktop.present.call_tree import call_tree, figures
from rlm_desktop.present.iteration_rows import IterationRows
from rlm_desktop.present.layout import lay_out
from rlm_desktop.trace.codes import AMOUNTS, EVENT_CODE
from rlm_desktop.trace.events import ModelAsked, TextRef
from rlm_desktop.trace.player import Player
from rlm_desktop.trace.store import TraceStore


def look_at_all(path: Path) -> str:
    """Return what is wrong with it, empty where nothing is. Raises what is no sentence of ours."""
    try:
        store = TraceStore.open(path)
    except UserError as error:
        return _sentence(str(error))
    columns, last = store.columns, len(store.columns) - 1
    found = [store.problem or ""]

    def told(act: Callable[[], object]) -> None:
        """What cannot be shown is told in a sentence."""
        try:
            act()
        except UserError as error:
            found.append(_sentence(str(error)))

    told(lambda: facts_of(store))
    for seq in {-1, 0, last // 2, last - 1, last}:
        moment = columns.as_of(seq)
        for name in AMOUNTS:
            assert moment.run_total(name) >= 0
            assert (moment.amounts[f"total_{name}"] >= moment.amounts[f"self_{name}"]).all()
        told(partial(answer_as_of, store, seq))
    for call in range(len(columns.calls)):
        columns.rows_of(call)
        store.entries_of(call)
    store.documents(), store.refusals(), store.sandboxes(), store.status()
    for seq in range(len(columns)):
        event = store.entry(seq).event
        for text in (getattr(event, name) for name in getattr(event, "__struct_fields__", ())):
            if isinstance(text, TextRef):
                told(partial(store.text, text))
    for seq in columns.seqs_of_type(EVENT_CODE[ModelAsked]):
        told(partial(store.messages_of, int(seq)))
    figures(columns)
    call_tree(columns, lambda _seq: "code", width=80, height=24)
    lay_out(columns, IterationRows(columns))
    player = Player(columns.events["t_s"])
    player.seek(-1)
    for _ in range(3):
        player.advance(1e9)
    for options in ([], ["--json"]):
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            told(partial(info.main, [str(path), *options]))
    return _sentence(" ".join(filter(None, found)))


def _sentence(text: str) -> str:
    assert not text or (10 < len(text) < 2_000 and text.rstrip().endswith((".", '."'))), text
    return text
