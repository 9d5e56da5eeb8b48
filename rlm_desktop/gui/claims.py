"""What the status line says: which host receives document text, and what the sandbox holds."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from rlm_desktop.gui.bars.status_line import Claim
from rlm_desktop.gui.models.model_list import host_words
from rlm_desktop.gui.run_model import RunModel
from rlm_desktop.trace.events import SandboxStarted


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


def sandbox_claim(sandbox: SandboxStarted | None) -> Claim:
    """Return what holds the models' code: what was tried and found in force, never what was merely asked for."""
    claims = sandbox.claims if sandbox is not None else ()
    held = [claim.name for claim in claims if claim.held]
    if claims and len(held) == len(claims):
        return Claim(icon="shield-check", words=_tr("Confined"), detail=", ".join(held))
    if held:
        return Claim(icon="shield-alert", words=_tr("Partly confined"), detail=", ".join(held))
    return Claim(
        icon="shield-off",
        words=_tr("Not confined"),
        detail=_tr("the model's code can read your files and use the network"),
        is_warning=True,
        tip=_tr(
            "The code that a model writes runs in a process of its own with limits on memory and time, but with your rights: "
            "it can read your files and use the network. Run only models and documents that you trust."
        ),
    )


def hosts_of(run: RunModel) -> list[str]:
    started = run.columns.run_started
    return [] if started is None else [host_words(m.host, is_encrypted=m.is_encrypted) for m in (started.model, started.sub_model)]
