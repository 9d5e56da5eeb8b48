"""The status line says what holds, calmly, and warns in a box that stays where nothing does."""

from __future__ import annotations

from typing import get_args

import pytest
from PySide6.QtWidgets import QApplication

from rlm_desktop.gui.claims import CONFINEMENT, sandbox_claim
from rlm_desktop.present.confinement import REQUIRED, Confinement, Standing
from tests import confined_traces

HELD = Confinement(standing="held", required=REQUIRED, held=REQUIRED, sandbox=confined_traces.started())
OPEN = Confinement(standing="open", missing=REQUIRED)


@pytest.mark.parametrize(
    ("confined", "said"),
    [
        (HELD, "Confined: files, network, processes"),
        (OPEN, "Not confined: the models' code can read and change your files, use the network and control other programs"),
        (Confinement(standing="promised", required=REQUIRED), "Will be confined: files, network, processes"),
        (Confinement(standing="refused", missing=REQUIRED), "Refused: files, network, processes could not be confined"),
        (Confinement(standing="unknown"), "Confinement not recorded"),
        (
            Confinement(standing="partly", held=("network",), missing=("files read", "files write")),
            "Partly confined: network; not files",
        ),
    ],
)
def test_each_standing_has_its_words(qapp: QApplication, confined: Confinement, said: str) -> None:
    claim = sandbox_claim(confined)
    assert (claim.said, claim.key) == (said, CONFINEMENT)


def test_only_what_is_not_confined_is_a_warning(qapp: QApplication) -> None:
    warned = {standing for standing in get_args(Standing) if sandbox_claim(Confinement(standing=standing)).is_warning}
    assert warned == {"open"}
