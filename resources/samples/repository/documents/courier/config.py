"""Where things lie, and how patient to be: read from an INI file."""

from __future__ import annotations

import configparser
from dataclasses import dataclass
from pathlib import Path

from courier.retry import retried


@dataclass(frozen=True)
class Config:
    outbox: Path
    target: str
    retries: int = 3


@retried(3, FileNotFoundError)
def load(path: Path) -> Config:
    """Read the settings; an editor that saves the file may have it gone for a moment."""
    parser = configparser.ConfigParser()
    with path.open(encoding="utf-8") as file:
        parser.read_file(file)
    section = parser["courier"]
    return Config(Path(section["outbox"]), section["target"], section.getint("retries", 3))
