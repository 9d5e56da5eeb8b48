"""The pages that stand in the place of the map for a while, from models to shortcuts. Each is made when it is first asked for."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from rlm_desktop import __version__
from rlm_desktop.gui.actions import Actions
from rlm_desktop.gui.confinement.confinement_page import ConfinementPage
from rlm_desktop.gui.confinement.lowering_page import LoweringPage
from rlm_desktop.gui.desk import Desk
from rlm_desktop.gui.help_page import HelpPage
from rlm_desktop.gui.limits_page import LimitsForm
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.models.models_page import ModelsForm
from rlm_desktop.gui.shortcuts_page import ShortcutsList


def page_content(name: str, desk: Desk, themes: Themes, actions: Actions) -> tuple[str, QWidget]:
    """Return the title and the content of a page."""
    if name == "models":
        form = ModelsForm(desk.models, themes)
        form.use_wanted.connect(desk.draft.set_root_model)
        desk.abandoned.connect(form.abandon)
        return QCoreApplication.translate("Pages", "Models"), form
    if name == "limits":
        return QCoreApplication.translate("Pages", "Limits"), LimitsForm(desk.draft, themes)
    if name == "confinement":
        return QCoreApplication.translate("Pages", "Confinement"), ConfinementPage(desk, themes)
    if name == "security":
        return QCoreApplication.translate("Pages", "What protects you"), HelpPage("security.md", themes)
    if name == "unconfined":
        return QCoreApplication.translate("Pages", "Run unconfined this once?"), LoweringPage(themes)
    return QCoreApplication.translate("Pages", "Shortcuts"), ShortcutsList(actions, themes, version=__version__)
