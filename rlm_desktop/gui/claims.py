"""What the status line says: which host receives document text, and what the sandbox holds."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from rlm_desktop.gui.bars.status_line import Claim
from rlm_desktop.gui.models.model_list import host_words
from rlm_desktop.gui.run_model import RunModel
from rlm_desktop.present.confinement import Confinement, Standing, in_words, on_one_line, possible
from rlm_desktop.trace.events import ModelName

CONFINEMENT = "confinement"
"""The key of the claim that leads to the evidence."""

ICONS: dict[Standing, str] = {
    "promised": "shield", "held": "shield-check", "partly": "shield-alert", "open": "shield-off", "refused": "shield-alert",
    "unknown": "shield",
}  # fmt: skip


def _tr(words: str) -> str:
    return QCoreApplication.translate("Claims", words)


def host_claim(hosts: Sequence[str]) -> Claim:
    """Return where text goes; an empty host is this computer."""
    remote = sorted({host for host in hosts if host})
    if not remote:
        return Claim(icon="lock", words=_tr("Local only"), detail=_tr("no text leaves this computer"))
    names = _tr(" and ").join(remote)
    return Claim(
        icon="globe",
        words=_tr("Prompts go to {0}").format(names),
        tip=_tr("What the models are asked, pieces of the documents among it, is sent to {0}.").format(names),
    )


def sandbox_claim(confined: Confinement) -> Claim:
    """Return what holds the models' code: what was tried and found in force, or is required, never what is merely hoped for."""
    words, detail, tip = _said(confined)
    return Claim(
        icon=ICONS[confined.standing],
        words=words,
        detail=detail,
        is_warning=confined.standing == "open",
        tip=" ".join((tip, _tr("Click for what was tried."))) if confined.sandbox is not None else tip,
        key=CONFINEMENT,
    )


def _said(confined: Confinement) -> tuple[str, str, str]:
    """Return words, detail and tip."""
    held, missing, can = in_words(confined.held), in_words(confined.missing), possible(confined.missing)
    match confined.standing:
        case "held":
            tip = _tr("The code that the models write cannot get at these. It was tried before the code was given anything.")
            return _tr("Confined"), held, tip
        case "partly":
            return _tr("Partly confined"), _tr("{0}; not {1}").format(held, missing), _tr("The models' code could {0}.").format(can)
        case "open":
            tip = _tr(
                "The code that the models write runs in a process of its own with limits on memory and time, but with your rights: "
                "it can {0}."
            ).format(can)
            return _tr("Not confined"), _tr("the models' code can {0}").format(can), tip
        case "promised":
            tip = _tr("The models' code is kept from these before it is given anything. Where that cannot be, the run is refused.")
            return _tr("Will be confined"), in_words(confined.required), tip
        case "refused":
            tip = _tr("This system did not keep the models' code from these, so it was given nothing and nothing was run.")
            return _tr("Refused"), _tr("{0} could not be confined").format(missing), tip
        case "unknown":
            tip = _tr("The trace does not say how the models' code was confined, or the run ended before any was run.")
            return _tr("Confinement not recorded"), "", tip


def hosts_of(run: RunModel) -> list[str]:
    started = run.columns.run_started
    return [] if started is None else [host_words(m.host, is_encrypted=m.is_encrypted) for m in (started.model, started.sub_model)]


def models_in_words(*models: ModelName) -> str:
    """Return models with where they are, each once: `gpt-5 at api.openai.com, builtin on this computer`."""
    said = []
    for model in models:
        host = host_words(model.host, is_encrypted=model.is_encrypted)
        said.append(_tr("{0} at {1}").format(model.name, host) if host else _tr("{0} on this computer").format(model.name))
    return ", ".join(on_one_line(words) for words in dict.fromkeys(said))
