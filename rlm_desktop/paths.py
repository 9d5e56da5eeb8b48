"""Where the program's own files lie: what it ships with, what it may lose (cache), what it keeps (runs), what it was told (settings).

`RLM_DESKTOP_HOME` puts everything that is written below one folder: for tests, for a second set of settings, for a memory stick.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from platformdirs import PlatformDirs

from rlm_desktop.errors import UserError

HOME_VARIABLE = "RLM_DESKTOP_HOME"

DESKTOP_ID: Final = "alt.rlm_desktop.rlm_desktop"
"""What desktops know the program by. Names under .alt are nobody's domain (RFC 9476), so this one claims none."""

_PACKAGE = Path(__file__).resolve().parent
_DIRS = PlatformDirs("rlm-desktop", appauthor=False)


def resource(*parts: str) -> Path:
    """Return the path of a file or folder that the program ships with, such as `resource("icons", "stop.svg")`.

    An installed program carries them inside the package, a checkout beside it.
    """
    shipped = _PACKAGE / "_resources"
    folder = shipped if shipped.is_dir() else _PACKAGE.parent / "resources"
    return folder.joinpath(*parts)


def desktop_file(suffix: str) -> Path:
    """Return what a desktop is given to know the program by: its entry (`desktop`), icon (`svg`) or the MIME type of traces (`xml`)."""
    shipped = _PACKAGE / "_resources"
    folder = shipped / "desktop" if shipped.is_dir() else _PACKAGE.parent / "packaging" / "desktop"
    return folder / f"{DESKTOP_ID}.{suffix}"


def data_home() -> Path:
    """Return the folder where desktops look for what a person has installed (XDG_DATA_HOME). It may not exist."""
    return PlatformDirs().user_data_path


def cache_folder() -> Path:
    """Return the folder for what can be made again, made if need be."""
    home = _home()
    return _made(home / "cache" if home else _DIRS.user_cache_path)


def texts_folder() -> Path:
    """Return the folder of the text store, where a document's text lies under its sha256; made if need be."""
    return _made(cache_folder() / "texts")


def runs_folder() -> Path:
    """Return the folder where the window and the command line keep traces, made if need be."""
    home = _home()
    return _made(home / "runs" if home else _DIRS.user_data_path / "runs")


def settings_file() -> Path:
    """Return the path of the settings (JSON). The file may not exist yet; the folder around it does."""
    home = _home()
    return _made(home if home else _DIRS.user_config_path) / "settings.json"


def _home() -> Path | None:
    named = os.environ.get(HOME_VARIABLE)
    try:
        return Path(named).expanduser().absolute() if named else None
    except RuntimeError:
        raise UserError(
            f"The environment variable {HOME_VARIABLE} names {named}, but there is no such person here. Write the path out."
        ) from None


def _made(folder: Path) -> Path:
    """Make the folder, readable by its owner alone: texts and traces hold what people would not put on a wall."""
    try:
        if folder.is_dir():
            return folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"The folder {folder} cannot be made: {error.strerror or error}. Free some space or mend its permissions, "
            f"or name another folder in the environment variable {HOME_VARIABLE}."
        ) from error
    return folder
