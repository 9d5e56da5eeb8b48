"""What must be told about the run that is shown: how it ended badly, or what is wrong with its trace."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from rlm_desktop.gui.look.notice import Notice, Offer
from rlm_desktop.gui.run_model import RunModel
from rlm_desktop.present import numbers

AGAIN = "again"
MODELS = "models"
LIMITS = "limits"
CONFINEMENT = "confinement"
UNCONFINED = "unconfined"


def _tr(words: str) -> str:
    return QCoreApplication.translate("RunNotice", words)


def notice_of(run: RunModel, *, is_ours: bool, is_refused: bool = False) -> Notice | None:
    """Return the notice for a run, None where all is well or the run goes on.

    `is_ours`: this window can run it again. `is_refused`: its code could not be confined as it must be.
    """
    store = run.store
    count = numbers.count(run.last_seq + 1)
    if store.problem is not None:
        title = _tr("This trace can be read up to event {0}").format(count)
        return Notice(status="limit", title=title, sentence=store.problem)
    if run.is_live:
        return None
    again = (Offer(key=AGAIN, words=_tr("Try again")),) if is_ours else ()
    ended = run.columns.run_ended
    if ended is None:
        if run.status != "interrupted":
            return None
        words = _tr("The program ended while this run was going on. All {0} events are here.").format(count)
        if store.torn_bytes:
            words += " " + _tr("A last one was cut off while it was written ({0}) and is left out.").format(numbers.size(store.torn_bytes))
        return Notice(status="interrupted", title=_tr("Interrupted at event {0}").format(count), sentence=words, offers=again)
    if ended.status == "error" and is_refused:
        # In the order in which they are the better choice.
        offers = (Offer(key=CONFINEMENT, words=_tr("How to confine it")), *again)
        offers += (Offer(key=UNCONFINED, words=_tr("Run unconfined this once…")),) if is_ours else ()
        return Notice(status="limit", title=_tr("This run could not be confined"), sentence=ended.error or "", offers=offers)
    if ended.status == "error":
        offers = (*again, Offer(key=MODELS, words=_tr("Models"))) if is_ours else ()
        return Notice(
            status="error",
            title=_tr("The run failed"),
            sentence=ended.error or _tr("The map and the replay bar mark where."),
            offers=offers,
        )
    if ended.status == "limit":
        kept = _tr("The best answer so far is kept.") if ended.answer is not None else _tr("There is no answer.")
        offers = (Offer(key=LIMITS, words=_tr("Change limits")),) if is_ours else ()
        return Notice(status="limit", title=_tr("Stopped at a limit"), sentence=f"{ended.error or ''} {kept}".strip(), offers=offers)
    return None
